// Scoring a caseload of int8 columns, beside what the machine can stream of the same bytes: `score/X` and `limit/X` are
// a pair. Both run on one thread; the limit reads every byte that scoring reads, writes every byte that it returns, and
// does no other work.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "appraise/appraise.hpp"

namespace {

constexpr std::int64_t rows = 1'000'000;

struct Workload {
  std::string name;
  std::string instrument;
  appraise::ScoreOptions options;
  std::int64_t rows;
};

/// The valid answers of an item that fit int8.
std::vector<std::int8_t> answers(const appraise::Item& item) {
  std::vector<std::int8_t> valid;
  for (const appraise::Option& option : item.options) valid.push_back(static_cast<std::int8_t>(option.value));
  if (!item.options.empty()) return valid;
  for (int number = 0; number <= std::numeric_limits<std::int8_t>::max(); ++number) {
    if (!item.range || item.range->holds(number)) valid.push_back(static_cast<std::int8_t>(number));
  }
  return valid;
}

/// Answers to the items that a caseload must have, drawn evenly from the valid ones.
struct RandomCaseload {
  std::vector<std::vector<std::int8_t>> values;
  appraise::Caseload caseload;

  RandomCaseload(const appraise::Instrument& instrument, std::int64_t count) {
    std::mt19937_64 random(99);
    std::vector<appraise::Column> columns;
    values.reserve(instrument.items.size());
    for (const appraise::Item& item : instrument.items) {
      if (item.optional) continue;
      const std::vector<std::int8_t> valid = answers(item);
      std::vector<std::int8_t>& column = values.emplace_back(static_cast<std::size_t>(count));
      for (std::int8_t& value : column) value = valid[random() % valid.size()];
      columns.push_back({.name = item.code,
                         .type = appraise::ColumnType::int8,
                         .values = column.data(),
                         .validity = nullptr,
                         .offset = 0,
                         .length = count,
                         .coded = false,
                         .dictionary = {}});
    }
    caseload = appraise::Caseload(std::move(columns));
  }
};

appraise::ScoringPlan plan_of(const Workload& work) {
  return appraise::compile(appraise::load(work.instrument), {.accept_unverified = true, .levels = {}, .norms = {}});
}

std::size_t bytes_of(const appraise::Scores& scores) {
  std::size_t bytes = 0;
  for (const appraise::ScoreColumn& column : scores.columns) {
    bytes += column.wholes.size() * sizeof(std::int32_t) + column.reals.size() * sizeof(double) + column.bytes.size() +
             column.validity.size();
  }
  for (const appraise::TextLists* lists : {&scores.reasons, &scores.cautions}) {
    bytes += lists->offsets.size() * sizeof(std::int64_t) + lists->numbers.size() * sizeof(std::int32_t);
  }
  return bytes;
}

void count(benchmark::State& state, std::int64_t cases, std::size_t read, std::size_t written) {
  const double all = static_cast<double>(cases) * static_cast<double>(state.iterations());
  state.counters["cases_per_second"] = benchmark::Counter(all, benchmark::Counter::kIsRate);
  state.counters["bytes_in"] = static_cast<double>(read) / static_cast<double>(cases);
  state.counters["bytes_out"] = static_cast<double>(written) / static_cast<double>(cases);
}

void score(benchmark::State& state, const Workload& work) {
  const appraise::ScoringPlan plan = plan_of(work);
  const RandomCaseload random(plan.instrument(), work.rows);
  const std::size_t written = bytes_of(appraise::score(plan, random.caseload, work.options));
  for (auto _ : state) {
    const appraise::Scores scores = appraise::score(plan, random.caseload, work.options);
    benchmark::DoNotOptimize(scores.columns.data());
  }
  count(state, work.rows, random.values.size() * static_cast<std::size_t>(work.rows), written);
}

/// Reads whole words of `bytes`, four sums at a time so that no addition waits for the one before.
std::uint64_t read_all(const std::int8_t* bytes, std::size_t size) {
  std::uint64_t sums[4] = {};
  for (std::size_t i = 0; i + sizeof sums <= size; i += sizeof sums) {
    std::uint64_t words[4];
    std::memcpy(words, bytes + i, sizeof words);
    for (int k = 0; k < 4; ++k) sums[k] += words[k];
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

void limit(benchmark::State& state, const Workload& work) {
  const appraise::ScoringPlan plan = plan_of(work);
  const RandomCaseload random(plan.instrument(), work.rows);
  const std::size_t written = bytes_of(appraise::score(plan, random.caseload, work.options));
  std::vector<std::uint8_t> out(written);
  const std::size_t blocks = 128;
  const std::size_t in_block = static_cast<std::size_t>(work.rows) / blocks;
  const std::size_t out_block = written / blocks;
  for (auto _ : state) {
    for (std::size_t block = 0; block < blocks; ++block) {
      std::uint64_t sum = 0;
      for (const std::vector<std::int8_t>& column : random.values) {
        sum += read_all(column.data() + block * in_block, in_block);
      }
      std::memset(out.data() + block * out_block, static_cast<int>(sum & 0xFF), out_block);
    }
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count(state, work.rows, random.values.size() * static_cast<std::size_t>(work.rows), written);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const appraise::ScoreOptions levels_only = {
      .levels = true, .bounds = false, .distance = false, .contributions = false, .norms = false, .reasons = false};
  for (const Workload& work : {
           Workload{"static-99r, value + status + level", "static-99r", levels_only, rows},
           Workload{"static-99r, default columns", "static-99r", {}, rows},
           Workload{"stable-2007, value + status + level", "stable-2007", levels_only, rows},
       }) {
    benchmark::RegisterBenchmark(("score/" + work.name).c_str(), score, work)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("limit/" + work.name).c_str(), limit, work)->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
