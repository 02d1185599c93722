#include "appraise/explain.hpp"

#include <gtest/gtest.h>

#include "support/example.hpp"

namespace appraise {
namespace {

using test::Columns;
using test::example;
using Texts = std::vector<std::string>;

Columns one(double age, const std::string& violence, const std::string& misuse) {
  Columns columns;
  columns.numbers("age", {99, age}).texts("violence", {"none", violence}).texts("misuse", {"no", misuse});
  return columns;
}

TEST(Explain, ContributionsAddUpToTheScoreAndAreRankedByTheirDistanceFromTheBaseline) {
  const Columns columns = one(30, "two_or_more", "no");
  const Explanation explanation = explain(compile(example()), columns.caseload(), 1);
  EXPECT_EQ(explanation.scale, "total");
  EXPECT_EQ(explanation.value, "4");
  EXPECT_EQ(explanation.level, "medium");
  EXPECT_EQ(explanation.level_label, "medium risk");
  ASSERT_EQ(explanation.contributions.size(), 3U);
  double sum = 0;
  for (const Contribution& contribution : explanation.contributions) sum += contribution.value;
  EXPECT_EQ(sum, 4);
  EXPECT_EQ(explanation.contributions[0].baseline, -1);  // the lowest points of age
  EXPECT_EQ(explanation.contributions[1].response, "two_or_more");
  EXPECT_EQ(explanation.ranked, (std::vector<std::size_t>{1, 0}));  // +3, then +2; misuse is at its baseline
}

TEST(Explain, TheSmallestChangesMoveTheLevelWhenScored) {
  const Columns columns = one(30, "two_or_more", "no");
  const ScoringPlan plan = compile(example());
  const Explanation explanation = explain(plan, columns.caseload(), 1);
  ASSERT_FALSE(explanation.changes.empty());
  EXPECT_EQ(explanation.changes[0].level, "high");
  EXPECT_EQ(explanation.changes[0].value, 5);
  bool found = false;
  for (const Change& change : explanation.changes) {
    if (change.item != "violence") continue;
    found = true;
    const Columns changed = one(30, change.to, "no");
    const Scores scores = score(plan, changed.caseload());
    EXPECT_EQ(test::cell(scores, "total_level", 1), change.level);
    EXPECT_EQ(change.from, "two_or_more");
    EXPECT_EQ(change.to, "none");  // "one" gives 2, still medium
  }
  EXPECT_TRUE(found);
}

TEST(Explain, AProbabilityIsExplainedByItsLogOdds) {
  const Columns columns = one(30, "one", "yes");
  const Explanation explanation = explain(compile(example()), columns.caseload(), 1, "probability");
  EXPECT_EQ(explanation.explained_by, "log_odds");
  ASSERT_EQ(explanation.contributions.size(), 1U);
  EXPECT_EQ(explanation.contributions[0].value, 1.5);
  EXPECT_EQ(explanation.contributions[0].label, "Total");
  EXPECT_EQ(explanation.contributions[0].response, "3 (worked out)");
}

TEST(Explain, SaysWhatIsMissingAndWhatTheScoreCouldBe) {
  const Columns columns = one(30, "", "no");
  const Explanation explanation = explain(compile(example()), columns.caseload(), 1);
  EXPECT_EQ(explanation.status, "incomplete");
  EXPECT_EQ(explanation.value, "");
  EXPECT_EQ(explanation.reasons, Texts{"missing: violence"});
  EXPECT_EQ(explanation.lowest, "1");
  EXPECT_EQ(explanation.highest, "4");
  EXPECT_NE(explanation.paragraph.find("missing: violence"), std::string::npos);
  EXPECT_NE(explanation.paragraph.find("between 1 and 4"), std::string::npos);
  EXPECT_TRUE(explanation.changes.empty());
}

TEST(Explain, AgreesWithTheScoreOfTheCaseload) {
  const ScoringPlan plan = compile(example());
  for (const char* violence : {"none", "one", "two_or_more"}) {
    for (const double age : {19.0, 24.0, 25.0, 39.5, 40.0, 85.0}) {
      const Columns columns = one(age, violence, "yes");
      const Scores scores = score(plan, columns.caseload());
      const Explanation explanation = explain(plan, columns.caseload(), 1);
      EXPECT_EQ(explanation.value.empty() ? "-" : explanation.value, test::cell(scores, "total", 1));
      EXPECT_EQ(explanation.status, test::cell(scores, "total_status", 1));
      EXPECT_EQ(explanation.cautions, test::texts(scores.cautions, 1));
    }
  }
}

TEST(Explain, RefusesARowOrScaleThatDoesNotExist) {
  const Columns columns = one(30, "one", "yes");
  EXPECT_THROW(static_cast<void>(explain(compile(example()), columns.caseload(), 2)), UsageError);
  EXPECT_THROW(static_cast<void>(explain(compile(example()), columns.caseload(), -1)), UsageError);
  EXPECT_THROW(static_cast<void>(explain(compile(example()), columns.caseload(), 0, "nothing")), UsageError);
}

}  // namespace
}  // namespace appraise
