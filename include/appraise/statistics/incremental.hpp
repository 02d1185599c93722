/// Whether a second instrument adds to a first, and what deciding by rates is worth.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/regression.hpp"

namespace appraise::statistics {

/// What `added` covariates tell beyond the `base`: two nested fits of the same people, and their test.
struct AddedValue {
  Regression base;
  Regression both;  ///< coefficients of `base` first
  Test test;        ///< likelihood ratio
};

/// Logistic regression without and with the added covariates. Two AUCs of nested fits are not compared: DeLong's test
/// does not hold for them.
///
/// Missing: rows that lack any of the covariates are left out of both, and counted. `test` has the status of the fit
/// that
///          failed
/// Errors:  as logistic_regression(); UsageError if nothing is added
/// Source:  as stats::anova(test = "Chisq"); on AUCs: Demler, Pencina & D'Agostino (2012), Statistics in Medicine 31,
///          2577-2587
[[nodiscard]] AddedValue added_value(Covariates base, Covariates added, std::span<const std::uint8_t> outcomes,
                                     const RegressionOptions& options = {});

/// The same by Cox regression, of people followed for different times.
///
/// Errors: as cox_regression(); an empty `base` is the model of no covariate
[[nodiscard]] AddedValue added_value_followed(Covariates base, Covariates added, std::span<const double> times,
                                              std::span<const std::uint8_t> events,
                                              const RegressionOptions& options = {});

/// Net reclassification: share that moves the right way less share that moves the wrong way.
struct Reclassification {
  Estimate events;  ///< of those with the outcome: up less down
  Estimate others;  ///< of those without: down less up
  Estimate nri;     ///< the sum of the two; not a share, it runs from -2 to 2
  Test nri_test;
  Estimate idi;  ///< integrated discrimination improvement
  Test idi_test;
  std::vector<std::int64_t>
      moves_of_events;  ///< from category (row) to category (column), row by row; empty without cuts
  std::vector<std::int64_t> moves_of_others;
  Sample sample;
};

/// Rates of an old and a new model for the same people. With `cuts` a move is one from a category to another (a rate
/// belongs to the category whose lower cut it has reached), without them any change of the rate. NRI can be positive
/// for a model that adds nothing but is badly calibrated: read it beside the likelihood-ratio test.
///
/// Missing: rows that lack a rate or the outcome are left out, and counted
/// Errors:  UsageError if lengths differ, a rate is outside [0, 1] or cuts do not ascend
/// Source:  Pencina et al. (2008), Statistics in Medicine 27, 157-172, and (2011), 30, 11-21; as Hmisc::improveProb;
///          warning: Kerr et al. (2014), Epidemiology 25, 114-121
[[nodiscard]] Reclassification reclassification(std::span<const double> old_rates, std::span<const double> new_rates,
                                                std::span<const std::uint8_t> outcomes,
                                                std::span<const double> cuts = {}, double level = 0.95);

/// What it is worth to act on everybody whose rate has reached a threshold, in true positives per person.
struct NetBenefit {
  double threshold = 0;
  double rates = 0;  ///< acting by the rates; NaN exactly where `status` is not `estimated`
  double everybody = 0;
  double flagged = 0;  ///< share of people whose rate has reached the threshold
  Status status = Status::estimated;
};

struct DecisionCurve {
  std::vector<NetBenefit> points;  ///< acting on nobody is worth 0
  Sample sample;
  Status status = Status::no_data;
};

/// Errors: as above; UsageError if a threshold is not inside (0, 1)
/// Source: Vickers & Elkin (2006), Medical Decision Making 26, 565-574; as dcurves::dca
[[nodiscard]] DecisionCurve decision_curve(std::span<const double> rates, std::span<const std::uint8_t> outcomes,
                                           std::span<const double> thresholds);

/// The same for people followed for different times: true positives are those flagged times their incidence by
/// `horizon`, 1 - Kaplan-Meier among them.
///
/// Missing: a point is `not_reached` if nobody flagged was followed to the horizon; the curve, if nobody at all was
/// Errors:  as above; UsageError if a time is negative or `horizon` not positive
/// Source:  Vickers, Cronin, Elkin & Gonen (2008), BMC Medical Informatics and Decision Making 8, 53; as dcurves::dca
[[nodiscard]] DecisionCurve decision_curve_followed(std::span<const double> rates, std::span<const double> times,
                                                    std::span<const std::uint8_t> events, double horizon,
                                                    std::span<const double> thresholds);

/// How many people at or above a cut are acted on for one outcome that does not happen.
struct NumberNeeded {
  double cut = 0;
  std::int64_t flagged = 0;
  std::int64_t missed = 0;  ///< with the outcome, below the cut
  Estimate needed;          ///< 1 / (positive predictive value * effect)
};

/// The table of every cut. `effect` is the share of outcomes that the action prevents: 1 for detention (number needed
/// to detain), a relative risk reduction for treatment (number needed to treat).
///
/// Errors: UsageError if `effect` is not in (0, 1]; as cuts()
/// Source: Fazel et al. (2012), BMJ 345, e4692
[[nodiscard]] std::vector<NumberNeeded> numbers_needed(std::span<const double> scores,
                                                       std::span<const std::uint8_t> outcomes, double effect = 1,
                                                       double level = 0.95);

}  // namespace appraise::statistics
