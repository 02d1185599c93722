#include "statistics/cox_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/common.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics::detail {
namespace {

/// Sums over people at one time or later.
struct AtRisk {
  double risk = 0;   ///< of exp(slope * covariate)
  double first = 0;  ///< of the same times the covariate
  void add(double e, double x) {
    risk += e;
    first += e * x;
  }
};

}  // namespace

CumulativeHazard cumulative_hazard(std::span<const double> covariate, std::span<const double> times,
                                   std::span<const std::uint8_t> events, double slope, double horizon) {
  const std::vector<std::uint32_t> order = order_of(times);
  CumulativeHazard result;
  if (order.empty() || times[order.back()] < horizon) {
    result.status = Status::not_reached;
    return result;
  }
  Sum hazard, variance, mean;
  AtRisk at_risk;
  // From the last time back, so that everybody is added once.
  for (std::size_t end = order.size(), first = end; end > 0; end = first) {
    const double time = times[order[end - 1]];
    AtRisk of_events;
    int deaths = 0;
    for (; first > 0 && times[order[first - 1]] == time; --first) {
      const std::size_t row = order[first - 1];
      const double x = covariate[row], e = std::exp(slope * x);
      at_risk.add(e, x);
      if (events[row] != 1) continue;
      of_events.add(e, x);
      ++deaths;
    }
    for (int k = 0; time <= horizon && k < deaths; ++k) {
      const double share = static_cast<double>(k) / deaths, risk = at_risk.risk - share * of_events.risk;
      hazard.add(1 / risk);
      variance.add(1 / (risk * risk));
      mean.add((at_risk.first - share * of_events.first) / (risk * risk));
    }
  }
  result.value = hazard.value();
  if (!(result.value > 0)) {
    result.status = Status::no_events;
    return result;
  }
  result.own_variance = variance.value() / (result.value * result.value);
  result.mean = mean.value() / result.value;
  return result;
}

}  // namespace appraise::statistics::detail
