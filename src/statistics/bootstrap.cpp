#include "appraise/statistics/bootstrap.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <atomic>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

/// The draws of one replicate, one after another.
class Draws {
 public:
  Draws(std::uint64_t seed, std::int64_t replicate) noexcept
      : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
        counter_{{0, 0, static_cast<std::uint32_t>(replicate),
                  static_cast<std::uint32_t>(static_cast<std::uint64_t>(replicate) >> 32)}} {}

  /// A whole number below `bound`. The odds of two numbers differ by less than 2^-16: small bounds take 32 bits, large
  /// ones 48.
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) noexcept {
    if (bound <= 0xffff) return static_cast<std::uint32_t>((std::uint64_t{next()} * bound) >> 32);
    const std::uint64_t high = next(), low = next() >> 16;
    return static_cast<std::uint32_t>((high * bound + ((low * bound) >> 16)) >> 32);
  }

 private:
  [[nodiscard]] std::uint32_t next() noexcept {
    if (used_ == 4) {
      numbers_ = r123::Philox4x32()(counter_, key_);
      used_ = 0;
      if (++counter_[0] == 0) ++counter_[1];
    }
    return numbers_[used_++];
  }

  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_;
  r123::Philox4x32::ctr_type numbers_{};
  std::size_t used_ = 4;
};

/// Progress over several runs, by the calling thread.
struct Report {
  const BootstrapOptions& options;
  std::int64_t all = 0;
  std::int64_t before = 0;  ///< done by earlier runs

  void operator()(std::int64_t done) const {
    if (options.progress) options.progress(before + done, all);
  }
};

/// Runs work(item, thread) for every item on the threads asked for; the calling one reports progress.
template <class Work>
void run(std::int64_t items, int threads, Report& report, Work work) {
  constexpr std::int64_t chunk = 16;
  std::atomic<std::int64_t> next{0}, done{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto worker = [&](int thread) {
    try {
      for (std::int64_t first; (first = next.fetch_add(chunk)) < items;) {
        const std::int64_t end = std::min(first + chunk, items);
        for (std::int64_t item = first; item < end; ++item) work(item, thread);
        done += end - first;
        if (thread == 0) report(done);
      }
    } catch (...) {
      next = items;
      const std::lock_guard<std::mutex> lock(guard);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(worker, t);
  worker(0);
  for (std::thread& each : others) each.join();
  if (failure) std::rethrow_exception(failure);
  report(items);
  report.before += items;
}

void check(std::string_view name, const BootstrapOptions& options, std::size_t n) {
  detail::check_level(name, options.level);
  if (options.replicates < 2) detail::refuse(name, "replicates", std::to_string(options.replicates), "two or more");
  if (options.threads < 1) detail::refuse(name, "threads", std::to_string(options.threads), "one or more");
  if (!options.strata.empty()) detail::check_length(name, "strata", options.strata.size(), n);
  if (n > 0xffffffff) detail::refuse(name, "rows", std::to_string(n), "less than 2^32");
}

/// Rows of each stratum.
std::vector<std::vector<std::uint32_t>> strata_of(std::size_t n, std::span<const std::int32_t> strata) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0u);
  if (strata.empty()) return {std::move(rows)};
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return strata[a] < strata[b]; });
  std::vector<std::vector<std::uint32_t>> result;
  for (const std::uint32_t row : rows) {
    if (result.empty() || strata[result.back().front()] != strata[row]) result.emplace_back();
    result.back().push_back(row);
  }
  return result;
}

/// What each row adds, from the figure without it: n calls of the statistic.
std::vector<double> jackknife(const std::vector<std::vector<std::uint32_t>>& strata, const Statistic& statistic,
                              double value, int threads, Report& report) {
  std::vector<std::uint32_t> rows;
  std::vector<double> others;  // of each row's stratum
  for (const auto& stratum : strata) {
    rows.insert(rows.end(), stratum.begin(), stratum.end());
    others.insert(others.end(), stratum.size(), static_cast<double>(stratum.size()) - 1);
  }
  std::vector<double> influence(rows.size());
  std::vector<std::vector<std::uint32_t>> rest(static_cast<std::size_t>(threads));
  run(static_cast<std::int64_t>(rows.size()), threads, report, [&](std::int64_t item, int thread) {
    const auto at = static_cast<std::size_t>(item);
    std::vector<std::uint32_t>& mine = rest[static_cast<std::size_t>(thread)];
    mine.assign(rows.begin(), rows.begin() + item);
    mine.insert(mine.end(), rows.begin() + item + 1, rows.end());
    influence[at] = others[at] * (value - statistic(mine));
  });
  return influence;
}

double normal_quantile(double p) {
  if (p <= 0) return -detail::infinity;
  if (p >= 1) return detail::infinity;
  return boost::math::quantile(boost::math::normal(), p);
}

/// Quantile of sorted replicates, interpolated on the scale of normal quantiles. Source: Davison & Hinkley, eq. 5.8.
double interpolated(const std::vector<double>& sorted, double alpha) {
  const double count = static_cast<double>(sorted.size()), rank = (count + 1) * alpha, whole = std::trunc(rank);
  if (whole < 1) return sorted.front();
  if (whole >= count) return sorted.back();
  const auto k = static_cast<std::size_t>(whole);
  if (rank == whole) return sorted[k - 1];
  const double low = normal_quantile(whole / (count + 1)), high = normal_quantile((whole + 1) / (count + 1));
  return sorted[k - 1] + (normal_quantile(alpha) - low) / (high - low) * (sorted[k] - sorted[k - 1]);
}

}  // namespace

Bootstrap interval_of_replicates(double value, std::span<const double> replicates, std::span<const double> influence,
                                 double level) {
  detail::check_level("interval_of_replicates", level);
  Bootstrap result;
  result.replicates.assign(replicates.begin(), replicates.end());
  std::vector<double> sorted;
  for (const double each : replicates) {
    if (std::isfinite(each)) sorted.push_back(each);
  }
  std::sort(sorted.begin(), sorted.end());
  result.failed = static_cast<std::int64_t>(replicates.size() - sorted.size());
  if (std::isnan(value)) {
    result.estimate = detail::absent(Status::too_few);
    return result;
  }
  if (sorted.size() < 2 || sorted.front() == sorted.back()) {
    result.estimate = detail::without_interval(value, sorted.size() < 2 ? Status::too_few : Status::no_variance);
    return result;
  }
  detail::Sum sum, squares;
  for (const double each : sorted) sum.add(each);
  const double count = static_cast<double>(sorted.size()), mean = sum.value() / count;
  for (const double each : sorted) squares.add((each - mean) * (each - mean));
  double low = (1 - level) / 2, high = (1 + level) / 2;
  if (!influence.empty()) {
    const double below = static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
    const double same = static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), value) -
                                            std::lower_bound(sorted.begin(), sorted.end(), value));
    // Replicates equal to the figure count half, so that figures of few values are not called biased.
    result.bias_correction = normal_quantile((below + same / 2) / count);
    double second = 0, third = 0;
    for (const double each : influence) {
      second += each * each;
      third += each * each * each;
    }
    result.acceleration = second > 0 ? third / (6 * std::pow(second, 1.5)) : 0;
    const auto corrected = [&](double alpha) {
      const double z = result.bias_correction + normal_quantile(alpha);
      const double q = result.bias_correction + z / (1 - result.acceleration * z);
      return boost::math::cdf(boost::math::normal(), q);
    };
    if (!std::isfinite(result.bias_correction) || !std::isfinite(second)) {
      result.estimate = detail::without_interval(value, Status::too_few);
      return result;
    }
    low = corrected(low);
    high = corrected(high);
  }
  result.estimate = {value,
                     std::sqrt(squares.value() / (count - 1)),
                     interpolated(sorted, low),
                     interpolated(sorted, high),
                     Status::estimated,
                     Status::estimated};
  return result;
}

Bootstrap bootstrap(std::size_t n, const Statistic& statistic, const BootstrapOptions& options) {
  check("bootstrap", options, n);
  const auto strata = strata_of(n, options.strata);
  Bootstrap none;
  none.estimate = detail::absent(Status::no_data);
  if (n == 0) return none;
  std::vector<std::uint32_t> all;
  for (const auto& stratum : strata) all.insert(all.end(), stratum.begin(), stratum.end());
  const double value = statistic(all);
  std::vector<double> replicates(static_cast<std::size_t>(options.replicates));
  std::vector<std::vector<std::uint32_t>> drawn(static_cast<std::size_t>(options.threads),
                                                std::vector<std::uint32_t>(n));
  Report report{options, options.replicates + (options.bca ? static_cast<std::int64_t>(n) : 0)};
  run(options.replicates, options.threads, report, [&](std::int64_t r, int thread) {
    Draws draws(options.seed, r);
    std::vector<std::uint32_t>& rows = drawn[static_cast<std::size_t>(thread)];
    std::size_t at = 0;
    for (const auto& stratum : strata) {
      const auto size = static_cast<std::uint32_t>(stratum.size());
      for (std::uint32_t i = 0; i < size; ++i) rows[at++] = stratum[draws.below(size)];
    }
    replicates[static_cast<std::size_t>(r)] = statistic(rows);
  });
  const std::vector<double> influence =
      options.bca ? jackknife(strata, statistic, value, options.threads, report) : std::vector<double>();
  return interval_of_replicates(value, replicates, influence, options.level);
}

namespace {

/// Ranks of the scores of people with the outcome, and of those without.
struct TwoKinds {
  std::vector<std::uint32_t> events, others;
  std::uint32_t ranks = 0;
};

TwoKinds two_kinds(const detail::Tally& tally) {
  TwoKinds kinds;
  for (const detail::ScoreCount& each : tally.scores) {
    kinds.events.insert(kinds.events.end(), static_cast<std::size_t>(each.events), kinds.ranks);
    kinds.others.insert(kinds.others.end(), static_cast<std::size_t>(each.others), kinds.ranks);
    ++kinds.ranks;
  }
  return kinds;
}

/// Twice the pairs in order, ties once; empties the counts.
std::uint64_t pairs_in_order(std::vector<std::uint64_t>& counts) {
  std::uint64_t below = 0, sum = 0;
  for (std::uint64_t& both : counts) {
    const std::uint64_t events = both >> 32, others = both & 0xffffffff;
    sum += events * (2 * below + others);
    below += others;
    both = 0;
  }
  return sum;
}

}  // namespace

Bootstrap bootstrap_auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                        const BootstrapOptions& options) {
  constexpr std::string_view name = "bootstrap_auc";
  check(name, options, scores.size());
  const detail::Tally tally = detail::tally(name, scores, outcomes);
  Bootstrap none;
  if (tally.sample.events == 0 || tally.sample.events == tally.sample.n) {
    none.estimate = detail::absent(tally.sample.n == 0 ? Status::no_data : Status::one_class);
    return none;
  }
  if (!options.strata.empty()) {
    return bootstrap(
        scores.size(),
        [&](std::span<const std::uint32_t> rows) {
          std::vector<double> s;
          std::vector<std::uint8_t> y;
          for (const std::uint32_t row : rows) {
            s.push_back(scores[row]);
            y.push_back(outcomes[row]);
          }
          const detail::Tally drawn = detail::tally(name, s, y);
          double below = 0, sum = 0;
          for (const auto& each : drawn.scores) {
            sum += static_cast<double>(each.events) * (below + static_cast<double>(each.others) / 2);
            below += static_cast<double>(each.others);
          }
          return sum / (below * static_cast<double>(drawn.sample.events));
        },
        options);
  }
  const TwoKinds kinds = two_kinds(tally);
  const auto n1 = static_cast<std::uint32_t>(kinds.events.size()), n0 = static_cast<std::uint32_t>(kinds.others.size());
  const double pairs = static_cast<double>(n1) * n0;
  std::vector<std::vector<std::uint64_t>> counted(static_cast<std::size_t>(options.threads),
                                                  std::vector<std::uint64_t>(kinds.ranks));
  std::vector<double> replicates(static_cast<std::size_t>(options.replicates));
  Report report{options, options.replicates};
  run(options.replicates, options.threads, report, [&](std::int64_t r, int thread) {
    Draws draws(options.seed, r);
    std::vector<std::uint64_t>& counts = counted[static_cast<std::size_t>(thread)];
    for (std::uint32_t i = 0; i < n1; ++i) counts[kinds.events[draws.below(n1)]] += std::uint64_t{1} << 32;
    for (std::uint32_t i = 0; i < n0; ++i) ++counts[kinds.others[draws.below(n0)]];
    replicates[static_cast<std::size_t>(r)] = static_cast<double>(pairs_in_order(counts)) / 2 / pairs;
  });
  std::uint64_t below = 0, reached = 0, order = 0;
  for (const auto& each : tally.scores) {
    order += static_cast<std::uint64_t>(each.events) * (2 * below + static_cast<std::uint64_t>(each.others));
    below += static_cast<std::uint64_t>(each.others);
  }
  const double value = static_cast<double>(order) / 2 / pairs;
  // Without one person the AUC changes by its placement: the jackknife in closed form.
  std::vector<double> influence;
  if (options.bca) {
    below = 0;
    for (const auto& each : tally.scores) {
      const double placed = (static_cast<double>(below) + static_cast<double>(each.others) / 2) / n0;
      const double passed = (n1 - static_cast<double>(reached) - static_cast<double>(each.events) / 2) / n1;
      influence.insert(influence.end(), static_cast<std::size_t>(each.events), placed - value);
      influence.insert(influence.end(), static_cast<std::size_t>(each.others), passed - value);
      below += static_cast<std::uint64_t>(each.others);
      reached += static_cast<std::uint64_t>(each.events);
    }
  }
  return interval_of_replicates(value, replicates, influence, options.level);
}

}  // namespace appraise::statistics
