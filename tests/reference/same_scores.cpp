#include "reference/same_scores.hpp"

#include <cstring>
#include <unordered_map>
#include <vector>

namespace appraise::testing {
namespace {

std::string at_row(std::int64_t first, std::size_t row) {
  return " of row " + std::to_string(static_cast<std::int64_t>(row) + first);
}

template <class T>
std::string bytes_of(const T& value) {
  std::string text;
  for (std::size_t i = sizeof value; i-- > 0;) {
    constexpr const char* digits = "0123456789abcdef";
    const auto byte = reinterpret_cast<const unsigned char*>(&value)[i];
    text += {digits[byte >> 4], digits[byte & 15]};
  }
  return text;
}

template <class T>
std::string differing(const Values<T>& whole, std::int64_t first, const Values<T>& part) {
  const auto from = static_cast<std::size_t>(first);
  if (whole.empty() != part.empty() && !part.empty()) return "of another kind";
  if (part.empty()) return {};
  if (whole.size() < from + part.size()) return "too long";
  if (std::memcmp(whole.data() + from, part.data(), part.size() * sizeof(T)) == 0) return {};
  std::size_t row = 0;
  while (std::memcmp(&whole[from + row], &part[row], sizeof(T)) == 0) ++row;
  return "bytes" + at_row(first, row) + ": " + bytes_of(whole[from + row]) + " and " + bytes_of(part[row]);
}

std::string differing(const ScoreColumn& whole, std::int64_t first, const ScoreColumn& part, std::int64_t rows) {
  if (whole.kind != part.kind || whole.labels != part.labels || whole.metadata != part.metadata)
    return "kind, labels or metadata";
  for (const std::string& found :
       {differing(whole.wholes, first, part.wholes), differing(whole.reals, first, part.reals),
        differing(whole.bytes, first, part.bytes)})
    if (!found.empty()) return found;
  if (part.wholes.size() + part.reals.size() + part.bytes.size() != static_cast<std::size_t>(rows)) return "length";
  if (whole.validity.empty() && part.validity.empty()) return {};
  for (std::int64_t row = 0; row < rows; ++row)
    if (whole.valid(first + row) != part.valid(row)) return "validity" + at_row(first, static_cast<std::size_t>(row));
  return {};
}

/// The numbers in `whole` of the texts of `part`, or -1.
std::vector<std::int32_t> numbers_in(const TextLists& whole, const TextLists& part) {
  std::unordered_map<std::string, std::int32_t> known;
  for (const std::string& text : whole.texts) known.emplace(text, static_cast<std::int32_t>(known.size()));
  std::vector<std::int32_t> numbers;
  for (const std::string& text : part.texts) {
    const auto found = known.find(text);
    numbers.push_back(found == known.end() ? -1 : found->second);
  }
  return numbers;
}

std::string differing(const TextLists& whole, std::int64_t first, const TextLists& part, std::int64_t rows,
                      Numbering numbering) {
  if (part.offsets.empty()) return {};
  if (part.offsets.size() != static_cast<std::size_t>(rows) + 1 || part.offsets.front() != 0) return "offsets";
  if (numbering == Numbering::alike && (whole.numbers != part.numbers || whole.texts != part.texts))
    return "numbering of texts";
  const std::vector<std::int32_t> numbers = numbers_in(whole, part);
  const auto before = whole.offsets[static_cast<std::size_t>(first)];
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    const std::size_t there = row + static_cast<std::size_t>(first);
    if (whole.offsets[there + 1] - before != part.offsets[row + 1]) return "number of texts" + at_row(first, row);
    for (std::int64_t i = part.offsets[row]; i < part.offsets[row + 1]; ++i) {
      const auto text = static_cast<std::size_t>(part.numbers[static_cast<std::size_t>(i)]);
      if (numbers[text] != whole.numbers[static_cast<std::size_t>(before + i)])
        return "text" + at_row(first, row) + ": " + part.texts[text];
    }
  }
  return {};
}

}  // namespace

std::string difference(const Scores& whole, std::int64_t first, const Scores& part, Numbering numbering) {
  for (const ScoreColumn& column : part.columns) {
    const ScoreColumn* const other = whole.find(column.name);
    if (other == nullptr) return column.name + ": a column more";
    if (const std::string found = differing(*other, first, column, part.rows); !found.empty())
      return column.name + ": " + found;
  }
  if (const std::string found = differing(whole.reasons, first, part.reasons, part.rows, numbering); !found.empty())
    return "reasons: " + found;
  const std::string found = differing(whole.cautions, first, part.cautions, part.rows, numbering);
  return found.empty() ? "" : "cautions: " + found;
}

}  // namespace appraise::testing
