// The pieces that the cells of a tile fall into, for each instruction set.
#if defined(APPRAISE_SCORE_PIECES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_PIECES_INL_HPP
#undef APPRAISE_SCORE_PIECES_INL_HPP
#else
#define APPRAISE_SCORE_PIECES_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstring>
#include <limits>

#include "score/cells.hpp"
#include "score/narrow-inl.hpp"
#include "score/sweep.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using TileTag = hn::CappedTag<std::uint8_t, lane_rows>;
using SignedTileTag = hn::CappedTag<std::int8_t, lane_rows>;
using TileVector = hn::Vec<TileTag>;

/// Calls `use` with the first row of every vector of bytes of `n` rows.
template <class Use>
HWY_INLINE void each_vector(int n, Use use) {
  for (int row = 0; row < n; row += static_cast<int>(hn::Lanes(TileTag()))) use(row);
}

/// One bit for each lane.
template <class D, class Mask>
HWY_INLINE std::uint64_t bits_of(D d, Mask mask) {
#if HWY_TARGET == HWY_SCALAR
  static_cast<void>(d);
  return mask.bits != 0 ? 1 : 0;
#else
  std::uint8_t bits[8] = {};
  hn::StoreMaskBits(d, mask, bits);
  std::uint64_t word;
  std::memcpy(&word, bits, sizeof word);
  return word;
#endif
}

/// One byte where the bit of a row is set, another where it is not.
HWY_INLINE TileVector choose_by_bits(const std::uint8_t* bits, int row, TileVector set, TileVector clear) {
#if HWY_TARGET == HWY_SCALAR
  return ((bits[row / 8] >> (row % 8)) & 1) != 0 ? set : clear;
#else
  return hn::IfThenElse(hn::LoadMaskBits(TileTag(), bits + row / 8), set, clear);
#endif
}
HWY_INLINE TileVector choose_by_bits(const std::uint64_t* words, int row, TileVector set, TileVector clear) {
  return choose_by_bits(reinterpret_cast<const std::uint8_t*>(words), row, set, clear);
}

using TileWords = std::uint64_t[tile_rows / 64];

/// The cells as they lie, or a copy that is filled up where they are less than a tile, or not aligned.
template <class Number>
const Number* cells_of(const Column& column, std::int64_t from, int rows, int n, Number (&copy)[tile_rows]) {
  const auto* bytes = static_cast<const std::byte*>(column.values) + static_cast<std::size_t>(from) * sizeof(Number);
  if (rows == n && reinterpret_cast<std::uintptr_t>(bytes) % alignof(Number) == 0) {
    return reinterpret_cast<const Number*>(bytes);
  }
  std::memcpy(copy, bytes, static_cast<std::size_t>(rows) * sizeof(Number));
  std::fill(copy + rows, copy + n, Number{0});
  return copy;
}

/// How many cuts each byte has reached.
void count_cuts(const Decoder& decoder, int cuts, const std::int8_t* x, int n, std::uint8_t* piece) {
  const SignedTileTag s;
  if (decoder.neighbours) {
    const auto lowest = hn::Set(s, decoder.lowest), highest = hn::Set(s, decoder.highest);
    each_vector(n, [&](int row) HWY_ATTR {
      const auto clamped = hn::Min(hn::Max(hn::LoadU(s, x + row), lowest), highest);
      hn::StoreU(hn::Sub(clamped, lowest), s, reinterpret_cast<std::int8_t*>(piece) + row);
    });
    return;
  }
  std::int8_t below[Decoder::most_cuts];  // the greatest byte below each cut
  for (int k = 0; k < cuts; ++k) {
    below[k] = static_cast<std::int8_t>(std::min(decoder.cut[static_cast<std::size_t>(k)], byte_limit) - 1);
  }
  each_vector(n, [&](int row) HWY_ATTR {
    const auto given = hn::LoadU(s, x + row);
    auto reached = hn::Zero(s);
    for (int k = 0; k < cuts; ++k) {
      reached = hn::Sub(reached, hn::VecFromMask(s, hn::Gt(given, hn::Set(s, below[k]))));
    }
    hn::StoreU(reached, s, reinterpret_cast<std::int8_t*>(piece) + row);
  });
}

/// Real numbers whose cuts are whole and fit bytes, but perhaps the last.
template <class Number>
void read_reals(const Decoder& decoder, const Number* x, int n, std::uint8_t* piece) {
  const hn::ScalableTag<Number> d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  const auto least = hn::Set(d, Number{-128}), most = hn::Set(d, static_cast<Number>(byte_limit - 1));
  const int near_cuts = decoder.cuts - (decoder.far_cut ? 1 : 0);
  const auto far = hn::Set(d, decoder.far_cut ? static_cast<Number>(decoder.cut[static_cast<std::size_t>(near_cuts)])
                                              : std::numeric_limits<Number>::infinity());
  std::int8_t bytes[tile_rows];
  TileWords odd = {}, beyond = {};
  const hn::Rebind<std::int32_t, decltype(d)> wholes;
  const hn::Rebind<std::int8_t, decltype(d)> narrow;
  for (int row = 0; row < n; row += lanes) {
    const auto given = hn::LoadU(d, x + row);
    const auto floor = hn::Floor(given);
    const auto plain = hn::Eq(given, decoder.whole ? floor : given);
    odd[row / 64] |= bits_of(d, hn::Not(plain)) << (row % 64);
    if (decoder.far_cut) beyond[row / 64] |= bits_of(d, hn::Ge(given, far)) << (row % 64);
    const auto clamped = hn::Max(hn::Min(floor, most), least);
    if constexpr (sizeof(Number) == 8) {
      hn::StoreU(hn::DemoteTo(narrow, hn::DemoteTo(wholes, clamped)), narrow, bytes + row);
    } else {
      hn::StoreU(hn::DemoteTo(narrow, hn::ConvertTo(wholes, clamped)), narrow, bytes + row);
    }
  }
  count_cuts(decoder, near_cuts, bytes, n, piece);
  std::uint64_t any_odd = 0, any_beyond = 0;
  for (const std::uint64_t word : odd) any_odd |= word;
  for (const std::uint64_t word : beyond) any_beyond |= word;
  if ((any_odd | any_beyond) == 0) return;
  const TileTag t;
  TileWords nothing = {};
  for (int row = 0; row < n; row += lanes) {
    const auto given = hn::LoadU(d, x + row);
    nothing[row / 64] |= bits_of(d, hn::Not(hn::Eq(given, given))) << (row % 64);
  }
  const auto last = hn::Set(t, static_cast<std::uint8_t>(decoder.cuts));
  const auto invalid = hn::Set(t, std::uint8_t{Decoder::invalid_piece});
  const auto missing = hn::Set(t, std::uint8_t{Decoder::missing_piece});
  each_vector(n, [&](int row) HWY_ATTR {
    auto own = choose_by_bits(beyond, row, last, hn::LoadU(t, piece + row));
    own = choose_by_bits(odd, row, invalid, own);
    hn::StoreU(choose_by_bits(nothing, row, missing, own), t, piece + row);
  });
}

/// Entries of a dictionary; those that it does not have are unknown.
template <class Number>
void read_entries(const Decoder& decoder, const Number* x, int n, std::uint8_t* piece) {
  using Entry = std::make_unsigned_t<std::conditional_t<std::is_integral_v<Number>, Number, std::int32_t>>;
  const auto* entries = reinterpret_cast<const Entry*>(x);  // one below 0 becomes large
  const auto unknown = static_cast<Entry>(decoder.unknown());
  for (int row = 0; row < n; ++row) {
    piece[row] = static_cast<std::uint8_t>(std::min(entries[row], unknown));
  }
}

void read_truths(const Decoder& decoder, const std::uint8_t* truths, int n, std::uint8_t* piece) {
  count_cuts(decoder, decoder.cuts, reinterpret_cast<const std::int8_t*>(truths), n, piece);
}

template <class Number>
void read_numbers(const Decoder& decoder, const Column& column, std::int64_t from, int rows, int n,
                  std::uint8_t* piece) {
  Number copy[tile_rows];
  const Number* x = cells_of(column, from, rows, n, copy);
  if constexpr (std::is_floating_point_v<Number>) {
    read_reals(decoder, x, n, piece);
  } else if (decoder.coded) {
    read_entries(decoder, x, n, piece);
  } else if constexpr (std::is_same_v<Number, std::int8_t>) {
    count_cuts(decoder, decoder.cuts, x, n, piece);
  } else {
    std::int8_t bytes[tile_rows];
    narrow(decoder, x, n, bytes);
    count_cuts(decoder, decoder.cuts, bytes, n, piece);
  }
}

/// Bits of the rows of a tile; those behind them are 0.
HWY_INLINE void read_bits(const std::uint8_t* bits, std::int64_t from, int rows, TileWords& words) {
  if (from % 8 == 0 && rows == tile_rows) {
    std::memcpy(words, bits + from / 8, sizeof words);
    return;
  }
  for (int row = 0; row < rows; row += 64) {
    words[row / 64] = bits_at(bits, from + row, rows - row < 64 ? rows - row : 64);
  }
}

HWY_INLINE void mark_missing(const Decoder& decoder, std::int64_t first, int rows, int n, std::uint8_t* piece) {
  const Column& column = *decoder.column;
  if (column.validity == nullptr) return;
  const TileTag t;
  TileWords valid = {};
  read_bits(column.validity, column.offset + first, rows, valid);
  const auto missing = hn::Set(t, static_cast<std::uint8_t>(decoder.missing()));
  each_vector(n, [&](int row) HWY_ATTR {
    hn::StoreU(choose_by_bits(valid, row, hn::LoadU(t, piece + row), missing), t, piece + row);
  });
}

void read_true_bits(const Decoder& decoder, const Column& column, std::int64_t from, int rows, int n,
                    std::uint8_t* piece) {
  const TileTag t;
  TileWords words = {};
  read_bits(static_cast<const std::uint8_t*>(column.values), from, rows, words);
  std::uint8_t truths[tile_rows];
  each_vector(n, [&](int row) HWY_ATTR {
    hn::StoreU(choose_by_bits(words, row, hn::Set(t, std::uint8_t{1}), hn::Zero(t)), t, truths + row);
  });
  read_truths(decoder, truths, n, piece);
}

void read_true_bytes(const Decoder& decoder, const Column& column, std::int64_t from, int rows, int n,
                     std::uint8_t* piece) {
  const TileTag t;
  std::uint8_t copy[tile_rows];
  const std::uint8_t* x = cells_of(column, from, rows, n, copy);
  std::uint8_t truths[tile_rows];
  each_vector(n, [&](int row) HWY_ATTR {
    hn::StoreU(hn::Min(hn::LoadU(t, x + row), hn::Set(t, std::uint8_t{1})), t, truths + row);
  });
  read_truths(decoder, truths, n, piece);
}

void read_pieces(const Decoder& decoder, std::int64_t first, int rows, int n, std::uint8_t* piece) {
  const Column& column = *decoder.column;
  const std::int64_t from = column.offset + first;
  switch (column.type) {
    case ColumnType::int8:
      read_numbers<std::int8_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::int16:
      read_numbers<std::int16_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::int32:
    case ColumnType::date32:
      read_numbers<std::int32_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::int64:
      read_numbers<std::int64_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::uint8:
      read_numbers<std::uint8_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::uint16:
      read_numbers<std::uint16_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::uint32:
      read_numbers<std::uint32_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::uint64:
      read_numbers<std::uint64_t>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::float32:
      read_numbers<float>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::float64:
      read_numbers<double>(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::boolean_bits:
      read_true_bits(decoder, column, from, rows, n, piece);
      break;
    case ColumnType::boolean_bytes:
      read_true_bytes(decoder, column, from, rows, n, piece);
      break;
  }
  mark_missing(decoder, first, rows, n, piece);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
