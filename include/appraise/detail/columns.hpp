/// Reading a column's cells at their own type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "appraise/caseload.hpp"

namespace appraise::detail {

/// Calls `use` with a function from a position in the column (offset included) to its number, at the column's own type.
template <class Use>
decltype(auto) with_numbers(const Column& column, Use use) {
  const auto* bytes = static_cast<const std::byte*>(column.values);
  const auto as = [&](auto zero) -> decltype(auto) {
    return use([bytes](std::int64_t at) {
      decltype(zero) number;
      std::memcpy(&number, bytes + static_cast<std::size_t>(at) * sizeof number, sizeof number);
      return number;
    });
  };
  switch (column.type) {
    case ColumnType::int8:
      return as(std::int8_t{});
    case ColumnType::int16:
      return as(std::int16_t{});
    case ColumnType::int32:
    case ColumnType::date32:
      return as(std::int32_t{});
    case ColumnType::int64:
      return as(std::int64_t{});
    case ColumnType::uint8:
      return as(std::uint8_t{});
    case ColumnType::uint16:
      return as(std::uint16_t{});
    case ColumnType::uint32:
      return as(std::uint32_t{});
    case ColumnType::uint64:
      return as(std::uint64_t{});
    case ColumnType::float32:
      return as(float{});
    case ColumnType::float64:
      return as(double{});
    case ColumnType::boolean_bits:
      return use([bytes](std::int64_t at) { return (std::to_integer<int>(bytes[at >> 3]) >> (at & 7)) & 1; });
    case ColumnType::boolean_bytes:
      break;
  }
  return use([bytes](std::int64_t at) { return bytes[at] == std::byte{0} ? 0 : 1; });
}

/// Whether the column has a value at a position (offset included).
[[nodiscard]] inline bool is_valid(const Column& column, std::int64_t at) noexcept {
  return column.validity == nullptr || ((column.validity[at >> 3] >> (at & 7)) & 1) != 0;
}

}  // namespace appraise::detail
