/// A sweep: scoring of bytes in one pass from columns to result columns, a tile of rows at a time.
///
/// Where all that is asked for comes of items that fall into few pieces, by sums, extremes, look-ups, levels and gates,
/// a plan becomes a short list of operations on bytes (sweep_maker.hpp). A tile is so small that what lies between
/// columns and results stays in the first-level cache.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "score/run.hpp"
#include "score/writing.hpp"

namespace appraise::detail {

/// Number of a stretch of tile_rows bytes in the memory of a thread.
using Slot = std::int32_t;
inline constexpr Slot no_slot = -1;

/// One byte of each row: those of a slot, what a table says of them (below 16 then), or a constant.
struct TileByte {
  Slot slot = no_slot;  ///< none: a constant, table[0]
  bool looked_up = false;
  ByteMap table = {};

  friend bool operator==(const TileByte&, const TileByte&) = default;
};

/// The pieces that the cells of an item fall into.
struct ReadPieces {
  std::int32_t item = 0;
  Slot out = no_slot;
};
/// base + all terms, as bytes that wrap around.
struct AddTileBytes {
  std::vector<TileByte> terms;
  std::uint8_t base = 0;
  friend bool operator==(const AddTileBytes&, const AddTileBytes&) = default;
};
/// The same in sixteen bits, which fill two slots.
struct AddWide {
  std::vector<TileByte> terms;
  std::vector<std::uint8_t> carried;  ///< by term: the sum of bytes is carried over after it
  std::int16_t base = 0;
  friend bool operator==(const AddWide&, const AddWide&) = default;
};
struct FindExtreme {
  std::vector<TileByte> terms;
  bool highest = true;
  std::int8_t base = 0;
  friend bool operator==(const FindExtreme&, const FindExtreme&) = default;
};
/// Flags of all terms; those that may be left out are counted where nothing but an answer is missing.
struct JoinTileFlags {
  std::vector<TileByte> terms;
  std::vector<TileByte> may_omit;
  std::uint8_t base = 0;
  std::uint8_t left_out = 0;  ///< in every row
  std::uint8_t at_most = 0, operands = 0;
  friend bool operator==(const JoinTileFlags&, const JoinTileFlags&) = default;
};
/// table[index - lowest], of a table filled up to sixteens; 0 beyond it.
struct LookUpTile {
  TileByte index;
  std::uint8_t lowest = 0;
  std::vector<std::uint8_t> table;
  friend bool operator==(const LookUpTile&, const LookUpTile&) = default;
};
/// Flags, with those of another byte where they say that there is a value.
struct RaiseFlags {
  TileByte own, raised;
  friend bool operator==(const RaiseFlags&, const RaiseFlags&) = default;
};
/// of - lowest where the mask (0 or 0xFF) says so, else another byte.
struct KeepTile {
  TileByte of, mask;
  std::uint8_t lowest = 0, otherwise = 0;
  friend bool operator==(const KeepTile&, const KeepTile&) = default;
};
/// Position of the level that holds a wide value; one does.
struct FindWideLevel {
  Slot of = no_slot;
  std::vector<std::int16_t> reached;  ///< lowest value of each level but the first, ascending
  friend bool operator==(const FindWideLevel&, const FindWideLevel&) = default;
};
using TileOperation =
    std::variant<AddTileBytes, AddWide, FindExtreme, JoinTileFlags, LookUpTile, RaiseFlags, KeepTile, FindWideLevel>;
/// The byte 0xFF in every row.
inline constexpr TileByte always{no_slot, false, {0xFF}};

struct TileStep {
  TileOperation operation;
  Slot out = no_slot;
};

/// A result column. Masks are 0 or 0xFF; a value that is masked is written as 0.
struct WriteTileBytes {
  int column = 0;
  TileByte of, mask;
};
struct WriteTileWholes {
  int column = 0;
  TileByte of, mask;
  bool wide = false;
};
struct WriteTileFigures {
  int column = 0;
  TileByte index;
  const std::vector<double>* reals = nullptr;         ///< or
  const std::vector<std::int32_t>* wholes = nullptr;  ///< by index
};
/// The validity of columns: whether a byte is not 0.
struct WriteTileBits {
  std::vector<int> columns;
  TileByte of;
};
using TileWrite = std::variant<WriteTileBytes, WriteTileWholes, WriteTileFigures, WriteTileBits>;

struct Sweep {
  std::vector<ReadPieces> reads;
  std::vector<TileStep> steps;
  std::vector<TileWrite> writes;
  Slot slots = 0;
};

/// Memory of a thread for the slots of a sweep.
class Tile {
 public:
  explicit Tile(const Sweep& sweep);
  [[nodiscard]] std::uint8_t* data() noexcept { return bytes_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept { ::operator delete(bytes, alignment); }
  };
  std::unique_ptr<std::uint8_t, Free> bytes_;
};

/// Where the cells of an item lie, and how they are read.
struct TileSource {
  enum class Way : std::uint8_t {
    between,  ///< bytes whose pieces differ between two of them alone
    within,   ///< the same, and what is below them means the same as what is above
    other,
  };
  const Decoder* decoder = nullptr;
  const std::byte* cells = nullptr;        ///< of row 0
  const std::uint8_t* validity = nullptr;  ///< of row 0, if that begins a byte
  std::size_t bits = 0;                    ///< of a cell
  Way way = Way::other;
  std::int8_t lowest = 0, highest = 0;
  Slot out = no_slot;
};
void find_sources(const Sweep& sweep, const std::vector<Decoder>& decoders, std::vector<TileSource>& sources);

/// Scores rows [first, first + rows); `first` is a multiple of lane_rows.
void run_sweep(const Sweep& sweep, Tile& tile, const std::vector<TileSource>& sources, std::int64_t first,
               std::int64_t rows, Stores stores, const std::vector<ColumnMemory>& columns);

}  // namespace appraise::detail
