// The cells that a sweep reads, tile by tile or a strip of a column at a time, for each instruction set.
#if defined(APPRAISE_SCORE_SWEEP_READING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_SWEEP_READING_INL_HPP
#undef APPRAISE_SCORE_SWEEP_READING_INL_HPP
#else
#define APPRAISE_SCORE_SWEEP_READING_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "score/cells-inl.hpp"
#include "score/sweep.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

// What lies beyond a column may be asked for: nothing comes of it.

/// Asks for a line that will be read once, in passing.
HWY_INLINE void ask_once(const std::byte* line) { __builtin_prefetch(line, 0, 0); }
/// Asks for a line that will be read soon.
HWY_INLINE void ask_soon(const std::byte* line) { __builtin_prefetch(line, 0, 3); }

/// Fills the slot of a source.
void read_source(const TileSource& source, std::int64_t first, int rows, std::uint8_t* piece) {
  const auto narrow = [&](auto number) HWY_ATTR {
    if (!read_narrow<decltype(number)>(source, first, piece)) {
      read_pieces(*source.decoder, first, rows, tile_rows, piece);
    }
  };
  switch (rows == tile_rows ? source.kind : TileSource::Cells::other) {
    case TileSource::Cells::bytes:
    case TileSource::Cells::capped:
    case TileSource::Cells::bits: {
      const auto lanes = static_cast<int>(hn::Lanes(TileTag()));
      for (int row = 0; row < tile_rows; row += together * lanes) {
        auto a = hn::Zero(TileTag()), b = a, c = a, e = a;
        read_pieces(source, first + row, a, b, c, e);
        store(a, b, c, e, piece + row);
      }
      break;
    }
    case TileSource::Cells::int16:
      return narrow(std::int16_t{});
    case TileSource::Cells::int32:
      return narrow(std::int32_t{});
    case TileSource::Cells::int64:
      return narrow(std::int64_t{});
    case TileSource::Cells::float64:
      return narrow(double{});
    case TileSource::Cells::other:
      return read_pieces(*source.decoder, first, rows, tile_rows, piece);
  }
}

/// Rows of a column that are read at once, and what is read after them.
struct Strip {
  const TileSource& source;
  std::int64_t first, rows;
  const std::byte* next;  ///< cells
  std::size_t next_bits;  ///< of a row
};

/// Asks for the cells of a tile, of eight bytes each. All at once: processors like that better than some between
/// others.
HWY_INLINE void ask_tile(const std::byte* cells) {
  for (std::size_t byte = 0; byte < 8 * tile_rows; byte += ReadAhead::line) ask_soon(cells + byte);
}

/// Asks for cells of eight bytes while a tile is read: for a tile some ahead, and for a line of a page that is read a
/// strip later, so that its address is known by then.
HWY_INLINE void ask_ahead(const Strip& strip, std::int64_t row) {
  constexpr std::int64_t lead = 2 * tile_rows;
  const std::int64_t later = row + lead - strip.rows;
  ask_tile(later < 0 ? strip.source.cells_from(strip.first + row + lead) : strip.next + 8 * later);
  ask_soon(strip.next + static_cast<std::size_t>(row) * strip.next_bits / 8);
}

/// The pieces of a strip.
void read_strip(const Strip& strip, std::uint8_t* pieces) {
  const bool wide = strip.source.bits == 64;
  for (std::int64_t row = 0; row < strip.rows; row += tile_rows) {
    if (wide) ask_ahead(strip, row);
    const auto rows = static_cast<int>(std::min<std::int64_t>(tile_rows, strip.rows - row));
    read_source(strip.source, strip.first + row, rows, pieces + row);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
