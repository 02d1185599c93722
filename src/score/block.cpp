#include "score/block.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "plan/inputs.hpp"

namespace appraise::detail {

namespace {

// Registers of a block together: few enough bytes for the nearest caches, but enough rows to share the cost of a step,
// and no more than a thread may have.
constexpr std::size_t near_bytes = 96 * 1024;
constexpr std::size_t enough_rows = 1024;

/// The register whose flags are always those of another, which keeps none of its own then: what is compared with
/// constants, or looked up where everything is found; or none.
Register flags_from(const Plan& plan, Register of) {
  const auto maker = static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(of)]);
  if (std::holds_alternative<AddTerms>(plan.operations[maker])) return no_register;  // not always looked up
  const std::optional<ValueTable>& table = plan.tables[maker];
  if (table) return table->flags.empty() ? table->of : no_register;
  const auto* compare = std::get_if<Compare>(&plan.operations[maker]);
  return compare != nullptr && compare->with == no_register ? compare->of : no_register;
}

/// Calls `use` with the forms that the steps of an operation may read.
template <class Use>
void each_form(const Plan& plan, std::int32_t number, Use use) {
  const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(number)];
  each_split_date(operation, [&](Register date) { use(Form::split, date); });
  const std::optional<ValueTable>& table = plan.tables[static_cast<std::size_t>(number)];
  if (table && reads_narrow(plan, *table)) use(Form::narrow, table->of);
  const auto* compare = std::get_if<Compare>(&operation);
  if (compare == nullptr || !becomes_test(plan, *compare)) return;
  if (plan.registers[static_cast<std::size_t>(compare->of)] == RegisterType::whole) use(Form::narrow, compare->of);
}

}  // namespace

bool reads_narrow(const Plan& plan, const ValueTable& table) noexcept {
  return plan.registers[static_cast<std::size_t>(table.of)] == RegisterType::whole && table.lowest >= -byte_limit &&
         table.highest <= byte_limit;
}

bool becomes_test(const Plan& plan, const Compare& compare) noexcept {
  if (compare.with != no_register) return false;
  // The largest bytes stand for what is beyond them too.
  const auto is_near = [](double constant) { return std::fabs(constant) < byte_limit; };
  const RegisterType type = plan.registers[static_cast<std::size_t>(compare.of)];
  return type == RegisterType::byte ||
         (type == RegisterType::whole && std::all_of(compare.constants.begin(), compare.constants.end(), is_near));
}

Layout::Layout(const Plan& of, std::uint8_t wanted, const BlockLimits& limits)
    : plan(of), purposes(wanted), places(of.registers.size()), spare(limits.bytes / 4) {
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    bool wanted_here = false;
    each_output(plan.operations[i], [&](Register out) { wanted_here = wanted_here || live(out); });
    if (wanted_here) steps.push_back(static_cast<std::int32_t>(i));
  }
  std::size_t of_a_row = 1;
  for (auto& of_form : forms) of_form.resize(plan.registers.size(), no_form);
  for (const std::int32_t step : steps) {
    each_form(plan, step, [&](Form form, Register one) {
      std::uint32_t& offset = forms[static_cast<std::size_t>(form)][static_cast<std::size_t>(one)];
      if (std::exchange(offset, 0) == no_form) of_a_row += width_of(form);
    });
  }
  for (Register one = 0; one < static_cast<Register>(plan.registers.size()); ++one) {
    if (live(one)) of_a_row += width(one) + (flagged_as(one) == one ? 1 : 0);
  }
  // With reasons, which cautions come with, every register is read in the end, and none shares its place.
  const std::size_t most_bytes = (purposes & for_cautions) != 0 ? limits.bytes / 2 : limits.bytes;
  const std::size_t fitting = std::min(std::max(near_bytes / of_a_row, enough_rows), most_bytes / of_a_row);
  const int together = fitting >= tile_rows ? tile_rows : lane_rows;
  rows = std::clamp(static_cast<int>(fitting) / together * together, lane_rows, limits.rows);
  for (std::size_t i = 0; i < plan.registers.size(); ++i) places[i].type = plan.registers[i];
  for (const std::int32_t step : steps) {  // in order: what flags are taken from has a place before
    each_output(plan.operations[static_cast<std::size_t>(step)], [&](Register out) {
      if (live(out)) place(out);
    });
  }
  for (const Form form : {Form::split, Form::narrow}) {
    for (std::uint32_t& offset : forms[static_cast<std::size_t>(form)]) {
      if (offset == no_form) continue;
      offset = static_cast<std::uint32_t>(bytes);
      bytes += width_of(form) * static_cast<std::size_t>(rows);
    }
  }
}

Layout::Layout(const Layout& all, const std::vector<Register>& of_values, const std::vector<Register>& of_flags,
               int rows_of_a_block)
    : plan(all.plan), purposes(all.purposes), rows(rows_of_a_block), places(all.places) {
  const auto add = [&](std::uint32_t& at, std::size_t width) {
    at = static_cast<std::uint32_t>(bytes);
    bytes += width * static_cast<std::size_t>(rows);
  };
  for (const Register one : of_values) {
    add(places[static_cast<std::size_t>(one)].values, width(one));
  }
  for (const Register one : of_flags) add(places[static_cast<std::size_t>(one)].flags, 1);
}

/// Terms are worked out by their sums: of a term's register only the flags are kept.
std::size_t Layout::width(Register of) const {
  const auto one = static_cast<std::size_t>(of);
  return std::holds_alternative<WeighTerm>(maker_of(plan, of)) ? 0 : width_of(plan.registers[one]);
}

Register Layout::flagged_as(Register of) const {
  for (Register from = flags_from(plan, of); from != no_register; from = flags_from(plan, of)) of = from;
  return of;
}

void Layout::place(Register of) {
  Place& at = places[static_cast<std::size_t>(of)];
  at.values = static_cast<std::uint32_t>(bytes);
  bytes += width(of) * static_cast<std::size_t>(rows);
  if (const Register flagged = flagged_as(of); flagged != of) {
    at.flags = places[static_cast<std::size_t>(flagged)].flags;
    return;
  }
  at.flags = static_cast<std::uint32_t>(bytes);
  bytes += static_cast<std::size_t>(rows);
}

}  // namespace appraise::detail
