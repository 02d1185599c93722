// One assessment at a time, and the way from a definition to a plan.
#include <algorithm>

#include "beside_limit.hpp"

namespace appraise::benchmarks {
namespace {

struct One {
  explicit One(const Subject& of) : plan(plan_of(of.instruments.front(), true)), random(of, Width::int8, 1) {}
  ScoringPlan plan;
  RandomCaseload random;
};

void score_one(benchmark::State& state, const Subject& subject, const ScoreOptions& options) {
  const One one(subject);
  Scorer scorer(one.plan, options);
  for (auto _ : state) benchmark::DoNotOptimize(scorer.score(one.random.complete()).data());
}

void score_one_anew(benchmark::State& state, const Subject& subject, const ScoreOptions& options) {
  const One one(subject);
  for (auto _ : state) {
    const Scores scores = score(one.plan, one.random.complete(), options);
    benchmark::DoNotOptimize(scores.columns.data());
  }
}

/// Another person each time, in a caseload of its own, whose columns have to be found anew.
void score_in_turn(benchmark::State& state, Scorer scorer, const RandomCaseload& random) {
  std::vector<Caseload> people;
  for (std::int64_t row = 0; row < random.complete().rows(); ++row) people.push_back(random.complete().slice(row, 1));
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scorer.score(people[next]).data());
    next = (next + 1) % people.size();
  }
}
constexpr std::int64_t people_in_turn = 16;  // few enough for the caches

void score_one_after_another(benchmark::State& state, const Subject& subject) {
  const ScoringPlan plan = plan_of(subject.instruments.front(), true);
  score_in_turn(state, Scorer(plan, levels_only()), RandomCaseload(subject, Width::int8, people_in_turn));
}

/// Any instrument, all of whose columns are there.
void score_one_of(benchmark::State& state, const Edition& edition) {
  const std::shared_ptr<const Instrument> definition = load(edition.id, edition.edition);
  const RandomCaseload random(items_of(*definition), Width::int8, 1, {});
  Scorer scorer(compile(definition, {.accept_unverified = true, .levels = {}, .norms = {}}), levels_only());
  for (auto _ : state) benchmark::DoNotOptimize(scorer.score(random.complete()).data());
}

void score_one_after_another_of(benchmark::State& state, const Edition& edition) {
  const std::shared_ptr<const Instrument> definition = load(edition.id, edition.edition);
  const ScoringPlan plan = compile(definition, {.accept_unverified = true, .levels = {}, .norms = {}});
  score_in_turn(state, Scorer(plan, levels_only()),
                RandomCaseload(items_of(*definition), Width::int8, people_in_turn, {}));
}

bool is_subject(const Edition& edition) {
  return std::any_of(subjects().begin(), subjects().end(), [&](const Subject& subject) {
    return subject.instruments == std::vector{edition.id} && !subject.int8_only;
  });
}

void explain_one(benchmark::State& state, const Subject& subject) {
  const One one(subject);
  for (auto _ : state) {
    const Explanation explanation = explain(one.plan, one.random.complete(), 0);
    benchmark::DoNotOptimize(explanation.value.data());
  }
}

/// Reads, checks and compiles at least that many definitions, each library anew: all built-in ones, and again from the
/// first. Cases are read by who verifies.
void read_and_compile(benchmark::State& state, std::size_t definitions) {
  static_cast<void>(built_in_files());
  for (auto _ : state) {
    for (std::size_t done = 0; done < definitions;) {
      const Library library;
      for (const Edition& one : library.editions()) {
        const ScoringPlan plan =
            compile(library.load(one.id, one.edition), {.accept_unverified = true, .levels = {}, .norms = {}});
        benchmark::DoNotOptimize(&plan.detail());
        ++done;
      }
    }
  }
}

/// All files of one definition, cases included.
void read_all_files(benchmark::State& state, const std::vector<Edition>& editions) {
  static_cast<void>(built_in_files());
  for (auto _ : state)
    for (const Edition& one : editions) benchmark::DoNotOptimize(read(built_in_files(), one.id, one.edition).get());
}

template <class... Arguments>
void add(const std::string& name, benchmark::TimeUnit unit, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), arguments...)
      ->Unit(unit)
      ->MinTime(0.1)
      ->Repetitions(3)
      ->DisplayAggregatesOnly();
}

}  // namespace

void register_latency() {
  for (const Subject& subject : subjects()) {
    if (subject.instruments.size() > 1 || subject.int8_only) continue;
    const std::string name = "one assessment/" + subject.name;
    add(name + "/levels", benchmark::kNanosecond, score_one, subject, levels_only());
    add(name + "/levels, in turn", benchmark::kNanosecond, score_one_after_another, subject);
    add(name + "/default columns", benchmark::kNanosecond, score_one, subject, ScoreOptions{});
    add(name + "/everything", benchmark::kNanosecond, score_one, subject, everything(true));
    add(name + "/levels, memory anew", benchmark::kNanosecond, score_one_anew, subject, levels_only());
    add(name + "/explain", benchmark::kMicrosecond, explain_one, subject);
  }
  const std::vector<Edition> all = built_in_instruments();
  for (const Edition& one : all) {
    if (is_subject(one)) continue;  // above, with dates and numbers that agree with one another
    const std::string name = "one assessment/" + one.id + " " + one.edition;
    add(name + "/levels", benchmark::kNanosecond, score_one_of, one);
    add(name + "/levels, in turn", benchmark::kNanosecond, score_one_after_another_of, one);
  }
  for (const Edition& one : all) {
    add("read and check with cases/" + one.id + " " + one.edition, benchmark::kMillisecond, read_all_files,
        std::vector{one});
  }
  add("read and check with cases/all built-in", benchmark::kMillisecond, read_all_files, all);
  add("read, check and compile/all built-in", benchmark::kMillisecond, read_and_compile, all.size());
  add("read, check and compile/50 definitions", benchmark::kMillisecond, read_and_compile, std::size_t{50});
}

}  // namespace appraise::benchmarks
