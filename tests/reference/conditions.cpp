/// Conditions. docs/semantics.md, "Conditions" and "Lowest and highest".
#include <algorithm>

#include "reference/calendar.hpp"
#include "reference/row_scorer.hpp"

namespace appraise::reference {
namespace {

using Kind = Condition::Kind;

bool holds(Kind kind, double x, double y) {
  switch (kind) {
    case Kind::at_least:
      return x >= y;
    case Kind::above:
      return x > y;
    case Kind::at_most:
      return x <= y;
    case Kind::below:
      return x < y;
    default:
      return x == y;
  }
}

/// The comparison over all pairs of values of two intervals.
Span over_all_pairs(Kind kind, const Span& x, const Span& y) {
  bool always = false;
  bool never = false;
  switch (kind) {
    case Kind::at_least:
      always = x.low >= y.high, never = x.high < y.low;
      break;
    case Kind::above:
      always = x.low > y.high, never = x.high <= y.low;
      break;
    case Kind::at_most:
      always = x.high <= y.low, never = x.low > y.high;
      break;
    case Kind::below:
      always = x.high < y.low, never = x.low >= y.high;
      break;
    default:
      always = x.low == x.high && y.low == y.high && x.low == y.low;
      never = x.high < y.low || y.high < x.low;
  }
  return always ? certainly : never ? certainly_not : perhaps;
}

Verdict verdict(bool holds) { return holds ? Verdict::yes : Verdict::no; }

Verdict exchanged(Verdict verdict) {
  return verdict == Verdict::unknown ? verdict : verdict == Verdict::yes ? Verdict::no : Verdict::yes;
}

Truth exchanged(const Truth& truth) {
  return {exchanged(truth.verdict), truth.flags, {1 - truth.span.high, 1 - truth.span.low}};
}

}  // namespace

Truth RowScorer::truth(const Condition& condition) {
  switch (condition.kind) {
    case Kind::all:
    case Kind::any:
      return joined(condition);
    case Kind::negation:
      return exchanged(truth(condition.parts[0]));
    case Kind::is_missing:
      return is_missing(condition);
    default:
      return comparison(condition);
  }
}

/// A side of a comparison; text is a label or a date, by what it is compared with.
Value RowScorer::compare_side(const Operand& operand, const Reference& of) {
  if (operand.kind == Operand::Kind::reference) return respond(operand.text);
  Value constant;
  constant.number = operand.number;
  if (operand.kind == Operand::Kind::text) {
    const std::vector<std::string> of_labels = labels(of);
    const auto label = std::find(of_labels.begin(), of_labels.end(), operand.text);
    constant.number =
        label != of_labels.end() ? static_cast<double>(label - of_labels.begin()) : *parse_date(operand.text);
  }
  constant.span = only(constant.number);
  return constant;
}

Truth RowScorer::comparison(const Condition& condition) {
  if (condition.kind == Kind::in) {
    Condition any{Kind::any, {}, {}, {}, {}};
    for (const Operand& operand : condition.operands)
      any.parts.push_back({Kind::equals, condition.of, {operand}, {}, {}});
    return joined(any);
  }
  const Value of = respond(condition.of);
  const Value side = compare_side(condition.operands[0], condition.of);
  Truth result;
  result.flags = of.flags;
  result.flags.join(side.flags);
  if (result.flags.usable()) result.verdict = verdict(holds(condition.kind, of.number, side.number));
  result.span = over_all_pairs(condition.kind, of.span, side.span);
  return result;
}

Truth RowScorer::is_missing(const Condition& condition) {
  const Value& of = respond(condition.of);
  Truth result;
  result.span = of.flags.none() ? certainly_not : perhaps;
  if (of.flags.invalid.empty())
    result.verdict = verdict(!of.flags.usable());
  else
    result.flags.invalid = of.flags.invalid;
  return condition.operands[0].number == 1 ? result : exchanged(result);
}

Truth RowScorer::joined(const Condition& condition) {
  const bool all = condition.kind == Kind::all;
  const Verdict deciding = all ? Verdict::no : Verdict::yes;
  Truth result{exchanged(deciding), {}, all ? certainly : certainly_not};
  Flags flags;
  for (const Condition& part : condition.parts) {
    const Truth one = truth(part);
    flags.join(one.flags);
    if (one.verdict == deciding || (one.verdict == Verdict::unknown && result.verdict != deciding))
      result.verdict = one.verdict;
    result.span = all ? Span{std::min(result.span.low, one.span.low), std::min(result.span.high, one.span.high)}
                      : Span{std::max(result.span.low, one.span.low), std::max(result.span.high, one.span.high)};
  }
  if (result.verdict == Verdict::unknown)
    result.flags = flags;
  else
    result.flags.omitted = flags.omitted;
  return result;
}

}  // namespace appraise::reference
