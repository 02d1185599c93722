// Lowest and highest possible values.
#include <gtest/gtest.h>

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
  const DefinitionFiles files{
      {"top/1/instrument.json",
       definition("top", R"("items": [)" + yes_no("a", 1) + ", " + yes_no("b", 2) + R"(], "scales": [
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

}  // namespace
}  // namespace appraise
