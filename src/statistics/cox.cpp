#include <algorithm>
#include <cmath>
#include <optional>

#include "appraise/statistics/regression.hpp"
#include "statistics/common.hpp"
#include "statistics/order.hpp"
#include "statistics/rows.hpp"
#include "statistics/separation.hpp"

namespace appraise::statistics {
namespace {

using detail::Rows;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Sums of exp(linear predictor) over a set of people, with the covariates once and twice. Fixed size where it is
/// small.
template <int P>
struct Moments {
  using Vector = Eigen::Matrix<double, P, 1>;
  using Square = Eigen::Matrix<double, P, P>;
  double zeroth = 0;
  Vector first;
  Square second;

  explicit Moments(Index p) : first(Vector::Zero(p)), second(Square::Zero(p, p)) {}
  void clear() {
    zeroth = 0;
    first.setZero();
    second.setZero();
  }
  template <class Row>
  void add(double e, const Row& x) {
    zeroth += e;
    first += e * x.transpose();
    second += (e * x.transpose()) * x;
  }
};

struct Slope {
  double log_likelihood = 0;
  VectorXd gradient;
  MatrixXd information;
};

/// Log partial likelihood; `rows` are in descending order of time.
template <int P>
Slope slope_at(const Rows& rows, const VectorXd& beta) {
  using Vector = typename Moments<P>::Vector;
  const Index n = rows.covariates.rows(), p = rows.covariates.cols();
  Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, P, P == 1 ? Eigen::ColMajor : Eigen::RowMajor>> x(
      rows.covariates.data(), n, p);
  const Vector b = beta;
  Eigen::ArrayXd eta = rows.offset.array() + (x * b).array();
  eta -= eta.maxCoeff();  // adds the same to numerator and denominator
  const Eigen::ArrayXd risk = rows.weights.array() * eta.exp();
  Moments<P> at_risk(p), of_events(p);
  Vector gradient = Vector::Zero(p);
  typename Moments<P>::Square information = Moments<P>::Square::Zero(p, p);
  detail::Sum likelihood;
  for (Index i = 0; i < n;) {
    const double time = rows.times[i];
    int deaths = 0;
    double weight = 0;
    of_events.clear();
    for (; i < n && rows.times[i] == time; ++i) {
      at_risk.add(risk[i], x.row(i));
      if (rows.outcomes[static_cast<std::size_t>(i)] != 1) continue;
      ++deaths;
      weight += rows.weights[i];
      of_events.add(risk[i], x.row(i));
      likelihood.add(rows.weights[i] * eta[i]);
      gradient += rows.weights[i] * x.row(i).transpose();
    }
    for (int k = 0; k < deaths; ++k) {
      const double share = static_cast<double>(k) / deaths, each = weight / deaths;
      const double s0 = at_risk.zeroth - share * of_events.zeroth;
      const Vector mean = (at_risk.first - share * of_events.first) / s0;
      likelihood.add(-each * std::log(s0));
      gradient -= each * mean;
      information += each * ((at_risk.second - share * of_events.second) / s0 - mean * mean.transpose());
    }
  }
  return {likelihood.value(), gradient, information};
}

Slope slope_at(const Rows& rows, const VectorXd& beta) {
  switch (rows.covariates.cols()) {
    case 1:
      return slope_at<1>(rows, beta);
    case 2:
      return slope_at<2>(rows, beta);
    case 3:
      return slope_at<3>(rows, beta);
    default:
      return slope_at<Eigen::Dynamic>(rows, beta);
  }
}

/// Log partial likelihood of no covariate.
double null_likelihood(const Rows& rows) {
  const Index n = rows.offset.size();
  const double highest = rows.offset.maxCoeff();
  double at_risk = 0;
  detail::Sum likelihood;
  for (Index i = 0; i < n;) {
    const double time = rows.times[i];
    int deaths = 0;
    double weight = 0, of_events = 0;
    for (; i < n && rows.times[i] == time; ++i) {
      const double eta = rows.offset[i] - highest, risk = rows.weights[i] * (eta == 0 ? 1 : std::exp(eta));
      at_risk += risk;
      if (rows.outcomes[static_cast<std::size_t>(i)] != 1) continue;
      ++deaths;
      weight += rows.weights[i];
      of_events += risk;
      likelihood.add(rows.weights[i] * eta);
    }
    for (int k = 0; k < deaths; ++k) {
      likelihood.add(-weight / deaths * std::log(at_risk - static_cast<double>(k) / deaths * of_events));
    }
  }
  return likelihood.value();
}

/// Whether at every event the person lies furthest along `direction` of all who are at risk, to `tolerance` of the
/// widest distance, and at one of them somebody lies apart.
bool always_first(const Rows& rows, const VectorXd& direction, double tolerance) {
  const Index n = rows.covariates.rows();
  const VectorXd along = rows.covariates * direction;
  double furthest = -detail::infinity, nearest = detail::infinity, behind = 0, apart = 0;
  for (Index i = 0; i < n;) {
    const double time = rows.times[i];
    const Index first = i;
    for (; i < n && rows.times[i] == time; ++i) {
      furthest = std::max(furthest, along[i]);
      nearest = std::min(nearest, along[i]);
    }
    for (Index k = first; k < i; ++k) {
      if (rows.outcomes[static_cast<std::size_t>(k)] != 1) continue;
      behind = std::max(behind, furthest - along[k]);
      apart = std::max(apart, along[k] - nearest);
    }
  }
  return apart > 0 && behind <= tolerance * apart;
}

/// `proved(direction)`: whether those with an event come first along it.
template <class Proved>
Status fit(const Rows& rows, VectorXd& beta, Slope& slope, int& iterations, Proved proved) {
  slope = slope_at(rows, beta);
  // Nobody at risk differs from those who had the event: the likelihood is flat.
  double weight = 0;
  for (Index i = 0; i < rows.weights.size(); ++i) {
    if (rows.outcomes[static_cast<std::size_t>(i)] == 1) weight += rows.weights[i];
  }
  if (slope.information.diagonal().minCoeff() <= 1e-12 * weight) return Status::constant;
  const VectorXd flat = 1e-14 * slope.information.diagonal();  // below that it is what rounding leaves
  for (iterations = 1; iterations <= detail::most_iterations; ++iterations) {
    VectorXd step = slope.information.ldlt().solve(slope.gradient);
    if (!step.allFinite() || (slope.information.diagonal().array() < flat.array()).any()) return Status::not_converged;
    if (detail::settled(step, beta)) {  // too short to change the likelihood or its curvature
      beta += step;
      return Status::estimated;
    }
    Slope next = slope_at(rows, beta + step);
    const double least = slope.log_likelihood - 1e-9 * (1 + std::abs(slope.log_likelihood));
    for (int halved = 0; halved < 30 && !(next.log_likelihood >= least); ++halved) {
      step /= 2;
      next = slope_at(rows, beta + step);
    }
    beta += step;
    slope = std::move(next);
    const bool likely = iterations >= 8 && step.cwiseAbs().maxCoeff() > 0.01 && always_first(rows, step, 1e-6);
    if (likely && proved(step)) return Status::separated;
  }
  return Status::not_converged;
}

/// Where the steps begin: of many rows, at the fit of every sixteenth one, which is nearly that of all.
VectorXd start(const Rows& rows) {
  VectorXd beta = VectorXd::Zero(rows.covariates.cols());
  const std::optional<Rows> some = detail::sample_of(rows);
  if (!some) return beta;
  VectorXd found = beta;
  Slope slope;
  int iterations = 0;
  const auto given_up = [](const VectorXd&) { return true; };
  return fit(*some, found, slope, iterations, given_up) == Status::estimated ? found : beta;
}

/// One covariate: whether those with an event always come first, or always last.
bool separated_by_one(Covariates covariates, const Rows& rows) {
  for (const double side : {1.0, -1.0}) {
    const VectorXd direction = VectorXd::Constant(1, side);
    if (always_first(rows, direction, 0) && detail::proved_first(covariates, rows, direction)) return true;
  }
  return false;
}

}  // namespace

Regression cox_regression(Covariates covariates, std::span<const double> times, std::span<const std::uint8_t> events,
                          const RegressionOptions& options) {
  constexpr std::string_view name = "cox_regression";
  detail::check_length(name, "times", times.size(), events.size());
  detail::check_times(name, times);
  if (covariates.empty()) detail::refuse(name, "covariates", "none", "at least one");
  Rows rows = detail::complete_rows(name, covariates, times, events, options);
  Regression result;
  result.sample = rows.sample;
  result.status = rows.status;
  if (result.status != Status::no_data && rows.sample.events == 0) result.status = Status::no_events;
  if (result.status == Status::estimated) {
    std::vector<std::uint32_t> order =
        detail::order_of({rows.times.data(), static_cast<std::size_t>(rows.times.size())});
    std::reverse(order.begin(), order.end());
    detail::reorder(rows, order);
    if (covariates.size() == 1 && separated_by_one(covariates, rows)) result.status = Status::separated;
  }
  if (result.status == Status::estimated) {
    VectorXd beta = start(rows);
    Slope slope;
    result.status = fit(rows, beta, slope, result.iterations, [&](const VectorXd& step) {
      return detail::proved_first(covariates, rows, detail::as_given(rows, step));
    });
    if (result.status == Status::estimated) {
      result.log_likelihood = slope.log_likelihood;
      result.null_log_likelihood = null_likelihood(rows);
      detail::write_coefficients(rows, beta, slope.information, false, options.level, result);
      return result;
    }
  }
  result.coefficients.assign(covariates.size(), detail::absent(result.status));
  result.covariance.assign(covariates.size() * covariates.size(), not_available);
  return result;
}

}  // namespace appraise::statistics
