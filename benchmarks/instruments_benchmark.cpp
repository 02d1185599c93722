// Every built-in instrument, by the width of its columns, with and without missing answers, by what is asked for.
#include <thread>

#include "beside_limit.hpp"

namespace appraise::benchmarks {
namespace {

constexpr std::int64_t most_rows = 40'000'000;

/// So many rows that their answers are what is to be read and written.
std::int64_t rows_of(const Subject& subject, Width width) {
  const RandomCaseload one(subject, width, 64);
  const std::size_t in = Traffic(one.complete(), {}).bytes_in();
  return std::min(most_rows, wanted_bytes() * 64 / static_cast<std::int64_t>(in));
}

Population population(const Subject& subject, Width width, bool missing) {
  return {.name = subject.name + to_string(width),
          .make = [=] { return std::make_unique<RandomCaseload>(subject, width, rows_of(subject, width)); },
          .missing = missing};
}

bool has_yes_no(const Subject& subject) {
  for (const std::string& id : subject.instruments)
    for (const NamedItem& item : items_of(*load(id)))
      if (item.item->kind == ItemKind::yes_no) return true;
  return false;
}

void add(const Subject& subject, Width width, bool missing, const std::string& what, const ScoreOptions& options,
         Memory memory = Memory::reused) {
  const bool all_norms = options.norms;
  register_beside_limit(
      subject.name + "/" + to_string(width) + "/" + (missing ? "2 % missing" : "complete") + "/" + what,
      population(subject, width, missing),
      [=] {
        return Measured{plans_of(subject, all_norms), options, memory};
      },
      most_rows);
}

void add_threads(const Subject& subject, Width width) {
  const auto hardware = static_cast<int>(std::thread::hardware_concurrency());
  for (int threads = 2; threads <= hardware; threads *= 2) {
    ScoreOptions options = levels_only();
    options.threads = threads;
    for (const bool missing : {false, true})
      add(subject, width, missing, "levels, " + std::to_string(threads) + " threads", options);
  }
}

/// The same instruments, one pass after the other.
void add_one_after_the_other(const Subject& several) {
  benchmark::RegisterBenchmark((several.name + "/int8/complete/one pass beside four").c_str(),
                               [=](benchmark::State& state) {
                                 const Caseload& caseload = population(several, Width::int8, false).caseload();
                                 Scorer together(plans_of(several, false), levels_only());
                                 std::vector<Scorer> each;
                                 for (const ScoringPlan& plan : plans_of(several, false))
                                   each.emplace_back(plan, levels_only());
                                 double one = 0, four = 0;
                                 for (auto _ : state) {
                                   one = seconds_of([&] { together.score(caseload); });
                                   four = seconds_of([&] {
                                     for (Scorer& scorer : each) scorer.score(caseload);
                                   });
                                   state.SetIterationTime(one);
                                 }
                                 state.counters["rows"] = static_cast<double>(caseload.rows());
                                 state.counters["cases_per_second"] = static_cast<double>(caseload.rows()) / one;
                                 state.counters["times_faster_than_one_by_one"] = four / one;
                               })
      ->UseManualTime()
      ->Iterations(2)
      ->Repetitions(5)
      ->DisplayAggregatesOnly()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_instruments() {
  for (const Subject& subject : subjects()) {
    const bool several = subject.instruments.size() > 1;
    for (int number = 0; number <= static_cast<int>(Width::dictionary32); ++number) {
      const auto width = static_cast<Width>(number);
      const bool boolean = width == Width::boolean_bytes || width == Width::boolean_bits;
      if ((boolean && !has_yes_no(subject)) || (subject.int8_only && width != Width::int8)) continue;
      for (const bool missing : {false, true}) {
        add(subject, width, missing, "levels", levels_only());
        if (width != Width::int8) continue;
        add(subject, width, missing, "everything but reasons", everything(false));
        add(subject, width, missing, "everything", everything(true));
      }
      if (width != Width::int8 && width != Width::int64) continue;
      add_threads(subject, width);
      if (!subject.int8_only) add(subject, width, false, "levels, memory anew", levels_only(), Memory::anew);
    }
    if (several) add_one_after_the_other(subject);
  }
}

}  // namespace appraise::benchmarks
