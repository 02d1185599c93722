/// The complete rows of a regression, and the covariates in standard units.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "appraise/statistics/regression.hpp"

namespace appraise::statistics::detail {

/// Complete rows, row after row: with covariates of very different size the equations would lose their digits, so each
/// is centred and divided by its standard deviation.
struct Rows {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Matrix covariates;
  Eigen::VectorXd weights;
  Eigen::VectorXd offset;
  Eigen::VectorXd times;  ///< empty for logistic regression
  std::vector<std::uint8_t> outcomes;
  Eigen::VectorXd centre;
  Eigen::VectorXd spread;
  Sample sample;
  Status status = Status::estimated;  ///< no_data, constant or collinear if nothing can be fitted
};

/// Errors: UsageError as the regressions say
[[nodiscard]] Rows complete_rows(std::string_view function, Covariates covariates, std::span<const double> times,
                                 std::span<const std::uint8_t> outcomes, const RegressionOptions& options);

/// The rows without those of weight 0, NaN or missing outcome; all rows in the given order otherwise.
void reorder(Rows& rows, std::span<const std::uint32_t> order);

/// Turns the fit in standard units into one of the units given.
void write_coefficients(const Rows& rows, const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& information,
                        bool intercept, double level, Regression& result);

/// Whether a step is too small to matter to any digit that is promised.
[[nodiscard]] inline bool settled(const Eigen::VectorXd& step, const Eigen::VectorXd& coefficients) {
  return (step.array().abs() <= 1e-11 * (1 + coefficients.array().abs())).all();
}

inline constexpr int most_iterations = 60;

}  // namespace appraise::statistics::detail
