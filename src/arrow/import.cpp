#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "appraise/arrow.hpp"
#include "appraise/diagnostic.hpp"
#include "arrow/texts.hpp"

namespace appraise {
namespace {

bool bit(const std::uint8_t* bits, std::int64_t i) noexcept { return ((bits[i >> 3] >> (i & 7)) & 1) != 0; }

const std::uint8_t* validity_of(const ArrowArray& array) noexcept {
  if (array.null_count == 0 || array.n_buffers == 0) return nullptr;
  return static_cast<const std::uint8_t*>(array.buffers[0]);
}

/// The rows of the batch in one of its columns.
struct Field {
  std::string name;
  std::string_view format;
  const ArrowSchema& schema;
  const ArrowArray& array;
  std::int64_t first = 0;  ///< of the first row, in the column's buffers
  std::int64_t length = 0;
  const std::uint8_t* validity = nullptr;  ///< of the column
  const std::uint8_t* rows = nullptr;      ///< of the batch
  std::int64_t rows_first = 0;

  [[nodiscard]] bool valid(std::int64_t row) const noexcept {
    return (!validity || bit(validity, first + row)) && (!rows || bit(rows, rows_first + row));
  }
  [[nodiscard]] bool may_miss() const noexcept { return validity || rows; }
  [[noreturn]] void refuse(const std::string& what) const { throw UsageError("column '" + name + "' " + what); }
};

struct Primitive {
  std::string_view format;
  ColumnType type;
  std::int64_t width;  ///< bytes; 0 for bits
};

constexpr std::array<Primitive, 12> primitives = {{{"c", ColumnType::int8, 1},
                                                   {"C", ColumnType::uint8, 1},
                                                   {"s", ColumnType::int16, 2},
                                                   {"S", ColumnType::uint16, 2},
                                                   {"i", ColumnType::int32, 4},
                                                   {"I", ColumnType::uint32, 4},
                                                   {"l", ColumnType::int64, 8},
                                                   {"L", ColumnType::uint64, 8},
                                                   {"f", ColumnType::float32, 4},
                                                   {"g", ColumnType::float64, 8},
                                                   {"tdD", ColumnType::date32, 4},
                                                   {"b", ColumnType::boolean_bits, 0}}};

const Primitive* find_primitive(std::string_view format) noexcept {
  const auto found = std::find_if(primitives.begin(), primitives.end(),
                                  [&](const Primitive& primitive) { return primitive.format == format; });
  return found == primitives.end() ? nullptr : &*found;
}

/// Units of a date64 or zoneless timestamp in one day; 0 for other types.
std::int64_t units_per_day(std::string_view format) noexcept {
  constexpr std::int64_t seconds = 86400;
  if (format == "tdm" || format == "tsm:") return seconds * 1000;
  if (format == "tss:") return seconds;
  if (format == "tsu:") return seconds * 1000000;
  if (format == "tsn:") return seconds * 1000000000;
  return 0;
}

std::string describe(std::string_view format) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> names = {{{"ts", "timestamp with time zone"},
                                                                                    {"tt", "time of day"},
                                                                                    {"tD", "duration"},
                                                                                    {"ti", "interval"},
                                                                                    {"d:", "decimal"},
                                                                                    {"e", "half float"},
                                                                                    {"z", "binary"},
                                                                                    {"Z", "binary"},
                                                                                    {"vz", "binary"},
                                                                                    {"w:", "binary"},
                                                                                    {"+s", "struct"},
                                                                                    {"+r", "run-end encoded"},
                                                                                    {"+", "nested"}}};
  for (const auto& [start, name] : names) {
    if (format.substr(0, start.size()) == start) return std::string(name);
  }
  return "unknown (" + std::string(format) + ")";
}

template <class T>
class Keeper {
 public:
  Keeper(std::vector<std::shared_ptr<void>>& owned, std::size_t size)
      : values_(std::make_shared<std::vector<T>>(size)) {
    owned.push_back(values_);
  }
  [[nodiscard]] T* data() const noexcept { return values_->data(); }

 private:
  std::shared_ptr<std::vector<T>> values_;
};

/// Numbers texts in the order in which they are first met. Responses are short: texts of up to eight bytes are compared
/// as one number.
class TextNumbers {
 public:
  [[nodiscard]] std::int32_t number_of(std::string_view text) {
    if (text.size() > 8) return number_of_long(text);
    const std::uint64_t key = bytes_of(text);
    for (std::size_t at = place_of(key, text.size());; at = (at + 1) % slots_.size()) {
      const Slot& slot = slots_[at];
      if (slot.number < 0) return add(at, key, text);
      if (slot.key == key && slot.size == text.size()) return slot.number;
    }
  }
  [[nodiscard]] std::vector<std::string> take_texts() && { return std::move(texts_); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t size = 0;
    std::int32_t number = -1;
  };

  [[nodiscard]] static std::uint64_t bytes_of(std::string_view text) noexcept {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < text.size(); ++i) key |= std::uint64_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
    return key;
  }

  [[nodiscard]] std::size_t place_of(std::uint64_t key, std::size_t size) const noexcept {
    return static_cast<std::size_t>(((key + size) * 0x9E3779B97F4A7C15U) >> 32) % slots_.size();
  }

  std::int32_t append(std::string_view text) {
    texts_.emplace_back(text);
    return static_cast<std::int32_t>(texts_.size() - 1);
  }

  std::int32_t add(std::size_t at, std::uint64_t key, std::string_view text) {
    const std::int32_t number = append(text);
    slots_[at] = {key, static_cast<std::uint32_t>(text.size()), number};
    if (++used_ * 2 > slots_.size()) grow();
    return number;
  }

  void grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 4));
    for (const Slot& slot : old) {
      if (slot.number < 0) continue;
      std::size_t at = place_of(slot.key, slot.size);
      while (slots_[at].number >= 0) at = (at + 1) % slots_.size();
      slots_[at] = slot;
    }
  }

  std::int32_t number_of_long(std::string_view text) {
    const auto [entry, is_new] = long_.try_emplace(text, 0);
    if (is_new) entry->second = append(text);
    return entry->second;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two
  std::size_t used_ = 0;
  std::unordered_map<std::string_view, std::int32_t> long_;  ///< views into the batch
  std::vector<std::string> texts_;
};

/// Turns fields into columns, and keeps what has to be converted.
class Importer {
 public:
  explicit Importer(std::vector<std::shared_ptr<void>>& owned) : owned_(owned) {}

  Column import(const Field& field) {
    if (field.schema.dictionary) return import_dictionary(field);
    if (detail::is_text(field.format)) return code_texts(field);
    if (field.format == "n") return all_missing(field);
    if (units_per_day(field.format) != 0) return to_days(field, units_per_day(field.format));
    const Primitive* primitive = find_primitive(field.format);
    if (!primitive) refuse_type(field, field.format);
    return view(field, *primitive);
  }

 private:
  [[noreturn]] static void refuse_type(const Field& field, std::string_view format) {
    field.refuse("has the type " + describe(format) +
                 "; responses are numbers, Booleans, dates, text or dictionary-coded text");
  }

  /// Validity of the field's rows, starting at bit `lead`.
  const std::uint8_t* keep_validity(const Field& field, std::int64_t lead) {
    const Keeper<std::uint8_t> bits(owned_, static_cast<std::size_t>((lead + field.length + 7) / 8));
    for (std::int64_t row = 0; row < field.length; ++row) {
      const std::int64_t at = lead + row;
      if (field.valid(row)) bits.data()[at >> 3] = static_cast<std::uint8_t>(bits.data()[at >> 3] | (1U << (at & 7)));
    }
    return bits.data();
  }

  /// A column of values that were converted, one a row.
  Column converted(const Field& field, ColumnType type, const void* values) {
    Column column;
    column.name = field.name;
    column.type = type;
    column.values = values;
    column.length = field.length;
    if (field.may_miss()) column.validity = keep_validity(field, 0);
    return column;
  }

  /// The values where they are.
  Column view(const Field& field, const Primitive& primitive) {
    Column column;
    column.name = field.name;
    column.type = primitive.type;
    column.length = field.length;
    column.values = field.array.buffers[1];
    column.validity = field.validity;
    column.offset = field.first;
    if (field.rows && field.length > 0) {
      // Rows missing as a whole: the validity is joined in a copy, so that values start at the byte before the first.
      const std::int64_t lead = field.first & 7, start = field.first - lead;
      column.values = static_cast<const std::uint8_t*>(column.values) +
                      (primitive.width == 0 ? start / 8 : start * primitive.width);
      column.validity = keep_validity(field, lead);
      column.offset = lead;
    }
    return column;
  }

  Column to_days(const Field& field, std::int64_t per_day) {
    const Keeper<std::int32_t> days(owned_, static_cast<std::size_t>(field.length));
    const auto* values = static_cast<const std::int64_t*>(field.array.buffers[1]) + field.first;
    for (std::int64_t row = 0; row < field.length; ++row) {
      if (!field.valid(row)) continue;
      const std::int64_t day = values[row] / per_day;
      if (values[row] % per_day != 0) field.refuse("holds times of day; a date is a whole day");
      if (day < std::numeric_limits<std::int32_t>::min() || day > std::numeric_limits<std::int32_t>::max()) {
        field.refuse("holds dates that are out of range");
      }
      days.data()[row] = static_cast<std::int32_t>(day);
    }
    return converted(field, ColumnType::date32, days.data());
  }

  Column code_texts(const Field& field) {
    const Keeper<std::int32_t> codes(owned_, static_cast<std::size_t>(field.length));
    const detail::Texts texts(field.format, field.array);
    TextNumbers numbers;
    for (std::int64_t row = 0; row < field.length; ++row) {
      if (field.valid(row)) codes.data()[row] = numbers.number_of(texts.at(field.first + row));
    }
    Column column = converted(field, ColumnType::int32, codes.data());
    column.coded = true;
    column.dictionary = std::move(numbers).take_texts();
    if (column.dictionary.empty()) column.dictionary.emplace_back();
    return column;
  }

  Column all_missing(const Field& field) {
    Column column;
    column.name = field.name;
    column.type = ColumnType::int8;
    column.values = Keeper<std::int8_t>(owned_, static_cast<std::size_t>(field.length)).data();
    column.length = field.length;
    column.coded = true;
    column.dictionary = {""};
    return column;
  }

  Column import_dictionary(const Field& field) {
    const ArrowArray& words = *field.array.dictionary;
    const std::string_view format = field.schema.dictionary->format;
    const Primitive* index = find_primitive(field.format);
    if (!index || !detail::is_text(format)) field.refuse("is dictionary-coded, but its dictionary is not text");
    Column column = view(field, *index);
    column.coded = true;
    const detail::Texts texts(format, words);
    const std::uint8_t* validity = validity_of(words);
    column.dictionary.reserve(static_cast<std::size_t>(words.length));
    for (std::int64_t i = 0; i < words.length; ++i) {
      const bool valid = !validity || bit(validity, words.offset + i);
      column.dictionary.emplace_back(valid ? texts.at(words.offset + i) : std::string_view());
    }
    return column;
  }

  std::vector<std::shared_ptr<void>>& owned_;
};

}  // namespace

ImportedCaseload import_caseload(const ArrowSchema& schema, const ArrowArray& batch,
                                 const std::vector<std::string>& names) {
  if (std::string_view(schema.format) != "+s") throw UsageError("a caseload is a record batch (a struct array)");
  if (schema.n_children != batch.n_children) throw UsageError("the record batch does not fit its schema");
  ImportedCaseload result;
  Importer importer(result.owned);
  std::vector<Column> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field_schema = *schema.children[i];
    const ArrowArray& array = *batch.children[i];
    const std::string name = field_schema.name ? field_schema.name : "";
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
    if (array.length < batch.offset + batch.length) throw UsageError("column '" + name + "' is shorter than its batch");
    columns.push_back(importer.import({name, field_schema.format, field_schema, array, array.offset + batch.offset,
                                       batch.length, validity_of(array), validity_of(batch), batch.offset}));
  }
  // A caseload without columns would have no rows.
  if (columns.empty() && batch.length > 0) throw UsageError("the table has none of the columns that are asked for");
  result.caseload = Caseload(std::move(columns));
  return result;
}

}  // namespace appraise
