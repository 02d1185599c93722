/// What each cut of a score would have said.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// "Score at or above `cut`" against the outcome. Diagnostic figures depend on the cut and on the base rate; they
/// describe this sample and are no property of the instrument.
struct Cut {
  double cut = 0;
  std::int64_t true_positives = 0;
  std::int64_t false_positives = 0;
  std::int64_t false_negatives = 0;
  std::int64_t true_negatives = 0;
  Estimate sensitivity;
  Estimate specificity;
  Estimate positive_predictive_value;
  Estimate negative_predictive_value;
};

struct Cuts {
  std::vector<Cut> cuts;  ///< one for each score that occurs, ascending
  Sample sample;
};

/// The table of every cut.
///
/// Missing:  NaN scores and missing outcomes are left out, and counted; a proportion of nobody is `too_few`
/// Errors:   as for auc()
/// Cost:     O(n log n)
/// Accuracy: proportions exact; intervals are exact binomial, 1e-12 relative; the standard error is the binomial one
/// Source:   Clopper & Pearson (1934), Biometrika 26, 404-413
[[nodiscard]] Cuts cuts(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level = 0.95);

/// A proportion with its exact binomial interval.
///
/// Errors: UsageError if not 0 <= count <= n
/// Source: Clopper & Pearson (1934)
[[nodiscard]] Estimate proportion(std::int64_t count, std::int64_t n, double level = 0.95);

/// How two independent proportions differ: the first less the second, with the interval of their two score intervals
/// and Pearson's chi-square, no continuity correction.
///
/// Missing:  a proportion of nobody is `too_few`; where both are 0 or both 1 there is no test, `no_variance`
/// Errors:   UsageError if a count is not between 0 and n
/// Accuracy: 1e-12 relative
/// Source:   Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; score intervals: Wilson (1927), JASA 22,
///           209-212; as stats::prop.test(correct = FALSE) has the test
[[nodiscard]] Difference proportion_difference(std::int64_t first_count, std::int64_t first_n,
                                               std::int64_t second_count, std::int64_t second_n, double level = 0.95);

}  // namespace appraise::statistics
