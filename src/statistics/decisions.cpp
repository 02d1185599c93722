#include <cmath>

#include "appraise/statistics/incremental.hpp"
#include "appraise/statistics/survival.hpp"
#include "statistics/predicted.hpp"

namespace appraise::statistics {
namespace {

void check_thresholds(std::string_view function, std::span<const double> thresholds) {
  for (const double threshold : thresholds) {
    if (threshold > 0 && threshold < 1) continue;
    detail::refuse(function, "thresholds", detail::text_of(threshold), "rates above 0 and below 1");
  }
}

/// People with their rates and times.
struct Followed {
  std::vector<double> rates, times;
  std::vector<std::uint8_t> events;
};

/// Share of those whose rate has reached `threshold` who have the event by `horizon`, and how many they are.
Estimate incidence_of(const Followed& people, double threshold, double horizon, double& flagged) {
  std::vector<double> times;
  std::vector<std::uint8_t> events;
  for (std::size_t i = 0; i < people.rates.size(); ++i) {
    if (people.rates[i] < threshold) continue;
    times.push_back(people.times[i]);
    events.push_back(people.events[i]);
  }
  flagged = static_cast<double>(times.size());
  if (times.empty()) return detail::without_interval(0, Status::no_data);
  Estimate estimate = curve_at(kaplan_meier(times, events), horizon);
  estimate.value = 1 - estimate.value;
  return estimate;
}

}  // namespace

DecisionCurve decision_curve(std::span<const double> rates, std::span<const std::uint8_t> outcomes,
                             std::span<const double> thresholds) {
  constexpr std::string_view name = "decision_curve";
  const detail::Tally tally = detail::tally_rates(name, rates, outcomes, detail::Rates::any, "rates");
  DecisionCurve result;
  result.sample = tally.sample;
  check_thresholds(name, thresholds);
  if (tally.sample.n == 0) return result;
  result.status = Status::estimated;
  const double n = static_cast<double>(tally.sample.n), rate = static_cast<double>(tally.sample.events) / n;
  for (const double threshold : thresholds) {
    double right = 0, wrong = 0;
    for (const auto& each : tally.scores) {
      if (each.score < threshold) continue;
      right += static_cast<double>(each.events);
      wrong += static_cast<double>(each.others);
    }
    const double odds = threshold / (1 - threshold);
    result.points.push_back(
        {threshold, (right - wrong * odds) / n, rate - (1 - rate) * odds, (right + wrong) / n, Status::estimated});
  }
  return result;
}

DecisionCurve decision_curve_followed(std::span<const double> rates, std::span<const double> times,
                                      std::span<const std::uint8_t> events, double horizon,
                                      std::span<const double> thresholds) {
  constexpr std::string_view name = "decision_curve_followed";
  detail::check_length(name, "times", times.size(), rates.size());
  detail::check_length(name, "events", events.size(), rates.size());
  detail::check_outcomes(name, "events", events);
  detail::check_times(name, times);
  detail::check_rates(name, rates, detail::Rates::any, "rates");
  check_thresholds(name, thresholds);
  if (!(horizon > 0 && std::isfinite(horizon))) {
    detail::refuse(name, "horizon", std::to_string(horizon), "a positive time");
  }
  DecisionCurve result;
  Followed people;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (std::isnan(rates[i]) || std::isnan(times[i]) || events[i] == missing_outcome) {
      ++result.sample.left_out;
      continue;
    }
    people.rates.push_back(rates[i]);
    people.times.push_back(times[i]);
    people.events.push_back(events[i]);
    result.sample.events += events[i] == 1 && times[i] <= horizon;
  }
  result.sample.n = static_cast<std::int64_t>(people.rates.size());
  if (result.sample.n == 0) return result;
  double n = 0;
  const Estimate all = incidence_of(people, 0, horizon, n);
  result.status = all.status;
  if (all.status != Status::estimated) return result;
  for (const double threshold : thresholds) {
    const double odds = threshold / (1 - threshold);
    double flagged = 0;
    const Estimate incidence = incidence_of(people, threshold, horizon, flagged);
    // Not a number where nobody flagged was followed for so long; acting on nobody is worth 0.
    const double benefit = flagged > 0 ? flagged / n * (incidence.value - (1 - incidence.value) * odds) : 0;
    result.points.push_back({threshold, benefit, all.value - (1 - all.value) * odds, flagged / n, incidence.status});
  }
  return result;
}

std::vector<NumberNeeded> numbers_needed(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                         double effect, double level) {
  constexpr std::string_view name = "numbers_needed";
  detail::check_level(name, level);
  detail::check_length(name, "outcomes", outcomes.size(), scores.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  if (!(effect > 0 && effect <= 1)) {
    detail::refuse(name, "effect", detail::text_of(effect), "a share above 0, at most 1");
  }
  std::vector<NumberNeeded> table;
  for (const Cut& cut : cuts(scores, outcomes, level).cuts) {
    NumberNeeded& row = table.emplace_back();
    row.cut = cut.cut;
    row.flagged = cut.true_positives + cut.false_positives;
    row.missed = cut.false_negatives;
    const Estimate& share = cut.positive_predictive_value;
    row.needed.interval = Status::estimated;
    row.needed.low = 1 / (share.high * effect);
    row.needed.high = share.low > 0 ? 1 / (share.low * effect) : detail::infinity;
    row.needed.status = share.value > 0 ? Status::estimated : Status::no_events;
    if (share.value > 0) row.needed.value = 1 / (share.value * effect);
    row.needed.standard_error =
        share.value > 0 ? share.standard_error / (share.value * share.value * effect) : detail::infinity;
  }
  return table;
}

}  // namespace appraise::statistics
