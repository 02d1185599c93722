#include <array>
#include <cmath>
#include <map>

#include "appraise/statistics/local_norms.hpp"
#include "statistics/common.hpp"
#include "statistics/cox_baseline.hpp"
#include "statistics/norm_rows.hpp"

namespace appraise::statistics {
namespace {

using detail::Line;
using detail::Link;
using detail::NormCurve;
using detail::Tally;
using Eigen::Matrix2d;
using Eigen::Vector2d;

/// People whose score is known and has a line.
struct People {
  std::vector<double> basis, times;
  std::vector<std::uint8_t> events;
};

People people_of(std::span<const double> scores, std::span<const double> times, std::span<const std::uint8_t> events,
                 const Tally& tally, const std::vector<Line>& lines) {
  std::map<double, double> basis;
  for (std::size_t i = 0; i < lines.size(); ++i) basis[tally.scores[i].score] = lines[i].basis;
  People people;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]) || std::isnan(times[i]) || events[i] == missing_outcome) continue;
    const auto found = basis.find(scores[i]);
    if (found == basis.end()) continue;
    people.basis.push_back(found->second);
    people.times.push_back(times[i]);
    people.events.push_back(events[i]);
  }
  return people;
}

/// Hazard gathered by the horizon, and slope. A line with an offset is that offset, moved: its slope is 1.
NormCurve cox_curve(const People& people, double horizon, bool moved) {
  NormCurve curve;
  double slope = 1, slope_variance = 0;
  if (!moved) {
    const std::array columns = {std::span<const double>(people.basis)};
    const Regression fit = cox_regression(columns, people.times, people.events);
    curve.status = fit.status;
    if (fit.status != Status::estimated) return curve;
    slope = fit.coefficients[0].value;
    slope_variance = fit.covariance[0];
  }
  const detail::CumulativeHazard hazard =
      detail::cumulative_hazard(people.basis, people.times, people.events, slope, horizon);
  curve.status = hazard.status;
  if (hazard.status != Status::estimated) return curve;
  curve.coefficients = Vector2d(std::log(hazard.value), moved ? 0 : slope);
  // The variance at basis x is own + (x - mean)^2 * that of the slope.
  curve.covariance << hazard.own_variance + hazard.mean * hazard.mean * slope_variance, -hazard.mean * slope_variance,
      -hazard.mean * slope_variance, slope_variance;
  return curve;
}

/// The fitted curve and the prior, each weighted by its precision.
NormCurve with_prior(const NormCurve& fitted, const detail::Prior& prior) {
  const Matrix2d local = fitted.covariance.inverse(), published = prior.covariance.inverse();
  NormCurve curve = fitted;
  curve.covariance = (local + published).inverse();
  curve.coefficients = curve.covariance * (local * fitted.coefficients + published * prior.mean);
  return curve;
}

}  // namespace

LocalNorms local_norms_followed(std::span<const double> scores, std::span<const double> times,
                                std::span<const std::uint8_t> events, double horizon,
                                const LocalNormsOptions& options) {
  constexpr std::string_view name = "local_norms_followed";
  detail::check(name, options);
  detail::check_length(name, "times", times.size(), scores.size());
  detail::check_length(name, "events", events.size(), scores.size());
  detail::check_outcomes(name, "events", events);
  detail::check_times(name, times);
  if (!(horizon > 0 && std::isfinite(horizon))) {
    detail::refuse(name, "horizon", std::to_string(horizon), "a positive time");
  }
  std::vector<std::uint8_t> by_horizon(events.begin(), events.end());
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (std::isnan(times[i])) by_horizon[i] = missing_outcome;
    if (by_horizon[i] == 1 && times[i] > horizon) by_horizon[i] = 0;
  }
  Tally tally = detail::tally(name, scores, by_horizon);
  LocalNorms result;
  result.updating = options.updating;
  result.level = options.level;
  result.horizon = horizon;
  result.median = detail::median_of(tally);
  const std::vector<Line> lines = detail::lines_of(name, tally, options, result.median, Link::log_hazard);
  NormCurve curve;
  if (tally.sample.n > 0) {
    curve = cox_curve(people_of(scores, times, events, tally, lines), horizon, options.updating == Updating::intercept);
  }
  if (curve.status == Status::estimated && options.updating == Updating::pooled) {
    curve = with_prior(curve, detail::moved_to(*options.prior, result.median));
  }
  detail::write_norms(tally, lines, curve, Link::log_hazard, result);
  return result;
}

}  // namespace appraise::statistics
