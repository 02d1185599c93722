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

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

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

/// The cells of an item as bytes.
void narrow_cells(const Decoder& decoder, std::int64_t first, int rows, std::int8_t* bytes) {
  each_run(*decoder.column, first, rows, [&](const auto* x, const std::uint64_t*, int at, int n) {
    using Number = std::decay_t<decltype(*x)>;
    if constexpr (std::is_same_v<Number, std::int8_t>) {
      std::copy_n(x, n, bytes + at);
    } else if constexpr (std::is_integral_v<Number>) {
      narrow(decoder, x, n, bytes + at);
    }
  });
}

}  // namespace

void SumBytes(Block& block, const SumValues& op, const Step& step, const std::vector<Decoder>& decoders,
              std::int64_t first) {
  std::int8_t bytes[together][largest_block];
  std::uint64_t validity[together][bit_words];
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
        const int cells = rest ? rows - whole : whole;
        operand.validity = reinterpret_cast<const std::uint8_t*>(validity_of(column, first + at, cells, validity[k]));
        if (!rest && column.type == ColumnType::int8) {
          operand.x = static_cast<const std::uint8_t*>(column.values) + column.offset + first;
        } else {
          narrow_cells(*operand.decoder, first + at, cells, bytes[k]);
          operand.x = reinterpret_cast<const std::uint8_t*>(bytes[k]);
        }
      }
      add_operands(operands, count, n, sums + at, flags + at, left_out + at);
    }
  }
  finish_sums(op, block.padded(), sums, flags, left_out);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(SumBytes);

void sum_bytes(Block& block, const SumValues& op, const Step& step, const std::vector<Decoder>& decoders,
               std::int64_t first) {
  HWY_DYNAMIC_DISPATCH(SumBytes)(block, op, step, decoders, first);
}

}  // namespace appraise::detail
#endif
