#include "appraise/statistics/local_norms.hpp"

#include "appraise/appraise.hpp"
#include "statistics/oracle.hpp"
#include "support/example.hpp"

namespace appraise::statistics {
namespace {

using appraise::test::Columns;
using appraise::test::example_definition;
using test::at;
using test::Data;
using test::exact;
using test::expect_value;
using test::has;
using test::iterated;
using test::Json;

Norms published_norms() {
  Norms norms;
  norms.logistic = Norms::Logistic{3, -2.2, 0.2};
  return norms;
}

void expect_norms(const Json& r, const LocalNorms& found) {
  ASSERT_EQ(found.status, Status::estimated);
  EXPECT_EQ(found.median, r["median"].get<double>());
  const bool one = !r["coefficients"].is_array() || r["coefficients"].size() == 1;
  expect_value(at(r["coefficients"], 0), found.intercept.value, iterated, "intercept");
  expect_value(at(r["errors"], 0), found.intercept.standard_error, iterated, "error");
  if (!one) {
    expect_value(r["coefficients"][1], found.slope.value, iterated, "slope");
    expect_value(r["errors"][1], found.slope.standard_error, iterated, "error of slope");
  }
  ASSERT_EQ(found.rows.size(), r["score"].size());
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    const LocalNormRow& row = found.rows[i];
    EXPECT_EQ(row.score, at(r["score"], i).get<double>());
    expect_value(at(r["rate"], i), row.rate.value, iterated, "rate");
    expect_value(at(r["low"], i), row.rate.low, iterated, "low");
    expect_value(at(r["high"], i), row.rate.high, iterated, "high");
    expect_value(at(r["percentile"], i), row.percentile, exact, "percentile");
    expect_value(at(r["ratio"], i), row.risk_ratio.value, iterated, "risk ratio");
    if (row.risk_ratio.interval == Status::estimated) {
      expect_value(at(r["ratio_error"], i), row.risk_ratio.standard_error, iterated, "error of risk ratio");
    }
  }
}

TEST(LocalNorms, AgreeWithGlmAndWithTheModeOfThePosterior) {
  const Json all = test::oracle("local_norms");
  const auto sets = test::data_sets();
  const Norms published = published_norms();
  for (const auto& [name, r] : all.items()) {
    SCOPED_TRACE(name);
    const Data& data = sets.at(name);
    LocalNormsOptions options;
    const bool one_class = name == "zero_events" || name == "all_events";
    const bool separated = name == "separation" || name == "quasi_separation" || name == "two_people";
    const LocalNorms refit = local_norms(data.score, data.outcome, options);
    if (one_class) {
      EXPECT_EQ(refit.status, Status::one_class);
    } else if (separated) {
      EXPECT_EQ(refit.status, Status::separated);
    } else if (name == "constant_score") {
      EXPECT_EQ(refit.status, Status::constant);
    } else {
      expect_norms(r["refit"], refit);
    }
    options.published = &published;
    options.updating = Updating::intercept;
    const LocalNorms moved = local_norms(data.score, data.outcome, options);
    if (one_class) {
      EXPECT_EQ(moved.status, Status::one_class);
    } else {
      SCOPED_TRACE("intercept");
      expect_norms(r["intercept"], moved);
    }
    options.updating = Updating::intercept_and_slope;
    if (!one_class && !separated && name != "constant_score") {
      SCOPED_TRACE("slope");
      expect_norms(r["slope"], local_norms(data.score, data.outcome, options));
    }
    options.updating = Updating::pooled;
    options.prior = PublishedCurve{2, -2, 0.15, 0.3, 0.04, -0.2};
    SCOPED_TRACE("pooled");
    expect_norms(r["pooled"], local_norms(data.score, data.outcome, options));  // nothing is too poor for a prior
  }
}

TEST(LocalNorms, OfPeopleFollowedForDifferentTimesAgreeWithSurvfitOfCoxph) {
  const Json all = test::oracle("local_norms");
  const auto sets = test::data_sets();
  const Norms published = published_norms();
  const std::map<std::string, Status> without = {{"zero_events", Status::no_events},
                                                 {"constant_score", Status::constant},
                                                 {"separation", Status::separated},
                                                 {"quasi_separation", Status::separated},
                                                 {"two_people", Status::separated}};
  int compared = 0;
  for (const auto& [name, r] : all.items()) {
    SCOPED_TRACE(name);
    const Data& data = sets.at(name);
    const double horizon = r["horizon"].get<double>();
    for (const auto& [key, updating] :
         {std::pair{"refit", Updating::refit}, std::pair{"intercept", Updating::intercept},
          std::pair{"slope", Updating::intercept_and_slope}, std::pair{"pooled", Updating::pooled}}) {
      SCOPED_TRACE(key);
      LocalNormsOptions options;
      options.updating = updating;
      options.published = &published;
      options.prior = PublishedCurve{2, -2, 0.15, 0.3, 0.04, -0.2};
      const LocalNorms found = local_norms_followed(data.score, data.time, data.event_only, horizon, options);
      const auto why = without.find(name);
      if (why != without.end() && (updating != Updating::intercept || why->second == Status::no_events)) {
        EXPECT_EQ(found.status, why->second);
        EXPECT_TRUE(found.rows.empty());
        continue;
      }
      ++compared;
      EXPECT_EQ(found.horizon, horizon);
      expect_norms(r["followed"][key], found);
      for (std::size_t i = 0; i < found.rows.size(); ++i) {
        expect_value(at(r["followed"][key]["error"], i), found.rows[i].rate.standard_error, iterated, "error");
      }
    }
  }
  EXPECT_GE(compared, 40);
}

TEST(LocalNorms, OfPeopleFollowedSayWhyThereAreNone) {
  const std::vector<double> scores = {1, 2, 3, 1, 2, 3}, times = {1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> events = {0, 1, 0, 1, 0, 1}, late = {0, 0, 1, 1, 1, 0}, none(6, 0), competing(6, 2);
  EXPECT_EQ(local_norms_followed(scores, times, events, 4).status, Status::estimated);
  EXPECT_EQ(local_norms_followed(scores, times, events, 4).sample.events, 2);  // by the horizon
  EXPECT_EQ(local_norms_followed(scores, times, events, 7).status, Status::not_reached);
  EXPECT_EQ(local_norms_followed(scores, times, late, 2.5).status, Status::no_events);
  EXPECT_EQ(local_norms_followed(scores, times, none, 4).status, Status::no_events);
  EXPECT_EQ(local_norms_followed({}, {}, {}, 4).status, Status::no_data);
  EXPECT_THROW((void)local_norms_followed(scores, times, competing, 4), UsageError);
  EXPECT_THROW((void)local_norms_followed(scores, times, events, 0), UsageError);
  EXPECT_THROW((void)local_norms_followed(scores, {}, events, 4), UsageError);
}

TEST(LocalNorms, RefuseUpdatingOfNothing) {
  const std::vector<double> scores = {1, 2};
  const std::vector<std::uint8_t> outcomes = {0, 1};
  LocalNormsOptions options;
  options.updating = Updating::intercept;
  EXPECT_THROW((void)local_norms(scores, outcomes, options), UsageError);
  options.updating = Updating::pooled;
  EXPECT_THROW((void)local_norms(scores, outcomes, options), UsageError);
  EXPECT_EQ(local_norms({}, {}).status, Status::no_data);
}

NormsDescription description() {
  NormsDescription description;
  description.id = "county-2026-5y";
  description.edition = "2026";
  description.title = "Invented county, five years";
  description.instrument = "example-5";
  description.editions = {"1.0"};
  description.scale = "total";
  description.sample = "people released in an invented county";
  description.outcome = "invented reoffending";
  description.follow_up_years = 5;
  return description;
}

LocalNorms of_example() {
  std::vector<double> scores;
  std::vector<std::uint8_t> outcomes;
  for (int i = 0; i < 400; ++i) {
    scores.push_back(i % 8 - 1);
    outcomes.push_back(i % 8 > 0 && i / 8 < 4 * (i % 8));
  }
  return local_norms(scores, outcomes);
}

TEST(NormsFile, ScoresThroughThePlanAndRoundTrips) {
  const LocalNorms norms = of_example();
  const NormsFile file = norms_file(norms, description());
  EXPECT_EQ(file.path, "example-5/norms/county-2026-5y.json");
  const auto instrument =
      read(DefinitionFiles{{"example-5/1.0/instrument.json", std::string(example_definition)}, {file.path, file.text}},
           "example-5", "1.0");
  ASSERT_EQ(instrument->norms.size(), 1u);
  const Norms& read_back = instrument->norms[0];
  EXPECT_EQ(read_back.digest, file.digest);
  EXPECT_EQ(read_back.evidence.mark, Mark::unverified);
  EXPECT_EQ(read_back.sample, "people released in an invented county");
  EXPECT_EQ(read_back.n, 400);
  ASSERT_EQ(read_back.rows.size(), norms.rows.size());
  for (std::size_t i = 0; i < norms.rows.size(); ++i) {
    EXPECT_EQ(read_back.rows[i].score, norms.rows[i].score);
    EXPECT_NEAR(*read_back.rows[i].rate, norms.rows[i].rate.value, 5e-7);
    EXPECT_NEAR(*read_back.rows[i].rate_high, norms.rows[i].rate.high, 5e-7);
    EXPECT_NEAR(*read_back.rows[i].percentile, norms.rows[i].percentile, 5e-3);
  }

  Columns people;
  people.numbers("age", {24, 30}).texts("violence", {"two_or_more", "one"}).texts("misuse", {"yes", "no"});
  CompileOptions options;
  options.norms = {"county-2026-5y"};
  EXPECT_THROW((void)compile(instrument, options),
               DefinitionError);  // the figures are unverified, and nobody accepted that
  options.accept_unverified = true;
  const Scores scores = score(compile(instrument, options), people.caseload());
  const auto& total = *scores.find("total");
  const auto& rate = *scores.find("total_county-2026-5y_rate");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto row = look_up(read_back, static_cast<double>(total.wholes[i]));
    EXPECT_EQ(rate.reals[i], *row->rate);
  }
}

TEST(NormsFile, OfPeopleFollowedForDifferentTimesSaysSo) {
  std::vector<double> scores, times;
  std::vector<std::uint8_t> events;
  for (int i = 0; i < 200; ++i) {
    scores.push_back(i % 7);
    times.push_back(0.5 + (i * 37 % 100) / 10.0);
    events.push_back(i % 7 > (i / 7) % 6);
  }
  const LocalNorms norms = local_norms_followed(scores, times, events, 5);
  const NormsFile file = norms_file(norms, description());
  EXPECT_NE(file.text.find("Cox regression on the score"), std::string::npos);
  EXPECT_NE(file.text.find("followed for different times"), std::string::npos);
  const auto instrument =
      read(DefinitionFiles{{"example-5/1.0/instrument.json", std::string(example_definition)}, {file.path, file.text}},
           "example-5", "1.0");
  ASSERT_EQ(instrument->norms.size(), 1u);
  EXPECT_EQ(instrument->norms[0].digest, file.digest);
  EXPECT_NEAR(*instrument->norms[0].rows[3].rate, norms.rows[3].rate.value, 5e-7);
  NormsDescription without_time = description();
  without_time.follow_up_years.reset();
  EXPECT_THROW((void)norms_file(norms, without_time), UsageError);
}

TEST(NormsFile, IsRefusedWithoutSampleOrOutcome) {
  const LocalNorms norms = of_example();
  const auto refused = [&](auto change, const char* field) {
    NormsDescription changed = description();
    change(changed);
    try {
      (void)norms_file(norms, changed);
      ADD_FAILURE() << field;
    } catch (const UsageError& error) {
      EXPECT_EQ(std::string(error.what()).rfind(std::string("norms_file: ") + field, 0), 0u) << error.what();
    }
  };
  refused([](NormsDescription& d) { d.sample = "  "; }, "sample");
  refused([](NormsDescription& d) { d.outcome = ""; }, "outcome");
  refused([](NormsDescription& d) { d.id = "County 5y"; }, "id");
  refused([](NormsDescription& d) { d.editions = {}; }, "editions");
  refused([](NormsDescription& d) { d.follow_up_years = 0; }, "follow_up_years");
  EXPECT_THROW((void)norms_file(LocalNorms{}, description()), UsageError);
}

}  // namespace
}  // namespace appraise::statistics
