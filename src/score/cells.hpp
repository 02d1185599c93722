/// Reading a column's cells at their own type, whole vectors at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "appraise/caseload.hpp"
#include "score/block.hpp"

namespace appraise::detail {

/// Up to 64 bits from position `at`, without reading beyond the last byte needed.
[[nodiscard]] inline std::uint64_t bits_at(const std::uint8_t* bits, std::int64_t at, int count) noexcept {
  const std::uint8_t* first = bits + (at >> 3);
  const auto shift = static_cast<unsigned>(at & 7);
  if (shift == 0 && count == 64) {
    std::uint64_t word;
    std::memcpy(&word, first, sizeof word);
    return word;
  }
  const auto bytes = (shift + static_cast<unsigned>(count) + 7) / 8;  // up to 9
  std::uint64_t word = 0;
  std::memcpy(&word, first, bytes < 8 ? bytes : 8);
  word >>= shift;
  if (bytes > 8) word |= static_cast<std::uint64_t>(first[8]) << (64 - shift);
  return count < 64 ? word & ((std::uint64_t{1} << count) - 1) : word;
}

/// Bytes of a cell; 0 where it is a bit.
[[nodiscard]] constexpr std::size_t width_of(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::boolean_bits:
      return 0;
    case ColumnType::int8:
    case ColumnType::uint8:
    case ColumnType::boolean_bytes:
      return 1;
    case ColumnType::int16:
    case ColumnType::uint16:
      return 2;
    case ColumnType::int32:
    case ColumnType::uint32:
    case ColumnType::float32:
    case ColumnType::date32:
      return 4;
    case ColumnType::int64:
    case ColumnType::uint64:
    case ColumnType::float64:
      break;
  }
  return 8;
}

/// Runs of cells: whole vectors of the column itself, and what is left over or not aligned from a copy.
template <class Number, class Use>
void each_run_of(const void* values, std::int64_t from, const std::uint64_t* valid, int rows, Use& use) {
  const auto* bytes = static_cast<const std::byte*>(values) + static_cast<std::size_t>(from) * sizeof(Number);
  int done = 0;
  if (reinterpret_cast<std::uintptr_t>(bytes) % alignof(Number) == 0) {
    done = rows / lane_rows * lane_rows;
    if (done > 0) use(reinterpret_cast<const Number*>(bytes), valid, 0, done);
  }
  for (; done < rows; done += lane_rows) {
    Number copy[lane_rows] = {};
    const int count = rows - done < lane_rows ? rows - done : lane_rows;
    std::memcpy(copy, bytes + static_cast<std::size_t>(done) * sizeof(Number),
                static_cast<std::size_t>(count) * sizeof(Number));
    use(static_cast<const Number*>(copy), valid == nullptr ? nullptr : valid + done / lane_rows, done, lane_rows);
  }
}

/// Boolean cells as bytes 0 and 1.
template <class IsTrue, class Use>
void each_run_of_truths(const std::uint64_t* valid, int rows, IsTrue is_true, Use& use) {
  std::int8_t truths[largest_block] = {};
  for (int row = 0; row < rows; ++row) truths[row] = is_true(row) ? 1 : 0;
  use(static_cast<const std::int8_t*>(truths), valid, 0, (rows + lane_rows - 1) / lane_rows * lane_rows);
}

/// One bit for each of the rows [first, first + rows), or null if all are valid; the bits lie in `words`.
inline const std::uint64_t* validity_of(const Column& column, std::int64_t first, int rows,
                                        std::uint64_t (&words)[bit_words]) noexcept {
  if (column.validity == nullptr) return nullptr;
  for (int row = 0; row < rows; row += 64) {
    words[row / 64] = bits_at(column.validity, column.offset + first + row, rows - row < 64 ? rows - row : 64);
  }
  return words;
}

/// Calls `use(numbers, valid, at, n)` for runs of the rows [first, first + rows) of a column: `n` numbers, a multiple
/// of lane_rows, that belong to the rows from `at`; `valid` has one bit for each, or is null if all are valid.
template <class Use>
void each_run(const Column& column, std::int64_t first, int rows, Use use) {
  const std::int64_t from = column.offset + first;
  std::uint64_t words[bit_words];
  const std::uint64_t* valid = validity_of(column, first, rows, words);
  switch (column.type) {
    case ColumnType::int8:
      return each_run_of<std::int8_t>(column.values, from, valid, rows, use);
    case ColumnType::int16:
      return each_run_of<std::int16_t>(column.values, from, valid, rows, use);
    case ColumnType::int32:
    case ColumnType::date32:
      return each_run_of<std::int32_t>(column.values, from, valid, rows, use);
    case ColumnType::int64:
      return each_run_of<std::int64_t>(column.values, from, valid, rows, use);
    case ColumnType::uint8:
      return each_run_of<std::uint8_t>(column.values, from, valid, rows, use);
    case ColumnType::uint16:
      return each_run_of<std::uint16_t>(column.values, from, valid, rows, use);
    case ColumnType::uint32:
      return each_run_of<std::uint32_t>(column.values, from, valid, rows, use);
    case ColumnType::uint64:
      return each_run_of<std::uint64_t>(column.values, from, valid, rows, use);
    case ColumnType::float32:
      return each_run_of<float>(column.values, from, valid, rows, use);
    case ColumnType::float64:
      return each_run_of<double>(column.values, from, valid, rows, use);
    case ColumnType::boolean_bits: {
      const auto* bits = static_cast<const std::uint8_t*>(column.values);
      return each_run_of_truths(
          valid, rows, [&](int row) { return ((bits[(from + row) >> 3] >> ((from + row) & 7)) & 1) != 0; }, use);
    }
    case ColumnType::boolean_bytes: {
      const auto* bytes = static_cast<const std::uint8_t*>(column.values);
      return each_run_of_truths(
          valid, rows, [&](int row) { return bytes[from + row] != 0; }, use);
    }
  }
}

}  // namespace appraise::detail
