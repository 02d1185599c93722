#include "check/reach.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <unordered_set>
#include <variant>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "check/references.hpp"

namespace appraise::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// What lies beyond is a fault of its own, and must not make this loop or overflow.
constexpr int most_power = 4;
constexpr int most_digits = 15;
constexpr double longest_time = 1e7;

double or_else(double x, double open_end) { return std::isnan(x) ? open_end : x; }

/// The hull of several values; a NaN stands for an open end.
Span hull(std::initializer_list<double> ends) {
  Span span{infinity, -infinity};
  for (const double end : ends) {
    span.lowest = std::min(span.lowest, or_else(end, -infinity));
    span.highest = std::max(span.highest, or_else(end, infinity));
  }
  return span;
}

/// The largest magnitude in a span.
double size_of(const Span& span) { return std::max(std::fabs(span.lowest), std::fabs(span.highest)); }

double times(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

Span product(const Span& a, const Span& b) {
  return hull(
      {times(a.lowest, b.lowest), times(a.lowest, b.highest), times(a.highest, b.lowest), times(a.highest, b.highest)});
}

Span power(const Span& base, int exponent) {
  if (exponent < 1 || exponent > most_power) return {};
  const auto raise = [&](double x) {
    double result = x;
    for (int i = 1; i < exponent; ++i) result *= x;
    return result;
  };
  Span span = hull({raise(base.lowest), raise(base.highest)});
  if (exponent % 2 == 0 && base.lowest <= 0 && base.highest >= 0) span.lowest = 0;
  return span;
}

bool is_date(double x) { return x >= first_day && x <= last_day_of_years; }

bool meets(const Domain& domain, const Interval& band) {
  const auto next = domain.next(band.from.value_or(-infinity));
  return next && (!band.to || *next < *band.to || (band.closed && *next == *band.to));
}

/// The domain of each kind of operation.
struct Reach {
  const Scale& scale;
  const Names& names;
  const Domains& domains;
  Budget& budget;

  [[nodiscard]] const Domain& value(const Reference& of) const { return domains.value(names.find(of)); }
  [[nodiscard]] const Domain& response(const Reference& of) const { return domains.response(names.find(of)); }
  [[nodiscard]] static Domain real(const Span& span) {
    Domain domain;
    domain.span = span;
    return domain;
  }
  [[nodiscard]] static Domain whole(const Span& span) {
    Domain domain = real(span);
    domain.whole = true;
    return domain;
  }
  /// A whole or real domain of some of `values`, which need not all be reached.
  [[nodiscard]] Domain among(const std::vector<double>& values) const {
    Domain domain;
    if (values.empty()) return domain;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    domain.span = {*low, *high};
    domain.whole = std::all_of(values.begin(), values.end(), [](double x) { return std::trunc(x) == x; });
    if (domain.whole && size_of(domain.span) <= WholeSet::largest)
      domain.wholes = WholeSet::of({values.begin(), values.end()}, budget);
    return domain;
  }
  /// A domain that joins several.
  [[nodiscard]] Domain united(const std::vector<Domain>& all) const {
    if (all.empty()) return {};
    Domain domain = all.front();
    domain.exact = domain.below_highest = false;
    for (std::size_t i = 1; i < all.size(); ++i) {
      const Domain& next = all[i];
      domain.span = hull({domain.span.lowest, domain.span.highest, next.span.lowest, next.span.highest});
      domain.whole = domain.whole && next.whole;
      if (domain.wholes)
        domain.wholes = next.wholes ? WholeSet::united(*domain.wholes, *next.wholes, budget) : next.wholes;
      join_items(domain, next, budget);
    }
    return domain;
  }
  [[nodiscard]] Domain of(const Taken& taken) const { return taken.number ? among({*taken.number}) : value(taken.of); }
  [[nodiscard]] Operands operands(const std::vector<Reference>& of, const std::optional<MissingRule>& missing) const {
    Operands result;
    for (const Reference& each : of) result.of.push_back(&value(each));
    if (missing) {
      const std::unordered_set<std::string_view> may(missing->may_omit.begin(), missing->may_omit.end());
      for (const Reference& each : of) result.may_omit.push_back(may.contains(each));
      result.at_most = std::min(of.size(), static_cast<std::size_t>(std::max(0, missing->at_most)));
      result.prorate = missing->prorate;
    }
    return result;
  }
  /// The domain under a function that never falls.
  template <class F>
  [[nodiscard]] Domain mapped(const Domain& of, bool gives_whole, const F& f) const {
    Domain domain = of;
    domain.below_highest = false;
    domain.span = hull({f(of.span.lowest), f(of.span.highest)});
    domain.whole = gives_whole;
    domain.wholes.reset();
    domain.exact = false;
    if (!of.wholes || !gives_whole || !(size_of(domain.span) <= WholeSet::largest)) return domain;
    auto members = of.wholes->members();
    for (std::int64_t& member : members) member = static_cast<std::int64_t>(f(static_cast<double>(member)));
    domain.wholes = WholeSet::of(members, budget);
    domain.exact = of.exact && domain.wholes;
    return domain;
  }

  Domain operator()(const Sum& sum) const { return reach_of_sum(operands(sum.of, sum.missing), budget); }
  Domain operator()(const Extreme& extreme) const {
    return reach_of_extreme(operands(extreme.of, extreme.missing), extreme.highest, budget);
  }
  Domain operator()(const WeightedSum& sum) const {
    Span total{sum.intercept, sum.intercept};
    for (const Term& term : sum.terms) {
      Span span{term.weight, term.weight};
      if (!term.of.empty()) {
        Span base = value(term.of.front()).span;
        for (std::size_t i = 1; i < term.of.size(); ++i) base = product(base, value(term.of[i]).span);
        span = product({term.weight, term.weight}, power(base, term.power));
      }
      if (term.when) span = hull({span.lowest, span.highest, 0});
      total = {or_else(total.lowest + span.lowest, -infinity), or_else(total.highest + span.highest, infinity)};
    }
    return real(total);
  }
  Domain operator()(const Difference& difference) const {
    const Domain& minus = value(difference.minus);
    Domain negated = minus;
    negated.span = {-minus.span.highest, -minus.span.lowest};
    negated.wholes.reset();
    if (minus.wholes) {
      auto members = minus.wholes->members();
      for (std::int64_t& member : members) member = -member;
      negated.wholes = WholeSet::of(members, budget);
    }
    return reach_of_sum({{&value(difference.of), &negated}, {}, 0, {}}, budget);
  }
  Domain operator()(const Count& count) const { return whole({0, static_cast<double>(count.of.size())}); }
  Domain operator()(const Product& all) const {
    Span span = value(all.of.front()).span;
    for (std::size_t i = 1; i < all.of.size(); ++i) span = product(span, value(all.of[i]).span);
    return real(span);
  }
  Domain operator()(const Ratio& ratio) const {
    const Span over = value(ratio.over).span;
    if (over.lowest <= 0 && over.highest >= 0) return {};
    const Span of = value(ratio.of).span;
    return real(
        hull({of.lowest / over.lowest, of.lowest / over.highest, of.highest / over.lowest, of.highest / over.highest}));
  }
  Domain operator()(const Log& log) const {
    const Span of = value(log.of).span;
    const auto safe = [](double x) { return x <= 0 ? -infinity : detail::logarithm(x); };
    return real({safe(of.lowest), safe(of.highest)});
  }
  Domain operator()(const Logistic& logistic) const {
    const Span of = value(logistic.of).span;
    const auto rate = [](double x) { return 1 / (1 + detail::exponential(-x)); };
    return real({rate(of.lowest), rate(of.highest)});
  }
  Domain operator()(const Lookup& lookup) const {
    if (lookup.table.empty()) {
      const Domain& of = response(lookup.of.front());
      std::vector<double> values;
      for (const Band& band : lookup.bands)
        if (meets(of, band.interval)) values.push_back(band.value);
      Domain domain = among(values);
      domain.exact = of.exact && domain.wholes;
      join_items(domain, of, budget);
      return domain;
    }
    const Table* table = names.table(lookup.table);
    if (table == nullptr) return {};
    if (!table->values.empty()) return positions(table->values.size());
    std::vector<double> cells = table->cells;
    std::erase_if(cells, [](double cell) { return std::isnan(cell); });
    return among(cells);
  }
  Domain operator()(const Rules& rules) const {
    if (!rules.values.empty()) return positions(rules.values.size());
    std::vector<double> results;
    for (const DecisionRow& row : rules.rows) results.push_back(row.number);
    if (rules.otherwise) results.push_back(rules.otherwise->number);
    return among(results);
  }
  Domain operator()(const Choose& choose) const {
    std::vector<Domain> taken;
    for (const Choose::Row& row : choose.rows) taken.push_back(of(row.take));
    if (choose.otherwise.number || !choose.otherwise.of.empty()) taken.push_back(of(choose.otherwise));
    return united(taken);
  }
  Domain operator()(const FirstAvailable& first) const {
    std::vector<Domain> all;
    for (const Reference& each : first.of) all.push_back(value(each));
    return united(all);
  }
  Domain operator()(const Clamp& clamp) const {
    return mapped(value(clamp.of), scale.type == ValueType::whole, [&](double x) {
      if (clamp.from && x < *clamp.from) return *clamp.from;
      return clamp.to && x > *clamp.to ? *clamp.to : x;
    });
  }
  Domain operator()(const Round& round) const {
    if (round.digits < 0 || round.digits > most_digits) return {};
    return mapped(value(round.of), round.digits == 0,
                  [&](double x) { return round_decimal(x, round.digits, round.mode); });
  }
  Domain operator()(const TimeBetween& time) const {
    const Span from = value(time.from).span, to = value(time.to).span;
    const auto between = [&](double x, double y, double open) -> double {
      if (!is_date(x) || !is_date(y)) return open;
      return detail::time_between(static_cast<Days>(x), static_cast<Days>(y), time.in, time.no_such_day);
    };
    return whole({between(from.highest, to.lowest, -infinity), between(from.lowest, to.highest, infinity)});
  }
  Domain operator()(const AddTime& time) const {
    const Span dates = value(time.to).span;
    const Span amounts = of(time.amount).span;
    const auto moved = [&](double date, double amount, double end) -> double {
      if (!is_date(date) || !(std::fabs(amount) <= longest_time)) return end;
      const auto found =
          detail::add_time(static_cast<Days>(date), static_cast<std::int64_t>(amount), time.in, time.no_such_day);
      return found ? *found : end;
    };
    return whole(
        {moved(dates.lowest, amounts.lowest, first_day), moved(dates.highest, amounts.highest, last_day_of_years)});
  }
  Domain operator()(const Attribute&) const { return positions(scale.labels.size()); }
};

}  // namespace

Domain reach(const Scale& scale, const Names& names, const Domains& domains, Budget& budget) {
  Domain domain = std::visit(Reach{scale, names, domains, budget}, scale.operation);
  if (scale.type != ValueType::real) domain.whole = true;
  if (scale.type == ValueType::real) {
    domain.whole = false;
    domain.wholes.reset();
    domain.exact = false;
  }
  if (domain.items.empty() && !domain.many_items)
    for_each_read(scale, [&](const Reference& reference, Need, const Site&) {
      join_items(domain, domains.response(names.find(reference)), budget);
    });
  return domain;
}

}  // namespace appraise::detail
