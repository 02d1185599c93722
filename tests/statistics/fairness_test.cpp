#include "appraise/statistics/fairness.hpp"

#include <algorithm>

#include "appraise/diagnostic.hpp"
#include "appraise/statistics/by_group.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "appraise/statistics/expected_observed.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::at;
using test::Data;
using test::exact;
using test::expect_value;
using test::for_each_set;
using test::has;
using test::iterated;
using test::Json;

std::vector<double> reals(const Json& list) {
  return list.is_array() ? list.get<std::vector<double>>() : std::vector<double>{list.get<double>()};
}

void expect_table(const Json& r, const ExpectedObservedTable& found) {
  ASSERT_EQ(found.groups.size(), reals(r["group"]).size());
  for (std::size_t g = 0; g < found.groups.size(); ++g) {
    const ExpectedObserved& index = found.groups[g].index;
    EXPECT_EQ(found.groups[g].group, at(r["group"], g).get<double>());
    EXPECT_FALSE(found.groups[g].suppressed);
    expect_value(at(r["expected"], g), index.expected, exact, "expected");
    EXPECT_EQ(index.observed, at(r["observed"], g).get<double>());
    expect_value(at(r["low"], g), index.ratio.low, exact, "low");
    if (index.observed > 0) {
      expect_value(at(r["high"], g), index.ratio.high, exact, "high");
    } else {
      EXPECT_EQ(index.ratio.status, Status::no_events);
    }
  }
  if (has(r, "total") && found.total.observed > 0) expect_value(r["total"], found.total.ratio.value, exact, "total");
  if (!has(r, "chi")) {
    EXPECT_EQ(found.equal.status, found.groups.size() < 2 ? Status::too_few : Status::no_events);
    return;
  }
  expect_value(r["chi"], found.equal.statistic, exact, "chi-square");
  expect_value(r["p"], found.equal.p_value, exact, "p");
  EXPECT_EQ(found.equal.degrees_of_freedom, static_cast<double>(found.groups.size() - 1));
}

TEST(ExpectedObservedBy, LevelAndScoreAgreesWithPoissonAndChisqTest) {
  for_each_set("fairness", [&](const std::string&, const Data& data, const Json& r) {
    const Json& tables = r["tables"];
    const std::vector<double> level = reals(tables["level"]);
    expect_table(tables["by_level"], expected_observed_by(level, data.predicted, data.outcome));
    expect_table(tables["by_score"], expected_observed_by(data.score, data.predicted, data.outcome));
    ExpectedObservedOptions options;
    options.times = data.time;
    options.horizon = tables["horizon"].get<double>();
    expect_table(tables["followed"], expected_observed_by(level, data.predicted, data.event_only, options));
  });
}

TEST(ExpectedObservedBy, SuppressedGroupCannotBeWorkedOutFromTheTotal) {
  std::vector<double> by(25, 1), rates(25, 0.2);
  std::vector<std::uint8_t> outcomes(25, 0);
  for (std::size_t i = 0; i < by.size(); i += 5) outcomes[i] = 1;
  by[0] = by[1] = by[2] = 7;
  by[3] = not_available;
  ExpectedObservedOptions options;
  const ExpectedObservedTable shown = expected_observed_by(by, rates, outcomes, options);
  EXPECT_EQ(shown.total.sample.n, 25);  // whose group is not known counts in the total
  EXPECT_EQ(shown.groups[0].index.sample.n + shown.groups[1].index.sample.n, 24);
  options.smallest = 10;
  const ExpectedObservedTable found = expected_observed_by(by, rates, outcomes, options);
  ASSERT_EQ(found.groups.size(), 2u);
  EXPECT_TRUE(found.groups[1].suppressed);
  EXPECT_EQ(found.groups[1].index.sample.n, 0);
  EXPECT_EQ(found.groups[1].index.expected, 0);
  EXPECT_EQ(found.groups[1].index.ratio.status, Status::suppressed);
  EXPECT_EQ(found.total.sample.n, 21);
  EXPECT_EQ(found.equal.status, Status::too_few);
}

TEST(ExpectedObservedBy, SaysWhyThereIsNoFigure) {
  EXPECT_EQ(expected_observed_by({}, {}, {}).total.ratio.status, Status::no_data);
  EXPECT_EQ(expected_observed_by({}, {}, {}).equal.status, Status::too_few);
  const std::vector<double> by = {1, 2}, rates = {0.1, not_available}, percents = {10, 20};
  const std::vector<std::uint8_t> outcomes = {1, 1};
  const ExpectedObservedTable found = expected_observed_by(by, rates, outcomes);
  EXPECT_EQ(found.groups[1].index.ratio.status, Status::no_data);
  EXPECT_EQ(found.equal.status, Status::too_few);
  EXPECT_THROW((void)expected_observed_by(by, percents, outcomes), UsageError);
  ExpectedObservedOptions options;
  options.smallest = 0;
  EXPECT_THROW((void)expected_observed_by(by, rates, outcomes, options), UsageError);
  options = {};
  options.shares = by;
  EXPECT_THROW((void)expected_observed_by(by, rates, outcomes, options), UsageError);
}

TEST(ProportionDifference, HasTheIntervalOfNewcombe) {
  // As Epi::ci.pd gives them.
  const auto ends = [](std::int64_t a, std::int64_t m, std::int64_t b, std::int64_t n, double low, double high) {
    const Difference found = proportion_difference(a, m, b, n);
    EXPECT_NEAR(found.value.low, low, 5e-5) << a;
    EXPECT_NEAR(found.value.high, high, 5e-5) << a;
  };
  ends(56, 70, 48, 80, 0.0524, 0.3339);
  ends(9, 10, 3, 10, 0.1705, 0.8090);
  ends(10, 10, 0, 20, 0.6791, 1.0000);
  EXPECT_EQ(proportion_difference(0, 5, 0, 7).test.status, Status::no_variance);
  EXPECT_EQ(proportion_difference(0, 0, 0, 7).value.status, Status::too_few);
  EXPECT_THROW((void)proportion_difference(3, 2, 0, 7), UsageError);
}

TEST(ExpectedObservedRatio, HoldsOneEndWhereNobodyWasObserved) {
  const ExpectedObserved five = expected_observed(5, 5), none = expected_observed(5, 0);
  const Difference above = expected_observed_ratio(none, five), below = expected_observed_ratio(five, none);
  EXPECT_EQ(above.value.status, Status::no_events);
  EXPECT_TRUE(std::isinf(above.value.high));
  EXPECT_GT(above.value.low, 0);
  EXPECT_EQ(below.value.low, 0);
  EXPECT_NEAR(below.value.high, 1 / above.value.low, 1e-12);
  EXPECT_NEAR(above.test.p_value, 2 * std::pow(0.5, 5), 1e-12);
  EXPECT_EQ(above.test.degrees_of_freedom, 0);
  EXPECT_EQ(expected_observed_ratio(none, none).test.status, Status::no_events);
  EXPECT_EQ(expected_observed_ratio(ExpectedObserved{}, five).value.status, Status::no_data);
  EXPECT_THROW((void)expected_observed_ratio(expected_observed(5, 2.5), five), UsageError);
}

void expect_share(const Json& r, const Difference& found, const std::string& what) {
  if (found.value.status != Status::estimated) {
    EXPECT_EQ(found.value.status, Status::suppressed) << what;  // a share of nobody
    return;
  }
  expect_value(r["difference"], found.value.value, exact, what);
  expect_value(r["low"], found.value.low, exact, what);
  expect_value(r["high"], found.value.high, exact, what);
  if (found.test.status != Status::estimated) return;
  expect_value(r["chi"], found.test.statistic, exact, what);
  expect_value(r["p"], found.test.p_value, exact, what);
}

int expect_wald(const Json& r, const Difference& found, const std::string& what) {
  if (found.value.status != Status::estimated) return 0;
  expect_value(r["difference"], found.value.value, iterated, what);
  expect_value(r["error"], found.value.standard_error, iterated, what);
  expect_value(r["p"], found.test.p_value, iterated, what);
  return 1;
}

TEST(Fairness, DifferencesAgreeWithPropTestPoissonTestRocTestAndGlm) {
  int lines = 0, areas = 0, ratios = 0, shares = 0;
  for_each_set("fairness", [&](const std::string&, const Data& data, const Json& r) {
    std::vector<std::int32_t> groups;
    for (std::size_t i = 0; i < data.score.size(); ++i) groups.push_back(static_cast<std::int32_t>((i + 1) * 7 % 3));
    FairnessOptions options;
    options.smallest = 1;
    options.cut = r["cut"].get<double>();
    options.predicted = data.predicted;
    options.reference = r["reference"].get<std::int32_t>();
    const Fairness found = fairness(data.score, data.outcome, groups, options);
    EXPECT_EQ(found.reference, options.reference);
    ASSERT_EQ(found.differences.size(), r["differences"].size());
    for (std::size_t k = 0; k < found.differences.size(); ++k) {
      const GroupDifference& difference = found.differences[k];
      const Json& d = r["differences"][k];
      EXPECT_EQ(difference.group, d["group"].get<std::int32_t>());
      for (const auto& [key, value] :
           {std::pair{"base_rate", difference.base_rate}, std::pair{"flagged", difference.flagged},
            std::pair{"false_positive", difference.false_positive_rate},
            std::pair{"false_negative", difference.false_negative_rate},
            std::pair{"positive", difference.positive_predictive_value},
            std::pair{"negative", difference.negative_predictive_value}}) {
        if (!has(d, key)) continue;
        ++shares;
        expect_share(d[key], value, key);
      }
      if (difference.auc.test.status == Status::estimated) {
        ++areas;
        expect_value(d["auc"]["difference"], difference.auc.value.value, exact, "auc");
        expect_value(d["auc"]["p"], difference.auc.test.p_value, exact, "p_value");
        EXPECT_NEAR(difference.auc.value.low, std::max(-1.0, d["auc"]["low"].get<double>()), exact);
      }
      lines += expect_wald(d["slope"], difference.slope, "slope");
      lines += expect_wald(d["calibration_intercept"], difference.calibration_intercept, "calibration intercept");
      lines += expect_wald(d["calibration_slope"], difference.calibration_slope, "calibration slope");
      if (!has(d, "ratio") || difference.expected_observed.test.status != Status::estimated) continue;
      ++ratios;
      expect_value(d["ratio"]["low"], difference.expected_observed.value.low, exact, "low");
      expect_value(d["ratio"]["p"], difference.expected_observed.test.p_value, exact, "p");
      if (has(d["ratio"], "high")) {
        expect_value(d["ratio"]["high"], difference.expected_observed.value.high, exact, "high");
      }
    }
    for (const auto& [key, test] : {std::pair{"calibration_intercept", found.calibration_intercept},
                                    std::pair{"calibration_slope", found.calibration_slope}}) {
      if (test.status != Status::estimated) continue;
      expect_value(r["tests"][key], test.statistic, iterated, key);
    }
    for (std::size_t k = 0; k < found.differences.size(); ++k) {
      const Difference& odds = found.differences[k].same_score;
      if (odds.value.status != Status::estimated) continue;
      expect_value(at(r["tests"]["same_score"], k), odds.value.value, iterated, "odds at the same score");
      expect_value(at(r["tests"]["same_score_error"], k), odds.value.standard_error, iterated, "error");
    }
  });
  EXPECT_GE(shares, 100);
  EXPECT_GE(ratios, 20);
  EXPECT_GE(areas, 16);
  EXPECT_GE(lines, 50);
}

TEST(ByGroup, HazardRatiosAgreeWithCoxphAndMetafor) {
  int compared = 0;
  for_each_set("fairness", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r, "hazards")) return;
    const Json& h = r["hazards"];
    std::vector<std::int32_t> groups;
    for (std::size_t i = 0; i < data.score.size(); ++i) groups.push_back(static_cast<std::int32_t>((i + 1) * 7 % 3));
    ByGroupOptions options;
    options.ratio = true;
    options.smallest = 1;
    options.reference = r["reference"].get<std::int32_t>();
    const ByGroup found = by_group(
        groups,
        [&](std::span<const std::uint32_t> rows) {
          std::vector<double> scores, times;
          std::vector<std::uint8_t> events;
          for (const std::uint32_t row : rows) {
            scores.push_back(data.score[row]);
            times.push_back(data.time[row]);
            events.push_back(data.event_only[row]);
          }
          return hazard_ratio_per_point(scores, times, events).value;
        },
        options);
    ++compared;
    expect_value(h["q"], found.equal.statistic, iterated, "Q");
    expect_value(h["p"], found.equal.p_value, iterated, "p");
    ASSERT_EQ(found.groups.size(), h["ratio"].size());
    for (std::size_t g = 0; g < found.groups.size(); ++g) {
      const GroupFigure& group = found.groups[g];
      expect_value(h["ratio"][g], group.figure.value, iterated, "ratio");
      expect_value(h["apart"][g], group.difference.value.value, iterated, "difference");
      if (group.group == options.reference) {
        EXPECT_EQ(group.difference.test.status, Status::no_variance);
        continue;
      }
      expect_value(h["low"][g], group.difference.value.low, iterated, "low");
      expect_value(h["high"][g], group.difference.value.high, iterated, "high");
    }
  });
  EXPECT_GE(compared, 8);
}

TEST(ByGroup, SuppressesAndSaysWhy) {
  std::vector<std::int32_t> groups(32, 1);
  groups[0] = groups[1] = groups[2] = 7;
  groups[3] = -1;
  for (std::size_t i = 20; i < 32; ++i) groups[i] = 2;
  int calls = 0;
  const EstimateOf count = [&](std::span<const std::uint32_t> rows) {
    ++calls;
    Estimate estimate;
    estimate.value = static_cast<double>(rows.size());
    estimate.status = Status::estimated;
    estimate.interval = Status::by_resampling;
    return estimate;
  };
  const ByGroup found = by_group(groups, count);
  EXPECT_EQ(calls, 2);  // nothing is worked out of the three
  EXPECT_EQ(found.left_out, 1);
  EXPECT_EQ(found.reference, 1);
  ASSERT_EQ(found.groups.size(), 3u);
  EXPECT_TRUE(found.groups[2].suppressed);
  EXPECT_EQ(found.groups[2].n, 0);
  EXPECT_EQ(found.groups[2].difference.value.status, Status::suppressed);
  EXPECT_EQ(found.groups[1].difference.value.status, Status::by_resampling);
  EXPECT_EQ(found.groups[0].difference.value.value, 0);
  EXPECT_EQ(found.equal.status, Status::too_few);
  ByGroupOptions options;
  options.reference = 7;
  EXPECT_FALSE(by_group(groups, count, options).reference.has_value());
  options.reference = 8;
  EXPECT_THROW((void)by_group(groups, count, options), UsageError);
  EXPECT_TRUE(by_group({}, count).groups.empty());
  EXPECT_EQ(status_named("too_few"), Status::too_few);
  EXPECT_EQ(status_named("certain"), Status::certain);
  EXPECT_FALSE(status_named("perhaps").has_value());
}

/// Two groups of a hundred with the given numbers of people with the outcome; half of each scores 1, the others 0.
Fairness of_two(int first_events, int second_events, FairnessOptions options = {}) {
  std::vector<double> scores;
  std::vector<std::uint8_t> outcomes;
  std::vector<std::int32_t> groups;
  for (int i = 0; i < 200; ++i) {
    scores.push_back(i % 2);
    outcomes.push_back(i % 100 < (i < 100 ? first_events : second_events));
    groups.push_back(i / 100);
  }
  return fairness(scores, outcomes, groups, options);
}

TEST(Fairness, SaysWhatExcludesWhatFromTheFigures) {
  FairnessOptions options;
  options.cut = 1;
  const Fairness apart = of_two(10, 40, options);
  EXPECT_NE(apart.note.find("base rates run from 10.0% to 40.0%, which chance does not explain"), std::string::npos)
      << apart.note;
  // Chouldechova's identity: both groups flag half of their people, with a predictive value of 0.25 in all.
  EXPECT_NEAR(apart.groups[0].implied_false_positive_rate.value, 0.1 / 0.9 * 3 * 0.5, 1e-12);
  EXPECT_NEAR(apart.groups[1].implied_false_positive_rate.value, 0.4 / 0.6 * 3 * 0.5, 1e-12);
  EXPECT_NE(apart.note.find("16.7% to 100.0%"), std::string::npos) << apart.note;
  EXPECT_NE(of_two(20, 22, options).note.find("chance may explain"), std::string::npos);
  EXPECT_NE(of_two(20, 20, options).note.find("do not exclude each other"), std::string::npos);
  options.smallest = 101;
  EXPECT_NE(of_two(10, 40, options).note.find("No group is large enough"), std::string::npos);
}

TEST(Fairness, AsksNothingOfWhatWasNotGiven) {
  const Fairness bare = of_two(10, 40);
  EXPECT_EQ(bare.differences.at(0).flagged.value.status, Status::no_data);
  EXPECT_EQ(bare.differences.at(0).calibration_slope.test.status, Status::no_data);
  EXPECT_EQ(bare.expected_observed.status, Status::no_data);
  EXPECT_EQ(bare.base_rate.status, Status::estimated);
  FairnessOptions options;
  std::vector<double> rates(200, 0.3);
  rates[0] = 0;
  options.predicted = rates;
  const Fairness certain = of_two(10, 40, options);
  EXPECT_EQ(certain.groups[0].calibration_slope.status, Status::certain);
  EXPECT_EQ(certain.groups[1].calibration_intercept.status, Status::estimated);
  EXPECT_EQ(certain.calibration_intercept.status, Status::certain);
  EXPECT_EQ(certain.expected_observed.status, Status::estimated);
}

TEST(Fairness, ComparesWithTheGroupAskedFor) {
  FairnessOptions options;
  EXPECT_EQ(of_two(10, 40, options).reference, 0);
  options.reference = 1;
  const Fairness found = of_two(10, 40, options);
  EXPECT_EQ(found.differences.at(0).group, 0);
  EXPECT_NEAR(found.differences.at(0).base_rate.value.value, -0.3, 1e-12);
  options.reference = 5;
  EXPECT_THROW((void)of_two(10, 40, options), UsageError);
  options.reference = 1;
  options.smallest = 101;
  EXPECT_FALSE(of_two(10, 40, options).reference.has_value());
  EXPECT_TRUE(of_two(10, 40, options).differences.empty());
}

}  // namespace
}  // namespace appraise::statistics
