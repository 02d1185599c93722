/// How much hazard a Cox model has gathered by a time.
#pragma once

#include <cstdint>
#include <span>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics::detail {

/// Cumulative hazard of people whose covariate is 0, and what its variance is made of. That of somebody with covariate
/// x is value * exp(slope * x), and the variance of its logarithm is own_variance + (x - mean)^2 * variance of the
/// slope.
struct CumulativeHazard {
  double value = 0;
  double own_variance = 0;  ///< of the logarithm, were the slope known
  double mean = 0;          ///< covariate of those at risk, weighted by their risk and by the hazard of the time
  Status status = Status::estimated;
};

/// Ties by Efron, as survival::survfit.coxph has them. All columns are complete and of one length.
///
/// Missing: status `not_reached` if nobody was followed to `horizon`, `no_events` if nobody had the event by then
/// Cost:    O(n log n)
/// Source:  Therneau & Grambsch (2000), Modeling Survival Data; Tsiatis (1981), Annals of Statistics 9, 93-108
[[nodiscard]] CumulativeHazard cumulative_hazard(std::span<const double> covariate, std::span<const double> times,
                                                 std::span<const std::uint8_t> events, double slope, double horizon);

}  // namespace appraise::statistics::detail
