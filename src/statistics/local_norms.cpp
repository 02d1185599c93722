#include "appraise/statistics/local_norms.hpp"

#include <Eigen/Dense>
#include <array>
#include <cmath>

#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

using detail::ScoreCount;
using detail::Tally;
using Eigen::Matrix2d;
using Eigen::Vector2d;

/// logit(rate) = offset + x . (a, b), where x = (1, basis); a or b may be held at 0.
struct Line {
  double offset = 0;
  double basis = 0;
};

struct Curve {
  Vector2d coefficients = Vector2d::Zero();
  Matrix2d covariance = Matrix2d::Zero();
  Status status = Status::no_data;
};

double logit(double rate) { return std::log(rate / (1 - rate)); }
double logistic(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }

/// The score in the middle; between two, the lower one, so that it is a score.
double median_of(const Tally& tally) {
  std::int64_t below = 0;
  for (const ScoreCount& each : tally.scores) {
    below += each.events + each.others;
    if (2 * below >= tally.sample.n) return each.score;
  }
  return not_available;
}

/// Refit by the regression of the library, on scores with numbers of people.
Curve regression(const Tally& tally, const std::vector<Line>& lines, bool slope, double level) {
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
  Curve curve;
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
Curve with_prior(const Tally& tally, const std::vector<Line>& lines, const Vector2d& mean, const Matrix2d& covariance) {
  const Matrix2d precision = covariance.inverse();
  Curve curve;
  curve.coefficients = mean;
  curve.status = Status::not_converged;
  const auto slope_at = [&](const Vector2d& beta, Vector2d& gradient, Matrix2d& information) {
    gradient = -precision * (beta - mean);
    information = precision;
    double log_posterior = -0.5 * (beta - mean).dot(precision * (beta - mean));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Vector2d x(1, lines[i].basis);
      const double y = static_cast<double>(tally.scores[i].events), eta = beta.dot(x);
      const double n = y + static_cast<double>(tally.scores[i].others), p = logistic(eta);
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

/// Keeps the scores that have a published rate.
std::vector<double> published_logits(Tally& tally, const Norms& norms) {
  std::vector<double> logits;
  std::vector<ScoreCount> kept;
  for (const ScoreCount& each : tally.scores) {
    const auto row = look_up(norms, each.score);
    if (!row || !row->rate) {
      const std::int64_t people = each.events + each.others;
      tally.sample.n -= people;
      tally.sample.events -= each.events;
      tally.sample.left_out += people;
      continue;
    }
    if (!(*row->rate > 0 && *row->rate < 1)) {
      detail::refuse("local_norms", "published", "a rate of " + std::to_string(*row->rate),
                     "rates above 0 and below 1");
    }
    kept.push_back(each);
    logits.push_back(logit(*row->rate));
  }
  tally.scores = std::move(kept);
  return logits;
}

/// Whole scores between those seen get a row too: nobody had them by chance.
void fill_gaps(Tally& tally, bool allowed) {
  bool whole = allowed && !tally.scores.empty();
  for (const ScoreCount& each : tally.scores) whole = whole && std::floor(each.score) == each.score;
  if (!whole || tally.scores.back().score - tally.scores.front().score > 1000) return;
  std::vector<ScoreCount> filled;
  for (const ScoreCount& each : tally.scores) {
    while (!filled.empty() && filled.back().score + 1 < each.score) filled.push_back({filled.back().score + 1, 0, 0});
    filled.push_back(each);
  }
  tally.scores = std::move(filled);
}

Estimate on_logit(double eta, double error, double z) {
  Estimate estimate = detail::without_interval(logistic(eta), Status::estimated);
  estimate.standard_error = error;
  estimate.low = logistic(eta - z * error);
  estimate.high = logistic(eta + z * error);
  return estimate;
}

void check(const LocalNormsOptions& options) {
  constexpr std::string_view name = "local_norms";
  detail::check_level(name, options.level);
  const bool on_published =
      options.updating == Updating::intercept || options.updating == Updating::intercept_and_slope;
  if (on_published && options.published == nullptr) {
    detail::refuse(name, "published", "none", "the norms that are to be updated");
  }
  if (options.updating != Updating::pooled) return;
  if (!options.prior) detail::refuse(name, "prior", "none", "the published curve with its standard errors");
  if (!(options.prior->intercept_error > 0 && options.prior->slope_error > 0) ||
      !(std::abs(options.prior->correlation) < 1)) {
    detail::refuse(name, "prior", "a standard error that is not positive, or a correlation of 1",
                   "standard errors above 0");
  }
}

Curve fit(Tally& tally, std::vector<Line>& lines, double median, const LocalNormsOptions& options) {
  const bool on_published =
      options.updating == Updating::intercept || options.updating == Updating::intercept_and_slope;
  if (on_published) {
    const std::vector<double> logits = published_logits(tally, *options.published);
    for (const double each : logits) lines.push_back({options.updating == Updating::intercept ? each : 0, each});
    return regression(tally, lines, options.updating == Updating::intercept_and_slope, options.level);
  }
  fill_gaps(tally, true);
  for (const ScoreCount& each : tally.scores) lines.push_back({0, each.score - median});
  if (options.updating == Updating::refit) return regression(tally, lines, true, options.level);
  const PublishedCurve& prior = *options.prior;
  // The prior moved to the median: intercept + slope * (median - centre).
  Matrix2d move = Matrix2d::Identity(), covariance;
  move(0, 1) = median - prior.centre;
  const double shared = prior.correlation * prior.intercept_error * prior.slope_error;
  covariance << prior.intercept_error * prior.intercept_error, shared, shared, prior.slope_error * prior.slope_error;
  return with_prior(tally, lines, move * Vector2d(prior.intercept, prior.slope), move * covariance * move.transpose());
}

}  // namespace

LocalNorms local_norms(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                       const LocalNormsOptions& options) {
  check(options);
  Tally tally = detail::tally("local_norms", scores, outcomes);
  LocalNorms result;
  result.updating = options.updating;
  result.level = options.level;
  result.median = median_of(tally);
  std::vector<Line> lines;
  Curve curve;
  if (tally.sample.n > 0) curve = fit(tally, lines, result.median, options);
  result.sample = tally.sample;
  result.status = tally.sample.n == 0 ? Status::no_data : curve.status;
  if (result.status != Status::estimated) {
    result.intercept = result.slope = detail::absent(result.status);
    return result;
  }
  const bool one = options.updating == Updating::intercept;
  result.intercept = detail::with_interval(curve.coefficients[0], std::sqrt(curve.covariance(0, 0)), options.level);
  result.slope = one ? detail::absent(Status::constant)
                     : detail::with_interval(curve.coefficients[1], std::sqrt(curve.covariance(1, 1)), options.level);
  const double z = detail::normal_width(options.level), n = static_cast<double>(tally.sample.n);
  const auto vector_of = [&](const Line& line) { return Vector2d(1, one ? 0 : line.basis); };
  std::size_t centre = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (tally.scores[i].score <= result.median) centre = i;
  }
  const Vector2d of_centre = vector_of(lines[centre]);
  const double rate_of_centre = logistic(lines[centre].offset + of_centre.dot(curve.coefficients));
  double below = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LocalNormRow& row = result.rows.emplace_back();
    const ScoreCount& here = tally.scores[i];
    const double people = static_cast<double>(here.events + here.others);
    row.score = here.score;
    row.n = here.events + here.others;
    row.events = here.events;
    const Vector2d x = vector_of(lines[i]);
    row.rate = on_logit(lines[i].offset + x.dot(curve.coefficients), std::sqrt(x.dot(curve.covariance * x)), z);
    row.percentile = 100 * (below + people / 2) / n;
    below += people;
    // d log(rate) = (1 - rate) d logit(rate)
    const Vector2d change = (1 - row.rate.value) * x - (1 - rate_of_centre) * of_centre;
    const double ratio = row.rate.value / rate_of_centre, error = std::sqrt(change.dot(curve.covariance * change));
    row.risk_ratio = detail::without_interval(ratio, Status::no_variance);
    if (i != centre) {
      row.risk_ratio = detail::exponential(detail::with_interval(std::log(ratio), error, options.level));
      row.risk_ratio.value = ratio;
    }
  }
  return result;
}

}  // namespace appraise::statistics
