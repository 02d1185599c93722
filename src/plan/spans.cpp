#include "plan/spans.hpp"

#include <cmath>

namespace appraise::detail {

namespace {

constexpr Range either{0, 1};

Range of(const Plan& plan, Register one) { return plan.spans[static_cast<std::size_t>(one)]; }

Range hull_of(const Plan& plan, const std::vector<Register>& registers) {
  Range all = of(plan, registers.front());
  for (const Register one : registers) all = hull(all, of(plan, one));
  return all;
}

/// Of figures, at least one of which is a number.
template <class Figures, class Number>
Range hull_of(const Figures& figures, Number number) {
  Range all{unbounded, -unbounded};
  for (const auto& figure : figures) {
    if (!std::isnan(number(figure))) all = hull(all, exactly(number(figure)));
  }
  return all.low <= all.high ? all : exactly(0);
}

}  // namespace

Range span_of(const Plan&, const Constant& op) { return exactly(op.value); }
Range span_of(const Plan&, const Compare&) { return either; }
Range span_of(const Plan&, const IsMissing&) { return either; }
Range span_of(const Plan&, const Join&) { return either; }

Range span_of(const Plan& plan, const SumValues& op) {
  if (op.prorate) return {};
  Range sum = exactly(0);
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    const Range one = of(plan, op.of[i]);
    sum = add(sum, op.may_omit[i] != 0 ? hull(one, exactly(0)) : one);
  }
  return sum;
}

Range span_of(const Plan& plan, const ExtremeValue& op) { return hull_of(plan, op.of); }
Range span_of(const Plan& plan, const Subtract& op) { return subtract(of(plan, op.of), of(plan, op.minus)); }
Range span_of(const Plan&, const CountTrue& op) { return {0, static_cast<double>(op.of.size())}; }
Range span_of(const Plan&, const LookUpBand& op) {
  return hull_of(op.bands, [](const Band& band) { return band.value; });
}
Range span_of(const Plan&, const LookUpTable& op) {
  return hull_of(op.cells, [](double cell) { return cell; });
}

Range span_of(const Plan& plan, const Decide& op) {
  std::vector<Register> taken = op.take;
  if (op.otherwise != no_register) taken.push_back(op.otherwise);
  return hull_of(plan, taken);
}

Range span_of(const Plan& plan, const TakeFirst& op) { return hull_of(plan, op.of); }

Range span_of(const Plan& plan, const ClampValue& op) {
  Range span = of(plan, op.of);
  if (op.from) span = {std::max(span.low, *op.from), std::max(span.high, *op.from)};
  if (op.to) span = {std::min(span.low, *op.to), std::min(span.high, *op.to)};
  return span;
}

Range span_of(const Plan& plan, const RoundValue& op) {
  return {std::floor(of(plan, op.of).low), std::ceil(of(plan, op.of).high)};
}

Range span_of(const Plan&, const ReadAttribute& op) { return {0, static_cast<double>(op.label_count) - 1}; }
Range span_of(const Plan&, const FindLevel& op) { return {0, static_cast<double>(op.scheme->bands.size()) - 1}; }
Range span_of(const Plan& plan, const ApplyWhen& op) { return of(plan, op.of); }
Range span_of(const Plan& plan, const PassGate& op) { return of(plan, op.of); }
Range span_of(const Plan&, const Gate&) { return exactly(0); }

}  // namespace appraise::detail
