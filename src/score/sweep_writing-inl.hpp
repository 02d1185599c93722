// From a tile of bytes to result columns, for each instruction set.
#if defined(APPRAISE_SCORE_SWEEP_WRITING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_SWEEP_WRITING_INL_HPP
#undef APPRAISE_SCORE_SWEEP_WRITING_INL_HPP
#else
#define APPRAISE_SCORE_SWEEP_WRITING_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "score/stores-inl.hpp"
#include "score/sweep_operations-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Writes the first rows of a tile to result columns.
class Writing {
 public:
  Writing(const Operations& tile, std::int64_t first, int rows, Stores stores, const ColumnMemory* columns)
      : tile_(tile), first_(first), rows_(rows), stores_(stores), columns_(columns) {}

  void write(const WriteTileBytes& one) const {
    const TileTag d;
    const MaskedSource bytes = masked(one.of, one.mask);
    auto* out = static_cast<std::uint8_t*>(columns_[one.column].values) + first_;
    if (rows_ == tile_rows) {
      const Stores stores = stores_;
      each_vector(tile_rows, [&](int row) HWY_ATTR { put_lanes(bytes.load(row), d, stores, out + row); });
      return;
    }
    alignas(64) std::uint8_t copy[tile_rows];
    each_vector(tile_rows, [&](int row) HWY_ATTR { hn::Store(bytes.load(row), d, copy + row); });
    std::copy_n(copy, rows_, out);
  }

  void write(const WriteTileWholes& one) const {
    const hn::ScalableTag<std::int32_t> wide;
    const hn::Rebind<std::int8_t, decltype(wide)> narrow;
    const hn::Rebind<std::int16_t, decltype(wide)> middle;
    const auto lanes = static_cast<int>(hn::Lanes(wide));
    alignas(64) std::uint8_t copy[tile_rows];
    const std::uint8_t* bytes = one.wide ? bytes_of(one.mask, {}, copy) : bytes_of(one.of, one.mask, copy);
    const auto* x = one.wide ? reinterpret_cast<const std::int16_t*>(tile_.at(one.of.slot)) : nullptr;
    const auto values = [&](int row) HWY_ATTR {
      const auto own = hn::PromoteTo(wide, hn::LoadU(narrow, reinterpret_cast<const std::int8_t*>(bytes) + row));
      return x == nullptr ? own : hn::And(own, hn::PromoteTo(wide, hn::LoadU(middle, x + row)));
    };
    auto* out = static_cast<std::int32_t*>(columns_[one.column].values) + first_;
    const Stores stores = stores_;
    const int whole = rows_ / lanes * lanes;
    for (int row = 0; row < whole; row += lanes) put_lanes(values(row), wide, stores, out + row);
    if (whole == rows_) return;
    alignas(64) std::int32_t rest[hn::MaxLanes(wide)];
    hn::Store(values(whole), wide, rest);
    std::copy_n(rest, rows_ - whole, out + whole);
  }

  void write(const WriteTileFigures& one) const {
    alignas(64) std::uint8_t copy[tile_rows];
    const std::uint8_t* index = bytes_of(one.index, {}, copy);
    if (one.reals != nullptr) {
      look_up(index, one.reals->data(), static_cast<double*>(columns_[one.column].values) + first_);
    } else {
      look_up(index, one.wholes->data(), static_cast<std::int32_t*>(columns_[one.column].values) + first_);
    }
  }

  void write(const WriteTileBits& one) const {
    const TileTag d;
    TileWords words = {};
    const ByteSource bytes = tile_.source(one.of);
    each_vector(tile_rows, [&](int row) HWY_ATTR {
      words[row / 64] |= bits_of(d, hn::Ne(bytes.load(row), hn::Zero(d))) << (row % 64);
    });
    if (const int last = rows_ % 64; last != 0) words[rows_ / 64] &= (std::uint64_t{1} << last) - 1;
    for (const int column : one.columns) {
      std::uint8_t* out = columns_[column].validity + first_ / 8;
      if (rows_ == tile_rows) {
        // One by one, as they were put: read all at once they would have to wait until every store before is done.
        for (std::size_t i = 0; i < std::size(words); ++i)
          std::memcpy(out + i * sizeof *words, words + i, sizeof *words);
        continue;
      }
      std::memcpy(out, words, static_cast<std::size_t>(rows_ + 7) / 8);
    }
  }

 private:
  /// 0 where the mask is.
  struct MaskedSource {
    ByteSource of, mask;
    bool masked;

    HWY_INLINE TileVector load(int row) const {
      const auto own = of.load(row);
      return masked ? hn::And(own, mask.load(row)) : own;
    }
  };
  [[nodiscard]] HWY_INLINE MaskedSource masked(const TileByte& of, const TileByte& mask) const {
    return {tile_.source(of), tile_.source(mask), mask.slot != no_slot};
  }

  /// Those of a slot, or a copy.
  [[nodiscard]] const std::uint8_t* bytes_of(const TileByte& of, const TileByte& mask, std::uint8_t* copy) const {
    if (of.slot != no_slot && !of.looked_up && mask.slot == no_slot) return tile_.at(of.slot);
    const TileTag d;
    const MaskedSource bytes = masked(of, mask);
    each_vector(tile_rows, [&](int row) HWY_ATTR { hn::Store(bytes.load(row), d, copy + row); });
    return copy;
  }

  template <class Value>
  void look_up(const std::uint8_t* index, const Value* table, Value* out) const {
    const hn::ScalableTag<Value> d;
    const auto lanes = static_cast<int>(hn::Lanes(d));
    alignas(64) Value found[tile_rows];
    for (int row = 0; row < rows_; ++row) found[row] = table[index[row]];
    int row = 0;
    for (; row + lanes <= rows_; row += lanes) put_lanes(hn::Load(d, found + row), d, stores_, out + row);
    std::copy(found + row, found + rows_, out + row);
  }

  const Operations& tile_;
  std::int64_t first_;
  int rows_;
  Stores stores_;
  const ColumnMemory* columns_;
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
