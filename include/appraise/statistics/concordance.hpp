/// Discrimination where people were followed for different times.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// The chance that of two people the one who reoffends first scores higher.
struct Concordance {
  Estimate c;
  double concordant = 0;  ///< pairs, or their weights; the one with the earlier event scores higher
  double discordant = 0;
  double tied = 0;  ///< pairs of equal scores; they count half
  Sample sample;
};

/// Harrell's C. A pair counts if one had the event and the other was still followed without it; a person whose
/// follow-up ended at the time of the event counts as still followed; two events at one time are no pair.
///
/// Shape:   n scores, n times, n events (0 followed without, 1 event, `missing_outcome`)
/// Units:   any unit of time; the same for all
/// Missing: NaN scores and times and missing events are left out, and counted
/// Errors:  UsageError if lengths differ, a time is negative, an event is none of 0, 1, missing
/// Cost:    O(n log n); pairs are counted as whole numbers
/// Source:  Harrell et al. (1996), Statistics in Medicine 15, 361-387; variance: infinitesimal jackknife, as
///          survival::concordance
[[nodiscard]] Concordance harrells_c(std::span<const double> scores, std::span<const double> times,
                                     std::span<const std::uint8_t> events, double level = 0.95);

/// Uno's C: the same pairs up to `horizon`, weighted so that the censoring of this sample does not decide the result.
/// The weight of a pair is 1 / G(t-)^2, where G is the Kaplan-Meier curve of being still followed.
///
/// Errors: as harrells_c; UsageError if `horizon` is not positive
/// Source: Uno et al. (2011), Statistics in Medicine 30, 1105-1117; as survival::concordance(timewt = "n/G2"); the
///         weights count as known in the standard error
[[nodiscard]] Concordance unos_c(std::span<const double> scores, std::span<const double> times,
                                 std::span<const std::uint8_t> events, std::optional<double> horizon = {},
                                 double level = 0.95);

/// AUC for "had the event within `horizon`" from data with censoring, by inverse-probability weights.
struct AucAtHorizon {
  Estimate auc;
  double horizon = 0;
  std::int64_t cases = 0;     ///< events within the horizon
  std::int64_t controls = 0;  ///< followed beyond it without; with competing events, those who had one before it too
  std::int64_t unknown = 0;   ///< censored before it; they weigh on the others
  Sample sample;
};

/// Time-dependent AUC (cumulative cases, dynamic controls) at `horizon`.
///
/// Events may be 0 (censored), 1 (event), 2 (competing event, such as death: never a case, a control throughout).
/// Missing: as harrells_c
/// Errors:  as harrells_c
/// Cost:    O(n log n)
/// Source:  Blanche, Dartigues, Jacqmin-Gadda (2013), Statistics in Medicine 32, 5381-5397 (definition 2 of controls);
/// as
///          riskRegression::Score; the censoring weights count as known in the standard error
[[nodiscard]] AucAtHorizon auc_at_horizon(std::span<const double> scores, std::span<const double> times,
                                          std::span<const std::uint8_t> events, double horizon, double level = 0.95);

}  // namespace appraise::statistics
