/// Whether an instrument works alike for groups of people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/expected_observed.hpp"

namespace appraise::statistics {

/// The figures of one group. A suppressed group has no figures and no counts.
struct GroupFigures {
  std::int32_t group = 0;
  bool suppressed = false;
  Sample sample;
  Estimate base_rate;
  Estimate auc;
  Estimate slope;                      ///< of the logit of the outcome per point
  ExpectedObserved expected_observed;  ///< the next three if rates were given
  Estimate calibration_intercept;      ///< as CalibrationLine
  Estimate calibration_slope;
  Estimate flagged;              ///< the rest if a cut was given: share at or above it
  Estimate false_positive_rate;  ///< of those without the outcome, share at or above the cut
  Estimate false_negative_rate;  ///< of those with it, share below
  Estimate positive_predictive_value;
  Estimate negative_predictive_value;
  /// The false positive rate that the group's base rate would force on it if the predictive value and the false
  /// negative rate were those of all groups together. No interval: it shows what excludes what.
  Estimate implied_false_positive_rate;
};

/// How a group differs from the reference group. Figures of people: the group's less the reference group's.
struct GroupDifference {
  std::int32_t group = 0;
  Difference base_rate;          ///< as proportion_difference(), like all shares
  Difference auc;                ///< as auc_difference_unpaired()
  Difference slope;              ///< Wald, like the next two
  Difference same_score;         ///< odds of the outcome at the same score, over those in the reference group
  Difference expected_observed;  ///< the group's E/O over the reference group's: as expected_observed_ratio()
  Difference calibration_intercept;
  Difference calibration_slope;
  Difference flagged;
  Difference false_positive_rate;
  Difference false_negative_rate;
  Difference positive_predictive_value;
  Difference negative_predictive_value;
};

struct Fairness {
  std::vector<GroupFigures> groups;          ///< ascending by group
  std::optional<std::int32_t> reference;     ///< none if no group is shown
  std::vector<GroupDifference> differences;  ///< of each other group that is shown
  // Tests that all groups that are shown are alike.
  Test base_rate;              ///< Pearson's chi-square, as of all shares
  Test auc;                    ///< chi-square of the DeLong variances
  Test intercepts;             ///< Cleary: the same score means another rate in another group
  Test slopes;                 ///< Cleary: the score predicts more or less well
  Test expected_observed;      ///< as equal_expected_observed()
  Test calibration_intercept;  ///< likelihood ratio, as the next
  Test calibration_slope;
  Test flagged;
  Test false_positive_rate;
  Test false_negative_rate;
  Test positive_predictive_value;
  Test negative_predictive_value;
  std::string note;  ///< which criteria cannot all hold at once, in the words of these figures; to be shown with them
  std::int64_t left_out = 0;
};

struct FairnessOptions {
  std::span<const double> predicted = {};  ///< rates of the norms, for E/O and calibration
  std::optional<double> cut;               ///< for error rates
  std::optional<std::int32_t> reference;   ///< whom the others are compared with; else the largest group
  std::int64_t smallest = 10;  ///< groups and denominators of fewer people are suppressed; 1 suppresses nothing
  double level = 0.95;
};

/// Discrimination, calibration, error rates and differential prediction by group, with tests of their differences.
///
/// Shape:    n scores, n outcomes, n groups (below 0: not known)
/// Missing:  rows that lack a score, outcome, group (or rate, if given) are left out, and counted. Figures that need
/// rates
///           or a cut are `no_data` without them; calibration is `certain` where a group has a rate of 0 or 1. A
///           difference is `suppressed` where one of its two shares is
/// Errors:   UsageError if lengths differ or nobody belongs to `reference`; as auc() and expected_observed()
/// Accuracy: as the statistics it is made of
/// Source:   Cleary (1968), Journal of Educational Measurement 5, 115-124; Skeem & Lowenkamp (2016), Criminology 54,
///           680-712; that error rates and predictive values cannot all be equal where base rates differ: Kleinberg,
///           Mullainathan & Raghavan (2016), arXiv 1609.05807; Chouldechova (2017), Big Data 5, 153-163
[[nodiscard]] Fairness fairness(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                std::span<const std::int32_t> groups, const FairnessOptions& options = {});

}  // namespace appraise::statistics
