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

namespace {

/// Wilson's score interval.
detail::Ends score_interval(double count, double n, double z) {
  const double share = count / n, centre = share + z * z / (2 * n);
  const double width = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)), scale = 1 + z * z / n;
  return {(centre - width) / scale, (centre + width) / scale};
}

}  // namespace

Difference proportion_difference(std::int64_t first_count, std::int64_t first_n, std::int64_t second_count,
                                 std::int64_t second_n, double level) {
  constexpr std::string_view name = "proportion_difference";
  detail::check_level(name, level);
  if (first_count < 0 || first_count > first_n) {
    detail::refuse(name, "first_count", std::to_string(first_count), "0 to first_n");
  }
  if (second_count < 0 || second_count > second_n) {
    detail::refuse(name, "second_count", std::to_string(second_count), "0 to second_n");
  }
  if (first_n == 0 || second_n == 0) return {detail::absent(Status::too_few), detail::absent_test(Status::too_few)};
  const double a = static_cast<double>(first_count), m = static_cast<double>(first_n);
  const double b = static_cast<double>(second_count), n = static_cast<double>(second_n);
  const double p = a / m, q = b / n, z = detail::normal_width(level);
  const detail::Ends of_first = score_interval(a, m, z), of_second = score_interval(b, n, z);
  Difference result;
  result.value = detail::without_interval(p - q, Status::estimated);
  result.value.standard_error = std::sqrt(p * (1 - p) / m + q * (1 - q) / n);
  result.value.low = p - q - std::hypot(p - of_first.low, of_second.high - q);
  result.value.high = p - q + std::hypot(of_first.high - p, q - of_second.low);
  const double together = (a + b) / (m + n), variance = together * (1 - together) * (1 / m + 1 / n);
  result.test = variance > 0 ? detail::chi_square_test((p - q) * (p - q) / variance, 1)
                             : detail::absent_test(Status::no_variance);
  return result;
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
