/// The same bits by every instruction set, number of threads, slicing and choice of columns; tests/deep/bits.cpp does
/// the same at length.
#include "reference/bits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "appraise/library.hpp"
#include "reference/compare.hpp"
#include "reference/random_instrument.hpp"

namespace appraise::testing {
namespace {

constexpr std::int64_t rows = 2100;  // more than a block, which has at most 2048; and enough that steps are arranged

TEST(Bits, OfBuiltInInstrumentsAreTheSameInEveryWayOfScoring) {
  Random random(1);
  for (const Edition& one : built_in_instruments()) {
    const auto instrument = load(one.id, one.edition);
    const RandomCaseload caseload(random, *instrument, moods_in_stretches(random, rows));
    const reference::Choices choices = random_choices(random, *instrument);
    EXPECT_EQ(Bits(random, instrument, choices, caseload).difference_found(50), "") << one.id << " " << one.edition;
  }
}

TEST(Bits, OfRandomInstrumentsAreTheSameInEveryWayOfScoring) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    const RandomCaseload caseload(random, *made.instrument, moods_in_stretches(random, rows));
    const reference::Choices choices = random_choices(random, *made.instrument);
    EXPECT_EQ(Bits(random, made.instrument, choices, caseload).difference_found(50), "") << "seed " << seed;
  }
}

std::size_t bytes_of(const Scores& scores) {
  std::size_t bytes = 0;
  for (const ScoreColumn& column : scores.columns) {
    bytes += column.reals.size() * sizeof(double) + column.wholes.size() * sizeof(std::int32_t) + column.bytes.size();
  }
  return bytes;
}

TEST(Bits, OfLargeResultsWhichAreWrittenPastTheCachesAreThoseOfSmallOnes) {
  Random random(7);
  const std::vector<std::pair<const char*, std::int64_t>> large{
      {"static-99r", 41'003}, {"stable-2007", 31'003}, {"oasys-arp", 11'003}, {"sorna", 50'003}};
  for (const auto& [id, count] : large) {
    const auto instrument = load(id);
    const RandomCaseload caseload(random, *instrument, count);
    CompileOptions everything{.accept_unverified = true, .levels = {}, .norms = {}};
    for (const Norms& norms : instrument->norms) everything.norms.push_back(norms.id);
    const ScoringPlan plan = compile(instrument, everything);
    for (const bool reasons : {false, true}) {
      const ScoreOptions options{.contributions = true, .reasons = reasons};
      const Scores whole = score(plan, caseload.caseload(), options);
      EXPECT_GT(bytes_of(whole), std::size_t{4} << 20) << id;
      constexpr std::int64_t slice = 4'321;
      for (std::int64_t first = 0; first < count; first += slice) {
        const Caseload some = caseload.caseload().slice(first, std::min(slice, count - first));
        ASSERT_EQ(difference(whole, first, score(plan, some, options), Numbering::own), "") << id << ", " << reasons;
      }
    }
  }
}

TEST(Difference, OfOneBitIsFound) {
  Random random(1);
  const auto instrument = load("static-99r");
  const RandomCaseload caseload(random, *instrument, 300);
  const Scores whole = score_all(instrument, {}, caseload.caseload());
  const Scores part = score_all(instrument, {}, caseload.caseload().slice(101, 150));
  EXPECT_EQ(difference(whole, 101, part, Numbering::own), "");
  EXPECT_NE(difference(whole, 101, part, Numbering::alike), "");
  EXPECT_NE(difference(whole, 100, part, Numbering::own), "");
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    Scores other = part;
    ScoreColumn& column = other.columns[i];
    if (!column.wholes.empty()) column.wholes[77] ^= 1;
    if (!column.reals.empty()) column.reals[77] = std::nextafter(column.reals[77], 1e9);
    if (!column.bytes.empty()) column.bytes[77] ^= 1;
    EXPECT_NE(difference(whole, 101, other, Numbering::own), "") << column.name;
    if (column.validity.empty()) continue;
    other = part;
    other.columns[i].validity[9] ^= 32;
    EXPECT_NE(difference(whole, 101, other, Numbering::own), "") << column.name;
  }
  Scores other = part;
  other.reasons.texts.front() += ".";
  EXPECT_NE(difference(whole, 101, other, Numbering::own), "");
}

TEST(Bits, AreWorkedOutByMoreThanOneInstructionSet) {
  std::set<std::string> names;
  for (const Target& target : targets()) names.insert(target.name);
  EXPECT_GE(names.size(), 2U);
}

}  // namespace
}  // namespace appraise::testing
