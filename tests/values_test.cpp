// Kernels that work on many rows at a time, beside the functions of one value that they stand for.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "support/example.hpp"

namespace appraise {
namespace {

using test::cell;
using test::Columns;

/// An instrument of some items and scales.
std::shared_ptr<const Instrument> with(const std::string& items, const std::string& scales) {
  return test::example(R"({"format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"}, "items": [)" +
                       items + R"(], "scales": [)" + scales + "]}");
}

/// Numbers that are hard to round to so many decimals: halves, their neighbours, and what no double holds.
std::vector<double> hard_to_round(int digits) {
  std::mt19937_64 random(static_cast<std::uint64_t>(digits) + 1);
  const double unit = static_cast<double>(detail::power_of_ten(digits));
  std::vector<double> numbers{0.0, -0.0, 0x1p-1074, -0x1p-1000, 0x1p-600, 0x1p51, 0x1p52 + 1, 1e300, -1e22, 99.995};
  for (int i = 0; i < 4000; ++i) {
    const double whole = std::ldexp(static_cast<double>(random() >> 11), -static_cast<int>(random() % 54));
    for (const double part : {0.0, 0.5, 0.25}) {
      const double number = (std::floor(whole) + part) / unit;
      for (const double near : {number, std::nextafter(number, 0.0), std::nextafter(number, 1e308)}) {
        numbers.push_back(i % 2 == 0 ? near : -near);
      }
    }
    numbers.push_back(std::ldexp(static_cast<double>(random()), -static_cast<int>(random() % 600)));
  }
  return numbers;
}

TEST(RoundedValues, AreThoseOfRoundDecimal) {
  constexpr std::pair<const char*, RoundingMode> modes[] = {{"half_up", RoundingMode::half_up},
                                                            {"half_even", RoundingMode::half_even},
                                                            {"down", RoundingMode::down},
                                                            {"floor", RoundingMode::floor},
                                                            {"ceiling", RoundingMode::ceiling}};
  for (const int digits : {0, 2, 7, 15}) {
    const std::vector<double> numbers = hard_to_round(digits);
    Columns columns;
    columns.numbers("x", numbers);
    for (const auto& [name, mode] : modes) {
      const auto rounding = with(
          R"({"code": "x", "label": "x", "kind": "number", "range": {"from": null, "to": null}})",
          R"({"code": "same", "label": "s", "weighted_sum": {"intercept": 0, "terms": [{"name": "x", "of": "x", "weight": 1}]}},
                  {"code": "rounded", "label": "r", "round": {"of": "same", "digits": )" +
              std::to_string(digits) + R"(, "mode": ")" + name + R"("}})");
      const Scores scores = score(compile(rounding), columns.caseload());
      const ScoreColumn& rounded = *scores.find("rounded");
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double expected = detail::round_decimal(numbers[i], digits, mode);
        if (rounded.kind == ScoreColumn::Kind::real) {
          ASSERT_EQ(rounded.reals[i], expected) << numbers[i] << ", " << digits << " digits, " << name;
        } else if (std::fabs(expected) <= std::numeric_limits<std::int32_t>::max()) {
          ASSERT_EQ(rounded.wholes[i], expected) << numbers[i] << ", " << name;
        } else {
          ASSERT_FALSE(rounded.valid(static_cast<std::int64_t>(i))) << numbers[i] << ", " << name;
        }
      }
    }
  }
}

Column dates(const char* name, const std::vector<std::int32_t>& days) {
  Column column;
  column.name = name;
  column.type = ColumnType::date32;
  column.values = days.data();
  column.length = static_cast<std::int64_t>(days.size());
  return column;
}

TEST(TimesAndDates, AreThoseOfTheCalendarOnEveryDay) {
  const auto timed = with(
      R"({"code": "from", "label": "f", "kind": "date"}, {"code": "to", "label": "t", "kind": "date"})",
      R"({"code": "years", "label": "y", "time_between": {"from": "from", "to": "to", "in": "years", "if_no_such_day": "next_day"}},
         {"code": "months", "label": "m", "time_between": {"from": "from", "to": "to", "in": "months", "if_no_such_day": "next_day"}},
         {"code": "later", "label": "l", "add_time": {"to": "from", "months": 13, "if_no_such_day": "next_day"}},
         {"code": "last", "label": "l", "add_time": {"to": "from", "months": -25, "if_no_such_day": "last_day"}},
         {"code": "far", "label": "f", "add_time": {"to": "from", "months": 50000, "if_no_such_day": "next_day"}},
         {"code": "year", "label": "y", "add_time": {"to": "from", "years": 1, "if_no_such_day": "next_day"}},
         {"code": "back", "label": "b", "add_time": {"to": "from", "years": -7, "if_no_such_day": "last_day"}},
         {"code": "ages", "label": "a", "add_time": {"to": "from", "years": -4001, "if_no_such_day": "next_day"}},
         {"code": "days", "label": "d", "add_time": {"to": "from", "days": 400}})");
  Scorer scorer(compile(timed),
                {.levels = false, .bounds = false, .distance = false, .norms = false, .reasons = false});
  std::mt19937_64 random(7);
  constexpr std::int32_t days_of_slice = 200'000;
  const std::int64_t all = std::int64_t{detail::last_day_of_years} - detail::first_day + 1;
  for (std::int32_t first = detail::first_day; first <= detail::last_day_of_years; first += days_of_slice) {
    std::vector<std::int32_t> from, to;
    for (std::int32_t day = first; day <= std::min(first + days_of_slice - 1, detail::last_day_of_years); ++day) {
      from.push_back(day);
      to.push_back(detail::first_day + static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(all)));
    }
    const Scores& scores = scorer.score(Caseload({dates("from", from), dates("to", to)})).front();
    const auto expect_moved = [&](const char* name, std::size_t i, std::int64_t amount, TimeUnit unit, NoSuchDay rule) {
      const auto expected = detail::add_time(from[i], amount, unit, rule);
      const ScoreColumn& column = *scores.find(name);
      ASSERT_EQ(column.valid(static_cast<std::int64_t>(i)), expected.has_value()) << name << " of " << from[i];
      ASSERT_EQ(column.wholes[i], expected.value_or(0)) << name << " of " << from[i];
    };
    for (std::size_t i = 0; i < from.size(); ++i) {
      ASSERT_EQ(scores.find("years")->wholes[i],
                detail::time_between(from[i], to[i], TimeUnit::years, NoSuchDay::next_day));
      ASSERT_EQ(scores.find("months")->wholes[i],
                detail::time_between(from[i], to[i], TimeUnit::months, NoSuchDay::next_day));
      expect_moved("later", i, 13, TimeUnit::months, NoSuchDay::next_day);
      expect_moved("last", i, -25, TimeUnit::months, NoSuchDay::last_day);
      expect_moved("far", i, 50000, TimeUnit::months, NoSuchDay::next_day);
      expect_moved("year", i, 1, TimeUnit::years, NoSuchDay::next_day);
      expect_moved("back", i, -7, TimeUnit::years, NoSuchDay::last_day);
      expect_moved("ages", i, -4001, TimeUnit::years, NoSuchDay::next_day);
      expect_moved("days", i, 400, TimeUnit::days, NoSuchDay::last_day);
    }
  }
}

TEST(TimesAndDates, CountFromADateThatIsNeverGivenAsFromOneThatIsMissing) {
  const auto timed = with(
      R"({"code": "from", "label": "f", "kind": "date"}, {"code": "to", "label": "t", "kind": "date", "optional": true})",
      R"({"code": "years", "label": "y", "time_between": {"from": "from", "to": "to", "in": "years", "if_no_such_day": "next_day"}},
         {"code": "later", "label": "l", "add_time": {"to": "to", "years": 1, "if_no_such_day": "next_day"}},
         {"code": "own", "label": "o", "add_time": {"to": "from", "years": 1, "if_no_such_day": "next_day"}})");
  const ScoringPlan plan = compile(timed);
  for (const std::size_t rows : {std::size_t{1}, std::size_t{600}}) {
    const std::vector<std::int32_t> from(rows, 19782);  // 2024-02-29
    const Scores scores = score(plan, Caseload({dates("from", from)}), {.reasons = false});
    const auto last = static_cast<std::int64_t>(rows) - 1;
    EXPECT_EQ(cell(scores, "years_status", last), "incomplete");
    EXPECT_EQ(cell(scores, "later_status", last), "incomplete");
    EXPECT_EQ(scores.find("own")->wholes.back(), 20148);  // 2025-03-01
  }
}

// What is asked for by rules and joined conditions is asked of bytes where it can be.
TEST(Comparisons, HoldNearTheEndsOfBytesAndBeyondThem) {
  struct Asked {
    std::string name, kind;
    int constant;
    std::function<bool(double, double)> holds;
  };
  const std::vector<std::pair<std::string, std::function<bool(double, double)>>> kinds{
      {"equals", std::equal_to<>()}, {"at_least", std::greater_equal<>()},
      {"above", std::greater<>()},   {"at_most", std::less_equal<>()},
      {"below", std::less<>()},
  };
  for (const int end : {100, 300}) {  // a register of bytes, and of whole numbers
    std::vector<Asked> all;
    std::string scales;
    for (const auto& [kind, holds] : kinds) {
      for (const int constant : {-200, -129, -128, -127, -126, -100, -99, 0, 5, 99, 100, 126, 127, 128, 129, 200}) {
        if (holds(-end, constant) == holds(end, constant) && (kind != "equals" || std::abs(constant) > end)) continue;
        all.push_back({std::to_string(all.size()), kind, constant, holds});
        const std::string holding = R"(", ")" + kind + R"(": )" + std::to_string(constant) + "}";
        const std::string asked = R"({"of": "x)" + holding, of_rule = R"({"of": "z)" + holding;
        scales += R"({"code": "joined_)" + all.back().name + R"(", "label": "j", "count": [{"all": [)" + asked +
                  R"(, {"of": "y", "equals": "yes"}]}]}, {"code": "rule_)" + all.back().name +
                  R"(", "label": "r", "rules": {"values": ["no", "yes"], "hit": "first", "rows": [{"when": )" +
                  of_rule + R"(, "then": "yes"}], "otherwise": "no"}},)";
      }
    }
    scales.pop_back();
    const auto number = [end](const std::string& code) {
      const std::string to = std::to_string(end);
      return R"({"code": ")" + code + R"(", "label": "n", "kind": "count", "unit": "acts", "range": {"from": -)" + to +
             R"(, "to": )" + to + "}},";
    };
    const std::string given = R"({"code": "y", "label": "y", "kind": "yes_no"})";
    const ScoringPlan plan = compile(with(number("x") + number("z") + given, scales));
    std::vector<double> numbers{std::numeric_limits<double>::quiet_NaN()};
    for (int x = -end; x <= end; ++x) {
      if (std::abs(x) < 210 || std::abs(x) == end) numbers.push_back(x);
    }
    Columns columns;
    columns.numbers("x", numbers).numbers("y", std::vector<double>(numbers.size(), 1)).numbers("z", numbers);
    for (const bool bounds : {false, true}) {
      const Scores scores = score(plan, columns.caseload(), {.bounds = bounds, .reasons = false});
      for (const Asked& one : all) {
        ASSERT_EQ(cell(scores, "rule_" + one.name + "_status"), "incomplete");
        for (std::size_t i = 1; i < numbers.size(); ++i) {
          const bool expected = one.holds(numbers[i], one.constant);
          const auto row = static_cast<std::int64_t>(i);
          const std::string what = one.kind + " " + std::to_string(one.constant) + " of " + std::to_string(numbers[i]);
          ASSERT_EQ(cell(scores, "joined_" + one.name, row), expected ? "1" : "0") << what;
          ASSERT_EQ(cell(scores, "rule_" + one.name, row), expected ? "yes" : "no") << what;
        }
      }
    }
  }
}

TEST(LookUps, ThatFindTheSameForEveryNumberNeedOneAllTheSame) {
  const auto all_alike = with(
      R"({"code": "x", "label": "x", "kind": "count", "unit": "years", "range": {"from": null, "to": null}})",
      R"({"code": "same", "label": "s", "lookup": {"of": "x", "bands": [{"from": null, "to": null, "value": 7}]}})");
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  Columns columns;
  columns.numbers("x", {0, -2147483647, 2147483647, 300, missing});
  const Scores scores = score(compile(all_alike), columns.caseload());
  for (std::int64_t row = 0; row < 4; ++row) EXPECT_EQ(cell(scores, "same", row), "7") << row;
  EXPECT_EQ(cell(scores, "same_status", 4), "incomplete");
  EXPECT_EQ(cell(scores, "same_lowest", 4), "7");
}

TEST(SumsOfTerms, ATermThatIsTooLargeIsInvalidWhateverTheOthersAre) {
  const auto large = with(
      R"({"code": "x", "label": "x", "kind": "number", "range": {"from": null, "to": null}}, {"code": "y", "label": "y", "kind": "number", "range": {"from": null, "to": null}},
         {"code": "z", "label": "z", "kind": "yes_no"})",
      R"({"code": "total", "label": "t", "weighted_sum": {"intercept": 1, "terms": [
           {"name": "fourth", "of": "x", "power": 4, "weight": 2, "when": {"of": "z", "equals": "yes"}},
           {"name": "plain", "of": "y", "weight": 1}]}})");
  constexpr double missing = std::numeric_limits<double>::quiet_NaN(), most = std::numeric_limits<double>::max();
  Columns columns;
  columns.numbers("x", {1e100, 1e100, 1e100, missing, 1, 1})
      .numbers("y", {1, missing, 1, 1, most, missing})
      .numbers("z", {1, 1, 0, 1, 1, 1});
  const char* expected[] = {"invalid", "invalid", "scored", "incomplete", "scored", "incomplete"};
  for (const bool lean : {false, true}) {
    ScoreOptions options;
    options.bounds = options.reasons = !lean;
    const Scores scores = score(compile(large), columns.caseload(), options);
    for (std::int64_t row = 0; row < 6; ++row) {
      EXPECT_EQ(cell(scores, "total_status", row), expected[row]) << row << (lean ? ", lean" : "");
      const Scores alone = score(compile(large), columns.caseload().slice(row, 1), options);
      EXPECT_EQ(cell(alone, "total_status"), expected[row]) << row << " alone" << (lean ? ", lean" : "");
    }
  }
}

TEST(SumsOfTerms, DecideByTheAnswersOfTheirTermsHoweverManyRowsThereAre) {
  const auto counted = with(
      R"({"code": "x", "label": "x", "kind": "yes_no", "points": {"no": 0, "yes": 1}}, {"code": "y", "label": "y", "kind": "yes_no", "points": {"no": 0, "yes": 1}})",
      R"({"code": "sum", "label": "s", "reported": false, "weighted_sum": {"intercept": 1, "terms": [
           {"name": "first", "of": "x", "weight": 2}, {"name": "second", "of": "y", "weight": 3, "when": {"of": "x", "equals": "yes"}}]}},
         {"code": "total", "label": "t", "count": [{"of": "sum", "at_most": 4}, {"of": "sum", "above": 2}]})");
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x{0, 0, 1, 1, missing, 0, 1}, y{0, 1, 0, 1, 1, missing, missing};
  const char* statuses[] = {"scored", "scored", "scored", "scored", "incomplete", "scored", "incomplete"};
  const int counts[] = {1, 1, 2, 1, 0, 1, 0};
  for (const std::size_t rows : {std::size_t{7}, std::size_t{700}}) {  // many are swept
    std::vector<std::vector<double>> cells(2);
    for (std::size_t row = 0; row < rows; ++row) {
      cells[0].push_back(x[row % 7]);
      cells[1].push_back(y[row % 7]);
    }
    Columns columns;
    columns.numbers("x", cells[0]).numbers("y", cells[1]);
    ScoreOptions options;
    options.bounds = options.reasons = options.distance = false;
    const Scores scores = score(compile(counted), columns.caseload(), options);
    for (std::size_t row = 0; row < rows; ++row) {
      EXPECT_EQ(cell(scores, "total_status", static_cast<std::int64_t>(row)), statuses[row % 7]) << row;
      EXPECT_EQ(scores.find("total")->wholes[row], counts[row % 7]) << row;
    }
  }
}

TEST(SumsOfTerms, WriteWhatEachTermAdds) {
  const auto sum = with(
      R"({"code": "x", "label": "x", "kind": "number", "range": {"from": null, "to": null}}, {"code": "y", "label": "y", "kind": "number", "range": {"from": null, "to": null}},
         {"code": "z", "label": "z", "kind": "yes_no"})",
      R"({"code": "total", "label": "t", "weighted_sum": {"intercept": 1, "terms": [
           {"name": "fourth", "of": "x", "power": 4, "weight": 2, "when": {"of": "z", "equals": "yes"}},
           {"name": "second", "of": "x", "power": 2, "weight": -0.5}, {"name": "pair", "of": ["x", "y"], "weight": 3},
           {"name": "yes", "weight": 7, "when": {"of": "z", "equals": "yes"}}]}})");
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x{0x1p300, 0x1p300, 2, missing, 3, 0}, y{0, missing, 5, 1, -1, -1},
      z{1, 0, 0, 1, missing, 1};
  // x in the fourth is too large; a term that does not count adds 0; 0 is never -0.
  const std::vector<std::vector<std::string>> expected{{"-", "0", "0", "-", "-", "0"},
                                                       {"-0x1p599", "-0x1p599", "-2", "-", "-4.5", "0"},
                                                       {"0", "-", "30", "-", "-9", "0"},
                                                       {"7", "0", "0", "7", "-", "7"}};
  const std::vector<std::string> names{"fourth", "second", "pair", "yes"};
  for (const std::size_t rows : {std::size_t{6}, std::size_t{700}}) {  // few are not worked out as many are
    std::vector<std::vector<double>> cells(3, std::vector<double>(rows));
    for (std::size_t row = 0; row < rows; ++row) {
      cells[0][row] = x[row % 6];
      cells[1][row] = y[row % 6];
      cells[2][row] = z[row % 6];
    }
    Columns columns;
    columns.numbers("x", cells[0]).numbers("y", cells[1]).numbers("z", cells[2]);
    for (const bool lean : {false, true}) {
      ScoreOptions options{.contributions = true};
      options.bounds = options.reasons = !lean;
      const Scores scores = score(compile(sum), columns.caseload(), options);
      for (std::size_t term = 0; term < names.size(); ++term) {
        const ScoreColumn& column = *scores.find("total_from_" + names[term]);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::string& wanted = expected[term][row % 6];
          EXPECT_EQ(column.valid(static_cast<std::int64_t>(row)), wanted != "-") << names[term] << row;
          const double value = wanted == "-" ? 0 : std::stod(wanted);
          EXPECT_EQ(column.reals[row], value) << names[term] << row;
          EXPECT_FALSE(value == 0 && std::signbit(column.reals[row])) << names[term] << row;
        }
      }
    }
  }
}

}  // namespace
}  // namespace appraise
