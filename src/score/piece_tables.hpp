/// What registers hold for every piece that the cells of one or two items fall into, worked out by the very steps that
/// score blocks of rows.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "appraise/detail/range.hpp"
#include "score/bounds.hpp"
#include "score/run.hpp"

namespace appraise::detail {

/// The items that a register is worked out from.
struct Origin {
  static constexpr int most = 2, many = most + 1;
  std::array<std::int32_t, most> items = {-1, -1};
  int count = 0;        ///< 0: the same in every row; many: more than two, or one that has no pieces
  bool opaque = false;  ///< depends on a number of which the piece says too little

  void join(const Origin& other);
  [[nodiscard]] bool within(const Origin& other) const;
};

class PieceTables {
 public:
  /// Rows of a block that has a row for every pair of pieces.
  static constexpr int rows = Decoder::pieces * Decoder::pieces;

  /// `layout` has blocks of that many rows. `bounds`: lowest and highest are asked for too.
  PieceTables(const Layout& layout, const std::vector<Decoder>& decoders, bool bounds);

  [[nodiscard]] const Origin& origin(Register of) const { return origins_[static_cast<std::size_t>(of)]; }
  /// Whether all that a register can hold is in such a block.
  [[nodiscard]] bool holds(const Origin& of) const;
  /// Rows of the block that count.
  [[nodiscard]] int count(const Origin& of) const;
  /// A block whose row 16 * a + b holds what comes of piece a of the first item and piece b of the second; of one item
  /// row b holds what comes of piece b.
  const Block& block(const Origin& of);
  /// Lowest and highest of a register in each row of block(origin(of)); empty if they are not worked out.
  std::vector<Range> ranges(Register of);

 private:
  void trace_origins();
  void load(const LoadItem& load, const Step& step, int shift);

  const Layout& layout_;
  const std::vector<Decoder>& decoders_;
  Steps steps_;
  std::vector<Origin> origins_;
  Block block_;
  Origin filled_{};
  bool is_filled_ = false;
  std::optional<BoundedRows> bounded_;
};

}  // namespace appraise::detail
