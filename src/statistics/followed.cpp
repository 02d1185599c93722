#include "statistics/followed.hpp"

#include <algorithm>
#include <cmath>

#include "statistics/order.hpp"

namespace appraise::statistics::detail {
namespace {

/// Calls visit(first, end, curve before the time, curve after it) for each time, ascending.
template <class Visit>
void walk_censoring(const Followed& people, Visit visit) {
  const std::size_t n = people.times.size();
  double curve = 1;
  for (std::size_t first = 0, end = 0; first < n; first = end) {
    std::size_t events = 0;
    for (end = first; end < n && people.times[end] == people.times[first]; ++end) events += people.events[end] != 0;
    const double before = curve;
    const double at_risk = static_cast<double>(n - first - events);
    const double censored = static_cast<double>(end - first - events);
    if (censored > 0) curve *= 1 - censored / at_risk;
    if (!visit(first, end, before, curve)) return;
  }
}

}  // namespace

Followed by_time(std::string_view function, std::span<const double> scores, std::span<const double> times,
                 std::span<const std::uint8_t> events, std::uint8_t highest, std::span<const double> weights,
                 bool scored) {
  if (scored) check_length(function, "scores", scores.size(), times.size());
  check_length(function, "events", events.size(), times.size());
  if (!weights.empty()) check_length(function, "weights", weights.size(), times.size());
  check_outcomes(function, "events", events, highest);
  check_times(function, times);
  const auto wrong = std::find_if(weights.begin(), weights.end(), [](double w) { return w < 0 || std::isinf(w); });
  if (wrong != weights.end()) {
    refuse(function, "weights", text_of(*wrong), "finite weights that are not negative");
  }
  std::vector<std::uint32_t> kept, others;
  kept.reserve(times.size());
  others.reserve(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    bool complete = !std::isnan(times[i]) && events[i] != missing_outcome && !(scored && std::isnan(scores[i]));
    if (!weights.empty()) complete = complete && weights[i] > 0;
    if (complete) (events[i] == 1 ? kept : others).push_back(static_cast<std::uint32_t>(i));
  }
  const auto with_event = static_cast<std::int64_t>(kept.size());
  kept.insert(kept.end(), others.begin(), others.end());  // the order is stable: at one time events come first
  std::vector<double> sorted(kept.size());
  std::transform(kept.begin(), kept.end(), sorted.begin(), [&](std::uint32_t row) { return times[row]; });
  const std::vector<std::uint32_t> order = order_of(sorted);
  Followed people;
  const std::size_t n = kept.size();
  people.times.resize(n);
  people.events.resize(n);
  people.scores.resize(scored ? n : 0);
  people.weights.resize(weights.empty() ? 0 : n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t row = kept[order[i]];
    people.times[i] = times[row];
    people.events[i] = events[row];
    if (scored) people.scores[i] = scores[row];
    if (!weights.empty()) people.weights[i] = weights[row];
  }
  people.sample.n = static_cast<std::int64_t>(n);
  people.sample.events = with_event;
  people.sample.left_out = static_cast<std::int64_t>(times.size() - n);
  return people;
}

std::vector<double> still_followed_before(const Followed& people) {
  std::vector<double> still(people.times.size());
  walk_censoring(people, [&](std::size_t first, std::size_t end, double before, double) {
    std::fill(still.begin() + static_cast<std::ptrdiff_t>(first), still.begin() + static_cast<std::ptrdiff_t>(end),
              before);
    return true;
  });
  return still;
}

double still_followed_at(const Followed& people, double time) {
  double curve = 1;
  walk_censoring(people, [&](std::size_t first, std::size_t, double before, double after) {
    if (people.times[first] > time) return false;
    curve = after;
    (void)before;
    return true;
  });
  return curve;
}

}  // namespace appraise::statistics::detail
