#include "score/responses.hpp"

#include <charconv>
#include <unordered_map>

#include "appraise/detail/calendar.hpp"

namespace appraise::detail {

std::string to_text(double number) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  static_cast<void>(error);  // 32 characters hold every double
  return {text, end};
}

std::string to_text(const Response& response) {
  switch (response.kind) {
    case Response::Kind::none:
      return {};
    case Response::Kind::number:
      return to_text(response.number);
    case Response::Kind::text:
      return response.text;
  }
  return {};
}

WrittenCaseload::WrittenCaseload(const std::vector<std::string>& names, const std::vector<ResponseRow>& rows)
    : indices_(names.size()), validity_(names.size()) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Column column;
    column.name = names[i];
    column.coded = true;
    column.length = static_cast<std::int64_t>(rows.size());
    validity_[i].resize((rows.size() + 7) / 8);
    std::unordered_map<std::string, std::int32_t> entries;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto found = rows[row].find(names[i]);
      indices_[i].push_back(0);
      if (found == rows[row].end() || found->second.kind == Response::Kind::none) continue;
      std::string text = to_text(found->second);
      const auto [entry, added] = entries.emplace(text, static_cast<std::int32_t>(column.dictionary.size()));
      if (added) column.dictionary.push_back(std::move(text));
      indices_[i].back() = entry->second;
      validity_[i][row >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
    }
    column.values = indices_[i].data();
    column.validity = validity_[i].data();
    columns.push_back(std::move(column));
  }
  caseload_ = Caseload(std::move(columns));
}

Response result_of(const ScoreColumn& column, std::int64_t row) {
  if (!column.valid(row)) return {};
  const auto at = static_cast<std::size_t>(row);
  switch (column.kind) {
    case ScoreColumn::Kind::whole:
      return {Response::Kind::number, static_cast<double>(column.wholes[at]), {}};
    case ScoreColumn::Kind::real:
      return {Response::Kind::number, column.reals[at], {}};
    case ScoreColumn::Kind::date:
      return {Response::Kind::text, 0, format_date(column.wholes[at])};
    case ScoreColumn::Kind::label:
      return {Response::Kind::text, 0, column.labels[column.bytes[at]]};
    case ScoreColumn::Kind::status:
      return {Response::Kind::text, 0, column.labels[column.bytes[at]]};
  }
  return {};
}

std::string joined(const TextLists& lists, std::int64_t row) {
  std::string text;
  const auto at = static_cast<std::size_t>(row);
  for (std::int64_t i = lists.offsets[at]; i < lists.offsets[at + 1]; ++i) {
    if (!text.empty()) text += "; ";
    text += lists.texts[static_cast<std::size_t>(lists.numbers[static_cast<std::size_t>(i)])];
  }
  return text;
}

}  // namespace appraise::detail
