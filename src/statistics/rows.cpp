#include "statistics/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "statistics/common.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics::detail {
namespace {

using Matrix = Rows::Matrix;

constexpr double least_independence = 1e-11;  ///< of a covariate from the others, as a share of its variance

void check_weights(std::string_view function, std::span<const double> weights) {
  const auto wrong = std::find_if(weights.begin(), weights.end(), [](double w) { return w < 0 || std::isinf(w); });
  if (wrong == weights.end()) return;
  refuse(function, "weights", text_of(*wrong), "finite weights that are not negative");
}

/// Covariates in standard units; says which of them cannot be fitted.
Status standardise(Rows& rows) {
  const auto p = rows.covariates.cols();
  rows.centre = rows.covariates.colwise().mean();
  rows.spread = Eigen::VectorXd::Zero(p);
  for (Eigen::Index j = 0; j < p; ++j) {
    const auto column = rows.covariates.col(j).array();
    rows.spread[j] = std::sqrt((column - rows.centre[j]).square().mean());
    if (!(rows.spread[j] > 1e-14 * std::abs(rows.centre[j]))) return Status::constant;
  }
  rows.covariates = (rows.covariates.rowwise() - rows.centre.transpose()) * rows.spread.cwiseInverse().asDiagonal();
  if (p < 2) return Status::estimated;
  const Eigen::MatrixXd correlation =
      rows.covariates.transpose() * rows.covariates / static_cast<double>(rows.covariates.rows());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> values(correlation, Eigen::EigenvaluesOnly);
  return values.eigenvalues().minCoeff() > least_independence ? Status::estimated : Status::collinear;
}

/// One covariate of few distinct values: people of one value and one outcome are one row, with their weights together.
std::optional<Rows> grouped_rows(std::span<const double> covariate, std::span<const std::uint8_t> outcomes,
                                 std::span<const double> weights) {
  struct Group {
    std::array<double, 2> weight{};
    std::array<std::int64_t, 2> people{};
    std::array<std::uint32_t, 2> first{};
  };
  FewNumbers few(outcomes.size());
  std::vector<Group> groups(few.most());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (outcomes[i] == missing_outcome || !std::isfinite(covariate[i]) || !(weight > 0)) continue;
    const std::uint32_t place = few.place(covariate[i]);
    if (place == FewNumbers::none) return {};
    Group& group = groups[place];
    if (group.people[outcomes[i]]++ == 0) group.first[outcomes[i]] = static_cast<std::uint32_t>(i);
    group.weight[outcomes[i]] += weight;
  }
  const std::vector<std::uint32_t> ranks = few.ranks();
  std::vector<std::uint32_t> places(ranks.size());
  for (std::uint32_t k = 0; k < ranks.size(); ++k) places[ranks[k]] = k;
  Rows rows;
  std::vector<double> values, held;
  for (const std::uint32_t place : places) {
    for (std::uint8_t kind = 0; kind < 2; ++kind) {
      if (groups[place].people[kind] == 0) continue;
      values.push_back(few.values()[place]);
      held.push_back(groups[place].weight[kind]);
      rows.outcomes.push_back(kind);
      rows.given.push_back(groups[place].first[kind]);
      rows.sample.n += groups[place].people[kind];
      rows.sample.events += kind == 1 ? groups[place].people[kind] : 0;
    }
  }
  const auto m = static_cast<Eigen::Index>(values.size());
  rows.covariates = Eigen::Map<const Eigen::VectorXd>(values.data(), m);
  rows.weights = Eigen::Map<const Eigen::VectorXd>(held.data(), m);
  rows.offset = Eigen::VectorXd::Zero(m);
  rows.sample.left_out = static_cast<std::int64_t>(outcomes.size()) - rows.sample.n;
  rows.status = m == 0 ? Status::no_data : standardise(rows);
  return rows;
}

}  // namespace

Rows complete_rows(std::string_view function, Covariates covariates, std::span<const double> times,
                   std::span<const std::uint8_t> outcomes, const RegressionOptions& options) {
  const std::size_t n = outcomes.size();
  check_level(function, options.level);
  check_outcomes(function, times.empty() ? "outcomes" : "events", outcomes);
  for (const auto& column : covariates) check_length(function, "covariates", column.size(), n);
  if (!options.weights.empty()) check_length(function, "weights", options.weights.size(), n);
  if (!options.offset.empty()) check_length(function, "offset", options.offset.size(), n);
  check_weights(function, options.weights);
  if (covariates.size() == 1 && times.empty() && options.offset.empty()) {
    if (std::optional<Rows> grouped = grouped_rows(covariates[0], outcomes, options.weights))
      return *std::move(grouped);
  }
  std::vector<std::uint32_t> kept;
  kept.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    bool complete = outcomes[i] != missing_outcome && (times.empty() || !std::isnan(times[i]));
    for (const auto& column : covariates) complete = complete && std::isfinite(column[i]);
    if (!options.weights.empty()) complete = complete && options.weights[i] > 0;
    if (!options.offset.empty()) complete = complete && std::isfinite(options.offset[i]);
    if (complete) kept.push_back(static_cast<std::uint32_t>(i));
  }
  Rows rows;
  const auto m = static_cast<Eigen::Index>(kept.size());
  rows.covariates.resize(m, static_cast<Eigen::Index>(covariates.size()));
  const auto gather = [&](std::span<const double> from, auto&& to, double otherwise) {
    for (Eigen::Index i = 0; i < m; ++i) to[i] = from.empty() ? otherwise : from[kept[static_cast<std::size_t>(i)]];
  };
  for (std::size_t j = 0; j < covariates.size(); ++j) {
    gather(covariates[j], rows.covariates.col(static_cast<Eigen::Index>(j)), 0);
  }
  rows.weights.resize(m);
  rows.offset.resize(m);
  gather(options.weights, rows.weights, 1);
  gather(options.offset, rows.offset, 0);
  if (!times.empty()) {
    rows.times.resize(m);
    gather(times, rows.times, 0);
  }
  rows.outcomes.reserve(kept.size());
  for (const std::uint32_t i : kept) rows.outcomes.push_back(outcomes[i]);
  rows.given = std::move(kept);
  rows.sample.n = static_cast<std::int64_t>(m);
  rows.sample.events = std::count(rows.outcomes.begin(), rows.outcomes.end(), std::uint8_t{1});
  rows.sample.left_out = static_cast<std::int64_t>(n) - rows.sample.n;
  rows.status = m == 0 ? Status::no_data : standardise(rows);
  return rows;
}

namespace {

/// The rows `row_of(0)` ... `row_of(count - 1)`, of the same standard units.
template <class RowOf>
Rows rows_at(const Rows& rows, Eigen::Index count, RowOf row_of) {
  Rows taken;
  taken.covariates.resize(count, rows.covariates.cols());
  taken.weights.resize(count);
  taken.offset.resize(count);
  taken.times.resize(rows.times.size() > 0 ? count : 0);
  taken.outcomes.resize(static_cast<std::size_t>(count));
  taken.given.resize(static_cast<std::size_t>(count));
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index from = row_of(i);
    for (Eigen::Index j = 0; j < rows.covariates.cols(); ++j) taken.covariates(i, j) = rows.covariates(from, j);
    taken.weights[i] = rows.weights[from];
    taken.offset[i] = rows.offset[from];
    if (taken.times.size() > 0) taken.times[i] = rows.times[from];
    taken.outcomes[static_cast<std::size_t>(i)] = rows.outcomes[static_cast<std::size_t>(from)];
    taken.given[static_cast<std::size_t>(i)] = rows.given[static_cast<std::size_t>(from)];
  }
  taken.centre = rows.centre;
  taken.spread = rows.spread;
  taken.sample = rows.sample;
  taken.status = rows.status;
  return taken;
}

}  // namespace

void reorder(Rows& rows, std::span<const std::uint32_t> order) {
  rows = rows_at(rows, static_cast<Eigen::Index>(order.size()),
                 [&](Eigen::Index i) { return Eigen::Index{order[static_cast<std::size_t>(i)]}; });
}

std::optional<Rows> sample_of(const Rows& rows) {
  constexpr Eigen::Index step = 16;
  if (rows.covariates.rows() < many) return {};
  return rows_at(rows, rows.covariates.rows() / step, [&](Eigen::Index i) { return i * step; });
}

void write_coefficients(const Rows& rows, const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& information,
                        bool intercept, double level, Regression& result) {
  const Eigen::Index first = intercept ? 1 : 0, p = rows.covariates.cols(), all = first + p;
  // beta = scale * standard + shift of the intercept.
  Eigen::MatrixXd units = Eigen::MatrixXd::Identity(all, all);
  for (Eigen::Index j = 0; j < p; ++j) {
    units(first + j, first + j) = 1 / rows.spread[j];
    if (intercept) units(0, first + j) = -rows.centre[j] / rows.spread[j];
  }
  const Eigen::VectorXd beta = units * coefficients;
  const Eigen::MatrixXd covariance =
      units * information.ldlt().solve(Eigen::MatrixXd::Identity(all, all)) * units.transpose();
  for (Eigen::Index j = 0; j < all; ++j) {
    result.coefficients.push_back(with_interval(beta[j], std::sqrt(covariance(j, j)), level));
    for (Eigen::Index k = 0; k < all; ++k) result.covariance.push_back(covariance(j, k));
  }
}

}  // namespace appraise::statistics::detail
