#include "check/domains.hpp"

#include <algorithm>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "check/reach.hpp"
#include "check/references.hpp"

namespace appraise::detail {
namespace {

constexpr std::uint64_t work_in_all = 100'000'000;
constexpr std::size_t most_items_listed = 512;

Domain response_of(const Item& item) {
  Domain domain;
  domain.exact = true;
  domain.whole = item.kind != ItemKind::number;
  switch (item.kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
      domain.span = {0, static_cast<double>(item.options.size()) - 1};
      break;
    case ItemKind::date:
      domain.span = {first_day, last_day_of_years};
      if (item.range) {
        const Span declared = span_of(*item.range, true);
        domain.span = {std::max(domain.span.lowest, declared.lowest), std::min(domain.span.highest, declared.highest)};
      }
      break;
    case ItemKind::count:
    case ItemKind::number:
      if (item.range) domain.span = span_of(*item.range, domain.whole);
      domain.below_highest = !domain.whole && item.range && item.range->to && !item.range->closed;
      break;
    case ItemKind::code:
      break;
  }
  return domain;
}

}  // namespace

std::optional<double> Domain::next(double x) const noexcept {
  if (wholes) {
    if (x > static_cast<double>(wholes->highest())) return std::nullopt;
    const auto found = wholes->next(static_cast<std::int64_t>(std::ceil(std::max(x, span.lowest))));
    return found ? std::optional(static_cast<double>(*found)) : std::nullopt;
  }
  double least = std::max(x, span.lowest);
  if (whole) least = std::ceil(least);
  if (least == std::numeric_limits<double>::infinity() || least > span.highest ||
      (below_highest && least >= span.highest))
    return std::nullopt;
  return least;
}

Span span_of(const Interval& interval, bool whole) {
  Span span;
  if (interval.from) span.lowest = whole ? std::ceil(*interval.from) : *interval.from;
  if (interval.to) span.highest = *interval.to;
  if (interval.to && whole) span.highest = interval.closed ? std::floor(*interval.to) : std::ceil(*interval.to) - 1;
  return span;
}

void join_items(Domain& domain, const Domain& other, Budget& budget) {
  domain.many_items = domain.many_items || other.many_items ||
                      domain.items.size() + other.items.size() > most_items_listed ||
                      !budget.spend(domain.items.size() + other.items.size());
  if (domain.many_items) return domain.items.clear();
  std::vector<std::size_t> joined;
  std::set_union(domain.items.begin(), domain.items.end(), other.items.begin(), other.items.end(),
                 std::back_inserter(joined));
  domain.items = std::move(joined);
}

std::optional<WholeSet> wholes_of(const Domain& domain, Budget& budget) {
  if (domain.wholes || !domain.whole) return domain.wholes;
  if (!(domain.span.highest - domain.span.lowest < static_cast<double>(WholeSet::most_values))) return std::nullopt;
  if (std::fabs(domain.span.lowest) > WholeSet::largest) return std::nullopt;
  return WholeSet::between(static_cast<std::int64_t>(domain.span.lowest),
                           static_cast<std::int64_t>(domain.span.highest), budget);
}

Domain positions(std::size_t labels) {
  Domain domain;
  domain.whole = true;
  domain.span = {0, static_cast<double>(labels) - 1};
  return domain;
}

struct Domains::Used {
  Used(const Instrument& instrument, const std::shared_ptr<Cache>& cache, const std::shared_ptr<Budget>& budget)
      : names(instrument), domains(names, order_of(names, nullptr), cache, budget) {}

  Names names;
  Domains domains;
};

Domains::Domains(const Names& names, const Order& order)
    : Domains(names, order, std::make_shared<Cache>(), std::make_shared<Budget>(Budget{work_in_all})) {}

Domains::Domains(const Names& names, const Order& order, std::shared_ptr<Cache> used, std::shared_ptr<Budget> budget)
    : names_(names), used_(std::move(used)), budget_(std::move(budget)) {
  const Instrument& instrument = names.instrument();
  for (const Item& item : instrument.items) responses_.push_back(response_of(item));
  points_.resize(instrument.items.size());
  scales_.resize(instrument.scales.size());
  for (const LevelScheme& scheme : instrument.levels) levels_.emplace(&scheme, positions(scheme.bands.size()));
  for (std::size_t i = 0; i < responses_.size(); ++i) responses_[i].items = {i};
  for (const std::size_t node : order.nodes) {
    if (node < instrument.items.size()) {
      points_[node] = points_of(node);
    } else {
      const Scale& scale = instrument.scales[node - instrument.items.size()];
      Domain& domain = scales_[node - instrument.items.size()] = reach(scale, names_, *this, *budget_);
      if (domain.wholes)
        domain.span = {static_cast<double>(domain.wholes->lowest()), static_cast<double>(domain.wholes->highest())};
    }
  }
}

Domain Domains::points_of(std::size_t node) const {
  const Item& item = names_.instrument().items[node];
  std::vector<double> points;
  for (const Option& option : item.options)
    if (option.points) points.push_back(*option.points);
  for (const Band& band : item.bands) points.push_back(band.value);
  if (points.empty()) return responses_[node];
  if (item.applies_when) points.push_back(item.points_if_not_applicable);
  Domain domain;
  domain.exact = true;
  const auto [low, high] = std::minmax_element(points.begin(), points.end());
  domain.span = {*low, *high};
  domain.whole = std::all_of(points.begin(), points.end(), [](double x) { return std::trunc(x) == x; });
  if (domain.whole && std::fabs(*low) <= WholeSet::largest && std::fabs(*high) <= WholeSet::largest)
    domain.wholes = WholeSet::of({points.begin(), points.end()}, *budget_);
  domain.exact = domain.wholes.has_value();
  domain.items = {node};
  for_each_condition(item, [&](const Condition& condition, const Site& site) {
    for_each_read(condition, site, [&](const Reference& reference, Need, const Site&) {
      join_items(domain, response(names_.find(reference)), *budget_);
    });
  });
  return domain;
}

const Domain& Domains::value(const Referent& referent) const {
  if (referent.kind == Referent::Kind::item && referent.item->has_points()) return points_[referent.node];
  return response(referent);
}

const Domain& Domains::response(const Referent& referent) const {
  if (!referent.usable()) return unknown_;
  if (referent.node == Referent::no_node) return used(referent);
  if (referent.kind == Referent::Kind::item) return responses_[referent.node];
  if (referent.kind == Referent::Kind::level) return levels_.find(referent.scheme)->second;
  return scales_[referent.node - names_.instrument().items.size()];
}

const Domain& Domains::used(const Referent& referent) const {
  auto& found = (*used_)[referent.owner];
  // The cache owns what it holds, which must not own the cache in turn.
  const std::shared_ptr<Cache> not_owned(std::shared_ptr<void>(), used_.get());
  if (!found) found = std::make_unique<Used>(*referent.owner, not_owned, budget_);
  return found->domains.response(found->names.find(
      referent.kind == Referent::Kind::level ? referent.scale->code + ".level" : referent.scale->code));
}

}  // namespace appraise::detail
