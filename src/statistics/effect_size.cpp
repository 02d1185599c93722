#include "appraise/statistics/effect_size.hpp"

#include <array>
#include <cmath>

#include "appraise/statistics/regression.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {

EffectSize cohens_d(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level) {
  detail::check_level("cohens_d", level);
  const detail::Tally tally = detail::tally("cohens_d", scores, outcomes);
  EffectSize result;
  result.sample = tally.sample;
  const double n1 = static_cast<double>(tally.sample.events), n = static_cast<double>(tally.sample.n), n0 = n - n1;
  if (n == 0 || n1 == 0 || n0 == 0) {
    result.value = detail::absent(n == 0 ? Status::no_data : Status::one_class);
    return result;
  }
  // Scores are taken from the lowest one: a large common part would cost digits.
  const double origin = tally.scores.front().score;
  detail::Sum with, without, squares;
  for (const auto& each : tally.scores) {
    with.add(static_cast<double>(each.events) * (each.score - origin));
    without.add(static_cast<double>(each.others) * (each.score - origin));
  }
  const double mean1 = with.value() / n1, mean0 = without.value() / n0;
  for (const auto& each : tally.scores) {
    const double s = each.score - origin;
    squares.add(static_cast<double>(each.events) * (s - mean1) * (s - mean1) +
                static_cast<double>(each.others) * (s - mean0) * (s - mean0));
  }
  if (n < 3) {
    result.value = detail::absent(Status::too_few);
  } else if (!(squares.value() > 0)) {
    result.value = detail::absent(tally.scores.size() == 1 ? Status::constant : Status::separated);
  } else {
    const double d = (mean1 - mean0) / std::sqrt(squares.value() / (n - 2));
    result.value = detail::with_interval(d, std::sqrt(n / (n1 * n0) + d * d / (2 * n)), level);
  }
  return result;
}

EffectSize odds_ratio_per_point(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level) {
  detail::check_length("odds_ratio_per_point", "outcomes", outcomes.size(), scores.size());
  RegressionOptions options;
  options.level = level;
  const std::array columns = {scores};
  const Regression fit = logistic_regression(columns, outcomes, options);
  return {detail::exponential(fit.coefficients[1]), fit.sample};
}

EffectSize hazard_ratio_per_point(std::span<const double> scores, std::span<const double> times,
                                  std::span<const std::uint8_t> events, double level) {
  detail::check_length("hazard_ratio_per_point", "events", events.size(), scores.size());
  RegressionOptions options;
  options.level = level;
  const std::array columns = {scores};
  const Regression fit = cox_regression(columns, times, events, options);
  return {detail::exponential(fit.coefficients[0]), fit.sample};
}

}  // namespace appraise::statistics
