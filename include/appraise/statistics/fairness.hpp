/// Whether an instrument works alike for groups of people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "appraise/statistics/calibration.hpp"
#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// The figures of one group. A suppressed group has no figures and no counts.
struct GroupFigures {
  std::int32_t group = 0;
  bool suppressed = false;
  Sample sample;
  Estimate base_rate;
  Estimate auc;
  Estimate slope;                      ///< of the logit of the outcome per point
  ExpectedObserved expected_observed;  ///< if rates were given
  Estimate flagged;                    ///< the rest if a cut was given: share at or above it
  Estimate false_positive_rate;        ///< of those without the outcome, share at or above the cut
  Estimate false_negative_rate;        ///< of those with it, share below
  Estimate positive_predictive_value;
  Estimate negative_predictive_value;
};

struct Fairness {
  std::vector<GroupFigures> groups;  ///< ascending by group
  Test auc;                          ///< of equal AUCs (chi-square of the DeLong variances)
  Test flagged;                      ///< of equal shares: Pearson's chi-square, as the next four
  Test false_positive_rate;
  Test false_negative_rate;
  Test positive_predictive_value;
  Test negative_predictive_value;
  Test intercepts;        ///< Cleary: the same score means another rate in another group
  Test slopes;            ///< Cleary: the score predicts more or less well
  std::string_view note;  ///< to be shown wherever the figures are
  std::int64_t left_out = 0;
};

struct FairnessOptions {
  std::span<const double> predicted = {};  ///< rates of the norms, for E/O
  std::optional<double> cut;               ///< for error rates
  std::int64_t smallest = 10;  ///< groups and denominators of fewer people are suppressed; 1 suppresses nothing
  double level = 0.95;
};

/// Discrimination, calibration, error rates and differential prediction by group.
///
/// Shape:   n scores, n outcomes, n groups (below 0: not known)
/// Missing: rows that lack a score, outcome, group (or rate, if given) are left out, and counted
/// Errors:  UsageError if lengths differ; as auc() and expected_observed()
/// Source:  Cleary (1968), Journal of Educational Measurement 5, 115-124; Skeem & Lowenkamp (2016), Criminology 54,
///          680-712; that error rates and predictive values cannot all be equal where base rates differ: Kleinberg et
///          al. (2017); Chouldechova (2017), Big Data 5, 153-163
[[nodiscard]] Fairness fairness(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                std::span<const std::int32_t> groups, const FairnessOptions& options = {});

}  // namespace appraise::statistics
