/// A caseload: many assessments as named, typed columns in Arrow layout. Views only; nothing is copied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace appraise {

enum class ColumnType : std::uint8_t {
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  boolean_bits,   ///< one bit a value (Arrow)
  boolean_bytes,  ///< one byte a value (NumPy)
  date32,         ///< days since 1970-01-01
};

/// One column. `values` and `validity` belong to the caller and must outlive the column's use.
///
/// A column of codes or text is dictionary-coded: `type` is then that of the whole-number indices into `dictionary`.
/// Missing: a cleared bit in `validity` (least significant bit first; null: all valid), NaN, or empty text
struct Column {
  std::string name;
  ColumnType type = ColumnType::int32;
  const void* values = nullptr;
  const std::uint8_t* validity = nullptr;
  std::int64_t offset = 0;  ///< of the first row, in values and in validity bits
  std::int64_t length = 0;
  bool coded = false;  ///< values are indices into `dictionary`
  std::vector<std::string> dictionary;
};

/// Named columns of one length.
class Caseload {
 public:
  Caseload() = default;
  /// Errors: UsageError if lengths differ or a name comes twice
  explicit Caseload(std::vector<Column> columns);

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }
  /// The column of that name, or null.
  [[nodiscard]] const Column* find(std::string_view name) const noexcept;
  /// Rows [first, first + count) of the same columns.
  [[nodiscard]] Caseload slice(std::int64_t first, std::int64_t count) const;
  /// Only copies of one caseload have the same: what was looked up in its columns holds for them too.
  [[nodiscard]] std::uint64_t identity() const noexcept { return identity_; }

 private:
  std::vector<Column> columns_;
  std::int64_t rows_ = 0;
  std::uint64_t identity_ = 0;
};

}  // namespace appraise
