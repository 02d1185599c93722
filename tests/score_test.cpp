#include "appraise/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/example.hpp"

namespace appraise {
namespace {

using test::cell;
using test::Columns;
using test::example;
using test::texts;
using Texts = std::vector<std::string>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Scores scored(const Columns& columns, const ScoreOptions& options = {.contributions = true}) {
  return score(compile(example()), columns.caseload(), options);
}

TEST(Score, AddsThePointsOfTheAnswers) {
  Columns columns;
  columns.numbers("age", {24.99, 25, 40})
      .texts("violence", {"two_or_more", "one", "none"})
      .texts("misuse", {"yes", "no", "no"});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total", 0), "6");
  EXPECT_EQ(cell(scores, "total", 1), "2");
  EXPECT_EQ(cell(scores, "total", 2), "-1");
  EXPECT_EQ(cell(scores, "total_level", 0), "high");
  EXPECT_EQ(cell(scores, "total_standard_level", 1), "III");
  EXPECT_EQ(cell(scores, "total_standard_level", 0), "-");  // the level has no published equivalent
  EXPECT_EQ(cell(scores, "total_from_violence", 0), "3");
  EXPECT_EQ(cell(scores, "total_status", 0), "scored");
  EXPECT_DOUBLE_EQ(scores.find("probability")->reals[0], 1 / (1 + std::exp(2 - 0.5 * 6)));
}

TEST(Score, SaysHowFarTheNearestCutIs) {
  Columns columns;
  columns.numbers("age", {30, 20, 50}).texts("violence", {"one", "one", "none"}).texts("misuse", {"no", "yes", "yes"});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total_to_cut", 0), "1");  // 2 is the lowest of medium: one point down
  EXPECT_EQ(cell(scores, "total_to_cut", 1), "1");  // 4: one point up
  EXPECT_EQ(cell(scores, "total_to_cut", 2), "2");  // 0: two points up, no level below
}

TEST(Score, AnOmittedAnswerIsFlaggedAndBounded) {
  Columns columns;
  columns.numbers("age", {30}).texts("violence", {"one"}).texts("misuse", {""});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total"), "2");
  EXPECT_EQ(cell(scores, "total_status"), "scored_with_omissions");
  EXPECT_EQ(cell(scores, "total_lowest"), "2");
  EXPECT_EQ(cell(scores, "total_highest"), "3");
  EXPECT_EQ(cell(scores, "total_from_misuse"), "0");
  EXPECT_EQ(texts(scores.reasons), Texts{"omitted: misuse"});
  EXPECT_EQ(cell(scores, "probability_status"), "scored_with_omissions");
}

TEST(Score, AMissingAnswerGivesNoValueButItsBounds) {
  Columns columns;
  columns.numbers("age", {30}).texts("violence", {""}).texts("misuse", {"yes"});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total"), "-");
  EXPECT_EQ(cell(scores, "total_level"), "-");
  EXPECT_EQ(cell(scores, "total_status"), "incomplete");
  EXPECT_EQ(cell(scores, "total_lowest"), "2");
  EXPECT_EQ(cell(scores, "total_highest"), "5");
  EXPECT_EQ(cell(scores, "total_lowest_level"), "medium");
  EXPECT_EQ(cell(scores, "total_highest_level"), "high");
  EXPECT_EQ(texts(scores.reasons), Texts{"missing: violence"});
}

TEST(Score, ABadAnswerIsInvalidAndNeverCoerced) {
  Columns columns;
  columns.numbers("age", {110, -1, 30, 30})
      .texts("violence", {"none", "none", "None", "3"})
      .texts("misuse", {"no", "no", "no", "no"});
  const Scores scores = scored(columns);
  for (int row = 0; row < 4; ++row) {
    EXPECT_EQ(cell(scores, "total_status", row), "invalid") << row;
    EXPECT_EQ(cell(scores, "total", row), "-") << row;
    EXPECT_EQ(cell(scores, "total_lowest", row), "-") << row;
    EXPECT_EQ(texts(scores.reasons, row),
              row < 2 ? (Texts{"invalid: age", "undecided: adult"}) : Texts{"invalid: violence"})
        << row;
  }
}

TEST(Score, OutsideItsPopulationAnInstrumentDoesNotApply) {
  Columns columns;
  columns.numbers("age", {17.99, nan}).texts("violence", {"none", "none"}).texts("misuse", {"no", "no"});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total_status", 0), "not_applicable");
  EXPECT_EQ(texts(scores.reasons, 0), Texts{"does not apply: adult"});
  EXPECT_EQ(cell(scores, "total_status", 1), "incomplete");
  EXPECT_EQ(texts(scores.reasons, 1), (Texts{"missing: age", "undecided: adult"}));
}

TEST(Score, AContradictionIsInvalidAndACautionOnlyWarns) {
  Columns columns;
  columns.numbers("age", {19, 81}).texts("violence", {"two_or_more", "none"}).texts("misuse", {"no", "no"});
  const Scores scores = scored(columns);
  EXPECT_EQ(cell(scores, "total_status", 0), "invalid");
  EXPECT_EQ(texts(scores.reasons, 0), Texts{"contradiction: young_without_violence"});
  EXPECT_EQ(cell(scores, "total_status", 1), "scored");
  EXPECT_EQ(texts(scores.cautions, 1), Texts{"old"});
}

TEST(Score, OnlyWhatIsAskedForIsWorkedOut) {
  Columns columns;
  columns.numbers("age", {30}).texts("violence", {"one"}).texts("misuse", {"no"});
  const Scores scores =
      scored(columns, {.levels = false, .bounds = false, .distance = false, .norms = false, .reasons = false});
  ASSERT_EQ(scores.columns.size(), 4U);
  EXPECT_EQ(scores.columns[0].name, "total");
  EXPECT_EQ(scores.columns[1].name, "total_status");
  EXPECT_TRUE(scores.reasons.offsets.empty());
}

TEST(Score, AnAbsentOrWronglyTypedColumnIsTheCallersMistake) {
  Columns absent;
  absent.numbers("age", {30}).texts("violence", {"one"});
  EXPECT_THROW(static_cast<void>(scored(absent)), UsageError);
  Columns dates;
  dates.numbers("age", {30}).texts("violence", {"one"}).texts("misuse", {"no"});
  std::vector<Column> columns = dates.caseload().columns();
  columns[0].type = ColumnType::date32;
  EXPECT_THROW(static_cast<void>(score(compile(example()), Caseload(columns))), UsageError);
}

TEST(Score, AnEmptyCaseloadGivesEmptyColumns) {
  Columns columns;
  columns.numbers("age", {}).texts("violence", {}).texts("misuse", {});
  const Scores scores = scored(columns);
  EXPECT_EQ(scores.rows, 0);
  EXPECT_EQ(scores.find("total")->wholes.size(), 0U);
}

TEST(Score, SaysWhatMadeIt) {
  Columns columns;
  columns.numbers("age", {30}).texts("violence", {"one"}).texts("misuse", {"no"});
  const auto metadata = scored(columns).metadata;
  const auto value = [&](const std::string& key) {
    for (const auto& [name, text] : metadata) {
      if (name == key) return text;
    }
    return std::string("absent");
  };
  EXPECT_EQ(value("instrument"), "example-5");
  EXPECT_EQ(value("edition"), "1.0");
  EXPECT_EQ(value("evidence"), "verified");
  EXPECT_EQ(value("scoring.sha256").size(), 64U);
  EXPECT_EQ(value("levels/band.sha256").size(), 64U);
}

TEST(Compile, RefusesUnverifiedFiguresWithoutTheOptIn) {
  std::string definition(test::example_definition);
  const std::string verified = R"("evidence": {"mark": "verified", "sources": ["here"]}, "bands")";
  definition.replace(definition.find(verified), verified.size(),
                     R"("evidence": {"mark": "unverified", "note": "recalled"}, "bands")");
  const auto instrument = example(definition);
  try {
    static_cast<void>(compile(instrument));
    FAIL() << "unverified levels were used";
  } catch (const DefinitionError& error) {
    ASSERT_EQ(error.diagnostics().size(), 1U);
    EXPECT_EQ(error.diagnostics()[0].code, "evidence.unverified");
    EXPECT_EQ(error.diagnostics()[0].address, "levels/band");
  }
  const ScoringPlan plan = compile(instrument, {.accept_unverified = true});
  EXPECT_EQ(plan.mark(), Mark::unverified);
}

TEST(Compile, NamesWhatThereIsWhenAnOptionIsUnknown) {
  EXPECT_THROW(static_cast<void>(compile(example(), {.norms = {"nowhere"}})), UsageError);
  EXPECT_THROW(static_cast<void>(compile(example(), {.levels = {{"total", "nowhere"}}})), UsageError);
  EXPECT_THROW(static_cast<void>(compile(example(), {.levels = {{"nothing", "band"}}})), UsageError);
}

TEST(Caseload, RefusesColumnsOfDifferentLengthOrTheSameName) {
  Columns uneven;
  uneven.numbers("a", {1, 2}).numbers("b", {1});
  EXPECT_THROW(static_cast<void>(uneven.caseload()), UsageError);
  Columns columns;
  columns.numbers("a", {1, 2, 3});
  EXPECT_THROW(static_cast<void>(columns.caseload().slice(2, 2)), UsageError);
  EXPECT_EQ(columns.caseload().slice(1, 2).rows(), 2);
}

}  // namespace
}  // namespace appraise
