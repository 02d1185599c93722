/// What can be done with a block: items loaded, values, bounds and reasons worked out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "score/block.hpp"

namespace appraise::detail {

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
  ColumnType type = ColumnType::int32;  ///< that the tables were made for
  bool coded = false;                   ///< entries of a dictionary
  bool copies = false;                  ///< the response is the number itself, not a table's
  bool whole = false;                   ///< numbers must be whole
  bool neighbours = false;              ///< narrow, and every cut is one above the last
  bool narrow = false;                  ///< numbers can be told apart after they are clamped to a byte
  int cuts = 0;                         ///< or entries of the dictionary
  std::array<double, most_cuts> cut = {};
  std::vector<std::uint8_t> flags;        ///< by piece
  std::vector<double> responses, points;  ///< by piece
  std::array<std::uint8_t, pieces> flag_bytes = {};
  std::array<std::int8_t, pieces> response_bytes = {}, point_bytes = {};
};

/// Looks up the items' columns and makes their decoders; those of the same column type as before are kept.
///
/// Returns: whether other columns are absent than before
/// Errors:  UsageError if a column is absent that is not optional, or has a type its item cannot be given in
bool bind(const Plan& plan, const Caseload& caseload, std::vector<Decoder>& decoders);

/// Steps whose results are the same in every row, and the others.
struct Steps {
  std::vector<std::int32_t> fixed, varying;
};
[[nodiscard]] Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders);

/// Values and flags of the operations named, for rows [first, first + block.rows()).
void run_values(Block& block, const std::vector<std::int32_t>& steps, const std::vector<Decoder>& decoders,
                std::int64_t first);

/// Fills the registers of an item.
void load_item(Block& block, const LoadItem& load, const Decoder& decoder, std::int64_t first);

/// What one cell of an item without pieces holds: response and flags.
struct Cell {
  double response = 0;
  std::uint8_t flags = 0;
};
[[nodiscard]] Cell decode_cell(const PlannedItem& item, double number);

}  // namespace appraise::detail
