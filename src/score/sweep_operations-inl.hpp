// The operations of a sweep on a tile of bytes, for each instruction set.
#if defined(APPRAISE_SCORE_SWEEP_OPERATIONS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_SWEEP_OPERATIONS_INL_HPP
#undef APPRAISE_SCORE_SWEEP_OPERATIONS_INL_HPP
#else
#define APPRAISE_SCORE_SWEEP_OPERATIONS_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "score/cells-inl.hpp"
#include "score/sweep.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

// A table of sixteen in a register.
#if HWY_TARGET == HWY_SCALAR
using TableVector = const std::uint8_t*;
HWY_INLINE TableVector load_table(const std::uint8_t* sixteen) { return sixteen; }
HWY_INLINE TileVector take(TableVector table, TileVector index) {
  return hn::Set(TileTag(), table[hn::GetLane(index) & 15]);
}
#else
using TableVector = TileVector;
HWY_INLINE TableVector load_table(const std::uint8_t* sixteen) { return hn::LoadDup128(TileTag(), sixteen); }
HWY_INLINE TileVector take(TableVector table, TileVector index) { return hn::TableLookupBytes(table, index); }
#endif

/// table[index] of sixteens; 0 beyond them.
HWY_INLINE TileVector take(const std::vector<std::uint8_t>& table, TileVector index) {
  const TileTag d;
#if HWY_TARGET == HWY_SCALAR
  const std::size_t at = hn::GetLane(index);
  return hn::Set(d, at < table.size() ? table[at] : std::uint8_t{0});
#else
  auto found = hn::Zero(d);
  for (std::size_t from = 0; from < table.size(); from += 16) {
    // 0 to 15 become 0x70 to 0x7F, of which the low half counts; all else has its high bit set, which gives 0.
    const auto here = hn::SaturatedAdd(hn::Sub(index, hn::Set(d, static_cast<std::uint8_t>(from))), hn::Set(d, 0x70));
    found = hn::Or(found, hn::TableLookupBytesOr0(hn::LoadDup128(d, table.data() + from), here));
  }
  return found;
#endif
}

/// Where a byte of each row of a tile is read.
struct ByteSource {
  const std::uint8_t* bytes;
  const std::uint8_t* table;  ///< null: the bytes themselves

  HWY_INLINE TileVector load(int row) const {
    const auto own = hn::Load(TileTag(), bytes + row);
    return table == nullptr ? own : take(load_table(table), own);
  }
};

alignas(64) constexpr std::uint8_t zeros[tile_rows] = {};

class Operations {
 public:
  Operations(std::uint8_t* const* slots, const TileSource* sources) : slots_(slots), sources_(sources) {}

  /// The tile that is worked on: its first row, and whether all its rows are rows of the caseload.
  void set_rows(std::int64_t first, bool whole) noexcept {
    first_ = first;
    whole_ = whole;
  }

  [[nodiscard]] HWY_INLINE ByteSource source(const TileByte& of) const {
    if (of.slot == no_slot) return {zeros, of.table.data()};
    return {at(of.slot), of.looked_up ? of.table.data() : nullptr};
  }

  void run(const Fold& op, const TileStep& step) const {
    const auto sum = [](TileVector a, TileVector b) HWY_ATTR { return hn::Add(a, b); };
    const auto highest = [](TileVector a, TileVector b) HWY_ATTR {
      const SignedTileTag s;
      return hn::BitCast(TileTag(), hn::Max(hn::BitCast(s, a), hn::BitCast(s, b)));
    };
    const auto lowest = [](TileVector a, TileVector b) HWY_ATTR {
      const SignedTileTag s;
      return hn::BitCast(TileTag(), hn::Min(hn::BitCast(s, a), hn::BitCast(s, b)));
    };
    if (step.out == no_slot) return fold<false, true>(op, step, sum);
    const bool flags = step.flags != no_slot;
    switch (op.kind) {
      case Fold::Kind::sum:
        return flags ? fold<true, true>(op, step, sum) : fold<true, false>(op, step, sum);
      case Fold::Kind::highest:
        return flags ? fold<true, true>(op, step, highest) : fold<true, false>(op, step, highest);
      case Fold::Kind::lowest:
        return flags ? fold<true, true>(op, step, lowest) : fold<true, false>(op, step, lowest);
    }
  }

  void run(const CountOmitted& op, const TileStep& step) const {
    const TileTag d;
    const auto missing = hn::Set(d, flag_missing), unusable_bits = hn::Set(d, unusable_flags);
    const auto at_most = hn::Set(d, op.at_most), operands = hn::Set(d, op.operands);
    const ByteSource joined = source(op.flags);
    each_vector(tile_rows, [&](int row) HWY_ATTR {
      auto flags = joined.load(row), left = hn::Set(d, op.left_out);
      for (const TileByte& term : op.may_omit) {
        const auto own = source(term).load(row);
        const auto omitted = hn::Eq(hn::And(own, unusable_bits), missing);
        left = hn::Sub(left, hn::VecFromMask(d, omitted));
        flags = hn::Or(flags, hn::IfThenZeroElse(omitted, own));
      }
      const auto within = hn::Eq(left, hn::Min(left, at_most));
      auto mark = hn::IfThenElse(within, hn::Set(d, flag_omitted), missing);
      mark = hn::IfThenElse(hn::Eq(left, operands), missing, mark);
      flags = hn::Or(flags, hn::IfThenZeroElse(hn::Eq(left, hn::Zero(d)), mark));
      hn::Store(flags, d, at(step.out) + row);
    });
  }

  void run(const LookUpTile& op, const TileStep& step) const {
    const TileTag d;
    const auto lowest = hn::Set(d, op.lowest);
    const ByteSource index = source(op.index);
    std::uint8_t* out = at(step.out);
    each_vector(tile_rows,
                [&](int row) HWY_ATTR { hn::Store(take(op.table, hn::Sub(index.load(row), lowest)), d, out + row); });
  }

  void run(const RaiseFlags& op, const TileStep& step) const {
    const TileTag d;
    const auto unusable_bits = hn::Set(d, unusable_flags);
    const ByteSource own_flags = source(op.own), raised = source(op.raised);
    std::uint8_t* out = at(step.out);
    each_vector(tile_rows, [&](int row) HWY_ATTR {
      const auto own = own_flags.load(row);
      const auto usable = hn::Eq(hn::And(own, unusable_bits), hn::Zero(d));
      hn::Store(hn::Or(own, hn::IfThenElseZero(usable, raised.load(row))), d, out + row);
    });
  }

  void run(const KeepTile& op, const TileStep& step) const {
    const TileTag d;
    const auto lowest = hn::Set(d, op.lowest), otherwise = hn::Set(d, op.otherwise);
    const ByteSource of = source(op.of), mask = source(op.mask);
    std::uint8_t* out = at(step.out);
    each_vector(tile_rows, [&](int row) HWY_ATTR {
      const auto kept = hn::Ne(mask.load(row), hn::Zero(d));
      hn::Store(hn::IfThenElse(kept, hn::Sub(of.load(row), lowest), otherwise), d, out + row);
    });
  }

  void run(const AddWide& op, const TileStep& step) const {
    auto* sums = reinterpret_cast<std::int16_t*>(at(step.out));
    const hn::CappedTag<std::int16_t, lane_rows / 2> wide;
    const hn::Rebind<std::int8_t, decltype(wide)> narrow;
    const auto lanes = static_cast<int>(hn::Lanes(wide));
    std::fill_n(sums, tile_rows, op.base);
    alignas(64) std::uint8_t bytes[tile_rows];
    for (const TileByte& term : op.terms) {
      const ByteSource more = source(term);
      each_vector(tile_rows, [&](int row) HWY_ATTR { hn::Store(more.load(row), TileTag(), bytes + row); });
      const auto* x = reinterpret_cast<const std::int8_t*>(bytes);
      for (int row = 0; row < tile_rows; row += lanes) {
        const auto own = hn::PromoteTo(wide, hn::LoadU(narrow, x + row));
        hn::Store(hn::Add(hn::Load(wide, sums + row), own), wide, sums + row);
      }
    }
  }

  void run(const FindWideLevel& op, const TileStep& step) const {
    const auto* x = reinterpret_cast<const std::int16_t*>(at(op.of));
    std::uint8_t* level = at(step.out);
    const std::int16_t* reached = op.reached.data();
    const std::size_t levels = op.reached.size();
    std::int16_t found[tile_rows] = {};
    for (std::size_t k = 0; k < levels; ++k) {
      for (int row = 0; row < tile_rows; ++row) {
        found[row] = static_cast<std::int16_t>(found[row] + (x[row] >= reached[k] ? 1 : 0));
      }
    }
    for (int row = 0; row < tile_rows; ++row) level[row] = static_cast<std::uint8_t>(found[row]);
  }

  [[nodiscard]] HWY_INLINE std::uint8_t* at(Slot slot) const { return slots_[slot]; }

 private:
  template <bool values, bool flags, class Join>
  HWY_INLINE void fold(const Fold& op, const TileStep& step, Join join) const {
    const TileTag d;
    const auto lanes = static_cast<int>(hn::Lanes(d));
    const FoldTerm* const end = op.terms.data() + op.terms.size();
    for (int row = 0; row < tile_rows; row += together * lanes) {
      const auto value = hn::Set(d, op.value), flag = hn::Set(d, op.flag);
      auto v0 = value, v1 = value, v2 = value, v3 = value, f0 = flag, f1 = flag, f2 = flag, f3 = flag;
      for (const FoldTerm* term = op.terms.data(); term != end; ++term) {
        auto a = hn::Zero(d), b = a, c = a, e = a;
        pieces(*term, row, a, b, c, e);
        if constexpr (values) {
          const auto table = load_table(term->value.data());
          v0 = join(v0, take(table, a));
          v1 = join(v1, take(table, b));
          v2 = join(v2, take(table, c));
          v3 = join(v3, take(table, e));
        }
        if constexpr (flags) {
          const auto table = load_table(term->flags.data());
          f0 = hn::Or(f0, take(table, a));
          f1 = hn::Or(f1, take(table, b));
          f2 = hn::Or(f2, take(table, c));
          f3 = hn::Or(f3, take(table, e));
        }
      }
      if constexpr (values) {
        for (const Slot slot : op.values) {
          const std::uint8_t* x = at(slot) + row;
          v0 = join(v0, hn::Load(d, x));
          v1 = join(v1, hn::Load(d, x + lanes));
          v2 = join(v2, hn::Load(d, x + 2 * lanes));
          v3 = join(v3, hn::Load(d, x + 3 * lanes));
        }
        store(v0, v1, v2, v3, at(step.out) + row);
      }
      if constexpr (flags) {
        for (const Slot slot : op.flags) {
          const std::uint8_t* x = at(slot) + row;
          f0 = hn::Or(f0, hn::Load(d, x));
          f1 = hn::Or(f1, hn::Load(d, x + lanes));
          f2 = hn::Or(f2, hn::Load(d, x + 2 * lanes));
          f3 = hn::Or(f3, hn::Load(d, x + 3 * lanes));
        }
        store(f0, f1, f2, f3, at(step.flags) + row);
      }
    }
  }

  /// Those of a term, from its column in passing or from its slot.
  HWY_INLINE void pieces(const FoldTerm& term, int row, TileVector& a, TileVector& b, TileVector& c,
                         TileVector& e) const {
    const TileTag d;
    const auto lanes = static_cast<int>(hn::Lanes(d));
    std::uint8_t* x = at(term.slot) + row;
    if (whole_ && term.read >= 0 && sources_[term.read].is_direct()) {
      read_pieces(sources_[term.read], first_ + row, a, b, c, e);
      if (term.kept) store(a, b, c, e, x);
      return;
    }
    a = hn::Load(d, x);
    b = hn::Load(d, x + lanes);
    c = hn::Load(d, x + 2 * lanes);
    e = hn::Load(d, x + 3 * lanes);
  }

  std::uint8_t* const* slots_;
  const TileSource* sources_;
  std::int64_t first_ = 0;
  bool whole_ = false;
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
