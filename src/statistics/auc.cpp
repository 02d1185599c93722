#include "appraise/statistics/auc.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/common.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics {
namespace {

using detail::ScoreCount;
using detail::Tally;

/// Squared deviations of placements, divided as DeLong does. Fewer than two of either kind have no variance.
double delong_variance(const Tally& tally, double area) {
  const double n1 = static_cast<double>(tally.sample.events);
  const double n0 = static_cast<double>(tally.sample.n - tally.sample.events);
  const double per_other = 1 / n0, per_event = 1 / n1;
  double below = 0, reached = 0;
  detail::Sum of_events, of_others;
  for (const ScoreCount& each : tally.scores) {
    const double a = static_cast<double>(each.events), b = static_cast<double>(each.others);
    const double placed = (below + b / 2) * per_other - area;
    const double passed = (n1 - reached - a / 2) * per_event - area;
    of_events.add(a * placed * placed);
    of_others.add(b * passed * passed);
    below += b;
    reached += a;
  }
  return of_events.value() / (n1 - 1) / n1 + of_others.value() / (n0 - 1) / n0;
}

Estimate logit_interval(double area, double standard_error, double level) {
  Estimate estimate = detail::with_interval(area, standard_error, level);
  if (estimate.interval != Status::estimated) return estimate;
  const double centre = std::log(area / (1 - area));
  const double width = detail::normal_width(level) * standard_error / (area * (1 - area));
  estimate.low = 1 / (1 + std::exp(-(centre - width)));
  estimate.high = 1 / (1 + std::exp(-(centre + width)));
  return estimate;
}

Status why_none(const Sample& sample) {
  if (sample.n == 0) return Status::no_data;
  return sample.events == 0 || sample.events == sample.n ? Status::one_class : Status::estimated;
}

Auc auc_of(const Tally& tally, double level, AucInterval interval) {
  Auc result;
  result.sample = tally.sample;
  if (const Status why = why_none(tally.sample); why != Status::estimated) {
    result.auc = detail::absent(why);
    return result;
  }
  std::uint64_t below = 0;
  for (const ScoreCount& each : tally.scores) {
    result.concordant += static_cast<std::uint64_t>(each.events) * below;
    result.tied += static_cast<std::uint64_t>(each.events) * static_cast<std::uint64_t>(each.others);
    below += static_cast<std::uint64_t>(each.others);
  }
  result.pairs = static_cast<std::uint64_t>(tally.sample.events) * below;
  const double area = (static_cast<double>(result.concordant) + static_cast<double>(result.tied) / 2) /
                      static_cast<double>(result.pairs);
  if (tally.sample.events < 2 || tally.sample.n - tally.sample.events < 2) {
    result.auc = detail::without_interval(area, Status::too_few);
  } else {
    const double error = std::sqrt(delong_variance(tally, area));
    result.auc = interval == AucInterval::normal ? detail::with_interval_within(area, error, level, 0, 1)
                                                 : logit_interval(area, error, level);
  }
  return result;
}

/// For each row, the share of the other kind that it is placed above (an event) or below (no event), ties half.
std::vector<double> placements(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double n1,
                               double n0) {
  const std::vector<std::uint32_t> order = detail::order_of(scores);
  std::vector<double> placed(scores.size());
  double below = 0, reached = 0;
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    double a = 0, b = 0;
    for (end = first; end < order.size() && scores[order[end]] == scores[order[first]]; ++end) {
      (outcomes[order[end]] == 1 ? a : b) += 1;
    }
    for (std::size_t i = first; i < end; ++i) {
      placed[order[i]] = outcomes[order[i]] == 1 ? (below + b / 2) / n0 : (n1 - reached - a / 2) / n1;
    }
    below += b;
    reached += a;
  }
  return placed;
}

double covariance(std::span<const double> first, std::span<const double> second, std::span<const std::uint8_t> outcomes,
                  double first_area, double second_area, double n1, double n0) {
  detail::Sum of_events, of_others;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    (outcomes[i] == 1 ? of_events : of_others).add((first[i] - first_area) * (second[i] - second_area));
  }
  return of_events.value() / (n1 - 1) / n1 + of_others.value() / (n0 - 1) / n0;
}

}  // namespace

Auc auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level, AucInterval interval) {
  detail::check_level("auc", level);
  return auc_of(detail::tally("auc", scores, outcomes), level, interval);
}

AucDifference auc_difference(std::span<const double> first, std::span<const double> second,
                             std::span<const std::uint8_t> outcomes, double level) {
  constexpr std::string_view name = "auc_difference";
  detail::check_level(name, level);
  detail::check_length(name, "second", second.size(), first.size());
  detail::check_length(name, "outcomes", outcomes.size(), first.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  std::vector<double> a, b;
  std::vector<std::uint8_t> y;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (std::isnan(first[i]) || std::isnan(second[i]) || outcomes[i] == missing_outcome) continue;
    a.push_back(first[i]);
    b.push_back(second[i]);
    y.push_back(outcomes[i]);
  }
  AucDifference result;
  result.first = auc(a, y, level);
  result.second = auc(b, y, level);
  const auto left_out = static_cast<std::int64_t>(first.size() - a.size());
  result.first.sample.left_out = result.second.sample.left_out = left_out;
  if (result.first.auc.status != Status::estimated) {
    result.difference = detail::absent(result.first.auc.status);
    result.test = detail::absent_test(result.first.auc.status);
    return result;
  }
  const double difference = result.first.auc.value - result.second.auc.value;
  const double n1 = static_cast<double>(result.first.sample.events), n0 = static_cast<double>(a.size()) - n1;
  if (n1 < 2 || n0 < 2) {
    result.difference = detail::without_interval(difference, Status::too_few);
    result.test = detail::absent_test(Status::too_few);
    return result;
  }
  const std::vector<double> p = placements(a, y, n1, n0), q = placements(b, y, n1, n0);
  const double u = result.first.auc.value, v = result.second.auc.value;
  const double first_variance = covariance(p, p, y, u, u, n1, n0), second_variance = covariance(q, q, y, v, v, n1, n0);
  const double shared = covariance(p, q, y, u, v, n1, n0);
  // The variance of the differences of placements, not the difference of variances: nothing cancels.
  std::vector<double> apart(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) apart[i] = p[i] - q[i];
  const double error = std::sqrt(covariance(apart, apart, y, difference, difference, n1, n0));
  if (first_variance > 0 && second_variance > 0) {
    result.correlation = shared / std::sqrt(first_variance * second_variance);
  }
  result.difference = detail::with_interval_within(difference, error, level, -1, 1);
  result.test = detail::normal_test(difference, error);
  return result;
}

AucDifference auc_difference_unpaired(std::span<const double> first, std::span<const std::uint8_t> first_outcomes,
                                      std::span<const double> second, std::span<const std::uint8_t> second_outcomes,
                                      double level) {
  AucDifference result;
  result.first = auc(first, first_outcomes, level);
  result.second = auc(second, second_outcomes, level);
  result.correlation = 0;
  const Estimate &a = result.first.auc, &b = result.second.auc;
  for (const Estimate& each : {a, b}) {
    if (each.status == Status::estimated) continue;
    result.difference = detail::absent(each.status);
    result.test = detail::absent_test(each.status);
    return result;
  }
  const double difference = a.value - b.value;
  for (const Estimate& each : {a, b}) {
    if (each.interval == Status::estimated || each.interval == Status::no_variance) continue;
    result.difference = detail::without_interval(difference, each.interval);
    result.test = detail::absent_test(each.interval);
    return result;
  }
  const auto variance = [](const Estimate& each) {
    return each.interval == Status::estimated ? each.standard_error * each.standard_error : 0.0;
  };
  const double va = variance(a), vb = variance(b), error = std::sqrt(va + vb);
  if (!(error > 0)) {
    result.difference = detail::without_interval(difference, Status::no_variance);
    result.test = detail::absent_test(Status::no_variance);
    return result;
  }
  const double na = static_cast<double>(result.first.sample.n), nb = static_cast<double>(result.second.sample.n);
  const double freedom = (va + vb) * (va + vb) / (va * va / (na - 1) + vb * vb / (nb - 1));
  const double width = detail::t_width(level, freedom) * error;
  result.difference = {
      difference,       error, std::max(-1.0, difference - width), std::min(1.0, difference + width), Status::estimated,
      Status::estimated};
  result.test = {difference / error, freedom, detail::t_tails(difference / error, freedom), Status::estimated};
  return result;
}

}  // namespace appraise::statistics
