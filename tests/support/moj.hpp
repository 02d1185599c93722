/// How requests to the Ministry of Justice service become responses: inputTypedLikeThis -> input_typed_like_this.
#pragma once

#include <cctype>
#include <string>

#include "support/vectors.hpp"

namespace vectors::moj {

inline std::string snake(const std::string& name) {
  std::string result;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

inline std::string text_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Sets what the request gives; null takes the response away.
inline void overlay(Responses& responses, const Json& request) {
  for (const auto& [name, value] : request.items()) {
    if (value.is_null()) {
      responses.erase(snake(name));
    } else {
      responses[snake(name)] = text_of(value);
    }
  }
}

inline Responses responses_of(const Json& request) {
  Responses responses;
  overlay(responses, request);
  return responses;
}

/// A listed code of the category: what the source calls by codes of its own is given by a code with the same category.
inline std::string code_of(const appraise::Instrument& instrument, const std::string& category) {
  const appraise::CodeList& list = instrument.code_lists.at("offence_codes");
  for (const auto& [code, labels] : list.codes) {
    if (list.attributes.front().labels[static_cast<std::size_t>(labels.front())] == category) return code;
  }
  throw std::out_of_range("no code of category " + category);
}

/// A person without contradictions who has answered everything.
inline Responses everyone() {
  return {{"assessment_date", "2025-01-01"},
          {"date_of_birth", "1980-01-01"},
          {"gender", "MALE"},
          {"date_of_current_conviction", "2020-01-01"},
          {"date_at_start_of_followup", "2020-06-01"},
          {"age_at_first_sanction", "18"},
          {"total_number_of_sanctions_for_all_offences", "5"},
          {"current_offence_code", "00100"},
          {"suitability_of_accommodation", "NO_PROBLEMS"},
          {"is_unemployed", "no"},
          {"current_relationship_status", "NOT_IN_RELATIONSHIP"},
          {"current_relationship_with_partner", "NO_PROBLEMS"},
          {"evidence_of_domestic_abuse", "no"},
          {"regular_offending_activities", "NO_PROBLEMS"},
          {"motivation_to_tackle_drug_misuse", "FULL_MOTIVATION"},
          {"current_alcohol_use_problems", "NO_PROBLEMS"},
          {"excessive_alcohol_use", "NO_PROBLEMS"},
          {"impulsivity_problems", "NO_PROBLEMS"},
          {"pro_criminal_attitudes", "NO_PROBLEMS"},
          {"supervision_status", "CUSTODY"},
          {"has_ever_committed_sexual_offence", "yes"},
          {"total_indecent_image_sanctions", "1"},
          {"total_contact_adult_sexual_sanctions", "0"},
          {"total_contact_child_sexual_sanctions", "0"},
          {"total_non_contact_sexual_offences", "0"},
          {"date_of_most_recent_sexual_offence", "2019-01-01"}};
}

inline appraise::ScoringPlan all_reoffending() { return plan_of("oasys-arp", "1.0"); }
inline appraise::ScoringPlan direct_contact() { return plan_of("oasys-osp-dc", "1.0"); }

}  // namespace vectors::moj
