/// Calibration: whether as many people reoffended as the rates said.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
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

/// Calibration in the large, and slope.
struct CalibrationLine {
  Estimate intercept;  ///< of logit(outcome) with logit(predicted) as offset; 0 is right
  Estimate slope;      ///< on logit(predicted); 1 is right, below 1: the rates spread too far
  Test test;           ///< intercept 0 and slope 1 together, likelihood ratio with 2 degrees of freedom
  Sample sample;
};

/// Errors:   as expected_observed; UsageError if a rate is 0 or 1: it would be refuted by one person
/// Accuracy: 1e-9 relative
/// Source:   Cox (1958), Biometrika 45, 562-565; Miller, Hui & Tierney (1991), Statistics in Medicine 10, 1213-1226
[[nodiscard]] CalibrationLine calibration_line(std::span<const double> predicted,
                                               std::span<const std::uint8_t> outcomes, double level = 0.95);

/// The same slope for people followed for different times: of Cox regression on log(-log(1 - predicted)).
///
/// Source: Crowson, Atkinson & Therneau (2016)
[[nodiscard]] Estimate calibration_slope_followed(std::span<const double> predicted, std::span<const double> times,
                                                  std::span<const std::uint8_t> events, double level = 0.95);

/// What was observed, smoothed over what was predicted.
struct CalibrationCurve {
  std::vector<double> predicted;  ///< distinct, ascending; at most 2000
  std::vector<double> observed;   ///< the curve there
  std::vector<double> people;
  double ici = not_available;   ///< mean distance of curve and prediction
  double e50 = not_available;   ///< median of it
  double e90 = not_available;   ///< its 90th percentile
  double emax = not_available;  ///< greatest of it
  Sample sample;
  Status status = Status::no_data;
};

/// Local quadratic regression with tricube weights, worked out at every predicted value; with fewer than four
/// distinct ones, the share observed at each. More than 2000 distinct values are first put into 2000 groups of
/// neighbours.
///
/// Errors:   as expected_observed; UsageError if `span` is not in (0, 1]
/// Cost:     O(n log n) plus O(d^2) for d distinct values, d at most 2000
/// Accuracy: 1e-8, as R's loess(surface = "direct", statistics = "exact"); R's default interpolates and differs by
///           about 0.001
/// Source:   Austin & Steyerberg (2019), Statistics in Medicine 38, 4051-4065; Cleveland & Grosse (1991)
[[nodiscard]] CalibrationCurve calibration_curve(std::span<const double> predicted,
                                                 std::span<const std::uint8_t> outcomes, double span = 0.75);

/// Mean squared distance of rate and outcome.
struct Brier {
  Estimate score;
  Estimate scaled;  ///< 1 - score / (score of the base rate for everybody); also called IPA
  Sample sample;
};

/// Source: Brier (1950); Steyerberg et al. (2010), Epidemiology 21, 128-138; delta method for the scaled one
[[nodiscard]] Brier brier(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                          double level = 0.95);

/// One group of people by predicted rate.
struct CalibrationGroup {
  double lowest = 0, highest = 0;  ///< predicted rates in it
  std::int64_t n = 0;
  double expected = 0;
  double observed = 0;
};

struct HosmerLemeshow {
  std::vector<CalibrationGroup> groups;
  Test test;
  std::string_view warning;  ///< to be shown wherever the test is
  Sample sample;
};

/// Hosmer and Lemeshow's test. Groups are cut at the quantiles of the rates (type 7), equal cuts once. `fitted` says
/// that the rates were fitted to these very people: two degrees of freedom fewer.
///
/// Errors: as expected_observed; UsageError if groups < 2
/// Source: Hosmer & Lemeshow (1980), Communications in Statistics A9, 1043-1069
[[nodiscard]] HosmerLemeshow hosmer_lemeshow(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                                             int groups = 10, bool fitted = false);

}  // namespace appraise::statistics
