#include "beside_limit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace appraise::benchmarks {
namespace {

constexpr int repetitions = 5;
constexpr double longest_seconds = 0.1;     ///< of one scoring: what takes longer is measured on fewer rows
constexpr double shortest_seconds = 0.002;  ///< of one measurement: what takes less is done several times

/// Scores one caseload with memory of its own or anew.
class Run {
 public:
  Run(Measured measured, Caseload caseload) : measured_(std::move(measured)), caseload_(std::move(caseload)) {
    if (measured_.memory == Memory::reused) scorer_.emplace(measured_.plans, measured_.options);
  }

  void score() {
    if (scorer_) {
      benchmark::DoNotOptimize(scorer_->score(caseload_).data());
    } else {
      const std::vector<Scores> scores = appraise::score(measured_.plans, caseload_, measured_.options);
      benchmark::DoNotOptimize(scores.data());
    }
  }
  [[nodiscard]] Traffic traffic() {
    if (scorer_) return {caseload_, scorer_->score(caseload_)};
    return {caseload_, appraise::score(measured_.plans, caseload_, measured_.options)};
  }
  [[nodiscard]] std::int64_t rows() const { return caseload_.rows(); }
  [[nodiscard]] int threads() const { return measured_.options.threads; }
  [[nodiscard]] bool anew() const { return measured_.memory == Memory::anew; }

 private:
  Measured measured_;
  Caseload caseload_;
  std::optional<Scorer> scorer_;
};

/// As many rows as move the bytes wanted, or as can be scored in the longest time.
std::int64_t rows_to_measure(const Measured& measured, const Caseload& caseload, std::int64_t most_rows) {
  const std::int64_t few = std::min<std::int64_t>(caseload.rows(), 50'000);
  Run run(measured, caseload.slice(0, few));
  const Traffic traffic = run.traffic();
  const double per_row = static_cast<double>(traffic.bytes_in() + traffic.bytes_out()) / static_cast<double>(few);
  run.score();
  const double seconds = seconds_of([&] { run.score(); }) / static_cast<double>(few);
  const double rows = std::min(static_cast<double>(wanted_bytes()) / per_row, longest_seconds / seconds);
  return std::clamp(static_cast<std::int64_t>(rows), std::min(few, most_rows), std::min(caseload.rows(), most_rows));
}

/// What stays in memory for the repetitions of one benchmark.
struct Kept {
  std::string name;
  std::unique_ptr<Run> run;
  std::unique_ptr<Traffic> traffic;
  int times = 1;
};

Kept& kept(const std::string& name, const std::function<std::unique_ptr<Run>()>& make) {
  static Kept last;
  if (last.name == name) return last;
  last = {};
  last.run = make();
  last.traffic = std::make_unique<Traffic>(last.run->traffic());
  const double seconds = seconds_of([] { last.run->score(); });
  last.times = std::max(1, static_cast<int>(std::ceil(shortest_seconds / seconds)));
  last.name = name;
  return last;
}

void beside_limit(benchmark::State& state, Run& run, Traffic& traffic, int times) {
  double score = 0, ordinary = 0, streaming = 0;
  const auto several = [times](const auto& work) {
    return seconds_of([&] {
      for (int i = 0; i < times; ++i) work();
    });
  };
  const auto limit = [&](Stores stores) {
    double fastest = std::numeric_limits<double>::infinity();
    for (const std::int64_t block_rows : blocks_of_rows) {
      fastest = std::min(fastest, several([&] {
                           if (run.anew()) traffic.renew();
                           traffic.stream(stores, run.threads(), block_rows);
                         }));
    }
    return fastest;
  };
  for (auto _ : state) {
    score = several([&] { run.score(); });
    ordinary = limit(Stores::ordinary);
    streaming = limit(Stores::streaming);
    state.SetIterationTime(score / times);
  }
  const double rows = static_cast<double>(run.rows()) * times;
  const double in = static_cast<double>(traffic.bytes_in()) * times;
  const double out = static_cast<double>(traffic.bytes_out()) * times;
  state.counters["rows"] = static_cast<double>(run.rows());
  state.counters["cases_per_second"] = rows / score;
  state.counters["bytes_in"] = in / rows;
  state.counters["bytes_out"] = out / rows;
  state.counters["bytes_per_second"] = (in + out) / score;
  state.counters["limit_ordinary"] = (in + out) / ordinary;
  state.counters["limit_streaming"] = (in + out) / streaming;
  state.counters["ratio"] = std::min(ordinary, streaming) / score;
}

}  // namespace

std::int64_t& wanted_bytes() noexcept {
  static std::int64_t bytes = 500'000'000;
  return bytes;
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const Caseload& Population::caseload() const {
  static std::string last_name;
  static std::unique_ptr<RandomCaseload> last;
  if (last_name != name) {
    last.reset();  // before the next one is made: each may be as large as the memory allows
    last = make();
    last_name = name;
  }
  return missing ? last->with_missing() : last->complete();
}

void register_beside_limit(const std::string& name, const Population& population, std::function<Measured()> make,
                           std::int64_t rows, RowsAre are) {
  const auto run = [=] {
    const Caseload& caseload = population.caseload();
    Measured measured = make();
    const std::int64_t count = are == RowsAre::exact ? rows : rows_to_measure(measured, caseload, rows);
    return std::make_unique<Run>(std::move(measured), caseload.slice(0, count));
  };
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) {
                                 Kept& at = kept(name, run);
                                 beside_limit(state, *at.run, *at.traffic, at.times);
                               })
      ->UseManualTime()
      ->Iterations(1)
      ->Repetitions(repetitions)
      ->DisplayAggregatesOnly()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace appraise::benchmarks
