#include <algorithm>
#include <array>

#include "appraise/diagnostic.hpp"
#include "appraise/statistics/fairness.hpp"
#include "appraise/statistics/incremental.hpp"
#include "appraise/statistics/meta_analysis.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::Data;
using test::exact;
using test::expect_value;
using test::has;
using test::iterated;
using test::Json;

template <class Body>
void each_of_people(Body body) {
  const Json all = test::oracle("value");
  const auto sets = test::data_sets();
  for (const auto& [name, r] : all["people"].items()) {
    SCOPED_TRACE(name);
    body(sets.at(name), r);
  }
}

TEST(Reclassification, AgreesWithImproveProb) {
  each_of_people([](const Data& data, const Json& r) {
    const auto newer = r["newer"].get<std::vector<double>>();
    const Reclassification found = reclassification(data.predicted, newer, data.outcome);
    expect_value(r["continuous"]["events"], found.events.value, exact, "events");
    expect_value(r["continuous"]["others"], found.others.value, exact, "others");
    expect_value(r["continuous"]["nri"], found.nri.value, exact, "nri");
    expect_value(r["continuous"]["nri_error"], found.nri.standard_error, exact, "error");
    expect_value(r["continuous"]["nri_z"], found.nri_test.statistic, exact, "z");
    expect_value(r["continuous"]["idi"], found.idi.value, exact, "idi");
    expect_value(r["continuous"]["idi_error"], found.idi.standard_error, exact, "error of idi");
    const std::vector<double> cuts = {0.1, 0.25};
    const Reclassification by_category = reclassification(data.predicted, newer, data.outcome, cuts);
    expect_value(r["categorical"]["nri"], by_category.nri.value, exact, "nri");
    if (by_category.nri.interval == Status::estimated) {
      expect_value(r["categorical"]["error"], by_category.nri.standard_error, exact, "error");
    }
    EXPECT_EQ(by_category.moves_of_events, r["categorical"]["moves_of_events"].get<std::vector<std::int64_t>>());
  });
  EXPECT_EQ(
      reclassification(std::vector<double>{0.1}, std::vector<double>{0.2}, std::vector<std::uint8_t>{1}).nri.status,
      Status::one_class);
}

TEST(DecisionCurve, AgreesWithItsFormula) {
  each_of_people([](const Data& data, const Json& r) {
    const std::vector<double> thresholds = {0.05, 0.1, 0.2, 0.5};
    const DecisionCurve found = decision_curve(data.predicted, data.outcome, thresholds);
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
      expect_value(r["decisions"][k]["rates"], found.points[k].rates, exact, "rates");
      expect_value(r["decisions"][k]["everybody"], found.points[k].everybody, exact, "everybody");
    }
  });
  EXPECT_THROW((void)decision_curve({}, {}, std::vector<double>{1}), UsageError);
}

TEST(DecisionCurve, OfPeopleFollowedForDifferentTimesAgreesWithSurvfit) {
  const std::vector<double> thresholds = {0.05, 0.1, 0.2, 0.5};
  int compared = 0;
  each_of_people([&](const Data& data, const Json& r) {
    const DecisionCurve found =
        decision_curve_followed(data.predicted, data.time, data.event_only, r["horizon"].get<double>(), thresholds);
    ASSERT_EQ(found.points.size(), thresholds.size());
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
      const Json& point = r["followed_decisions"][k];
      expect_value(point["everybody"], found.points[k].everybody, exact, "everybody");
      if (!has(point, "rates")) {
        EXPECT_EQ(found.points[k].status, Status::not_reached);
        continue;
      }
      ++compared;
      expect_value(point["rates"], found.points[k].rates, exact, "rates");
    }
  });
  EXPECT_GE(compared, 24);
  const std::vector<double> rates = {0.1, 0.4}, times = {3, 1};
  const std::vector<std::uint8_t> events = {0, 0};
  const DecisionCurve found = decision_curve_followed(rates, times, events, 2, std::vector<double>{0.3});
  EXPECT_EQ(found.points.at(0).status, Status::not_reached);
  EXPECT_TRUE(std::isnan(found.points.at(0).rates));
  EXPECT_EQ(decision_curve_followed(rates, times, events, 5, thresholds).status, Status::not_reached);
  EXPECT_EQ(decision_curve_followed({}, {}, {}, 5, thresholds).status, Status::no_data);
  EXPECT_THROW((void)decision_curve_followed(rates, times, events, 0, thresholds), UsageError);
}

TEST(AddedValue, AgreesWithAnovaOfTheRowsThatHaveEverything) {
  each_of_people([](const Data& data, const Json& r) {
    if (!has(r, "added")) return;
    const Json& added = r["added"];
    std::vector<double> second = data.second;
    for (std::size_t i = 8; i < second.size(); i += 9) second[i] = not_available;
    const std::array<std::span<const double>, 1> base = {data.score}, more = {second};
    const AddedValue found = added_value(base, more, data.outcome);
    EXPECT_EQ(found.base.sample.n, added["n"].get<std::int64_t>());
    EXPECT_EQ(found.both.sample.n, found.base.sample.n);
    expect_value(added["logistic"], found.test.statistic, iterated, "statistic");
    expect_value(added["logistic_p"], found.test.p_value, iterated, "p_value");
    const AddedValue followed = added_value_followed(base, more, data.time, data.event_only);
    expect_value(added["cox"], followed.test.statistic, iterated, "statistic");
    expect_value(added["cox_p"], followed.test.p_value, iterated, "p_value");
    std::vector<double> score = data.score;
    for (std::size_t i = 8; i < score.size(); i += 9) score[i] = not_available;
    const std::array<std::span<const double>, 1> first = {score};
    EXPECT_NEAR(added_value_followed({}, first, data.time, data.event_only).test.statistic,
                added["cox_alone"].get<double>(), iterated);
  });
  const std::vector<double> x = {1, 2, 3, 4}, constant(4, 1);
  const std::vector<std::uint8_t> y = {0, 1, 0, 1}, none(4, 0);
  const std::array<std::span<const double>, 1> base = {x}, same = {x}, flat = {constant};
  EXPECT_EQ(added_value(base, same, y).test.status, Status::collinear);
  EXPECT_EQ(added_value(base, flat, y).test.status, Status::constant);
  EXPECT_EQ(added_value(base, flat, none).test.status, Status::one_class);
  EXPECT_EQ(added_value_followed(base, flat, x, none).test.status, Status::no_events);
  EXPECT_THROW((void)added_value(base, {}, y), UsageError);
}

TEST(NumbersNeeded, AgreeWithBinomTest) {
  each_of_people([](const Data& data, const Json& r) {
    const auto table = numbers_needed(data.score, data.outcome, 0.3);
    for (const Json& row : r["needed"]) {
      const double cut = row["cut"].get<double>();
      const auto found = std::find_if(table.begin(), table.end(), [&](const NumberNeeded& n) { return n.cut == cut; });
      ASSERT_NE(found, table.end());
      expect_value(row["low"], found->needed.low, exact, "low");
      if (has(row, "needed")) {
        expect_value(row["needed"], found->needed.value, exact, "needed");
        expect_value(row["high"], found->needed.high, exact, "high");
      } else {
        EXPECT_EQ(found->needed.status, Status::no_events);
      }
    }
  });
}

TEST(NumbersNeeded, AreOneOverThePredictiveValue) {
  const std::vector<double> scores = {1, 1, 2, 2, 2, 2};
  const std::vector<std::uint8_t> outcomes = {0, 1, 0, 0, 0, 1};
  const auto table = numbers_needed(scores, outcomes, 0.5);
  ASSERT_EQ(table.size(), 2u);
  EXPECT_DOUBLE_EQ(table[0].needed.value, 6);  // 2 of 6, half of them prevented
  EXPECT_DOUBLE_EQ(table[1].needed.value, 8);
  EXPECT_EQ(table[1].missed, 1);
  EXPECT_LT(table[1].needed.low, 8);
  EXPECT_GT(table[1].needed.high, 8);
  EXPECT_EQ(numbers_needed(std::vector<double>{1}, std::vector<std::uint8_t>{0})[0].needed.status, Status::no_events);
}

TEST(Pool, AgreesWithMetafor) {
  const Json all = test::oracle("value");
  for (const auto& [name, r] : all["studies"].items()) {
    SCOPED_TRACE(name);
    const Pooled found = pool(r["y"].get<std::vector<double>>(), r["s"].get<std::vector<double>>());
    expect_value(r["fixed"], found.fixed.value, exact, "fixed");
    expect_value(r["fixed_error"], found.fixed.standard_error, exact, "error");
    expect_value(r["random"], found.random.value, exact, "random");
    expect_value(r["random_error"], found.random.standard_error, exact, "error");
    expect_value(r["tau2"], found.tau_squared, exact, "tau_squared");
    expect_value(r["i2"], found.i_squared, exact, "i_squared");
    expect_value(r["q"], found.q.statistic, exact, "q");
    expect_value(r["p"], found.q.p_value, exact, "p");
    if (r["y"].size() < 3) {
      EXPECT_EQ(found.prediction.interval, Status::too_few);
      continue;
    }
    expect_value(r["prediction"][0], found.prediction.low, exact, "low");
    expect_value(r["prediction"][1], found.prediction.high, exact, "high");
  }
  PoolOptions ratio;
  ratio.scale = PoolScale::ratio;
  EXPECT_THROW((void)pool(std::vector<double>{-1}, std::vector<double>{1}, ratio), UsageError);
  PoolOptions share;
  share.scale = PoolScale::proportion;
  EXPECT_THROW((void)pool(std::vector<double>{1.5}, std::vector<double>{1}, share), UsageError);
  const Pooled certain = pool(std::vector<double>{1, 0.5, 0}, std::vector<double>{0, 0.1, 0}, share);
  EXPECT_EQ(certain.left_out, 2);
  EXPECT_EQ(certain.rows, std::vector<std::int64_t>{1});
  EXPECT_EQ(pool(std::vector<double>{not_available, 1}, std::vector<double>{1, INFINITY}).left_out, 2);
  EXPECT_EQ(pool({}, {}).fixed.status, Status::no_data);
  EXPECT_EQ(pool(std::vector<double>{1}, std::vector<double>{1}).random.status, Status::too_few);
  EXPECT_THROW((void)pool(std::vector<double>{1}, std::vector<double>{0}), UsageError);
}

void expect_restricted(const Json& r, const Pooled& found) {
  // Where nothing lies between samples, metafor's steps stop a little above zero.
  expect_value(r["tau2"], found.tau_squared, exact, "tau_squared", 1e-12);
  expect_value(r["i2"], found.i_squared, exact, "i_squared", 1e-9);
  expect_value(r["value"], found.random.value, iterated, "random");
  expect_value(r["error"], found.random.standard_error, iterated, "error");
  expect_value(r["low"], found.random.low, iterated, "low");
  expect_value(r["high"], found.random.high, iterated, "high");
}

TEST(Pool, ByRestrictedLikelihoodAgreesWithMetaforOnEveryScale) {
  const Json all = test::oracle("value");
  for (const auto& [name, study] : all["studies"].items()) {
    SCOPED_TRACE(name);
    const Json& r = study["reml"];
    const auto errors = study["s"].get<std::vector<double>>();
    PoolOptions options;
    options.between = BetweenSamples::reml;
    options.hartung_knapp = true;
    const Pooled given = pool(study["y"].get<std::vector<double>>(), errors, options);
    expect_restricted(r["as_given"], given);
    options.scale = PoolScale::ratio;
    const Pooled ratios = pool(r["ratios"].get<std::vector<double>>(), errors, options);
    expect_restricted(r["ratio"], ratios);
    EXPECT_NEAR(ratios.fixed.low, std::exp(given.fixed.low), 1e-12 * ratios.fixed.low);
    options.scale = PoolScale::proportion;
    const Pooled shares =
        pool(r["proportions"].get<std::vector<double>>(), r["proportion_errors"].get<std::vector<double>>(), options);
    expect_restricted(r["proportion"], shares);
    ASSERT_EQ(shares.each.size(), errors.size());
    EXPECT_NEAR(shares.each[0].value, r["proportions"][0].get<double>(), 1e-12);
    EXPECT_LT(shares.each[0].low, shares.each[0].value);
    if (given.prediction.interval == Status::estimated) {
      EXPECT_LE(given.prediction.low, given.random.low);
    }
  }
}

TEST(Fairness, AgreesWithGlmRocAndChisqTest) {
  int compared = 0;
  each_of_people([&](const Data& data, const Json& r) {
    if (!has(r, "fair")) return;
    ++compared;
    const Json& f = r["fair"];
    std::vector<std::int32_t> groups;
    for (std::size_t i = 0; i < data.score.size(); ++i) groups.push_back(static_cast<std::int32_t>((i + 1) * 7 % 3));
    FairnessOptions options;
    options.smallest = 1;
    options.cut = f["cut"].get<double>();
    options.predicted = data.predicted;
    const Fairness found = fairness(data.score, data.outcome, groups, options);
    ASSERT_EQ(found.groups.size(), 3u);
    for (std::size_t k = 0; k < 3; ++k) expect_value(f["auc"][k], found.groups[k].auc.value, exact, "auc");
    expect_value(f["auc_q"], found.auc.statistic, exact, "equal AUCs");
    expect_value(f["intercepts"], found.intercepts.statistic, iterated, "intercepts");
    expect_value(f["slopes"], found.slopes.statistic, iterated, "slopes");
    EXPECT_EQ(found.slopes.degrees_of_freedom, 2);
    expect_value(f["flagged"], found.flagged.statistic, exact, "flagged");
    expect_value(f["false_positive"], found.false_positive_rate.statistic, exact, "false positives");
    expect_value(f["false_negative"], found.false_negative_rate.statistic, exact, "false negatives");
    expect_value(f["positive"], found.positive_predictive_value.statistic, exact, "positive predictive value");
    expect_value(f["negative"], found.negative_predictive_value.statistic, exact, "negative predictive value");
    expect_value(f["slope"], found.groups[0].slope.value, iterated, "slope");
    expect_value(f["eo"], found.groups[0].expected_observed.ratio.value, exact, "E/O");
  });
  EXPECT_GE(compared, 6);
}

TEST(Fairness, ShowsNothingOfAGroupOfThree) {
  std::vector<double> scores;
  std::vector<std::uint8_t> outcomes;
  std::vector<std::int32_t> groups;
  for (int i = 0; i < 203; ++i) {
    scores.push_back(i % 7);
    outcomes.push_back(i % 3 == 0);
    groups.push_back(i < 3 ? 9 : i % 2);
  }
  FairnessOptions options;
  options.cut = 3;
  const Fairness found = fairness(scores, outcomes, groups, options);
  ASSERT_EQ(found.groups.size(), 3u);
  const GroupFigures& three = found.groups[2];
  EXPECT_TRUE(three.suppressed);
  EXPECT_EQ(three.sample.n, 0);
  EXPECT_EQ(three.auc.status, Status::suppressed);
  EXPECT_EQ(three.false_positive_rate.status, Status::suppressed);
  EXPECT_EQ(found.groups[0].auc.status, Status::estimated);
  EXPECT_EQ(found.intercepts.degrees_of_freedom, 1);
  EXPECT_NE(found.note.find("cannot all hold"), std::string_view::npos);
  const std::vector<std::int32_t> one(scores.size(), 1);
  EXPECT_EQ(fairness(scores, outcomes, one, options).slopes.status, Status::too_few);
}

}  // namespace
}  // namespace appraise::statistics
