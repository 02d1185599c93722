// What scoring a caseload of a hundred million rows in slices allocates, and the scratch of a thread.
#include "beside_limit.hpp"
#include "support/allocations.hpp"

namespace appraise::benchmarks {
namespace {

using testing::allocations;
using testing::forget_peak;

constexpr std::int64_t slice_rows = 1'000'000;

std::int64_t bytes_of(const std::vector<Scores>& results) {
  std::int64_t bytes = 0;
  for (const Scores& scores : results)
    for (const std::size_t size : sizes_of(scores)) bytes += static_cast<std::int64_t>(size);
  return bytes;
}

/// Scores slice after slice; the caseload has fewer rows, and is begun again where it ends.
void score_slices(benchmark::State& state, const Subject& subject, const ScoreOptions& options, std::int64_t slices) {
  constexpr std::int64_t rows = 5 * slice_rows;
  const RandomCaseload random(subject, Width::int8, rows);
  const ScoringPlan plan = plan_of(subject.instruments.front(), true);
  for (auto _ : state) {
    detail::give_kept_values_back();
    const std::int64_t before = allocations().held;
    forget_peak();
    Scorer scorer(plan, options);
    const std::int64_t results = bytes_of(scorer.score(random.with_missing().slice(0, slice_rows)));
    state.counters["scratch_bytes"] = static_cast<double>(allocations().peak - before - results);
    std::int64_t count = 0, bytes = 0;
    for (std::int64_t slice = 1; slice < slices; ++slice) {
      const Caseload part = random.with_missing().slice(slice * slice_rows % rows, slice_rows);
      const auto first = allocations();
      benchmark::DoNotOptimize(scorer.score(part).data());
      count += allocations().count - first.count;
      bytes += allocations().bytes - first.bytes;
    }
    state.counters["allocations_after_first"] = static_cast<double>(count);
    state.counters["bytes_after_first"] = static_cast<double>(bytes);
  }
  state.counters["rows"] = static_cast<double>(slices * slice_rows);
}

/// Peak of the heap above the results, with a caseload so small that they are not what matters.
void scratch(benchmark::State& state, const Subject& subject) {
  const RandomCaseload random(subject, Width::int8, 100'000);
  const std::vector<ScoringPlan> plans = plans_of(subject, true);
  for (auto _ : state) {
    const std::int64_t before = allocations().held;
    forget_peak();
    Scorer scorer(plans, everything(false));
    const std::int64_t results = bytes_of(scorer.score(random.with_missing()));
    state.counters["scratch_bytes"] = static_cast<double>(allocations().peak - before - results);
  }
}

}  // namespace

void register_memory() {
  const auto add = [](const std::string& what, const char* name, const ScoreOptions& options, std::int64_t slices) {
    benchmark::RegisterBenchmark(("memory/" + std::to_string(slices) + " slices/" + name + "/" + what).c_str(),
                                 score_slices, subject(name), options, slices)
        ->Iterations(1)
        ->Unit(benchmark::kSecond);
  };
  add("levels", "static-99r", levels_only(), 100);
  add("everything but reasons", "static-99r", everything(false), 20);
  add("levels", "oasys-arp", levels_only(), 10);
  for (const Subject& one : subjects()) {
    benchmark::RegisterBenchmark(("memory/scratch/" + one.name).c_str(), scratch, one)
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace appraise::benchmarks
