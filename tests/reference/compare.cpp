#include "reference/compare.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <unordered_map>

#include "appraise/plan.hpp"
#include "appraise/score.hpp"
#include "reference/same_scores.hpp"

namespace appraise::testing {
namespace {

using reference::Cell;

std::string text_of(const Cell& cell) {
  if (const auto* const text = std::get_if<std::string>(&cell)) return '"' + *text + '"';
  const auto* const number = std::get_if<double>(&cell);
  if (number == nullptr) return "null";
  char text[80];
  std::snprintf(text, sizeof text, "%.17g (%a)", *number, *number);
  return text;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

std::vector<std::string> texts_of(const TextLists& lists, std::int64_t row) {
  std::vector<std::string> texts;
  const auto at = static_cast<std::size_t>(row);
  for (std::int64_t i = lists.offsets[at]; i < lists.offsets[at + 1]; ++i)
    texts.push_back(lists.texts[static_cast<std::size_t>(lists.numbers[static_cast<std::size_t>(i)])]);
  return texts;
}

ScoreColumn::Kind kind_of(ValueType type) {
  switch (type) {
    case ValueType::whole:
      return ScoreColumn::Kind::whole;
    case ValueType::real:
      return ScoreColumn::Kind::real;
    case ValueType::date:
      return ScoreColumn::Kind::date;
    case ValueType::category:
      break;
  }
  return ScoreColumn::Kind::label;
}

/// Collects differences, up to as many as are wanted.
class Comparison {
 public:
  Comparison(const Scores& scores, std::size_t most) : scores_(scores), most_(most) {
    for (const ScoreColumn& column : scores.columns) columns_[column.name] = &column;
  }

  void compare_kinds(const Instrument& instrument) {
    for (const Scale& scale : instrument.scales) {
      if (!scale.reported) continue;
      const auto found = columns_.find(scale.code);
      if (found == columns_.end() || found->second->kind != kind_of(scale.type))
        add({0, scale.code, "absent, or a column of another type", "type of the scale"});
    }
  }

  void compare_row(std::int64_t row, const reference::Result& expected) {
    std::size_t found = 0;
    for (const auto& [name, cell] : expected.columns) {
      const auto column = columns_.find(name);
      found += column != columns_.end() ? 1 : 0;
      // A column that nothing can stand in may be left out.
      const Cell plan = column == columns_.end() ? Cell{} : cell_of(*column->second, row);
      if (!same(plan, cell)) add({row, name, text_of(plan), text_of(cell)});
    }
    if (found != columns_.size()) add({row, "columns", "columns that the reference scorer does not know", ""});
    compare_texts(row, "reasons", texts_of(scores_.reasons, row), expected.reasons);
    compare_texts(row, "cautions", texts_of(scores_.cautions, row), expected.cautions);
  }

  [[nodiscard]] bool enough() const { return differences_.size() >= most_; }
  [[nodiscard]] std::vector<Difference> take() { return std::move(differences_); }

 private:
  void compare_texts(std::int64_t row, const char* what, const std::vector<std::string>& plan,
                     const std::vector<std::string>& expected) {
    if (plan != expected) add({row, what, joined(plan), joined(expected)});
  }

  void add(Difference difference) {
    if (!enough()) differences_.push_back(std::move(difference));
  }

  const Scores& scores_;
  std::size_t most_;
  std::unordered_map<std::string, const ScoreColumn*> columns_;
  std::vector<Difference> differences_;
};

}  // namespace

Cell cell_of(const ScoreColumn& column, std::int64_t row) {
  if (!column.valid(row)) return {};
  const auto at = static_cast<std::size_t>(row);
  switch (column.kind) {
    case ScoreColumn::Kind::real:
      return column.reals[at];
    case ScoreColumn::Kind::label:
      return column.labels[column.bytes[at]];
    case ScoreColumn::Kind::status:
      return std::string(to_string(static_cast<Status>(column.bytes[at])));
    default:
      return static_cast<double>(column.wholes[at]);
  }
}

bool same(const Cell& a, const Cell& b) {
  const auto* const x = std::get_if<double>(&a);
  const auto* const y = std::get_if<double>(&b);
  if (x == nullptr || y == nullptr) return a == b;
  return !std::isnan(*x) && std::bit_cast<std::uint64_t>(*x) == std::bit_cast<std::uint64_t>(*y);
}

Scores score_all(const std::shared_ptr<const Instrument>& instrument, const reference::Choices& choices,
                 const Caseload& caseload) {
  const ScoringPlan plan =
      compile(instrument, {.accept_unverified = true, .levels = choices.levels, .norms = choices.norms});
  ScoreOptions options;
  options.contributions = true;
  return score(plan, caseload, options);
}

std::string difference_alone(const std::shared_ptr<const Instrument>& instrument, const reference::Choices& choices,
                             const Caseload& caseload, const Scores& scores, std::int64_t step) {
  const ScoringPlan plan =
      compile(instrument, {.accept_unverified = true, .levels = choices.levels, .norms = choices.norms});
  Scorer most(plan, {.bounds = false, .contributions = true, .reasons = false});
  Scorer least(plan, {.levels = false, .bounds = false, .distance = false, .norms = false, .reasons = false});
  for (std::int64_t row = 0; row < caseload.rows(); row += step) {
    const Caseload alone = caseload.slice(row, 1);
    for (Scorer* scorer : {&most, &least}) {
      std::string found = difference(scores, row, scorer->score(alone).front(), Numbering::own);
      if (!found.empty()) return "alone: " + found;
    }
  }
  return {};
}

std::vector<Difference> compare(const std::shared_ptr<const Instrument>& instrument, const reference::Choices& choices,
                                const RandomCaseload& caseload, std::size_t most) {
  return compare(score_all(instrument, choices, caseload.caseload()), *instrument, choices, caseload, most, 1);
}

std::vector<Difference> compare(const Scores& scores, const Instrument& instrument, const reference::Choices& choices,
                                const RandomCaseload& caseload, std::size_t most, std::int64_t step) {
  Comparison comparison(scores, most);
  comparison.compare_kinds(instrument);
  for (std::int64_t row = 0; row < scores.rows && !comparison.enough(); row += step)
    comparison.compare_row(row, reference::score(instrument, choices, caseload.row(row)));
  return comparison.take();
}

std::string describe(const Difference& difference, const RandomCaseload& caseload) {
  std::string text = "row " + std::to_string(difference.row) + ", " + difference.column + ":\n  plan      " +
                     difference.plan + "\n  reference " + difference.reference + "\n  responses";
  for (const auto& [name, response] : caseload.row(difference.row)) {
    text += " " + name + "=";
    if (response.kind == Response::Kind::number) text += text_of(response.number);
    if (response.kind == Response::Kind::text) text += '"' + response.text + '"';
  }
  return text + "\n";
}

}  // namespace appraise::testing
