#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "appraise/statistics/regression.hpp"
#include "statistics/common.hpp"
#include "statistics/rows.hpp"
#include "statistics/separation.hpp"

namespace appraise::statistics {
namespace {

using detail::Rows;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index block = 512;

/// The log-likelihood with its first and second derivatives.
struct Slope {
  double log_likelihood = 0;
  VectorXd gradient;
  MatrixXd information;
};

class LogisticModel {
 public:
  LogisticModel(const Rows& rows, bool intercept)
      : rows_(rows), first_(intercept ? 1 : 0), weighted_((rows.weights.array() != 1).any()) {}

  [[nodiscard]] Index size() const { return first_ + rows_.covariates.cols(); }

  [[nodiscard]] Slope at(const VectorXd& beta) const {
    switch (rows_.covariates.cols()) {
      case 1:
        return at<1>(beta);
      case 2:
        return at<2>(beta);
      case 3:
        return at<3>(beta);
      default:
        return at<Eigen::Dynamic>(beta);
    }
  }

  /// Whether everybody with the outcome lies on one side along `direction` and everybody else on the other, to
  /// `tolerance` of the widest distance; and somebody lies apart.
  [[nodiscard]] bool separates(const VectorXd& direction, double tolerance) const {
    const Index n = rows_.covariates.rows();
    double least = 0, most = 0;
    for (Index i = 0; i < n; ++i) {
      double along = rows_.covariates.row(i).dot(direction.tail(rows_.covariates.cols()));
      if (first_ == 1) along += direction[0];
      const double towards = rows_.outcomes[static_cast<std::size_t>(i)] == 1 ? along : -along;
      least = std::min(least, towards);
      most = std::max(most, towards);
    }
    return most > 0 && -least <= tolerance * most;
  }

 private:
  template <int P>
  [[nodiscard]] Slope at(const VectorXd& beta) const {
    using Columns = Eigen::Matrix<double, Eigen::Dynamic, P, P == 1 ? Eigen::ColMajor : Eigen::RowMajor>;
    using Values = Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, block, 1>;
    const Index n = rows_.covariates.rows(), p = rows_.covariates.cols();
    const Eigen::Map<const Columns> all(rows_.covariates.data(), n, p);
    const Eigen::Matrix<double, P, 1> slopes = beta.tail(p);
    Slope slope{0, VectorXd::Zero(size()), MatrixXd::Zero(size(), size())};
    detail::Sum likelihood;
    Values gain, residual, curvature;
    for (Index from = 0; from < n; from += block) {
      const Index m = std::min(block, n - from);
      const auto x = all.middleRows(from, m);
      const double* w = rows_.weights.data() + from;
      const std::uint8_t* y = rows_.outcomes.data() + from;
      Values eta = rows_.offset.segment(from, m);
      eta += (x * slopes).array();
      if (first_ == 1) eta += beta[0];
      // exp of a number that is not positive cannot overflow.
      const Values e = (-eta.abs()).exp();
      gain.resize(m);
      residual.resize(m);
      curvature.resize(m);
      for (Index i = 0; i < m; ++i) {
        const double share = 1 / (1 + e[i]), rest = e[i] * share;
        gain[i] = y[i] * eta[i] - (eta[i] >= 0 ? eta[i] : 0);
        residual[i] = w[i] * (y[i] - (eta[i] >= 0 ? share : rest));
        curvature[i] = w[i] * (share * rest);
      }
      // The logarithm of a product of factors up to 2: one of them for a block, not one for each row.
      likelihood.add(weighted_ ? (rows_.weights.segment(from, m).array() * (gain - e.log1p())).sum()
                               : gain.sum() - std::log((1 + e).prod()));
      slope.gradient.tail(p) += x.transpose() * residual.matrix();
      const Columns curved = x.array().colwise() * curvature;
      slope.information.bottomRightCorner(p, p).noalias() += x.transpose() * curved;
      if (first_ == 1) {
        slope.gradient[0] += residual.sum();
        slope.information(0, 0) += curvature.sum();
        slope.information.col(0).tail(p) += x.transpose() * curvature.matrix();
      }
    }
    if (first_ == 1) slope.information.row(0).tail(p) = slope.information.col(0).tail(p).transpose();
    slope.log_likelihood = likelihood.value();
    return slope;
  }

  const Rows& rows_;
  Index first_;
  bool weighted_;
};

/// One covariate and an intercept: the direction in which the scores of the two kinds do not overlap; 0 if they do.
double parted(const Rows& rows) {
  double low[2] = {detail::infinity, detail::infinity}, high[2] = {-detail::infinity, -detail::infinity};
  for (Index i = 0; i < rows.covariates.rows(); ++i) {
    const std::size_t kind = rows.outcomes[static_cast<std::size_t>(i)];
    low[kind] = std::min(low[kind], rows.covariates(i, 0));
    high[kind] = std::max(high[kind], rows.covariates(i, 0));
  }
  if (high[0] <= low[1]) return 1;
  return high[1] <= low[0] ? -1 : 0;
}

/// Log-likelihood of the intercept alone: the share with the outcome; with an offset, Newton's steps in one unknown.
double null_likelihood(const Rows& rows, bool intercept) {
  if (intercept && (rows.offset.array() == 0).all()) {
    double events = 0;
    for (Index i = 0; i < rows.weights.size(); ++i) {
      if (rows.outcomes[static_cast<std::size_t>(i)] == 1) events += rows.weights[i];
    }
    const double others = rows.weights.sum() - events, all = events + others;
    return events * std::log(events / all) + others * std::log(others / all);
  }
  Rows alone;
  alone.covariates.resize(rows.covariates.rows(), 0);
  alone.weights = rows.weights;
  alone.offset = rows.offset;
  alone.outcomes = rows.outcomes;
  const LogisticModel model(alone, intercept);
  VectorXd beta = VectorXd::Zero(model.size());
  Slope slope = model.at(beta);
  for (int i = 0; intercept && i < detail::most_iterations; ++i) {
    const VectorXd step = slope.information.ldlt().solve(slope.gradient).cwiseMin(2).cwiseMax(-2);
    if (!step.allFinite()) break;
    beta += step;
    slope = model.at(beta);
    if (detail::settled(step, beta)) break;
  }
  return slope.log_likelihood;
}

/// `proved(direction)`: whether the rows are separated along it.
template <class Proved>
Status fit(const LogisticModel& model, VectorXd& beta, Slope& slope, int& iterations, Proved proved) {
  slope = model.at(beta);
  for (iterations = 1; iterations <= detail::most_iterations; ++iterations) {
    VectorXd step = slope.information.ldlt().solve(slope.gradient);
    if (!step.allFinite()) return Status::not_converged;
    if (detail::settled(step, beta)) {  // too short to change the likelihood or its curvature
      beta += step;
      return Status::estimated;
    }
    Slope next = model.at(beta + step);
    for (int halved = 0;
         halved < 30 && !(next.log_likelihood >= slope.log_likelihood - 1e-9 * (1 + std::abs(slope.log_likelihood)));
         ++halved) {
      step /= 2;
      next = model.at(beta + step);
    }
    beta += step;
    slope = std::move(next);
    // Along a direction that separates, steps keep their length while everything else settles.
    const bool likely = iterations >= 8 && step.cwiseAbs().maxCoeff() > 0.01 && model.separates(step, 1e-6);
    if (likely && proved(step)) return Status::separated;
  }
  return Status::not_converged;
}

/// One covariate without offset: people of nearly one value together, at their mean.
Rows nearly_alike(const Rows& rows) {
  constexpr std::size_t bins = 4096;
  struct Bin {
    std::array<double, 2> weight{}, sum{};
  };
  std::vector<Bin> held(bins + 1);
  const double least = rows.covariates.minCoeff(), scale = bins / (rows.covariates.maxCoeff() - least);
  for (Index i = 0; i < rows.covariates.rows(); ++i) {
    const double x = rows.covariates(i, 0), weight = rows.weights[i];
    const std::uint8_t kind = rows.outcomes[static_cast<std::size_t>(i)];
    Bin& bin = held[static_cast<std::size_t>((x - least) * scale)];
    bin.weight[kind] += weight;
    bin.sum[kind] += weight * x;
  }
  Rows few;
  std::vector<double> values, weights;
  for (const Bin& bin : held) {
    for (std::uint8_t kind = 0; kind < 2; ++kind) {
      if (!(bin.weight[kind] > 0)) continue;
      values.push_back(bin.sum[kind] / bin.weight[kind]);
      weights.push_back(bin.weight[kind]);
      few.outcomes.push_back(kind);
    }
  }
  const auto m = static_cast<Index>(values.size());
  few.covariates = Eigen::Map<const VectorXd>(values.data(), m);
  few.weights = Eigen::Map<const VectorXd>(weights.data(), m);
  few.offset = VectorXd::Zero(m);
  return few;
}

/// Where the steps begin: of many rows, at a fit that is nearly theirs.
VectorXd start(const Rows& rows, bool intercept) {
  VectorXd beta = VectorXd::Zero(rows.covariates.cols() + (intercept ? 1 : 0));
  const bool alone = rows.covariates.cols() == 1 && (rows.offset.array() == 0).all();
  const std::optional<Rows> some =
      rows.covariates.rows() >= detail::many && alone ? nearly_alike(rows) : detail::sample_of(rows);
  if (!some) return beta;
  VectorXd found = beta;
  Slope slope;
  int iterations = 0;
  const auto given_up = [](const VectorXd&) { return true; };
  return fit(LogisticModel(*some, intercept), found, slope, iterations, given_up) == Status::estimated ? found : beta;
}

}  // namespace

Regression logistic_regression(Covariates covariates, std::span<const std::uint8_t> outcomes,
                               const RegressionOptions& options) {
  const Rows rows = detail::complete_rows("logistic_regression", covariates, {}, outcomes, options);
  Regression result;
  result.sample = rows.sample;
  result.status = rows.status;
  const bool one_class = rows.sample.events == 0 || rows.sample.events == rows.sample.n;
  if (result.status != Status::no_data && one_class) result.status = Status::one_class;
  if (result.status == Status::estimated && options.intercept && covariates.size() == 1) {
    const VectorXd direction = VectorXd::Constant(1, parted(rows));
    if (direction[0] != 0 && detail::proved_apart(covariates, rows, direction, true)) result.status = Status::separated;
  }
  const std::size_t size = covariates.size() + (options.intercept ? 1 : 0);
  if (result.status == Status::estimated) {
    const LogisticModel model(rows, options.intercept);
    VectorXd beta = start(rows, options.intercept);
    Slope slope;
    result.status = fit(model, beta, slope, result.iterations, [&](const VectorXd& step) {
      return detail::proved_apart(covariates, rows, detail::as_given(rows, step), options.intercept);
    });
    if (result.status == Status::estimated) {
      result.log_likelihood = slope.log_likelihood;
      result.null_log_likelihood = null_likelihood(rows, options.intercept);
      detail::write_coefficients(rows, beta, slope.information, options.intercept, options.level, result);
      return result;
    }
  }
  result.coefficients.assign(size, detail::absent(result.status));
  result.covariance.assign(size * size, not_available);
  return result;
}

Test likelihood_ratio_test(const Regression& larger, const Regression& smaller) {
  constexpr std::string_view name = "likelihood_ratio_test";
  if (larger.sample.n != smaller.sample.n || larger.sample.events != smaller.sample.events) {
    detail::refuse(name, "smaller", std::to_string(smaller.sample.n) + " rows",
                   std::to_string(larger.sample.n) + ": both fits are of the same rows");
  }
  if (smaller.coefficients.size() >= larger.coefficients.size()) {
    detail::refuse(name, "smaller", std::to_string(smaller.coefficients.size()) + " coefficients",
                   "fewer than the larger one has");
  }
  for (const Regression* each : {&larger, &smaller}) {
    if (each->status != Status::estimated) return detail::absent_test(each->status);
  }
  return detail::chi_square_test(2 * (larger.log_likelihood - smaller.log_likelihood),
                                 static_cast<double>(larger.coefficients.size() - smaller.coefficients.size()));
}

}  // namespace appraise::statistics
