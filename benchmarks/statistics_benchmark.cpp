// Statistics of a million people; compare_statistics.py sets them beside R, scikit-learn and lifelines.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "appraise/statistics.hpp"

namespace {

namespace st = appraise::statistics;

struct People {
  std::vector<double> scores, times;
  std::vector<std::uint8_t> outcomes, events;
};

/// Invented people; whole scores, or continuous ones.
People people(std::int64_t rows, bool continuous) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 1);
  People result;
  for (std::int64_t i = 0; i < rows; ++i) {
    const double score = std::floor(uniform(random) * 16) - 3 + (continuous ? uniform(random) : 0);
    const double event = -std::log(1 - uniform(random)) / (0.03 * std::exp(0.2 * score));
    const double censored = 0.5 + 9.5 * uniform(random);
    result.scores.push_back(score);
    result.outcomes.push_back(uniform(random) < 1 / (1 + std::exp(2.5 - 0.25 * score)) ? 1 : 0);
    result.times.push_back(std::ceil(std::min(event, censored) * 365) / 365);
    result.events.push_back(event <= censored ? 1 : 0);
  }
  return result;
}

template <class Work>
void measure(benchmark::State& state, Work work) {
  const People group = people(state.range(0), state.range(1) == 1);
  for (auto _ : state) benchmark::DoNotOptimize(work(group));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void auc(benchmark::State& state) {
  measure(state, [](const People& p) { return st::auc(p.scores, p.outcomes); });
}
void harrells_c(benchmark::State& state) {
  measure(state, [](const People& p) { return st::harrells_c(p.scores, p.times, p.events); });
}
void logistic_regression(benchmark::State& state) {
  measure(state, [](const People& p) {
    const std::array columns = {std::span<const double>(p.scores)};
    return st::logistic_regression(columns, p.outcomes);
  });
}
void cox_regression(benchmark::State& state) {
  measure(state, [](const People& p) {
    const std::array columns = {std::span<const double>(p.scores)};
    return st::cox_regression(columns, p.times, p.events);
  });
}
void kaplan_meier(benchmark::State& state) {
  measure(state, [](const People& p) { return st::kaplan_meier(p.times, p.events); });
}
void bootstrap_auc(benchmark::State& state) {
  measure(state, [](const People& p) {
    st::BootstrapOptions options;
    options.replicates = 1000;
    return st::bootstrap_auc(p.scores, p.outcomes, options);
  });
}

constexpr std::int64_t million = 1'000'000;
BENCHMARK(auc)->Args({million, 0})->Args({million, 1})->Unit(benchmark::kMillisecond);
BENCHMARK(harrells_c)->Args({million, 0})->Args({million, 1})->Unit(benchmark::kMillisecond);
BENCHMARK(logistic_regression)->Args({million, 0})->Args({million, 1})->Unit(benchmark::kMillisecond);
BENCHMARK(cox_regression)->Args({million, 0})->Args({million, 1})->Unit(benchmark::kMillisecond);
BENCHMARK(kaplan_meier)->Args({million, 0})->Unit(benchmark::kMillisecond);
BENCHMARK(bootstrap_auc)->Args({10'000, 0})->Args({10'000, 1})->Unit(benchmark::kMillisecond);

}  // namespace
