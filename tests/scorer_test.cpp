#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "appraise/score.hpp"
#include "support/example.hpp"

namespace appraise {
namespace {

using test::cell;
using test::Columns;
using test::example;

Columns people(std::size_t count) {
  std::vector<double> ages, misuse;
  std::vector<std::string> violence;
  for (std::size_t i = 0; i < count; ++i) {
    ages.push_back(18 + static_cast<double>(i % 80));
    violence.push_back(i % 3 == 0 ? "none" : "one");
    misuse.push_back(static_cast<double>(i % 2));
  }
  Columns columns;
  columns.numbers("age", ages).texts("violence", violence).numbers("misuse", misuse);
  return columns;
}

TEST(Scorer, AsksForAPlanAndAThread) {
  EXPECT_THROW(Scorer(std::vector<ScoringPlan>{}), UsageError);
  EXPECT_THROW(Scorer(compile(example()), {.threads = 0}), UsageError);
}

TEST(Scorer, ScoresCaseloadAfterCaseload) {
  const Columns large = people(5000), small = people(3);
  Scorer scorer(compile(example()));
  EXPECT_EQ(scorer.score(large.caseload()).front().rows, 5000);
  const Scores& few = scorer.score(small.caseload()).front();
  EXPECT_EQ(few.rows, 3);
  EXPECT_EQ(few.find("total")->wholes.size(), 3U);
  EXPECT_EQ(cell(few, "total", 1), "4");
  EXPECT_EQ(scorer.score(large.caseload()).front().find("total")->wholes.size(), 5000U);
}

TEST(Scorer, TakesMoreScratchWhenMoreRowsCome) {
  const ScoringPlan plan = compile(example());
  Scorer scorer(plan);
  for (const std::size_t count : std::initializer_list<std::size_t>{0, 1, 64, 65, 1, 3000}) {
    const Columns columns = people(count);
    const Scores& kept = scorer.score(columns.caseload()).front();
    const Scores alone = score(plan, columns.caseload());
    EXPECT_EQ(kept.rows, static_cast<std::int64_t>(count));
    for (const char* name : {"total", "total_lowest"}) {
      EXPECT_EQ(kept.find(name)->wholes, alone.find(name)->wholes) << name << " of " << count;
    }
    EXPECT_EQ(kept.reasons.offsets, alone.reasons.offsets);
  }
}

TEST(Scorer, ReadsAnswersAnewWhenTheSameCaseloadComesAgain) {
  std::int8_t age = 18, violence = 0, misuse = 1;
  const auto column = [](const char* name, const std::int8_t* value) {
    Column one;
    one.name = name;
    one.type = ColumnType::int8;
    one.values = value;
    one.length = 1;
    return one;
  };
  const std::vector<Column> columns{column("age", &age), column("violence", &violence), column("misuse", &misuse)};
  Caseload caseload(columns);
  Scorer scorer(compile(example()));
  const std::string before = cell(scorer.score(caseload).front(), "total", 0);
  violence = 1;
  const std::string after = cell(scorer.score(caseload).front(), "total", 0);
  EXPECT_NE(before, after);
  // Another caseload in its place, whose columns stand in another order.
  caseload = Caseload({columns[2], columns[1], columns[0]});
  EXPECT_EQ(cell(scorer.score(caseload).front(), "total", 0), after);
  EXPECT_EQ(cell(scorer.score(caseload.slice(0, 1)).front(), "total", 0), after);
}

TEST(Scorer, ScoresOnePersonAfterAnother) {
  const std::vector<std::string> violence{"none", "one", "", "unheard of", "one", "none"};
  const std::vector<double> ages{18, 40, 70, 30, std::numeric_limits<double>::quiet_NaN(), 25};
  const std::vector<double> misuse{0, 1, 1, 0, 1, 7};
  const ScoringPlan plan = compile(example());
  const ScoreOptions options{.bounds = false, .reasons = false};
  Columns all;
  all.numbers("age", ages).texts("violence", violence).numbers("misuse", misuse);
  const Scores together = score(plan, all.caseload(), options);
  Scorer scorer(plan, options);
  for (int time = 0; time < 2; ++time) {
    for (std::size_t i = 0; i < ages.size(); ++i) {
      Columns one;  // whose words are the answers of this person alone
      one.numbers("age", {ages[i]}).texts("violence", {violence[i]}).numbers("misuse", {misuse[i]});
      const Scores& alone = scorer.score(one.caseload()).front();
      ASSERT_EQ(alone.rows, 1);
      ASSERT_EQ(alone.columns.size(), together.columns.size());
      for (const ScoreColumn& column : alone.columns) {
        EXPECT_EQ(cell(alone, column.name), cell(together, column.name, static_cast<std::int64_t>(i)))
            << column.name << " of person " << i;
      }
    }
    static_cast<void>(scorer.score(people(3).caseload()));  // columns of another type, and more rows
  }
}

TEST(Scorer, OnlyCopiesOfACaseloadHaveItsIdentity) {
  const Columns columns = people(10);
  const Caseload one = columns.caseload(), other = columns.caseload(), copy = one;
  EXPECT_EQ(copy.identity(), one.identity());
  EXPECT_NE(other.identity(), one.identity());
  EXPECT_NE(one.slice(0, 10).identity(), one.identity());
  EXPECT_NE(one.identity(), Caseload().identity());
}

TEST(Scorer, HandsItsResultsOverAndGoesOn) {
  const Columns columns = people(10);
  Scorer scorer(compile(example()));
  static_cast<void>(scorer.score(columns.caseload()));
  const std::vector<Scores> taken = scorer.take();
  const std::vector<Scores>& again = scorer.score(columns.caseload());
  EXPECT_EQ(taken.front().find("total")->wholes, again.front().find("total")->wholes);
  EXPECT_EQ(taken.front().metadata, again.front().metadata);
}

TEST(Scorer, GoesOnAfterACaseloadThatCannotBeScored) {
  const Columns columns = people(10);
  Columns without_age;
  without_age.texts("violence", {"one"}).numbers("misuse", {0});
  Scorer scorer(compile(example()));
  EXPECT_THROW(static_cast<void>(scorer.score(without_age.caseload())), UsageError);
  EXPECT_EQ(cell(scorer.score(columns.caseload()).front(), "total", 1), "4");
  EXPECT_THROW(static_cast<void>(scorer.score(without_age.caseload())), UsageError);
  EXPECT_EQ(scorer.take().front().rows, 0);
  EXPECT_EQ(cell(scorer.score(columns.caseload()).front(), "total", 1), "4");
}

TEST(Scorer, GoesOnWithColumnsOfOtherTypes) {
  const std::vector<std::int8_t> violence{0, 2, 1}, misuse{0, 1, 1};
  const std::vector<std::int8_t> ages{18, 19, 40};
  const auto bytes = [](const char* name, const std::vector<std::int8_t>& values) {
    Column column;
    column.name = name;
    column.type = ColumnType::int8;
    column.values = values.data();
    column.length = static_cast<std::int64_t>(values.size());
    return column;
  };
  const Caseload narrow({bytes("age", ages), bytes("violence", violence), bytes("misuse", misuse)});
  Columns texts, numbers, other_texts;
  texts.numbers("age", {18, 19, 40})
      .texts("violence", {"none", "two_or_more", "one"})
      .texts("misuse", {"no", "yes", ""});
  other_texts.numbers("age", {18, 19, 40})
      .texts("violence", {"one", "none", "other"})
      .texts("misuse", {"yes", "", "no"});
  numbers.numbers("age", {18, 19, 40}).numbers("violence", {0, 2, 1}).numbers("misuse", {0, 1, 1});
  const ScoringPlan plan = compile(example());
  for (const bool lean : {false, true}) {
    ScoreOptions options;
    options.bounds = options.reasons = !lean;
    Scorer scorer(plan, options);
    for (const Caseload& caseload :
         {narrow, texts.caseload(), other_texts.caseload(), narrow, numbers.caseload(), texts.caseload()}) {
      const Scores& again = scorer.score(caseload).front();
      const Scores alone = score(plan, caseload, options);
      for (std::int64_t row = 0; row < 3; ++row) {
        for (const char* name : {"total", "total_status", "total_level", "probability", "probability_status"}) {
          EXPECT_EQ(cell(again, name, row), cell(alone, name, row)) << name << ", row " << row;
        }
      }
    }
  }
}

TEST(Scorer, SeveralPlansScoreAsEachAlone) {
  const Columns columns = people(3000);
  const ScoringPlan plan = compile(example());
  const std::vector<Scores> both = score({plan, plan}, columns.caseload(), {.threads = 2});
  const Scores alone = score(plan, columns.caseload());
  ASSERT_EQ(both.size(), 2U);
  for (const Scores& scores : both) {
    EXPECT_EQ(scores.find("total")->wholes, alone.find("total")->wholes);
    EXPECT_EQ(scores.reasons.offsets, alone.reasons.offsets);
    EXPECT_EQ(scores.reasons.texts, alone.reasons.texts);
  }
}

TEST(Scorer, GivesNoColumnsOfAnInstrumentThatReportsNothing) {
  const auto silent = example(R"({"format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"},
    "items": [{"code": "misuse", "label": "misuse", "kind": "yes_no", "points": {"no": 0, "yes": 1}}],
    "scales": [{"code": "total", "label": "total", "reported": false, "sum": ["misuse"]}]})");
  const std::vector<std::int8_t> answers(5000, 1);
  Column misuse;
  misuse.name = "misuse";
  misuse.type = ColumnType::int8;
  misuse.values = answers.data();
  misuse.length = static_cast<std::int64_t>(answers.size());
  const Scores scores = score(compile(silent), Caseload({misuse}), {.reasons = false});
  EXPECT_EQ(scores.rows, 5000);
  EXPECT_TRUE(scores.columns.empty());
}

TEST(Scorer, AValueHiddenByAnUndecidedRuleKeepsItsLowestAndHighest) {
  const auto constant = example(R"({"format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"},
    "applies_when": [{"code": "adult", "require": {"of": "age", "at_least": 18}, "reason": "developed on adults"}],
    "items": [{"code": "age", "label": "age", "kind": "count", "range": {"from": 0, "to": 120}}],
    "scales": [{"code": "base", "label": "base", "weighted_sum": {"intercept": 2, "terms": [{"name": "one", "weight": 1}]}}]})");
  Columns columns;
  columns.numbers("age", {std::numeric_limits<double>::quiet_NaN(), 17, 18});
  const Scores scores = score(compile(constant), columns.caseload());
  EXPECT_EQ(cell(scores, "base_status", 0), "incomplete");
  EXPECT_EQ(cell(scores, "base", 0), "-");
  for (const char* end : {"base_lowest", "base_highest"}) {
    EXPECT_EQ(scores.find(end)->reals[0], 3);
    EXPECT_TRUE(scores.find(end)->valid(0));
    EXPECT_FALSE(scores.find(end)->valid(1));  // not applicable
    EXPECT_EQ(scores.find(end)->reals[2], 3);
  }
}

/// A count in a column of a type, beside the points that its bands give.
template <class Number>
void expect_points(ColumnType type, const std::vector<std::pair<Number, std::string>>& expected) {
  const auto counted = example(R"({"format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"},
    "items": [{"code": "charges", "label": "charges", "kind": "count", "range": {"from": 0, "to": null},
      "bands": [{"from": 0, "to": 0, "points": 0}, {"from": 1, "to": 2, "points": 1}, {"from": 3, "to": null, "points": 3}]}],
    "scales": [{"code": "total", "label": "total", "sum": ["charges"]}]})");
  // At an odd address, and in more rows than a vector holds.
  constexpr std::size_t copies = 70;
  std::vector<std::byte> bytes(expected.size() * copies * sizeof(Number) + 1);
  for (std::size_t i = 0; i < expected.size() * copies; ++i) {
    const Number number = expected[i % expected.size()].first;
    std::memcpy(bytes.data() + 1 + i * sizeof number, &number, sizeof number);
  }
  Column column;
  column.name = "charges";
  column.type = type;
  column.values = bytes.data() + 1;
  column.length = static_cast<std::int64_t>(expected.size() * copies);
  for (const bool lean : {false, true}) {
    ScoreOptions options;
    options.bounds = options.reasons = !lean;
    const Scores scores = score(compile(counted), Caseload({column}), options);
    for (std::size_t i = 0; i < expected.size() * copies; ++i) {
      const auto& [number, points] = expected[i % expected.size()];
      ASSERT_EQ(cell(scores, "total", static_cast<std::int64_t>(i)), points) << +number << (lean ? ", lean" : "");
    }
  }
}

template <class Number>
std::vector<std::pair<Number, std::string>> edges(std::vector<std::pair<Number, std::string>> beyond) {
  beyond.insert(beyond.end(), {{0, "0"}, {1, "1"}, {2, "1"}, {3, "3"}, {126, "3"}, {127, "3"}});
  return beyond;
}

TEST(Scorer, ReadsCountsOfEveryTypeUpToTheirLimits) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  expect_points<std::int8_t>(ColumnType::int8, edges<std::int8_t>({{-1, "-"}, {-128, "-"}}));
  expect_points<std::uint8_t>(ColumnType::uint8, edges<std::uint8_t>({{128, "3"}, {255, "3"}}));
  expect_points<std::int16_t>(ColumnType::int16, edges<std::int16_t>({{-1, "-"}, {-32768, "-"}, {32767, "3"}}));
  expect_points<std::uint16_t>(ColumnType::uint16, edges<std::uint16_t>({{128, "3"}, {65535, "3"}}));
  expect_points<std::int32_t>(ColumnType::int32,
                              edges<std::int32_t>({{-200, "-"}, {static_cast<std::int32_t>(most), "3"}}));
  expect_points<std::uint32_t>(ColumnType::uint32,
                               edges<std::uint32_t>({{2147483647U, "3"}, {2147483648U, "-"}, {4294967295U, "-"}}));
  expect_points<std::int64_t>(ColumnType::int64,
                              edges<std::int64_t>({{-1, "-"},
                                                   {most, "3"},
                                                   {most + 1, "-"},
                                                   {std::numeric_limits<std::int64_t>::max(), "-"},
                                                   {std::numeric_limits<std::int64_t>::min(), "-"}}));
  expect_points<std::uint64_t>(
      ColumnType::uint64,
      edges<std::uint64_t>({{2147483647U, "3"}, {2147483648U, "-"}, {std::numeric_limits<std::uint64_t>::max(), "-"}}));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  expect_points<double>(ColumnType::float64, edges<double>({{-1, "-"},
                                                            {0.5, "-"},
                                                            {2147483647, "3"},
                                                            {2147483648.0, "-"},
                                                            {infinity, "-"},
                                                            {-infinity, "-"},
                                                            {std::numeric_limits<double>::quiet_NaN(), "-"}}));
  expect_points<float>(ColumnType::float32, edges<float>({{-1, "-"}, {0.5F, "-"}, {2147483648.0F, "-"}}));
}

}  // namespace
}  // namespace appraise
