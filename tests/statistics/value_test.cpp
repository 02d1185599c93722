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
  EXPECT_EQ(pool({}, {}).fixed.status, Status::no_data);
  EXPECT_EQ(pool(std::vector<double>{1}, std::vector<double>{1}).random.status, Status::too_few);
  EXPECT_THROW((void)pool(std::vector<double>{1}, std::vector<double>{0}), UsageError);
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
