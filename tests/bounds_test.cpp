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
  Columns columns;
  columns.texts("base.adult", {"yes", "no", ""})
      .texts("base.harm", {"yes", "yes", "yes"})
      .texts("own", {"yes", "yes", "yes"});
  const Scores scores = score(compile(read(files, "top", "1")), columns.caseload());
  EXPECT_EQ(found(scores, "first", 0), "5 5 5");
  EXPECT_EQ(found(scores, "absent", 0), "0 0 0");
  for (const std::int64_t row : {1, 2}) {  // answered, but the instrument used does not apply, or may not
    EXPECT_EQ(found(scores, "first", row), "2 2 5");
    EXPECT_EQ(found(scores, "absent", row), "1 0 1");
  }
}

}  // namespace
}  // namespace appraise
