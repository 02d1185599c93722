/// Reference vectors: facts of other people read from tests/vectors, and single rows scored through the public API.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "appraise/appraise.hpp"
#include "appraise/detail/calendar.hpp"

namespace vectors {

using Json = nlohmann::json;
/// Responses by item, each as text; what is absent is missing.
using Responses = std::map<std::string, std::string>;

inline Json read(const std::string& file) {
  std::ifstream stream(std::string(APPRAISE_SOURCE_DIR) + "/tests/vectors/" + file);
  return Json::parse(stream).at("cases");
}

inline appraise::ScoringPlan plan_of(const std::string& instrument, const std::string& edition) {
  return appraise::compile(appraise::load(instrument, edition), {.accept_unverified = true});
}

/// The result columns of one row.
class Row {
 public:
  Row(const appraise::ScoringPlan& plan, const Responses& responses) {
    std::vector<appraise::Column> columns;
    for (const std::string& item : plan.items()) {
      appraise::Column column;
      column.name = item;
      column.values = &first_;
      column.length = 1;
      column.coded = true;
      const auto found = responses.find(item);
      column.dictionary = {found == responses.end() ? "" : found->second};
      columns.push_back(std::move(column));
    }
    scores_ = appraise::score(plan, appraise::Caseload(std::move(columns)), {.contributions = true});
  }

  /// Null if the column has no value.
  [[nodiscard]] Json operator[](const std::string& name) const {
    const appraise::ScoreColumn* column = scores_.find(name);
    if (column == nullptr) throw std::out_of_range("no result column " + name);
    if (!column->valid(0)) return nullptr;
    switch (column->kind) {
      case appraise::ScoreColumn::Kind::whole:
        return column->wholes[0];
      case appraise::ScoreColumn::Kind::date:
        return appraise::detail::format_date(column->wholes[0]);
      case appraise::ScoreColumn::Kind::real:
        return column->reals[0];
      case appraise::ScoreColumn::Kind::label:
        return column->labels[column->bytes[0]];
      case appraise::ScoreColumn::Kind::status:
        return column->labels[column->bytes[0]];
    }
    return nullptr;
  }
  [[nodiscard]] bool has(const std::string& name) const { return scores_.find(name) != nullptr; }
  [[nodiscard]] std::string status(const std::string& scale) const { return (*this)[scale + "_status"]; }
  [[nodiscard]] std::set<std::string> reasons() const { return texts(scores_.reasons); }
  [[nodiscard]] std::set<std::string> cautions() const { return texts(scores_.cautions); }

 private:
  [[nodiscard]] static std::set<std::string> texts(const appraise::TextLists& lists) {
    std::set<std::string> found;
    for (const std::int32_t number : lists.numbers) found.insert(lists.texts[static_cast<std::size_t>(number)]);
    return found;
  }

  std::int32_t first_ = 0;
  appraise::Scores scores_;
};

}  // namespace vectors
