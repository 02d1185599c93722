#include <algorithm>
#include <cmath>

#include "plan/compiler.hpp"
#include "plan/inputs.hpp"

namespace appraise::detail {

namespace {

/// What an operation makes of one usable value.
struct Made {
  double value = 0;
  std::uint8_t raised = 0;
};

template <class Bands, class ValueOf>
Made look_up(const Bands& bands, double x, ValueOf value_of) {
  const auto found = std::find_if(bands.begin(), bands.end(), [&](const auto& band) { return band.interval.holds(x); });
  return found == bands.end() ? Made{0, flag_invalid} : Made{value_of(found), 0};
}

Made make(const LookUpBand& op, double x) {
  return look_up(op.bands, x, [](auto band) { return band->value; });
}
Made make(const FindLevel& op, double x) {
  const auto& bands = op.scheme->bands;
  return look_up(bands, x, [&](auto band) { return static_cast<double>(band - bands.begin()); });
}
Made make(const Compare& op, double x) { return {compares(op, x) ? 1.0 : 0.0, 0}; }
Made make(const ReadAttribute& op, double x) {
  return {static_cast<double>(op.labels[static_cast<std::size_t>(x)]), 0};
}
Made make(const LookUpTable& op, double x) {
  const double cell = op.cells[static_cast<std::size_t>(x)];
  return std::isnan(cell) ? Made{0, flag_missing} : Made{cell, 0};
}

/// Beyond its lowest and highest edge, one and the same is made of all values; null: of an operation without edges.
/// Bands without an end are all alike: any number will do.
template <class Bands>
Range edges_of(const Bands& bands) {
  Range edges{unbounded, -unbounded};
  for (const auto& band : bands) {
    for (const std::optional<double>& end : {band.interval.from, band.interval.to}) {
      if (end) edges = {std::min(edges.low, *end), std::max(edges.high, *end)};
    }
  }
  return edges.low <= edges.high ? edges : exactly(0);
}
std::optional<Range> edges(const LookUpBand& op) { return edges_of(op.bands); }
std::optional<Range> edges(const FindLevel& op) { return edges_of(op.scheme->bands); }
std::optional<Range> edges(const Compare& op) {
  const auto [least, most] = std::minmax_element(op.constants.begin(), op.constants.end());
  return Range{*least, *most};
}
std::optional<Range> edges(const ReadAttribute&) { return std::nullopt; }
std::optional<Range> edges(const LookUpTable&) { return std::nullopt; }

/// The values that a table must have of a register's.
template <class Operation>
Range values_of(const Plan& plan, const Operation& op, Register of) {
  const auto at = static_cast<std::size_t>(of);
  const Range span = plan.spans[at];
  // 0 stands where there is no value; the operation itself may not know it.
  if (plan.registers[at] == RegisterType::byte) return hull(span, exactly(0));
  const std::optional<Range> edge = edges(op);
  if (!edge) return span;
  const auto within = [&](double x) { return std::clamp(x, span.low, span.high); };
  return {within(std::floor(edge->low) - 1), within(std::ceil(edge->high) + 1)};
}

/// A table of no more values than bytes can count, or none.
template <class Operation>
std::optional<ByteTable> tabulate(const Plan& plan, const Operation& op, Register of) {
  constexpr double most = 255;
  const Range values = values_of(plan, op, of);
  if (!(values.high - values.low <= most)) return std::nullopt;
  ByteTable table;
  table.of = of;
  table.out = op.out;
  table.lowest = static_cast<std::int32_t>(values.low);
  table.highest = static_cast<std::int32_t>(values.high);
  bool raises = false;
  const Range span = plan.spans[static_cast<std::size_t>(of)];
  for (std::int32_t x = table.lowest; x <= table.highest; ++x) {
    const Made made = span.low <= x ? make(op, x) : Made{};
    table.values.push_back(static_cast<std::uint8_t>(static_cast<std::int8_t>(made.value)));
    table.flags.push_back(made.raised);
    raises = raises || made.raised != 0;
  }
  table.values.resize((table.values.size() + 15) / 16 * 16);
  table.flags.resize(table.values.size());
  if (!raises) table.flags.clear();
  return table;
}

std::optional<ByteTable> table_of(const Plan& plan, const PlannedOperation& operation) {
  const auto type = [&](Register one) { return plan.registers[static_cast<std::size_t>(one)]; };
  const auto of_one = [&](const auto& op, Register of) -> std::optional<ByteTable> {
    if (type(of) == RegisterType::real || type(op.out) != RegisterType::byte) return std::nullopt;
    return tabulate(plan, op, of);
  };
  if (const auto* band = std::get_if<LookUpBand>(&operation)) return of_one(*band, band->of);
  if (const auto* level = std::get_if<FindLevel>(&operation)) return of_one(*level, level->of);
  if (const auto* attribute = std::get_if<ReadAttribute>(&operation)) return of_one(*attribute, attribute->of);
  if (const auto* compare = std::get_if<Compare>(&operation); compare != nullptr && compare->with == no_register) {
    return of_one(*compare, compare->of);
  }
  if (const auto* table = std::get_if<LookUpTable>(&operation); table != nullptr && table->column == no_register) {
    return of_one(*table, table->row);
  }
  return std::nullopt;
}

}  // namespace

void tabulate(Plan& plan) {
  for (const PlannedOperation& operation : plan.operations) plan.tables.push_back(table_of(plan, operation));
}

}  // namespace appraise::detail
