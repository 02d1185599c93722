#include "appraise/statistics/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "statistics/common.hpp"
#include "statistics/followed.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics {
namespace {

using detail::Followed;

/// Of the people passed so far: how many there are, and the weight of those who had the event.
template <class Weight>
struct Passed {
  std::uint32_t people = 0;
  Weight events = 0;

  Passed& operator+=(const Passed& other) noexcept {
    people += other.people;
    events += other.events;
    return *this;
  }
};

/// Sums over ranks. Ranks lie in blocks; sums of blocks are changed and asked for in O(log n), and a block is short
/// enough to be added up. Source: Fenwick (1994), Software 24, 327-336.
template <class Weight>
class RankSums {
 public:
  explicit RankSums(std::uint32_t ranks) : of_rank_(ranks), of_blocks_(ranks / block + 2) {}

  void add(std::uint32_t rank, const Passed<Weight>& one) noexcept {
    of_rank_[rank] += one;
    total_ += one;
    for (std::uint32_t i = rank / block + 1; i < of_blocks_.size(); i += i & (~i + 1)) of_blocks_[i] += one;
  }
  [[nodiscard]] Passed<Weight> below(std::uint32_t rank) const noexcept {
    Passed<Weight> sum;
    for (std::uint32_t i = rank / block; i > 0; i -= i & (~i + 1)) sum += of_blocks_[i];
    for (std::uint32_t i = rank / block * block; i < rank; ++i) sum += of_rank_[i];
    return sum;
  }
  [[nodiscard]] const Passed<Weight>& at(std::uint32_t rank) const noexcept { return of_rank_[rank]; }
  [[nodiscard]] const Passed<Weight>& total() const noexcept { return total_; }

 private:
  static constexpr std::uint32_t block = 16;

  std::vector<Passed<Weight>> of_rank_;
  std::vector<Passed<Weight>> of_blocks_;
  Passed<Weight> total_;
};

/// Weighted pairs of one person, or of all.
struct Pairs {
  double concordant = 0;
  double discordant = 0;
  double tied = 0;
};

/// The pairs of all people, and what each person adds: the weight of their pairs, and how much of it is in order.
struct Counted {
  Pairs pairs;
  std::vector<double> weight, in_order;
};

/// Counts every pair twice, once with its earlier person and once with its later one, in one pass through time.
/// `weight_of(i)` is that of person i's event.
template <class Weight, class WeightOf>
Counted count_pairs(const Followed& people, const detail::Ranks& ranks, WeightOf weight_of) {
  const std::size_t n = people.times.size();
  std::vector<std::uint32_t> all_below(ranks.count + 1);  // people of lower rank, whenever
  for (const std::uint32_t rank : ranks.rank) ++all_below[rank + 1];
  std::partial_sum(all_below.begin(), all_below.end(), all_below.begin());
  Counted counted;
  counted.weight.resize(n);
  counted.in_order.resize(n);
  detail::Sum concordant, discordant, tied;
  RankSums<Weight> passed(ranks.count);
  const auto as_later = [&](std::size_t i) {
    const std::uint32_t r = ranks.rank[i];
    const double below = static_cast<double>(passed.below(r).events), at = static_cast<double>(passed.at(r).events);
    counted.weight[i] = static_cast<double>(passed.total().events);
    counted.in_order[i] = counted.weight[i] - below - at / 2;
  };
  for (std::size_t first = 0, censored = 0, end = 0; first < n; first = end) {
    const auto here = [&](std::size_t i) { return i < n && people.times[i] == people.times[first]; };
    for (censored = first; here(censored) && people.events[censored] == 1; ++censored) as_later(censored);
    for (std::size_t i = first; i < censored; ++i) passed.add(ranks.rank[i], {1, weight_of(i)});
    // Later than an event are all who have not passed: people censored at its time, and everybody after it.
    for (std::size_t i = first; i < censored; ++i) {
      const std::uint32_t r = ranks.rank[i];
      const std::uint32_t below = all_below[r] - passed.below(r).people;
      const std::uint32_t at = all_below[r + 1] - all_below[r] - passed.at(r).people;
      const std::uint32_t above = static_cast<std::uint32_t>(n) - passed.total().people - below - at;
      const double weight = static_cast<double>(weight_of(i));
      concordant.add(weight * below);
      discordant.add(weight * above);
      tied.add(weight * at);
      counted.weight[i] += weight * (static_cast<double>(below) + at + above);
      counted.in_order[i] += weight * (below + at / 2.0);
    }
    for (end = censored; here(end); ++end) as_later(end);
    for (std::size_t i = censored; i < end; ++i) passed.add(ranks.rank[i], {1, 0});
  }
  counted.pairs = {concordant.value(), discordant.value(), tied.value()};
  return counted;
}

template <class Weight, class WeightOf>
Concordance concordance(const Followed& people, WeightOf weight_of, double level) {
  Concordance result;
  result.sample = people.sample;
  if (people.sample.n == 0 || people.sample.events == 0) {
    result.c = detail::absent(people.sample.n == 0 ? Status::no_data : Status::no_events);
    return result;
  }
  const Counted counted = count_pairs<Weight>(people, detail::ranks_of(people.scores), weight_of);
  result.concordant = counted.pairs.concordant;
  result.discordant = counted.pairs.discordant;
  result.tied = counted.pairs.tied;
  const double all = result.concordant + result.discordant + result.tied;
  if (!(all > 0)) {
    result.c = detail::absent(Status::too_few);
    return result;
  }
  const double c = (result.concordant + result.tied / 2) / all;
  detail::Sum squares;
  for (std::size_t i = 0; i < counted.weight.size(); ++i) {
    const double influence = (counted.in_order[i] - c * counted.weight[i]) / all;
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
  return concordance<std::uint32_t>(
      people, [](std::size_t) { return std::uint32_t{1}; }, level);
}

Concordance unos_c(std::span<const double> scores, std::span<const double> times, std::span<const std::uint8_t> events,
                   std::optional<double> horizon, double level) {
  detail::check_level("unos_c", level);
  if (horizon && !(*horizon > 0)) detail::refuse("unos_c", "horizon", detail::text_of(*horizon), "a positive time");
  const Followed people = detail::by_time("unos_c", scores, times, events, 1);
  const std::vector<double> still = detail::still_followed_before(people);
  std::vector<double> weights(still.size());
  for (std::size_t i = 0; i < still.size(); ++i) {
    if (!horizon || people.times[i] <= *horizon) weights[i] = 1 / (still[i] * still[i]);
  }
  return concordance<double>(
      people, [&](std::size_t i) { return weights[i]; }, level);
}

AucAtHorizon auc_at_horizon(std::span<const double> scores, std::span<const double> times,
                            std::span<const std::uint8_t> events, double horizon, double level) {
  constexpr std::string_view name = "auc_at_horizon";
  detail::check_level(name, level);
  if (!(horizon > 0)) detail::refuse(name, "horizon", detail::text_of(horizon), "a positive time");
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
