/// What scoring allocates. This program counts what operator new hands out.
#include <gtest/gtest.h>

#include <algorithm>

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

TEST(Memory, ScoringInSlicesAllocatesNothingAfterTheFirst) {
  for (const Edition& edition : built_in_instruments()) {
    const Subject subject(edition);
    Random random(1);
    const RandomCaseload caseload(random, *subject.instrument, rows);
    std::vector<Caseload> slices;
    for (std::int64_t first = 0; first < rows; first += slice_rows)
      slices.push_back(caseload.caseload().slice(first, slice_rows));
    Scorer scorer(subject.plan, {.contributions = true, .reasons = false});
    static_cast<void>(scorer.score(slices.front()));
    const Allocations before = allocations();
    for (const Caseload& slice : slices) static_cast<void>(scorer.score(slice));
    EXPECT_EQ(allocations().count - before.count, 0) << edition.id << " " << edition.edition;
  }
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
    // With what the threads share: a table for each column, of which instruments that use others have many.
    const auto columns = static_cast<std::int64_t>(subject.plan.items().size());
    EXPECT_LT(one, std::max<std::int64_t>(32, columns) << 15) << edition.id << " " << edition.edition;
  }
}

}  // namespace
}  // namespace appraise::testing
