/// One row of a plan by itself: what a block is to many rows.
///
/// A step over a block costs the same for one row as for a vector of them: most of it is the finding of registers and
/// the setting up of vectors. Here every register is a double with its flags, and what follows from the answer to a
/// single item was worked out before, for each of the item's pieces.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "score/run.hpp"

namespace appraise::detail {

/// A register of one row. A double holds whole numbers, dates and truths exactly; a value that is not usable is 0.
struct RowValue {
  double value = 0;
  std::uint8_t flags = 0;

  [[nodiscard]] bool usable() const noexcept { return (flags & unusable_flags) == 0; }
  [[nodiscard]] bool is_true() const noexcept { return value != 0; }
};

/// The registers of a plan, in one row.
class Row {
 public:
  explicit Row(const Plan& plan) : plan_(plan), values_(plan.registers.size()) {}

  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const RowValue& operator[](Register of) const noexcept { return values_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] RowValue& operator[](Register of) noexcept { return values_[static_cast<std::size_t>(of)]; }

  /// A number that the register can hold.
  void put(Register out, double x, unsigned flags) noexcept {
    RowValue& to = (*this)[out];
    to.flags = static_cast<std::uint8_t>(flags);
    to.value = to.usable() ? x : 0;
  }
  /// A result is invalid but where it is said to be valid.
  void put_valid(Register out, double x, unsigned flags, bool valid) noexcept {
    put(out, x, valid || (flags & unusable_flags) != 0 ? flags : flags | flag_invalid);
  }
  /// A number that the register may not be able to hold: such a result is invalid.
  void put_held(Register out, double x, unsigned flags) noexcept {
    const bool real = plan_.registers[static_cast<std::size_t>(out)] == RegisterType::real;
    put_valid(out, x, flags, std::fabs(x) <= (real ? std::numeric_limits<double>::max() : whole_limit));
  }

 private:
  const Plan& plan_;
  std::vector<RowValue> values_;
};

/// What fills registers of a row, from an operation, terms or an item.
struct RowStep {
  void (*kernel)(Row& row, const void* of) = nullptr;
  const void* of = nullptr;

  void run(Row& row) const { kernel(row, of); }
};

/// A weighted sum.
struct RowTerms {
  Terms terms;
  double intercept = 0;
  Register out = no_register;
};

/// An item whose answer is read from one cell.
struct RowItem {
  const Decoder* decoder = nullptr;
  const PlannedItem* planned = nullptr;
  Register response = no_register, points = no_register;
  /// Of few pieces: the registers that follow from the piece, and what they hold in each piece.
  std::vector<Register> outs = {};
  std::vector<RowValue> table = {};
  Register copied = no_register;  ///< has the number itself, where no flag is in the way
  // In the caseload that the decoder is bound to:
  const std::byte* cell = nullptr;
  const std::uint8_t* validity = nullptr;  ///< the byte with the row's bit, or null
  unsigned bit = 0;                        ///< of the row in that byte, and in a cell that is one
};

/// Works out an operation that reads registers only; sums of terms are run as RowTerms.
[[nodiscard]] RowStep row_step(const PlannedOperation& operation);
[[nodiscard]] RowStep row_step(const RowTerms& terms);
/// Reads an item's answer.
[[nodiscard]] RowStep row_step(const RowItem& item);

/// A plan for one row at a time, for the columns that its items are bound to.
class SingleRow {
 public:
  SingleRow(const Layout& layout, const std::vector<Decoder>& decoders);

  /// Finds the cells of the first row, in the caseload that the items are bound to now.
  void find_cells();
  /// The registers that results are written from; others need not be filled.
  const Row& run() {
    for (const RowStep& step : steps_) step.run(row_);
    return row_;
  }

 private:
  Row row_;
  std::deque<RowItem> items_;
  std::deque<RowTerms> terms_;
  std::vector<RowStep> steps_;
};

}  // namespace appraise::detail
