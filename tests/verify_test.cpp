#include "appraise/verify.hpp"

#include <gtest/gtest.h>

#include "support/example.hpp"

namespace appraise {
namespace {

Verification verified(const std::string& cases) {
  const DefinitionFiles files{
      {"example-5/1.0/instrument.json", std::string(test::example_definition)},
      {"example-5/1.0/cases.json",
       R"({"format": 1, "instrument": "example-5", "edition": "1.0", "cases": [)" + cases + "]}"}};
  return verify(read(files, "example-5", "1.0"));
}

TEST(Verify, PassesCasesThatHold) {
  const Verification verification = verified(
      R"({"id": "a", "source": "worked by hand", "responses": {"age": 24, "violence": "one", "misuse": "yes"},
          "expect": {"total": 4, "total_level": "medium", "total_status": "scored", "reasons": "", "probability": 0.5}},
         {"id": "b", "source": "worked by hand", "responses": {"age": 90, "violence": "none"},
          "expect": {"total": -1, "total_highest": 0, "cautions": "old", "reasons": "omitted: misuse"}})");
  EXPECT_EQ(verification.cases, 2U);
  EXPECT_EQ(verification.comparisons, 9U);
  EXPECT_TRUE(verification.mismatches.empty());
}

TEST(Verify, NamesEveryResultThatDiffers) {
  const Verification verification = verified(
      R"({"id": "wrong", "source": "worked by hand", "responses": {"age": 24, "violence": "one", "misuse": "yes"},
          "expect": {"total": 5, "total_level": "high", "total_status": "scored", "probability": null}})");
  ASSERT_EQ(verification.mismatches.size(), 3U);
  EXPECT_EQ(verification.mismatches[0].column, "total");
  EXPECT_EQ(verification.mismatches[0].expected, "5");
  EXPECT_EQ(verification.mismatches[0].found, "4");
  EXPECT_EQ(verification.mismatches[2].expected, "no value");
  EXPECT_GT(verification.mismatches[0].place.line, 0U);
}

TEST(Verify, EveryBuiltInInstrumentHoldsItsCases) {
  for (const Edition& edition : built_in_instruments()) {
    const auto instrument = load(edition.id, edition.edition);
    const Verification verification = verify(instrument);
    EXPECT_GT(verification.cases, 0U) << edition.id;
    for (const Mismatch& mismatch : verification.mismatches) {
      ADD_FAILURE() << edition.id << ": " << mismatch.id << ": " << mismatch.column << " is " << mismatch.found
                    << ", expected " << mismatch.expected << " (" << mismatch.source << ")";
    }
  }
}

}  // namespace
}  // namespace appraise
