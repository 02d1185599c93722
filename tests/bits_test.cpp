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

constexpr std::int64_t rows = 2100;  // more than a block, which has at most 2048

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
