/// Operations that reckon. docs/semantics.md, "Operations" and "Lowest and highest".
#include <algorithm>
#include <array>

#include "reference/calendar.hpp"
#include "reference/decimal.hpp"
#include "reference/elementary.hpp"
#include "reference/worker.hpp"

namespace appraise::reference {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Span sum_of(const Span& x, const Span& y) { return opened(x.low + y.low, x.high + y.high); }

double times(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

/// Least and greatest of what is done to the ends, taken pairwise.
template <typename Function>
Span over_ends(const Span& x, const Span& y, Function f) {
  const std::array<double, 4> ends{f(x.low, y.low), f(x.low, y.high), f(x.high, y.low), f(x.high, y.high)};
  if (std::any_of(ends.begin(), ends.end(), [](double end) { return std::isnan(end); })) return {};
  return {*std::min_element(ends.begin(), ends.end()), *std::max_element(ends.begin(), ends.end())};
}

Span product_of(const Span& x, const Span& y) { return over_ends(x, y, times); }

double to_power(double x, int power) {
  double result = x;
  for (int i = 1; i < power; ++i) result *= x;
  return result;
}

Span to_power(const Span& x, int power) {
  const double low = to_power(x.low, power);
  const double high = to_power(x.high, power);
  const bool around_zero = power % 2 == 0 && x.low <= 0 && x.high >= 0;
  return {around_zero ? 0 : std::min(low, high), std::max(low, high)};
}

double log_of_end(double x) { return x <= 0 ? -infinity : logarithm(x); }

}  // namespace

template <typename Function>
Value Worker::at_ends(const Reference& of, Function f) {
  const Value& x = read(of);
  result_.number = f(x.number);
  result_.span = {f(x.span.low), f(x.span.high)};
  return result_;
}

Value Worker::operator()(const Sum& sum) {
  const std::vector<double> values = answered(sum.of, sum.missing);
  for (const double x : values) result_.number += x;
  const bool prorated = sum.missing && sum.missing->prorate && values.size() < sum.of.size();
  if (prorated && result_.flags.usable())
    result_.number = static_cast<double>(
        round_quotient(static_cast<std::int64_t>(result_.number) * static_cast<std::int64_t>(sum.of.size()),
                       static_cast<std::int64_t>(values.size()), *sum.missing->prorate));
  result_.span = only(0);
  for (const Reference& of : sum.of) result_.span = sum_of(result_.span, row_.read(of).span);
  return result_;
}

Value Worker::operator()(const WeightedSum& sum) {
  result_ = {sum.intercept, {}, only(sum.intercept)};
  for (const Term& written : sum.terms) {
    const Value term = row_.term(scale_, written);
    result_.number += term.number;
    result_.flags.join(term.flags);
    result_.span = sum_of(result_.span, term.span);
  }
  return result_;
}

Value Worker::operator()(const Difference& difference) {
  const Value& x = read(difference.of);
  const Value& y = read(difference.minus);
  result_.number = x.number - y.number;
  result_.span = opened(x.span.low - y.span.high, x.span.high - y.span.low);
  return result_;
}

Value Worker::operator()(const Count& count) {
  result_.span = only(0);
  for (const Condition& condition : count.of) {
    const Truth truth = row_.truth(condition);
    result_.flags.join(truth.flags);
    result_.number += truth.verdict == Verdict::yes ? 1 : 0;
    result_.span = sum_of(result_.span, truth.span);
  }
  return result_;
}

Value Worker::operator()(const Extreme& extreme) {
  const std::vector<double> values = answered(extreme.of, extreme.missing);
  const auto further = [&](double x, double y) { return extreme.highest ? std::max(x, y) : std::min(x, y); };
  for (std::size_t i = 0; i < values.size(); ++i)
    result_.number = i == 0 ? values[i] : further(result_.number, values[i]);
  result_.span = row_.read(extreme.of[0]).span;
  for (const Reference& of : extreme.of) {
    const Span& span = row_.read(of).span;
    result_.span = {further(result_.span.low, span.low), further(result_.span.high, span.high)};
  }
  return result_;
}

Value Worker::operator()(const Product& product) {
  result_.number = 1;
  result_.span = only(1);
  for (const Reference& of : product.of) {
    const Value& factor = read(of);
    result_.number *= factor.number;
    result_.span = product_of(result_.span, factor.span);
  }
  return result_;
}

Value Worker::operator()(const Ratio& ratio) {
  const Value& x = read(ratio.of);
  const Value& y = read(ratio.over);
  result_.number = x.number / y.number;
  const bool holds_zero = y.span.low <= 0 && y.span.high >= 0;
  result_.span = holds_zero ? Span{} : over_ends(x.span, y.span, [](double a, double b) { return a / b; });
  return result_.flags.usable() && y.number == 0 ? undefined() : result_;
}

Value Worker::operator()(const Log& log) {
  const Value& x = read(log.of);
  result_.span = {log_of_end(x.span.low), log_of_end(x.span.high)};
  result_.number = logarithm(x.number);
  return result_.flags.usable() && x.number <= 0 ? undefined() : result_;
}

Value Worker::operator()(const Logistic& of) {
  return at_ends(of.of, [](double x) { return logistic(x); });
}

Value Worker::operator()(const Clamp& clamp) {
  return at_ends(clamp.of, [&](double x) {
    if (clamp.from && x < *clamp.from) return *clamp.from;
    return clamp.to && x > *clamp.to ? *clamp.to : x;
  });
}

Value Worker::operator()(const Round& round) {
  return at_ends(round.of, [&](double x) { return round_decimal(x, round.digits, round.mode); });
}

Value Worker::operator()(const TimeBetween& between) {
  const Value& from = read(between.from);
  const Value& to = read(between.to);
  const auto units = [&](double x, double y, double otherwise) {
    if (std::isinf(x) || std::isinf(y)) return otherwise;
    return time_between(x, y, between.in, between.no_such_day);
  };
  if (result_.flags.usable()) result_.number = units(from.number, to.number, 0);
  result_.span = {units(from.span.high, to.span.low, -infinity), units(from.span.low, to.span.high, infinity)};
  return result_;
}

Value Worker::operator()(const AddTime& add) {
  const Value& to = read(add.to);
  const Value amount = taken(add.amount);
  result_.flags.join(amount.flags);
  const auto later = [&](double date, double units) -> std::optional<double> {
    if (std::isinf(date) || std::isinf(units)) return std::nullopt;
    return add_time(date, units, add.in, add.no_such_day);
  };
  result_.span = {later(to.span.low, amount.span.low).value_or(-infinity),
                  later(to.span.high, amount.span.high).value_or(infinity)};
  if (!result_.flags.usable()) return result_;
  const std::optional<double> date = later(to.number, amount.number);
  if (!date) return undefined();
  result_.number = *date;
  return result_;
}

Value Worker::operator()(const Attribute& attribute) {
  const Value& code = row_.respond(attribute.of);
  result_.flags = code.flags;
  if (code.flags.usable()) result_.number = row_.attribute(attribute.of, attribute.name, code.number).first;
  result_.span =
      code.flags.none() ? only(result_.number) : Span{0, row_.attribute(attribute.of, attribute.name, 0).second - 1};
  return result_;
}

const Value& Worker::read(const Reference& of) {
  const Value& value = row_.read(of);
  result_.flags.join(value.flags);
  return value;
}

Value Worker::undefined() {
  result_.flags.invalid.insert("undefined: " + row_.named(scale_.code));
  return result_;
}

std::vector<double> Worker::answered(const std::vector<Reference>& all, const std::optional<MissingRule>& rule) {
  std::vector<double> values;
  Flags of_left_out;
  int omitted = 0;
  for (const Reference& of : all) {
    const Value& value = row_.read(of);
    if (row_.left_out(rule, of)) {
      ++omitted;
      of_left_out.omitted.insert("omitted: " + row_.named(of));
      of_left_out.missing.insert(value.flags.missing.begin(), value.flags.missing.end());
    } else {
      result_.flags.join(value.flags);
      values.push_back(value.number);
    }
  }
  const bool too_many = rule && (omitted > rule->at_most || values.empty());
  if (too_many)
    result_.flags.missing.merge(of_left_out.missing);
  else
    result_.flags.join_omitted(of_left_out);
  return values;
}

bool RowScorer::left_out(const std::optional<MissingRule>& rule, const Reference& reference) {
  const Flags& flags = read(reference).flags;
  return rule && contains(rule->may_omit, reference) && !flags.missing.empty() && flags.invalid.empty() &&
         flags.not_applicable.empty();
}

Value RowScorer::term(const Scale& scale, const Term& term) {
  const Truth when = term.when ? truth(*term.when) : Truth{Verdict::yes, {}, certainly};
  Value result{0, when.flags, only(0)};
  Value of{1, {}, only(1)};
  for (std::size_t i = 0; i < term.of.size(); ++i) {
    const Value& factor = read(term.of[i]);
    of.number = i == 0 ? factor.number : of.number * factor.number;
    of.span = i == 0 ? factor.span : product_of(of.span, factor.span);
    of.flags.join(factor.flags);
  }
  const bool weight_alone = term.of.empty();
  if (when.verdict == Verdict::yes) {
    result.number = weight_alone ? term.weight : term.weight * to_power(of.number, term.power);
    result.flags.join(of.flags);
  }
  if (result.flags.usable() && !std::isfinite(result.number))
    result.flags.invalid.insert("undefined: " + named(scale.code));
  Hull hull;
  if (when.span.high == 1)
    hull.add(weight_alone ? only(term.weight) : product_of(only(term.weight), to_power(of.span, term.power)));
  if (when.span.low == 0) hull.add(only(0));
  result.span = hull.span();
  return result;
}

Value RowScorer::work_out(const Scale& scale) {
  Value value = std::visit(Worker(*this, scale), scale.operation);
  const bool too_large = scale.type == ValueType::whole && std::fabs(value.number) > largest_whole;
  if (value.flags.usable() && (!std::isfinite(value.number) || too_large))
    value.flags.invalid.insert("undefined: " + named(scale.code));
  if (!scale.applies_when) return value;

  const Truth applies = truth(*scale.applies_when);
  if (applies.verdict != Verdict::yes) value.flags = {};
  if (applies.verdict == Verdict::no) value.flags.not_applicable.insert("does not apply: " + named(scale.code));
  value.flags.join(applies.flags);
  return value;
}

}  // namespace appraise::reference
