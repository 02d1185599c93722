// The columns that a sweep reads, and the memory that it reads them into.
#include <algorithm>
#include <new>

#include "score/cells.hpp"
#include "score/sweep.hpp"

namespace appraise::detail {

Tile::Bytes Tile::allocate(std::size_t bytes) {
  return Bytes(static_cast<std::uint8_t*>(::operator new(bytes, alignment)));
}

Tile::Tile(const Sweep& sweep)
    : tile_(allocate(static_cast<std::size_t>(sweep.slots) * tile_rows)),
      slots_(static_cast<std::size_t>(sweep.slots)) {}

void Tile::begin(const Sources& sources) {
  std::uint8_t* at = tile_.get();
  for (std::uint8_t*& slot : slots_) {
    slot = at;
    at += tile_rows;
  }
  if (sources.strip_rows == 0) return;
  // A tile more than is used: strips do not all begin in the same part of a cache.
  stride_ = static_cast<std::size_t>(sources.strip_rows + tile_rows);
  const std::size_t bytes = stride_ * sources.all.size();
  if (bytes <= room_) return;
  strips_ = allocate(bytes);
  room_ = bytes;
}

void Tile::go_to(const Sources& sources, std::int64_t row) noexcept {
  std::uint8_t* at = strips_.get() + row;
  for (const TileSource& source : sources.all) {
    slots_[static_cast<std::size_t>(source.out)] = at;
    at += stride_;
  }
}

namespace {

/// `coded`: an entry of a dictionary that is beyond the signed numbers is unknown, as one below 0 is.
TileSource::Cells kind_of(const Column& column, bool coded) {
  const auto aligned = [&](std::size_t size, TileSource::Cells kind) {
    return reinterpret_cast<std::uintptr_t>(column.values) % size == 0 ? kind : TileSource::Cells::other;
  };
  switch (column.type) {
    case ColumnType::int8:
      return TileSource::Cells::bytes;
    case ColumnType::uint8:
      return coded ? TileSource::Cells::bytes : TileSource::Cells::capped;
    case ColumnType::boolean_bytes:
      return TileSource::Cells::capped;
    case ColumnType::boolean_bits:
      return column.offset % 8 == 0 ? TileSource::Cells::bits : TileSource::Cells::other;
    case ColumnType::uint16:
      if (!coded) return TileSource::Cells::other;
      [[fallthrough]];
    case ColumnType::int16:
      return aligned(sizeof(std::int16_t), TileSource::Cells::int16);
    case ColumnType::uint32:
      if (!coded) return TileSource::Cells::other;
      [[fallthrough]];
    case ColumnType::int32:
      return aligned(sizeof(std::int32_t), TileSource::Cells::int32);
    case ColumnType::uint64:
      if (!coded) return TileSource::Cells::other;
      [[fallthrough]];
    case ColumnType::int64:
      return aligned(sizeof(std::int64_t), TileSource::Cells::int64);
    case ColumnType::float64:
      return aligned(sizeof(double), TileSource::Cells::float64);
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

/// Calls `use` with the cells and the validity of each column: first byte, bits of a row.
template <class Use>
void each_column(const std::vector<TileSource>& sources, Use use) {
  for (const TileSource& source : sources) {
    use(source.cells, source.bits);
    if (source.validity != nullptr) use(reinterpret_cast<const std::byte*>(source.validity), std::size_t{1});
  }
}

/// Rows of strips, if most of what a row has lies in columns of eight bytes.
std::int64_t strip_rows_of(const Sources& sources, std::size_t strip_bytes) {
  std::size_t bits = 0, of_wide = 0;
  for (const TileSource& source : sources.all) {
    bits += source.bits;
    if (source.bits == 64) of_wide += source.bits;
  }
  if (of_wide <= bits / 2) return 0;
  const auto most = static_cast<std::int64_t>(strip_bytes / sources.all.size());
  return std::min<std::int64_t>({most, swept_rows, sources.rows + tile_rows - 1}) / tile_rows * tile_rows;
}

/// Lists what is to be asked for.
void plan_ahead(Sources& sources) {
  constexpr std::size_t enough = 16 * 1024, most_tiles = 8;  // bytes of a stretch: it stays in the first-level cache
  constexpr std::size_t least_bits = 768 * 8;                // of the widest column: memory likes no shorter runs
  std::size_t bits = 1, widest = 1;
  each_column(sources.all, [&](const std::byte*, std::size_t of_row) {
    bits += of_row;
    widest = std::max(widest, of_row);
  });
  ReadAhead& ahead = sources.ahead;
  // An odd number, so that columns which begin at like addresses do not always meet in the same part of the cache.
  const std::size_t tiles =
      std::clamp(enough / (tile_rows / 8 * bits), least_bits / (tile_rows * widest), most_tiles) | 1;
  ahead.rows = static_cast<std::int64_t>(tiles) * tile_rows;
  ahead.lines.clear();
  each_column(sources.all, [&](const std::byte* column, std::size_t of_row) {
    const std::size_t bytes = static_cast<std::size_t>(ahead.rows / 8) * of_row;
    for (std::size_t first = 0; first < bytes; first += ReadAhead::together * ReadAhead::line) {
      ahead.lines.push_back({column, of_row, first});
    }
  });
}

}  // namespace

void find_sources(const Sweep& sweep, const std::vector<Decoder>& decoders, std::size_t strip_bytes, Sources& sources) {
  sources.all.clear();
  sources.read = 0;
  for (const ReadPieces& read : sweep.reads) {
    const Decoder& decoder = decoders[static_cast<std::size_t>(read.item)];
    const Column& column = *decoder.column;
    sources.rows = column.length;
    TileSource& source = sources.all.emplace_back();
    source.decoder = &decoder;
    source.out = read.out;
    source.folded = read.folded;
    source.bits = column.type == ColumnType::boolean_bits ? 1 : 8 * width_of(column.type);
    source.cells =
        static_cast<const std::byte*>(column.values) + static_cast<std::size_t>(column.offset) * source.bits / 8;
    const bool plain = column.validity == nullptr || column.offset % 8 == 0;
    if (column.validity != nullptr && plain) source.validity = column.validity + column.offset / 8;
    const bool few = decoder.way == Decoder::Way::few && decoder.cuts < Decoder::pieces;
    if (!plain || !few || !(decoder.coded || decoder.narrow || decoder.byte_cuts)) continue;
    source.kind = kind_of(column, decoder.coded);
    source.cap = column.type == ColumnType::boolean_bytes ? 1 : static_cast<std::uint8_t>(byte_limit) - 1;
    set_way(source, decoder);
    const bool far = decoder.byte_cuts ? decoder.far_cut : decoder.beyond != static_cast<std::int8_t>(byte_limit) - 1;
    source.watched = far && !decoder.coded;
    source.piece_of_false = piece_of(source, false);
    source.piece_of_true = piece_of(source, true);
  }
  sources.strip_rows = strip_rows_of(sources, strip_bytes);
  if (sources.strip_rows > 0) {
    for (TileSource& source : sources.all) source.folded = false;
    return;
  }
  sources.read = static_cast<std::size_t>(std::count_if(sources.all.begin(), sources.all.end(),
                                                        [](const TileSource& source) { return !source.is_direct(); }));
  plan_ahead(sources);
}

}  // namespace appraise::detail
