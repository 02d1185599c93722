// Lowest and highest possible values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/example.hpp"

namespace appraise {
namespace {

using test::cell;
using test::Columns;

std::string definition(const std::string& id, const std::string& rest) {
  return R"({"format": 1, "id": ")" + id + R"(", "edition": "1", "title": "t", "family": "f", "authors": ["a"],
    "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"}, )" +
         rest + "}";
}

std::string yes_no(const std::string& code, int points) {
  return R"({"code": ")" + code + R"(", "label": "l", "kind": "yes_no", "points": {"no": 0, "yes": )" +
         std::to_string(points) + "}}";
}

/// What was found of a scale in a row: value, lowest and highest.
std::string found(const Scores& scores, const std::string& scale, std::int64_t row) {
  return cell(scores, scale, row) + " " + cell(scores, scale + "_lowest", row) + " " +
         cell(scores, scale + "_highest", row);
}

TEST(LowestAndHighest, AGateOfAnInstrumentUsedLeavesItsValuesOpen) {
  const DefinitionFiles files{
      {"base/1/instrument.json",
       definition("base",
                  R"("applies_when": [{"code": "adult", "require": {"of": "adult", "equals": "yes"}, "reason": "r"}],
          "items": [{"code": "adult", "label": "l", "kind": "yes_no"}, )" +
                      yes_no("harm", 5) + R"(], "scales": [{"code": "total", "label": "l", "sum": ["harm"]}])")},
      {"top/1/instrument.json",
       definition("top", R"("uses": {"base": {"instrument": "base", "edition": "1"}}, "items": [)" + yes_no("own", 2) +
                             R"(], "scales": [{"code": "sum", "label": "l", "reported": false, "sum": ["own"]},
          {"code": "first", "label": "l", "first_available": {"of": ["base.total", "sum"], "flag": false}},
          {"code": "absent", "label": "l", "count": [{"of": "base.total", "is_missing": true}]}])")}};
  for (const std::size_t times : {std::size_t{1}, std::size_t{200}}) {  // a few rows, and enough for a sweep
    std::vector<std::string> adult, yes;
    for (std::size_t i = 0; i < times; ++i) {
      adult.insert(adult.end(), {"yes", "no", ""});
      yes.insert(yes.end(), 3, "yes");
    }
    Columns columns;
    columns.texts("base.adult", adult).texts("base.harm", yes).texts("own", yes);
    const Scores scores = score(compile(read(files, "top", "1")), columns.caseload(), {.reasons = times == 1});
    for (std::int64_t row = 0; row < scores.rows; row += 3) {
      ASSERT_EQ(found(scores, "first", row), "5 5 5");
      ASSERT_EQ(found(scores, "absent", row), "0 0 0");
      for (const std::int64_t other : {row + 1, row + 2}) {  // the instrument used does not apply, or may not
        ASSERT_EQ(found(scores, "first", other), "2 2 5");
        ASSERT_EQ(found(scores, "absent", other), "1 0 1");
      }
    }
  }
}

TEST(LowestAndHighest, AnItemThatAppliesByASubstituteIsOpen) {
  const DefinitionFiles files{{"top/1/instrument.json", definition("top", R"("items": [
          {"code": "asked", "label": "l", "kind": "yes_no", "if_missing": "no"},
          {"code": "harm", "label": "l", "kind": "yes_no", "points": {"no": 1, "yes": 5},
            "applies_when": {"of": "asked", "equals": "yes"}, "points_if_not_applicable": 3}],
          "scales": [{"code": "total", "label": "l", "sum": ["harm"]}])")}};
  Columns columns;  // so few rows that one is open by this alone, or none
  columns.texts("asked", {"no", "yes", ""}).texts("harm", {"", "yes", ""});
  const Scores scores = score(compile(read(files, "top", "1")), columns.caseload());
  EXPECT_EQ(found(scores, "total", 0), "3 3 3");
  EXPECT_EQ(found(scores, "total", 1), "5 5 5");
  EXPECT_EQ(found(scores, "total", 2), "3 1 5");  // scored, and without flags
  EXPECT_EQ(cell(scores, "total_status", 2), "scored");
}

TEST(LowestAndHighest, AValueThatStandsInIsOpen) {
  const DefinitionFiles files{{"top/1/instrument.json", definition("top", R"("items": [)" + yes_no("a", 1) + ", " +
                                                                              yes_no("b", 2) + R"(], "scales": [
          {"code": "first", "label": "l", "first_available": {"of": ["a", "b"], "flag": false}}])")}};
  Columns columns;
  columns.texts("a", {"yes", ""}).texts("b", {"yes", "yes"});
  const Scores scores = score(compile(read(files, "top", "1")), columns.caseload());
  EXPECT_EQ(found(scores, "first", 0), "1 1 1");
  EXPECT_EQ(found(scores, "first", 1), "2 0 2");
  EXPECT_EQ(cell(scores, "first_status", 1), "scored");
}

TEST(LowestAndHighest, WhatIsDecidedIsItsOwnRangeWhateverElseIsMissing) {
  const DefinitionFiles files{{"top/1/instrument.json", definition("top", R"("items": [)" + yes_no("a", 1) + ", " +
                                                                              yes_no("b", 2) + ", " + yes_no("c", 4) +
                                                                              R"(], "scales": [
          {"code": "any", "label": "l", "rules": {"hit": "first",
            "rows": [{"when": {"any": [{"of": "a", "equals": "yes"}, {"of": "b", "equals": "yes"}]}, "then": 7}],
            "otherwise": 9}},
          {"code": "first", "label": "l", "first_available": {"of": ["a", "b"], "flag": false}},
          {"code": "only", "label": "l", "applies_when": {"of": "c", "equals": "yes"}, "sum": ["a"]}])")}};
  const ScoringPlan plan = compile(read(files, "top", "1"));
  for (const std::size_t times : {std::size_t{1}, std::size_t{100}}) {  // few rows are open, and most
    std::vector<std::string> a{"yes", "", "no", ""}, b{"", "yes", "", ""}, c{"yes", "", "no", "no"};
    for (std::size_t i = 1; i < times; ++i) {
      for (std::vector<std::string>* one : {&a, &b, &c}) one->insert(one->end(), 3, "yes");
    }
    Columns columns;
    columns.texts("a", a).texts("b", b).texts("c", c);
    const Scores scores = score(plan, columns.caseload());
    const auto row = [&](std::int64_t at) {
      return found(scores, "any", at) + ", " + found(scores, "first", at) + ", " + found(scores, "only", at);
    };
    EXPECT_EQ(row(0), "7 7 7, 1 1 1, 1 1 1");
    EXPECT_EQ(row(1), "7 7 7, 2 0 2, - 0 1");
    EXPECT_EQ(row(2), "- 7 9, 0 0 0, - - -");
    EXPECT_EQ(row(3), "- 7 9, - 0 2, - - -");
  }
}

/// Real numbers by many operations, in as many rows as fill several blocks, of which one in `every` lacks an answer.
TEST(LowestAndHighest, AreThoseOfARowByItselfHoweverManyRowsAreOpen) {
  const auto read_one = [] {
    const DefinitionFiles files{{"top/1/instrument.json", definition("top", R"("items": [
          {"code": "x", "label": "l", "kind": "number", "range": {"from": 0, "below": 9.5}},
          {"code": "y", "label": "l", "kind": "count", "range": {"from": 0, "to": 900}, "if_missing": 2},
          {"code": "z", "label": "l", "kind": "yes_no"},
          {"code": "other", "label": "l", "kind": "number", "range": {"from": -5, "below": 6}, "optional": true}],
        "scales": [
          {"code": "stands_in", "label": "l", "first_available": {"of": ["other", "x"], "flag": false}},
          {"code": "total", "label": "l", "weighted_sum": {"intercept": 1, "terms": [
            {"name": "once", "of": "x", "weight": 2}, {"name": "twice", "of": "x", "power": 2, "weight": -0.25},
            {"of": "stands_in", "weight": -3, "when": {"of": "z", "equals": "yes"}},
            {"name": "no", "weight": 0.5, "when": {"of": "z", "equals": "no"}}, {"name": "both", "of": ["x", "y"], "weight": 0.125}]}, "levels": "band"},
          {"code": "share", "label": "l", "ratio": {"of": "total", "over": "y"}},
          {"code": "chance", "label": "l", "logistic": "total"},
          {"code": "percent", "label": "l", "round": {"of": "chance", "digits": 2, "mode": "half_up"}}],
        "levels": {"band": {"edition": "1", "of": "total", "status": "current",
          "evidence": {"mark": "derived", "note": "n"}, "bands": [
          {"from": null, "below": 0, "code": "low", "label": "l"}, {"from": 0, "below": 4.5, "code": "mid", "label": "l"},
          {"from": 4.5, "below": null, "code": "high", "label": "l"}]}})")}};
    return compile(read(files, "top", "1"));
  };
  const ScoringPlan plan = read_one();
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t every : std::initializer_list<std::size_t>{1, 2, 4, 7, 300}) {
    constexpr std::size_t rows = 1300;
    std::vector<std::vector<double>> cells(4, std::vector<double>(rows));
    for (std::size_t row = 0; row < rows; ++row) {
      cells[0][row] = static_cast<double>(row * 37 % 91) / 10;
      cells[1][row] = static_cast<double>(1 + row * 11 % 600);
      cells[2][row] = static_cast<double>(row / 3 % 2);
      cells[3][row] = static_cast<double>(row * 7 % 11) - 5;
      if (row % every == 0) cells[row / every % 4][row] = missing;
    }
    Columns columns;
    columns.numbers("x", cells[0]).numbers("y", cells[1]).numbers("z", cells[2]).numbers("other", cells[3]);
    const Scores scores = score(plan, columns.caseload());
    for (std::size_t row = 0; row < rows; row += row % 64 == 0 ? 1 : 21) {
      const auto at = static_cast<std::int64_t>(row);
      const Scores alone = score(plan, columns.caseload().slice(at, 1));
      for (const ScoreColumn& column : scores.columns) {
        ASSERT_EQ(cell(scores, column.name, at), cell(alone, column.name)) << column.name << " of " << row;
      }
    }
    if (every != 7) continue;
    // x is missing, from 0 to 9.5; other is 4 and z is yes; y is 309: from 1 - 9.5^2 / 4 - 12 to 1 + 19 - 12 + 9.5 *
    // 309 / 8.
    EXPECT_EQ(found(scores, "total", 28), "- -33.562500 374.937500");
    EXPECT_EQ(cell(scores, "total_lowest_level", 28) + cell(scores, "total_highest_level", 28), "lowhigh");
    const std::string value = cell(scores, "total", 29);
    EXPECT_EQ(found(scores, "total", 29), value + " " + value + " " + value);
  }
}

/// Of three bands, which are told apart by the cuts reached, and of more than that is done for.
TEST(LowestAndHighest, LevelsOfRealNumbersBeginAtTheirCuts) {
  for (const int count : {3, 20}) {
    std::string bands;
    for (int i = 0; i < count; ++i) {
      const std::string from = std::to_string(i), to = i + 1 < count ? std::to_string(i + 1) : "null";
      bands += std::string(i > 0 ? ", " : "") + R"({"from": )" + from + R"(, "below": )" + to + R"(, "code": "b)" +
               from + R"(", "label": "l"})";
    }
    const DefinitionFiles files{
        {"top/1/instrument.json",
         definition("top", R"("items": [{"code": "x", "label": "l", "kind": "number", "range": {"from": 0, "below": )" +
                               std::to_string(count) + R"(}}], "scales": [{"code": "total", "label": "l",
          "weighted_sum": {"intercept": 0, "terms": [{"of": "x", "weight": 1}]}, "levels": "band"}],
          "levels": {"band": {"edition": "1", "of": "total", "status": "current",
            "evidence": {"mark": "derived", "note": "n"}, "bands": [)" +
                               bands + "]}}")}};
    const double last = count;
    const std::vector<double> x{
        0, 1, std::nextafter(1.0, 0.0), 2.5, std::nextafter(last, 0.0), std::numeric_limits<double>::quiet_NaN()};
    const std::string end = "b" + std::to_string(count - 1);
    const std::vector<std::string> wanted{"b0", "b1", "b0", "b2", end, "-"};
    Columns columns;
    columns.numbers("x", x);
    const Scores scores = score(compile(read(files, "top", "1")), columns.caseload());
    for (std::size_t row = 0; row < x.size(); ++row) {
      const auto at = static_cast<std::int64_t>(row);
      const bool known = wanted[row] != "-";
      EXPECT_EQ(cell(scores, "total_level", at), wanted[row]) << row;
      EXPECT_EQ(cell(scores, "total_lowest_level", at), known ? wanted[row] : "b0") << row;
      EXPECT_EQ(cell(scores, "total_highest_level", at), known ? wanted[row] : end) << row;
    }
  }
}

}  // namespace
}  // namespace appraise
