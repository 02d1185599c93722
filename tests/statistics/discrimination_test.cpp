#include <limits>
#include <numeric>
#include <random>

#include "appraise/diagnostic.hpp"
#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/concordance.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::Data;
using test::exact;
using test::expect_value;
using test::for_each_set;
using test::has;
using test::iterated;
using test::Json;

using Outcomes = std::vector<std::uint8_t>;

TEST(Auc, AgreesWithPRoc) {
  int compared = 0;
  for_each_set("discrimination", [&](const std::string& name, const Data& data, const Json& r) {
    const Auc found = auc(data.score, data.outcome);
    if (!has(r, "auc")) {
      EXPECT_EQ(found.auc.status, Status::one_class) << name;
      return;
    }
    ++compared;
    expect_value(r["auc"]["auc"], found.auc.value, exact, "auc");
    if (!has(r["auc"], "variance") || r["auc"]["variance"] == 0) {
      EXPECT_NE(found.auc.interval, Status::estimated);
      return;
    }
    expect_value(r["auc"]["variance"], found.auc.standard_error * found.auc.standard_error, exact, "variance");
    expect_value(r["auc"]["low"], found.auc.low, exact, "low");
    expect_value(r["auc"]["high"], found.auc.high, exact, "high");
    const Auc logit = auc(data.score, data.outcome, 0.95, AucInterval::logit);
    expect_value(r["auc"]["logit_low"], logit.auc.low, exact, "logit low");
    expect_value(r["auc"]["logit_high"], logit.auc.high, exact, "logit high");
  });
  EXPECT_GE(compared, 13);
}

TEST(Auc, PairedDifferenceAgreesWithPRoc) {
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    const AucDifference found = auc_difference(data.score, data.second, data.outcome);
    if (!has(r, "paired")) {
      EXPECT_EQ(found.test.status, Status::one_class);
      return;
    }
    const Json& paired = r["paired"];
    expect_value(paired["first"], found.first.auc.value, exact, "first");
    expect_value(paired["second"], found.second.auc.value, exact, "second");
    if (!has(paired, "z")) {
      EXPECT_EQ(found.test.status, Status::too_few);
      return;
    }
    expect_value(paired["z"], found.test.statistic, exact, "z");
    expect_value(paired["p"], found.test.p_value, exact, "p");
    expect_value(paired["error"], found.difference.standard_error, exact, "error");
    if (has(paired, "correlation")) expect_value(paired["correlation"], found.correlation, exact, "correlation");
  });
}

TEST(Auc, UnpairedDifferenceAgreesWithPRoc) {
  int compared = 0;
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    std::vector<double> s[2];
    Outcomes y[2];
    for (std::size_t i = 0; i < data.score.size(); ++i) {
      s[i % 2].push_back(data.score[i]);
      y[i % 2].push_back(data.outcome[i]);
    }
    // R counts rows from 1: its even rows are our odd ones.
    const AucDifference found = auc_difference_unpaired(s[1], y[1], s[0], y[0]);
    if (!has(r["unpaired"], "t")) {
      EXPECT_NE(found.test.status, Status::estimated);
      return;
    }
    ++compared;
    expect_value(r["unpaired"]["t"], found.test.statistic, exact, "t");
    expect_value(r["unpaired"]["df"], found.test.degrees_of_freedom, exact, "df");
    expect_value(r["unpaired"]["p"], found.test.p_value, exact, "p");
  });
  EXPECT_GE(compared, 7);
}

TEST(Auc, CountsPairsAsOneWouldByHand) {
  const std::vector<double> scores = {1, 2, 2, 3, -0.0, 0.0};
  const Outcomes outcomes = {0, 0, 1, 1, 0, 1};
  const Auc found = auc(scores, outcomes);
  EXPECT_EQ(found.pairs, 9u);
  EXPECT_EQ(found.concordant, 5u);  // 2 over 1 and -0; 3 over everybody
  EXPECT_EQ(found.tied, 2u);        // 2 and 2; 0 and -0 are one number
  EXPECT_DOUBLE_EQ(found.auc.value, 6.0 / 9);
}

TEST(Auc, AgreesWithEveryPairLookedAt) {
  std::mt19937_64 random(1);
  for (unsigned round = 0; round < 200; ++round) {
    const std::size_t n = 2 + random() % 400;
    std::vector<double> scores(n);
    Outcomes outcomes(n);
    for (std::size_t i = 0; i < n; ++i) {
      scores[i] = static_cast<double>(random() % (1 + round % 50)) * (round % 2 ? 1 : -0.37);
      outcomes[i] = random() % 3 == 0;
    }
    std::uint64_t concordant = 0, tied = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (outcomes[i] != 1 || outcomes[j] != 0) continue;
        concordant += scores[i] > scores[j];
        tied += scores[i] == scores[j];
      }
    }
    const Auc found = auc(scores, outcomes);
    ASSERT_EQ(found.concordant, found.auc.status == Status::estimated ? concordant : 0);
    ASSERT_EQ(found.tied, found.auc.status == Status::estimated ? tied : 0);
  }
}

TEST(Auc, IsOneExactlyWhereNoPairIsOutOfOrderInAMillionRows) {
  std::vector<double> scores(1'000'000);
  std::iota(scores.begin(), scores.end(), 0.0);
  Outcomes outcomes(scores.size());
  for (std::size_t i = scores.size() / 2; i < scores.size(); ++i) outcomes[i] = 1;
  const Auc found = auc(scores, outcomes);
  EXPECT_EQ(found.auc.value, 1);
  EXPECT_EQ(found.pairs, 250'000'000'000u);
  EXPECT_EQ(found.auc.interval, Status::no_variance);
  EXPECT_TRUE(std::isnan(found.auc.low));
}

TEST(Auc, LeavesOutWhatIsMissingAndCountsIt) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> scores = {1, nan, 3, 2, 4}, second = {1, 2, 3, 4, nan};
  const Outcomes outcomes = {0, 1, 1, missing_outcome, 1};
  const Auc found = auc(scores, outcomes);
  EXPECT_EQ(found.sample.n, 3);
  EXPECT_EQ(found.sample.events, 2);
  EXPECT_EQ(found.sample.left_out, 2);
  EXPECT_EQ(auc_difference(scores, second, outcomes).first.sample.left_out, 3);
  EXPECT_EQ(auc({}, {}).auc.status, Status::no_data);
}

TEST(Auc, RefusesWhatItCannotMean) {
  const std::vector<double> scores = {1, 2};
  EXPECT_THROW((void)auc(scores, Outcomes{0}), UsageError);
  EXPECT_THROW((void)auc(scores, Outcomes{0, 2}), UsageError);
  EXPECT_THROW((void)auc(scores, Outcomes{0, 1}, 1.0), UsageError);
  try {
    (void)auc(scores, Outcomes{0, 7});
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "auc: outcomes: 7 in row 1; expected 0, 1 or missing (255)");
  }
}

TEST(Cuts, AgreeWithTablesAndBinomTest) {
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    const Cuts found = cuts(data.score, data.outcome);
    ASSERT_EQ(found.cuts.size(), r["cuts"].size());
    for (std::size_t i = 0; i < found.cuts.size(); ++i) {
      const Cut& cut = found.cuts[i];
      const Json& expected = r["cuts"][i];
      EXPECT_EQ(cut.cut, expected["cut"].get<double>());
      EXPECT_EQ(cut.true_positives, expected["tp"]);
      EXPECT_EQ(cut.false_positives, expected["fp"]);
      EXPECT_EQ(cut.false_negatives, expected["fn"]);
      EXPECT_EQ(cut.true_negatives, expected["tn"]);
      const std::pair<const char*, const Estimate*> figures[] = {{"sensitivity", &cut.sensitivity},
                                                                 {"specificity", &cut.specificity},
                                                                 {"ppv", &cut.positive_predictive_value},
                                                                 {"npv", &cut.negative_predictive_value}};
      for (const auto& [key, estimate] : figures) {
        if (!has(expected, key)) {
          EXPECT_EQ(estimate->status, Status::too_few);
          continue;
        }
        expect_value(expected[key][0], estimate->value, exact, key);
        expect_value(expected[key][1], estimate->low, exact, key);
        expect_value(expected[key][2], estimate->high, exact, key);
      }
    }
  });
}

TEST(HarrellsC, AgreesWithSurvival) {
  int compared = 0;
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    const Concordance found = harrells_c(data.score, data.time, data.event_only);
    if (!has(r["harrell"], "c")) {
      EXPECT_EQ(found.c.status, Status::no_events);
      return;
    }
    ++compared;
    expect_value(r["harrell"]["c"], found.c.value, exact, "c");
    EXPECT_EQ(found.concordant, r["harrell"]["concordant"].get<double>());
    EXPECT_EQ(found.discordant, r["harrell"]["discordant"].get<double>());
    EXPECT_EQ(found.tied, r["harrell"]["tied"].get<double>());
    if (found.c.interval == Status::estimated) {
      expect_value(r["harrell"]["variance"], found.c.standard_error * found.c.standard_error, exact, "variance");
    } else {
      EXPECT_LT(r["harrell"]["variance"].get<double>(), 1e-30);
    }
  });
  EXPECT_GE(compared, 14);
}

TEST(UnosC, AgreesWithItsDefinitionAndWithSurvival) {
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r, "uno")) {
      EXPECT_NE(unos_c(data.score, data.time, data.event_only, 1e-9).c.status, Status::estimated);
      return;
    }
    const Concordance found = unos_c(data.score, data.time, data.event_only, r["uno"]["horizon"].get<double>());
    expect_value(r["uno"]["c"], found.c.value, exact, "c");
    expect_value(r["uno"]["concordant"], found.concordant, exact, "concordant");
    expect_value(r["uno"]["tied"], found.tied, exact, "tied");
    const Concordance all = unos_c(data.score, data.time, data.event_only);
    expect_value(r["uno_all"]["c"], all.c.value, exact, "c without a horizon");
    if (all.c.interval == Status::estimated) {
      expect_value(r["uno_survival"]["variance"], all.c.standard_error * all.c.standard_error, exact, "variance");
    }
  });
}

TEST(AucAtHorizon, AgreesWithItsDefinitionAndWithRiskRegression) {
  int compared = 0;
  for_each_set("discrimination", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r["at_horizon"], "auc")) {
      EXPECT_NE(auc_at_horizon(data.score, data.time, data.event, 2).auc.status, Status::estimated);
      return;
    }
    ++compared;
    const double horizon = r["at_horizon"]["horizon"].get<double>();
    const AucAtHorizon found = auc_at_horizon(data.score, data.time, data.event, horizon);
    EXPECT_EQ(found.cases, r["at_horizon"]["cases"]);
    EXPECT_EQ(found.controls, r["at_horizon"]["controls"]);
    expect_value(r["at_horizon"]["auc"], found.auc.value, exact, "auc");
    if (has(r, "score_package")) expect_value(r["score_package"]["auc"], found.auc.value, exact, "riskRegression");
    if (found.auc.interval != Status::estimated) return;
    if (r["at_horizon"]["error"].get<double>() > 1e-12) {
      expect_value(r["at_horizon"]["error"], found.auc.standard_error, exact, "error");
      if (has(r["score_package"], "error")) {
        expect_value(r["score_package"]["error"], found.auc.standard_error, exact, "error, riskRegression");
      }
    }
  });
  EXPECT_GE(compared, 13);
}

void expect_ratio(const Json& r, const Estimate& found) {
  expect_value(r["value"], found.value, iterated, "value");
  expect_value(r["error"], found.standard_error, iterated, "error");
  expect_value(r["low"], found.low, iterated, "low");
  expect_value(r["high"], found.high, iterated, "high");
}

TEST(EffectSizes, AgreeWithR) {
  const std::map<std::string, Status> without_odds = {
      {"separation", Status::separated}, {"quasi_separation", Status::separated}, {"zero_events", Status::one_class},
      {"all_events", Status::one_class}, {"constant_score", Status::constant},    {"two_people", Status::separated}};
  const std::map<std::string, Status> without_hazard = {{"separation", Status::separated},
                                                        {"quasi_separation", Status::separated},
                                                        {"zero_events", Status::no_events},
                                                        {"constant_score", Status::constant},
                                                        {"two_people", Status::separated}};
  for_each_set("discrimination", [&](const std::string& name, const Data& data, const Json& r) {
    const EffectSize d = cohens_d(data.score, data.outcome);
    if (has(r["effects"], "d")) {
      expect_value(r["effects"]["d"]["value"], d.value.value, exact, "d");
      expect_value(r["effects"]["d"]["error"], d.value.standard_error, exact, "error of d");
    } else {
      EXPECT_NE(d.value.status, Status::estimated);
    }
    const Estimate odds = odds_ratio_per_point(data.score, data.outcome).value;
    if (const auto why = without_odds.find(name); why != without_odds.end()) {
      EXPECT_EQ(odds.status, why->second);
    } else {
      expect_ratio(r["effects"]["odds"], odds);
    }
    const Estimate hazard = hazard_ratio_per_point(data.score, data.time, data.event_only).value;
    if (const auto why = without_hazard.find(name); why != without_hazard.end()) {
      EXPECT_EQ(hazard.status, why->second);
    } else {
      expect_ratio(r["effects"]["hazard"], hazard);
    }
  });
}

}  // namespace
}  // namespace appraise::statistics
