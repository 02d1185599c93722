#include <array>
#include <cmath>

#include "appraise/detail/columns.hpp"
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
    const auto response = decode(item, {Response::Kind::text, 0, text});
    bound.responses.push_back(response.value_or(0));
    bound.flags.push_back(text.empty() ? flag_missing : response ? std::uint8_t{0} : flag_invalid);
  }
  return bound;
}

/// What the cells of a block hold: a response, nothing (missing), or something that is not a response (invalid).
struct Cells {
  std::array<double, block_rows> responses;
  std::array<std::uint8_t, block_rows> flags;
};

/// Cells of a block from whatever `number` gives for a row.
template <class Number>
void decode_numbers(const PlannedItem& item, int rows, Cells& cells, Number number) {
  for (int row = 0; row < rows; ++row) {
    const auto i = static_cast<std::size_t>(row);
    const double value = number(row);
    cells.responses[i] = value;
    if (std::isnan(value)) {
      cells.flags[i] = flag_missing;
    } else if (!item.positions.empty()) {  // choice, yes/no
      const auto position = position_of_value(item, value);
      cells.responses[i] = position.value_or(0);
      cells.flags[i] = position ? std::uint8_t{0} : flag_invalid;
    } else {
      cells.flags[i] = is_response(item, value) ? std::uint8_t{0} : flag_invalid;
    }
  }
}

/// Cells of a block from a column of entries of a dictionary.
template <class Entry>
void decode_entries(const BoundColumn& bound, int rows, Cells& cells, Entry entry_of) {
  for (int row = 0; row < rows; ++row) {
    const auto entry = entry_of(row);
    const bool known = entry >= 0 && static_cast<std::uint64_t>(entry) < bound.responses.size();
    const auto i = static_cast<std::size_t>(row);
    cells.responses[i] = known ? bound.responses[static_cast<std::size_t>(entry)] : 0;
    cells.flags[i] = known ? bound.flags[static_cast<std::size_t>(entry)] : flag_invalid;
  }
}

void decode_block(const PlannedItem& item, const BoundColumn& bound, std::int64_t first, int rows, Cells& cells) {
  if (bound.column == nullptr) {
    cells.flags.fill(flag_missing);
    return;
  }
  const Column& column = *bound.column;
  const std::int64_t at = column.offset + first;
  with_numbers(column, [&](const auto& number) {
    if (column.coded) {
      decode_entries(bound, rows, cells, [&](int row) { return number(at + row); });
    } else {
      decode_numbers(item, rows, cells, [&](int row) { return static_cast<double>(number(at + row)); });
    }
  });
  if (column.validity == nullptr) return;
  for (int row = 0; row < rows; ++row) {
    if (!is_valid(column, at + row)) cells.flags[static_cast<std::size_t>(row)] = flag_missing;
  }
}

/// What one cell holds.
struct Cell {
  double response = 0;
  std::uint8_t flags = 0;
};

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
void put_applying(Block& block, const LoadItem& load, const PlannedItem& item, int row, Cell cell) {
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
  const std::uint8_t flags = cell.flags;
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
  Cells cells;
  decode_block(item, column, first, block.rows(), cells);
  for (int row = 0; row < block.rows(); ++row) {
    const Cell cell{cells.responses[static_cast<std::size_t>(row)], cells.flags[static_cast<std::size_t>(row)]};
    if (load.points != no_register) {
      block.given_points(load.item)[row] =
          cell.flags == 0 ? points_of(item, cell.response) : std::numeric_limits<double>::quiet_NaN();
    }
    if (load.applies == no_register) {
      put_applying(block, load, item, row, cell);
      continue;
    }
    const std::uint8_t condition = block.flags(load.applies)[row];
    const bool undecided = (condition & unusable_flags) != 0;
    if (!undecided && block.wholes(load.applies)[row] != 0) {
      put_applying(block, load, item, row, cell);
    } else {
      put_not_applying(block, load, item, row, cell, undecided, static_cast<std::uint8_t>(condition & unusable_flags));
    }
  }
}

}  // namespace appraise::detail
