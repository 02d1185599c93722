/// Lowest and highest possible values of the rows in which something is missing.
#pragma once

#include <cstdint>
#include <vector>

#include "appraise/detail/range.hpp"
#include "score/block.hpp"

namespace appraise::detail {

/// What lowest and highest values are worked out from: operations in order, and the registers that these read and fill.
struct BoundingSteps {
  explicit BoundingSteps(const Layout& layout);

  std::vector<std::int32_t> steps;
  std::vector<Register> registers;
};

/// Ranges of the registers that reported values are worked out from, for some rows of a block. In a row in which none
/// of these registers has a flag, every value is its own lowest and highest.
class BoundedRows {
 public:
  explicit BoundedRows(const Layout& layout);

  /// Rows of a block, in order, whose values are not their own lowest and highest.
  const std::vector<std::int32_t>& select(const Block& block);
  /// Rows that run() takes at a time.
  [[nodiscard]] int most() const noexcept { return most_; }
  /// Works out the ranges of some rows.
  void run(const Block& block, const std::int32_t* rows, int count);

  [[nodiscard]] int count() const noexcept { return count_; }
  [[nodiscard]] const Block& block() const noexcept { return *block_; }
  /// Row of the block.
  [[nodiscard]] std::int32_t row(int at) const noexcept { return rows_[at]; }
  [[nodiscard]] std::uint8_t flags(Register of, int at) const noexcept { return block_->flags(of)[rows_[at]]; }
  /// Whether the range of a register is worked out.
  [[nodiscard]] bool read(Register of) const noexcept {
    return of != no_register && slots_[static_cast<std::size_t>(of)] >= 0;
  }
  /// Lowest values of a register that is read, row by row, and highest.
  [[nodiscard]] double* lows(Register of) noexcept { return &ends_[first(of)]; }
  [[nodiscard]] double* highs(Register of) noexcept { return lows(of) + most_; }
  [[nodiscard]] const double* lows(Register of) const noexcept { return &ends_[first(of)]; }
  [[nodiscard]] const double* highs(Register of) const noexcept { return lows(of) + most_; }
  [[nodiscard]] Range range(Register of, int at) const noexcept { return {lows(of)[at], highs(of)[at]}; }

 private:
  [[nodiscard]] std::size_t first(Register of) const noexcept {
    return 2 * static_cast<std::size_t>(slots_[static_cast<std::size_t>(of)]) * static_cast<std::size_t>(most_);
  }

  std::vector<std::int32_t> steps_;  ///< operations that ranges are worked out for
  std::vector<Register> gated_;  ///< a gate hides their values; lowest and highest stand if it is for a missing answer
  std::vector<Register> watched_;    ///< registers whose flags matter
  std::vector<std::int32_t> slots_;  ///< of each register in ends_, or -1
  std::vector<double> ends_;
  std::vector<std::uint8_t> any_;  ///< flags of each row, joined
  std::vector<std::int32_t> selected_;
  const Block* block_ = nullptr;
  const std::int32_t* rows_ = nullptr;
  int count_ = 0;
  int most_ = 0;
};

/// Works out the ranges of the rows in hand, operation by operation.
void bound_all(BoundedRows& rows, const std::vector<std::int32_t>& operations);

/// Position of the band that holds a value, or another.
[[nodiscard]] std::size_t band_of(const LevelScheme& scheme, double value, std::size_t otherwise);

}  // namespace appraise::detail
