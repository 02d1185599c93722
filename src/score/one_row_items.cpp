// The answer to an item in one row.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "plan/compiler.hpp"
#include "score/one_row.hpp"

namespace appraise::detail {

namespace {

/// How a cell that is a truth lies in memory.
struct ByteTruth {};
struct BitTruth {};

template <class Number>
Number read(const RowItem& item, Number) {
  Number x;
  std::memcpy(&x, item.cell, sizeof x);
  return x;
}
std::int8_t read(const RowItem& item, ByteTruth) { return *item.cell != std::byte{0} ? 1 : 0; }
std::int8_t read(const RowItem& item, BitTruth) {
  return static_cast<std::int8_t>((std::to_integer<unsigned>(*item.cell) >> item.bit) & 1U);
}

bool is_valid(const RowItem& item) noexcept {
  return item.validity == nullptr || ((unsigned{*item.validity} >> item.bit) & 1U) != 0;
}

/// Number of an entry of the dictionary, or that of none.
template <class Number>
std::size_t entry_of(const Decoder& decoder, Number x, std::size_t unknown) {
  if constexpr (std::is_integral_v<Number>) {
    const bool known = x >= 0 && static_cast<std::uint64_t>(x) < static_cast<std::uint64_t>(decoder.cuts);
    return known ? static_cast<std::size_t>(x) : unknown;
  }
  return unknown;
}

/// How many cuts a number has reached, or the piece of what is no answer.
template <class Number>
std::size_t piece_of(const Decoder& decoder, Number x) {
  if (decoder.coded) return entry_of(decoder, x, Decoder::invalid_piece);
  if constexpr (std::is_integral_v<Number>) {
    if (decoder.narrow && static_cast<double>(x) > whole_limit && decoder.beyond < 0) return 0;
  } else {
    if (std::isnan(x)) return Decoder::missing_piece;
    if (decoder.whole && x != std::trunc(x)) return Decoder::invalid_piece;
  }
  std::size_t reached = 0;
  for (int k = 0; k < decoder.cuts; ++k) {
    reached += static_cast<double>(x) >= decoder.cut[static_cast<std::size_t>(k)] ? 1 : 0;
  }
  return reached;
}

/// Fills the registers that follow from a piece, and the one that has the number itself.
template <class Number>
void put_piece(Row& row, const RowItem& item, Number x, std::size_t piece) {
  const RowValue* held = item.held + piece * static_cast<std::size_t>(item.count);
  for (int i = 0; i < item.count; ++i) row[item.outs[i]] = held[i];
  if (item.copied == no_register || row[item.copied].flags != 0) return;
  row[item.copied].value = static_cast<double>(x);
}

template <class Cell>
void load_few(Row& row, const void* of) {
  const RowItem& item = *static_cast<const RowItem*>(of);
  const auto x = read(item, Cell());
  put_piece(row, item, x, is_valid(item) ? piece_of(*item.decoder, x) : std::size_t{Decoder::missing_piece});
}

/// A byte where the cuts are neighbours: how far it is above what is below them.
void load_near(Row& row, const void* of) {
  const RowItem& item = *static_cast<const RowItem*>(of);
  const auto x = read(item, std::int8_t{});
  const int within = std::clamp<int>(x, item.lowest, item.highest) - item.lowest;
  put_piece(row, item, x, is_valid(item) ? static_cast<std::size_t>(within) : std::size_t{Decoder::missing_piece});
}

void put_answer(Row& row, const RowItem& item, const Cell& cell, double points) {
  if (item.response != no_register) row.put(item.response, cell.response, cell.flags);
  if (item.points != no_register) row.put(item.points, points, cell.flags);
}

template <class Cell>
void load_entry(Row& row, const void* of) {
  const RowItem& item = *static_cast<const RowItem*>(of);
  const Decoder& decoder = *item.decoder;
  const auto unknown = static_cast<std::size_t>(decoder.unknown()),
             missing = static_cast<std::size_t>(decoder.missing());
  const std::size_t entry = is_valid(item) ? entry_of(decoder, read(item, Cell()), unknown) : missing;
  put_answer(row, item, {decoder.responses[entry], decoder.flags[entry]}, decoder.points[entry]);
}

template <class Cell>
void load_singly(Row& row, const void* of) {
  const RowItem& item = *static_cast<const RowItem*>(of);
  const Decoder& decoder = *item.decoder;
  detail::Cell cell{0, flag_missing};
  if (is_valid(item)) cell = decode_cell(*item.planned, static_cast<double>(read(item, Cell())));
  if (cell.flags == flag_missing) {
    return put_answer(row, item, {decoder.responses.front(), decoder.flags.front()}, decoder.points.front());
  }
  const bool has_points = cell.flags == 0 && item.points != no_register;
  put_answer(row, item, cell, has_points ? points_of(*item.planned, cell.response) : 0);
}

template <class Cell>
RowStep step_of(const RowItem& item) {
  switch (item.decoder->way) {
    case Decoder::Way::few:
      return {load_few<Cell>, &item};
    case Decoder::Way::entries:
      return {load_entry<Cell>, &item};
    default:
      return {load_singly<Cell>, &item};
  }
}

}  // namespace

RowStep row_step(const RowItem& item) {
  const Decoder& decoder = *item.decoder;
  switch (decoder.type) {
    case ColumnType::int8:
      if (decoder.way == Decoder::Way::few && decoder.neighbours && !decoder.coded) return {load_near, &item};
      return step_of<std::int8_t>(item);
    case ColumnType::int16:
      return step_of<std::int16_t>(item);
    case ColumnType::int32:
    case ColumnType::date32:
      return step_of<std::int32_t>(item);
    case ColumnType::int64:
      return step_of<std::int64_t>(item);
    case ColumnType::uint8:
      return step_of<std::uint8_t>(item);
    case ColumnType::uint16:
      return step_of<std::uint16_t>(item);
    case ColumnType::uint32:
      return step_of<std::uint32_t>(item);
    case ColumnType::uint64:
      return step_of<std::uint64_t>(item);
    case ColumnType::float32:
      return step_of<float>(item);
    case ColumnType::float64:
      return step_of<double>(item);
    case ColumnType::boolean_bytes:
      return step_of<ByteTruth>(item);
    case ColumnType::boolean_bits:
      break;
  }
  return step_of<BitTruth>(item);
}

}  // namespace appraise::detail
