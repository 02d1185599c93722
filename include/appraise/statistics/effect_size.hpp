/// Effect sizes that papers of the field report.
#pragma once

#include <cstdint>
#include <span>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

struct EffectSize {
  Estimate value;
  Sample sample;
};

/// Cohen's d: mean score with the outcome less mean without, in pooled standard deviations.
///
/// Missing: NaN scores and missing outcomes are left out, and counted
/// Errors:  as for auc()
/// Source:  Cohen (1988); variance (n1 + n0) / (n1 n0) + d^2 / (2 (n1 + n0)), Hedges & Olkin (1985)
[[nodiscard]] EffectSize cohens_d(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                  double level = 0.95);

/// Odds ratio of one point more, by logistic regression. The standard error is that of its logarithm.
///
/// Errors:   as for auc()
/// Accuracy: 1e-9 relative
[[nodiscard]] EffectSize odds_ratio_per_point(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                              double level = 0.95);

/// Hazard ratio of one point more, by Cox regression with Efron's ties. The standard error is that of its logarithm.
///
/// Errors:   as for harrells_c()
/// Accuracy: 1e-9 relative
[[nodiscard]] EffectSize hazard_ratio_per_point(std::span<const double> scores, std::span<const double> times,
                                                std::span<const std::uint8_t> events, double level = 0.95);

}  // namespace appraise::statistics
