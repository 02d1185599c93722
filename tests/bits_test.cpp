/// The same bits by every instruction set, number of threads, slicing and choice of columns; tests/deep/bits.cpp does
/// the same at length.
#include "reference/bits.hpp"

#include <gtest/gtest.h>

#include <set>

#include "appraise/library.hpp"
#include "reference/random_instrument.hpp"

namespace appraise::testing {
namespace {

TEST(Bits, OfBuiltInInstrumentsAreTheSameInEveryWayOfScoring) {
  Random random(1);
  for (const Edition& one : built_in_instruments()) {
    const auto instrument = load(one.id, one.edition);
    const RandomCaseload caseload(random, *instrument, moods_in_stretches(random, 1030));
    const reference::Choices choices = random_choices(random, *instrument);
    EXPECT_EQ(Bits(random, instrument, choices, caseload).difference_found(50), "") << one.id << " " << one.edition;
  }
}

TEST(Bits, OfRandomInstrumentsAreTheSameInEveryWayOfScoring) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    const RandomCaseload caseload(random, *made.instrument, moods_in_stretches(random, 1030));
    const reference::Choices choices = random_choices(random, *made.instrument);
    EXPECT_EQ(Bits(random, made.instrument, choices, caseload).difference_found(50), "") << "seed " << seed;
  }
}

TEST(Bits, AreWorkedOutByMoreThanOneInstructionSet) {
  std::set<std::string> names;
  for (const Target& target : targets()) names.insert(target.name);
  EXPECT_GE(names.size(), 2U);
}

}  // namespace
}  // namespace appraise::testing
