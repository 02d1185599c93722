#include "appraise/statistics/local_norms.hpp"

#include <Eigen/Dense>
#include <array>
#include <cmath>

#include "statistics/common.hpp"
#include "statistics/norm_rows.hpp"

namespace appraise::statistics {
namespace {

using detail::Line;
using detail::Link;
using detail::NormCurve;
using detail::Tally;
using Eigen::Matrix2d;
using Eigen::Vector2d;

/// Refit by the regression of the library, on scores with numbers of people.
NormCurve regression(const Tally& tally, const std::vector<Line>& lines, bool slope, double level) {
  std::vector<double> basis, offset, weights;
  std::vector<std::uint8_t> kinds;
  for (std::size_t i = 0; i < tally.scores.size(); ++i) {
    for (const bool event : {true, false}) {
      basis.push_back(lines[i].basis);
      offset.push_back(lines[i].offset);
      weights.push_back(static_cast<double>(event ? tally.scores[i].events : tally.scores[i].others));
      kinds.push_back(event ? 1 : 0);
    }
  }
  RegressionOptions options;
  options.level = level;
  options.weights = weights;
  options.offset = offset;
  const std::array columns = {std::span<const double>(basis)};
  const Regression fit = logistic_regression(slope ? Covariates(columns) : Covariates(), kinds, options);
  NormCurve curve;
  curve.status = fit.status;
  const Eigen::Index size = slope ? 2 : 1;
  for (Eigen::Index i = 0; i < size; ++i) {
    curve.coefficients[i] = fit.coefficients[static_cast<std::size_t>(i)].value;
    for (Eigen::Index j = 0; j < size; ++j) {
      curve.covariance(i, j) = fit.covariance[static_cast<std::size_t>(i * size + j)];
    }
  }
  return curve;
}

/// The mode of likelihood times prior. The prior makes it concave enough for Newton's steps from the prior's mean.
NormCurve with_prior(const Tally& tally, const std::vector<Line>& lines, const detail::Prior& prior) {
  const Vector2d& mean = prior.mean;
  const Matrix2d precision = prior.covariance.inverse();
  NormCurve curve;
  curve.coefficients = mean;
  curve.status = Status::not_converged;
  const auto slope_at = [&](const Vector2d& beta, Vector2d& gradient, Matrix2d& information) {
    gradient = -precision * (beta - mean);
    information = precision;
    double log_posterior = -0.5 * (beta - mean).dot(precision * (beta - mean));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Vector2d x(1, lines[i].basis);
      const double y = static_cast<double>(tally.scores[i].events), eta = beta.dot(x);
      const double n = y + static_cast<double>(tally.scores[i].others), p = detail::unlinked(Link::logit, eta);
      gradient += (y - n * p) * x;
      information += n * p * (1 - p) * x * x.transpose();
      log_posterior += y * eta - n * (std::max(eta, 0.0) + std::log1p(std::exp(-std::abs(eta))));
    }
    return log_posterior;
  };
  Vector2d gradient;
  Matrix2d information;
  double height = slope_at(curve.coefficients, gradient, information);
  for (int i = 0; i < 100; ++i) {
    Vector2d step = information.ldlt().solve(gradient);
    for (int halved = 0; halved < 40; ++halved) {
      const double next = slope_at(curve.coefficients + step, gradient, information);
      if (next >= height - 1e-12 * (1 + std::abs(height))) {
        height = next;
        break;
      }
      step /= 2;
    }
    curve.coefficients += step;
    if ((step.array().abs() <= 1e-12 * (1 + curve.coefficients.array().abs())).all()) {
      curve.status = Status::estimated;
      break;
    }
  }
  curve.covariance = information.inverse();
  return curve;
}

NormCurve fit(const Tally& tally, const std::vector<Line>& lines, double median, const LocalNormsOptions& options) {
  if (options.updating == Updating::pooled) return with_prior(tally, lines, detail::moved_to(*options.prior, median));
  return regression(tally, lines, options.updating != Updating::intercept, options.level);
}

}  // namespace

LocalNorms local_norms(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                       const LocalNormsOptions& options) {
  constexpr std::string_view name = "local_norms";
  detail::check(name, options);
  Tally tally = detail::tally(name, scores, outcomes);
  LocalNorms result;
  result.updating = options.updating;
  result.level = options.level;
  result.median = detail::median_of(tally);
  const std::vector<Line> lines = detail::lines_of(name, tally, options, result.median, Link::logit);
  NormCurve curve;
  if (tally.sample.n > 0) curve = fit(tally, lines, result.median, options);
  detail::write_norms(tally, lines, curve, Link::logit, result);
  return result;
}

}  // namespace appraise::statistics
