// Cases derived from the text of the Sex Offender Registration and Notification Act.
//
// A case names only the findings it is about. Every other finding is made in the negative: convicted as an adult, not
// foreign, not consensual, on no list, no earlier tier. What else a case implies is set here:
//   comparable         also an element of a sexual act or contact (18 U.S.C. 2241 to 2244), else on the federal list
//   consensual         also an element of a sexual act or contact: without the exclusion it is a sex offense
//   custody, no dates  the offender is more than four years older: nothing is said, and rule 3 of T1 needs it
//   tier               findings that give this tier; start: sentenced that day, not imprisoned
//   clean_record       all four parts of it, for 25 years; else none
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "support/vectors.hpp"

namespace {

using namespace vectors;

Responses negative() {
  return {{"disposition", "convicted"},
          {"foreign_conviction_safeguards", "not_foreign"},
          {"consensual", "no"},
          {"custodial_authority", "no"},
          {"has_sexual_act_or_contact_element", "no"},
          {"specified_offense_against_minor", "none"},
          {"parent_or_guardian", "no"},
          {"federal_or_military_listed", "none"},
          {"comparable_federal_offense", "none"},
          {"child_pornography_act", "none"},
          {"attempt_or_conspiracy", "no"},
          {"prior_tier", "none"},
          {"offense_max_years", "10"}};
}

std::string yes_no(const Json& value) { return value.get<bool>() ? "yes" : "no"; }

void set_offense(Responses& row, const Json& inputs) {
  if (inputs.contains("comparable")) {
    const std::string offense = inputs["comparable"];
    row["comparable_federal_offense"] = offense;
    const bool contact = offense.rfind("224", 0) == 0;
    row[contact ? "has_sexual_act_or_contact_element" : "federal_or_military_listed"] = contact ? "yes" : "federal";
  }
  if (inputs.contains("specified")) row["specified_offense_against_minor"] = inputs["specified"];
  if (inputs.contains("act")) row["child_pornography_act"] = inputs["act"];
  if (inputs.contains("max_years")) {
    row["offense_max_years"] = inputs["max_years"] == "life" ? "999" : inputs["max_years"].dump();
  }
  if (inputs.contains("attempt")) row["attempt_or_conspiracy"] = yes_no(inputs["attempt"]);
  if (inputs.contains("prior_tier") && !inputs["prior_tier"].is_null()) row["prior_tier"] = inputs["prior_tier"];
  if (inputs.contains("disposition")) row["disposition"] = inputs["disposition"];
}

void set_persons(Responses& row, const Json& inputs) {
  if (inputs.contains("victim_age")) row["victim_age"] = inputs["victim_age"].dump();
  if (inputs.contains("age_at_offense")) row["offender_age"] = inputs["age_at_offense"].dump();
  if (inputs.contains("parent_or_guardian")) row["parent_or_guardian"] = yes_no(inputs["parent_or_guardian"]);
  if (inputs.contains("custodial_authority")) row["custodial_authority"] = yes_no(inputs["custodial_authority"]);
  if (!inputs.contains("consensual")) return;
  row["consensual"] = yes_no(inputs["consensual"]);
  row["has_sexual_act_or_contact_element"] = "yes";
  if (inputs.contains("victim_birth")) {
    row["victim_birth_date"] = inputs["victim_birth"];
    row["offender_birth_date"] = inputs["offender_birth"];
    row["offense_date"] = inputs["offense_date"];
  } else if (inputs["custodial_authority"].get<bool>()) {
    row["victim_birth_date"] = "1980-01-01";
    row["offender_birth_date"] = "1970-01-01";
    row["offense_date"] = "2010-06-01";
  }
}

void set_period(Responses& row, const Json& inputs) {
  if (!inputs.contains("tier")) return;
  row["federal_or_military_listed"] = "federal";
  if (inputs["tier"] == "tier_2") row["child_pornography_act"] = "production";
  if (inputs["tier"] == "tier_3") row["comparable_federal_offense"] = "2241(a)";
  row["imprisoned"] = "no";
  row["sentencing_date"] = inputs["start"];
  row["excluded_days"] = inputs["excluded_days"].dump();
  const std::string clean = yes_no(inputs["clean_record"]);
  row["clean_record_years"] = clean == "yes" ? "25" : "0";
  for (const char* part : {"no_other_felony", "no_other_sex_offense", "supervision_completed", "treatment_completed"}) {
    row[part] = clean;
  }
}

void expect(const Json& expected, const Row& row) {
  for (const auto& [name, value] : expected.items()) {
    if (name == "sex_offense" || name == "excluded") {
      EXPECT_EQ(row[name], yes_no(value));
    } else if (name == "convicted") {
      EXPECT_EQ(row["counts_as_conviction"], yes_no(value));
    } else if (name == "years") {
      EXPECT_EQ(row["registration_period"], value == "life" ? "life" : value.dump() + "_years");
    } else if (name == "verify_months") {
      EXPECT_EQ(row["verification_months"], value);
    } else if (name == "finding") {
      EXPECT_EQ(row.status("tier"), "incomplete");
      EXPECT_EQ(row.reasons().count("missing: more_severe_than_2244"), 1U);
    } else if (name == "end") {
      EXPECT_EQ(row["registration_end"], value);
      EXPECT_EQ(row.status("registration_end"), value.is_null() ? "not_applicable" : "scored");
    } else {
      EXPECT_EQ(row[name], value) << name;
    }
  }
}

TEST(SornaVectors, CasesGiveTheStatedResults) {
  const auto plan = plan_of("sorna", "2023");
  const Json cases = read("sorna.json");
  std::size_t compared = 0;
  for (const Json& one : cases) {
    SCOPED_TRACE(one["case"].get<std::string>());
    Responses row = negative();
    set_offense(row, one["inputs"]);
    set_persons(row, one["inputs"]);
    set_period(row, one["inputs"]);
    expect(one["expect"], Row(plan, row));
    compared += one["expect"].size();
  }
  EXPECT_EQ(cases.size(), 37U);
  std::cout << cases.size() << " cases, " << compared << " comparisons\n";
}

TEST(SornaVectors, UndeterminedNamesTheMissingFindings) {
  const auto plan = plan_of("sorna", "2023");
  const Row row(plan, {});
  EXPECT_EQ(row.status("tier"), "incomplete");
  EXPECT_EQ(row.reasons().count("missing: disposition"), 1U);
  EXPECT_EQ(row.reasons().count("missing: foreign_conviction_safeguards"), 1U);
}

TEST(SornaVectors, AttemptsThatTheTextDoesNotNameAreCautioned) {
  const auto plan = plan_of("sorna", "2023");
  Responses row = negative();
  row["specified_offense_against_minor"] = "A";
  row["attempt_or_conspiracy"] = "yes";
  EXPECT_EQ(Row(plan, row).cautions(), std::set<std::string>{"attempt_not_listed"});
  row["prior_tier"] = "tier_1";
  row["specified_offense_against_minor"] = "B";
  EXPECT_EQ(Row(plan, row).cautions(), std::set<std::string>{"several_offenses"});
}

}  // namespace
