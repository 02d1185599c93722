#include "reference/column_form.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "reference/calendar.hpp"

namespace appraise::testing {
namespace {

constexpr std::array numeric_types{ColumnType::int8,    ColumnType::int16,  ColumnType::int32,  ColumnType::int64,
                                   ColumnType::uint8,   ColumnType::uint16, ColumnType::uint32, ColumnType::uint64,
                                   ColumnType::float32, ColumnType::float64};

bool is_float(ColumnType type) { return type == ColumnType::float32 || type == ColumnType::float64; }
bool is_boolean(ColumnType type) { return type == ColumnType::boolean_bits || type == ColumnType::boolean_bytes; }

/// Calls `f` with a zero of the type that a cell has.
template <typename Function>
auto with_type(ColumnType type, Function f) {
  switch (type) {
    case ColumnType::int8:
      return f(std::int8_t{});
    case ColumnType::int16:
      return f(std::int16_t{});
    case ColumnType::int64:
      return f(std::int64_t{});
    case ColumnType::uint8:
      return f(std::uint8_t{});
    case ColumnType::uint16:
      return f(std::uint16_t{});
    case ColumnType::uint32:
      return f(std::uint32_t{});
    case ColumnType::uint64:
      return f(std::uint64_t{});
    case ColumnType::float32:
      return f(float{});
    case ColumnType::float64:
      return f(double{});
    default:
      return f(std::int32_t{});
  }
}

bool holds_number(ColumnType type, double x) {
  if (is_boolean(type)) return x == 0 || x == 1;
  return with_type(type, [x](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_floating_point_v<T>) {
      return std::isnan(x) || static_cast<double>(static_cast<T>(x)) == x;
    } else {
      const double bound = std::ldexp(1.0, std::numeric_limits<T>::digits);  // first that is too large
      const double least = std::numeric_limits<T>::is_signed ? -bound : 0;
      return x == std::trunc(x) && x >= least && x < bound;
    }
  });
}

std::string text_of(double x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

Response number(double x) { return {Response::Kind::number, x, {}}; }
Response text(std::string text) { return {Response::Kind::text, 0, std::move(text)}; }

/// The number that stands for the text of a choice or of yes/no, or for a date.
std::optional<double> number_for(const Item& item, const std::string& response) {
  for (const Option& option : item.options)
    if (option.code == response) return option.value;
  return item.kind == ItemKind::date ? reference::parse_date(response) : std::nullopt;
}

void set_bit(std::vector<std::uint8_t>& bits, std::size_t at, bool value) {
  const auto mask = static_cast<std::uint8_t>(1U << (at & 7));
  bits[at >> 3] = static_cast<std::uint8_t>(value ? bits[at >> 3] | mask : bits[at >> 3] & ~mask);
}

void write(ColumnType type, void* values, std::size_t at, double x) {
  auto* const bytes = static_cast<std::uint8_t*>(values);
  if (type == ColumnType::boolean_bytes) {
    bytes[at] = x != 0;
  } else if (type == ColumnType::boolean_bits) {
    const auto mask = static_cast<std::uint8_t>(1U << (at & 7));
    bytes[at >> 3] = static_cast<std::uint8_t>(x != 0 ? bytes[at >> 3] | mask : bytes[at >> 3] & ~mask);
  } else {
    with_type(type, [&](auto zero) {
      const auto value = static_cast<decltype(zero)>(x);
      std::memcpy(bytes + at * sizeof value, &value, sizeof value);
    });
  }
}

/// The number that a cell holds: itself, days, or an index into the dictionary.
class Cells {
 public:
  Cells(Random& random, const Form& form, Column& column) : random_(random), form_(form), column_(column) {}

  double of(const Response& response) {
    if (!form_.coded)
      return response.kind == Response::Kind::text ? *reference::parse_date(response.text) : response.number;
    const auto [entry, is_new] = entries_.emplace(response.text, static_cast<double>(column_.dictionary.size()));
    if (is_new) column_.dictionary.push_back(response.text);
    return entry->second;
  }
  /// A value that says "missing" by itself, or nothing if this one has to be null.
  std::optional<double> of_missing() {
    if (form_.coded && random_.chance(40)) return of(text(""));
    if (!form_.coded && is_float(form_.type) && random_.chance(40)) return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
  }

 private:
  Random& random_;
  const Form& form_;
  Column& column_;
  std::unordered_map<std::string, double> entries_;
};

}  // namespace

std::vector<Form> forms_of(const Item& item) {
  std::vector<Form> forms{{ColumnType::int32, true}, {ColumnType::int32, true}};
  if (item.kind == ItemKind::date) forms.push_back({ColumnType::date32, false});
  if (item.kind == ItemKind::code || item.kind == ItemKind::date) return forms;
  for (const ColumnType type : numeric_types) forms.push_back({type, false});
  if (item.kind != ItemKind::yes_no) return forms;
  for (const ColumnType type : {ColumnType::boolean_bits, ColumnType::boolean_bytes}) {
    forms.push_back({type, false});
    forms.push_back({type, false});
  }
  return forms;
}

std::optional<Response> held(const Form& form, const Item& item, const Response& response) {
  if (response.kind == Response::Kind::none) return response;
  if (form.coded) return response.kind == Response::Kind::text ? response : text(text_of(response.number));
  if (form.type == ColumnType::date32)
    return reference::parse_date(response.text) ? std::optional(response) : std::nullopt;
  const std::optional<double> x =
      response.kind == Response::Kind::text ? number_for(item, response.text) : std::optional(response.number);
  return x && holds_number(form.type, *x) ? std::optional(number(*x)) : std::nullopt;
}

std::unique_ptr<OwnedColumn> column_of(Random& random, const std::string& name, const Form& form,
                                       std::vector<Response> responses) {
  auto owned = std::make_unique<OwnedColumn>();
  Column& column = owned->column;
  const std::size_t offset = random.chance(50) ? 0 : random.below(70);
  const std::size_t rows = responses.size();
  std::vector<double> cells(offset + rows);
  owned->validity.assign((offset + rows + 7) / 8, 0xFF);
  bool any_null = false;
  Cells values(random, form, column);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool missing = responses[i].kind == Response::Kind::none;
    const std::optional<double> cell = missing ? values.of_missing() : values.of(responses[i]);
    cells[offset + i] = cell.value_or(form.coded && column.dictionary.empty() ? 0 : random.below(2));
    set_bit(owned->validity, offset + i, cell.has_value());
    any_null = any_null || !cell;
  }
  if (form.coded && column.dictionary.size() < 2) column.dictionary.resize(2, "not used");
  column.type = form.type;
  while (form.coded) {  // any whole-number type that holds the indices
    column.type = numeric_types[random.below(8)];
    if (holds_number(column.type, static_cast<double>(column.dictionary.size()))) break;
  }
  owned->values.resize(cells.size() + 1);
  for (std::size_t i = 0; i < cells.size(); ++i) write(column.type, owned->values.data(), i, cells[i]);
  column.name = name;
  column.values = owned->values.data();
  column.validity = any_null || random.chance(50) ? owned->validity.data() : nullptr;
  column.offset = static_cast<std::int64_t>(offset);
  column.length = static_cast<std::int64_t>(rows);
  column.coded = form.coded;
  owned->responses = std::move(responses);
  return owned;
}

}  // namespace appraise::testing
