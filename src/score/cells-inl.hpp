// The cells of a tile as pieces in registers, for each instruction set.
#if defined(APPRAISE_SCORE_CELLS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_CELLS_INL_HPP
#undef APPRAISE_SCORE_CELLS_INL_HPP
#else
#define APPRAISE_SCORE_CELLS_INL_HPP
#endif

#include <hwy/highway.h>

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

/// The piece of a missing answer where the validity says so.
HWY_INLINE void mark_missing(const TileSource& source, std::int64_t row, TileVector& a, TileVector& b, TileVector& c,
                             TileVector& e) {
  if (source.validity == nullptr) return;
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  const auto missing = hn::Set(d, std::uint8_t{Decoder::missing_piece});
  const std::uint8_t* bits = source.validity + row / 8;
  const auto within = static_cast<int>(row % 8);  // of vectors of less than eight rows
  a = choose_by_bits(bits, within, a, missing);
  b = choose_by_bits(bits, within + lanes, b, missing);
  c = choose_by_bits(bits, within + 2 * lanes, c, missing);
  e = choose_by_bits(bits, within + 3 * lanes, e, missing);
}

/// Pieces of cells that are bytes or bits, from a row on.
HWY_INLINE void read_pieces(const TileSource& source, std::int64_t row, TileVector& a, TileVector& b, TileVector& c,
                            TileVector& e) {
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  if (source.kind == TileSource::Cells::bytes) {
    const auto* x = reinterpret_cast<const std::uint8_t*>(source.cells) + row;
    a = hn::LoadU(d, x);
    b = hn::LoadU(d, x + lanes);
    c = hn::LoadU(d, x + 2 * lanes);
    e = hn::LoadU(d, x + 3 * lanes);
    to_pieces(source, a, b, c, e);
  } else {
    const auto* bits = reinterpret_cast<const std::uint8_t*>(source.cells) + row / 8;
    const auto within = static_cast<int>(row % 8);
    const auto set = hn::Set(d, source.piece_of_true), clear = hn::Set(d, source.piece_of_false);
    a = choose_by_bits(bits, within, set, clear);
    b = choose_by_bits(bits, within + lanes, set, clear);
    c = choose_by_bits(bits, within + 2 * lanes, set, clear);
    e = choose_by_bits(bits, within + 3 * lanes, set, clear);
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

#if HWY_TARGET != HWY_SCALAR
/// As many whole numbers as a vector of that size has, cut down to it; `high` gathers 128 more than each of them.
template <std::size_t size, class Number, class High>
HWY_INLINE auto cut_down(const Number* x, High& high) {
  const hn::Repartition<hwy::UnsignedFromSize<size>, TileTag> d;
  if constexpr (size == sizeof(Number)) {
    const auto given = hn::LoadU(d, reinterpret_cast<const hwy::UnsignedFromSize<size>*>(x));
    high = hn::Or(high, hn::Add(given, hn::Set(d, 128)));
    return given;
  } else {
    const auto low = cut_down<2 * size>(x, high);
    const auto next = cut_down<2 * size>(x + hn::Lanes(d) / 2, high);
    return hn::ConcatEven(d, hn::BitCast(d, next), hn::BitCast(d, low));
  }
}
#endif

/// The pieces of a tile of whole numbers; gives whether all of them fit bytes, else they are of no use.
template <class Number>
bool read_narrow(const TileSource& source, std::int64_t first, std::uint8_t* piece) {
#if HWY_TARGET == HWY_SCALAR
  static_cast<void>(source), static_cast<void>(first), static_cast<void>(piece);
  return false;
#else
  const hn::Repartition<std::make_unsigned_t<Number>, TileTag> u;
  const SignedTileTag s;
  const TileTag d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  const auto most = hn::Set(s, static_cast<std::int8_t>(byte_limit - 1));
  auto high = hn::Zero(u);
  const auto* x = reinterpret_cast<const Number*>(source.cells) + first;
  for (int row = 0; row < tile_rows; row += together * lanes) {
    const auto bytes = [&](int at) HWY_ATTR {
      return hn::BitCast(d, hn::Min(hn::BitCast(s, cut_down<1>(x + row + at, high)), most));
    };
    auto a = bytes(0), b = bytes(lanes), c = bytes(2 * lanes), e = bytes(3 * lanes);
    to_pieces(source, a, b, c, e);
    mark_missing(source, first + row, a, b, c, e);
    store(a, b, c, e, piece + row);
  }
  return hn::AllFalse(u, hn::Gt(high, hn::Set(u, std::make_unsigned_t<Number>{255})));
#endif
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
