/// Several samples together.
#pragma once

#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

struct Pooled {
  Estimate fixed;       ///< one true figure for all samples
  Estimate random;      ///< the mean of figures that differ
  Estimate prediction;  ///< where the figure of a new sample lies; `value` is the mean, t with k - 2 degrees of freedom
  double tau_squared = not_available;  ///< variance between samples
  double i_squared = not_available;    ///< share of the variation that is between samples, 0 to 1
  Test q;                              ///< of one true figure
  std::vector<double> fixed_weights;   ///< shares of the samples, adding up to 1
  std::vector<double> random_weights;
  std::int64_t samples = 0;
  std::int64_t left_out = 0;
};

/// Pools the figures of independent samples by inverse variance: AUCs, d, log E/O, logits of base rates, slopes. Ratios
/// are pooled as logarithms.
///
/// Missing:  a sample without a figure or standard error (NaN) is left out, and counted
/// Errors:   UsageError if lengths differ or a standard error is not positive
/// Accuracy: 1e-12 relative
/// Source:   DerSimonian & Laird (1986), Controlled Clinical Trials 7, 177-188; Higgins, Thompson & Spiegelhalter
/// (2009),
///           JRSS A 172, 137-159; as metafor::rma(method = "DL")
[[nodiscard]] Pooled pool(std::span<const double> values, std::span<const double> standard_errors, double level = 0.95);

}  // namespace appraise::statistics
