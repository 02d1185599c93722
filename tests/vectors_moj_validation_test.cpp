// Validation checks of the Ministry of Justice service: an error there is a status with a reason here.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/moj.hpp"

namespace {

using namespace vectors;
using namespace vectors::moj;

/// What the source calls an error, and the reason that a row then has.
const std::map<std::string, std::string> reasons_of = {
    {"DATE_OF_CURRENT_CONVICTION_BEFORE_DATE_OF_BIRTH", "contradiction: conviction_after_birth"},
    {"AGE_AT_FIRST_SANCTION_AFTER_AGE_AT_CURRENT_CONVICTION", "contradiction: first_sanction_not_after_conviction"},
    {"DATE_OF_CURRENT_CONVICTION_WITHIN_THREE_MONTHS_OF_ASSESSMENT_DATE", "contradiction: conviction_near_assessment"},
    {"TOTAL_NUMBER_OF_SANCTIONS_OUT_OF_RANGE", "invalid: total_number_of_sanctions_for_all_offences"},
    {"AGE_AT_FIRST_SANCTION_OUT_OF_RANGE", "invalid: age_at_first_sanction"},
    {"OFFENCE_CODE_INCORRECT_FORMAT", "invalid: current_offence_code"},
    {"OFFENCE_CODE_MAPPING_NOT_FOUND", "invalid: current_offence_code"},
    {"DATE_OF_START_OF_FOLLOWUP_BEFORE_DATE_OF_BIRTH", "contradiction: followup_after_birth"},
    {"DATE_OF_START_OF_FOLLOWUP_OUT_OF_RANGE", "contradiction: age_at_followup"},
    {"DATE_OF_START_OF_FOLLOWUP_REQUIRED", "missing: date_of_current_conviction"},
    {"MOTIVATION_TO_TACKLE_DRUG_MISUSE_INCONSISTENT", "missing: motivation_to_tackle_drug_misuse"},
    {"DATE_OF_MOST_RECENT_SEXUAL_OFFENCE_BEFORE_DATE_OF_BIRTH", "contradiction: sexual_offence_after_birth"},
    {"DATE_OF_MOST_RECENT_SEXUAL_OFFENCE_OUT_OF_RANGE", "contradiction: age_at_sexual_offence"},
    {"SEXUAL_REOFFENDING_PREDICTOR_NO_SANCTIONS", "contradiction: some_sexual_sanction"},
    {"TOTAL_NUMBER_OF_SEXUAL_SANCTIONS_OUT_OF_RANGE", "contradiction: sexual_sanctions_among_all"},
    {"SEXUAL_REOFFENDING_PREDICTOR_INCONSISTENT_INPUT", "contradiction: sexual_history_agrees"},
};

struct Check {
  bool sexual;                      ///< of the Direct Contact Sexual predictor
  std::vector<std::string> reads;   ///< inputs that are null where the request does not give them
  std::vector<std::string> errors;  ///< that the check can give
};

const std::vector<std::string> sexual_counts = {"totalIndecentImageSanctions", "totalContactAdultSexualSanctions",
                                                "totalContactChildSexualSanctions", "totalNonContactSexualOffences"};

const std::map<std::string, Check> checks = {
    {"validateCurrentOffenceCode", {false, {"currentOffenceCode"}, {"OFFENCE_CODE_INCORRECT_FORMAT"}}},
    {"validateTotalNumberOfSanctionsForAllOffences",
     {false, {"totalNumberOfSanctionsForAllOffences"}, {"TOTAL_NUMBER_OF_SANCTIONS_OUT_OF_RANGE"}}},
    {"validateAgeAtFirstSanction", {false, {"ageAtFirstSanction"}, {"AGE_AT_FIRST_SANCTION_OUT_OF_RANGE"}}},
    {"validateDateOfCurrentConvictionAgainstDateOfBirth",
     {false, {"dateOfCurrentConviction", "dateOfBirth"}, {"DATE_OF_CURRENT_CONVICTION_BEFORE_DATE_OF_BIRTH"}}},
    {"validateDateOfCurrentConvictionAgainstAgeAtFirstSanction",
     {false,
      {"dateOfCurrentConviction", "dateOfBirth", "ageAtFirstSanction"},
      {"AGE_AT_FIRST_SANCTION_AFTER_AGE_AT_CURRENT_CONVICTION"}}},
    {"validateDateOfCurrentConvictionAgainstAssessmentDate",
     {false,
      {"dateOfCurrentConviction", "assessmentDate"},
      {"DATE_OF_CURRENT_CONVICTION_WITHIN_THREE_MONTHS_OF_ASSESSMENT_DATE"}}},
    {"validateDateAtStartOfFollowupAgainstDateOfCurrentConviction",
     {false, {"dateAtStartOfFollowup", "dateOfCurrentConviction"}, {}}},
    {"validateDateAtStartOfFollowupAgainstDateOfBirth",
     {false, {"dateAtStartOfFollowup", "dateOfBirth"}, {"DATE_OF_START_OF_FOLLOWUP_BEFORE_DATE_OF_BIRTH"}}},
    {"validateDateAtStartOfFollowupAge",
     {false, {"dateAtStartOfFollowup", "dateOfBirth"}, {"DATE_OF_START_OF_FOLLOWUP_OUT_OF_RANGE"}}},
    {"validateDrugMisuse", {false, {"motivationToTackleDrugMisuse"}, {}}},
    {"validateRequiredFields", {false, {}, {}}},
    {"validateDateOfMostRecentSexualOffenceAgainstDateOfBirth",
     {true,
      {"gender", "hasEverCommittedSexualOffence", "dateOfMostRecentSexualOffence", "dateOfBirth"},
      {"DATE_OF_MOST_RECENT_SEXUAL_OFFENCE_BEFORE_DATE_OF_BIRTH", "DATE_OF_MOST_RECENT_SEXUAL_OFFENCE_OUT_OF_RANGE"}}},
    {"validateSecondarySexualFields", {true, sexual_counts, {}}},
    {"validateDateAtStartOfFollowupAgeForSexualPredictor",
     {true, {"dateAtStartOfFollowup", "dateOfBirth"}, {"DATE_OF_START_OF_FOLLOWUP_OUT_OF_RANGE"}}},
    {"validateTotalNumberOfSanctionsForAllOffencesForSexualPredictor",
     {true, {"totalNumberOfSanctionsForAllOffences"}, {"TOTAL_NUMBER_OF_SANCTIONS_OUT_OF_RANGE"}}},
    {"validateSexualSanctionsCount",
     {true,
      {sexual_counts[0], sexual_counts[1], sexual_counts[2], sexual_counts[3], "totalNumberOfSanctionsForAllOffences"},
      {"SEXUAL_REOFFENDING_PREDICTOR_NO_SANCTIONS", "TOTAL_NUMBER_OF_SEXUAL_SANCTIONS_OUT_OF_RANGE"}}},
    {"checkForExistingSexualFields", {true, sexual_counts, {"SEXUAL_REOFFENDING_PREDICTOR_INCONSISTENT_INPUT"}}},
};

/// The reasons that the error, or a check's having none, says are there.
std::set<std::string> wanted(const Json& error) {
  std::set<std::string> reasons;
  if (error.is_null()) return reasons;
  const std::string type = error["type"];
  if (type.rfind("MISSING_", 0) == 0) {
    for (const std::string field : error["fields"]) reasons.insert("missing: " + snake(field));
  } else {
    reasons.insert(reasons_of.at(type));
  }
  return reasons;
}

Responses row_for(const Json& one, const Check& check) {
  Responses row = everyone();
  for (const std::string& name : check.reads) row.erase(snake(name));
  if (one.contains("required")) {
    for (const std::string name : one["required"]) row.erase(snake(name));
  }
  overlay(row, one["request"]);
  // The test of the source stands for its list of codes by one of its own.
  if (one.contains("offence_category_of_code")) {
    const Json& category = one["offence_category_of_code"].begin().value();
    if (category.is_null()) row["current_offence_code"] = "99999";
    if (category == "UNKNOWN") row["current_offence_code"] = "00000";
  }
  return row;
}

bool contradicts(const std::set<std::string>& reasons) {
  for (const std::string& reason : reasons) {
    if (reason.rfind("contradiction: ", 0) == 0 || reason.rfind("invalid: ", 0) == 0) return true;
  }
  return false;
}

TEST(MojValidationVectors, ErrorsAreStatusesWithReasons) {
  const auto arp = all_reoffending();
  const auto dc = direct_contact();
  int errors = 0;
  int none = 0;
  for (const Json& one : read("moj-validation.json")) {
    SCOPED_TRACE(one["id"].get<std::string>());
    const Check& check = checks.at(one["check"].get<std::string>());
    const Row row(check.sexual ? dc : arp, row_for(one, check));
    const std::set<std::string> reasons = row.reasons();
    const std::string status = row.status(check.sexual ? "points" : "percent");
    const std::set<std::string> expected = wanted(one["expected"]);
    for (const std::string& reason : expected) EXPECT_EQ(reasons.count(reason), 1U) << reason;
    // Only drug use without an answer on motivation costs the dynamic version.
    if (one["check"] == "validateDrugMisuse") {
      EXPECT_EQ(row["version"], expected.empty() ? "DYNAMIC" : "STATIC");
    }
    if (expected.empty()) {
      ++none;
      for (const std::string& error : check.errors) {
        if (reasons.count(reasons_of.at(error)) == 0) continue;
        // A row with a reason that the source does not give must be refused by the source for another one.
        std::set<std::string> others = reasons;
        others.erase(reasons_of.at(error));
        EXPECT_TRUE(contradicts(others)) << error;
      }
      continue;
    }
    ++errors;
    if (one["check"] == "validateDrugMisuse") {
      EXPECT_EQ(status, "scored_with_omissions");
    } else if (contradicts(expected)) {
      EXPECT_EQ(status, "invalid");
    } else {
      EXPECT_EQ(status, "incomplete");
    }
  }
  std::cout << errors << " errors, " << none << " passes\n";
}

}  // namespace
