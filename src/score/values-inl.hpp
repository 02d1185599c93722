// What the kernels of values share, for each instruction set.
#if defined(APPRAISE_SCORE_VALUES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_VALUES_INL_HPP
#undef APPRAISE_SCORE_VALUES_INL_HPP
#else
#define APPRAISE_SCORE_VALUES_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <type_traits>

#include "score/block.hpp"
#include "score/lots-inl.hpp"
#include "score/run.hpp"
#include "score/stores-inl.hpp"
#include "score/writing.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
// Without linkage: a function that another library could replace is not inlined, and its loops are not vectors then.
namespace {

template <class Tag>
HWY_INLINE int lanes_of(Tag d) {
  return static_cast<int>(hn::Lanes(d));
}

inline bool unusable(std::uint8_t flags) { return (flags & unusable_flags) != 0; }

/// Bytes in which none of the bits that make a value unusable is set.
HWY_INLINE auto is_usable(hn::Vec<ByteTag> flags) {
  const ByteTag d;
  return hn::Eq(hn::And(flags, hn::Set(d, unusable_flags)), hn::Zero(d));
}

/// A register's values as doubles, a vector of rows at a time.
class Numbers {
 public:
  Numbers(const Block& block, Register of) : Numbers(block.type(of), block.values<std::byte>(of)) {}
  Numbers(RegisterType type, const std::byte* values) : type_(type), values_(values) {}

  HWY_INLINE Real at(int row) const {
    switch (type_) {
      case RegisterType::byte:
        return bytes_at(row);
      case RegisterType::whole:
        return wholes_at(row);
      case RegisterType::real:
        break;
    }
    return reals_at(row);
  }

  /// Calls `use` with what gives the vector of rows that begins with one.
  template <class Use>
  HWY_INLINE void read(Use use) const {
    switch (type_) {
      case RegisterType::byte:
        return use([&](int row) HWY_ATTR { return bytes_at(row); });
      case RegisterType::whole:
        return use([&](int row) HWY_ATTR { return wholes_at(row); });
      case RegisterType::real:
        break;
    }
    use([&](int row) HWY_ATTR { return reals_at(row); });
  }

 private:
  HWY_INLINE Real bytes_at(int row) const {
    const RealTag d;
    const hn::Rebind<std::int32_t, RealTag> words;
    const hn::Rebind<std::int8_t, RealTag> bytes;
    return hn::PromoteTo(d,
                         hn::PromoteTo(words, hn::LoadU(bytes, reinterpret_cast<const std::int8_t*>(values_) + row)));
  }
  HWY_INLINE Real wholes_at(int row) const {
    const hn::Rebind<std::int32_t, RealTag> words;
    return hn::PromoteTo(RealTag(), hn::LoadU(words, reinterpret_cast<const std::int32_t*>(values_) + row));
  }
  HWY_INLINE Real reals_at(int row) const {
    return hn::LoadU(RealTag(), reinterpret_cast<const double*>(values_) + row);
  }

  RegisterType type_;
  const std::byte* values_;
};

/// Stores numbers as the values of a register, whose flags are there already: 0 where these say that there is none.
class Results {
 public:
  Results(Block& block, Register out)
      : type_(block.type(out)), values_(block.values<std::byte>(out)), flags_(block.flags(out)) {}

  [[nodiscard]] std::uint8_t* flags() const noexcept { return flags_; }

  HWY_INLINE RealMask unusable_at(int row) const { return any_bits(RealTag(), flags_ + row, unusable_flags); }

  /// Numbers that the register can hold.
  HWY_INLINE void put(int row, Real x) const { put(row, x, unusable_at(row)); }

  /// Numbers that the register may not be able to hold: such a result is invalid.
  HWY_INLINE void put_held(int row, Real x) const {
    const RealTag d;
    const double most = type_ == RegisterType::real ? std::numeric_limits<double>::max() : whole_limit;
    put_valid(row, x, hn::Le(hn::Abs(x), hn::Set(d, most)));
  }

  /// A result is invalid but where it is said to be valid.
  HWY_INLINE void put_valid(int row, Real x, RealMask valid) const {
    const RealTag d;
    RealMask none = unusable_at(row);
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Or(none, valid)))) {
      mark(row, hn::Not(hn::Or(none, valid)), flag_invalid);
      none = unusable_at(row);
    }
    put(row, x, none);
  }

  /// Joins a flag to those of some rows.
  void mark(int row, RealMask rows, std::uint8_t flag) const {
    const RealTag d;
    double marks[HWY_MAX_BYTES / sizeof(double)];
    hn::StoreU(hn::IfThenElseZero(rows, hn::Set(d, 1.0)), d, marks);
    for (int i = 0; i < lanes_of(d); ++i) {
      if (marks[i] != 0) flags_[row + i] = static_cast<std::uint8_t>(flags_[row + i] | flag);
    }
  }

 private:
  HWY_INLINE void put(int row, Real x, RealMask none) const {
    const RealTag d;
    const hn::Rebind<std::int32_t, RealTag> words;
    const hn::Rebind<std::int8_t, RealTag> bytes;
    const Real kept = hn::IfThenZeroElse(none, x);
    switch (type_) {
      case RegisterType::byte:
        return hn::StoreU(hn::DemoteTo(bytes, hn::DemoteTo(words, kept)), bytes,
                          reinterpret_cast<std::int8_t*>(values_) + row);
      case RegisterType::whole:
        return hn::StoreU(hn::DemoteTo(words, kept), words, reinterpret_cast<std::int32_t*>(values_) + row);
      case RegisterType::real:
        break;
    }
    hn::StoreU(kept, d, reinterpret_cast<double*>(values_) + row);
  }

  RegisterType type_;
  std::byte* values_;
  std::uint8_t* flags_;
};

/// The rows of a block in a result column: past the caches or not, and none behind the last.
template <class Value>
class ColumnRows {
 public:
  ColumnRows(const ResultMemory& results, int column, std::int64_t first, int rows)
      : stores_(results.stores), rows_(rows), out_(static_cast<Value*>(results.columns[column].values) + first) {}

  template <class Vector>
  HWY_INLINE void put(int row, Vector x) const {
    const hn::ScalableTag<Value> d;
    if (HWY_UNLIKELY(row + lanes_of(d) > rows_)) return put_last(row, x);
    put_lanes(x, d, stores_, out_ + row);
  }

 private:
  template <class Vector>
  HWY_NOINLINE void put_last(int row, Vector x) const {
    Value last[HWY_MAX_BYTES / sizeof(Value)];
    hn::StoreU(x, hn::ScalableTag<Value>(), last);
    std::copy(last, last + std::max(0, rows_ - row), out_ + row);
  }

  Stores stores_;
  int rows_;
  Value* out_;
};

/// The rows of a block in the validity of a result column: one bit each, 0 behind the last.
class BitRows {
 public:
  BitRows(std::uint8_t* validity, std::int64_t first, int rows) : rows_(rows), out_(validity + first / 8) {}

  HWY_INLINE void put(int row, hn::Mask<ByteTag> valid) const {
    const ByteTag d;
#if HWY_TARGET == HWY_SCALAR
    if (row >= rows_) return;
    const unsigned others = (row & 7) == 0 ? 0U : out_[row / 8];
    out_[row / 8] = static_cast<std::uint8_t>(others | (hn::AllTrue(d, valid) ? 1U << (row & 7) : 0U));
#else
    if (HWY_UNLIKELY(row + lanes_of(d) > rows_)) return put_last(row, valid);
    hn::StoreMaskBits(d, valid, out_ + row / 8);
#endif
  }

 private:
#if HWY_TARGET != HWY_SCALAR
  HWY_NOINLINE void put_last(int row, hn::Mask<ByteTag> valid) const {
    std::uint8_t bits[HWY_MAX_BYTES / 8];
    hn::StoreMaskBits(ByteTag(), valid, bits);
    for (int i = 0; row < rows_; ++i, row += 8) {
      const int here = std::min(rows_ - row, 8);
      out_[row / 8] = static_cast<std::uint8_t>(bits[i] & ((1U << here) - 1));
    }
  }
#endif

  int rows_;
  std::uint8_t* out_;
};

/// Calls `use` with the first row of every vector of bytes, or of numbers of another type.
template <class Use, class Tag = RealTag>
HWY_INLINE void each_vector(const Block& block, Use use, Tag d = Tag()) {
  const int rows = block.rows();
  for (int row = 0; row < rows; row += lanes_of(d)) use(row);
}
template <class Use>
HWY_INLINE void each_bytes(const Block& block, Use use) {
  each_vector(block, use, ByteTag());
}

/// Vectors of rows that several registers are read for at a time: finding one costs as much as a vector of it.
/// Of a lot of rows at least where these vectors are large.
template <class Tag>
constexpr int few = HWY_TARGET <= HWY_AVX3 ? std::max<int>(4, lane_rows / hn::MaxLanes(Tag())) : 4;

/// Calls `use` with the first row of so many vectors of rows, and with how many these are, for all rows.
template <class Tag, class Use>
HWY_INLINE void each_few(const Block& block, Tag d, Use use) {
  const int rows = block.rows(), lanes = lanes_of(d);
  int row = 0;
  constexpr int count = few<Tag>;
  for (; row + (count - 1) * lanes < rows; row += count * lanes) use(row, std::integral_constant<int, count>());
  for (; row < rows; row += lanes) use(row, std::integral_constant<int, 1>());
}

/// What is asked of a byte.
struct Asked {
  const std::uint8_t *flags, *values;
  hn::Vec<ByteTag> lowest, span;

  HWY_INLINE Asked(const Block& block, const Test& test)
      : flags(block.flags(test.of)),
        values(block.type(test.of) == RegisterType::byte
                   ? block.values<std::uint8_t>(test.of)
                   : reinterpret_cast<const std::uint8_t*>(block.narrow(test.of))),
        lowest(hn::Set(ByteTag(), static_cast<std::uint8_t>(test.lowest))),
        span(hn::Set(ByteTag(), test.span)) {}
};
/// The answers of a vector of rows: rows in which it is known, and among them those in which it fails, or holds.
struct Answered {
  hn::Vec<ByteTag> flags;
  hn::Mask<ByteTag> known, fails;

  HWY_INLINE Answered(const Asked& asked, int row)
      : flags(hn::LoadU(ByteTag(), asked.flags + row)),
        known(is_usable(flags)),
        fails(hn::And(known, hn::Gt(hn::Sub(hn::LoadU(ByteTag(), asked.values + row), asked.lowest), asked.span))) {}
  [[nodiscard]] HWY_INLINE hn::Mask<ByteTag> holds() const { return hn::AndNot(fails, known); }
};

/// Bytes for as many rows as a vector of bytes has, of which `rows` are in use: `part` gives those of each vector of
/// numbers among them. Put together in registers: a vector that is read after narrower ones were written has to wait.
template <class Tag, class Part>
HWY_INLINE hn::Vec<ByteTag> bytes_of(Tag tag, [[maybe_unused]] int rows, Part part) {
  [[maybe_unused]] constexpr std::size_t width = sizeof(hn::TFromD<Tag>);
  [[maybe_unused]] const ByteTag d;
#if HWY_TARGET == HWY_SCALAR
  static_cast<void>(tag);
  return part(0);
#else
  if constexpr (width == 1) {
    return part(0);
  } else {
    const hn::Half<ByteTag> half;
    const hn::Half<decltype(half)> quarter;
    const auto fourth = [&](int number) HWY_ATTR {
      if constexpr (width == 4) {
        return part(number);
      } else {
        return hn::Combine(quarter, part(2 * number + 1), part(2 * number));
      }
    };
    if (rows <= lanes_of(tag)) {
      return hn::ZeroExtendVector(d, hn::ZeroExtendVector(half, [&]() HWY_ATTR {
                                    if constexpr (width == 4) {
                                      return part(0);
                                    } else {
                                      return hn::ZeroExtendVector(quarter, part(0));
                                    }
                                  }()));
    }
    return hn::Combine(d, hn::Combine(half, fourth(3), fourth(2)), hn::Combine(half, fourth(1), fourth(0)));
  }
#endif
}

/// Ones and zeros: `holds` gives the mask of each vector of numbers.
template <class Tag, class Holds>
HWY_INLINE hn::Vec<ByteTag> truths_of(Tag tag, int rows, Holds holds) {
  const hn::RebindToUnsigned<Tag> wide;
  const hn::Rebind<std::uint8_t, Tag> narrow;
  return bytes_of(tag, rows, [&](int number) HWY_ATTR {
    const auto truths = hn::IfThenElseZero(hn::RebindMask(wide, holds(number)), hn::Set(wide, 1));
    if constexpr (sizeof(hn::TFromD<Tag>) == 1) {
      return truths;
    } else {
      return hn::TruncateTo(narrow, truths);
    }
  });
}

/// Copies `n` cells, and fills up with others to `filled`, whole vectors of bytes.
template <class Number>
HWY_INLINE void copy_rest(const Number* x, int n, int filled, Number* rest) {
#if HWY_TARGET <= HWY_AVX3
  // Cells that are masked out are not read.
  const hn::ScalableTag<Number> d;
  for (int i = 0; i < filled; i += lanes_of(d)) {
    const auto count = static_cast<std::size_t>(std::clamp(n - i, 0, lanes_of(d)));
    hn::StoreU(hn::MaskedLoad(hn::FirstN(d, count), d, x + i), d, rest + i);
  }
#else
  std::fill_n(rest, filled, Number{0});
  std::memcpy(rest, x, static_cast<std::size_t>(n) * sizeof(Number));
#endif
}

/// Flags of the registers named, joined.
template <class Registers = std::initializer_list<Register>>
HWY_INLINE void join(const Block& block, const Registers& of, std::uint8_t* out) {
  const ByteTag d;
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<ByteTag> all[count.value];
    for (auto& one : all) one = hn::Zero(d);
    for (const Register one : of) {
      if (one == no_register) continue;
      const std::uint8_t* flags = block.flags(one) + row;
      for (int i = 0; i < count.value; ++i) all[i] = hn::Or(all[i], hn::LoadU(d, flags + i * lanes_of(d)));
    }
    for (int i = 0; i < count.value; ++i) hn::StoreU(all[i], d, out + row + i * lanes_of(d));
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
