/// Calibration: whether as many people reoffended as the rates said.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/expected_observed.hpp"

namespace appraise::statistics {

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
