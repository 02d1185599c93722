/// How long people stay without an event.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// The scale on which an interval is symmetric.
enum class CurveInterval : std::uint8_t { log, log_log, plain };

struct CurveOptions {
  double level = 0.95;
  CurveInterval interval = CurveInterval::log;
  std::span<const double> weights = {};  ///< how many people a row stands for; empty: 1 each
};

/// The curve from `time` until the next step.
struct Step {
  double time = 0;
  double at_risk = 0;   ///< just before the time, weighted
  double events = 0;    ///< at the time, weighted
  double censored = 0;  ///< at the time, weighted; with competing risks those with another event too
  Estimate estimate;
};

/// A step function: one step for each time at which anybody's follow-up ends, ascending.
struct Curve {
  std::vector<Step> steps;
  double start = 0;  ///< value before the first step
  Sample sample;
};

/// Kaplan-Meier curve of staying without an event.
///
/// Shape:   n times, n events (0 followed without, 1 event, missing)
/// Missing: NaN times and missing events are left out, and counted; so are rows of weight 0
/// Errors:  UsageError if lengths differ, a time is negative or an event is none of 0, 1, missing
/// Cost:    O(n log n)
/// Source:  Kaplan & Meier (1958), JASA 53, 457-481; Greenwood's variance; as survival::survfit. Where the curve is 1
/// or
///          0 there is no variance, and no interval is made up
[[nodiscard]] Curve kaplan_meier(std::span<const double> times, std::span<const std::uint8_t> events,
                                 const CurveOptions& options = {});

/// Nelson-Aalen estimate of the cumulative hazard. The intervals `log_log` and `log` are the same here.
///
/// Source: Nelson (1972); Aalen (1978), Annals of Statistics 6, 701-726; variance: sum of events / at risk^2
[[nodiscard]] Curve nelson_aalen(std::span<const double> times, std::span<const std::uint8_t> events,
                                 const CurveOptions& options = {});

/// Aalen-Johansen estimate of the cumulative incidence of event 1 where another event (2) can come first, such as death
/// or deportation. To treat those as censored overstates the incidence.
///
/// Errors: as kaplan_meier; events are 0, 1, 2 or missing
/// Source: Aalen & Johansen (1978), Scand. J. Statist. 5, 141-150; variance by the delta method, Marubini & Valsecchi
///         (1995), p. 341
[[nodiscard]] Curve aalen_johansen(std::span<const double> times, std::span<const std::uint8_t> events,
                                   const CurveOptions& options = {});

/// The curve at a time; `not_reached` beyond the longest follow-up.
[[nodiscard]] Estimate curve_at(const Curve& curve, double time);

/// The time by which a share of people had the event, from a Kaplan-Meier curve: with 0.5, the median. The ends are
/// where the ends of the curve's interval get there; an end that does not is infinite.
///
/// Errors: UsageError if `share` is not inside (0, 1)
/// Source: Brookmeyer & Crowley (1982), Biometrics 38, 29-41; as survival::quantile.survfit
[[nodiscard]] Estimate time_until(const Curve& kaplan_meier, double share = 0.5);

/// What happens from one time to the next to those who came that far without an event.
struct FreePeriod {
  double from = 0, to = 0;
  std::int64_t at_risk = 0;  ///< followed at `from` without an event
  std::int64_t events = 0;   ///< after `from`, up to and at `to`
  double person_time = 0;
  Estimate hazard;       ///< events per person and unit of time; exact Poisson interval
  Estimate probability;  ///< of an event by `to` given none until `from`; log interval of Kaplan-Meier
};

/// Hazard by time offence-free in the community.
///
/// Errors: as kaplan_meier; UsageError if `cuts` are fewer than two, negative or not ascending
/// Source: Hanson, Harris, Letourneau, Helmus & Thornton (2018), Psychology, Public Policy, and Law (the question);
///         Garwood (1936) for the rate
[[nodiscard]] std::vector<FreePeriod> hazard_by_time_free(std::span<const double> times,
                                                          std::span<const std::uint8_t> events,
                                                          std::span<const double> cuts, double level = 0.95);

}  // namespace appraise::statistics
