/// What is looked up in tables of one number is what its operations make of it, in every state of that number.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "appraise/detail/plan.hpp"
#include "reference/bits.hpp"
#include "reference/compare.hpp"
#include "reference/random_instrument.hpp"
#include "support/example.hpp"

namespace appraise::testing {
namespace {

using test::Columns;

/// A number from -20 to 20 that can be unanswered, impossible, not applicable, or have something left out; and all
/// kinds of operations on it, one after the other.
constexpr std::string_view chains = R"json({
  "format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f", "authors": ["a"], "language": "en", "population": "p",
  "outcome": "o", "licence": "l", "training": "t", "sources": {}, "evidence": {"mark": "derived", "note": "n"},
  "items": [
    {"code": "a", "label": "a", "kind": "count", "unit": "acts", "range": {"from": -20, "to": 20}},
    {"code": "b", "label": "b", "kind": "yes_no", "points": {"no": 0, "yes": 1}},
    {"code": "c", "label": "c", "kind": "yes_no", "points": {"no": 0, "yes": 0}},
    {"code": "d", "label": "d", "kind": "yes_no"}
  ],
  "scales": [
    {"code": "root", "label": "r", "sum": ["a", "b", "c"], "missing": {"may_omit": ["b"]}, "applies_when": {"of": "d", "equals": "yes"}},
    {"code": "log_odds", "label": "l", "reported": false, "weighted_sum": {"intercept": -1.5, "terms": [
      {"name": "one", "of": "root", "weight": 0.31}, {"name": "square", "of": "root", "power": 2, "weight": -0.017, "when": {"of": "root", "at_least": 3}}]}},
    {"code": "odds", "label": "o", "logistic": "log_odds"},
    {"code": "chosen", "label": "c", "reported": false, "choose": {"rows": [{"when": {"of": "root", "equals": 0}, "take": 0}], "otherwise": "odds"}},
    {"code": "percent", "label": "p", "reported": false, "weighted_sum": {"intercept": 0, "terms": [{"name": "chosen", "of": "chosen", "weight": 100}]}},
    {"code": "rounded", "label": "r", "round": {"of": "percent", "digits": 2, "mode": "half_up"}, "levels": "bands"},
    {"code": "whole", "label": "w", "round": {"of": "percent", "digits": 0, "mode": "half_even"}},
    {"code": "cube", "label": "c", "reported": false, "product": ["root", "root", "root"]},
    {"code": "whole_cube", "label": "w", "round": {"of": "cube", "digits": 0, "mode": "floor"}},
    {"code": "inverse", "label": "i", "ratio": {"of": "odds", "over": "root"}},
    {"code": "logarithm", "label": "l", "log": "root"},
    {"code": "of_logarithm", "label": "o", "weighted_sum": {"intercept": 2, "terms": [{"name": "logarithm", "of": "logarithm", "weight": -3}]}},
    {"code": "less", "label": "l", "difference": ["odds", "root"]},
    {"code": "band", "label": "b", "lookup": {"of": "less", "bands": [{"from": null, "below": 0, "value": 2.5}, {"from": 0, "below": null, "value": -1.25}]}},
    {"code": "clamped", "label": "c", "clamp": {"of": "inverse", "from": -0.1, "to": 0.05}},
    {"code": "decided", "label": "d", "rules": {"values": ["low", "high"], "hit": "first", "rows": [
      {"when": {"any": [{"of": "odds", "at_least": 0.25}, {"of": "root", "at_most": -18}]}, "then": "high"}], "otherwise": "low"}},
    {"code": "partly", "label": "p", "sum": ["odds", "root"], "missing": {"may_omit": ["odds"]}},
    {"code": "fallback", "label": "f", "first_available": {"of": ["logarithm", "odds"], "flag": true}},
    {"code": "given", "label": "g", "count": [{"of": "log_odds", "is_missing": false}, {"of": "rounded.level", "equals": "high"}]}
  ],
  "levels": {"bands": {"edition": "1", "of": "rounded", "status": "current", "evidence": {"mark": "derived", "note": "n"}, "bands": [
    {"from": null, "below": 11.5, "code": "low", "label": "low"}, {"from": 11.5, "below": null, "code": "high", "label": "high"}]}}
})json";

/// Every state that the items of the chains can be in together.
Columns every_state() {
  std::vector<double> a, b, c, d;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  for (double x = -21; x <= 22; ++x) {
    for (const double y : {0.0, 1.0, none}) {
      for (const double z : {0.0, none, 7.0}) {
        for (const double when : {1.0, 0.0, none, 7.0}) {
          a.push_back(x == 22 ? none : x);  // -21 and 21 are invalid
          b.push_back(y);
          c.push_back(z);
          d.push_back(when);
        }
      }
    }
  }
  Columns columns;
  columns.numbers("a", a).numbers("b", b).numbers("c", c).numbers("d", d);
  return columns;
}

/// The same plan, of which nothing is looked up that operations can make.
ScoringPlan without_tables(const ScoringPlan& plan) {
  auto other = std::make_shared<detail::Plan>(plan.detail());
  for (auto& table : other->tables) table.reset();
  return ScoringPlan(std::move(other));
}

ScoreOptions with(bool bounds, bool contributions, bool reasons) {
  return {.bounds = bounds, .contributions = contributions, .reasons = reasons};
}

/// The first difference between what a plan makes with its tables and without them; empty if there is none.
std::string difference_of_tables(const ScoringPlan& plan, const Caseload& caseload) {
  const ScoringPlan other = without_tables(plan);
  for (const bool bounds : {false, true}) {
    for (const bool contributions : {false, true}) {
      for (const bool reasons : {false, true}) {
        const ScoreOptions options = with(bounds, contributions, reasons);
        const Scores expected = score(other, caseload, options);
        std::string found = difference(expected, 0, score(plan, caseload, options), Numbering::alike);
        if (!found.empty()) return found;
      }
    }
  }
  return "";
}

struct Tables {
  int bytes = 0, wholes = 0, reals = 0;
};
Tables tables_of(const ScoringPlan& plan) {
  Tables all;
  for (const auto& table : plan.detail().tables) {
    if (!table) continue;
    ++(!table->reals.empty() ? all.reals : !table->wholes.empty() ? all.wholes : all.bytes);
  }
  return all;
}

TEST(Tables, AreMadeOfChainsOfOperationsOnOneNumber) {
  const ScoringPlan plan = compile(test::example(chains));
  const Tables tables = tables_of(plan);
  EXPECT_EQ(tables.reals, 12);  // all but the fallback and the sum that leaves out, which pass flags over
  EXPECT_EQ(tables.wholes, 2);
  std::set<detail::Register> roots;
  for (const auto& table : plan.detail().tables) {
    if (table && !table->reals.empty()) roots.insert(table->of);
  }
  EXPECT_EQ(roots.size(), 1U);
}

TEST(Tables, MakeInEveryStateWhatTheOperationsMake) {
  const auto instrument = test::example(chains);
  const ScoringPlan plan = compile(instrument);
  const Columns columns = every_state();
  const Caseload caseload = columns.caseload();
  Scorer alone(plan, with(false, true, false));  // one row is worked out by other code, without tables
  for (const Target& target : targets()) {
    choose(target);
    EXPECT_EQ(difference_of_tables(plan, caseload), "") << target.name;
    const Scores scores = score(plan, caseload, with(true, true, false));
    for (std::int64_t row = 0; row < caseload.rows(); ++row) {
      const Scores& one = alone.score(caseload.slice(row, 1)).front();
      ASSERT_EQ(difference(scores, row, one, Numbering::own), "") << target.name << ", row " << row;
    }
  }
  choose_best();
}

TEST(Tables, ChangeNothingOfRandomInstruments) {
  int with_chains = 0;
  constexpr int instruments = 60;
  for (std::uint64_t seed = 1; seed <= instruments; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    const reference::Choices choices = random_choices(random, *made.instrument);
    const RandomCaseload caseload(random, *made.instrument, moods_in_stretches(random, 700));
    const ScoringPlan plan =
        compile(made.instrument, {.accept_unverified = true, .levels = choices.levels, .norms = choices.norms});
    EXPECT_EQ(difference_of_tables(plan, caseload.caseload()), "") << "seed " << seed;
    with_chains += tables_of(plan).reals > 1 ? 1 : 0;
  }
  EXPECT_GE(with_chains, instruments / 6);
}

TEST(WholeNumbers, AreAddedAndSubtractedThoughASumIsTooLarge) {
  const auto instrument =
      test::example(R"({"format": 1, "id": "example-5", "edition": "1.0", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
    "evidence": {"mark": "derived", "note": "n"}, "items": [
      {"code": "x", "label": "x", "kind": "count", "unit": "acts", "range": {"from": null, "to": null}},
      {"code": "y", "label": "y", "kind": "count", "unit": "acts", "range": {"from": null, "to": null}},
      {"code": "z", "label": "z", "kind": "choice", "options": [{"code": "a", "value": 0, "label": "a", "points": -3}, {"code": "b", "value": 1, "label": "b", "points": 5}]}],
    "scales": [{"code": "sum", "label": "s", "sum": ["x", "y", "z"], "missing": {"may_omit": ["y"]}},
               {"code": "difference", "label": "d", "difference": ["x", "y"]}]})");
  constexpr double most = std::numeric_limits<std::int32_t>::max(), none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> numbers{0,        1,        -7,   1000,  most / 3, most / 2,
                                    most - 5, most - 4, most, -most, 3 - most, none};
  std::vector<double> x, y, z;
  for (int times = 0; times < 3; ++times) {
    for (const double one : numbers) {
      for (const double other : numbers) {
        for (const double option : {0.0, 1.0, none}) {
          x.push_back(std::floor(one));
          y.push_back(std::floor(other));
          z.push_back(option);
        }
      }
    }
  }
  Columns columns;
  columns.numbers("x", x).numbers("y", y).numbers("z", z);
  const Caseload caseload = columns.caseload();
  const ScoringPlan plan = compile(instrument);
  for (const Target& target : targets()) {
    choose(target);
    const Scores scores = score(plan, caseload);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      const auto expect = [&](const char* name, bool given, double expected) {
        const ScoreColumn& column = *scores.find(name);
        ASSERT_EQ(column.valid(row), given && std::fabs(expected) <= most) << target.name << ", " << name << ", " << i;
        if (!column.valid(row)) return;
        ASSERT_EQ(column.wholes[i], expected) << target.name << ", " << name << ", " << i;
      };
      const double points = z[i] == 0 ? -3 : 5, added = std::isnan(y[i]) ? 0 : y[i];
      expect("sum", !std::isnan(x[i]) && !std::isnan(z[i]), x[i] + added + points);
      expect("difference", !std::isnan(x[i]) && !std::isnan(y[i]), x[i] - y[i]);
    }
  }
  choose_best();
}

}  // namespace
}  // namespace appraise::testing
