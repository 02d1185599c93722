// Whole-predictor vectors of the Ministry of Justice service: fixtures, service tests and the regression file.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <map>
#include <string>

#include "support/moj.hpp"

namespace {

using namespace vectors;
using namespace vectors::moj;

/// The features that the source prints, with its names for the points of OSP/DC.
const std::map<std::string, std::string> point_terms = {
    {"totalContactAdultSexualSanctionsWeight", "contact_adult_points"},
    {"totalContactChildSexualSanctionsWeight", "contact_child_points"},
    {"totalNonContactSexualOffencesWeight", "non_contact_points"},
    {"ageAtStartOfFollowUpWeight", "age_at_followup_points"},
    {"ageAtLastSanctionForSexualOffenceWeight", "age_at_offence_points"},
    {"totalNumberOfSanctionsForAllOffencesWeight", "sanctions_points"},
    {"currentOffenceAgainstVictimStrangerWeight", "is_current_offence_against_victim_stranger"},
};

double number(const Json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

/// What one version of the log-odds shows under each of the source's feature names.
std::map<std::string, double> features_of(const appraise::Instrument& instrument, const Row& row,
                                          const std::string& scale) {
  const auto& sum = std::get<appraise::WeightedSum>(instrument.find_scale(scale)->operation);
  std::map<std::string, double> features{{"twoYearInterceptWeight", sum.intercept},
                                         {"totalWeight", row[scale].get<double>()}};
  for (const auto& term : sum.terms) features[term.group] += row[scale + "_from_" + term.name].get<double>();
  return features;
}

void expect_features(const Json& expected, const std::map<std::string, double>& found, int& compared) {
  for (const auto& [name, value] : expected.items()) {
    const auto at = found.find(name);
    ASSERT_NE(at, found.end()) << name;
    EXPECT_NEAR(at->second, number(value), 4e-15) << name;  // printed with 15 decimals
    ++compared;
  }
}

bool only_missing(const Json& errors) {
  for (const Json& error : errors) {
    const std::string type = error["type"];
    if (type.rfind("MISSING_", 0) != 0 && type != "DATE_OF_START_OF_FOLLOWUP_REQUIRED") return false;
  }
  return true;
}

void expect_all_reoffending(const Json& expected, const Row& row, const appraise::Instrument& instrument,
                            int& compared) {
  ++compared;
  if (expected["output"]["score"].is_null()) {
    EXPECT_TRUE(row["percent"].is_null());
    EXPECT_TRUE(row["version"].is_null());
    EXPECT_EQ(row.status("percent"), only_missing(expected["validationErrors"]) ? "incomplete" : "invalid");
    return;
  }
  EXPECT_EQ(row["percent"], expected["output"]["score"]);
  EXPECT_EQ(row["percent_level"], expected["output"]["band"]);
  EXPECT_EQ(row["version"], expected["type"]);
  const std::string scale = expected["type"] == "STATIC" ? "static_log_odds" : "dynamic_log_odds";
  expect_features(expected["featureValues"], features_of(instrument, row, scale), compared);
}

void expect_direct_contact(const Json& one, const Row& row, int& compared) {
  ++compared;
  const Json& expected = one["expected"];
  const Json& output = expected["output"];
  const Json& request = one["request"];
  // That the predictor does not apply is known here whatever else is missing.
  const bool applies =
      request.value("gender", Json()) != "FEMALE" && request.value("hasEverCommittedSexualOffence", Json()) != false;
  if (output["band"].is_null()) {
    EXPECT_TRUE(row["band"].is_null());
    EXPECT_TRUE(row["points"].is_null());
    const bool missing = only_missing(expected["validationErrors"]);
    EXPECT_EQ(row.status("points"), !missing ? "invalid" : applies ? "incomplete" : "not_applicable");
  } else if (output["band"] == "NOT_APPLICABLE") {
    EXPECT_EQ(row.status("band"), "not_applicable");
    EXPECT_EQ(row.status("points"), "not_applicable");
  } else {
    EXPECT_EQ(row["points"], output["pointScore"]);
    EXPECT_EQ(row["percent"], output["score"]);
    EXPECT_EQ(row["band"], output["band"]);
    EXPECT_EQ(row["band_reduced"], output["riskBandReductionApplied"].get<bool>() ? "yes" : "no");
    std::map<std::string, double> found{{"totalWeight", row["points"].get<double>()}};
    for (const auto& [feature, term] : point_terms) found[feature] = row["points_from_" + term].get<double>();
    expect_features(expected["featureValues"], found, compared);
  }
}

TEST(MojVectors, FixturesGiveThePublishedResponses) {
  const auto arp = all_reoffending();
  const auto dc = direct_contact();
  int compared = 0;
  const Json cases = read("moj-fixtures.json");
  for (const Json& one : cases) {
    SCOPED_TRACE(one["id"].get<std::string>() + " " + one["predictor"].get<std::string>());
    const Responses responses = responses_of(one["request"]);
    if (one["predictor"] == "all_reoffending") {
      expect_all_reoffending(one["expected"], Row(arp, responses), arp.instrument(), compared);
    } else {
      expect_direct_contact(one, Row(dc, responses), compared);
    }
  }
  RecordProperty("compared", compared);
  std::cout << cases.size() << " fixtures, " << compared << " comparisons\n";
}

TEST(MojVectors, ServiceTestsGiveThePublishedResults) {
  const auto arp = all_reoffending();
  const auto dc = direct_contact();
  int compared = 0;
  int refused = 0;
  const Json cases = read("moj-services.json");
  for (const Json& one : cases) {
    SCOPED_TRACE(one["id"].get<std::string>());
    Responses responses = responses_of(one["request"]);
    const Json& expected = one["expected"];
    if (one["predictor"] == "all_reoffending") {
      responses["current_offence_code"] = code_of(arp.instrument(), one["offence_category_of_code"]["00001"]);
      const Row row(arp, responses);
      const std::string scale = one["version"].get<std::string>() + "_log_odds";
      if (expected.contains("score")) {
        EXPECT_EQ(row["percent"], expected["score"]);
        EXPECT_EQ(row["percent_level"], expected["band"]);
        EXPECT_EQ(row["version"], expected["staticOrDynamic"]);
      }
      expect_features(expected["featureValues"], features_of(arp.instrument(), row, scale), compared);
      continue;
    }
    responses["assessment_date"] = "2025-06-01";  // not read: all of these are in custody
    const Row row(dc, responses);
    ++compared;
    if (expected["band"] == "NOT_APPLICABLE") {
      EXPECT_EQ(row.status("band"), "not_applicable");
    } else if (row.status("band") == "invalid") {
      // These tests leave the validation of the source out: one sanction, but more than one sexual sanction.
      EXPECT_EQ(row.reasons().count("contradiction: sexual_sanctions_among_all"), 1U);
      responses["total_number_of_sanctions_for_all_offences"] = "20";
      const auto band = Row(dc, responses)["points"].get<int>() - 6;  // without the points for a second sanction
      const appraise::LevelScheme& levels = *dc.instrument().find_levels("bands");
      for (const auto& level : levels.bands) {
        if (level.interval.holds(band)) {
          EXPECT_EQ(level.code, expected["band"].get<std::string>());
        }
      }
      ++refused;
    } else {
      EXPECT_EQ(row["band"], expected["band"]);
      if (expected.contains("score")) {
        EXPECT_EQ(row["percent"], expected["score"]);
      }
    }
  }
  std::cout << cases.size() << " service cases, " << compared << " comparisons, " << refused
            << " refused as contradictory\n";
}

TEST(MojVectors, RegressionRowsGiveThePublishedProbabilities) {
  const auto arp = all_reoffending();
  const appraise::CodeList& list = arp.instrument().code_lists.at("offence_codes");
  int full = 0;
  int rounded = 0;
  int stale = 0;
  double worst = 0;
  for (const Json& one : read("moj-regression.json")) {
    SCOPED_TRACE(one["id"].dump() + " " + one["row_type"].get<std::string>());
    Responses responses = responses_of(one["request"]);
    const std::string category = one["offence_category"];
    const auto listed = list.codes.find(responses["current_offence_code"]);
    if (listed == list.codes.end() ||
        list.attributes.front().labels[static_cast<std::size_t>(listed->second.front())] != category) {
      responses["current_offence_code"] = code_of(arp.instrument(), category);
    }
    const Row row(arp, responses);
    const bool all_digits = one["precision"] == "full";
    const auto compare = [&](const char* version, double found) {
      const double expected = one[version];
      EXPECT_NEAR(found, expected, all_digits ? 1e-9 : 5e-5 + 1e-12) << version;
      if (all_digits) worst = std::max(worst, std::fabs(found - expected));
      ++(all_digits ? full : rounded);
    };
    ASSERT_FALSE(row["static_log_odds"].is_null());
    compare("static", 1 / (1 + std::exp(-row["static_log_odds"].get<double>())));
    if (one["stale"].get<bool>()) {
      ++stale;
    } else {
      EXPECT_EQ(row["version"], "DYNAMIC");
      compare("dynamic", row["probability"].get<double>());
    }
  }
  EXPECT_GT(full, 200);
  std::cout << full << " probabilities to 1e-9 (worst " << worst << "), " << rounded << " to 4 decimals, " << stale
            << " stale left out\n";
}

}  // namespace
