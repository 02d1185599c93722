/// Area under the ROC curve, with the interval and the tests of DeLong.
#pragma once

#include <cstdint>
#include <span>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// How the interval of an AUC is made.
enum class AucInterval : std::uint8_t {
  normal,  ///< value +- z * standard error, ends cut at 0 and 1
  logit,   ///< the same of log(AUC / (1 - AUC)), so that both ends lie inside
};

/// The chance that somebody with the outcome scores higher than somebody without it.
struct Auc {
  Estimate auc;
  std::uint64_t concordant = 0;  ///< pairs in which the one with the outcome scores higher
  std::uint64_t tied = 0;        ///< pairs of equal scores; they count half
  std::uint64_t pairs = 0;
  Sample sample;
};

/// AUC of `scores` for `outcomes` (0, 1 or `missing_outcome`); a higher score means more risk.
///
/// Shape:    n scores, n outcomes
/// Missing:  NaN scores and missing outcomes are left out, and counted
/// Errors:   UsageError if lengths differ, an outcome is none of 0, 1, missing, or `level` is not inside (0, 1)
/// Cost:     O(n log n); pairs are counted as whole numbers, so that it is 1 exactly where no pair is out of order
/// Accuracy: value correctly rounded but for the last bit; standard error 1e-12 relative
/// Source:   DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44, 837-845; pairs by ranks: Sun & Xu (2014), IEEE
///           Signal Processing Letters 21, 1389-1393
[[nodiscard]] Auc auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes, double level = 0.95,
                      AucInterval interval = AucInterval::normal);

/// Two AUCs and how sure their difference (first less second) is.
struct AucDifference {
  Auc first;
  Auc second;
  Estimate difference;
  double correlation = not_available;  ///< of the two AUCs; 0 if the people differ
  Test test;
};

/// Two scores of the same people. Rows that lack either score are left out of both.
///
/// Errors: as for auc()
/// Source: DeLong et al. (1988), the statistic is normal
[[nodiscard]] AucDifference auc_difference(std::span<const double> first, std::span<const double> second,
                                           std::span<const std::uint8_t> outcomes, double level = 0.95);

/// Scores of different people, such as two groups or two samples.
///
/// Errors: as for auc()
/// Source: DeLong's variances; Student's t with the degrees of freedom of Welch (1947), as pROC's roc.test
[[nodiscard]] AucDifference auc_difference_unpaired(std::span<const double> first,
                                                    std::span<const std::uint8_t> first_outcomes,
                                                    std::span<const double> second,
                                                    std::span<const std::uint8_t> second_outcomes, double level = 0.95);

}  // namespace appraise::statistics
