#include "appraise/statistics/cuts.hpp"

#include <boost/math/distributions/beta.hpp>
#include <cmath>

#include "statistics/common.hpp"

namespace appraise::statistics {

Estimate proportion(std::int64_t count, std::int64_t n, double level) {
  detail::check_level("proportion", level);
  if (count < 0 || count > n) detail::refuse("proportion", "count", std::to_string(count), "0 to n");
  if (n == 0) return detail::absent(Status::too_few);
  const double k = static_cast<double>(count), m = static_cast<double>(n), tail = (1 - level) / 2;
  Estimate estimate = detail::without_interval(k / m, Status::estimated);
  using boost::math::beta_distribution;
  estimate.low = count == 0 ? 0 : boost::math::quantile(beta_distribution<>(k, m - k + 1), tail);
  estimate.high =
      count == n ? 1 : boost::math::quantile(boost::math::complement(beta_distribution<>(k + 1, m - k), tail));
  estimate.standard_error = std::sqrt(estimate.value * (1 - estimate.value) / m);
  return estimate;
}

Cuts cuts(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level) {
  detail::check_level("cuts", level);
  const detail::Tally tally = detail::tally("cuts", scores, outcomes);
  Cuts result;
  result.sample = tally.sample;
  const std::int64_t events = tally.sample.events, others = tally.sample.n - tally.sample.events;
  std::int64_t events_below = 0, others_below = 0;
  for (const detail::ScoreCount& each : tally.scores) {
    Cut& cut = result.cuts.emplace_back();
    cut.cut = each.score;
    cut.false_negatives = events_below;
    cut.true_negatives = others_below;
    cut.true_positives = events - events_below;
    cut.false_positives = others - others_below;
    cut.sensitivity = proportion(cut.true_positives, events, level);
    cut.specificity = proportion(cut.true_negatives, others, level);
    cut.positive_predictive_value = proportion(cut.true_positives, cut.true_positives + cut.false_positives, level);
    cut.negative_predictive_value = proportion(cut.true_negatives, cut.true_negatives + cut.false_negatives, level);
    events_below += each.events;
    others_below += each.others;
  }
  return result;
}

}  // namespace appraise::statistics
