/// The E/O index: whether as many people had the outcome as the rates said.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// The field's own index: expected over observed number of people with the outcome. Below 1: more than expected.
struct ExpectedObserved {
  double expected = 0;
  double observed = 0;
  Estimate ratio;         ///< exact Poisson interval of the observed number; the standard error is of its logarithm
  Estimate by_logarithm;  ///< the same with the interval ratio * exp(+- z / sqrt(observed)) of the primer
  Sample sample;
};

/// E/O from its two numbers. Nobody observed: the ratio is `no_events`, its lower end stands and the upper is infinite.
///
/// Errors:   UsageError if `expected` is not positive and finite, or `observed` negative
/// Accuracy: 1e-12 relative
/// Source:   Hanson (2017), Criminal Justice and Behavior 44, 26-39, doi 10.1177/0093854816683956; exact limits of a
///           Poisson mean: Garwood (1936), Biometrika 28, 437-442
[[nodiscard]] ExpectedObserved expected_observed(double expected, double observed, double level = 0.95);

/// E/O of people who were all followed for the horizon of `predicted`.
///
/// Units:   predicted rates are proportions, 0 to 1
/// Missing: NaN rates and missing outcomes are left out, and counted
/// Errors:  UsageError if lengths differ, a rate is outside [0, 1] or an outcome none of 0, 1, missing
[[nodiscard]] ExpectedObserved expected_observed(std::span<const double> predicted,
                                                 std::span<const std::uint8_t> outcomes, double level = 0.95);

/// E/O of people who were followed for different times, all of them used: each is expected to have had as many events
/// as their own follow-up holds, -log(1 - rate) * share. `shares` says how much of the cumulative hazard of the horizon
/// each person's follow-up covers; without it the hazard is taken as constant, min(time, horizon) / horizon. Events
/// after the horizon are not counted.
///
/// Errors: as above; UsageError if `horizon` is not positive, a rate is 1 or a share outside [0, 1]
/// Source: Berry (1983), Biometrics 39, 173-184; Crowson, Atkinson & Therneau (2016), Stat. Methods Med. Res. 25, 1692
[[nodiscard]] ExpectedObserved expected_observed_followed(std::span<const double> predicted,
                                                          std::span<const double> times,
                                                          std::span<const std::uint8_t> events, double horizon,
                                                          std::span<const double> shares = {}, double level = 0.95);

/// E/O at a horizon: the sum of the rates over n times the cumulative incidence (Kaplan-Meier; with competing events 2,
/// Aalen-Johansen). The interval is that of the incidence (log-log).
///
/// Errors: as above. Status `not_reached` if nobody was followed to the horizon
[[nodiscard]] ExpectedObserved expected_observed_at(std::span<const double> predicted, std::span<const double> times,
                                                    std::span<const std::uint8_t> events, double horizon,
                                                    double level = 0.95);

/// How two independent groups differ: the first E/O over the second. The interval and the test are exact, given how
/// many were observed in the two together: as many as a binomial share would be of the first. Nobody observed in one of
/// them: one end of the interval stands.
///
/// Shape:  two indices of counted people, not of a cumulative incidence
/// Errors: UsageError if an observed number is not whole
/// Source: Przyborowski & Wilenski (1940), Biometrika 31, 313-323; Clopper & Pearson (1934); as stats::poisson.test of
///         two counts
[[nodiscard]] Difference expected_observed_ratio(const ExpectedObserved& first, const ExpectedObserved& second,
                                                 double level = 0.95);

/// Whether the groups have one E/O: Pearson's chi-square of the observed numbers, given their sum.
///
/// Missing: groups in which nobody was expected are left out; `too_few` with fewer than two others, `no_events` if
/// nobody
///          was observed at all
/// Source:  as stats::chisq.test(observed, p = expected, rescale.p = TRUE)
[[nodiscard]] Test equal_expected_observed(std::span<const ExpectedObserved> groups);

struct ExpectedObservedOptions {
  std::span<const double> times = {};   ///< of follow-up; empty: everybody was followed for the horizon of the rates
  double horizon = not_available;       ///< of the rates, where `times` are given
  std::span<const double> shares = {};  ///< as in expected_observed_followed()
  std::int64_t smallest = 1;            ///< groups of fewer people are suppressed; 1 suppresses nothing
  double level = 0.95;
};

/// The index of one group. A suppressed group has no figures and no counts.
struct ExpectedObservedGroup {
  double group = 0;
  bool suppressed = false;
  ExpectedObserved index;
};

struct ExpectedObservedTable {
  ExpectedObserved total;  ///< of everybody; where a group is suppressed, of those shown: else it could be worked out
  std::vector<ExpectedObservedGroup> groups;  ///< ascending
  Test equal;                                 ///< of one E/O in the groups that are shown
};

/// E/O in total, and by level or by score: `by` is the number of a level, or the score itself. For people followed for
/// one time, or for different ones if `options` give their times.
///
/// Shape:   n rates, n outcomes (with times: 0 followed without, 1 event, 2 competing event), n groups
/// Missing: as expected_observed(); a person whose group is NaN counts in the total alone
/// Errors:  as expected_observed() and expected_observed_followed(); UsageError if `smallest` is below 1
/// Cost:    O(n)
[[nodiscard]] ExpectedObservedTable expected_observed_by(std::span<const double> by, std::span<const double> predicted,
                                                         std::span<const std::uint8_t> outcomes,
                                                         const ExpectedObservedOptions& options = {});

}  // namespace appraise::statistics
