/// The complete rows of a regression, and the covariates in standard units.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "appraise/statistics/regression.hpp"

namespace appraise::statistics::detail {

/// Complete rows, row after row: with covariates of very different size the equations would lose their digits, so each
/// is centred and divided by its standard deviation. People who are alike may share a row, with their weights together.
struct Rows {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Matrix covariates;
  Eigen::VectorXd weights;
  Eigen::VectorXd offset;
  Eigen::VectorXd times;  ///< empty for logistic regression
  std::vector<std::uint8_t> outcomes;
  std::vector<std::uint32_t> given;  ///< of each row, the one that was given; of several alike, the first
  Eigen::VectorXd centre;
  Eigen::VectorXd spread;
  Sample sample;
  Status status = Status::estimated;  ///< no_data, constant or collinear if nothing can be fitted
};

/// Errors: UsageError as the regressions say
[[nodiscard]] Rows complete_rows(std::string_view function, Covariates covariates, std::span<const double> times,
                                 std::span<const std::uint8_t> outcomes, const RegressionOptions& options);

/// The rows in the given order.
void reorder(Rows& rows, std::span<const std::uint32_t> order);

/// So many rows that it pays to begin a fit with something less than all.
inline constexpr std::int64_t many = 1 << 16;

/// Every sixteenth row of many, to begin a fit with; nothing of few.
[[nodiscard]] std::optional<Rows> sample_of(const Rows& rows);

/// Turns the fit in standard units into one of the units given.
void write_coefficients(const Rows& rows, const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& information,
                        bool intercept, double level, Regression& result);

/// Whether a step is too small to matter to any digit that is promised. Newton's steps: the error that it leaves is of
/// the order of its square.
[[nodiscard]] inline bool settled(const Eigen::VectorXd& step, const Eigen::VectorXd& coefficients) {
  return (step.array().abs() <= 1e-10 * (1 + coefficients.array().abs())).all();
}

inline constexpr int most_iterations = 60;

}  // namespace appraise::statistics::detail
