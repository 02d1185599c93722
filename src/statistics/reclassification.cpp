#include <algorithm>
#include <cmath>
#include <functional>

#include "appraise/statistics/incremental.hpp"
#include "statistics/predicted.hpp"

namespace appraise::statistics {
namespace {

/// One kind of people: how many moved, and the changes of their rates.
struct Moves {
  double n = 0, up = 0, down = 0;
  detail::Sum changes;
  std::vector<double> each;

  void add(int direction, double change) {
    n += 1;
    up += direction > 0;
    down += direction < 0;
    changes.add(change);
    each.push_back(change);
  }
  [[nodiscard]] double net() const { return (up - down) / n; }
  [[nodiscard]] double variance() const { return (up + down) / (n * n) - (up - down) * (up - down) / (n * n * n); }
  [[nodiscard]] double mean() const { return changes.value() / n; }
  /// Variance of the mean change.
  [[nodiscard]] double variance_of_mean() const {
    detail::Sum squares;
    for (const double change : each) squares.add((change - mean()) * (change - mean()));
    return squares.value() / (n - 1) / n;
  }
};

std::size_t category(std::span<const double> cuts, double rate) {
  return static_cast<std::size_t>(std::upper_bound(cuts.begin(), cuts.end(), rate) - cuts.begin());
}

}  // namespace

Reclassification reclassification(std::span<const double> old_rates, std::span<const double> new_rates,
                                  std::span<const std::uint8_t> outcomes, std::span<const double> cuts, double level) {
  constexpr std::string_view name = "reclassification";
  detail::check_level(name, level);
  detail::check_length(name, "new_rates", new_rates.size(), old_rates.size());
  detail::check_length(name, "outcomes", outcomes.size(), old_rates.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  detail::check_rates(name, old_rates, detail::Rates::any, "old_rates");
  detail::check_rates(name, new_rates, detail::Rates::any, "new_rates");
  if (std::adjacent_find(cuts.begin(), cuts.end(), std::greater_equal<>()) != cuts.end()) {
    detail::refuse(name, "cuts", "cuts that do not ascend", "each above the one before");
  }
  Reclassification result;
  const std::size_t categories = cuts.size() + 1;
  if (!cuts.empty()) {
    result.moves_of_events.assign(categories * categories, 0);
    result.moves_of_others.assign(categories * categories, 0);
  }
  Moves events, others;
  for (std::size_t i = 0; i < old_rates.size(); ++i) {
    if (std::isnan(old_rates[i]) || std::isnan(new_rates[i]) || outcomes[i] == missing_outcome) {
      ++result.sample.left_out;
      continue;
    }
    const std::size_t from = category(cuts, old_rates[i]), to = category(cuts, new_rates[i]);
    const int direction =
        cuts.empty() ? (new_rates[i] > old_rates[i]) - (new_rates[i] < old_rates[i]) : (to > from) - (to < from);
    (outcomes[i] == 1 ? events : others).add(direction, new_rates[i] - old_rates[i]);
    if (!cuts.empty()) ++(outcomes[i] == 1 ? result.moves_of_events : result.moves_of_others)[from * categories + to];
  }
  result.sample.events = static_cast<std::int64_t>(events.n);
  result.sample.n = static_cast<std::int64_t>(events.n + others.n);
  if (events.n < 2 || others.n < 2) {
    const Status why = result.sample.n == 0             ? Status::no_data
                       : events.n == 0 || others.n == 0 ? Status::one_class
                                                        : Status::too_few;
    result.events = result.others = result.nri = result.idi = detail::absent(why);
    result.nri_test = result.idi_test = detail::absent_test(why);
    return result;
  }
  const double nri = events.net() - others.net(), nri_error = std::sqrt(events.variance() + others.variance());
  const double idi = events.mean() - others.mean();
  const double idi_error = std::sqrt(events.variance_of_mean() + others.variance_of_mean());
  result.events = detail::with_interval(events.net(), std::sqrt(events.variance()), level);
  result.others = detail::with_interval(-others.net(), std::sqrt(others.variance()), level);
  result.nri = detail::with_interval(nri, nri_error, level);
  result.nri_test = detail::normal_test(nri, nri_error);
  result.idi = detail::with_interval(idi, idi_error, level);
  result.idi_test = detail::normal_test(idi, idi_error);
  return result;
}

}  // namespace appraise::statistics
