/// Resampling: an interval for any figure, the same for any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

struct BootstrapOptions {
  std::int64_t replicates = 2000;
  std::uint64_t seed = 1;
  int threads = 1;
  double level = 0.95;
  bool bca = true;  ///< corrected for bias and acceleration; otherwise percentiles
  /// Rows are drawn within their stratum, so that each keeps its size; empty: one stratum.
  std::span<const std::int32_t> strata = {};
  /// Called by the calling thread with how many calls of the statistic are done: replicates, and with `bca` the
  /// jackknife's, one for each row. What it throws ends the run.
  std::function<void(std::int64_t done, std::int64_t all)> progress = {};
};

struct Bootstrap {
  Estimate estimate;               ///< the figure of all rows; standard deviation and interval of the replicates
  std::vector<double> replicates;  ///< in order; NaN where the figure could not be worked out
  std::int64_t failed = 0;         ///< replicates without a finite figure; they are left out of the interval
  double bias_correction = not_available;
  double acceleration = not_available;
};

/// A figure of some rows, NaN if it has none. Called by several threads at once. figures.hpp has those with a name.
using Statistic = std::function<double(std::span<const std::uint32_t> rows)>;

/// Replicates of `statistic` over n rows.
///
/// Draw d of replicate r is a function of seed, r and d alone (Philox 4x32-10), so that the result depends on the seed
/// and on nothing else.
///
/// Errors:  UsageError if there are fewer than 2 replicates, less than one thread, or strata of another length. What
///          `statistic` throws is passed on
/// Cost:    replicates + 1 calls of `statistic`, with `bca` n more (the jackknife), shared between the threads
/// Threads: `statistic` must be safe to call concurrently if `threads` > 1
/// Source:  Efron (1987), JASA 82, 171-200; Salmon et al. (2011), SC'11 (Philox); quantiles interpolated as
/// boot::boot.ci
[[nodiscard]] Bootstrap bootstrap(std::size_t n, const Statistic& statistic, const BootstrapOptions& options = {});

/// The same for the AUC, by counting: people with and without the outcome are drawn apart unless `strata` say
/// otherwise.
///
/// Missing: as auc()
/// Cost:    O(n) a replicate; with strata as bootstrap()
[[nodiscard]] Bootstrap bootstrap_auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                      const BootstrapOptions& options = {});

/// The interval of given replicates: percentiles, or BCa if `influence` is not empty.
///
/// Missing: replicates that are NaN or infinite are left out
/// Source:  Davison & Hinkley (1997), Bootstrap methods and their application, chapter 5
[[nodiscard]] Bootstrap interval_of_replicates(double value, std::span<const double> replicates,
                                               std::span<const double> influence, double level = 0.95);

}  // namespace appraise::statistics
