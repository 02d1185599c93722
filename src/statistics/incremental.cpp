#include "appraise/statistics/incremental.hpp"

#include <cmath>

#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

using Columns = std::vector<std::span<const double>>;

/// All covariates, and an offset that keeps the rows that lack an added one out of the smaller fit too.
struct Nested {
  Columns both;
  std::vector<double> offset;
};

Nested nest(std::string_view name, Covariates base, Covariates added, std::size_t n, const RegressionOptions& options) {
  if (added.empty()) detail::refuse(name, "added", "none", "at least one covariate");
  for (const auto& column : base) detail::check_length(name, "base", column.size(), n);
  Nested result{Columns(base.begin(), base.end()), std::vector<double>(n, 0)};
  if (!options.offset.empty()) {
    detail::check_length(name, "offset", options.offset.size(), n);
    result.offset.assign(options.offset.begin(), options.offset.end());
  }
  for (const auto& column : added) {
    detail::check_length(name, "added", column.size(), n);
    result.both.push_back(column);
    for (std::size_t i = 0; i < n; ++i) {
      if (!std::isfinite(column[i])) result.offset[i] = not_available;
    }
  }
  return result;
}

}  // namespace

AddedValue added_value(Covariates base, Covariates added, std::span<const std::uint8_t> outcomes,
                       const RegressionOptions& options) {
  const Nested nested = nest("added_value", base, added, outcomes.size(), options);
  RegressionOptions same_rows = options;
  same_rows.offset = nested.offset;
  AddedValue result;
  result.base = logistic_regression(base, outcomes, same_rows);
  result.both = logistic_regression(nested.both, outcomes, same_rows);
  result.test = likelihood_ratio_test(result.both, result.base);
  return result;
}

AddedValue added_value_followed(Covariates base, Covariates added, std::span<const double> times,
                                std::span<const std::uint8_t> events, const RegressionOptions& options) {
  const Nested nested = nest("added_value_followed", base, added, events.size(), options);
  RegressionOptions same_rows = options;
  same_rows.offset = nested.offset;
  AddedValue result;
  result.both = cox_regression(nested.both, times, events, same_rows);
  if (base.empty()) {
    // The model of no covariate is the start of every fit.
    result.base.sample = result.both.sample;
    result.base.status = result.both.status;
    result.base.log_likelihood = result.base.null_log_likelihood = result.both.null_log_likelihood;
  } else {
    result.base = cox_regression(base, times, events, same_rows);
  }
  result.test = likelihood_ratio_test(result.both, result.base);
  return result;
}

}  // namespace appraise::statistics
