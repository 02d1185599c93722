/// One row of a plan by itself: what a block is to many rows.
///
/// A step over a block costs the same for one row as for a vector of them: most of it is the finding of registers and
/// the setting up of vectors. Here every register is a double with its flags, and what follows from the answer to a
/// single item was worked out before, for each of the item's pieces.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "score/run.hpp"

namespace appraise::detail {

/// A register of one row. A double holds whole numbers, dates and truths exactly; a value that is not usable is 0.
struct RowValue {
  double value = 0;
  std::uint64_t flags = 0;  ///< as wide as the value: both are copied at once

  [[nodiscard]] bool usable() const noexcept { return (flags & unusable_flags) == 0; }
  /// Of a condition, whose value is 0 or 1.
  [[nodiscard]] bool is_true() const noexcept { return std::bit_cast<std::uint64_t>(value) != 0; }
};

/// The registers of a plan, in one row; then one that is always 1, and those that a step needs for what is between.
class Row {
 public:
  explicit Row(const Plan& plan) : plan_(plan), values_(plan.registers.size() + 1) { (*this)[one()].value = 1; }

  [[nodiscard]] Register one() const noexcept { return static_cast<Register>(plan_.registers.size()); }
  /// The first of those between.
  [[nodiscard]] Register between() const noexcept { return one() + 1; }
  void make_room_between(std::size_t registers) {
    values_.resize(std::max(values_.size(), static_cast<std::size_t>(between()) + registers));
  }

  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const RowValue& operator[](Register of) const noexcept { return values_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] RowValue& operator[](Register of) noexcept { return values_[static_cast<std::size_t>(of)]; }

  /// A number that the register can hold.
  void put(Register out, double x, std::uint64_t flags) noexcept {
    RowValue& to = (*this)[out];
    to.flags = flags;
    to.value = to.usable() ? x : 0;
  }
  /// A result is invalid but where it is said to be valid.
  void put_valid(Register out, double x, std::uint64_t flags, bool valid) noexcept {
    put(out, x, valid || (flags & unusable_flags) != 0 ? flags : flags | flag_invalid);
  }
  /// A number that the register may not be able to hold: such a result is invalid.
  void put_held(Register out, double x, std::uint64_t flags) noexcept {
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

/// A weighted sum. Without a branch for each term: what persons answer cannot be foretold.
struct RowTerms {
  RowTerms(Row& row, Terms terms, double intercept, Register out);

  struct Product {
    Register out = no_register, of = no_register, by = no_register;
  };
  struct Weighed {
    double weight = 0;
    Register of = no_register;    ///< a power
    Register when = no_register;  ///< true where it counts
  };
  Terms terms;
  double intercept = 0;
  Register out = no_register;
  std::vector<Product> products;
  std::vector<Weighed> weighed;
};

/// An item whose answer is read from one cell.
struct RowItem {
  const Decoder* decoder = nullptr;
  const PlannedItem* planned = nullptr;
  Register response = no_register, points = no_register;
  int lowest = 0, highest = 0;  ///< of bytes whose cuts are neighbours, as in the decoder
  /// Of few pieces: the registers that follow from the piece, and what they hold, piece by piece.
  int count = 0;
  const Register* outs = nullptr;
  const RowValue* held = nullptr;
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

/// What a row is run with.
struct RowParts {
  explicit RowParts(const Plan& plan) : row(plan) {}

  Row row;
  std::vector<RowStep> steps;  ///< in order
  std::vector<RowItem> items;
  std::vector<RowTerms> terms;
  std::vector<Register> outs;  ///< of the items
  std::vector<RowValue> held;  ///< the same
};

/// A plan for one row at a time, for the columns that its items are bound to.
class SingleRow {
 public:
  SingleRow(const Layout& layout, const std::vector<Decoder>& decoders);

  /// Finds the cells of the first row, in the caseload that the items are bound to now.
  void find_cells();
  /// The registers that results are written from; others need not be filled.
  const Row& run() {
    for (const RowStep& step : parts_.steps) step.run(parts_.row);
    return parts_.row;
  }

 private:
  RowParts parts_;
};

}  // namespace appraise::detail
