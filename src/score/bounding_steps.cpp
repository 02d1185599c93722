// Which operations lowest and highest values are worked out by, and where their ranges lie.
#include "score/bounding_steps.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "plan/inputs.hpp"
#include "score/bounds_kernels.hpp"

namespace appraise::detail {

namespace {

/// The register that an operation hands on as it is, but for flags; or none. Gates and declared conditions play no
/// part.
Register handed_on(const PlannedOperation& operation) {
  if (const auto* gated = std::get_if<PassGate>(&operation)) return gated->of;
  if (const auto* declared = std::get_if<ApplyWhen>(&operation)) return declared->of;
  return no_register;
}

/// Calls `use` with every register whose range an operation reads.
template <class Use>
void each_bounding_input(const PlannedOperation& operation, Use use) {
  if (const Register of = handed_on(operation); of != no_register) return use(of);
  if (!std::holds_alternative<Gate>(operation)) each_input(operation, use);
}

/// Calls `use` with the registers whose flags an operation may pass over though its range depends on what they stand
/// for. If what any other operation makes has no flags in a row, neither has anything that its range depends on there.
template <class Use>
void each_passed_over(const PlannedOperation& operation, Use use) {
  if (const auto* missing = std::get_if<IsMissing>(&operation)) use(missing->of);
  if (const auto* item = std::get_if<ApplyItem>(&operation)) use(item->applies);
  const auto* first = std::get_if<TakeFirst>(&operation);
  if (first != nullptr && !first->flag) use(first->of.front());
}

/// Whether some band holds any number.
bool cover_all(const std::vector<Band>& bands) {
  std::vector<const Interval*> sorted;
  for (const Band& band : bands) sorted.push_back(&band.interval);
  const auto from = [](const Interval* one) { return one->from.value_or(-unbounded); };
  std::sort(sorted.begin(), sorted.end(), [&](const Interval* a, const Interval* b) { return from(a) < from(b); });
  double covered = -unbounded;
  for (const Interval* one : sorted) {
    if (from(one) > covered) return false;
    covered = std::max(covered, one->to.value_or(unbounded));
  }
  return covered == unbounded;
}

/// Says of each register whether its lowest and highest values are bytes: whole numbers that fit, in every row. The
/// span of a register holds all that it can be, unless it is that of nothing, which is unbounded.
class ByteEnds {
 public:
  explicit ByteEnds(const Plan& plan) : plan_(plan), are_bytes_(plan.registers.size(), 0) {}

  void add(const PlannedOperation& operation) {
    each_output(operation, [&](Register out) {
      const bool is_byte = plan_.registers[static_cast<std::size_t>(out)] == RegisterType::byte;
      are_bytes_[static_cast<std::size_t>(out)] =
          is_byte && std::visit([&](const auto& op) { return have(op, out); }, operation) ? 1 : 0;
    });
  }
  [[nodiscard]] bool are_bytes(Register of) const { return are_bytes_[static_cast<std::size_t>(of)] != 0; }

 private:
  [[nodiscard]] bool all(const std::vector<Register>& of) const {
    return std::all_of(of.begin(), of.end(), [&](Register one) { return are_bytes(one); });
  }

  [[nodiscard]] bool have_answers(std::int32_t number, bool response) const {
    const PlannedItem& item = plan_.items[static_cast<std::size_t>(number)];
    const double low = response ? item.response_low : item.points_low;
    const double high = response ? item.response_high : item.points_high;
    return low == std::floor(low) && high == std::floor(high) && -byte_limit <= low && high <= byte_limit;
  }
  [[nodiscard]] bool have(const LoadItem& op, Register out) const { return have_answers(op.item, out == op.response); }
  [[nodiscard]] bool have(const ApplyItem& op, Register out) const {
    if (out == op.points && !are_bytes(op.given_points)) return false;
    return out != op.fault && have_answers(op.item, out == op.response);
  }
  [[nodiscard]] bool have(const SumValues& op, Register) const { return all(op.of); }
  [[nodiscard]] bool have(const ExtremeValue& op, Register) const { return all(op.of); }
  [[nodiscard]] bool have(const Subtract& op, Register) const { return are_bytes(op.of) && are_bytes(op.minus); }
  [[nodiscard]] bool have(const ClampValue& op, Register) const { return (op.from && op.to) || are_bytes(op.of); }
  [[nodiscard]] bool have(const LookUpBand& op, Register) const { return cover_all(op.bands); }
  [[nodiscard]] bool have(const Decide& op, Register) const {
    return all(op.take) && op.otherwise != no_register && are_bytes(op.otherwise);
  }
  [[nodiscard]] bool have(const TakeFirst& op, Register) const { return all(op.of); }
  [[nodiscard]] bool have(const ApplyWhen& op, Register) const { return are_bytes(op.of); }
  [[nodiscard]] bool have(const PassGate& op, Register) const { return are_bytes(op.of); }
  /// A truth always is. Others are never unbounded, or not worth the proof: kernels take their ends for doubles.
  template <class Operation>
  [[nodiscard]] bool have(const Operation&, Register) const {
    return is_one_of<Operation, Constant, Compare, IsMissing, Join, CountTrue, ReadAttribute, FindLevel>;
  }

  const Plan& plan_;
  std::vector<std::uint8_t> are_bytes_;
};

/// Makes the steps.
class Bounding {
 public:
  Bounding(const Layout& layout, BoundingSteps& out)
      : layout_(layout), plan_(layout.plan), out_(out), readers_(plan_.registers.size(), 0) {}

  void report() {
    for (const PlannedScale& scale : plan_.scales) {
      const auto add = [&](Register of) {
        out_.reported.push_back({of, scale.value});
        ++readers_[static_cast<std::size_t>(of)];
      };
      if (scale.scale->type != ValueType::category) add(scale.value);
      if (layout_.live(scale.level)) add(scale.level);
    }
  }

  /// Operations that something reported is worked out by, in order.
  void find_operations() {
    for (auto step = layout_.steps.rbegin(); step != layout_.steps.rend(); ++step) {
      const PlannedOperation& operation = plan_.operations[static_cast<std::size_t>(*step)];
      bool wanted = false;
      each_output(operation, [&](Register out) { wanted = wanted || is_read(out); });
      if (!wanted) continue;
      operations_.push_back(&operation);
      each_bounding_input(operation, [&](Register in) { ++readers_[static_cast<std::size_t>(in)]; });
    }
    std::reverse(operations_.begin(), operations_.end());
    for (const PlannedOperation* operation : operations_) {
      each_passed_over(*operation, [&](Register of) { out_.watched.push_back(of); });
    }
  }

  /// Sums of terms work out those that nothing else reads.
  void make_steps() {
    std::vector<const PlannedOperation*> within_sums;
    for (const PlannedOperation* operation : operations_) {
      if (handed_on(*operation) != no_register) continue;
      BoundingStep step{.operation = operation, .kernel = bounding_kernel(*operation)};
      if (const auto* term = std::get_if<WeighTerm>(operation)) {
        step.terms = std::make_shared<Terms>();
        step.terms->add(*term);
      }
      if (const auto* sum = std::get_if<AddTerms>(operation)) {
        step.terms = std::make_shared<Terms>();
        for (const Register one : sum->of) {
          const PlannedOperation& maker = made_by(one);
          const auto* term = std::get_if<WeighTerm>(&maker);
          const bool alone = term != nullptr && readers_[static_cast<std::size_t>(one)] == 1;
          step.terms->add(alone ? *term : WeighTerm{.of = {one}, .power = 1, .weight = 1});
          if (alone) within_sums.push_back(&maker);
        }
      }
      out_.steps.push_back(std::move(step));
    }
    std::erase_if(out_.steps, [&](const BoundingStep& step) {
      return std::find(within_sums.begin(), within_sums.end(), step.operation) != within_sums.end();
    });
  }

  /// Tells what is read of rows.
  void find_read() {
    std::set<Register> answers, flags;
    for (const BoundingStep& step : out_.steps) {
      const PlannedOperation& operation = *step.operation;
      if (const auto* load = std::get_if<LoadItem>(&operation)) answers.insert({load->response, load->points});
      if (const auto* apply = std::get_if<ApplyItem>(&operation)) answers.insert(apply->response);
      if (const auto* missing = std::get_if<IsMissing>(&operation)) flags.insert(missing->of);
      if (const auto* first = std::get_if<TakeFirst>(&operation)) flags.insert(first->of.begin(), first->of.end());
      if (const auto* attribute = std::get_if<ReadAttribute>(&operation)) flags.insert(attribute->of);
    }
    for (const ReportedEnds& one : out_.reported) flags.insert(one.status);
    std::copy_if(answers.begin(), answers.end(), std::back_inserter(out_.answers),
                 [&](Register of) { return of != no_register && is_read(of); });
    out_.flags.assign(flags.begin(), flags.end());
  }

  /// Gives registers places; shared ones are free again after the last step that reads them.
  void place(bool shared) {
    out_.places.resize(plan_.registers.size());
    ByteEnds ends(plan_);
    for (const PlannedOperation* operation : operations_) ends.add(*operation);
    const std::vector<std::size_t> last_read = find_last_readers();
    std::vector<std::int32_t> free_bytes, free_reals;
    for (std::size_t i = 0; i < out_.steps.size(); ++i) {
      each_output(*out_.steps[i].operation, [&](Register out) {
        if (!is_read(out)) return;
        const bool bytes = ends.are_bytes(out);
        out_.places[static_cast<std::size_t>(out)] = {
            bytes ? take(free_bytes, out_.byte_places) : take(free_reals, out_.real_places), bytes};
      });
      std::set<Register> done;
      each_read(out_.steps[i], [&](Register in) {
        if (shared && last_read[static_cast<std::size_t>(in)] == i) done.insert(in);
      });
      for (const Register in : done) {
        const EndsPlace& place = out_.places[static_cast<std::size_t>(in)];
        (place.bytes ? free_bytes : free_reals).push_back(place.number);
      }
    }
    for (const PlannedOperation* operation : operations_) {
      const Register of = handed_on(*operation);
      if (of == no_register) continue;
      each_output(*operation, [&](Register out) {
        out_.places[static_cast<std::size_t>(out)] = out_.places[static_cast<std::size_t>(origin(of))];
      });
    }
  }

 private:
  [[nodiscard]] bool is_read(Register of) const { return readers_[static_cast<std::size_t>(of)] > 0; }
  [[nodiscard]] const PlannedOperation& made_by(Register of) const {
    return plan_.operations[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])];
  }
  /// The register whose range is that of another, before gates and declared conditions.
  [[nodiscard]] Register origin(Register of) const {
    for (Register before = handed_on(made_by(of)); before != no_register; before = handed_on(made_by(of))) of = before;
    return of;
  }
  /// Calls `use` with the registers, before gates, whose ranges a step reads.
  template <class Use>
  void each_read(const BoundingStep& step, Use use) const {
    const auto use_origin = [&](Register in) { use(origin(in)); };
    if (step.terms == nullptr) return each_bounding_input(*step.operation, use_origin);
    for (const Register one : step.terms->factors) use_origin(one);
    for (const Terms::Term& term : step.terms->terms) {
      if (term.when != no_register) use_origin(term.when);
    }
  }
  /// Of each register: the last step that reads its range; one more than the last where it is reported.
  [[nodiscard]] std::vector<std::size_t> find_last_readers() const {
    std::vector<std::size_t> last(plan_.registers.size(), 0);
    for (std::size_t i = 0; i < out_.steps.size(); ++i) {
      each_read(out_.steps[i], [&](Register in) { last[static_cast<std::size_t>(in)] = i; });
    }
    for (const ReportedEnds& one : out_.reported) last[static_cast<std::size_t>(origin(one.of))] = out_.steps.size();
    return last;
  }
  static std::int32_t take(std::vector<std::int32_t>& free, std::int32_t& places) {
    if (free.empty()) return places++;
    const std::int32_t place = free.back();
    free.pop_back();
    return place;
  }

  const Layout& layout_;
  const Plan& plan_;
  BoundingSteps& out_;
  std::vector<int> readers_;
  std::vector<const PlannedOperation*> operations_;
};

}  // namespace

BoundingSteps::BoundingSteps(const Layout& layout, Places of) {
  Bounding bounding(layout, *this);
  bounding.report();
  bounding.find_operations();
  bounding.make_steps();
  bounding.place(of == Places::shared);
  bounding.find_read();
}

}  // namespace appraise::detail
