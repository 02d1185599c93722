// Sums of bytes: of registers, and of items as their cells are read.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/sum_bytes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/cells.hpp"
#include "score/narrow-inl.hpp"
#include "score/rows.hpp"
#include "score/run.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// An operand of a sum of bytes: a register, or the cells of an item.
struct Operand {
  const std::uint8_t* x;         ///< points, or cells
  const std::uint8_t* flags;     ///< null: cells
  const std::uint8_t* validity;  ///< of cells; null: all valid
  const Decoder* decoder;        ///< of cells
  bool may_omit;
};
constexpr std::size_t together = 16;  // operands at a time

/// Sums of points, their flags, and how many operands are left out.
struct Running {
  std::uint8_t *sums, *flags, *left_out;
};

/// Adds operands to what is running of `n` rows, which begins with the `first` ones; `omits`: some may be left out.
template <bool omits>
void add_operands(const Operand* operands, std::size_t count, int n, bool first, const Running& to) {
#if HWY_TARGET == HWY_SCALAR
  for (std::uint8_t* out : {to.sums, to.flags, to.left_out}) {
    if (first) std::fill_n(out, n, std::uint8_t{0});
  }
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
      to.sums[i] = static_cast<std::uint8_t>(to.sums[i] + points);
      to.left_out[i] = static_cast<std::uint8_t>(to.left_out[i] + (omitted ? 1 : 0));
      to.flags[i] = static_cast<std::uint8_t>(to.flags[i] | (omitted ? 0 : own));
    }
  }
#else
  const ByteTag d;
  const hn::RebindToSigned<ByteTag> s;
  using Vector = hn::Vec<ByteTag>;
  const int lanes = lanes_of(d);
  const auto missing_piece = hn::Set(d, Decoder::missing_piece);
  // Counts the rows whose only flag in the way is that of a missing answer, and gives the flags of the others.
  const auto leave_out = [&](bool may_omit, Vector own, Vector& left) HWY_ATTR {
    if (!omits || !may_omit) return own;
    const auto omitted = hn::Eq(hn::And(own, hn::Set(d, unusable_flags)), hn::Set(d, flag_missing));
    left = hn::Sub(left, hn::VecFromMask(d, omitted));
    return hn::IfThenZeroElse(omitted, own);
  };
  // Operands in the inner loop, so that what is running stays in registers; several vectors of rows, so that what an
  // operand needs is loaded once for all of them.
  const auto add_rows = [&](int from, auto each_vector) HWY_ATTR {
    for (std::size_t k = 0; k < count; ++k) {
      const Operand& operand = operands[k];
      const std::uint8_t* x = operand.x + from;
      const bool may_omit = operand.may_omit;
      if (operand.flags != nullptr) {
        const std::uint8_t* own_flags = operand.flags + from;
        each_vector([&](int i, Vector& sum, Vector& flags, Vector& left) HWY_ATTR {
          sum = hn::Add(sum, hn::LoadU(d, x + i));  // bytes wrap around and come back
          flags = hn::Or(flags, leave_out(may_omit, hn::LoadU(d, own_flags + i), left));
        });
        continue;
      }
      const Decoder& decoder = *operand.decoder;
      const std::uint8_t* validity = operand.validity;
      const auto lowest = hn::Set(s, decoder.lowest), highest = hn::Set(s, decoder.highest);
      const auto flag_table = hn::LoadDup128(d, decoder.flag_bytes.data());
      const auto point_table = hn::BitCast(d, hn::LoadDup128(s, decoder.point_bytes.data()));
      each_vector([&](int i, Vector& sum, Vector& flags, Vector& left) HWY_ATTR {
        const auto cells = hn::BitCast(s, hn::LoadU(d, x + i));
        auto piece = hn::BitCast(d, hn::Sub(hn::Min(hn::Max(cells, lowest), highest), lowest));
        if (validity != nullptr) {
          piece = hn::IfThenElse(hn::LoadMaskBits(d, validity + (from + i) / 8), piece, missing_piece);
        }
        sum = hn::Add(sum, hn::TableLookupBytes(point_table, piece));
        flags = hn::Or(flags, leave_out(may_omit, hn::TableLookupBytes(flag_table, piece), left));
      });
    }
  };
  const auto begin = [&](const std::uint8_t* from) HWY_ATTR { return first ? hn::Zero(d) : hn::LoadU(d, from); };
  const auto begin_left = [&](int from) HWY_ATTR { return omits ? begin(to.left_out + from) : hn::Zero(d); };
  const auto put = [&](int from, Vector sum, Vector flags, [[maybe_unused]] Vector left) HWY_ATTR {
    hn::StoreU(sum, d, to.sums + from);
    hn::StoreU(flags, d, to.flags + from);
    if constexpr (omits) hn::StoreU(left, d, to.left_out + from);
  };
  int from = 0;
  for (; from + 4 * lanes <= n; from += 4 * lanes) {
    const int at1 = from + lanes, at2 = from + 2 * lanes, at3 = from + 3 * lanes;
    auto s0 = begin(to.sums + from), f0 = begin(to.flags + from), l0 = begin_left(from);
    auto s1 = begin(to.sums + at1), f1 = begin(to.flags + at1), l1 = begin_left(at1);
    auto s2 = begin(to.sums + at2), f2 = begin(to.flags + at2), l2 = begin_left(at2);
    auto s3 = begin(to.sums + at3), f3 = begin(to.flags + at3), l3 = begin_left(at3);
    add_rows(from, [&](auto add) HWY_ATTR {
      add(0, s0, f0, l0);
      add(lanes, s1, f1, l1);
      add(2 * lanes, s2, f2, l2);
      add(3 * lanes, s3, f3, l3);
    });
    put(from, s0, f0, l0);
    put(at1, s1, f1, l1);
    put(at2, s2, f2, l2);
    put(at3, s3, f3, l3);
  }
  for (; from < n; from += lanes) {
    auto sum = begin(to.sums + from), flags = begin(to.flags + from), left = begin_left(from);
    add_rows(from, [&](auto add) HWY_ATTR { add(0, sum, flags, left); });
    put(from, sum, flags, left);
  }
#endif
}

/// Joins the flags of a missing rule, if there is one, and clears sums that are not usable.
template <bool omits>
void finish_sums(const SumValues& op, int n, const Running& of) {
  const ByteTag d;
  const auto operands = static_cast<std::uint8_t>(op.of.size());
  const auto at_most = static_cast<std::uint8_t>(std::min<std::size_t>(static_cast<std::size_t>(op.at_most), operands));
  for (int i = 0; i < n; i += lanes_of(d)) {
    auto own = hn::LoadU(d, of.flags + i);
    if constexpr (omits) {
      const auto left = hn::LoadU(d, of.left_out + i);
      const auto within = hn::Eq(left, hn::Min(left, hn::Set(d, at_most)));
      auto mark = hn::IfThenElse(within, hn::Set(d, flag_omitted), hn::Set(d, flag_missing));
      mark = hn::IfThenElse(hn::Eq(left, hn::Set(d, operands)), hn::Set(d, flag_missing), mark);
      own = hn::Or(own, hn::IfThenZeroElse(hn::Eq(left, hn::Zero(d)), mark));
      hn::StoreU(own, d, of.flags + i);
    }
    hn::StoreU(hn::IfThenElseZero(is_usable(own), hn::LoadU(d, of.sums + i)), d, of.sums + i);
  }
}

/// The cells of an item as bytes.
void narrow_cells(const Decoder& decoder, std::int64_t first, int rows, std::int8_t* bytes) {
  each_run(*decoder.column, first, rows, [&](const auto* x, const std::uint64_t*, int at, int n) {
    using Number = std::decay_t<decltype(*x)>;
    if constexpr (std::is_integral_v<Number>) narrow(decoder, x, n, bytes + at);
  });
}

template <bool omits>
void sum_bytes(const Rows& all, const Step& step) {
  const auto& op = *std::get_if<SumValues>(step.operation);
  Block& block = all.block;
  const std::int64_t first = all.first;
  std::int8_t bytes[together][largest_block];
  std::uint64_t validity[together][bit_words];
  std::uint8_t left_out[largest_block];
  const Running running{block.values<std::uint8_t>(op.out), block.flags(op.out), left_out};
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
        operand.flags = nullptr;
        operand.decoder = &all.decoders[static_cast<std::size_t>(item)];
        const Column& column = *operand.decoder->column;
        const int cells = rest ? rows - whole : whole;
        operand.validity = reinterpret_cast<const std::uint8_t*>(validity_of(column, first + at, cells, validity[k]));
        if (!rest && column.type == ColumnType::int8) {
          operand.x = static_cast<const std::uint8_t*>(column.values) + column.offset + first;
        } else {
          if (column.type == ColumnType::int8) {
            copy_rest(static_cast<const std::int8_t*>(column.values) + column.offset + first + at, cells, lane_rows,
                      bytes[k]);
          } else {
            narrow_cells(*operand.decoder, first + at, cells, bytes[k]);
          }
          operand.x = reinterpret_cast<const std::uint8_t*>(bytes[k]);
        }
      }
      add_operands<omits>(operands, count, n, from == 0,
                          {running.sums + at, running.flags + at, running.left_out + at});
    }
  }
  finish_sums<omits>(op, block.padded(), running);
}

}  // namespace

Kernel ByteSumKernel(const SumValues& op) {
  const bool omits = std::find(op.may_omit.begin(), op.may_omit.end(), 1) != op.may_omit.end();
  return omits ? sum_bytes<true> : sum_bytes<false>;
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ByteSumKernel);

Kernel byte_sum_kernel(const SumValues& op) { return HWY_DYNAMIC_DISPATCH(ByteSumKernel)(op); }

}  // namespace appraise::detail
#endif
