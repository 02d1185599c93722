// Loading of items whose cells are bytes or 32 bits wide, in one pass: a cell stays in registers from its column to
// everything that is made of it.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_cells.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "score/cells.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR

constexpr int most_cells = HWY_MAX_BYTES;  ///< of a vector of bytes

/// Flags and what is looked up by piece, of a vector of rows; gives the flags.
HWY_INLINE hn::Vec<ByteTag> put_pieces(std::byte* block, const CellOutputs& outputs, const Decoder& decoder, int row,
                                       hn::Vec<ByteTag> piece) {
  const ByteTag d;
  const auto at = [&](std::size_t offset) HWY_ATTR { return reinterpret_cast<std::uint8_t*>(block + offset) + row; };
  const auto own = hn::TableLookupBytes(hn::LoadDup128(d, decoder.flag_bytes.data()), piece);
  for (const std::size_t offset : outputs.flags) hn::StoreU(own, d, at(offset));
  for (const CellOutputs::LookedUp& one : outputs.looked_up) {
    hn::StoreU(hn::TableLookupBytes(hn::LoadDup128(d, one.table), piece), d, at(one.offset));
  }
  return own;
}

/// How many cuts each cell has reached.
template <class Tag>
HWY_INLINE hn::Vec<Tag> reached(const Decoder& decoder, Tag d, hn::Vec<Tag> given) {
  auto count = hn::Zero(d);
  for (int k = 0; k < decoder.cuts; ++k) {
    const auto below = static_cast<hn::TFromD<Tag>>(decoder.below[static_cast<std::size_t>(k)]);
    count = hn::Sub(count, hn::VecFromMask(d, hn::Gt(given, hn::Set(d, below))));
  }
  return count;
}

/// The pieces of a vector of bytes of cells, of which `n` are in use.
HWY_INLINE hn::Vec<ByteTag> pieces(const Decoder& decoder, const std::int8_t* x, int /*n*/) {
  const ByteTag d;
  const hn::ScalableTag<std::int8_t> bytes;
  const auto given = hn::LoadU(bytes, x);
  if (!decoder.neighbours) return hn::BitCast(d, reached(decoder, bytes, given));
  const auto lowest = hn::Set(bytes, decoder.lowest), highest = hn::Set(bytes, decoder.highest);
  return hn::BitCast(d, hn::Sub(hn::Min(hn::Max(given, lowest), highest), lowest));
}
HWY_INLINE hn::Vec<ByteTag> pieces(const Decoder& decoder, const std::int32_t* x, int n) {
  const ByteTag d;
  const WholeTag words;
  const hn::RebindToUnsigned<WholeTag> wide;
  const hn::Rebind<std::uint8_t, WholeTag> narrow;
  const hn::Half<ByteTag> half;
  const auto cells = [&](int number) HWY_ATTR { return hn::LoadU(words, x + number * lanes_of(words)); };
  const auto narrowed = [&](auto given) HWY_ATTR {
    return hn::TruncateTo(narrow, hn::BitCast(wide, reached(decoder, words, given)));
  };
  if (n <= lanes_of(words)) return hn::ZeroExtendVector(d, hn::ZeroExtendVector(half, narrowed(cells(0))));
  const auto a = cells(0), b = cells(1), c = cells(2), e = cells(3);
  if (decoder.cuts == 2) {  // of dates, all are between both, but for few
    const auto least = hn::Min(hn::Min(a, b), hn::Min(c, e)), most = hn::Max(hn::Max(a, b), hn::Max(c, e));
    const auto low = hn::Set(words, decoder.below[0]), high = hn::Set(words, decoder.below[1]);
    if (hn::AllTrue(words, hn::AndNot(hn::Gt(most, high), hn::Gt(least, low)))) return hn::Set(d, 1);
  }
  return hn::Combine(d, hn::Combine(half, narrowed(e), narrowed(c)), hn::Combine(half, narrowed(b), narrowed(a)));
}

/// The cells themselves where they are responses, as the values of a register.
template <class Number>
class Copied {
 public:
  Copied(Block& block, const CellOutputs& outputs, const Decoder& decoder)
      : substitutes_(outputs.substitutes), substitute_(decoder.responses[Decoder::missing_piece]) {
    if (outputs.copied == no_register) return;
    type_ = block.type(outputs.copied);
    values_ = block.values<std::byte>(outputs.copied);
  }

  HWY_INLINE void put(int row, const Number* x, hn::Vec<ByteTag> own, int rows) const {
    const ByteTag bytes;
    if (type_ != RegisterType::byte && hn::AllTrue(bytes, hn::Eq(own, hn::Zero(bytes)))) {
      return put_wide(row, x, rows, [](auto, auto value, int) HWY_ATTR { return value; });
    }
    std::uint8_t flags[most_cells];
    hn::StoreU(own, bytes, flags);
    if (type_ != RegisterType::byte) {
      return put_wide(row, x, rows, [&](auto d, auto value, int i) HWY_ATTR {
        const auto kept = hn::IfThenZeroElse(any_bits(d, flags + i, 0xFF), value);
        if (!substitutes_) return kept;
        const auto other = hn::Set(d, static_cast<hn::TFromD<decltype(d)>>(substitute_));
        return hn::IfThenElse(any_bits(d, flags + i, flag_omitted), other, kept);
      });
    }
    if constexpr (sizeof(Number) == 1) {
      const hn::ScalableTag<std::int8_t> d;
      const auto given = hn::RebindMask(d, hn::Eq(own, hn::Zero(bytes)));
      auto kept = hn::IfThenElseZero(given, hn::LoadU(d, x));
      if (substitutes_) {
        const auto replaced = hn::RebindMask(d, hn::Eq(own, hn::Set(bytes, flag_omitted)));
        kept = hn::IfThenElse(replaced, hn::Set(d, static_cast<std::int8_t>(substitute_)), kept);
      }
      hn::StoreU(kept, d, reinterpret_cast<std::int8_t*>(values_) + row);
    } else {
      auto* out = reinterpret_cast<std::int8_t*>(values_) + row;
      for (int i = 0; i < std::min(lanes_of(bytes), rows - row); ++i) {
        const double other = substitutes_ && flags[i] == flag_omitted ? substitute_ : 0;
        out[i] = static_cast<std::int8_t>(flags[i] == 0 ? x[i] : static_cast<Number>(other));
      }
    }
  }

 private:
  /// As a register of whole or real numbers: `keep` says what is kept of a vector of them.
  template <class Keep>
  HWY_INLINE void put_wide(int row, const Number* x, int rows, Keep keep) const {
    const int count = std::min(lanes_of(ByteTag()), rows - row);
    const auto put_as = [&](auto d, auto* out) HWY_ATTR {
      for (int i = 0; i < count; i += lanes_of(d)) hn::StoreU(keep(d, cells_as(d, x + i), i), d, out + row + i);
    };
    if (type_ == RegisterType::real) return put_as(RealTag(), reinterpret_cast<double*>(values_));
    put_as(WholeTag(), reinterpret_cast<std::int32_t*>(values_));
  }

  template <class Tag>
  static HWY_INLINE hn::Vec<Tag> cells_as(Tag d, const Number* x) {
    const hn::Rebind<std::int32_t, Tag> words;
    const auto whole = [&]() HWY_ATTR {
      if constexpr (sizeof(Number) == 1) {
        return hn::PromoteTo(words, hn::LoadU(hn::Rebind<Number, Tag>(), x));
      } else {
        return hn::LoadU(words, x);
      }
    }();
    if constexpr (sizeof(hn::TFromD<Tag>) == 8) {
      return hn::PromoteTo(d, whole);
    } else {
      return whole;
    }
  }

  bool substitutes_;
  double substitute_;
  RegisterType type_ = RegisterType::byte;
  std::byte* values_ = nullptr;
};

/// `copies`: some register has the cells themselves. `valid`: one bit for each row, or null if all are valid.
template <class Number, bool copies>
HWY_NOINLINE void load_cells(const Rows& rows, const CellOutputs& outputs, const Decoder& decoder,
                             const std::uint64_t* valid) {
  const ByteTag d;
  const int n = rows.block.rows(), lanes = lanes_of(d);
  const auto* x = static_cast<const Number*>(decoder.column->values) + decoder.column->offset + rows.first;
  const Copied<Number> copied(rows.block, outputs, decoder);
  std::byte* const block = rows.block.bytes();
  const auto* bits = reinterpret_cast<const std::uint8_t*>(valid);
  const auto put = [&](int row, const Number* cells) HWY_ATTR {
    auto piece = pieces(decoder, cells, n - row);
    if (bits != nullptr) {
      piece = hn::IfThenElse(hn::LoadMaskBits(d, bits + row / 8), piece, hn::Set(d, Decoder::missing_piece));
    }
    [[maybe_unused]] const auto own = put_pieces(block, outputs, decoder, row, piece);
    if constexpr (copies) copied.put(row, cells, own, n);
  };
  int row = 0;
  for (; row + lanes <= n; row += lanes) {
    // No processor follows this many columns by itself: the cells of the next block are asked for.
    for (int i = 0; i < lanes * static_cast<int>(sizeof(Number)); i += 64) {
      hwy::Prefetch(reinterpret_cast<const std::byte*>(x + row + n) + i);
    }
    put(row, x + row);
  }
  if (row == n) return;
  alignas(64) Number rest[most_cells];
  copy_rest(x + row, n - row, lanes, rest);
  put(row, rest);
}

/// Whether a column's cells can be read where they are.
template <class Number>
bool lies_aligned(const Column& column) {
  return reinterpret_cast<std::uintptr_t>(column.values) % alignof(Number) == 0;
}

#endif

const Decoder& decoder_of(const Rows& rows, const Step& step) {
  return rows.decoders[static_cast<std::size_t>(std::get_if<LoadItem>(step.operation)->item)];
}

void load_any(const Rows& rows, const Step& step) {
  load_item(rows.block, *std::get_if<LoadItem>(step.operation), step, decoder_of(rows, step), rows.first);
}

#if HWY_TARGET != HWY_SCALAR
template <class Number, bool copies>
HWY_NOINLINE void load_valid_cells(const Rows& rows, const Step& step, const Decoder& decoder) {
  std::uint64_t words[bit_words];
  const Column& column = *decoder.column;
  const int n = rows.block.rows();
  // As the cells of the next block, their validity is asked for: it begins a line or two in each column.
  const auto* next = reinterpret_cast<const std::byte*>(column.validity) + (column.offset + rows.first + n) / 8;
  for (int i = 0; i <= n / 8; i += 64) hwy::Prefetch(next + i);
  load_cells<Number, copies>(rows, *step.cells, decoder, validity_of(column, rows.first, n, words));
}

template <class Number, bool copies>
void load(const Rows& rows, const Step& step) {
  const Decoder& decoder = decoder_of(rows, step);
  if (!lies_aligned<Number>(*decoder.column)) return load_any(rows, step);
  if (decoder.column->validity != nullptr) return load_valid_cells<Number, copies>(rows, step, decoder);
  load_cells<Number, copies>(rows, *step.cells, decoder, nullptr);
}
#endif

}  // namespace

Kernel LoadKernel([[maybe_unused]] const CellOutputs& outputs) {
#if HWY_TARGET != HWY_SCALAR
  const bool copies = outputs.copied != no_register;
  if (outputs.width == sizeof(std::int8_t)) return copies ? load<std::int8_t, true> : load<std::int8_t, false>;
  if (outputs.width == sizeof(std::int32_t)) return copies ? load<std::int32_t, true> : load<std::int32_t, false>;
#endif
  return load_any;
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(LoadKernel);

Kernel load_kernel(const CellOutputs& outputs) { return HWY_DYNAMIC_DISPATCH(LoadKernel)(outputs); }

}  // namespace appraise::detail
#endif
