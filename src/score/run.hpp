/// What can be done with a block: items loaded, values, bounds and reasons worked out.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "appraise/caseload.hpp"
#include "score/block.hpp"

namespace appraise::detail {

/// Whether cells are truths.
[[nodiscard]] constexpr bool is_boolean(ColumnType type) noexcept {
  return type == ColumnType::boolean_bits || type == ColumnType::boolean_bytes;
}

/// How an item's column is read. Every cell falls into a *piece*: an interval of numbers between two cuts, or an entry
/// of the dictionary; tables say what a cell of each piece holds.
struct Decoder {
  enum class Way : std::uint8_t {
    none,     ///< not bound yet
    absent,   ///< an optional column that is not there
    few,      ///< up to 14 pieces
    entries,  ///< more entries of a dictionary
    singly,   ///< more pieces: cell by cell
  };
  static constexpr int invalid_piece = 14, missing_piece = 15, pieces = 16;
  static constexpr int most_cuts = invalid_piece - 1;

  const Column* column = nullptr;
  std::size_t position = 0;  ///< of the column in the caseload
  Way way = Way::none;
  ColumnType type = ColumnType::int32;       ///< that the tables were made for
  bool coded = false;                        ///< entries of a dictionary
  bool copies = false;                       ///< the response is the number itself, not a table's
  bool whole = false;                        ///< numbers must be whole
  std::int8_t beyond = 0;                    ///< narrow: what a number above the largest int32 becomes
  std::int8_t lowest = 0, highest = 0;       ///< neighbours: one below the first cut, and the last
  bool neighbours = false;                   ///< narrow, and every cut is one above the last
  bool ends_alike = false;                   ///< neighbours, and what is below them means the same as what is above
  bool narrow = false;                       ///< numbers can be told apart after they are clamped to a byte
  bool byte_cuts = false;                    ///< real numbers: cuts are whole and fit bytes, but perhaps the last
  bool far_cut = false;                      ///< the last does not
  int cuts = 0;                              ///< or entries of the dictionary
  std::vector<std::string> dictionary = {};  ///< that the tables were made for
  std::array<double, most_cuts> cut = {};
  std::vector<std::uint8_t> flags;        ///< by piece
  std::vector<double> responses, points;  ///< by piece
  std::array<std::uint8_t, pieces> flag_bytes = {};
  std::array<std::int8_t, pieces> response_bytes = {}, point_bytes = {};
  /// Truths of the item's comparisons with constants (PlannedItem::compares); empty: they are not told apart by pieces.
  std::vector<std::array<std::int8_t, pieces>> truths;

  /// Pieces that tables are made for, where the entries of a large dictionary are pieces too.
  [[nodiscard]] int count() const noexcept { return way == Way::entries ? cuts + 2 : pieces; }
  [[nodiscard]] int unknown() const noexcept { return way == Way::entries ? cuts : invalid_piece; }
  [[nodiscard]] int missing() const noexcept { return count() - 1; }
};

/// What is new since the last caseload.
struct Bound {
  bool other_columns = false;  ///< others are absent
  bool other_tables = false;   ///< a decoder was made anew
};
/// Looks up the items' columns and makes their decoders; those of the same column type as before are kept.
///
/// Errors:  UsageError if a column is absent that is not optional, or has a type its item cannot be given in
Bound bind(const Plan& plan, const Caseload& caseload, std::vector<Decoder>& decoders);

/// An operation to run.
struct Step {
  std::int32_t operation = 0;
  /// Of a sum of bytes: the item of each operand that is read straight from its column, or -1 for a register.
  /// Of a weighted sum: the operation that weighs each term that no register holds, or -1.
  /// Of a gate: its rules that vary. Of an item: the comparisons that are read from its pieces.
  std::vector<std::int32_t> parts = {};
  /// Of an item: nothing reads the response itself. Of a comparison: it is unknown in every row.
  bool flags_only = false;
};

/// Steps whose results are the same in every row, and the others.
struct Steps {
  std::vector<Step> fixed, varying;
};
/// `fuse`: nothing but other operations will read the registers of items.
[[nodiscard]] Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders, bool fuse);

/// Values and flags of the operations named, for rows [first, first + block.rows()).
void run_values(Block& block, const std::vector<Step>& steps, const std::vector<Decoder>& decoders, std::int64_t first);

/// Fills the registers of an item.
void load_item(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder, std::int64_t first);

/// Of an operation on bytes.
inline constexpr std::size_t most_operands = std::numeric_limits<std::uint8_t>::max();

/// Whether a sum and all that it adds are bytes.
[[nodiscard]] bool adds_bytes(const Plan& plan, const SumValues& op);
[[nodiscard]] bool compares_bytes(const Plan& plan, const ExtremeValue& op);
/// Adds up bytes: of registers, and of items as their columns are read.
void sum_bytes(Block& block, const SumValues& op, const Step& step, const std::vector<Decoder>& decoders,
               std::int64_t first);

/// What one cell of an item without pieces holds: response and flags.
struct Cell {
  double response = 0;
  std::uint8_t flags = 0;
};
[[nodiscard]] Cell decode_cell(const PlannedItem& item, double number);

}  // namespace appraise::detail
