/// Agreement between raters.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// One column for each rater, one row for each person rated; NaN where a rater did not rate.
using Ratings = std::span<const std::span<const double>>;

/// One of Shrout and Fleiss's six forms.
struct Icc {
  Estimate value;
  Test test;  ///< F test of no correlation; degrees_of_freedom is that of the numerator
  double denominator_degrees = not_available;
};

/// Intraclass correlations. Mean squares are of the two-way table without interaction.
struct IccTable {
  Icc one;         ///< ICC(1,1): each person by other raters, a single rating
  Icc two;         ///< ICC(2,1): the raters are a sample; absolute agreement of single ratings
  Icc three;       ///< ICC(3,1): these raters only; consistency of single ratings
  Icc one_mean;    ///< ICC(1,k): of the mean of k raters
  Icc two_mean;    ///< ICC(2,k)
  Icc three_mean;  ///< ICC(3,k)
  double people_mean_square = not_available;
  double raters_mean_square = not_available;
  double error_mean_square = not_available;
  double within_mean_square = not_available;
  std::int64_t n = 0;  ///< people rated by every rater
  std::int64_t raters = 0;
  std::int64_t left_out = 0;  ///< people whom a rater did not rate
};

/// Shape:    k columns of n
/// Missing:  a person who lacks a rating is left out, and counted
/// Errors:   UsageError if columns differ in length
/// Cost:     O(n k)
/// Accuracy: 1e-12 relative
/// Source:   Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; intervals of ICC(2): McGraw & Wong (1996),
///           Psychological Methods 1, 30-46; as psych::ICC(lmer = FALSE)
[[nodiscard]] IccTable icc(Ratings ratings, double level = 0.95);

/// How far apart two ratings are, from the same to as different as can be.
enum class KappaWeights : std::uint8_t {
  none,       ///< every disagreement is one
  linear,     ///< distance of the ratings
  quadratic,  ///< its square
};

struct Kappa {
  Estimate kappa;
  double observed = not_available;  ///< (weighted) agreement
  double expected = not_available;  ///< the same by chance
  std::int64_t n = 0;
  std::int64_t left_out = 0;
};

/// Cohen's kappa of two raters. Distances are those of the values, so that a value nobody gave changes nothing.
///
/// Missing:  pairs that lack a rating are left out, and counted
/// Errors:   UsageError if lengths differ
/// Cost:     O(n log n + c^2) for c distinct ratings
/// Accuracy: 1e-12 relative
/// Source:   Cohen (1960, 1968); variance: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327; as
///           psych::cohen.kappa
[[nodiscard]] Kappa kappa(std::span<const double> first, std::span<const double> second,
                          KappaWeights weights = KappaWeights::none, double level = 0.95);

enum class Measurement : std::uint8_t { nominal, ordinal, interval, ratio };

struct Krippendorff {
  Estimate alpha;                   ///< its interval is by_resampling
  double observed = not_available;  ///< disagreement
  double expected = not_available;
  std::int64_t n = 0;        ///< people with at least two ratings
  std::int64_t ratings = 0;  ///< pairable ratings
  std::int64_t left_out = 0;
};

/// Krippendorff's alpha of any number of raters; ratings may be missing.
///
/// Errors: UsageError if columns differ in length, or a ratio is below 0
/// Cost:   O(n k^2 + c^2) for c distinct ratings
/// Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability
[[nodiscard]] Krippendorff krippendorffs_alpha(Ratings ratings, Measurement measurement);

/// How often two raters say the same.
struct Agreement {
  Estimate exact;       ///< share; exact binomial interval
  Estimate within_one;  ///< share that differs by at most one point
  Estimate difference;  ///< mean of first less second; t interval
  double largest = not_available;
  std::int64_t n = 0;
  std::int64_t left_out = 0;
};

/// Errors: UsageError if lengths differ
[[nodiscard]] Agreement agreement(std::span<const double> first, std::span<const double> second, double level = 0.95);

/// One item of one person on which two raters differ, or that only one of them rated.
struct Disagreement {
  std::size_t row = 0;
  std::size_t item = 0;
  double first = 0;  ///< NaN if not rated
  double second = 0;
};

/// Every disagreement, row by row, items in order.
///
/// Shape:  m columns of n from each rater: the items
/// Errors: UsageError if the shapes differ
[[nodiscard]] std::vector<Disagreement> disagreements(Ratings first, Ratings second);

}  // namespace appraise::statistics
