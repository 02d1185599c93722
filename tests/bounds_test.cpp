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

}  // namespace
}  // namespace appraise
