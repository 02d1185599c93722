// Runs sweeps: pieces of cells, operations on bytes, result columns.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/sweep.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

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
  Operations(std::uint8_t* tile, const TileSource* sources) : tile_(tile), sources_(sources) {}

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

  [[nodiscard]] HWY_INLINE std::uint8_t* at(Slot slot) const {
    return tile_ + static_cast<std::size_t>(slot) * tile_rows;
  }

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

  std::uint8_t* tile_;
  const TileSource* sources_;
  std::int64_t first_ = 0;
  bool whole_ = false;
};

template <class D, class V, class T>
HWY_INLINE void put(V v, D d, Stores stores, T* at) {
  if (stores == Stores::streaming) {
    hn::Stream(v, d, at);
  } else {
    hn::StoreU(v, d, at);
  }
}

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
      each_vector(tile_rows, [&](int row) HWY_ATTR { put(bytes.load(row), d, stores, out + row); });
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
    for (int row = 0; row < whole; row += lanes) put(values(row), wide, stores, out + row);
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
      if (rows_ == tile_rows) {
        std::memcpy(columns_[column].validity + first_ / 8, words, sizeof words);
        continue;
      }
      std::memcpy(columns_[column].validity + first_ / 8, words, static_cast<std::size_t>(rows_ + 7) / 8);
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
    for (; row + lanes <= rows_; row += lanes) put(hn::Load(d, found + row), d, stores_, out + row);
    std::copy(found + row, found + rows_, out + row);
  }

  const Operations& tile_;
  std::int64_t first_;
  int rows_;
  Stores stores_;
  const ColumnMemory* columns_;
};

}  // namespace

/// Asks for a line that will be read once.
HWY_INLINE void ask_once(const std::byte* line) { __builtin_prefetch(line, 0, 0); }

/// Asks for what is read later while a tile is scored, a few lines at a time: a processor can wait for so many only.
class Asking {
 public:
  /// In so many parts, beside a tile that begins at a row, for its share of the next stretch.
  HWY_INLINE Asking(const Sources& sources, std::int64_t row, std::size_t parts) : parts_(parts) {
    const ReadAhead& ahead = sources.ahead;
    const std::int64_t next = row / ahead.rows + 1;
    if (next * ahead.rows >= sources.rows) return;
    const auto tile = static_cast<std::size_t>(row % ahead.rows / tile_rows);
    const auto tiles = static_cast<std::size_t>(ahead.rows / tile_rows);
    stretch_ = static_cast<std::size_t>(next * (ahead.rows / 8));
    const std::size_t first = ahead.lines.size() * tile / tiles;
    all_ = ahead.lines.size() * (tile + 1) / tiles - first;
    at_ = ahead.lines.data() + first;
    end_ = at_ + all_;
  }

  HWY_INLINE void part() {
    for (due_ += all_; due_ >= parts_ && at_ != end_; due_ -= parts_, ++at_) {
      const std::byte* from = at_->column + stretch_ * at_->bits + at_->first;
      for (std::size_t i = 0; i < ReadAhead::together; ++i) ask_once(from + i * ReadAhead::line);
    }
  }

 private:
  std::size_t parts_, stretch_ = 0, all_ = 0, due_ = 0;
  const ReadAhead::Lines *at_ = nullptr, *end_ = nullptr;
};

/// Fills the slot of a source.
void read_source(const TileSource& source, std::int64_t first, int rows, std::uint8_t* piece) {
  const auto narrow = [&](auto number) HWY_ATTR {
    if (!read_narrow<decltype(number)>(source, first, piece)) {
      read_pieces(*source.decoder, first, rows, tile_rows, piece);
    }
  };
  switch (rows == tile_rows ? source.kind : TileSource::Cells::other) {
    case TileSource::Cells::bytes:
    case TileSource::Cells::truths:
    case TileSource::Cells::bits: {
      const auto lanes = static_cast<int>(hn::Lanes(TileTag()));
      for (int row = 0; row < tile_rows; row += together * lanes) {
        auto a = hn::Zero(TileTag()), b = a, c = a, e = a;
        read_pieces(source, first + row, a, b, c, e);
        store(a, b, c, e, piece + row);
      }
      break;
    }
    case TileSource::Cells::int16:
      return narrow(std::int16_t{});
    case TileSource::Cells::int32:
      return narrow(std::int32_t{});
    case TileSource::Cells::int64:
      return narrow(std::int64_t{});
    case TileSource::Cells::float64:
      return narrow(double{});
    case TileSource::Cells::other:
      return read_pieces(*source.decoder, first, rows, tile_rows, piece);
  }
}

void RunSweep(const Sweep& sweep, std::uint8_t* memory, const Sources& sources, std::int64_t first, std::int64_t rows,
              Stores stores, const ColumnMemory* columns) {
  Operations tile(memory, sources.all.data());
  const std::size_t parts = std::max<std::size_t>(1, sources.read + sweep.steps.size() + sweep.writes.size());
  for (const std::int64_t end = first + rows; first < end; first += tile_rows) {
    Asking asking(sources, first, parts);
    const auto count = static_cast<int>(std::min<std::int64_t>(tile_rows, end - first));
    const bool whole = count == tile_rows;
    for (const TileSource& source : sources.all) {
      if (whole && source.is_direct()) continue;
      asking.part();
      read_source(source, first, count, tile.at(source.out));
    }
    tile.set_rows(first, whole);
    for (const TileStep& step : sweep.steps) {
      asking.part();
      std::visit([&](const auto& op) { tile.run(op, step); }, step.operation);
    }
    const Writing writing(tile, first, count, stores, columns);
    for (const TileWrite& write : sweep.writes) {
      asking.part();
      std::visit([&](const auto& one) { writing.write(one); }, write);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunSweep);

void run_sweep(const Sweep& sweep, const Tile& tile, const Sources& sources, std::int64_t first, std::int64_t rows,
               Stores stores, const std::vector<ColumnMemory>& columns) {
  HWY_DYNAMIC_DISPATCH(RunSweep)(sweep, tile.data(), sources, first, rows, stores, columns.data());
}

}  // namespace appraise::detail
#endif
