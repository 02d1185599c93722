#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "appraise/reading.hpp"
#include "appraise/statistics/local_norms.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view name = "norms_file";

void demand(std::string_view field, const std::string& text) {
  const bool blank = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; });
  if (blank) detail::refuse(name, field, "nothing", "words: norms that do not say it are refused");
}

bool is_id(const std::string& text) {
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void check(const LocalNorms& norms, const NormsDescription& description) {
  demand("sample", description.sample);
  demand("outcome", description.outcome);
  demand("edition", description.edition);
  demand("title", description.title);
  demand("scale", description.scale);
  for (const auto& [field, text] : {std::pair("id", description.id), std::pair("instrument", description.instrument)}) {
    if (!is_id(text)) detail::refuse(name, field, '"' + text + '"', "lower-case letters, digits and hyphens");
  }
  if (description.editions.empty()) detail::refuse(name, "editions", "none", "the editions the norms are for");
  for (const std::string& each : description.editions) demand("editions", each);
  if (description.follow_up_years && !(*description.follow_up_years > 0)) {
    detail::refuse(name, "follow_up_years", std::to_string(*description.follow_up_years), "a positive number");
  }
  if (!std::isnan(norms.horizon) && !description.follow_up_years) {
    detail::refuse(name, "follow_up_years", "none", "the horizon of the rates, in years");
  }
  if (norms.status != Status::estimated) {
    detail::refuse(name, "norms", std::string(to_string(norms.status)), "norms that were estimated");
  }
}

/// Rates to six places, percentiles to two, ratios to four: more would claim what no sample knows.
double to_places(double value, int places) {
  const double scale = std::pow(10, places);
  return std::round(value * scale) / scale;
}

std::string how(const LocalNorms& norms) {
  const bool fixed = std::isnan(norms.horizon);
  const std::string regression = fixed ? "logistic regression on the score" : "Cox regression on the score";
  switch (norms.updating) {
    case Updating::refit:
      return regression + ", centred on the median";
    case Updating::intercept:
      return fixed ? "published rates with a new intercept" : "published rates with a new baseline hazard";
    case Updating::intercept_and_slope:
      return fixed ? "published rates with a new intercept and slope"
                   : "published rates with a new baseline hazard and slope";
    case Updating::pooled:
      break;
  }
  return regression + " with the published curve as prior";
}

/// What the file says of itself beside its figures.
std::string note_of(const LocalNorms& norms) {
  const std::string by = std::isnan(norms.horizon)
                             ? " with the outcome, "
                             : " of them with the outcome by the horizon, followed for different times, ";
  return "Local norms: " + how(norms) + "; " + std::to_string(norms.sample.n) + " people, " +
         std::to_string(norms.sample.events) + by + std::to_string(norms.sample.left_out) +
         " left out. Not confirmed in a public source. Risk ratios are to the score " + Json(norms.median).dump() + ".";
}

}  // namespace

NormsFile norms_file(const LocalNorms& norms, const NormsDescription& description) {
  check(norms, description);
  Json rows = Json::array();
  for (const LocalNormRow& row : norms.rows) {
    rows.push_back({{"score", row.score},
                    {"rate", to_places(row.rate.value, 6)},
                    {"interval", {to_places(row.rate.low, 6), to_places(row.rate.high, 6)}},
                    {"percentile", to_places(row.percentile, 2)},
                    {"risk_ratio", to_places(row.risk_ratio.value, 4)}});
  }
  Json evidence = {{"mark", "unverified"}, {"note", note_of(norms)}};
  Json sources = Json::object();
  if (!description.citation.empty()) {
    sources["local"] = {{"citation", description.citation}, {"url", nullptr}};
    evidence["sources"] = {"local"};
  }
  const Json country = description.country.empty() ? Json() : Json(description.country);
  const Json file = {
      {"format", 1},
      {"id", description.id},
      {"edition", description.edition},
      {"title", description.title},
      {"for",
       {{"instrument", description.instrument}, {"editions", description.editions}, {"scale", description.scale}}},
      {"sample", {{"name", description.sample}, {"country", country}, {"n", norms.sample.n}, {"samples", 1}}},
      {"outcome", description.outcome},
      {"follow_up_years", description.follow_up_years ? Json(*description.follow_up_years) : Json()},
      {"sources", sources},
      {"evidence", evidence},
      {"rate_unit", "proportion"},
      {"interval_level", norms.level},
      {"rows", rows}};
  NormsFile result;
  result.path = description.instrument + "/norms/" + description.id + ".json";
  result.text = file.dump(1) + "\n";
  result.digest = sha256(canonical_json(result.text));
  return result;
}

}  // namespace appraise::statistics
