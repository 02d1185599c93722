/// Several samples together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// What the figures are, which decides on what scale they are pooled. Results are on the scale that was given.
enum class PoolScale : std::uint8_t {
  as_given,    ///< d, slopes, logits: figures with their standard errors
  ratio,       ///< E/O, odds and hazard ratios: pooled as logarithms, of which the standard errors are
  proportion,  ///< AUCs, base rates: pooled as logits; standard errors are those of the proportions
};

/// How the variance between samples is estimated.
enum class BetweenSamples : std::uint8_t {
  dersimonian_laird,
  reml,  ///< restricted maximum likelihood
};

struct PoolOptions {
  PoolScale scale = PoolScale::as_given;
  BetweenSamples between = BetweenSamples::dersimonian_laird;
  bool hartung_knapp =
      false;  ///< interval of the random effect by t with k - 1 degrees of freedom; better for few samples
  double level = 0.95;
};

struct Pooled {
  Estimate fixed;       ///< one true figure for all samples; standard errors are of the scale that is pooled
  Estimate random;      ///< the mean of figures that differ
  Estimate prediction;  ///< where the figure of a new sample lies; `value` is the mean, t with k - 2 degrees of freedom
  double tau_squared = not_available;  ///< variance between samples, on the scale that is pooled
  double i_squared = not_available;    ///< share of the variation that is between samples, 0 to 1
  Test q;                              ///< of one true figure
  std::vector<std::int64_t> rows;      ///< which samples are used
  std::vector<Estimate> each;          ///< those, with their intervals on the scale given
  std::vector<double> fixed_weights;   ///< shares of the samples, adding up to 1
  std::vector<double> random_weights;
  std::int64_t samples = 0;
  std::int64_t left_out = 0;
};

/// Pools the figures of independent samples by inverse variance.
///
/// Missing:  a sample without a figure or standard error (NaN, or an infinite one) is left out, and counted: so is an
/// E/O
///           with nobody observed, and a proportion of 0 or 1, which has no logit. One sample: `random` is `too_few`;
///           two: `prediction` has no interval
/// Errors:   UsageError if lengths differ, a standard error or ratio is not positive, or a proportion is outside [0, 1]
/// Accuracy: 1e-12 relative; with `reml` 1e-9
/// Source:   DerSimonian & Laird (1986), Controlled Clinical Trials 7, 177-188; Viechtbauer (2005), Journal of
/// Educational
///           and Behavioral Statistics 30, 261-293 (reml); Hartung & Knapp (2001), Statistics in Medicine 20,
///           3875-3889; Higgins, Thompson & Spiegelhalter (2009), JRSS A 172, 137-159; as metafor::rma
[[nodiscard]] Pooled pool(std::span<const double> values, std::span<const double> standard_errors,
                          const PoolOptions& options = {});

}  // namespace appraise::statistics
