/// A small invented instrument for tests, and one-line access to results.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/appraise.hpp"

namespace appraise::test {

/// "Example 5": age in bands, prior violence (a choice), substance misuse (yes/no, may be left out), and a log-odds
/// model on top.
inline constexpr std::string_view example_definition = R"json({
  "format": 1, "id": "example-5", "edition": "1.0", "title": "Example 5", "family": "invented", "authors": ["Nobody"], "language": "en",
  "population": "invented adults", "outcome": "invented reoffending", "licence": "none", "training": "none",
  "sources": {"here": {"citation": "Invented for the tests", "url": null}},
  "evidence": {"mark": "verified", "sources": ["here"]},
  "applies_when": [{"code": "adult", "require": {"of": "age", "at_least": 18}, "reason": "developed on adults"}],
  "valid_when": [{"code": "young_without_violence", "require": {"not": {"all": [{"of": "age", "below": 20}, {"of": "violence", "equals": "two_or_more"}]}},
                  "reason": "invented contradiction"}],
  "cautions": [{"code": "old", "when": {"of": "age", "at_least": 80}, "reason": "few people of this age in the sample"}],
  "items": [
    {"code": "age", "label": "Age", "kind": "number", "unit": "years", "range": {"from": 0, "below": 110},
     "bands": [{"from": 0, "below": 25, "points": 2}, {"from": 25, "below": 40, "points": 1}, {"from": 40, "below": 110, "points": -1}]},
    {"code": "violence", "label": "Prior violence", "kind": "choice", "options": [
      {"code": "none", "value": 0, "label": "none", "points": 0}, {"code": "one", "value": 1, "label": "one", "points": 1},
      {"code": "two_or_more", "value": 2, "label": "two or more", "points": 3}]},
    {"code": "misuse", "label": "Substance misuse", "kind": "yes_no", "points": {"no": 0, "yes": 1}}
  ],
  "scales": [
    {"code": "total", "label": "Total", "unit": "points", "sum": ["age", "violence", "misuse"], "range": {"from": -1, "to": 6},
     "missing": {"may_omit": ["misuse"]}, "levels": "band"},
    {"code": "log_odds", "label": "Log odds", "reported": false, "weighted_sum": {"intercept": -2, "terms": [{"of": "total", "weight": 0.5}]}},
    {"code": "probability", "label": "Probability", "unit": "probability", "logistic": "log_odds", "explained_by": ["log_odds"]}
  ],
  "levels": {"band": {"edition": "1", "of": "total", "status": "current", "evidence": {"mark": "verified", "sources": ["here"]}, "bands": [
    {"from": -1, "to": 1, "code": "low", "label": "low risk", "standard": "II"},
    {"from": 2, "to": 4, "code": "medium", "label": "medium risk", "standard": "III"},
    {"from": 5, "to": 6, "code": "high", "label": "high risk"}]}}
})json";

[[nodiscard]] inline std::shared_ptr<const Instrument> example(std::string_view definition = example_definition) {
  return read(DefinitionFiles{{"example-5/1.0/instrument.json", std::string(definition)}}, "example-5", "1.0");
}

/// A caseload that owns its columns. Text columns are dictionary-coded; "" is missing.
class Columns {
 public:
  Columns& numbers(const std::string& name, std::vector<double> values) {
    auto& held = numbers_[name] = std::move(values);
    Column column;
    column.name = name;
    column.type = ColumnType::float64;
    column.values = held.data();
    column.length = static_cast<std::int64_t>(held.size());
    columns_.push_back(column);
    return *this;
  }
  Columns& texts(const std::string& name, const std::vector<std::string>& values) {
    auto& held = indices_[name];
    Column column;
    column.name = name;
    column.coded = true;
    for (const std::string& value : values) {
      held.push_back(static_cast<std::int32_t>(column.dictionary.size()));
      column.dictionary.push_back(value);
    }
    column.values = held.data();
    column.length = static_cast<std::int64_t>(held.size());
    columns_.push_back(column);
    return *this;
  }
  [[nodiscard]] Caseload caseload() const { return Caseload(columns_); }

 private:
  std::map<std::string, std::vector<double>> numbers_;
  std::map<std::string, std::vector<std::int32_t>> indices_;
  std::vector<Column> columns_;
};

/// A result cell as text: "5", "high", "scored"; "-" if null.
[[nodiscard]] inline std::string cell(const Scores& scores, std::string_view name, std::int64_t row = 0) {
  const ScoreColumn* column = scores.find(name);
  if (column == nullptr) return "no column";
  if (!column->valid(row)) return "-";
  const auto at = static_cast<std::size_t>(row);
  switch (column->kind) {
    case ScoreColumn::Kind::status:
      return column->labels[column->bytes[at]];
    case ScoreColumn::Kind::label:
      return column->labels[column->bytes[at]];
    case ScoreColumn::Kind::real:
      return std::to_string(column->reals[at]);
    default:
      return std::to_string(column->wholes[at]);
  }
}

[[nodiscard]] inline std::vector<std::string> texts(const TextLists& lists, std::int64_t row = 0) {
  std::vector<std::string> result;
  for (auto i = lists.offsets[static_cast<std::size_t>(row)]; i < lists.offsets[static_cast<std::size_t>(row) + 1];
       ++i) {
    result.push_back(lists.texts[static_cast<std::size_t>(lists.numbers[static_cast<std::size_t>(i)])]);
  }
  return result;
}

}  // namespace appraise::test
