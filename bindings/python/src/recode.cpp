#include "recode.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <type_traits>
#include <unordered_map>

namespace appraise::python {
namespace {

std::string date_text(std::int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  std::array<char, 32> text{};
  const int written = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {text.data(), static_cast<std::size_t>(written)};
}

/// What tells cells of one type apart.
template <class Cell>
std::uint64_t key_of(Cell cell) {
  if constexpr (std::is_floating_point_v<Cell>) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(cell));
  } else {
    return static_cast<std::uint64_t>(cell);
  }
}

/// A cell as text, as a caller would write it: whole numbers without a decimal point, dates as year-month-day.
template <class Cell>
std::string text_of(Cell cell, ColumnType type) {
  if constexpr (std::is_same_v<Cell, bool>) {
    return cell ? "true" : "false";
  } else if constexpr (std::is_floating_point_v<Cell>) {
    constexpr double exact = 9007199254740992;  // 2 to the power of 53
    if (cell == std::trunc(cell) && std::abs(cell) < exact) return std::to_string(static_cast<std::int64_t>(cell));
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), cell);
    return {text.data(), written.ptr};
  } else {
    if (type != ColumnType::date32) return std::to_string(cell);
    return date_text(static_cast<std::int32_t>(cell));
  }
}

bool is_valid(const Column& column, std::int64_t row) noexcept {
  const std::int64_t at = column.offset + row;
  return column.validity == nullptr || ((column.validity[at >> 3] >> (at & 7)) & 1) != 0;
}

/// Calls `visit(row, cell)` for every cell that is there.
template <class Cell, class Visit>
void each_cell(const Column& column, const Visit& visit) {
  const auto* cells = static_cast<const Cell*>(column.values) + column.offset;
  for (std::int64_t row = 0; row < column.length; ++row) {
    if (is_valid(column, row)) visit(row, cells[row]);
  }
}

template <class Visit>
void each_bit(const Column& column, const Visit& visit) {
  const auto* bits = static_cast<const std::uint8_t*>(column.values);
  for (std::int64_t row = 0; row < column.length; ++row) {
    const std::int64_t at = column.offset + row;
    if (is_valid(column, row)) visit(row, ((bits[at >> 3] >> (at & 7)) & 1) != 0);
  }
}

template <class Visit>
void visit_cells(const Column& column, const Visit& visit) {
  switch (column.type) {
    case ColumnType::int8:
      return each_cell<std::int8_t>(column, visit);
    case ColumnType::int16:
      return each_cell<std::int16_t>(column, visit);
    case ColumnType::int32:
    case ColumnType::date32:
      return each_cell<std::int32_t>(column, visit);
    case ColumnType::int64:
      return each_cell<std::int64_t>(column, visit);
    case ColumnType::uint8:
      return each_cell<std::uint8_t>(column, visit);
    case ColumnType::uint16:
      return each_cell<std::uint16_t>(column, visit);
    case ColumnType::uint32:
      return each_cell<std::uint32_t>(column, visit);
    case ColumnType::uint64:
      return each_cell<std::uint64_t>(column, visit);
    case ColumnType::float32:
      return each_cell<float>(column, visit);
    case ColumnType::float64:
      return each_cell<double>(column, visit);
    case ColumnType::boolean_bytes:
      return each_cell<bool>(column, visit);
    case ColumnType::boolean_bits:
      return each_bit(column, visit);
  }
}

void translate(std::string& text, const Codes& codes) {
  if (const auto found = codes.find(text); found != codes.end()) text = found->second;
}

}  // namespace

Column recode(const Column& column, const Codes& codes, std::vector<std::shared_ptr<void>>& owned) {
  Column result = column;
  if (column.coded) {
    for (std::string& text : result.dictionary) translate(text, codes);
    return result;
  }
  const auto entries = std::make_shared<std::vector<std::int32_t>>(static_cast<std::size_t>(column.length));
  owned.push_back(entries);
  result.dictionary = {""};  // what is missing
  std::unordered_map<std::uint64_t, std::int32_t> numbers;
  visit_cells(column, [&](std::int64_t row, auto cell) {
    if constexpr (std::is_floating_point_v<decltype(cell)>) {
      if (std::isnan(cell)) return;
    }
    const auto next = static_cast<std::int32_t>(result.dictionary.size());
    const auto [entry, is_new] = numbers.try_emplace(key_of(cell), next);
    if (is_new) {
      result.dictionary.push_back(text_of(cell, column.type));
      translate(result.dictionary.back(), codes);
    }
    (*entries)[static_cast<std::size_t>(row)] = entry->second;
  });
  result.type = ColumnType::int32;
  result.coded = true;
  result.values = entries->data();
  result.validity = nullptr;
  result.offset = 0;
  return result;
}

const char* type_name(const Column& column) noexcept {
  if (column.coded) return "text";
  switch (column.type) {
    case ColumnType::boolean_bits:
    case ColumnType::boolean_bytes:
      return "Booleans";
    case ColumnType::date32:
      return "dates";
    default:
      return "numbers";
  }
}

}  // namespace appraise::python
