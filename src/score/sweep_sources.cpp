// The columns that a sweep reads, and the memory that it reads them into.
#include <algorithm>
#include <new>

#include "score/cells.hpp"
#include "score/sweep.hpp"

namespace appraise::detail {

namespace {

/// As many rows as leave the pieces of all wide columns in a near cache.
std::int64_t wide_rows_of(int columns) {
  constexpr std::int64_t bytes = 256 * 1024;
  return columns == 0 ? 0 : std::clamp<std::int64_t>(bytes / columns / tile_rows * tile_rows, tile_rows, swept_rows);
}

std::uint8_t* tile_memory(std::size_t bytes, std::align_val_t alignment) {
  return static_cast<std::uint8_t*>(::operator new(bytes, alignment));
}

}  // namespace

Tile::Tile(const Sweep& sweep, const Sources& sources)
    : wide_rows_(wide_rows_of(sources.wide)),
      bytes_(tile_memory(static_cast<std::size_t>(sweep.slots * tile_rows + sources.wide * wide_rows_), alignment)),
      wide_(bytes_.get() + static_cast<std::ptrdiff_t>(sweep.slots) * tile_rows) {}

namespace {

TileSource::Cells kind_of(const Column& column) {
  const auto aligned = [&](std::size_t size) { return reinterpret_cast<std::uintptr_t>(column.values) % size == 0; };
  switch (column.type) {
    case ColumnType::int8:
      return TileSource::Cells::bytes;
    case ColumnType::boolean_bits:
      return column.offset % 8 == 0 ? TileSource::Cells::bits : TileSource::Cells::other;
    case ColumnType::int16:
      return aligned(sizeof(std::int16_t)) ? TileSource::Cells::int16 : TileSource::Cells::other;
    case ColumnType::int32:
      return aligned(sizeof(std::int32_t)) ? TileSource::Cells::int32 : TileSource::Cells::other;
    case ColumnType::int64:
      return aligned(sizeof(std::int64_t)) ? TileSource::Cells::int64 : TileSource::Cells::other;
    default:
      return TileSource::Cells::other;
  }
}

/// How bytes become pieces.
void set_way(TileSource& source, const Decoder& decoder) {
  if (decoder.coded) {  // what is no entry is a piece of its own, below 0 and above the entries
    source.way = TileSource::Way::within;
    source.highest = static_cast<std::int8_t>(decoder.unknown());
  } else if (decoder.neighbours) {
    source.way = decoder.ends_alike ? TileSource::Way::within : TileSource::Way::between;
    source.lowest = decoder.lowest;
    source.highest = decoder.highest;
  } else {
    source.cuts = decoder.cuts;
    for (std::size_t k = 0; k < static_cast<std::size_t>(decoder.cuts); ++k) {
      source.below[k] = static_cast<std::int8_t>(std::min(decoder.cut[k], byte_limit) - 1);
    }
  }
}

std::uint8_t piece_of(const TileSource& source, bool truth) {
  const int byte = truth ? 1 : 0;
  if (source.way == TileSource::Way::cuts) {
    return static_cast<std::uint8_t>(std::count_if(source.below.begin(), source.below.begin() + source.cuts,
                                                   [&](std::int8_t below) { return byte > below; }));
  }
  return static_cast<std::uint8_t>(std::clamp<int>(byte, source.lowest, source.highest) - source.lowest);
}

/// Calls `use` with each column of narrow cells, and with their validity: first byte, bits of a row.
template <class Use>
void each_narrow(const std::vector<TileSource>& sources, Use use) {
  for (const TileSource& source : sources) {
    if (source.is_wide()) continue;
    use(source.cells, source.bits);
    if (source.validity != nullptr) use(reinterpret_cast<const std::byte*>(source.validity), std::size_t{1});
  }
}

/// Deals the lines of the next stretch out to the tiles of one.
void plan_ahead(Sources& sources) {
  constexpr std::int64_t most_rows = 2048;
  constexpr std::size_t line = 64, most_bytes = 16 * 1024;  // of a stretch: it stays in the first-level cache
  std::size_t bits = 0;
  each_narrow(sources.all, [&](const std::byte*, std::size_t of_row) { bits += of_row; });
  ReadAhead& ahead = sources.ahead;
  ahead.rows = most_rows;
  while (ahead.rows > tile_rows && static_cast<std::size_t>(ahead.rows / 8) * bits > most_bytes) ahead.rows /= 2;
  const auto tiles = static_cast<std::size_t>(ahead.rows / tile_rows);
  ahead.lines = (tile_rows / 8 * bits + line - 1) / line;
  ahead.runs.clear();
  ahead.ends.clear();
  std::size_t dealt = 0;  // lines, to the tile that is dealt to
  each_narrow(sources.all, [&](const std::byte* column, std::size_t of_row) {
    const std::size_t all = static_cast<std::size_t>(ahead.rows / 8) * of_row;
    for (std::size_t first = 0; first < all;) {
      if (dealt == ahead.lines && ahead.ends.size() + 1 < tiles) {
        ahead.ends.push_back(ahead.runs.size());
        dealt = 0;
      }
      const bool last = ahead.ends.size() + 1 == tiles;
      const std::size_t bytes = std::min(last ? all : (ahead.lines - dealt) * line, all - first);
      ahead.runs.push_back({column, of_row, first, bytes});
      first += bytes;
      dealt += (bytes + line - 1) / line;
    }
  });
  ahead.ends.resize(tiles, ahead.runs.size());
}

}  // namespace

void find_sources(const Sweep& sweep, const std::vector<Decoder>& decoders, Sources& sources) {
  sources.all.clear();
  sources.wide = 0;
  for (const ReadPieces& read : sweep.reads) {
    const Decoder& decoder = decoders[static_cast<std::size_t>(read.item)];
    const Column& column = *decoder.column;
    TileSource& source = sources.all.emplace_back();
    source.decoder = &decoder;
    source.out = read.out;
    source.folded = read.folded;
    source.bits = column.type == ColumnType::boolean_bits ? 1 : 8 * width_of(column.type);
    source.cells =
        static_cast<const std::byte*>(column.values) + static_cast<std::size_t>(column.offset) * source.bits / 8;
    sources.wide += source.is_wide() ? 1 : 0;
    const bool plain = column.validity == nullptr || column.offset % 8 == 0;
    if (column.validity != nullptr && plain) source.validity = column.validity + column.offset / 8;
    const bool few = decoder.way == Decoder::Way::few && decoder.cuts < Decoder::pieces;
    const bool bytes = decoder.coded ? column.type == ColumnType::int8 : decoder.narrow;
    if (!plain || !few || !bytes) continue;
    source.kind = kind_of(column);
    set_way(source, decoder);
    source.piece_of_false = piece_of(source, false);
    source.piece_of_true = piece_of(source, true);
  }
  plan_ahead(sources);
}

}  // namespace appraise::detail
