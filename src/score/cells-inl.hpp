// The cells of a tile as pieces in registers, for each instruction set.
#if defined(APPRAISE_SCORE_CELLS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_CELLS_INL_HPP
#undef APPRAISE_SCORE_CELLS_INL_HPP
#else
#define APPRAISE_SCORE_CELLS_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>

#include "score/pieces-inl.hpp"
#include "score/sweep.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Four vectors of a tile are worked on together, so that none waits for the one before.
constexpr int together = 4;
static_assert(tile_rows % (together * lane_rows) == 0);

/// Bytes as pieces.
HWY_INLINE void to_pieces(const TileSource& source, TileVector& a, TileVector& b, TileVector& c, TileVector& e) {
  const TileTag d;
  const SignedTileTag s;
  const auto each = [&](auto piece) HWY_ATTR {
    a = piece(a);
    b = piece(b);
    c = piece(c);
    e = piece(e);
  };
  if (source.way == TileSource::Way::cuts) {
    const TileVector one = a, two = b, three = c, four = e;
    a = b = c = e = hn::Zero(d);
    for (int k = 0; k < source.cuts; ++k) {
      const auto below = hn::Set(s, source.below[static_cast<std::size_t>(k)]);
      const auto count = [&](TileVector& reached, TileVector given) HWY_ATTR {
        reached = hn::Sub(reached, hn::BitCast(d, hn::VecFromMask(s, hn::Gt(hn::BitCast(s, given), below))));
      };
      count(a, one);
      count(b, two);
      count(c, three);
      count(e, four);
    }
    return;
  }
  const auto lowest = hn::Set(s, source.lowest), highest = hn::Set(s, source.highest);
  const auto from = hn::BitCast(d, lowest), most = hn::Sub(hn::BitCast(d, highest), from);
  if (source.way == TileSource::Way::within) {
    each([=](TileVector given) HWY_ATTR { return hn::Min(hn::Sub(given, from), most); });
  } else {
    each([=](TileVector given) HWY_ATTR {
      return hn::BitCast(d, hn::Sub(hn::Min(hn::Max(hn::BitCast(s, given), lowest), highest), lowest));
    });
  }
}

/// Of four vectors that begin at a row: one byte where the bit of a row is set, else another. `bits` is of row 0.
HWY_INLINE void choose_four(const std::uint8_t* bits, std::size_t row, TileVector set_a, TileVector set_b,
                            TileVector set_c, TileVector set_e, TileVector clear, TileVector& a, TileVector& b,
                            TileVector& c, TileVector& e) {
  const TileTag d;
  const std::size_t lanes = hn::Lanes(d);
  bits += row / 8;
  if constexpr (hn::MaxLanes(d) >= 8) {
    a = hn::IfThenElse(hn::LoadMaskBits(d, bits), set_a, clear);
    b = hn::IfThenElse(hn::LoadMaskBits(d, bits + lanes / 8), set_b, clear);
    c = hn::IfThenElse(hn::LoadMaskBits(d, bits + 2 * lanes / 8), set_c, clear);
    e = hn::IfThenElse(hn::LoadMaskBits(d, bits + 3 * lanes / 8), set_e, clear);
  } else {
    const auto within = static_cast<int>(row % 8);
    const auto step = static_cast<int>(lanes);
    a = choose_by_bits(bits, within, set_a, clear);
    b = choose_by_bits(bits, within + step, set_b, clear);
    c = choose_by_bits(bits, within + 2 * step, set_c, clear);
    e = choose_by_bits(bits, within + 3 * step, set_e, clear);
  }
}

/// The piece of a missing answer where the validity says so.
HWY_INLINE void mark_missing(const TileSource& source, std::int64_t row, TileVector& a, TileVector& b, TileVector& c,
                             TileVector& e) {
  if (source.validity == nullptr) return;
  const auto missing = hn::Set(TileTag(), std::uint8_t{Decoder::missing_piece});
  choose_four(source.validity, static_cast<std::size_t>(row), a, b, c, e, missing, a, b, c, e);
}

/// Pieces of cells that are bytes or bits, from a row on.
HWY_INLINE void read_pieces(const TileSource& source, std::int64_t row, TileVector& a, TileVector& b, TileVector& c,
                            TileVector& e) {
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  if (source.kind != TileSource::Cells::bits) {
    const auto* x = reinterpret_cast<const std::uint8_t*>(source.cells) + row;
    a = hn::LoadU(d, x);
    b = hn::LoadU(d, x + lanes);
    c = hn::LoadU(d, x + 2 * lanes);
    e = hn::LoadU(d, x + 3 * lanes);
    if (source.kind == TileSource::Cells::capped) {
      const auto cap = hn::Set(d, source.cap);
      a = hn::Min(a, cap);
      b = hn::Min(b, cap);
      c = hn::Min(c, cap);
      e = hn::Min(e, cap);
    }
    to_pieces(source, a, b, c, e);
  } else {
    const auto set = hn::Set(d, source.piece_of_true), clear = hn::Set(d, source.piece_of_false);
    const auto* bits = reinterpret_cast<const std::uint8_t*>(source.cells);
    choose_four(bits, static_cast<std::size_t>(row), set, set, set, set, clear, a, b, c, e);
  }
  mark_missing(source, row, a, b, c, e);
}

/// Stores four vectors.
HWY_INLINE void store(TileVector a, TileVector b, TileVector c, TileVector e, std::uint8_t* out) {
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  hn::Store(a, d, out);
  hn::Store(b, d, out + lanes);
  hn::Store(c, d, out + 2 * lanes);
  hn::Store(e, d, out + 3 * lanes);
}

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
/// Where the lanes of packed vectors come from: each block of 128 bits was packed by itself, of as many vectors as a
/// block has lanes.
template <class Lanes>
constexpr auto unpacked_order() {
  constexpr std::size_t lanes = hn::MaxLanes(Lanes()),
                        of_block = std::min<std::size_t>(lanes, 16 / sizeof(hn::TFromD<Lanes>));
  std::array<hwy::MakeUnsigned<hn::TFromD<Lanes>>, lanes> order{};
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::size_t blocks = lanes / of_block;
    order[i] = static_cast<hwy::MakeUnsigned<hn::TFromD<Lanes>>>(i % blocks * of_block + i / blocks);
  }
  return order;
}

/// The same in order, of lanes that belong to the same vector.
template <class Lanes, class Packed>
HWY_INLINE Packed unpack_order(Lanes lanes, Packed packed) {
  if constexpr (hn::MaxLanes(Lanes()) * sizeof(hn::TFromD<Lanes>) <= 16) {
    return packed;
  } else {
    static constexpr auto order = unpacked_order<Lanes>();
    const hn::DFromV<Packed> d;
    return hn::BitCast(d, hn::TableLookupLanes(hn::BitCast(lanes, packed), hn::SetTableIndices(lanes, order.data())));
  }
}

/// Two vectors as one of numbers half as wide; what does not fit becomes the nearest number that does.
template <class Narrow, class Wide>
HWY_INLINE hn::Vec<Narrow> saturate(Narrow d, Wide low, Wide high) {
  return unpack_order(hn::Repartition<std::uint64_t, Narrow>(), hn::ReorderDemote2To(d, low, high));
}

/// Whole numbers as numbers of 16 bits; what does not fit a byte is no byte then either, of the same sign.
template <class Number>
HWY_INLINE auto halves_of(const Number* x) {
  const hn::Repartition<std::int16_t, TileTag> halves;
  const hn::Repartition<std::int32_t, TileTag> words;
  const auto* parts = reinterpret_cast<const std::int32_t*>(x);
  const auto lanes = hn::Lanes(words);
  if constexpr (sizeof(Number) == sizeof(std::int16_t)) {
    return hn::LoadU(halves, x);
  } else if constexpr (sizeof(Number) == sizeof(std::int32_t)) {
    return saturate(halves, hn::LoadU(words, parts), hn::LoadU(words, parts + lanes));
  } else {
    // Both halves of 64 bits saturate: the upper one still tells whether there is more than the lower one.
    const auto low = hn::ReorderDemote2To(halves, hn::LoadU(words, parts), hn::LoadU(words, parts + lanes));
    const auto high =
        hn::ReorderDemote2To(halves, hn::LoadU(words, parts + 2 * lanes), hn::LoadU(words, parts + 3 * lanes));
    return unpack_order(words, hn::ReorderDemote2To(halves, hn::BitCast(words, low), hn::BitCast(words, high)));
  }
}

/// The whole numbers that real ones are rounded down to, as numbers of 32 bits; `odd` gathers one bit for each row that
/// there is none for. Where only whole numbers are answers, others are odd too.
HWY_INLINE auto words_of(const double* x, bool whole, int row, TileWords& odd) {
  const hn::Repartition<std::int32_t, TileTag> words;
  const hn::Half<decltype(words)> half;
  const hn::Rebind<double, decltype(half)> d;
  const auto part = [&](int from) HWY_ATTR {
    const auto given = hn::LoadU(d, x + row + from);
    const auto floor = whole ? given : hn::Floor(given);
    const auto down = hn::DemoteTo(half, floor);
    odd[(row + from) / 64] |= bits_of(d, hn::Not(hn::Eq(hn::PromoteTo(d, down), floor))) << ((row + from) % 64);
    return down;
  };
  const auto low = part(0), high = part(static_cast<int>(hn::Lanes(d)));
  return hn::Combine(words, high, low);
}

/// Numbers as bytes, by numbers of 16 bits from each row on; what does not fit becomes the nearest byte.
template <class Halves>
HWY_INLINE hn::Vec<SignedTileTag> bytes_of(Halves halves_from) {
  const hn::Half<SignedTileTag> half;
  const auto low = hn::DemoteTo(half, halves_from(0));
  const auto high = hn::DemoteTo(half, halves_from(static_cast<int>(hn::Lanes(half))));
  return hn::Combine(SignedTileTag(), high, low);
}

/// The bytes of a tile of numbers, and for real ones the rows that have none.
template <class Number>
HWY_INLINE auto cells_as_bytes(const Number* x, bool whole, int row, TileWords& odd) {
  if constexpr (std::is_integral_v<Number>) {
    return bytes_of([&](int from) HWY_ATTR { return halves_of(x + row + from); });
  } else {
    const hn::Repartition<std::int16_t, TileTag> halves;
    const auto lanes = static_cast<int>(hn::Lanes(halves)) / 2;
    return bytes_of([&](int from) HWY_ATTR {
      const auto low = words_of(x, whole, row + from, odd);
      return saturate(halves, low, words_of(x, whole, row + from + lanes, odd));
    });
  }
}

/// The piece of a missing answer where a row has no number; gives whether that is so in all the rows named.
HWY_INLINE bool mark_no_numbers(const double* x, const TileWords& named, std::uint8_t* piece) {
  const hn::CappedTag<double, lane_rows> d;
  const TileTag t;
  bool all = true;
  for (int row = 0; row < tile_rows; row += 64) {
    const std::uint64_t some = named[row / 64];
    if (some == 0) continue;
    std::uint64_t none = 0;
    for (int i = 0; i < 64; i += static_cast<int>(hn::Lanes(d))) {
      const auto given = hn::LoadU(d, x + row + i);
      none |= bits_of(d, hn::Not(hn::Eq(given, given))) << i;
    }
    all = all && none == some;
  }
  const auto missing = hn::Set(t, std::uint8_t{Decoder::missing_piece});
  each_vector(tile_rows, [&](int row) HWY_ATTR {
    hn::Store(choose_by_bits(named, row, missing, hn::Load(t, piece + row)), t, piece + row);
  });
  return all;
}
#endif

/// The pieces of a tile of wide numbers; gives whether they could be told apart as bytes, else they are of no use.
template <class Number>
bool read_narrow(const TileSource& source, std::int64_t first, std::uint8_t* piece) {
#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE
  static_cast<void>(source), static_cast<void>(first), static_cast<void>(piece);
  return false;
#else
  const SignedTileTag s;
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  const auto most = hn::Set(s, static_cast<std::int8_t>(byte_limit - 1));
  const auto* x = reinterpret_cast<const Number*>(source.cells) + first;
  const bool whole = source.decoder->whole;
  auto largest = hn::Zero(s);
  TileWords odd = {};
// Cells are read in their order, which memory is fastest at, and which is lost in an unrolled loop.
#pragma GCC unroll 1
  for (int row = 0; row < tile_rows; row += lanes) {
    const auto given = cells_as_bytes(x, whole, row, odd);
    largest = hn::Max(largest, given);
    hn::Store(hn::BitCast(d, hn::Min(given, most)), d, piece + row);
  }
  for (int row = 0; row < tile_rows; row += together * lanes) {
    std::uint8_t* own = piece + row;
    auto a = hn::Load(d, own), b = hn::Load(d, own + lanes), c = hn::Load(d, own + 2 * lanes),
         e = hn::Load(d, own + 3 * lanes);
    to_pieces(source, a, b, c, e);
    mark_missing(source, first + row, a, b, c, e);
    store(a, b, c, e, own);
  }
  if (source.watched && !hn::AllFalse(s, hn::Gt(largest, most))) return false;
  if constexpr (std::is_floating_point_v<Number>) {
    if (std::any_of(std::begin(odd), std::end(odd), [](std::uint64_t word) { return word != 0; })) {
      return mark_no_numbers(x, odd, piece);
    }
  }
  return true;
#endif
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
