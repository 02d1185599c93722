/// What can be done with a block: items loaded, values, bounds and reasons worked out.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "score/block.hpp"
#include "score/writing.hpp"

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
  ColumnType type = ColumnType::int32;  ///< that the tables were made for
  bool coded = false;                   ///< entries of a dictionary
  bool copies = false;                  ///< the response is the number itself, not a table's
  bool whole = false;                   ///< numbers must be whole
  std::int8_t beyond = 0;               ///< narrow: what a number above the largest int32 becomes
  std::int8_t lowest = 0, highest = 0;  ///< neighbours: one below the first cut, and the last
  bool neighbours = false;              ///< narrow, and every cut is one above the last
  bool ends_alike = false;              ///< neighbours, and what is below them means the same as what is above
  bool narrow = false;                  ///< numbers can be told apart after they are clamped to a byte
  bool byte_cuts = false;               ///< real numbers: cuts are whole and fit bytes, but perhaps the last
  bool far_cut = false;                 ///< the last does not
  int cuts = 0;                         ///< or entries of the dictionary
  std::array<double, most_cuts> cut = {};
  std::array<std::int32_t, most_cuts> below = {};  ///< of integers up to 32 bits: the greatest number below each cut
  std::vector<std::string> dictionary;             ///< that the tables were made for
  bool dictionary_known = false;
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

/// Looks up the items' columns and makes their decoders; those of the same column type as before are kept.
///
/// Returns: whether steps and tables that were made of the decoders must be made anew
/// Errors:  UsageError if a column is absent that is not optional, or has a type its item cannot be given in
bool bind(const Plan& plan, const Caseload& caseload, std::vector<Decoder>& decoders);

/// Where everything that is made of an item's cells lies in a block.
struct CellOutputs {
  /// Values of a register of bytes, looked up by piece.
  struct LookedUp {
    const std::uint8_t* table;
    std::size_t offset;
  };
  std::size_t width = 0;  ///< of a cell, where cells are of a kind that all is made of in one pass; else 0
  std::vector<std::size_t> flags = {};
  std::vector<LookedUp> looked_up = {};
  Register copied = no_register;  ///< has the cells themselves
  bool substitutes = false;       ///< and another number where nothing is given
};

/// Terms of a weighted sum in their written order, which the sum works out in passing, and the registers whose flags it
/// takes over.
struct Terms {
  /// Terms that follow one another and weigh powers of the same product.
  struct Group {
    std::size_t factors = 0;  ///< how many; none: the weights alone
    std::size_t terms = 0;    ///< how many
  };
  struct Term {
    int power = 1;
    double weight = 0;
    Register when = no_register;
    std::int32_t column = no_column;  ///< of the results that has its values
  };
  struct Conditional {
    Register when = no_register, of = no_register;
    friend bool operator==(const Conditional&, const Conditional&) = default;
  };
  /// Terms that follow one another and have the same flags.
  struct Flagged {
    Register when = no_register;
    std::size_t factors = 0;  ///< how many
    std::size_t terms = 0;    ///< how many
  };
  static constexpr std::int32_t no_column = -1;

  std::vector<Group> groups;
  std::vector<Register> factors;                ///< of the groups, one after the other
  std::vector<Term> terms;                      ///< the same
  std::vector<Register> always;                 ///< in every row
  std::vector<Conditional> conditional;         ///< where a condition is true
  std::vector<Register> sometimes;              ///< the registers that are among these
  std::vector<Flagged> flagged;                 ///< none: nothing but the sum reads the terms
  std::vector<Register> flagged_factors, outs;  ///< of these, one after the other; outs: of each term, for its flags

  void add(const WeighTerm& term);
  /// The term that was added last has a column, or flags that are read; if any has, all of them are named.
  void show_last(const WeighTerm& term, std::int32_t column, bool flags);
};

/// The rows of a block that steps fill, [first, first + block.rows()), and how their answers are read.
struct Rows {
  Block& block;
  const std::vector<Decoder>& decoders;
  std::int64_t first;
  ResultMemory results = {};  ///< that steps write columns to
};

/// What a joined condition asks of a part, or a rule before it holds: that a byte is known and lies between two
/// numbers. Of a condition it is that it is true.
struct Test {
  Register of = no_register;
  std::int8_t lowest = 1;
  std::uint8_t span = 0;  ///< how far the highest is above the lowest
};

struct Step;
/// Runs a step.
using Kernel = void (*)(const Rows&, const Step&);

/// An operation to run. Kept small: of few rows, steps are what is read most.
struct Step {
  Kernel kernel = nullptr;
  const PlannedOperation* operation = nullptr;
  const ValueTable* table = nullptr;  ///< its result is looked up, whatever the operation reads
  std::int32_t number = 0;            ///< of the operation
  Register made_of = no_register;     ///< the step only makes this form of a register, for the operation and others
  Form form = Form::split;
  /// Of an item: nothing reads the response itself. Of a comparison: it is unknown in every row.
  bool flags_only = false;
  /// Of a sum of bytes: the item of each operand that is read straight from its column, or -1 for a register.
  /// Of a gate: its rules that vary. Of an item: the comparisons that are read from its pieces.
  std::vector<std::int32_t> parts;
  std::vector<Test> tests;             ///< of a joined condition, and of rules that give constants
  std::shared_ptr<Terms> terms;        ///< of a weighted sum
  std::shared_ptr<CellOutputs> cells;  ///< of an item
};

/// Steps whose results are the same in every row, and the others.
struct Steps {
  std::vector<Step> fixed, varying;
};
/// What else reads registers than operations.
struct OtherReaders {
  bool items = true;                   ///< registers of items
  bool terms = true;                   ///< flags of terms
  bool ranges = true;                  ///< what ranges are worked out from
  bool all = true;                     ///< every register, in every row
  std::vector<Register> passing = {};  ///< not these: what is behind a gate, but read from before it
};
/// `columns`: of the results, by the register of the term that a step is to write there; none: Terms::no_column, or an
/// empty vector.
[[nodiscard]] Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders,
                             const OtherReaders& readers = {}, const std::vector<std::int32_t>& columns = {});
/// The same, arranged, if not every register is read in the end: the layout is changed.
[[nodiscard]] Steps arranged_steps_of(Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
                                      const std::vector<std::int32_t>& columns);

/// Drops steps that nothing follows from, and those that another one can work out in passing.
void fuse(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
          std::vector<Step>& steps);

/// Puts steps in an order in which what one makes is read soon, and gives it a place that is free again after the last
/// step that reads it. What something else reads, or is the same in every row, has a place of its own.
void arrange(Layout& layout, const OtherReaders& readers, Steps& steps);

/// What runs a step of a plan on this processor.
[[nodiscard]] Kernel kernel_of(const Plan& plan, const Step& step);
/// Values and flags of the operations named.
inline void run_values(const Rows& rows, const std::vector<Step>& steps) {
  for (const Step& step : steps) step.kernel(rows, step);
}

/// Fills the registers of an item.
void load_item(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder, std::int64_t first);

/// Of an operation on bytes.
inline constexpr std::size_t most_operands = std::numeric_limits<std::uint8_t>::max();

/// Whether a sum and all that it adds are bytes.
[[nodiscard]] bool adds_bytes(const Plan& plan, const SumValues& op);
[[nodiscard]] bool compares_bytes(const Plan& plan, const ExtremeValue& op);
/// Whether rules give bytes that are the same in every row.
[[nodiscard]] bool gives_constants(const Plan& plan, const Decide& op);
/// What adds up bytes: of registers, and of items as their columns are read.
[[nodiscard]] Kernel byte_sum_kernel(const SumValues& op);

/// What one cell of an item without pieces holds: response and flags.
struct Cell {
  double response = 0;
  std::uint8_t flags = 0;
};
[[nodiscard]] Cell decode_cell(const PlannedItem& item, double number);

}  // namespace appraise::detail
