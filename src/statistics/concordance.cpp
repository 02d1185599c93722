#include "appraise/statistics/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/common.hpp"
#include "statistics/followed.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics {
namespace {

using detail::Followed;

/// Sums over ranks, each changed and asked for in O(log n). Source: Fenwick (1994), Software 24, 327-336.
class RankSums {
 public:
  explicit RankSums(std::uint32_t ranks) : of_rank_(ranks), tree_(ranks + 1) {}

  void add(std::uint32_t rank, double value) noexcept {
    of_rank_[rank] += value;
    total_ += value;
    for (std::uint32_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += value;
  }
  [[nodiscard]] double below(std::uint32_t rank) const noexcept {
    double sum = 0;
    for (std::uint32_t i = rank; i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
  }
  [[nodiscard]] double at(std::uint32_t rank) const noexcept { return of_rank_[rank]; }
  [[nodiscard]] double above(std::uint32_t rank) const noexcept { return total_ - below(rank) - at(rank); }

 private:
  std::vector<double> of_rank_;
  std::vector<double> tree_;
  double total_ = 0;
};

/// Of each person, the weighted pairs in which they take part.
struct Pairs {
  double concordant = 0;
  double discordant = 0;
  double tied = 0;
};

/// Counts every pair twice: once with its earlier person, once with its later one. `weights` are of events.
std::vector<Pairs> pairs_of(const Followed& people, const detail::Ranks& ranks, std::span<const double> weights) {
  const std::size_t n = people.times.size();
  std::vector<Pairs> pairs(n);
  const auto each_time = [&](auto&& visit, bool backwards) {
    std::size_t done = 0;
    while (done < n) {
      const std::size_t from = backwards ? n - 1 - done : done;
      std::size_t count = 1;
      while (done + count < n && people.times[backwards ? from - count : from + count] == people.times[from]) ++count;
      const std::size_t first = backwards ? from + 1 - count : from;
      visit(first, first + count);
      done += count;
    }
  };
  RankSums later(ranks.count);
  each_time(
      [&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] != 1) later.add(ranks.rank[i], 1);
        }
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] != 1 || weights[i] == 0) continue;
          const std::uint32_t r = ranks.rank[i];
          pairs[i] = {weights[i] * later.below(r), weights[i] * later.above(r), weights[i] * later.at(r)};
        }
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] == 1) later.add(ranks.rank[i], 1);
        }
      },
      true);
  RankSums earlier(ranks.count);
  const auto as_later = [&](std::size_t i) {
    const std::uint32_t r = ranks.rank[i];
    pairs[i].concordant += earlier.above(r);
    pairs[i].discordant += earlier.below(r);
    pairs[i].tied += earlier.at(r);
  };
  each_time(
      [&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] == 1) as_later(i);
        }
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] == 1) earlier.add(ranks.rank[i], weights[i]);
        }
        for (std::size_t i = first; i < end; ++i) {
          if (people.events[i] != 1) as_later(i);
        }
      },
      false);
  return pairs;
}

Concordance concordance(const Followed& people, std::span<const double> weights, double level) {
  Concordance result;
  result.sample = people.sample;
  if (people.sample.n == 0 || people.sample.events == 0) {
    result.c = detail::absent(people.sample.n == 0 ? Status::no_data : Status::no_events);
    return result;
  }
  const std::vector<Pairs> pairs = pairs_of(people, detail::ranks_of(people.scores), weights);
  detail::Sum concordant, discordant, tied;
  for (const Pairs& each : pairs) {
    concordant.add(each.concordant / 2);
    discordant.add(each.discordant / 2);
    tied.add(each.tied / 2);
  }
  result.concordant = concordant.value();
  result.discordant = discordant.value();
  result.tied = tied.value();
  const double all = result.concordant + result.discordant + result.tied;
  if (!(all > 0)) {
    result.c = detail::absent(Status::too_few);
    return result;
  }
  const double c = (result.concordant + result.tied / 2) / all;
  detail::Sum squares;
  for (const Pairs& each : pairs) {
    const double mine = each.concordant + each.discordant + each.tied;
    const double influence = (each.concordant + each.tied / 2 - c * mine) / all;
    squares.add(influence * influence);
  }
  result.c = detail::with_interval_within(c, std::sqrt(squares.value()), level, 0, 1);
  return result;
}

}  // namespace

Concordance harrells_c(std::span<const double> scores, std::span<const double> times,
                       std::span<const std::uint8_t> events, double level) {
  detail::check_level("harrells_c", level);
  const Followed people = detail::by_time("harrells_c", scores, times, events, 1);
  return concordance(people, std::vector<double>(people.times.size(), 1), level);
}

Concordance unos_c(std::span<const double> scores, std::span<const double> times, std::span<const std::uint8_t> events,
                   std::optional<double> horizon, double level) {
  detail::check_level("unos_c", level);
  if (horizon && !(*horizon > 0)) detail::refuse("unos_c", "horizon", std::to_string(*horizon), "a positive time");
  const Followed people = detail::by_time("unos_c", scores, times, events, 1);
  const std::vector<double> still = detail::still_followed_before(people);
  std::vector<double> weights(still.size());
  for (std::size_t i = 0; i < still.size(); ++i) {
    if (!horizon || people.times[i] <= *horizon) weights[i] = 1 / (still[i] * still[i]);
  }
  return concordance(people, weights, level);
}

AucAtHorizon auc_at_horizon(std::span<const double> scores, std::span<const double> times,
                            std::span<const std::uint8_t> events, double horizon, double level) {
  constexpr std::string_view name = "auc_at_horizon";
  detail::check_level(name, level);
  if (!(horizon > 0)) detail::refuse(name, "horizon", std::to_string(horizon), "a positive time");
  const Followed people = detail::by_time(name, scores, times, events, 2);
  const std::vector<double> still = detail::still_followed_before(people);
  const double at_horizon = detail::still_followed_at(people, horizon);
  AucAtHorizon result;
  result.sample = people.sample;
  result.horizon = horizon;
  const std::size_t n = people.times.size();
  std::vector<double> as_case(n), as_control(n);
  double cases = 0, controls = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (people.times[i] > horizon) {
      as_control[i] = 1 / at_horizon;
      ++result.controls;
    } else if (people.events[i] == 1) {
      as_case[i] = 1 / still[i];
      ++result.cases;
    } else if (people.events[i] == 2) {
      as_control[i] = 1 / still[i];
      ++result.controls;
    } else {
      ++result.unknown;
    }
    cases += as_case[i];
    controls += as_control[i];
  }
  if (result.cases == 0 || result.controls == 0) {
    result.auc =
        detail::absent(n == 0 ? Status::no_data : (result.cases == 0 ? Status::no_events : Status::not_reached));
    return result;
  }
  const std::vector<std::uint32_t> order = detail::order_of(people.scores);
  double cases_below = 0, controls_below = 0;
  std::vector<double> placed(n);
  detail::Sum area;
  for (std::size_t first = 0, end = 0; first < n; first = end) {
    double a = 0, b = 0;
    for (end = first; end < n && people.scores[order[end]] == people.scores[order[first]]; ++end) {
      a += as_case[order[end]];
      b += as_control[order[end]];
    }
    for (std::size_t k = first; k < end; ++k) {
      const std::size_t i = order[k];
      placed[i] = as_case[i] > 0 ? (controls_below + b / 2) / controls : (cases - cases_below - a / 2) / cases;
    }
    area.add(a * (controls_below + b / 2));
    cases_below += a;
    controls_below += b;
  }
  const double value = area.value() / (cases * controls);
  detail::Sum squares;
  for (std::size_t i = 0; i < n; ++i) {
    const double influence = (as_case[i] / cases + as_control[i] / controls) * (placed[i] - value);
    squares.add(influence * influence);
  }
  const double people_less_one = static_cast<double>(n - 1);
  const double error = std::sqrt(squares.value() * static_cast<double>(n) / people_less_one);
  result.auc = detail::with_interval_within(value, error, level, 0, 1);
  return result;
}

}  // namespace appraise::statistics
