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
  bool folded = false;  ///< a fold takes them from their column
};

/// What the bytes of a slot, below 16, add to a value and to its flags.
struct FoldTerm {
  Slot slot = no_slot;
  ByteMap value = {}, flags = {};
  std::int32_t read = -1;  ///< number of the read whose place this fold takes
  bool kept = true;        ///< the slot is filled then: something else reads it
  friend bool operator==(const FoldTerm&, const FoldTerm&) = default;
};
/// Terms joined to one value, and their flags joined, in one pass. One of both may not be asked for.
struct Fold {
  enum class Kind : std::uint8_t { sum, highest, lowest };  ///< sums wrap around
  Kind kind = Kind::sum;
  std::vector<FoldTerm> terms;
  std::vector<Slot> values, flags;   ///< joined as they are
  std::uint8_t value = 0, flag = 0;  ///< joined in every row
  friend bool operator==(const Fold&, const Fold&) = default;
};
/// Sums of sixteen bits, which fill two slots.
struct AddWide {
  std::vector<TileByte> terms;
  std::int16_t base = 0;
  friend bool operator==(const AddWide&, const AddWide&) = default;
};
/// Flags joined with those of terms that may be left out, which are counted where nothing but an answer is missing.
struct CountOmitted {
  TileByte flags;
  std::vector<TileByte> may_omit;
  std::uint8_t left_out = 0;  ///< in every row
  std::uint8_t at_most = 0, operands = 0;
  friend bool operator==(const CountOmitted&, const CountOmitted&) = default;
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
using TileOperation = std::variant<Fold, AddWide, CountOmitted, LookUpTile, RaiseFlags, KeepTile, FindWideLevel>;
/// The byte 0xFF in every row.
inline constexpr TileByte always{no_slot, false, {0xFF}};

struct TileStep {
  TileOperation operation;
  Slot out = no_slot;    ///< of a fold: the value
  Slot flags = no_slot;  ///< of a fold
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

/// Joins folds over the same slots, and lets folds take pieces from their columns in passing.
void join_folds(Sweep& sweep);

/// Where the cells of an item lie, and how they are read.
struct TileSource {
  /// What cells are bytes of; what is above a cap means the same as the cap.
  enum class Cells : std::uint8_t { bytes, capped, bits, int16, int32, int64, float64, other };
  /// How bytes become pieces.
  enum class Way : std::uint8_t {
    between,  ///< they differ between two bytes alone
    within,   ///< the same, and what is below them means the same as what is above
    cuts,     ///< by how many of a few bytes they exceed
  };
  const Decoder* decoder = nullptr;
  const std::byte* cells = nullptr;        ///< of row 0
  const std::uint8_t* validity = nullptr;  ///< of row 0, if that begins a byte
  std::size_t bits = 0;                    ///< of a cell
  Slot out = no_slot;
  bool folded = false;
  Cells kind = Cells::other;
  Way way = Way::cuts;
  std::int8_t lowest = 0, highest = 0;                  ///< between, within
  int cuts = 0;                                         ///< or
  std::array<std::int8_t, Decoder::most_cuts> below{};  ///< the greatest byte below each cut
  std::uint8_t cap = 0;                                 ///< unsigned: of truths 1
  bool watched = false;  ///< a number that no byte holds may be of another piece than the largest byte
  std::uint8_t piece_of_false = 0, piece_of_true = 0;  ///< of bits

  [[nodiscard]] const std::byte* cells_from(std::int64_t row) const noexcept {
    return cells + static_cast<std::size_t>(row) * bits / 8;
  }
  /// A fold can take whole tiles of it.
  [[nodiscard]] bool is_direct() const noexcept { return folded && kind <= Cells::bits; }
};
/// Which cells are asked for while a tile is scored. No processor follows as many columns as there are items by itself;
/// and memory is fastest where one column is read for a while. So rows are taken in stretches: while the tiles of one
/// are scored, the cells of the next one are asked for, column after column.
struct ReadAhead {
  /// Lines of a column that follow one another.
  struct Lines {
    const std::byte* column = nullptr;  ///< its row 0
    std::size_t bits = 0;               ///< of a row
    std::size_t first = 0;              ///< byte of the stretch
  };
  static constexpr std::size_t line = 64, together = 2;  ///< bytes, lines
  std::int64_t rows = tile_rows;                         ///< of a stretch
  std::vector<Lines> lines;                              ///< of a stretch
};

/// The columns that a sweep reads.
struct Sources {
  std::vector<TileSource> all;
  std::int64_t rows = 0;  ///< of each column
  std::size_t read = 0;   ///< so many are read into their slots
  ReadAhead ahead;
  /// Cells of eight bytes are read fastest a column at a time, so that the pieces of that many rows are read, column
  /// after column, before the tiles of these rows are scored. 0: they are read tile by tile.
  std::int64_t strip_rows = 0;
};
/// `strip_bytes`: that all strips may take.
void find_sources(const Sweep& sweep, const std::vector<Decoder>& decoders, std::size_t strip_bytes, Sources& sources);

/// Rows that a sweep should be given at once.
inline constexpr int swept_rows = 16 * 1024;

/// Memory of a thread for the slots of a sweep, and for strips of pieces where there are any.
class Tile {
 public:
  explicit Tile(const Sweep& sweep);

  /// Before rows of these columns are scored.
  void begin(const Sources& sources);
  /// Where each slot lies.
  [[nodiscard]] std::uint8_t* const* slots() const noexcept { return slots_.data(); }
  /// Pieces of the source of this number.
  [[nodiscard]] std::uint8_t* strip(std::size_t source) const noexcept { return strips_.get() + source * stride_; }
  /// Makes the slots of sources tiles of their strips, from a row on.
  void go_to(const Sources& sources, std::int64_t row) noexcept;

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept { ::operator delete(bytes, alignment); }
  };
  using Bytes = std::unique_ptr<std::uint8_t, Free>;
  static Bytes allocate(std::size_t bytes);

  Bytes tile_, strips_;
  std::vector<std::uint8_t*> slots_;
  std::size_t stride_ = 0, room_ = 0;  ///< of a strip, of all
};

/// Scores rows [first, first + rows); `first` is a multiple of lane_rows.
void run_sweep(const Sweep& sweep, Tile& tile, const Sources& sources, std::int64_t first, std::int64_t rows,
               Stores stores, const std::vector<ColumnMemory>& columns);

}  // namespace appraise::detail
