/// Whether a second instrument adds to a first, and what deciding by rates is worth.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

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
  double rates = 0;  ///< acting by the rates
  double everybody = 0;
  double flagged = 0;  ///< share of people whose rate has reached the threshold
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
