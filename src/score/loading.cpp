// Loading of items: cells at their column's own width become pieces, and pieces become values and flags.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/loading.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "plan/compiler.hpp"
#include "score/cells.hpp"
#include "score/narrow-inl.hpp"
#include "score/rows.hpp"
#include "score/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// The piece of every byte where the cuts are neighbours: how far it is above what is below them.
void count_bytes(const Decoder& decoder, const std::int8_t* x, int n, std::uint8_t* piece) {
  const hn::ScalableTag<std::int8_t> d;
  const auto lowest = hn::Set(d, decoder.lowest), highest = hn::Set(d, decoder.highest);
  for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
    const auto clamped = hn::Min(hn::Max(hn::LoadU(d, x + i), lowest), highest);
    hn::StoreU(hn::Sub(clamped, lowest), d, reinterpret_cast<std::int8_t*>(piece) + i);
  }
}

/// The piece of every byte: how many cuts it has reached.
void cut_bytes(const Decoder& decoder, const std::int8_t* x, int n, std::uint8_t* piece) {
  if (decoder.neighbours) return count_bytes(decoder, x, n, piece);
  const hn::ScalableTag<std::int8_t> d;
  std::int8_t below[Decoder::most_cuts];  // the greatest byte below each cut
  for (int k = 0; k < decoder.cuts; ++k) {
    below[k] = static_cast<std::int8_t>(std::min(decoder.cut[static_cast<std::size_t>(k)], byte_limit) - 1);
  }
  for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
    const auto given = hn::LoadU(d, x + i);
    auto reached = hn::Zero(d);
    for (int k = 0; k < decoder.cuts; ++k) {
      reached = hn::Sub(reached, hn::VecFromMask(d, hn::Gt(given, hn::Set(d, below[k]))));
    }
    hn::StoreU(reached, d, reinterpret_cast<std::int8_t*>(piece) + i);
  }
}

/// The same for numbers of any type.
template <class Number>
void cut_numbers(const Decoder& decoder, const Number* x, int n, std::uint8_t* piece) {
  std::fill_n(piece, n, std::uint8_t{0});
  for (int k = 0; k < decoder.cuts; ++k) {
    const double cut = decoder.cut[static_cast<std::size_t>(k)];
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const auto number = static_cast<double>(x[i]);
      const std::uint8_t before = piece[i];
      piece[i] = static_cast<std::uint8_t>(before + (number >= cut ? 1 : 0));
    }
  }
  if constexpr (std::is_floating_point_v<Number>) {
    if (decoder.whole) {
      APPRAISE_ROWS
      for (int i = 0; i < n; ++i) {
        const Number number = x[i];
        const std::uint8_t before = piece[i];
        piece[i] = number == std::trunc(number) ? before : std::uint8_t{Decoder::invalid_piece};
      }
    }
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const Number number = x[i];
      const std::uint8_t before = piece[i];
      piece[i] = number == number ? before : std::uint8_t{Decoder::missing_piece};
    }
  }
}

/// Pieces of entries of a small dictionary.
template <class Number>
void cut_entries(const Decoder& decoder, const Number* x, int n, std::uint8_t* piece) {
  using Entry = std::make_unsigned_t<std::conditional_t<std::is_integral_v<Number>, Number, int>>;
  const auto entries = static_cast<Entry>(decoder.cuts);  // 14 at most
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const auto entry = static_cast<Entry>(x[i]);  // one below 0 becomes large
    piece[i] = entry < entries ? static_cast<std::uint8_t>(entry) : std::uint8_t{Decoder::invalid_piece};
  }
}

void mark_missing(const std::uint64_t* valid, int n, std::uint8_t* piece) {
#if HWY_TARGET == HWY_SCALAR
  for (int i = 0; i < n; ++i) {
    piece[i] = ((valid[i / 64] >> (i % 64)) & 1) != 0 ? piece[i] : std::uint8_t{Decoder::missing_piece};
  }
#else
  const hn::ScalableTag<std::uint8_t> d;
  const auto missing = hn::Set(d, Decoder::missing_piece);
  const auto* bits = reinterpret_cast<const std::uint8_t*>(valid);
  for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
    const auto mask = hn::LoadMaskBits(d, bits + i / 8);
    hn::StoreU(hn::IfThenElse(mask, hn::LoadU(d, piece + i), missing), d, piece + i);
  }
#endif
}

template <class Byte>
void take_bytes(const std::array<Byte, Decoder::pieces>& table, const std::uint8_t* piece, int n, Byte* out) {
#if HWY_TARGET == HWY_SCALAR
  for (int i = 0; i < n; ++i) out[i] = table[piece[i]];
#else
  const hn::ScalableTag<Byte> d;
  const auto of = hn::LoadDup128(d, table.data());
  for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
    const auto pieces = hn::LoadU(d, reinterpret_cast<const Byte*>(piece) + i);
    hn::StoreU(hn::TableLookupBytes(of, pieces), d, out + i);
  }
#endif
}

template <class Value, class Piece>
void take(const std::vector<double>& table, const Piece* piece, int n, Value* out) {
  for (int i = 0; i < n; ++i) out[i] = static_cast<Value>(table[static_cast<std::size_t>(piece[i])]);
}

/// The number itself where it is a response.
template <class Number, class Value>
void copy(const Number* x, const std::uint8_t* flags, int n, Value* out) {
  if constexpr (std::is_floating_point_v<Number> && !std::is_floating_point_v<Value>) {
    for (int i = 0; i < n; ++i) out[i] = static_cast<Value>(flags[i] == 0 ? x[i] : 0);
  } else {
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) out[i] = static_cast<Value>(x[i]);
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const Value value = out[i];
      const std::uint8_t own = flags[i];
      out[i] = own == 0 ? value : Value{0};
    }
  }
}

template <class Value>
void substitute(double value, const std::uint8_t* flags, int n, Value* out) {
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const Value before = out[i];
    const std::uint8_t own = flags[i];
    out[i] = own == flag_omitted ? static_cast<Value>(value) : before;
  }
}

/// The registers of one item, at a row of the block.
class Loading {
 public:
  Loading(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder)
      : block_(block),
        load_(load),
        step_(step),
        decoder_(decoder),
        item_(block.plan().items[static_cast<std::size_t>(load.item)]) {}

  /// `n` cells, a multiple of the lanes.
  template <class Number>
  void run(const Number* x, const std::uint64_t* valid, int at, int n) {
    std::uint8_t piece[largest_block];
    if (decoder_.coded) {
      cut_entries(decoder_, x, n, piece);
    } else if (decoder_.narrow) {
      if constexpr (std::is_same_v<Number, std::int8_t>) {
        cut_bytes(decoder_, x, n, piece);
      } else if constexpr (std::is_integral_v<Number>) {
        std::int8_t bytes[largest_block];
        narrow(decoder_, x, n, bytes);
        cut_bytes(decoder_, bytes, n, piece);
      }
    } else {
      cut_numbers(decoder_, x, n, piece);
    }
    if (valid != nullptr) mark_missing(valid, n, piece);
    const std::uint8_t* flags =
        put_flags(at, [&](std::uint8_t* out) { take_bytes(decoder_.flag_bytes, piece, n, out); });
    put(load_.points, at, [&](auto* out) { put_table(decoder_.point_bytes, decoder_.points, piece, at, n, out); });
    for (const std::int32_t part : step_.parts) {
      const auto k = static_cast<std::size_t>(part);
      const auto& compare = std::get<Compare>(block_.plan().operations[static_cast<std::size_t>(item_.compares[k])]);
      take_bytes(decoder_.truths[k], piece, n, block_.values<std::int8_t>(compare.out) + at);
    }
    if (step_.flags_only) return;
    put(load_.response, at, [&](auto* out) {
      if (!decoder_.copies) return put_table(decoder_.response_bytes, decoder_.responses, piece, at, n, out);
      copy(x, flags, n, out);
      if (load_.substitute) substitute(decoder_.responses[Decoder::missing_piece], flags, n, out);
    });
  }

  /// Entries of a dictionary too large for bytes.
  template <class Number>
  void run_entries(const Number* x, const std::uint64_t* valid, int at, int cells) {
    const int n = in_use(at, cells);
    std::int32_t piece[largest_block];
    const auto unknown = static_cast<std::int32_t>(decoder_.cuts), missing = unknown + 1;
    for (int i = 0; i < n; ++i) {
      const bool known = x[i] >= 0 && static_cast<std::uint64_t>(x[i]) < static_cast<std::uint64_t>(unknown);
      piece[i] = known ? static_cast<std::int32_t>(x[i]) : unknown;
    }
    if (valid != nullptr) {
      for (int i = 0; i < n; ++i) piece[i] = ((valid[i / 64] >> (i % 64)) & 1) != 0 ? piece[i] : missing;
    }
    put_flags(at, [&](std::uint8_t* out) {
      for (int i = 0; i < n; ++i) out[i] = decoder_.flags[static_cast<std::size_t>(piece[i])];
    });
    put(load_.points, at, [&](auto* out) { take(decoder_.points, piece, n, out); });
    put(load_.response, at, [&](auto* out) { take(decoder_.responses, piece, n, out); });
  }

  /// Cell by cell.
  template <class Number>
  void run_singly(const Number* x, const std::uint64_t* valid, int at, int cells) {
    const int n = in_use(at, cells);
    const double missing_response = decoder_.responses.front(), missing_points = decoder_.points.front();
    for (int i = 0; i < n; ++i) {
      const bool given = valid == nullptr || ((valid[i / 64] >> (i % 64)) & 1) != 0;
      Cell cell = given ? decode_cell(item_, static_cast<double>(x[i])) : Cell{0, flag_missing};
      double points = cell.flags == 0 && load_.points != no_register ? points_of(item_, cell.response) : 0;
      if (cell.flags == flag_missing) {
        cell = {missing_response, decoder_.flags.front()};
        points = missing_points;
      }
      put_flags(at + i, [&](std::uint8_t* out) { *out = cell.flags; });
      put(load_.points, at + i, [&](auto* out) { *out = static_cast<std::decay_t<decltype(*out)>>(points); });
      put(load_.response, at + i, [&](auto* out) { *out = static_cast<std::decay_t<decltype(*out)>>(cell.response); });
    }
  }

  /// The same in every row.
  void run_absent(int n) {
    put_flags(0, [&](std::uint8_t* out) { std::fill_n(out, n, decoder_.flags.front()); });
    put(load_.points, 0,
        [&](auto* out) { std::fill_n(out, n, static_cast<std::decay_t<decltype(*out)>>(decoder_.points.front())); });
    put(load_.response, 0,
        [&](auto* out) { std::fill_n(out, n, static_cast<std::decay_t<decltype(*out)>>(decoder_.responses.front())); });
  }

 private:
  template <class Byte, class Value>
  void put_table(const std::array<Byte, Decoder::pieces>& bytes, const std::vector<double>& table,
                 const std::uint8_t* piece, int at, int n, Value* out) {
    if constexpr (std::is_same_v<Value, std::int8_t>) {
      take_bytes(bytes, piece, n, out);
    } else {
      take(table, piece, in_use(at, n), out);
    }
  }

  /// Of `n` cells for the rows from `at`, those that are no padding.
  [[nodiscard]] int in_use(int at, int n) const { return std::min(n, block_.rows() - at); }

  template <class Fill>
  void put(Register out, int at, Fill fill) {
    if (!block_.layout().live(out)) return;
    switch (block_.type(out)) {
      case RegisterType::byte:
        return fill(block_.values<std::int8_t>(out) + at);
      case RegisterType::whole:
        return fill(block_.values<std::int32_t>(out) + at);
      case RegisterType::real:
        return fill(block_.values<double>(out) + at);
    }
  }

  /// Response and points have the same flags.
  template <class Fill>
  const std::uint8_t* put_flags(int at, Fill fill) {
    const std::uint8_t* flags = nullptr;
    for (const Register out : {load_.response, load_.points}) {
      if (!block_.layout().live(out)) continue;
      fill(block_.flags(out) + at);
      flags = block_.flags(out) + at;
    }
    return flags;
  }

  Block& block_;
  const LoadItem& load_;
  const Step& step_;
  const Decoder& decoder_;
  const PlannedItem& item_;
};

}  // namespace

void LoadItemOf(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder, std::int64_t first) {
  Loading loading(block, load, step, decoder);
  if (decoder.way == Decoder::Way::absent) return loading.run_absent(block.padded());
  each_run(*decoder.column, first, block.rows(), [&](const auto* x, const std::uint64_t* valid, int at, int n) {
    using Number = std::decay_t<decltype(*x)>;
    if (decoder.way == Decoder::Way::few) {
      loading.run(x, valid, at, n);
    } else if (decoder.way == Decoder::Way::singly) {
      loading.run_singly(x, valid, at, n);
    } else if constexpr (std::is_integral_v<Number>) {
      loading.run_entries(x, valid, at, n);
    }
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(LoadItemOf);

void load_item(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder, std::int64_t first) {
  HWY_DYNAMIC_DISPATCH(LoadItemOf)(block, load, step, decoder, first);
}

}  // namespace appraise::detail
#endif
