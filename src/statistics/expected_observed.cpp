#include <algorithm>
#include <cmath>
#include <utility>

#include "appraise/statistics/calibration.hpp"
#include "appraise/statistics/survival.hpp"
#include "statistics/common.hpp"
#include "statistics/predicted.hpp"

namespace appraise::statistics {

ExpectedObserved expected_observed(double expected, double observed, double level) {
  constexpr std::string_view name = "expected_observed";
  detail::check_level(name, level);
  if (!(expected > 0 && std::isfinite(expected))) {
    detail::refuse(name, "expected", std::to_string(expected), "a positive number");
  }
  if (!(observed >= 0 && std::isfinite(observed))) {
    detail::refuse(name, "observed", std::to_string(observed), "a number that is not negative");
  }
  ExpectedObserved result;
  result.expected = expected;
  result.observed = observed;
  const detail::Ends ends = detail::poisson_interval(observed, level);
  Estimate& ratio = result.ratio;
  ratio.interval = Status::estimated;
  ratio.low = expected / ends.high;
  if (observed == 0) {
    ratio.status = Status::no_events;
    ratio.standard_error = ratio.high = detail::infinity;
    result.by_logarithm = detail::absent(Status::no_events);
    return result;
  }
  ratio.value = expected / observed;
  ratio.status = Status::estimated;
  ratio.standard_error = 1 / std::sqrt(observed);
  ratio.high = expected / ends.low;
  result.by_logarithm = detail::exponential(detail::with_interval(std::log(ratio.value), ratio.standard_error, level));
  result.by_logarithm.value = ratio.value;
  return result;
}

namespace {

/// The index where somebody was expected; else why there is none.
ExpectedObserved index_of(double expected, double observed, const Sample& sample, double level) {
  ExpectedObserved result;
  if (expected > 0) {
    result = expected_observed(expected, observed, level);
  } else {
    result.observed = observed;
    result.ratio = result.by_logarithm = detail::absent(sample.n == 0 ? Status::no_data : Status::constant);
  }
  result.sample = sample;
  return result;
}

void check_horizon(std::string_view name, double horizon) {
  if (!(horizon > 0 && std::isfinite(horizon))) {
    detail::refuse(name, "horizon", std::to_string(horizon), "a positive time");
  }
}

}  // namespace

ExpectedObserved expected_observed(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                                   double level) {
  constexpr std::string_view name = "expected_observed";
  detail::check_level(name, level);
  detail::check_length(name, "outcomes", outcomes.size(), predicted.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  detail::check_rates(name, predicted);
  detail::Sum expected;
  Sample sample;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (std::isnan(predicted[i]) || outcomes[i] == missing_outcome) {
      ++sample.left_out;
      continue;
    }
    ++sample.n;
    sample.events += outcomes[i];
    expected.add(predicted[i]);
  }
  return index_of(expected.value(), static_cast<double>(sample.events), sample, level);
}

ExpectedObserved expected_observed_followed(std::span<const double> predicted, std::span<const double> times,
                                            std::span<const std::uint8_t> events, double horizon,
                                            std::span<const double> shares, double level) {
  constexpr std::string_view name = "expected_observed_followed";
  detail::check_level(name, level);
  check_horizon(name, horizon);
  detail::check_length(name, "times", times.size(), predicted.size());
  detail::check_length(name, "events", events.size(), predicted.size());
  detail::check_outcomes(name, "events", events, 2);
  detail::check_times(name, times);
  detail::check_rates(name, predicted, detail::Rates::below_one);
  if (!shares.empty()) detail::check_length(name, "shares", shares.size(), predicted.size());
  detail::check_rates(name, shares);
  detail::Sum expected;
  Sample sample;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const double share = shares.empty() ? std::min(times[i], horizon) / horizon : shares[i];
    if (std::isnan(predicted[i]) || std::isnan(times[i]) || std::isnan(share) || events[i] == missing_outcome) {
      ++sample.left_out;
      continue;
    }
    ++sample.n;
    sample.events += events[i] == 1 && times[i] <= horizon;
    expected.add(-std::log1p(-predicted[i]) * share);
  }
  return index_of(expected.value(), static_cast<double>(sample.events), sample, level);
}

ExpectedObserved expected_observed_at(std::span<const double> predicted, std::span<const double> times,
                                      std::span<const std::uint8_t> events, double horizon, double level) {
  constexpr std::string_view name = "expected_observed_at";
  detail::check_level(name, level);
  check_horizon(name, horizon);
  detail::check_length(name, "times", times.size(), predicted.size());
  detail::check_length(name, "events", events.size(), predicted.size());
  detail::check_rates(name, predicted);
  detail::Sum expected;
  std::vector<double> kept_times;
  std::vector<std::uint8_t> kept_events;
  bool competing = false;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (std::isnan(predicted[i]) || std::isnan(times[i]) || events[i] == missing_outcome) continue;
    kept_times.push_back(times[i]);
    kept_events.push_back(events[i]);
    competing = competing || events[i] == 2;
    expected.add(predicted[i]);
  }
  CurveOptions options;
  options.level = level;
  options.interval = CurveInterval::log_log;
  const Curve curve =
      competing ? aalen_johansen(kept_times, kept_events, options) : kaplan_meier(kept_times, kept_events, options);
  ExpectedObserved result;
  result.sample = curve.sample;
  result.sample.left_out = static_cast<std::int64_t>(predicted.size() - kept_times.size());
  result.expected = expected.value();
  Estimate incidence = curve_at(curve, horizon);
  if (incidence.status != Status::estimated) {
    result.ratio = result.by_logarithm = detail::absent(incidence.status);
    return result;
  }
  if (!competing) {
    incidence.value = 1 - incidence.value;
    incidence.low = 1 - std::exchange(incidence.high, 1 - incidence.low);
  }
  const double n = static_cast<double>(result.sample.n);
  result.observed = n * incidence.value;
  if (!(incidence.value > 0)) {
    result.ratio = result.by_logarithm = detail::absent(Status::no_events);
    return result;
  }
  result.ratio = detail::without_interval(result.expected / result.observed, incidence.interval);
  result.by_logarithm = result.ratio;
  if (incidence.interval != Status::estimated) return result;
  result.ratio.standard_error = incidence.standard_error / incidence.value;
  result.ratio.low = result.expected / (n * incidence.high);
  result.ratio.high = result.expected / (n * incidence.low);
  result.by_logarithm =
      detail::exponential(detail::with_interval(std::log(result.ratio.value), result.ratio.standard_error, level));
  result.by_logarithm.value = result.ratio.value;
  return result;
}

}  // namespace appraise::statistics
