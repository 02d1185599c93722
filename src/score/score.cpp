#include "appraise/score.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "score/results.hpp"
#include "score/run.hpp"

namespace appraise {

namespace detail {
namespace {

/// Texts by row, written in row order.
class TextListWriter {
 public:
  explicit TextListWriter(std::int64_t rows) {
    lists_.offsets.reserve(static_cast<std::size_t>(rows) + 1);
    lists_.offsets.push_back(0);
  }

  void add_row(const std::set<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto [position, added] = numbers_.emplace(text, static_cast<std::int32_t>(lists_.texts.size()));
      if (added) lists_.texts.push_back(text);
      lists_.numbers.push_back(position->second);
    }
    lists_.offsets.push_back(static_cast<std::int64_t>(lists_.numbers.size()));
  }
  [[nodiscard]] TextLists finish() { return std::move(lists_); }

 private:
  TextLists lists_;
  std::unordered_map<std::string, std::int32_t> numbers_;
};

void write_reasons(const Block& block, TextListWriter& reasons) {
  for (int row = 0; row < block.rows(); ++row) {
    std::set<std::string> texts;
    for (const PlannedScale& scale : block.plan().scales) {
      if (block.flags(scale.value)[row] != 0) add_reasons(block, scale.value, row, 0xFF, texts);
    }
    reasons.add_row(texts);
  }
}

void write_cautions(const Block& block, TextListWriter& cautions) {
  for (int row = 0; row < block.rows(); ++row) {
    std::set<std::string> texts;
    for (const PlannedCaution& caution : block.plan().cautions) {
      if (block.usable(caution.condition, row) && block.wholes(caution.condition)[row] != 0) texts.insert(caution.code);
    }
    cautions.add_row(texts);
  }
}

}  // namespace
}  // namespace detail

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::scored:
      return "scored";
    case Status::scored_with_omissions:
      return "scored_with_omissions";
    case Status::incomplete:
      return "incomplete";
    case Status::invalid:
      return "invalid";
    case Status::not_applicable:
      return "not_applicable";
  }
  return "";
}

const ScoreColumn* Scores::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const ScoreColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

Scores score(const ScoringPlan& plan, const Caseload& caseload, const ScoreOptions& options) {
  const detail::Plan& inside = plan.detail();
  const std::vector<detail::BoundColumn> columns = detail::bind(inside, caseload);
  const std::int64_t rows = caseload.rows();
  std::vector<detail::ScaleWriter> writers;
  writers.reserve(inside.scales.size());
  for (const detail::PlannedScale& scale : inside.scales) writers.emplace_back(scale, options, rows);
  std::optional<detail::ContributionWriter> contributions;
  if (options.contributions) contributions.emplace(inside, rows);
  detail::TextListWriter reasons(options.reasons ? rows : 0), cautions(options.reasons ? rows : 0);

  detail::Block block(inside);
  for (std::int64_t first = 0; first < rows; first += detail::block_rows) {
    block.set_rows(static_cast<int>(std::min<std::int64_t>(detail::block_rows, rows - first)));
    detail::run_values(block, columns, first);
    if (options.bounds) detail::run_bounds(block);
    for (detail::ScaleWriter& writer : writers) writer.write(block, first);
    if (contributions) contributions->write(block, first);
    if (!options.reasons) continue;
    detail::write_reasons(block, reasons);
    detail::write_cautions(block, cautions);
  }

  Scores scores;
  scores.rows = rows;
  scores.metadata = inside.metadata;
  for (detail::ScaleWriter& writer : writers) writer.finish(scores.columns);
  if (contributions) contributions->finish(scores.columns);
  if (options.reasons) {
    scores.reasons = reasons.finish();
    scores.cautions = cautions.finish();
  }
  return scores;
}

}  // namespace appraise
