/// Logistic and Cox regression, as they are used to refit norms.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// Columns of equal length, one for each covariate.
using Covariates = std::span<const std::span<const double>>;

/// What was fitted. Coefficients are NaN exactly where `status` is not `estimated`.
struct Regression {
  std::vector<Estimate> coefficients;  ///< logistic: the intercept first; then one for each covariate
  std::vector<double> covariance;      ///< of the coefficients, row by row
  double log_likelihood = not_available;
  double null_log_likelihood = not_available;  ///< logistic: of the intercept alone; Cox: of no covariate
  int iterations = 0;
  Sample sample;
  Status status = Status::no_data;
};

struct RegressionOptions {
  double level = 0.95;
  std::span<const double> weights = {};  ///< of the rows (how many people a row stands for); empty: 1 each
  std::span<const double> offset = {};   ///< added to the linear predictor; empty: 0
  bool intercept = true;                 ///< logistic only
};

/// Logistic regression of the outcome on the covariates.
///
/// Shape:    p columns of n, n outcomes
/// Missing:  a row with a NaN or a missing outcome is left out, and counted; so is one of weight 0
/// Errors:   UsageError if lengths differ, an outcome is none of 0, 1, missing, or a weight is negative or not finite
/// Cost:     O(n p^2) an iteration, about six of them, two or three of many rows; O(n) once for one covariate of few
///           distinct values
/// Accuracy: coefficients and standard errors 1e-9 relative
/// Source:   McCullagh & Nelder (1989); Wald intervals. `separated` is proved, not guessed: a direction along which the
///           likelihood rises for ever (Albert & Anderson (1984), Biometrika 71, 1-10) is checked in rational
///           arithmetic. Where the steps run away and no such direction is found, it is `not_converged`
[[nodiscard]] Regression logistic_regression(Covariates covariates, std::span<const std::uint8_t> outcomes,
                                             const RegressionOptions& options = {});

/// Cox regression, ties by Efron.
///
/// Shape:    p columns of n, n times, n events (0, 1 or missing)
/// Missing:  as logistic_regression
/// Errors:   as logistic_regression; UsageError if a time is negative
/// Cost:     O(n log n) once and O(n p^2) an iteration
/// Accuracy: coefficients and standard errors 1e-9 relative
/// Source:   Efron (1977), JASA 72, 557-565; Therneau & Grambsch (2000). `separated` as for logistic_regression
[[nodiscard]] Regression cox_regression(Covariates covariates, std::span<const double> times,
                                        std::span<const std::uint8_t> events, const RegressionOptions& options = {});

/// Likelihood-ratio test of a fit against a nested one of the same rows.
///
/// Errors: UsageError if the samples differ or the second has not fewer coefficients
[[nodiscard]] Test likelihood_ratio_test(const Regression& larger, const Regression& smaller);

}  // namespace appraise::statistics
