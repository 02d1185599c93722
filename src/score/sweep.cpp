// Runs sweeps: pieces of cells, operations on bytes, result columns.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/sweep.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "score/pieces-inl.hpp"
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

/// Four vectors of a tile, so that none waits for the one before.
constexpr int together = 4;

class Operations {
 public:
  Operations(std::uint8_t* tile, int rows) : tile_(tile), rows_(rows) {}

  /// Of the tile, whole vectors of them.
  [[nodiscard]] HWY_INLINE int rows() const noexcept { return rows_; }

  /// The bytes of a row and those behind it.
  [[nodiscard]] HWY_INLINE TileVector load(const TileByte& of, int row) const {
    const TileTag d;
    if (of.slot == no_slot) return hn::Set(d, of.table[0]);
    const auto own = hn::Load(d, at(of.slot) + row);
    return of.looked_up ? take(load_table(of.table.data()), own) : own;
  }

  void run(const AddTileBytes& op, Slot out) const {
    fold(op.terms, op.base, out, [](TileVector a, TileVector b) HWY_ATTR { return hn::Add(a, b); });
  }

  void run(const FindExtreme& op, Slot out) const {
    const SignedTileTag s;
    const TileTag d;
    const auto base = static_cast<std::uint8_t>(op.base);
    if (op.highest) {
      fold(op.terms, base, out, [=](TileVector a, TileVector b) HWY_ATTR {
        return hn::BitCast(d, hn::Max(hn::BitCast(s, a), hn::BitCast(s, b)));
      });
    } else {
      fold(op.terms, base, out, [=](TileVector a, TileVector b) HWY_ATTR {
        return hn::BitCast(d, hn::Min(hn::BitCast(s, a), hn::BitCast(s, b)));
      });
    }
  }

  void run(const JoinTileFlags& op, Slot out) const {
    fold(op.terms, op.base, out, [](TileVector a, TileVector b) HWY_ATTR { return hn::Or(a, b); });
    if (op.may_omit.empty() && op.left_out == 0) return;
    const TileTag d;
    const auto missing = hn::Set(d, flag_missing), unusable_bits = hn::Set(d, unusable_flags);
    const auto at_most = hn::Set(d, op.at_most), operands = hn::Set(d, op.operands);
    each_vector(rows_, [&](int row) HWY_ATTR {
      auto flags = hn::Load(d, at(out) + row), left = hn::Set(d, op.left_out);
      for (const TileByte& term : op.may_omit) {
        const auto own = load(term, row);
        const auto omitted = hn::Eq(hn::And(own, unusable_bits), missing);
        left = hn::Sub(left, hn::VecFromMask(d, omitted));
        flags = hn::Or(flags, hn::IfThenZeroElse(omitted, own));
      }
      const auto within = hn::Eq(left, hn::Min(left, at_most));
      auto mark = hn::IfThenElse(within, hn::Set(d, flag_omitted), missing);
      mark = hn::IfThenElse(hn::Eq(left, operands), missing, mark);
      flags = hn::Or(flags, hn::IfThenZeroElse(hn::Eq(left, hn::Zero(d)), mark));
      hn::Store(flags, d, at(out) + row);
    });
  }

  void run(const LookUpTile& op, Slot out) const {
    const TileTag d;
    const auto lowest = hn::Set(d, op.lowest);
    each_vector(rows_, [&](int row) HWY_ATTR {
      hn::Store(take(op.table, hn::Sub(load(op.index, row), lowest)), d, at(out) + row);
    });
  }

  void run(const RaiseFlags& op, Slot out) const {
    const TileTag d;
    const auto unusable_bits = hn::Set(d, unusable_flags);
    each_vector(rows_, [&](int row) HWY_ATTR {
      const auto own = load(op.own, row);
      const auto usable = hn::Eq(hn::And(own, unusable_bits), hn::Zero(d));
      hn::Store(hn::Or(own, hn::IfThenElseZero(usable, load(op.raised, row))), d, at(out) + row);
    });
  }

  void run(const KeepTile& op, Slot out) const {
    const TileTag d;
    const auto lowest = hn::Set(d, op.lowest), otherwise = hn::Set(d, op.otherwise);
    each_vector(rows_, [&](int row) HWY_ATTR {
      const auto kept = hn::Ne(load(op.mask, row), hn::Zero(d));
      hn::Store(hn::IfThenElse(kept, hn::Sub(load(op.of, row), lowest), otherwise), d, at(out) + row);
    });
  }

  void run(const AddWide& op, Slot out) const {
    alignas(64) std::uint8_t bytes[tile_rows];
    auto* sums = reinterpret_cast<std::int16_t*>(at(out));
    std::fill_n(sums, rows_, op.base);
    const hn::CappedTag<std::int16_t, lane_rows / 2> wide;
    const hn::Rebind<std::int8_t, decltype(wide)> narrow;
    const auto lanes = static_cast<int>(hn::Lanes(wide));
    for (std::size_t from = 0, to = 0; from < op.terms.size(); from = to) {
      while (op.carried[to++] == 0) continue;
      fold(op.terms.data() + from, op.terms.data() + to, 0, bytes,
           [](TileVector a, TileVector b) HWY_ATTR { return hn::Add(a, b); });
      const auto* x = reinterpret_cast<const std::int8_t*>(bytes);
      for (int row = 0; row < rows_; row += lanes) {
        const auto more = hn::PromoteTo(wide, hn::LoadU(narrow, x + row));
        hn::Store(hn::Add(hn::Load(wide, sums + row), more), wide, sums + row);
      }
    }
  }

  void run(const FindWideLevel& op, Slot out) const {
    const auto* x = reinterpret_cast<const std::int16_t*>(at(op.of));
    std::uint8_t* level = at(out);
    const std::int16_t* reached = op.reached.data();
    const std::size_t levels = op.reached.size();
    std::int16_t found[tile_rows] = {};
    for (std::size_t k = 0; k < levels; ++k) {
      for (int row = 0; row < rows_; ++row) {
        found[row] = static_cast<std::int16_t>(found[row] + (x[row] >= reached[k] ? 1 : 0));
      }
    }
    for (int row = 0; row < rows_; ++row) level[row] = static_cast<std::uint8_t>(found[row]);
  }

  [[nodiscard]] HWY_INLINE std::uint8_t* at(Slot slot) const {
    return tile_ + static_cast<std::size_t>(slot) * tile_rows;
  }

 private:
  /// base, then each term, joined by a function; terms have slots.
  template <class Join>
  HWY_INLINE void fold(const std::vector<TileByte>& terms, std::uint8_t base, Slot out, Join join) const {
    fold(terms.data(), terms.data() + terms.size(), base, at(out), join);
  }
  template <class Join>
  HWY_INLINE void fold(const TileByte* first, const TileByte* last, std::uint8_t base, std::uint8_t* out,
                       Join join) const {
    const TileTag d;
    const auto lanes = static_cast<int>(hn::Lanes(d));
    int row = 0;
    for (; row + together * lanes <= rows_; row += together * lanes) {
      auto a = hn::Set(d, base), b = a, c = a, e = a;
      for (const TileByte* term = first; term != last; ++term) {
        const std::uint8_t* x = at(term->slot) + row;
        if (term->looked_up) {
          const auto table = load_table(term->table.data());
          a = join(a, take(table, hn::Load(d, x)));
          b = join(b, take(table, hn::Load(d, x + lanes)));
          c = join(c, take(table, hn::Load(d, x + 2 * lanes)));
          e = join(e, take(table, hn::Load(d, x + 3 * lanes)));
        } else {
          a = join(a, hn::Load(d, x));
          b = join(b, hn::Load(d, x + lanes));
          c = join(c, hn::Load(d, x + 2 * lanes));
          e = join(e, hn::Load(d, x + 3 * lanes));
        }
      }
      hn::Store(a, d, out + row);
      hn::Store(b, d, out + row + lanes);
      hn::Store(c, d, out + row + 2 * lanes);
      hn::Store(e, d, out + row + 3 * lanes);
    }
    for (; row < rows_; row += lanes) {
      auto a = hn::Set(d, base);
      for (const TileByte* term = first; term != last; ++term) {
        const auto own = hn::Load(d, at(term->slot) + row);
        a = join(a, term->looked_up ? take(load_table(term->table.data()), own) : own);
      }
      hn::Store(a, d, out + row);
    }
  }

  std::uint8_t* tile_;
  int rows_;
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
    auto* out = static_cast<std::uint8_t*>(columns_[one.column].values) + first_;
    if (rows_ == tile_.rows()) {
      each_vector(tile_.rows(), [&](int row) HWY_ATTR { put(masked(one.of, one.mask, row), d, stores_, out + row); });
      return;
    }
    alignas(64) std::uint8_t bytes[tile_rows];
    each_vector(tile_.rows(), [&](int row) HWY_ATTR { hn::Store(masked(one.of, one.mask, row), d, bytes + row); });
    std::copy_n(bytes, rows_, out);
  }

  void write(const WriteTileWholes& one) const {
    const hn::ScalableTag<std::int32_t> wide;
    const hn::Rebind<std::int8_t, decltype(wide)> narrow;
    const hn::Rebind<std::int16_t, decltype(wide)> middle;
    const auto lanes = static_cast<int>(hn::Lanes(wide));
    alignas(64) std::uint8_t copy[tile_rows];
    auto* out = static_cast<std::int32_t*>(columns_[one.column].values) + first_;
    const auto* bytes = reinterpret_cast<const std::int8_t*>(one.wide ? bytes_of(one.mask, {}, copy)
                                                                      : bytes_of(one.of, one.mask, copy));
    const auto* x = one.wide ? reinterpret_cast<const std::int16_t*>(tile_.at(one.of.slot)) : nullptr;
    alignas(64) std::int32_t rest[hn::MaxLanes(wide)];
    for (int row = 0; row < rows_; row += lanes) {
      auto values = hn::PromoteTo(wide, hn::LoadU(narrow, bytes + row));
      if (one.wide) values = hn::And(values, hn::PromoteTo(wide, hn::LoadU(middle, x + row)));
      if (row + lanes <= rows_) {
        put(values, wide, stores_, out + row);
      } else {
        hn::Store(values, wide, rest);
        std::copy_n(rest, rows_ - row, out + row);
      }
    }
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
    each_vector(tile_.rows(), [&](int row) HWY_ATTR {
      words[row / 64] |= bits_of(d, hn::Ne(tile_.load(one.of, row), hn::Zero(d))) << (row % 64);
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
  [[nodiscard]] HWY_INLINE TileVector masked(const TileByte& of, const TileByte& mask, int row) const {
    const auto own = tile_.load(of, row);
    return mask.slot == no_slot ? own : hn::And(own, tile_.load(mask, row));
  }

  /// Those of a slot, or a copy.
  [[nodiscard]] const std::uint8_t* bytes_of(const TileByte& of, const TileByte& mask, std::uint8_t* copy) const {
    if (of.slot != no_slot && !of.looked_up && mask.slot == no_slot) return tile_.at(of.slot);
    const TileTag d;
    each_vector(tile_.rows(), [&](int row) HWY_ATTR { hn::Store(masked(of, mask, row), d, copy + row); });
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

/// So far ahead bytes are asked for: far enough for the memory, near enough to be still there when they are read.
constexpr std::size_t bytes_ahead = 1024;

/// Asks for cells of a column, from `ahead` bytes behind those of row `first` on: no processor follows as many columns
/// as there are items by itself.
HWY_INLINE void ask_for(const TileSource& source, std::int64_t first, int rows, std::size_t ahead) {
  constexpr std::size_t line = 64;
  const std::byte* from = source.cells + static_cast<std::size_t>(first / 8) * source.bits + ahead;
  const std::size_t bytes = static_cast<std::size_t>(rows / 8) * source.bits;
  for (std::size_t at = 0; at < bytes; at += line) hwy::Prefetch(from + at);
  if (source.validity != nullptr) hwy::Prefetch(source.validity + first / 8 + bytes_ahead / 4);
}

void read_source(const TileSource& source, std::int64_t first, int rows, int n, std::uint8_t* piece) {
  if (source.way == TileSource::Way::other || rows != n) {
    return read_pieces(*source.decoder, first, rows, n, piece);
  }
  const TileTag d;
  const SignedTileTag s;
  const auto* x = reinterpret_cast<const std::uint8_t*>(source.cells) + first;
  const auto lowest = hn::Set(s, source.lowest), highest = hn::Set(s, source.highest);
  const auto from = hn::BitCast(d, lowest);
  const auto most = hn::Sub(hn::BitCast(d, highest), from), missing = hn::Set(d, std::uint8_t{Decoder::missing_piece});
  const auto read = [&](auto place) HWY_ATTR {
    if (source.way == TileSource::Way::within) {
      each_vector(n, [&](int row) HWY_ATTR { place(row, hn::Min(hn::Sub(hn::LoadU(d, x + row), from), most)); });
    } else {
      each_vector(n, [&](int row) HWY_ATTR {
        const auto cells = hn::BitCast(s, hn::LoadU(d, x + row));
        place(row, hn::BitCast(d, hn::Sub(hn::Min(hn::Max(cells, lowest), highest), lowest)));
      });
    }
  };
  if (source.validity == nullptr) {
    read([&](int row, TileVector own) HWY_ATTR { hn::Store(own, d, piece + row); });
  } else {
    const std::uint8_t* bits = source.validity + first / 8;
    read([&](int row, TileVector own) HWY_ATTR { hn::Store(choose_by_bits(bits, row, own, missing), d, piece + row); });
  }
}

void RunSweep(const Sweep& sweep, std::uint8_t* memory, const std::vector<TileSource>& sources, std::int64_t first,
              std::int64_t rows, Stores stores, const ColumnMemory* columns) {
  const Operations tile(memory, tile_rows);
  for (const std::int64_t end = first + rows; first < end; first += tile_rows) {
    const auto count = static_cast<int>(std::min<std::int64_t>(tile_rows, end - first));
    // Narrow columns all at once; of wide ones each its next tile, which is a burst by itself.
    for (const TileSource& source : sources) {
      if (source.bits <= 8) ask_for(source, first, tile_rows, bytes_ahead);
    }
    for (const TileSource& source : sources) {
      if (source.bits > 8) ask_for(source, first, tile_rows, static_cast<std::size_t>(tile_rows / 8) * source.bits);
      read_source(source, first, count, tile_rows, tile.at(source.out));
    }
    for (const TileStep& step : sweep.steps) {
      std::visit([&](const auto& op) { tile.run(op, step.out); }, step.operation);
    }
    const Writing writing(tile, first, count, stores, columns);
    for (const TileWrite& write : sweep.writes) std::visit([&](const auto& one) { writing.write(one); }, write);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunSweep);

Tile::Tile(const Sweep& sweep)
    : bytes_(static_cast<std::uint8_t*>(::operator new(static_cast<std::size_t>(sweep.slots) * tile_rows, alignment))) {
}

void find_sources(const Sweep& sweep, const std::vector<Decoder>& decoders, std::vector<TileSource>& sources) {
  sources.clear();
  for (const ReadPieces& read : sweep.reads) {
    const Decoder& decoder = decoders[static_cast<std::size_t>(read.item)];
    const Column& column = *decoder.column;
    TileSource& source = sources.emplace_back();
    source.decoder = &decoder;
    source.out = read.out;
    source.bits = column.type == ColumnType::boolean_bits ? 1 : 8 * width_of(column.type);
    source.cells =
        static_cast<const std::byte*>(column.values) + static_cast<std::size_t>(column.offset) * source.bits / 8;
    const bool plain = column.validity == nullptr || column.offset % 8 == 0;
    if (column.validity != nullptr && plain) source.validity = column.validity + column.offset / 8;
    if (column.type != ColumnType::int8 || decoder.coded || !decoder.neighbours || !plain) continue;
    source.way = decoder.ends_alike ? TileSource::Way::within : TileSource::Way::between;
    source.lowest = decoder.lowest;
    source.highest = decoder.highest;
  }
}

void run_sweep(const Sweep& sweep, Tile& tile, const std::vector<TileSource>& sources, std::int64_t first,
               std::int64_t rows, Stores stores, const std::vector<ColumnMemory>& columns) {
  HWY_DYNAMIC_DISPATCH(RunSweep)(sweep, tile.data(), sources, first, rows, stores, columns.data());
}

}  // namespace appraise::detail
#endif
