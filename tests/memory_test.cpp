/// What scoring allocates. This program counts what operator new hands out.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "appraise/library.hpp"
#include "appraise/plan.hpp"
#include "appraise/score.hpp"
#include "reference/random_caseload.hpp"
#include "support/allocations.hpp"

namespace appraise::testing {
namespace {

constexpr std::int64_t rows = 12'000;
constexpr std::int64_t slice_rows = 1'000;

std::int64_t bytes_of(const TextLists& lists) {
  std::size_t bytes = lists.offsets.capacity() * sizeof(std::int64_t) + lists.numbers.capacity() * sizeof(std::int32_t);
  for (const std::string& text : lists.texts) bytes += sizeof text + text.capacity();
  return static_cast<std::int64_t>(bytes);
}

std::int64_t bytes_of(const Scores& scores) {
  std::size_t bytes = 0;
  for (const ScoreColumn& column : scores.columns)
    bytes += column.wholes.size() * sizeof(std::int32_t) + column.reals.size() * sizeof(double) + column.bytes.size() +
             column.validity.size();
  return static_cast<std::int64_t>(bytes) + bytes_of(scores.reasons) + bytes_of(scores.cautions);
}

struct Subject {
  explicit Subject(const Edition& of)
      : instrument(load(of.id, of.edition)), plan(compile(instrument, options(*instrument))) {}

  static CompileOptions options(const Instrument& of) {
    CompileOptions options{.accept_unverified = true, .levels = {}, .norms = {}};
    for (const Norms& norms : of.norms) options.norms.push_back(norms.id);
    return options;
  }

  std::shared_ptr<const Instrument> instrument;
  ScoringPlan plan;
};

/// Scores slices of so many rows, one after the other, by every built-in instrument.
void expect_nothing_allocated_after_the_first(const ScoreOptions& options, std::int64_t rows_of_slice) {
  for (const Edition& edition : built_in_instruments()) {
    const Subject subject(edition);
    Random random(1);
    const RandomCaseload caseload(random, *subject.instrument, rows);
    std::vector<Caseload> slices;
    for (std::int64_t first = 0; first < rows && slices.size() < 50; first += rows_of_slice)
      slices.push_back(caseload.caseload().slice(first, rows_of_slice));
    Scorer scorer(subject.plan, options);
    static_cast<void>(scorer.score(slices.front()));
    const Allocations before = allocations();
    for (const Caseload& slice : slices) static_cast<void>(scorer.score(slice));
    EXPECT_EQ(allocations().count - before.count, 0) << edition.id << " " << edition.edition;
  }
}

TEST(Memory, ScoringInSlicesAllocatesNothingAfterTheFirst) {
  expect_nothing_allocated_after_the_first({.contributions = true, .reasons = false}, slice_rows);
}

TEST(Memory, ScoringOnePersonAfterAnotherAllocatesNothingAfterTheFirst) {
  expect_nothing_allocated_after_the_first({.bounds = false, .contributions = true, .reasons = false}, 1);
}

TEST(Memory, ReasonsAllocateTheirTextsOnce) {
  for (const Edition& edition : built_in_instruments()) {
    const Subject subject(edition);
    Random random(1);
    const RandomCaseload caseload(random, *subject.instrument, rows);
    Scorer scorer(subject.plan, {.contributions = true});
    static_cast<void>(scorer.score(caseload.caseload()));
    const Caseload part = caseload.caseload().slice(0, rows / 2);
    const Allocations before = allocations();
    const auto texts_of = [](const Scores& scores) {
      return scores.reasons.texts.size() + scores.cautions.texts.size();
    };
    std::size_t texts = texts_of(scorer.score(part).front());
    texts += texts_of(scorer.score(caseload.caseload()).front());
    EXPECT_LE(allocations().count - before.count, static_cast<std::int64_t>(texts))
        << edition.id << " " << edition.edition;
  }
}

TEST(Memory, ScratchOfAThreadIsBelowOneMiBForFourPlansTogether) {
  std::vector<ScoringPlan> plans;
  std::vector<std::unique_ptr<RandomCaseload>> caseloads;
  std::vector<Column> columns;
  Random random(1);
  for (const char* id : {"static-99r", "stable-2007", "acute-2007", "static-99r-stable-2007"}) {
    const Subject subject(Edition{.id = id, .edition = ""});
    plans.push_back(subject.plan);
    caseloads.push_back(std::make_unique<RandomCaseload>(random, *subject.instrument, rows));
    for (const Column& column : caseloads.back()->caseload().columns()) {
      const bool is_new =
          std::none_of(columns.begin(), columns.end(), [&](const Column& other) { return other.name == column.name; });
      if (is_new) columns.push_back(column);
    }
  }
  std::vector<std::int64_t> zeros(rows);
  std::vector<Column> wide = columns;
  for (Column& column : wide) {
    Column numbers;
    numbers.name = column.name;
    numbers.type = ColumnType::int64;
    numbers.values = zeros.data();
    numbers.length = rows;
    column = numbers;
  }
  for (const bool reasons : {false, true}) {
    for (const Caseload& caseload : {Caseload(columns), Caseload(wide)}) {
      const std::int64_t before = allocations().held;
      forget_peak();
      Scorer scorer(plans, {.contributions = true, .reasons = reasons});
      std::int64_t results = 0;
      for (const Scores& scores : scorer.score(caseload)) results += bytes_of(scores);
      EXPECT_LT(allocations().peak - before - results, 1 << 20) << "reasons: " << reasons;
    }
  }
}

TEST(Memory, OfLargeColumnsThatAreGoneIsUsedAgain) {
  detail::give_kept_values_back();
  constexpr std::size_t large = std::size_t{5} << 20;
  void* first = detail::allocate_values(large);
  detail::free_values(first, large);
  void* again = detail::allocate_values(large - 100);  // of about that size
  EXPECT_EQ(again, first);
  void* other = detail::allocate_values(large);
  EXPECT_NE(other, first);
  detail::free_values(again, large - 100);
  detail::free_values(other, large);
  const std::int64_t held = allocations().held;
  detail::give_kept_values_back();
  EXPECT_LE(allocations().held, held - static_cast<std::int64_t>(2 * large));
}

TEST(Memory, OfNoMoreThanTheBoundIsKept) {
  detail::give_kept_values_back();
  const std::int64_t before = allocations().held;
  constexpr std::size_t bytes = std::size_t{16} << 20, count = detail::most_kept_bytes / bytes + 4;
  // Alignment is counted too.
  constexpr auto most = static_cast<std::int64_t>(detail::most_kept_bytes / 7 * 8);
  std::vector<void*> stretches;
  for (std::size_t i = 0; i < count; ++i) stretches.push_back(detail::allocate_values(bytes));
  for (void* at : stretches) detail::free_values(at, bytes);
  EXPECT_LE(allocations().held - before, most);
  detail::free_values(detail::allocate_values(2 * detail::most_kept_bytes), 2 * detail::most_kept_bytes);
  EXPECT_LE(allocations().held - before, most);
  detail::give_kept_values_back();
}

TEST(Memory, ScratchOfAThreadIsBelowOneMiB) {
  for (const Edition& edition : built_in_instruments()) {
    const Subject subject(edition);
    Random random(1);
    const RandomCaseload caseload(random, *subject.instrument, rows);
    const auto scratch = [&](int threads) {
      const std::int64_t before = allocations().held;
      forget_peak();
      const Scores scores =
          score(subject.plan, caseload.caseload(), {.contributions = true, .reasons = false, .threads = threads});
      return allocations().peak - before - bytes_of(scores);
    };
    const std::int64_t one = scratch(1);
    EXPECT_LT(scratch(2) - one, 1 << 20) << edition.id << " " << edition.edition;
    // With what the threads share: a table for each column, of which instruments that use others have many, and large
    // dictionaries, whose words are remembered.
    const auto columns = static_cast<std::int64_t>(subject.plan.items().size());
    std::int64_t shared = std::max<std::int64_t>(32, columns) << 15;
    for (const Column& column : caseload.caseload().columns()) {
      shared += static_cast<std::int64_t>(column.dictionary.size() * (sizeof(std::string) + 2 * sizeof(double)));
    }
    EXPECT_LT(one, shared) << edition.id << " " << edition.edition;
  }
}

}  // namespace
}  // namespace appraise::testing
