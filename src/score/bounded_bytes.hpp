/// Lowest and highest possible values where all that they depend on are bytes that add up or are compared: of every
/// row, in vectors.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "score/block.hpp"

namespace appraise::detail {

class BoundedBytes {
 public:
  explicit BoundedBytes(const Layout& layout);

  /// Whether reported values and levels are made by items, sums, extremes, levels and gates of bytes alone.
  [[nodiscard]] bool applies() const noexcept { return applies_; }
  void run(const Block& block);
  [[nodiscard]] const std::int8_t* lows(Register of) const noexcept { return end(of, 0); }
  [[nodiscard]] const std::int8_t* highs(Register of) const noexcept { return end(of, 1); }

 private:
  /// By the byte of a value + 128.
  using Positions = std::array<std::int8_t, 256>;
  struct Step {
    std::int32_t operation;
    Positions low, high;  ///< of a level
  };

  [[nodiscard]] bool add(const Layout& layout, std::int32_t operation);
  [[nodiscard]] const std::int8_t* end(Register of, std::size_t which) const noexcept {
    return ends_.data() + (static_cast<std::size_t>(slots_[static_cast<std::size_t>(of)]) * 2 + which) * rows_;
  }
  [[nodiscard]] std::int8_t* end(Register of, std::size_t which) noexcept {
    return ends_.data() + (static_cast<std::size_t>(slots_[static_cast<std::size_t>(of)]) * 2 + which) * rows_;
  }
  void bound(const Block& block, const LoadItem& op);
  void bound(const Block& block, const SumValues& op);
  void bound(const Block& block, const ExtremeValue& op);
  void bound(const Block& block, const PassGate& op);
  void bound_level(const Block& block, const FindLevel& op, const Step& step);

  bool applies_ = true;
  std::size_t rows_ = 0;
  std::vector<Step> steps_;
  std::vector<std::int32_t> slots_;  ///< of each register in ends_, or -1
  std::vector<std::int8_t> ends_;    ///< lows, then highs, of each register
};

}  // namespace appraise::detail
