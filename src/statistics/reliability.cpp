#include "appraise/statistics/reliability.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "statistics/common.hpp"
#include "statistics/complete.hpp"

namespace appraise::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double alpha_of(const MatrixXd& covariance) {
  const double k = static_cast<double>(covariance.rows());
  return k / (k - 1) * (1 - covariance.trace() / covariance.sum());
}

MatrixXd without(const MatrixXd& matrix, Index left_out) {
  const Index k = matrix.rows();
  MatrixXd rest(k - 1, k - 1);
  for (Index i = 0, r = 0; i < k; ++i) {
    if (i == left_out) continue;
    for (Index j = 0, c = 0; j < k; ++j) {
      if (j != left_out) rest(r, c++) = matrix(i, j);
    }
    ++r;
  }
  return rest;
}

Estimate feldt(double alpha, double n, double k, double level) {
  Estimate estimate = detail::without_interval(alpha, Status::estimated);
  const double tail = (1 - level) / 2, first = n - 1, second = (n - 1) * (k - 1);
  estimate.low = 1 - (1 - alpha) * detail::f_quantile(1 - tail, first, second);
  estimate.high = 1 - (1 - alpha) * detail::f_quantile(tail, first, second);
  return estimate;
}

/// Loadings of one factor that leave the least squares of correlations off the diagonal. Each in turn is set to its
/// best value, which never makes the sum larger.
Status one_factor(const MatrixXd& correlation, VectorXd& loadings) {
  const Index k = correlation.rows();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(correlation);
  loadings = eigen.eigenvectors().col(k - 1) * std::sqrt(eigen.eigenvalues()[k - 1]) * 0.9;
  for (int round = 0; round < 20000; ++round) {
    double change = 0;
    for (Index i = 0; i < k; ++i) {
      const double squares = loadings.squaredNorm() - loadings[i] * loadings[i];
      if (!(squares > 0)) return Status::not_converged;
      const double best = (correlation.col(i).dot(loadings) - loadings[i]) / squares;
      change = std::max(change, std::abs(best - loadings[i]));
      loadings[i] = best;
    }
    if (change < 1e-13) {
      if (loadings.sum() < 0) loadings = -loadings;
      return loadings.cwiseAbs().maxCoeff() < 1 ? Status::estimated : Status::not_converged;
    }
  }
  return Status::not_converged;
}

/// Correlation of an item with the total of the others, with Fisher's interval.
Estimate item_total(const MatrixXd& covariance, Index item, double n, double level) {
  const double own = covariance(item, item), with_rest = covariance.col(item).sum() - own;
  const double rest = covariance.sum() - 2 * covariance.col(item).sum() + own;
  if (!(own > 0 && rest > 0)) return detail::absent(Status::constant);
  const double r = with_rest / std::sqrt(own * rest);
  if (n < 4) return detail::without_interval(r, Status::too_few);
  if (!(std::abs(r) < 1)) return detail::without_interval(r, Status::no_variance);
  const double error = 1 / std::sqrt(n - 3);
  Estimate estimate = detail::with_interval(std::atanh(r), error, level);
  estimate.value = r;
  estimate.low = std::tanh(estimate.low);
  estimate.high = std::tanh(estimate.high);
  return estimate;
}

}  // namespace

Reliability reliability(Items items, double level) {
  detail::check_level("reliability", level);
  const detail::Complete rows = detail::complete("reliability", "items", items);
  const Index k = static_cast<Index>(items.size());
  const double n = static_cast<double>(rows.values.rows()), m = static_cast<double>(k);
  Reliability result;
  result.n = rows.values.rows();
  result.left_out = rows.left_out;
  const Status why = result.n == 0 ? Status::no_data : (result.n < 3 || k < 2 ? Status::too_few : Status::estimated);
  result.alpha = result.standardised = result.omega = detail::absent(why);
  if (why != Status::estimated) return result;
  const MatrixXd centred = rows.values.rowwise() - rows.values.colwise().mean();
  const MatrixXd covariance = centred.transpose() * centred / (n - 1);
  const bool varies = covariance.sum() > 0;
  result.alpha = varies ? feldt(alpha_of(covariance), n, m, level) : detail::absent(Status::constant);
  for (Index j = 0; j < k; ++j) {
    ItemReliability& item = result.items.emplace_back();
    item.item_total = item_total(covariance, j, n, level);
    const MatrixXd rest = without(covariance, j);
    item.alpha_without =
        k < 3 ? detail::absent(Status::too_few)
              : (rest.sum() > 0 ? feldt(alpha_of(rest), n, m - 1, level) : detail::absent(Status::constant));
  }
  if (!(covariance.diagonal().minCoeff() > 0)) {
    result.standardised = result.omega = detail::absent(Status::constant);
    return result;
  }
  const VectorXd scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
  const MatrixXd correlation = scale.asDiagonal() * covariance * scale.asDiagonal();
  result.standardised = feldt(alpha_of(correlation), n, m, level);
  if (k < 3) {
    result.omega = detail::absent(Status::too_few);
    return result;
  }
  VectorXd loadings;
  if (const Status fitted = one_factor(correlation, loadings); fitted != Status::estimated) {
    result.omega = detail::absent(fitted);
    return result;
  }
  const double common = loadings.sum() * loadings.sum(), unique = m - loadings.squaredNorm();
  result.omega = detail::without_interval(common / (common + unique), Status::by_resampling);
  result.loadings.assign(loadings.begin(), loadings.end());
  return result;
}

MeasurementError measurement_error(double standard_deviation, double reliability, double level) {
  constexpr std::string_view name = "measurement_error";
  detail::check_level(name, level);
  if (!(standard_deviation >= 0 && std::isfinite(standard_deviation))) {
    detail::refuse(name, "standard_deviation", detail::text_of(standard_deviation), "a number that is not negative");
  }
  if (!(reliability >= 0 && reliability <= 1)) {
    detail::refuse(name, "reliability", detail::text_of(reliability), "a number from 0 to 1");
  }
  const double sem = standard_deviation * std::sqrt(1 - reliability);
  return {sem, detail::normal_width(level) * std::sqrt(2.0) * sem, Status::estimated};
}

ReliableChange reliable_change(std::span<const double> before, std::span<const double> after, double sem,
                               double level) {
  constexpr std::string_view name = "reliable_change";
  detail::check_level(name, level);
  detail::check_length(name, "after", after.size(), before.size());
  if (!(sem > 0 && std::isfinite(sem))) detail::refuse(name, "sem", detail::text_of(sem), "a positive number");
  const double z = detail::normal_width(level);
  ReliableChange result;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double index = (after[i] - before[i]) / (std::sqrt(2.0) * sem);
    result.index.push_back(index);
    if (std::isnan(index)) {
      ++result.left_out;
      result.direction.push_back(Direction::unknown);
    } else if (std::abs(index) <= z) {
      ++result.unchanged;
      result.direction.push_back(Direction::unchanged);
    } else {
      ++(index > 0 ? result.increased : result.decreased);
      result.direction.push_back(index > 0 ? Direction::increased : Direction::decreased);
    }
  }
  return result;
}

}  // namespace appraise::statistics
