#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "appraise/reading.hpp"
#include "appraise/score.hpp"
#include "check/domains.hpp"
#include "check/prove.hpp"
#include "check/whole_set.hpp"
#include "reference/random_caseload.hpp"
#include "reference/random_instrument.hpp"

namespace appraise {
namespace {

using detail::Budget;
using detail::Domain;
using detail::Names;
using detail::WholeSet;

Item choice(std::string code, std::vector<double> points) {
  Item item;
  item.code = std::move(code);
  item.kind = ItemKind::choice;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Option option;
    option.code = "o" + std::to_string(i);
    option.value = static_cast<std::int32_t>(i);
    option.points = points[i];
    item.options.push_back(option);
  }
  return item;
}

Scale scale(std::string code, Operation operation) {
  Scale result;
  result.code = std::move(code);
  result.operation = std::move(operation);
  return result;
}

std::vector<std::string> codes_of(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : diagnostics) codes.push_back(diagnostic.code);
  return codes;
}

std::vector<std::string> codes_of(Instrument& instrument) {
  std::vector<Diagnostic> diagnostics;
  detail::prove(instrument, diagnostics);
  return codes_of(diagnostics);
}

/// The domain of a scale of an instrument without faults.
Domain domain_of(Instrument& instrument, const std::string& code) {
  std::vector<Diagnostic> diagnostics;
  detail::prove(instrument, diagnostics);
  const Names names(instrument);
  const detail::Domains domains(names, detail::order_of(names, nullptr));
  return domains.value(names.find(code));
}

std::vector<std::int64_t> scores_of(const Domain& domain) {
  return domain.wholes ? domain.wholes->members() : std::vector<std::int64_t>{};
}

using Wholes = std::vector<std::int64_t>;

TEST(WholeSet, HoldsItsMembersAndFindsTheNext) {
  Budget budget{1'000'000};
  const auto set = WholeSet::of({-70, 3, 200, 3}, budget);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->members(), (Wholes{-70, 3, 200}));
  EXPECT_TRUE(set->holds(3));
  EXPECT_FALSE(set->holds(4));
  EXPECT_EQ(set->next(-69), 3);
  EXPECT_EQ(set->next(-1000), -70);
  EXPECT_EQ(set->next(201), std::nullopt);
}

TEST(WholeSet, SumsEveryPair) {
  Budget budget{1'000'000};
  const auto sum = WholeSet::sum(*WholeSet::of({0, 3}, budget), *WholeSet::of({-1, 0, 64}, budget), budget);
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->members(), (Wholes{-1, 0, 2, 3, 64, 67}));
}

TEST(WholeSet, GivesUpWhenTheBudgetIsSpent) {
  Budget budget{10};
  EXPECT_FALSE(WholeSet::between(0, 100, budget));
  EXPECT_EQ(budget.left, 0U);
}

TEST(Domains, SumReachesJustTheSumsOfPoints) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1}), choice("b", {0, 3}), choice("c", {0, 3})};
  instrument.scales = {scale("total", Sum{{"a", "b", "c"}, {}})};
  const Domain domain = domain_of(instrument, "total");
  EXPECT_TRUE(domain.known());
  EXPECT_EQ(scores_of(domain), (Wholes{0, 1, 3, 4, 6, 7}));
}

TEST(Domains, SumOfValuesOfOneItemIsNotExact) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1})};
  instrument.scales = {scale("same", Sum{{"a"}, {}}), scale("total", Sum{{"a", "same"}, {}})};
  const Domain domain = domain_of(instrument, "total");
  EXPECT_FALSE(domain.known());
  EXPECT_EQ(scores_of(domain), (Wholes{0, 1, 2})) << "1 cannot be reached, but must not be excluded by mistake";
}

TEST(Domains, OmittedItemsCountNothingAndNoMoreThanAllowed) {
  Instrument instrument;
  instrument.items = {choice("a", {5, 6}), choice("b", {5, 6}), choice("c", {5, 6})};
  instrument.scales = {scale("total", Sum{{"a", "b", "c"}, MissingRule{{"a", "b"}, 1, {}}})};
  EXPECT_EQ(scores_of(domain_of(instrument, "total")), (Wholes{10, 11, 12, 15, 16, 17, 18}));
}

TEST(Domains, ProrationIsRoundedAsDeclared) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1}), choice("b", {0, 2}), choice("c", {0, 20})};
  instrument.scales = {scale("total", Sum{{"a", "b", "c"}, MissingRule{{"c"}, 1, RoundingMode::half_up}})};
  EXPECT_EQ(scores_of(domain_of(instrument, "total")), (Wholes{0, 1, 2, 3, 5, 20, 21, 22, 23}));
  std::get<Sum>(instrument.scales[0].operation).missing->prorate = RoundingMode::floor;
  EXPECT_EQ(scores_of(domain_of(instrument, "total")), (Wholes{0, 1, 2, 3, 4, 20, 21, 22, 23}));
}

TEST(Domains, HighestOfSeveralIsAtLeastTheHighestOfTheLowest) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 2}), choice("b", {1, 5})};
  instrument.scales = {scale("worst", Extreme{true, {"a", "b"}, {}}), scale("best", Extreme{false, {"a", "b"}, {}})};
  EXPECT_EQ(scores_of(domain_of(instrument, "worst")), (Wholes{1, 2, 5}));
  EXPECT_EQ(scores_of(domain_of(instrument, "best")), (Wholes{0, 1, 2}));
}

TEST(Prove, WorksOutTypes) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1}), choice("half", {0, 0.5})};
  instrument.scales = {scale("sum", Sum{{"a", "half"}, {}}), scale("whole", Sum{{"a"}, {}}),
                       scale("later", Difference{"whole", "a"}), scale("first", FirstAvailable{{"sum", "whole"}, true}),
                       scale("rounded", Round{"sum", 0, RoundingMode::floor})};
  EXPECT_EQ(codes_of(instrument), std::vector<std::string>{});
  const auto type = [&](std::size_t i) { return instrument.scales[i].type; };
  EXPECT_EQ(type(0), ValueType::real);
  EXPECT_EQ(type(1), ValueType::whole);
  EXPECT_EQ(type(2), ValueType::whole);
  EXPECT_EQ(type(3), ValueType::real);
  EXPECT_EQ(type(4), ValueType::whole);
}

TEST(Prove, OrderOfScalesDoesNotMatter) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1})};
  instrument.scales = {scale("second", Sum{{"first"}, {}}), scale("first", Sum{{"a"}, {}})};
  EXPECT_EQ(codes_of(instrument), std::vector<std::string>{});
  EXPECT_EQ(instrument.scales[0].type, ValueType::whole);
}

TEST(Prove, TellsTheWayRoundACircle) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1})};
  instrument.scales = {scale("x", Sum{{"a", "y"}, {}}), scale("y", Sum{{"z"}, {}}), scale("z", Sum{{"x"}, {}})};
  std::vector<Diagnostic> diagnostics;
  detail::prove(instrument, diagnostics);
  ASSERT_EQ(codes_of(diagnostics), std::vector<std::string>{"scale.cycle"});
  EXPECT_NE(diagnostics[0].found.find("x reads y reads z reads x"), std::string::npos) << diagnostics[0].found;
}

TEST(Prove, ReportsSeveralFaultsAtOnce) {
  Instrument instrument;
  instrument.items = {choice("a", {0, 1}), choice("a", {0, 1})};
  instrument.scales = {scale("s", Sum{{"b"}, {}}), scale("t", Round{"a", 16, RoundingMode::floor})};
  const auto codes = codes_of(instrument);
  for (const char* code : {"item.duplicate-code", "reference.undefined", "scale.digits"})
    EXPECT_NE(std::find(codes.begin(), codes.end(), code), codes.end()) << code;
}

/// How long proving takes, in seconds.
double seconds_to_prove(Instrument& instrument) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Diagnostic> diagnostics;
  detail::prove(instrument, diagnostics);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(Prove, LargeDefinitionsTakeSeconds) {
  constexpr std::size_t many = 20'000;
  Instrument instrument;
  std::vector<Reference> all;
  for (std::size_t i = 0; i < many; ++i) {
    instrument.items.push_back(choice("item" + std::to_string(i), {0, 1, 2}));
    all.push_back(instrument.items.back().code);
  }
  instrument.scales.push_back(scale("total", Sum{all, {}}));
  for (std::size_t i = 0; i < many; ++i)
    instrument.scales.push_back(
        scale("scale" + std::to_string(i), Sum{{i == 0 ? "total" : "scale" + std::to_string(i - 1)}, {}}));
  for (std::size_t i = 0; i < 1000; ++i)
    instrument.scales.push_back(scale("faulty" + std::to_string(i), Sum{{"itm" + std::to_string(i)}, {}}));
  EXPECT_LT(seconds_to_prove(instrument), 30);
}

TEST(Prove, LargeDecisionTablesAreNotGoneThrough) {
  constexpr std::size_t many = 40;
  Instrument instrument;
  Rules rules;
  for (std::size_t i = 0; i < many; ++i) {
    instrument.items.push_back(choice("item" + std::to_string(i), {0, 1}));
    DecisionRow row;
    row.when.kind = Condition::Kind::equals;
    row.when.of = instrument.items.back().code;
    row.when.operands = {{Operand::Kind::text, 0, "o1"}};
    row.number = static_cast<double>(i);
    rules.rows.push_back(row);
  }
  instrument.scales = {scale("table", rules)};
  EXPECT_EQ(codes_of(instrument), std::vector<std::string>{"rules.too-large"});
}

/// The number in a result column.
double number_in(const ScoreColumn& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.kind == ScoreColumn::Kind::label) return column.bytes[at];
  return column.kind == ScoreColumn::Kind::real ? column.reals[at] : column.wholes[at];
}

TEST(Prove, WhatIsProvedHoldsOfEveryScore) {
  constexpr std::uint64_t instruments = 60;
  constexpr std::int64_t rows = 200;
  std::size_t values = 0;
  for (std::uint64_t seed = 1; seed <= instruments; ++seed) {
    testing::Random random(seed);
    const auto made = testing::random_instrument(random);
    const Names names(*made.instrument);
    const detail::Domains domains(names, detail::order_of(names, nullptr));
    const testing::RandomCaseload caseload(random, *made.instrument, rows);
    const Scores scores = score(compile(made.instrument, {.accept_unverified = true}), caseload.caseload());
    for (const Scale& scale : made.instrument->scales) {
      const ScoreColumn* column = scores.find(scale.code);
      if (column == nullptr) continue;
      const ScoreColumn* level = scale.levels.empty() ? nullptr : scores.find(scale.code + "_level");
      const Domain& domain = domains.value(names.find(scale.code));
      for (std::int64_t row = 0; row < rows; ++row) {
        if (!column->valid(row)) continue;
        ++values;
        const double value = number_in(*column, row);
        EXPECT_EQ(domain.next(value), value) << "seed " << seed << ", scale " << scale.code;
        EXPECT_TRUE(level == nullptr || level->valid(row)) << "seed " << seed << ", level of " << scale.code;
      }
      const bool decided =
          std::holds_alternative<Rules>(scale.operation) ||
          (std::holds_alternative<Lookup>(scale.operation) && std::get<Lookup>(scale.operation).table.empty());
      const auto& reasons = scores.reasons.texts;
      EXPECT_TRUE(!decided || std::count(reasons.begin(), reasons.end(), "undefined: " + scale.code) == 0)
          << "seed " << seed << ", scale " << scale.code;
    }
  }
  EXPECT_GT(values, instruments * rows / 2);
}

TEST(Prove, GoodDefinitionsHaveNoDiagnostic) {
  const std::filesystem::path folder = std::filesystem::path(APPRAISE_SOURCE_DIR) / "tests/definitions/good";
  const DefinitionFiles files = read_files(folder);
  std::size_t found = 0;
  for (const auto& [path, text] : files) {
    const std::filesystem::path file(path);
    if (file.filename() != "instrument.json") continue;
    ++found;
    const auto edition = file.parent_path();
    const Checked checked = check(files, edition.parent_path().string(), edition.filename().string());
    EXPECT_TRUE(checked.instrument) << path;
    for (const Diagnostic& diagnostic : checked.diagnostics) ADD_FAILURE() << to_string(diagnostic);
  }
  EXPECT_GE(found, 2U);
}

}  // namespace
}  // namespace appraise
