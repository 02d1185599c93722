// What sums and extremes can be, when some of what they read may be left out.

#include <algorithm>
#include <cmath>

#include "appraise/detail/decimal.hpp"
#include "check/reach.hpp"

namespace appraise::detail {
namespace {

using Sets = std::vector<std::optional<WholeSet>>;  ///< by the number of values left out

Domain joined(const Operands& operands, Budget& budget) {
  Domain domain;
  domain.whole = true;
  for (const Domain* of : operands.of) {
    domain.whole = domain.whole && of->whole;
    join_items(domain, *of, budget);
  }
  return domain;
}

bool all_exact(const Operands& operands) {
  return operands.independent() &&
         std::all_of(operands.of.begin(), operands.of.end(), [](const Domain* of) { return of->exact; });
}

std::optional<WholeSet> united(std::optional<WholeSet> a, const std::optional<WholeSet>& b, Budget& budget) {
  if (!a || !b) return a ? a : b;
  return WholeSet::united(*a, *b, budget);
}

/// The sets of sums by number of values left out; nothing if they are too large.
std::optional<Sets> sums(const Operands& operands, Budget& budget) {
  const auto zero = WholeSet::between(0, 0, budget);
  Sets sets(operands.at_most + 1);
  sets[0] = zero;
  for (std::size_t i = 0; i < operands.of.size(); ++i) {
    const auto wholes = wholes_of(*operands.of[i], budget);
    if (!wholes) return std::nullopt;
    const bool omit = !operands.may_omit.empty() && operands.may_omit[i];
    for (std::size_t left_out = std::min(i + 1, operands.at_most) + 1; left_out-- > 0;) {
      std::optional<WholeSet> next;
      if (sets[left_out]) {
        next = WholeSet::sum(*sets[left_out], *wholes, budget);
        if (!next) return std::nullopt;
      }
      if (omit && left_out > 0) next = united(std::move(next), sets[left_out - 1], budget);
      sets[left_out] = std::move(next);
    }
  }
  return sets;
}

/// The ends of a sum, without a look at single values.
Span ends_of_sum(const Operands& operands) {
  Span span{0, 0};
  for (std::size_t i = 0; i < operands.of.size(); ++i) {
    const Span& each = operands.of[i]->span;
    const bool omit = !operands.may_omit.empty() && operands.may_omit[i] && operands.at_most > 0;
    span.lowest += omit ? std::min(0.0, each.lowest) : each.lowest;
    span.highest += omit ? std::max(0.0, each.highest) : each.highest;
  }
  if (operands.prorate) {
    const auto all = static_cast<double>(operands.of.size());
    const double factor = all / std::max(1.0, all - static_cast<double>(operands.at_most));
    span = {std::floor(std::min(span.lowest, span.lowest * factor)),
            std::ceil(std::max(span.highest, span.highest * factor))};
  }
  return span;
}

}  // namespace

bool Operands::independent() const {
  std::vector<std::size_t> items;
  for (const Domain* domain : of) {
    if (domain->many_items) return false;
    items.insert(items.end(), domain->items.begin(), domain->items.end());
  }
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) == items.end();
}

Domain reach_of_sum(const Operands& operands, Budget& budget) {
  Domain domain = joined(operands, budget);
  domain.span = ends_of_sum(operands);
  const auto sets = domain.whole ? sums(operands, budget) : std::nullopt;
  if (!sets) return domain;
  const std::size_t all = operands.of.size();
  for (std::size_t left_out = 0; left_out < std::min(sets->size(), all); ++left_out) {
    if (!(*sets)[left_out]) continue;
    auto set = (*sets)[left_out];
    if (operands.prorate && left_out > 0) {
      auto members = set->members();
      for (std::int64_t& sum : members)
        sum = round_quotient(sum * static_cast<std::int64_t>(all), static_cast<std::int64_t>(all - left_out),
                             *operands.prorate);
      set = WholeSet::of(members, budget);
    }
    if (set) domain.wholes = united(std::move(domain.wholes), set, budget);
    if (!set || !domain.wholes) {
      domain.wholes.reset();
      return domain;
    }
  }
  domain.exact = all_exact(operands);
  return domain;
}

Domain reach_of_extreme(const Operands& operands, bool highest, Budget& budget) {
  Domain domain = joined(operands, budget);
  if (operands.of.empty()) return domain;
  const double side = highest ? 1 : -1;
  const auto near = [&](const Domain* of) { return highest ? of->span.lowest : -of->span.highest; };
  const auto far = [&](const Domain* of) { return highest ? of->span.highest : -of->span.lowest; };
  double least = near(operands.of.front()), least_of_all = least, most = far(operands.of.front());
  for (const Domain* of : operands.of) {
    least = std::max(least, near(of));
    least_of_all = std::min(least_of_all, near(of));
    most = std::max(most, far(of));
  }
  const bool omits = operands.at_most > 0;
  if (omits) least = least_of_all;
  domain.span = highest ? Span{least, most} : Span{-most, -least};
  if (!domain.whole) return domain;
  std::vector<std::int64_t> members;
  for (const Domain* of : operands.of) {
    const auto wholes = wholes_of(*of, budget);
    if (!wholes) return domain;
    for (const std::int64_t member : wholes->members())
      if (side * static_cast<double>(member) >= least) members.push_back(member);
  }
  domain.wholes = WholeSet::of(members, budget);
  const bool same_ends = std::all_of(operands.of.begin(), operands.of.end(),
                                     [&](const Domain* of) { return near(of) == near(operands.of.front()); });
  domain.exact = domain.wholes && all_exact(operands) && (!omits || same_ends);
  return domain;
}

}  // namespace appraise::detail
