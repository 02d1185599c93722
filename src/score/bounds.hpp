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
  [[nodiscard]] Range range(Register of, int at) const noexcept {
    return ranges_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(of)] * most_ + at)];
  }
  void put(Register of, int at, Range range) noexcept {
    if (of == no_register || slots_[static_cast<std::size_t>(of)] < 0) return;
    ranges_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(of)] * most_ + at)] = range;
  }
  [[nodiscard]] double number(Register of, int at) const noexcept { return block_->number(of, rows_[at]); }
  [[nodiscard]] std::uint8_t flags(Register of, int at) const noexcept { return block_->flags(of)[rows_[at]]; }
  [[nodiscard]] bool read(Register of) const noexcept {
    return of != no_register && slots_[static_cast<std::size_t>(of)] >= 0;
  }
  [[nodiscard]] const PlannedItem& item(std::int32_t number) const noexcept {
    return block_->plan().items[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::int32_t> steps_;  ///< operations that ranges are worked out for
  std::vector<Register> gated_;  ///< a gate hides their values; lowest and highest stand if it is for a missing answer
  std::vector<Register> watched_;    ///< registers whose flags matter
  std::vector<std::int32_t> slots_;  ///< of each register in ranges_, or -1
  std::vector<Range> ranges_;
  std::vector<std::uint8_t> any_;  ///< flags of each row, joined
  std::vector<std::int32_t> selected_;
  const Block* block_ = nullptr;
  const std::int32_t* rows_ = nullptr;
  int count_ = 0;
  int most_ = 0;
};

/// Position of the band that holds a value, or another.
[[nodiscard]] std::size_t band_of(const LevelScheme& scheme, double value, std::size_t otherwise);

}  // namespace appraise::detail
