#include "appraise/statistics/calibration.hpp"

#include "appraise/diagnostic.hpp"
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

void expect_index(const Json& r, const ExpectedObserved& found) {
  expect_value(r["expected"], found.expected, exact, "expected");
  EXPECT_EQ(found.observed, r["observed"].get<double>());
  expect_value(r["low"], found.ratio.low, exact, "low");
  if (found.observed == 0) {
    EXPECT_EQ(found.ratio.status, Status::no_events);
    EXPECT_TRUE(std::isinf(found.ratio.high));
    EXPECT_EQ(found.by_logarithm.status, Status::no_events);
    return;
  }
  expect_value(r["ratio"], found.ratio.value, exact, "ratio");
  expect_value(r["high"], found.ratio.high, exact, "high");
  expect_value(r["log_low"], found.by_logarithm.low, exact, "log low");
  expect_value(r["log_high"], found.by_logarithm.high, exact, "log high");
}

TEST(ExpectedObserved, AgreesWithPoissonTest) {
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    expect_index(r["fixed"], expected_observed(data.predicted, data.outcome));
    expect_index(r["followed"],
                 expected_observed_followed(data.predicted, data.time, data.event_only, r["horizon"].get<double>()));
  });
}

TEST(ExpectedObserved, AtAHorizonAgreesWithSurvfit) {
  int compared = 0;
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r, "at")) return;
    ++compared;
    const ExpectedObserved found =
        expected_observed_at(data.predicted, data.time, data.event_only, r["at"]["horizon"].get<double>());
    expect_value(r["at"]["ratio"], found.ratio.value, exact, "ratio");
    if (found.ratio.interval != Status::estimated) return;
    expect_value(r["at"]["low"], found.ratio.low, exact, "low");
    expect_value(r["at"]["high"], found.ratio.high, exact, "high");
  });
  EXPECT_GE(compared, 12);
  EXPECT_EQ(expected_observed_at(std::vector<double>{0.1}, std::vector<double>{1}, std::vector<std::uint8_t>{0}, 5)
                .ratio.status,
            Status::not_reached);
}

TEST(ExpectedObserved, WorkedExample) {
  // 30 expected, 20 observed: 20 of a Poisson count has the limits 12.217 and 30.888.
  const ExpectedObserved found = expected_observed(30, 20);
  EXPECT_DOUBLE_EQ(found.ratio.value, 1.5);
  EXPECT_NEAR(found.ratio.low, 30 / 30.8884, 1e-4);
  EXPECT_NEAR(found.ratio.high, 30 / 12.2165, 1e-4);
  EXPECT_NEAR(found.by_logarithm.high, 1.5 * std::exp(1.959964 / std::sqrt(20)), 1e-6);
}

TEST(ExpectedObserved, RefusesPercentsAndNegativeHorizons) {
  EXPECT_THROW((void)expected_observed(std::vector<double>{12.5}, std::vector<std::uint8_t>{0}), UsageError);
  EXPECT_THROW((void)expected_observed(0, 3), UsageError);
  EXPECT_THROW(
      (void)expected_observed_at(std::vector<double>{0.1}, std::vector<double>{1}, std::vector<std::uint8_t>{0}, -1),
      UsageError);
  EXPECT_EQ(expected_observed(std::vector<double>{}, std::vector<std::uint8_t>{}).ratio.status, Status::no_data);
}

TEST(CalibrationLine, AgreesWithGlm) {
  const std::map<std::string, Status> without = {
      {"separation", Status::separated}, {"quasi_separation", Status::separated}, {"zero_events", Status::one_class},
      {"all_events", Status::one_class}, {"constant_score", Status::constant},    {"two_people", Status::separated}};
  for_each_set("calibration", [&](const std::string& name, const Data& data, const Json& r) {
    const CalibrationLine found = calibration_line(data.predicted, data.outcome);
    if (found.intercept.status == Status::estimated) {
      expect_value(r["line"]["intercept"], found.intercept.value, iterated, "intercept");
      expect_value(r["line"]["intercept_error"], found.intercept.standard_error, iterated, "its error");
    } else {
      EXPECT_EQ(found.intercept.status, Status::one_class);
    }
    if (const auto why = without.find(name); why != without.end()) {
      EXPECT_EQ(found.slope.status, why->second);
      EXPECT_EQ(found.test.status, why->second);
      return;
    }
    expect_value(r["line"]["slope"], found.slope.value, iterated, "slope");
    expect_value(r["line"]["slope_error"], found.slope.standard_error, iterated, "its error");
    expect_value(r["line"]["chi"], found.test.statistic, iterated, "chi-square");
  });
  EXPECT_THROW((void)calibration_line(std::vector<double>{0, 1}, std::vector<std::uint8_t>{0, 1}), UsageError);
}

TEST(CalibrationLine, SlopeOfFollowedPeopleAgreesWithCoxph) {
  int compared = 0;
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    const Estimate found = calibration_slope_followed(data.predicted, data.time, data.event_only);
    if (found.status != Status::estimated) return;
    ++compared;
    expect_value(r["slope_followed"]["slope"], found.value, iterated, "slope");
    expect_value(r["slope_followed"]["error"], found.standard_error, iterated, "error");
  });
  EXPECT_GE(compared, 9);
}

TEST(CalibrationCurve, AgreesWithLoess) {
  int compared = 0;
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    const CalibrationCurve found = calibration_curve(data.predicted, data.outcome);
    ASSERT_EQ(found.status, Status::estimated);
    if (!has(r, "curve")) return;
    const Json& curve = r["curve"];
    ASSERT_EQ(found.predicted.size(), curve["at"].size());
    for (std::size_t i = 0; i < found.predicted.size(); ++i) {
      if (!curve["curve"][i].is_number()) return;  // loess found a neighbourhood of no width
      // A local line that is 0 at its own rate is what is left of terms of about 1.
      expect_value(curve["curve"][i], found.observed[i], exact, std::to_string(i), 1e-14);
    }
    ++compared;
    for (const auto& [key, value] : {std::pair{"ici", found.ici}, std::pair{"e50", found.e50},
                                     std::pair{"e90", found.e90}, std::pair{"emax", found.emax}}) {
      expect_value(curve[key], value, exact, key);
    }
  });
  EXPECT_GE(compared, 9);
}

TEST(CalibrationCurve, OfManyDistinctRatesStaysCloseToTheCurveOfAll) {
  std::vector<double> rates;
  std::vector<std::uint8_t> outcomes;
  for (int i = 0; i < 20000; ++i) {
    rates.push_back(0.05 + 0.5 * i / 20000.0);
    outcomes.push_back(static_cast<std::uint8_t>((i * 7919) % 1000 < 1000 * rates.back()));
  }
  const CalibrationCurve found = calibration_curve(rates, outcomes);
  EXPECT_LE(found.predicted.size(), 2000u);
  EXPECT_LT(found.emax, 0.01);
}

TEST(Brier, AgreesWithItsDefinition) {
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    const Brier found = brier(data.predicted, data.outcome);
    expect_value(r["brier"]["score"], found.score.value, exact, "score");
    if (found.score.interval == Status::estimated) {
      expect_value(r["brier"]["error"], found.score.standard_error, exact, "error");
    }
    if (has(r["brier"], "scaled")) {
      expect_value(r["brier"]["scaled"], found.scaled.value, exact, "scaled");
      expect_value(r["brier"]["scaled_error"], found.scaled.standard_error, exact, "error of scaled");
    } else {
      EXPECT_EQ(found.scaled.status, Status::one_class);
    }
  });
}

TEST(HosmerLemeshow, AgreesWithItsFormulaAndWarns) {
  for_each_set("calibration", [&](const std::string&, const Data& data, const Json& r) {
    const HosmerLemeshow found = hosmer_lemeshow(data.predicted, data.outcome);
    ASSERT_EQ(found.groups.size(), r["hosmer"]["groups"].get<std::size_t>());
    for (std::size_t g = 0; g < found.groups.size(); ++g) {
      const Json& n = r["hosmer"]["n"];
      EXPECT_EQ(found.groups[g].n, n.is_array() ? n[g].get<std::int64_t>() : n.get<std::int64_t>());
    }
    expect_value(r["hosmer"]["chi"], found.test.statistic, exact, "chi-square");
    expect_value(r["hosmer"]["p"], found.test.p_value, exact, "p");
    EXPECT_FALSE(found.warning.empty());
  });
}

}  // namespace
}  // namespace appraise::statistics
