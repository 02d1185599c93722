// A small definition with all of its files, for tests of the reader.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "appraise/reading.hpp"

namespace appraise::small {

// Line numbers matter: the tests name them.
inline const std::string instrument_text = R"({"format": 1, "id": "small", "edition": "1",
 "title": "Small", "family": "sexual recidivism", "authors": ["A. Author"], "language": "en",
 "population": "adults", "outcome": "recidivism", "licence": "free", "training": "none",
 "sources": {"manual": {"citation": "The manual", "url": null}},
 "evidence": {"mark": "verified", "sources": ["manual: p. 3"]},
 "code_lists": {"offences": {"file": "offence-codes", "sha256": "LIST"}},
 "applies_when": [{"code": "adult", "require": {"of": "age", "at_least": 18}, "reason": "adults only", "if_unknown": "applies"}],
 "valid_when": [{"code": "order", "require": {"of": "released", "above": "1990-01-02"}, "reason": "too long ago"}],
 "items": [
  {"code": "age", "label": "Age", "kind": "count", "unit": "years", "range": {"from": 0, "to": 120},
   "bands": [{"from": 0, "below": 35, "points": 1}, {"from": 35, "to": 120, "points": -1}]},
  {"code": "victim", "label": "Victim", "kind": "choice", "monotone": "rising", "baseline": "none",
   "options": [{"code": "none", "value": 0, "label": "none", "points": 0},
               {"code": "any", "value": 1, "label": "any", "points": 2}],
   "applies_when": {"of": "partner", "equals": "yes"}, "points_if_not_applicable": 0},
  {"code": "partner", "label": "Partner", "kind": "yes_no", "points": {"no": 1, "yes": 0}, "if_missing": "no"},
  {"code": "released", "label": "Released", "kind": "date", "optional": true, "range": {"from": "1900-01-01", "to": null}},
  {"code": "offence", "label": "Offence", "kind": "code", "list": "offences"}],
 "scales": [
  {"code": "total", "label": "Total", "sum": ["age", "victim", "partner"], "levels": "bands_1",
   "missing": {"may_omit": ["victim"], "prorate": "half_up"}, "range": {"from": -2, "to": 4}},
  {"code": "category", "label": "Category", "attribute": {"of": "offence", "name": "group"}}],
 "levels": {"bands_1": {"edition": "1", "of": "total", "status": "current",
  "evidence": {"mark": "derived", "note": "by hand"},
  "bands": [{"from": -2, "to": 1, "code": "low", "label": "low", "standard": "II"},
            {"from": 2, "to": 4, "code": "high", "label": "high"}]}}
}
)";
inline const std::string list_text = R"({"format": 1, "id": "offence-codes", "title": "Offences", "source": "here",
 "attributes": {"group": ["THEFT", "FRAUD"]}, "codes": {"001": ["FRAUD"], "002": ["THEFT"]}})";
inline const std::string norms_text = R"({"format": 1, "id": "all-5y", "edition": "2015", "title": "All",
 "for": {"instrument": "small", "editions": ["1"], "scale": "total"},
 "sample": {"name": "All", "country": null, "n": 100, "samples": null}, "outcome": "recidivism", "follow_up_years": 5,
 "sources": {}, "evidence": {"mark": "unverified", "note": "from memory"},
 "rate_unit": "percent", "interval_level": 0.95,
 "rows": [{"score": 0, "rate": 0.9, "interval": [0.6, 1.3], "percentile": 1.3, "risk_ratio": 0.19},
          {"score": 1, "rate": 2.9e0, "interval": [1.9, 29E-1], "percentile": 50}]})";
inline const std::string cases_text = R"({"format": 1, "instrument": "small", "edition": "1", "cases": [
 {"id": "one", "source": "p. 9", "responses": {"age": 20, "victim": "none", "partner": true, "released": null},
  "expect": {"total": 1, "total_level": "low"}, "norms": ["all-5y"], "levels": {"total": "bands_1"}, "tolerance": 0.01}]})";

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline std::string pinned(const std::string& instrument, const std::string& list = list_text) {
  return replaced(instrument, "LIST", sha256(canonical_json(list)));
}

inline DefinitionFiles files_with(const std::string& instrument) {
  return {{"small/1/instrument.json", instrument},
          {"small/1/cases.json", cases_text},
          {"small/norms/all-5y.json", norms_text},
          {"small/lists/offence-codes.json", list_text}};
}

inline DefinitionFiles good_files() { return files_with(pinned(instrument_text)); }

inline std::string listed(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics) text += to_string(one) + '\n';
  return text;
}

/// The only diagnostic of that code.
inline Diagnostic only(const Checked& checked, const std::string& code) {
  std::vector<Diagnostic> found;
  std::copy_if(checked.diagnostics.begin(), checked.diagnostics.end(), std::back_inserter(found),
               [&](const Diagnostic& one) { return one.code == code; });
  EXPECT_EQ(found.size(), 1U) << code << " in:\n" << listed(checked.diagnostics);
  return found.empty() ? Diagnostic{} : found.front();
}

inline Checked check_small(const std::string& instrument) { return check(files_with(instrument), "small", "1"); }

}  // namespace appraise::small
