/// Cautions of caseloads: more of them than a word has bits, and several on one condition.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/example.hpp"

namespace appraise {
namespace {

constexpr int cautions = 150;

/// A caution for every age from 20 on, in whose names the order is that of the ages; three ages share each condition.
std::string with_cautions() {
  std::string list;
  for (int i = 0; i < cautions; ++i) {
    const std::string code = "c" + std::to_string(1000 + i), age = std::to_string(20 + i / 3);
    list += (i == 0 ? "" : ", ") + std::string(R"({"code": ")") + code + R"(", "when": {"of": "age", "at_least": )" +
            age + R"(}, "reason": "invented"})";
  }
  std::string text(test::example_definition);
  const std::size_t from = text.find("\"cautions\": ["), to = text.find(']', from);
  return text.replace(from, to - from, "\"cautions\": [" + list);
}

std::vector<std::string> expected(double age) {
  std::vector<std::string> codes;
  for (int i = 0; i < cautions; ++i) {
    if (age >= 20 + i / 3) codes.push_back("c" + std::to_string(1000 + i));
  }
  return codes;
}

TEST(Cautions, AreListedInOrderWhereTheyHoldHoweverManyThereAre) {
  const auto instrument = test::example(with_cautions());
  std::vector<double> age, misuse;
  std::vector<std::string> violence;
  for (int row = 0; row < 1500; ++row) {
    age.push_back(row % 5 == 4 ? 18 : 18 + row * 7 % 60);  // below 20 there is none
    misuse.push_back(row % 2);
    violence.push_back(row % 3 == 0 ? "none" : "two_or_more");
  }
  test::Columns columns;
  columns.numbers("age", age).numbers("misuse", misuse).texts("violence", violence);
  const Scores scores = score(compile(instrument), columns.caseload());
  for (std::size_t row = 0; row < age.size(); ++row) {
    ASSERT_EQ(test::texts(scores.cautions, static_cast<std::int64_t>(row)), expected(age[row])) << "row " << row;
  }
}

}  // namespace
}  // namespace appraise
