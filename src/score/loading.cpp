// Loading of items: cells at their column's own width become pieces, and pieces become values and flags.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/loading.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "plan/compiler.hpp"
#include "score/cells.hpp"
#include "score/rows.hpp"
#include "score/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Numbers as bytes that fall on the same side of every cut.
template <class Number>
void narrow(const Decoder& decoder, const Number* x, int n, std::int8_t* out) {
  constexpr auto most = static_cast<Number>(byte_limit - 1);
  if constexpr (sizeof(Number) == 8) {
    const hn::ScalableTag<Number> d;
    const hn::RebindToUnsigned<decltype(d)> words;
    const hn::Rebind<std::uint8_t, decltype(d)> bytes;
    const auto largest = hn::Set(d, static_cast<Number>(whole_limit));
    const auto beyond = hn::Set(d, static_cast<Number>(static_cast<std::uint8_t>(decoder.beyond)));
    for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
      const auto given = hn::LoadU(d, x + i);
      auto clamped = hn::Min(given, hn::Set(d, most));
      if constexpr (std::is_signed_v<Number>) clamped = hn::Max(clamped, hn::Set(d, static_cast<Number>(-128)));
      clamped = hn::IfThenElse(hn::Gt(given, largest), beyond, clamped);
      hn::StoreU(hn::TruncateTo(bytes, hn::BitCast(words, clamped)), bytes, reinterpret_cast<std::uint8_t*>(out) + i);
    }
  } else {
    [[maybe_unused]] const auto beyond = static_cast<Number>(static_cast<std::uint8_t>(decoder.beyond));
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const Number number = x[i];
      Number clamped = number < most ? number : most;
      if constexpr (std::is_signed_v<Number>) clamped = clamped < -128 ? static_cast<Number>(-128) : clamped;
      if constexpr (std::is_same_v<Number, std::uint32_t>) {
        clamped = number > static_cast<Number>(whole_limit) ? beyond : clamped;
      }
      out[i] = static_cast<std::int8_t>(clamped);
    }
  }
}

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
    put(load_.points, at, [&](auto* out) { put_table(decoder_.point_bytes, decoder_.points, piece, n, out); });
    for (const std::int32_t part : step_.parts) {
      const auto k = static_cast<std::size_t>(part);
      const auto& compare = std::get<Compare>(block_.plan().operations[static_cast<std::size_t>(item_.compares[k])]);
      take_bytes(decoder_.truths[k], piece, n, block_.values<std::int8_t>(compare.out) + at);
      std::copy_n(flags, n, block_.flags(compare.out) + at);
    }
    if (step_.flags_only) return;
    put(load_.response, at, [&](auto* out) {
      if (!decoder_.copies) return put_table(decoder_.response_bytes, decoder_.responses, piece, n, out);
      copy(x, flags, n, out);
      if (load_.substitute) substitute(decoder_.responses[Decoder::missing_piece], flags, n, out);
    });
  }

  /// Entries of a dictionary too large for bytes.
  template <class Number>
  void run_entries(const Number* x, const std::uint64_t* valid, int at, int n) {
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
  void run_singly(const Number* x, const std::uint64_t* valid, int at, int n) {
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
                 const std::uint8_t* piece, int n, Value* out) {
    if constexpr (std::is_same_v<Value, std::int8_t>) {
      take_bytes(bytes, piece, n, out);
    } else {
      take(table, piece, n, out);
    }
  }

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

namespace {

/// Whether a column's cells can be read as they lie, as bytes with validity at whole bytes.
bool lies_in_bytes(const Column& column, std::int64_t first) {
  return column.type == ColumnType::int8 && (column.validity == nullptr || (column.offset + first) % 8 == 0);
}

#if HWY_TARGET != HWY_SCALAR
/// Counts the rows whose only flag in the way is that of a missing answer, and gives the flags of the others.
template <class V>
HWY_INLINE V leave_out(V own, std::uint8_t* left_out) {
  const hn::ScalableTag<std::uint8_t> d;
  const auto omitted = hn::Eq(hn::And(own, hn::Set(d, unusable_flags)), hn::Set(d, flag_missing));
  hn::StoreU(hn::Sub(hn::LoadU(d, left_out), hn::VecFromMask(d, omitted)), d, left_out);
  return hn::IfThenZeroElse(omitted, own);
}
#endif

/// An operand of a sum of bytes: a register, or the cells of an item.
struct Operand {
  const std::uint8_t* x = nullptr;         ///< points, or cells
  const std::uint8_t* flags = nullptr;     ///< null: cells
  const std::uint8_t* validity = nullptr;  ///< of cells; null: all valid
  const Decoder* decoder = nullptr;        ///< of cells
  bool may_omit = false;
};
constexpr std::size_t together = 16;  // operands at a time

/// Adds operands to the sums and flags of `n` rows; `left_out` counts those that may be, and are, left out.
void add_operands(const Operand* operands, std::size_t count, int n, std::uint8_t* sums, std::uint8_t* all_flags,
                  std::uint8_t* left_out) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t k = 0; k < count; ++k) {
    const Operand& operand = operands[k];
    for (int i = 0; i < n; ++i) {
      std::uint8_t points = operand.x[i], own = 0;
      if (operand.flags != nullptr) {
        own = operand.flags[i];
      } else {
        const Decoder& decoder = *operand.decoder;
        const bool valid = operand.validity == nullptr || ((operand.validity[i / 8] >> (i % 8)) & 1) != 0;
        const int clamped = std::clamp<int>(static_cast<std::int8_t>(points), decoder.lowest, decoder.highest);
        const auto piece = static_cast<std::size_t>(valid ? clamped - decoder.lowest : Decoder::missing_piece);
        own = decoder.flag_bytes[piece];
        points = static_cast<std::uint8_t>(decoder.point_bytes[piece]);
      }
      const bool omitted = operand.may_omit && (own & unusable_flags) == flag_missing;
      sums[i] = static_cast<std::uint8_t>(sums[i] + points);
      left_out[i] = static_cast<std::uint8_t>(left_out[i] + (omitted ? 1 : 0));
      all_flags[i] = static_cast<std::uint8_t>(all_flags[i] | (omitted ? 0 : own));
    }
  }
#else
  const hn::ScalableTag<std::uint8_t> d;
  const hn::RebindToSigned<decltype(d)> s;
  using Vector = hn::Vec<decltype(d)>;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto missing_piece = hn::Set(d, Decoder::missing_piece);
  // Operands in the inner loop, so that sums and flags stay in registers; several vectors of rows, so that what an
  // operand needs is loaded once for all of them.
  const auto add_rows = [&](int from, auto each_vector) HWY_ATTR {
    for (std::size_t k = 0; k < count; ++k) {
      const Operand operand = operands[k];
      if (operand.flags != nullptr) {
        each_vector([&](int i, Vector& sum, Vector& flags) HWY_ATTR {
          auto own = hn::LoadU(d, operand.flags + from + i);
          if (operand.may_omit) own = leave_out(own, left_out + from + i);
          sum = hn::Add(sum, hn::LoadU(d, operand.x + from + i));  // bytes wrap around and come back
          flags = hn::Or(flags, own);
        });
        continue;
      }
      const auto lowest = hn::Set(s, operand.decoder->lowest), highest = hn::Set(s, operand.decoder->highest);
      const auto flag_table = hn::LoadDup128(d, operand.decoder->flag_bytes.data());
      const auto point_table = hn::BitCast(d, hn::LoadDup128(s, operand.decoder->point_bytes.data()));
      each_vector([&](int i, Vector& sum, Vector& flags) HWY_ATTR {
        const auto cells = hn::BitCast(s, hn::LoadU(d, operand.x + from + i));
        auto piece = hn::BitCast(d, hn::Sub(hn::Min(hn::Max(cells, lowest), highest), lowest));
        if (operand.validity != nullptr) {
          const auto valid = hn::LoadMaskBits(d, operand.validity + (from + i) / 8);
          piece = hn::IfThenElse(valid, piece, missing_piece);
        }
        auto own = hn::TableLookupBytes(flag_table, piece);
        if (operand.may_omit) own = leave_out(own, left_out + from + i);
        sum = hn::Add(sum, hn::TableLookupBytes(point_table, piece));
        flags = hn::Or(flags, own);
      });
    }
  };
  int from = 0;
  for (; from + 4 * lanes <= n; from += 4 * lanes) {
    auto s0 = hn::LoadU(d, sums + from), f0 = hn::LoadU(d, all_flags + from);
    auto s1 = hn::LoadU(d, sums + from + lanes), f1 = hn::LoadU(d, all_flags + from + lanes);
    auto s2 = hn::LoadU(d, sums + from + 2 * lanes), f2 = hn::LoadU(d, all_flags + from + 2 * lanes);
    auto s3 = hn::LoadU(d, sums + from + 3 * lanes), f3 = hn::LoadU(d, all_flags + from + 3 * lanes);
    add_rows(from, [&](auto add) HWY_ATTR {
      add(0, s0, f0);
      add(lanes, s1, f1);
      add(2 * lanes, s2, f2);
      add(3 * lanes, s3, f3);
    });
    hn::StoreU(s0, d, sums + from);
    hn::StoreU(s1, d, sums + from + lanes);
    hn::StoreU(s2, d, sums + from + 2 * lanes);
    hn::StoreU(s3, d, sums + from + 3 * lanes);
    hn::StoreU(f0, d, all_flags + from);
    hn::StoreU(f1, d, all_flags + from + lanes);
    hn::StoreU(f2, d, all_flags + from + 2 * lanes);
    hn::StoreU(f3, d, all_flags + from + 3 * lanes);
  }
  for (; from < n; from += lanes) {
    auto sum = hn::LoadU(d, sums + from), flags = hn::LoadU(d, all_flags + from);
    add_rows(from, [&](auto add) HWY_ATTR { add(0, sum, flags); });
    hn::StoreU(sum, d, sums + from);
    hn::StoreU(flags, d, all_flags + from);
  }
#endif
}

/// Joins the flags of a missing rule, and clears sums that are not usable.
void finish_sums(const SumValues& op, int n, std::uint8_t* sums, std::uint8_t* all_flags,
                 const std::uint8_t* left_out) {
  const bool omits = std::find(op.may_omit.begin(), op.may_omit.end(), 1) != op.may_omit.end();
  const auto operands = static_cast<std::uint8_t>(op.of.size());
  const auto at_most = static_cast<std::uint8_t>(std::min<std::size_t>(static_cast<std::size_t>(op.at_most), operands));
  if (omits) {
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const std::uint8_t left = left_out[i], before = all_flags[i];
      const bool too_many = (left > at_most) | (left == operands);
      const std::uint8_t mark = too_many ? flag_missing : flag_omitted;
      all_flags[i] = static_cast<std::uint8_t>(before | (left == 0 ? 0 : mark));
    }
  }
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const std::uint8_t sum = sums[i], own = all_flags[i];
    sums[i] = (own & unusable_flags) != 0 ? std::uint8_t{0} : sum;
  }
}

/// The cells of an item as bytes, with the validity of each.
void narrow_cells(const Decoder& decoder, std::int64_t first, int rows, std::int8_t* bytes, std::uint64_t* validity) {
  each_run(*decoder.column, first, rows, [&](const auto* x, const std::uint64_t* valid, int at, int n) {
    using Number = std::decay_t<decltype(*x)>;
    if constexpr (std::is_same_v<Number, std::int8_t>) {
      std::copy_n(x, n, bytes + at);
    } else if constexpr (std::is_integral_v<Number>) {
      narrow(decoder, x, n, bytes + at);
    }
    if (valid != nullptr) std::copy_n(valid, n / 64, validity + at / 64);
  });
}

}  // namespace

void SumBytes(Block& block, const SumValues& op, const Step& step, const std::vector<Decoder>& decoders,
              std::int64_t first) {
  std::int8_t bytes[together][largest_block];
  std::uint64_t validity[together][largest_block / 64];
  std::uint8_t left_out[largest_block];
  auto* sums = block.values<std::uint8_t>(op.out);
  std::uint8_t* flags = block.flags(op.out);
  for (std::uint8_t* out : {sums, flags, left_out}) std::fill_n(out, block.padded(), std::uint8_t{0});
  // Whole vectors are read where they lie, the rows that are left from a copy.
  const int rows = block.rows(), whole = rows / lane_rows * lane_rows;
  for (std::size_t from = 0; from < op.of.size(); from += together) {
    const std::size_t count = std::min(together, op.of.size() - from);
    for (const bool rest : {false, true}) {
      const int at = rest ? whole : 0, n = rest ? block.padded() - whole : whole;
      if (n == 0) continue;
      Operand operands[together];
      for (std::size_t k = 0; k < count; ++k) {
        Operand& operand = operands[k];
        operand.may_omit = op.may_omit[from + k] != 0;
        const std::int32_t item = step.parts.empty() ? -1 : step.parts[from + k];
        if (item < 0) {
          operand.x = block.values<std::uint8_t>(op.of[from + k]) + at;
          operand.flags = block.flags(op.of[from + k]) + at;
          continue;
        }
        operand.decoder = &decoders[static_cast<std::size_t>(item)];
        const Column& column = *operand.decoder->column;
        if (!rest && lies_in_bytes(column, first)) {
          operand.x = static_cast<const std::uint8_t*>(column.values) + column.offset + first;
          if (column.validity != nullptr) operand.validity = column.validity + (column.offset + first) / 8;
        } else {
          narrow_cells(*operand.decoder, first + at, rest ? rows - whole : whole, bytes[k], validity[k]);
          operand.x = reinterpret_cast<const std::uint8_t*>(bytes[k]);
          if (column.validity != nullptr) operand.validity = reinterpret_cast<const std::uint8_t*>(validity[k]);
        }
      }
      add_operands(operands, count, n, sums + at, flags + at, left_out + at);
    }
  }
  finish_sums(op, block.padded(), sums, flags, left_out);
}

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
HWY_EXPORT(SumBytes);

void load_item(Block& block, const LoadItem& load, const Step& step, const Decoder& decoder, std::int64_t first) {
  HWY_DYNAMIC_DISPATCH(LoadItemOf)(block, load, step, decoder, first);
}

void sum_bytes(Block& block, const SumValues& op, const Step& step, const std::vector<Decoder>& decoders,
               std::int64_t first) {
  HWY_DYNAMIC_DISPATCH(SumBytes)(block, op, step, decoders, first);
}

}  // namespace appraise::detail
#endif
