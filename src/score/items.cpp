#include <cmath>
#include <cstring>

#include "appraise/diagnostic.hpp"
#include "plan/compiler.hpp"
#include "score/run.hpp"

namespace appraise::detail {

namespace {

std::string_view name_of(ItemKind kind) {
  switch (kind) {
    case ItemKind::choice:
      return "a choice (option codes as text, or their values as whole numbers)";
    case ItemKind::yes_no:
      return "yes/no (text, Boolean, or 0 and 1)";
    case ItemKind::count:
      return "a count (whole numbers)";
    case ItemKind::number:
      return "a number";
    case ItemKind::date:
      return "a date";
    case ItemKind::code:
      return "a code (text)";
  }
  return "";
}

/// Whether an item can be given in a column of this type.
bool accepts(ItemKind kind, const Column& column) {
  if (column.coded) return true;
  const bool date = column.type == ColumnType::date32;
  const bool truth = column.type == ColumnType::boolean_bits || column.type == ColumnType::boolean_bytes;
  switch (kind) {
    case ItemKind::date:
      return date;
    case ItemKind::code:
      return false;
    case ItemKind::yes_no:
      return !date;
    default:
      return !date && !truth;
  }
}

BoundColumn bind_one(const PlannedItem& item, const Caseload& caseload) {
  BoundColumn bound;
  bound.column = caseload.find(item.column);
  if (bound.column == nullptr) {
    if (item.item->optional) return bound;
    throw UsageError("column '" + item.column + "' is absent; it is needed for: " + item.item->label);
  }
  if (!accepts(item.item->kind, *bound.column)) {
    throw UsageError("column '" + item.column + "' has a type that its item cannot be given in; expected " +
                     std::string(name_of(item.item->kind)));
  }
  for (const std::string& text : bound.column->dictionary) {
    bound.blank.push_back(text.empty() ? 1 : 0);
    bound.dictionary.push_back(decode(item, {Response::Kind::text, 0, text}));
  }
  return bound;
}

template <class T>
T read_as(const Column& column, std::int64_t row) {
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(column.values) + static_cast<std::size_t>(row) * sizeof(T),
              sizeof(T));
  return value;
}

/// What a row's cell holds: a response, nothing (missing), or something that is not a response (invalid).
struct Cell {
  double response = 0;
  std::uint8_t flags = 0;
};

Cell decoded(const PlannedItem& item, double number) {
  if (std::isnan(number)) return {0, flag_missing};
  const auto response = decode(item, {Response::Kind::number, number, {}});
  return response ? Cell{*response, 0} : Cell{0, flag_invalid};
}

template <class T>
Cell read_cell(const PlannedItem& item, const BoundColumn& bound, std::int64_t row) {
  const Column& column = *bound.column;
  if (!column.coded) return decoded(item, static_cast<double>(read_as<T>(column, row)));
  const T entry = read_as<T>(column, row);
  if (!(entry >= 0) || static_cast<std::size_t>(entry) >= bound.dictionary.size()) return {0, flag_invalid};
  const auto position = static_cast<std::size_t>(entry);
  if (bound.blank[position] != 0) return {0, flag_missing};
  const auto& response = bound.dictionary[position];
  return response ? Cell{*response, 0} : Cell{0, flag_invalid};
}

Cell cell_of(const PlannedItem& item, const BoundColumn& bound, std::int64_t row) {
  if (bound.column == nullptr) return {0, flag_missing};
  const Column& column = *bound.column;
  const std::int64_t at = column.offset + row;
  if (column.validity != nullptr && ((column.validity[at >> 3] >> (at & 7)) & 1) == 0) return {0, flag_missing};
  switch (column.type) {
    case ColumnType::int8:
      return read_cell<std::int8_t>(item, bound, at);
    case ColumnType::int16:
      return read_cell<std::int16_t>(item, bound, at);
    case ColumnType::int32:
    case ColumnType::date32:
      return read_cell<std::int32_t>(item, bound, at);
    case ColumnType::int64:
      return read_cell<std::int64_t>(item, bound, at);
    case ColumnType::uint8:
      return read_cell<std::uint8_t>(item, bound, at);
    case ColumnType::uint16:
      return read_cell<std::uint16_t>(item, bound, at);
    case ColumnType::uint32:
      return read_cell<std::uint32_t>(item, bound, at);
    case ColumnType::uint64:
      return read_cell<std::uint64_t>(item, bound, at);
    case ColumnType::float32:
      return decoded(item, static_cast<double>(read_as<float>(column, at)));
    case ColumnType::float64:
      return decoded(item, read_as<double>(column, at));
    case ColumnType::boolean_bits:
      return decoded(item, (static_cast<const std::uint8_t*>(column.values)[at >> 3] >> (at & 7)) & 1);
    case ColumnType::boolean_bytes:
      return decoded(item, static_cast<const std::uint8_t*>(column.values)[at] != 0 ? 1 : 0);
  }
  return {0, flag_invalid};
}

void put(Block& block, Register out, int row, double value, std::uint8_t flags) {
  if ((flags & unusable_flags) != 0) value = 0;
  if (block.is_real(out)) {
    block.reals(out)[row] = value;
  } else {
    block.wholes(out)[row] = static_cast<std::int32_t>(value);
  }
  block.flags(out)[row] = flags;
}

/// Response and points of a cell where the item applies.
void put_applying(Block& block, const LoadItem& load, const PlannedItem& item, int row, Cell cell,
                  std::uint8_t joined) {
  std::uint8_t fault = 0;
  if ((cell.flags & flag_missing) != 0 && item.substitute) {
    cell = {*item.substitute, flag_omitted};
    fault = fault_substituted;
  } else if ((cell.flags & flag_missing) != 0) {
    fault = fault_missing;
  } else if ((cell.flags & flag_invalid) != 0) {
    fault = fault_invalid;
  }
  block.faults(load.item)[row] = fault;
  const auto flags = static_cast<std::uint8_t>(cell.flags | joined);
  put(block, load.response, row, cell.response, flags);
  if (load.points != no_register) {
    put(block, load.points, row, (flags & unusable_flags) == 0 ? points_of(item, cell.response) : 0, flags);
  }
}

/// The same where it does not apply, or where that cannot be decided.
void put_not_applying(Block& block, const LoadItem& load, const PlannedItem& item, int row, Cell cell, bool undecided,
                      std::uint8_t joined) {
  std::uint8_t& fault = block.faults(load.item)[row];
  if (undecided) {
    fault = fault_missing | ((cell.flags & flag_invalid) != 0 ? fault_invalid : 0);
    const auto flags = static_cast<std::uint8_t>(joined | flag_missing | (cell.flags & flag_invalid));
    put(block, load.response, row, 0, flags);
    put(block, load.points, row, 0, flags);
    block.given_points(load.item)[row] =
        cell.flags == 0 ? points_of(item, cell.response) : std::numeric_limits<double>::quiet_NaN();
    return;
  }
  const double points = item.item->points_if_not_applicable;
  const bool answered = cell.flags == 0 && points_of(item, cell.response) != points;
  if (answered || (cell.flags & flag_invalid) != 0) {
    fault = answered ? fault_inapplicable : fault_invalid;
    put(block, load.response, row, 0, flag_invalid);
    put(block, load.points, row, 0, flag_invalid);
    return;
  }
  fault = fault_missing;
  put(block, load.response, row, 0, flag_missing);
  put(block, load.points, row, points, 0);
}

}  // namespace

std::vector<BoundColumn> bind(const Plan& plan, const Caseload& caseload) {
  std::vector<BoundColumn> columns;
  columns.reserve(plan.items.size());
  for (const PlannedItem& item : plan.items) columns.push_back(bind_one(item, caseload));
  return columns;
}

void load_item(Block& block, const LoadItem& load, const BoundColumn& column, std::int64_t first) {
  const PlannedItem& item = block.plan().items[static_cast<std::size_t>(load.item)];
  for (int row = 0; row < block.rows(); ++row) {
    const Cell cell = cell_of(item, column, first + row);
    if (load.applies == no_register) {
      put_applying(block, load, item, row, cell, 0);
      continue;
    }
    const std::uint8_t condition = block.flags(load.applies)[row];
    const bool undecided = (condition & unusable_flags) != 0;
    if (!undecided && block.wholes(load.applies)[row] != 0) {
      put_applying(block, load, item, row, cell, 0);
    } else {
      put_not_applying(block, load, item, row, cell, undecided, static_cast<std::uint8_t>(condition & unusable_flags));
    }
  }
}

}  // namespace appraise::detail
