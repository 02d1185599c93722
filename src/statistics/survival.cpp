#include "appraise/statistics/survival.hpp"

#include <algorithm>
#include <cmath>

#include "statistics/common.hpp"
#include "statistics/followed.hpp"

namespace appraise::statistics {
namespace {

using detail::Followed;

/// Who is at risk, and what happens, at each time.
struct Moment {
  double time = 0;
  double at_risk = 0;
  double events = 0;
  double others = 0;  ///< competing events
  double censored = 0;
};

std::vector<Moment> moments_of(const Followed& people) {
  const std::size_t n = people.times.size();
  const bool weighted = !people.weights.empty();
  // Summed from the end, so that light people at risk are not lost beside heavy ones that left.
  std::vector<double> at_risk;
  if (weighted) {
    at_risk.resize(n + 1);
    for (std::size_t i = n; i-- > 0;) at_risk[i] = at_risk[i + 1] + people.weights[i];
  }
  std::vector<Moment> moments;
  for (std::size_t first = 0, end = 0; first < n; first = end) {
    Moment& moment = moments.emplace_back();
    moment.time = people.times[first];
    moment.at_risk = weighted ? at_risk[first] : static_cast<double>(n - first);
    for (end = first; end < n && people.times[end] == moment.time; ++end) {
      double& kind = people.events[end] == 0   ? moment.censored
                     : people.events[end] == 1 ? moment.events
                                               : moment.others;
      kind += weighted ? people.weights[end] : 1;
    }
  }
  return moments;
}

/// What happens at each time, and to whom.
struct History {
  std::vector<Moment> moments;
  Sample sample;
};

History history_of(std::string_view name, std::span<const double> times, std::span<const std::uint8_t> events,
                   std::uint8_t highest, const CurveOptions& options) {
  detail::check_level(name, options.level);
  if (highest > 1 || !options.weights.empty()) {
    const Followed people = detail::by_time(name, {}, times, events, highest, options.weights, false);
    return {moments_of(people), people.sample};
  }
  // Two kinds of people without weights are only counted: their times are sorted, and they themselves are not.
  detail::check_times(name, times);
  const detail::Tally tally = detail::tally(name, times, events, "events");
  History history;
  history.sample = tally.sample;
  double left = static_cast<double>(tally.sample.n);
  for (const detail::ScoreCount& each : tally.scores) {
    const double gone = static_cast<double>(each.events), censored = static_cast<double>(each.others);
    history.moments.push_back({each.score, left, gone, 0, censored});
    left -= gone + censored;
  }
  return history;
}

/// Interval of a curve in [0, 1]; `relative` is the standard error of its logarithm.
Estimate on_curve(double value, double relative, const CurveOptions& options, double z) {
  Estimate estimate = detail::without_interval(value, Status::no_variance);
  if (!(value > 0 && relative > 0 && std::isfinite(relative))) return estimate;
  estimate.interval = Status::estimated;
  estimate.standard_error = value * relative;
  switch (options.interval) {
    case CurveInterval::plain:
      estimate.low = std::max(0.0, value - z * estimate.standard_error);
      estimate.high = std::min(1.0, value + z * estimate.standard_error);
      break;
    case CurveInterval::log:
      estimate.low = value * std::exp(-z * relative);
      estimate.high = std::min(1.0, value * std::exp(z * relative));
      break;
    case CurveInterval::log_log: {
      const double logarithm = std::log(value);
      if (!(logarithm < 0)) return detail::without_interval(value, Status::no_variance);
      const double width = z * relative / logarithm;
      estimate.low = std::exp(logarithm * std::exp(-width));
      estimate.high = std::exp(logarithm * std::exp(width));
      break;
    }
  }
  return estimate;
}

Step step_of(const Moment& moment, Estimate estimate) {
  return {moment.time, moment.at_risk, moment.events, moment.censored + moment.others, estimate};
}

void check_cuts(std::span<const double> cuts) {
  bool good = cuts.size() >= 2 && cuts[0] >= 0 && std::isfinite(cuts.back());
  for (std::size_t i = 1; good && i < cuts.size(); ++i) good = cuts[i] > cuts[i - 1];
  if (!good) {
    detail::refuse("hazard_by_time_free", "cuts", std::to_string(cuts.size()) + " times",
                   "two or more, none negative, ascending");
  }
}

}  // namespace

Curve kaplan_meier(std::span<const double> times, std::span<const std::uint8_t> events, const CurveOptions& options) {
  const History history = history_of("kaplan_meier", times, events, 1, options);
  const double z = detail::normal_width(options.level);
  Curve curve;
  curve.start = 1;
  curve.sample = history.sample;
  curve.steps.reserve(history.moments.size());
  double value = 1, variance = 0;
  Estimate estimate = detail::without_interval(1, Status::no_variance);
  for (const Moment& moment : history.moments) {
    if (moment.events > 0) {
      const double staying = moment.at_risk - moment.events;
      // All that are left have the event: exactly 0, whatever the rounding of weights.
      const bool all = moment.others == 0 && moment.censored == 0 && moment.time == history.moments.back().time;
      value = all ? 0 : value * (staying / moment.at_risk);
      variance += moment.events / (moment.at_risk * staying);
      estimate = on_curve(value, std::sqrt(variance), options, z);
    }
    curve.steps.push_back(step_of(moment, estimate));
  }
  return curve;
}

Curve nelson_aalen(std::span<const double> times, std::span<const std::uint8_t> events, const CurveOptions& options) {
  const History history = history_of("nelson_aalen", times, events, 1, options);
  const double z = detail::normal_width(options.level);
  Curve curve;
  curve.sample = history.sample;
  curve.steps.reserve(history.moments.size());
  double value = 0, variance = 0;
  Estimate estimate = detail::without_interval(0, Status::no_variance);
  for (const Moment& moment : history.moments) {
    if (moment.events > 0) {
      value += moment.events / moment.at_risk;
      variance += moment.events / (moment.at_risk * moment.at_risk);
      const double error = std::sqrt(variance);
      estimate = detail::with_interval(value, error, options.level);
      const bool plain = options.interval == CurveInterval::plain;
      estimate.low = plain ? std::max(0.0, value - z * error) : value * std::exp(-z * error / value);
      estimate.high = plain ? value + z * error : value * std::exp(z * error / value);
    }
    curve.steps.push_back(step_of(moment, estimate));
  }
  return curve;
}

Curve aalen_johansen(std::span<const double> times, std::span<const std::uint8_t> events, const CurveOptions& options) {
  const History history = history_of("aalen_johansen", times, events, 2, options);
  const double z = detail::normal_width(options.level);
  Curve curve;
  curve.sample = history.sample;
  curve.steps.reserve(history.moments.size());
  double free = 1, incidence = 0;
  // The variance at t sums, over the times s until then, the squares of I(t) - v(s) with weights g(s), and a remainder
  // that is not negative: the published sum with its squares completed. Mean and spread of v are carried along, so that
  // nothing cancels.
  double weights = 0, mean = 0, spread = 0, remainder = 0;
  for (const Moment& moment : history.moments) {
    const double n = moment.at_risk, d = moment.events + moment.others;
    if (d > 0) {
      incidence += free * moment.events / n;
      remainder += free * free * (moment.events / n) * (moment.others / n) / d;
      if (n > d) {
        const double weight = d / (n * (n - d)), v = incidence + free * (moment.events / d) * ((n - d) / n);
        const double apart = v - mean;
        weights += weight;
        mean += apart * (weight / weights);
        spread += weight * apart * (v - mean);
      }
      free *= (n - d) / n;
    }
    const double variance = weights * (incidence - mean) * (incidence - mean) + spread + remainder;
    // Less than that is what rounding leaves of none: everybody had the event.
    const double relative = std::sqrt(variance) / incidence;
    curve.steps.push_back(step_of(moment, on_curve(incidence, relative > 1e-12 ? relative : 0, options, z)));
  }
  return curve;
}

Estimate curve_at(const Curve& curve, double time) {
  if (curve.steps.empty()) return detail::absent(Status::no_data);
  if (time > curve.steps.back().time || std::isnan(time)) return detail::absent(Status::not_reached);
  const auto after = std::upper_bound(curve.steps.begin(), curve.steps.end(), time,
                                      [](double t, const Step& step) { return t < step.time; });
  if (after == curve.steps.begin()) return detail::without_interval(curve.start, Status::no_variance);
  return std::prev(after)->estimate;
}

Estimate time_until(const Curve& kaplan_meier, double share) {
  if (!(share > 0 && share < 1)) {
    detail::refuse("time_until", "share", detail::text_of(share), "a number between 0 and 1");
  }
  if (kaplan_meier.steps.empty()) return detail::absent(Status::no_data);
  const double level = 1 - share;
  // Where a curve stays at the level exactly, any time until its next drop would do: the middle, as R has it.
  const auto reached = [&](auto value) {
    constexpr double slack = 1e-12;
    double at_level = not_available;
    for (const Step& step : kaplan_meier.steps) {
      const double y = value(step.estimate);
      if (std::isnan(y)) continue;
      if (y < level - slack) return std::isnan(at_level) ? step.time : (at_level + step.time) / 2;
      if (y <= level + slack && std::isnan(at_level)) at_level = step.time;
    }
    return std::isnan(at_level) ? detail::infinity : (at_level + kaplan_meier.steps.back().time) / 2;
  };
  const double value = reached([](const Estimate& e) { return e.value; });
  Estimate estimate = value < detail::infinity ? detail::without_interval(value, Status::estimated)
                                               : detail::absent(Status::not_reached);
  estimate.interval = Status::estimated;
  estimate.low = reached([](const Estimate& e) { return e.low; });
  estimate.high = reached([](const Estimate& e) { return e.high; });
  if (estimate.low == detail::infinity) {
    estimate.low = estimate.high = not_available;
    estimate.interval = Status::not_reached;
  }
  return estimate;
}

std::vector<FreePeriod> hazard_by_time_free(std::span<const double> times, std::span<const std::uint8_t> events,
                                            std::span<const double> cuts, double level) {
  check_cuts(cuts);
  CurveOptions options;
  options.level = level;
  detail::check_level("hazard_by_time_free", level);
  const Followed people = detail::by_time("hazard_by_time_free", {}, times, events, 1, {}, false);
  const std::vector<Moment> moments = moments_of(people);
  const double z = detail::normal_width(level);
  std::vector<FreePeriod> periods;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    FreePeriod& period = periods.emplace_back();
    period.from = cuts[k];
    period.to = cuts[k + 1];
    detail::Sum person_time;
    double staying = 1, variance = 0;
    for (std::size_t i = 0; i < people.times.size(); ++i) {
      if (people.times[i] <= period.from) continue;
      ++period.at_risk;
      person_time.add(std::min(people.times[i], period.to) - period.from);
      period.events += people.times[i] <= period.to && people.events[i] == 1;
    }
    period.person_time = person_time.value();
    for (const Moment& moment : moments) {
      if (moment.time <= period.from || moment.events == 0) continue;
      if (moment.time > period.to) break;
      staying *= (moment.at_risk - moment.events) / moment.at_risk;
      variance += moment.events / (moment.at_risk * (moment.at_risk - moment.events));
    }
    if (period.at_risk == 0) {
      period.hazard = period.probability = detail::absent(Status::not_reached);
      continue;
    }
    const double count = static_cast<double>(period.events);
    const detail::Ends ends = detail::poisson_interval(count, level);
    period.hazard = {count / period.person_time,
                     std::sqrt(count) / period.person_time,
                     ends.low / period.person_time,
                     ends.high / period.person_time,
                     Status::estimated,
                     Status::estimated};
    const bool followed_to_the_end = !people.times.empty() && people.times.back() >= period.to;
    if (!followed_to_the_end && staying > 0) {
      period.probability = detail::absent(Status::not_reached);
      continue;
    }
    const Estimate free = on_curve(staying, std::sqrt(variance), options, z);
    period.probability = free;
    period.probability.value = 1 - free.value;
    period.probability.low = 1 - free.high;
    period.probability.high = 1 - free.low;
  }
  return periods;
}

}  // namespace appraise::statistics
