#include "appraise/statistics/survival.hpp"

#include "appraise/diagnostic.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::at;
using test::Data;
using test::exact;
using test::expect_value;
using test::for_each_set;
using test::has;
using test::Json;

void expect_curve(const Json& r, const Curve& found, const Curve& hazard) {
  const std::size_t steps = r["step"].is_array() ? r["step"].size() : 1;
  for (std::size_t k = 0; k < steps; ++k) {
    const std::size_t i = at(r["step"], k).get<std::size_t>();
    ASSERT_LT(i, found.steps.size());
    const Step& step = found.steps[i];
    expect_value(at(r["time"], k), step.time, exact, "time");
    expect_value(at(r["at_risk"], k), step.at_risk, exact, "at risk");
    expect_value(at(r["events"], k), step.events, exact, "events");
    expect_value(at(r["value"], k), step.estimate.value, exact, "estimate");
    expect_value(at(r["hazard"], k), hazard.steps[i].estimate.value, exact, "hazard");
    if (hazard.steps[i].estimate.interval == Status::estimated) {
      expect_value(at(r["hazard_error"], k), hazard.steps[i].estimate.standard_error, exact, "error of hazard");
    }
    if (step.estimate.interval != Status::estimated) continue;
    expect_value(at(r["error"], k), step.estimate.standard_error, exact, "error");
    expect_value(at(r["low"], k), step.estimate.low, exact, "low");
    expect_value(at(r["high"], k), step.estimate.high, exact, "high");
  }
}

void expect_time(const Json& r, double found) {
  if (r.is_number()) {
    EXPECT_NEAR(found, r.get<double>(), 1e-9);
  } else {
    EXPECT_FALSE(std::isfinite(found));
  }
}

TEST(KaplanMeier, AgreesWithSurvfit) {
  for_each_set("survival", [&](const std::string&, const Data& data, const Json& r) {
    const std::pair<const char*, CurveInterval> kinds[] = {
        {"log", CurveInterval::log}, {"log_log", CurveInterval::log_log}, {"plain", CurveInterval::plain}};
    for (const auto& [key, interval] : kinds) {
      SCOPED_TRACE(key);
      CurveOptions options;
      options.interval = interval;
      const Curve found = kaplan_meier(data.time, data.event_only, options);
      expect_curve(r[key], found, nelson_aalen(data.time, data.event_only, options));
      for (const std::size_t k : {0u, 1u}) {
        const Estimate time = time_until(found, k == 0 ? 0.25 : 0.5);
        expect_time(r[key]["quantile"][k], time.value);
        if (time.interval != Status::estimated) continue;
        expect_time(r[key]["quantile_low"][k], time.low);
        expect_time(r[key]["quantile_high"][k], time.high);
      }
    }
    CurveOptions weighted;
    weighted.weights = data.weight;
    if (has(r, "weighted")) {
      SCOPED_TRACE("weighted");
      expect_curve(r["weighted"], kaplan_meier(data.time, data.event_only, weighted),
                   nelson_aalen(data.time, data.event_only, weighted));
    }
  });
}

TEST(KaplanMeier, SaysWhereNothingIsKnown) {
  const std::vector<double> times = {1, 2, 3};
  const Curve nobody = kaplan_meier(times, std::vector<std::uint8_t>{0, 0, 0});
  EXPECT_EQ(curve_at(nobody, 2).value, 1);
  EXPECT_EQ(curve_at(nobody, 2).interval, Status::no_variance);
  EXPECT_EQ(curve_at(nobody, 3.5).status, Status::not_reached);
  EXPECT_EQ(time_until(nobody).status, Status::not_reached);
  EXPECT_EQ(curve_at(kaplan_meier({}, {}), 1).status, Status::no_data);
  EXPECT_THROW((void)kaplan_meier(std::vector<double>{-1}, std::vector<std::uint8_t>{0}), UsageError);
  EXPECT_THROW((void)kaplan_meier(std::vector<double>{1}, std::vector<std::uint8_t>{2}), UsageError);
}

TEST(AalenJohansen, AgreesWithItsFormulaAndWithSurvfit) {
  for_each_set("survival", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r, "incidence")) return;
    const Curve found = aalen_johansen(data.time, data.event);
    const Json& expected = r["incidence"];
    const std::size_t steps = expected["step"].is_array() ? expected["step"].size() : 1;
    for (std::size_t k = 0; k < steps; ++k) {
      const Estimate& estimate = found.steps[at(expected["step"], k).get<std::size_t>()].estimate;
      expect_value(at(expected["value"], k), estimate.value, exact, "estimate");
      expect_value(at(expected["survival_value"], k), estimate.value, exact, "estimate");
      if (estimate.interval == Status::estimated) {
        expect_value(at(expected["error"], k), estimate.standard_error, exact, "error");
      }
    }
  });
}

TEST(AalenJohansen, WithoutCompetingEventsIsOneLessKaplanMeier) {
  const auto sets = test::data_sets();
  const Data& data = sets.at("whole_years");
  const Curve incidence = aalen_johansen(data.time, data.event_only);
  const Curve free = kaplan_meier(data.time, data.event_only);
  for (std::size_t i = 0; i < free.steps.size(); ++i) {
    EXPECT_NEAR(incidence.steps[i].estimate.value, 1 - free.steps[i].estimate.value, 1e-12);
    EXPECT_NEAR(incidence.steps[i].estimate.standard_error, free.steps[i].estimate.standard_error, 1e-9);
  }
}

TEST(HazardByTimeFree, AgreesWithPoissonTestAndSurvfit) {
  const std::vector<double> cuts = {0, 1, 2, 4};
  for_each_set("survival", [&](const std::string&, const Data& data, const Json& r) {
    if (!has(r, "free")) return;
    const auto found = hazard_by_time_free(data.time, data.event_only, cuts);
    for (std::size_t k = 0; k < found.size(); ++k) {
      const Json& expected = r["free"][k];
      if (!expected.is_object() || expected.empty()) {
        EXPECT_EQ(found[k].hazard.status, Status::not_reached);
        continue;
      }
      EXPECT_EQ(found[k].at_risk, expected["at_risk"]);
      EXPECT_EQ(found[k].events, expected["events"]);
      expect_value(expected["time"], found[k].person_time, exact, "person time");
      expect_value(expected["hazard"], found[k].hazard.value, exact, "hazard");
      expect_value(expected["low"], found[k].hazard.low, exact, "low");
      expect_value(expected["high"], found[k].hazard.high, exact, "high");
      if (found[k].probability.interval != Status::estimated || !has(expected, "probability")) continue;
      if (!expected["probability"].is_number()) continue;
      expect_value(expected["probability"], found[k].probability.value, exact, "probability");
      expect_value(expected["probability_low"], found[k].probability.low, exact, "low");
      expect_value(expected["probability_high"], found[k].probability.high, exact, "high");
    }
  });
  EXPECT_THROW((void)hazard_by_time_free({}, {}, std::vector<double>{2, 1}), UsageError);
}

}  // namespace
}  // namespace appraise::statistics
