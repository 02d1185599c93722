// Lowest and highest values of rows, a vector at a time, for each instruction set.
#if defined(APPRAISE_SCORE_BOUNDS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_BOUNDS_INL_HPP
#undef APPRAISE_SCORE_BOUNDS_INL_HPP
#else
#define APPRAISE_SCORE_BOUNDS_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <type_traits>

#include "score/bounds_kernels.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using SignedTag = hn::ScalableTag<std::int8_t>;
using Signed = hn::Vec<SignedTag>;
template <class Tag>
inline constexpr bool of_bytes = sizeof(hn::TFromD<Tag>) == 1;

/// The lowest, or highest, values of a register.
template <class Tag>
class Ends {
 public:
  Ends(const BoundedRows& rows, Register of, End end)
      : bytes_(of_bytes<Tag> || rows.are_bytes(of)),
        values_(bytes_ ? static_cast<void*>(rows.ends<std::int8_t>(of, end)) : rows.ends<double>(of, end)) {}

  HWY_INLINE hn::Vec<Tag> at(int row) const {
    const Tag d;
    if constexpr (of_bytes<Tag>) {
      return hn::LoadU(d, bytes(row));
    } else {
      return bytes_ ? of_bytes_at(row) : of_reals_at(row);
    }
  }

  [[nodiscard]] bool are_bytes() const { return bytes_; }
  /// The same, of ends that are bytes, or doubles.
  HWY_INLINE Real of_bytes_at(int row) const {
    const hn::Rebind<std::int32_t, RealTag> words;
    const hn::Rebind<std::int8_t, RealTag> narrow;
    return hn::PromoteTo(RealTag(), hn::PromoteTo(words, hn::LoadU(narrow, bytes(row))));
  }
  HWY_INLINE Real of_reals_at(int row) const { return hn::LoadU(RealTag(), reals(row)); }

  HWY_INLINE void put(int row, hn::Vec<Tag> x) const {
    const Tag d;
    if constexpr (of_bytes<Tag>) {
      hn::StoreU(x, d, bytes(row));
    } else {
      const hn::Rebind<std::int32_t, Tag> words;
      const hn::Rebind<std::int8_t, Tag> narrow;
      if (!bytes_) return hn::StoreU(x, d, reals(row));
      hn::StoreU(hn::DemoteTo(narrow, hn::DemoteTo(words, x)), narrow, bytes(row));
    }
  }

 private:
  HWY_INLINE std::int8_t* bytes(int row) const { return static_cast<std::int8_t*>(values_) + row; }
  HWY_INLINE double* reals(int row) const { return static_cast<double*>(values_) + row; }

  bool bytes_;
  void* values_;
};

/// Ranges of a vector of rows.
struct RealRange {
  Real low, high;
};

/// The ranges of a register.
template <class Tag>
struct Ranges {
  Ends<Tag> low, high;

  Ranges(const BoundedRows& rows, Register of) : low(rows, of, End::lowest), high(rows, of, End::highest) {}
  HWY_INLINE void put(int row, hn::Vec<Tag> least, hn::Vec<Tag> most) const {
    low.put(row, least);
    high.put(row, most);
  }

  /// Calls `use` with what gives the ranges, as doubles, of the vector of rows that begins with one.
  template <class Use>
  HWY_INLINE void read(Use use) const {
    if (low.are_bytes()) {
      return use([this](int row) HWY_ATTR { return RealRange{low.of_bytes_at(row), high.of_bytes_at(row)}; });
    }
    use([this](int row) HWY_ATTR { return RealRange{low.of_reals_at(row), high.of_reals_at(row)}; });
  }
};

/// Values of a register as they are given, but for those that are not.
class Given {
 public:
  Given(const BoundedRows& rows, Register of)
      : type_(rows.given().type(of)), values_(rows.given().values<std::byte>(of)) {}

  /// Calls `use` with what gives a vector of them as doubles.
  template <class Use>
  HWY_INLINE void read(Use use) const {
    Numbers(type_, values_).read(use);
  }
  /// Which numbers stand for one that is not given.
  HWY_INLINE RealMask are_none(Real x) const {
    const double none = type_ == RegisterType::byte ? not_given<std::int8_t> : not_given<std::int32_t>;
    return type_ == RegisterType::real ? hn::IsNaN(x) : hn::Eq(x, hn::Set(RealTag(), none));
  }

 private:
  RegisterType type_;
  const std::byte* values_;
};

/// Lanes of rows whose byte is not 0.
template <class Tag>
HWY_INLINE hn::Mask<Tag> nonzero(Tag d, const std::uint8_t* bytes) {
  if constexpr (of_bytes<Tag>) {
    return hn::Ne(hn::LoadU(d, reinterpret_cast<const std::int8_t*>(bytes)), hn::Zero(d));
  } else {
    return any_bits(d, bytes, 0xFF);
  }
}

/// Truths, whose ends are bytes 0 and 1: lanes of rows in which a condition holds for sure, or may hold.
class Truths {
 public:
  Truths(const BoundedRows& rows, Register of)
      : low_(rows.ends<std::uint8_t>(of, End::lowest)), high_(rows.ends<std::uint8_t>(of, End::highest)) {}

  template <class Tag>
  HWY_INLINE hn::Mask<Tag> always(Tag d, int row) const {
    return nonzero(d, low_ + row);
  }
  template <class Tag>
  HWY_INLINE hn::Mask<Tag> sometimes(Tag d, int row) const {
    return nonzero(d, high_ + row);
  }

 private:
  const std::uint8_t *low_, *high_;
};

/// Nothing times anything is nothing, even where the other is unbounded.
HWY_INLINE Real times(Real a, Real b) {
  const Real zero = hn::Zero(RealTag());
  return hn::IfThenZeroElse(hn::Or(hn::Eq(a, zero), hn::Eq(b, zero)), hn::Mul(a, b));
}

HWY_INLINE RealRange multiply(RealRange a, RealRange b) {
  const Real ll = times(a.low, b.low), lh = times(a.low, b.high), hl = times(a.high, b.low), hh = times(a.high, b.high);
  return {hn::Min(hn::Min(ll, lh), hn::Min(hl, hh)), hn::Max(hn::Max(ll, lh), hn::Max(hl, hh))};
}

/// Calls `use` with the first row of every vector of rows in hand.
template <class Tag, class Use>
HWY_INLINE void each_vector(const BoundedRows& rows, Tag d, Use use) {
  const int count = rows.count();
  for (int row = 0; row < count; row += lanes_of(d)) use(row);
}

/// Calls `use` with the tag of bytes if the ends of all these registers are bytes, else with that of doubles.
template <class Use>
HWY_INLINE void by_type(const BoundedRows& rows, std::initializer_list<Register> some, const std::vector<Register>& of,
                        Use use) {
  const auto are_bytes = [&](Register one) { return one == no_register || rows.are_bytes(one); };
  if (std::all_of(some.begin(), some.end(), are_bytes) && std::all_of(of.begin(), of.end(), are_bytes)) {
    use(SignedTag());
  } else {
    use(RealTag());
  }
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> set(Tag d, double x) {
  return hn::Set(d, static_cast<hn::TFromD<Tag>>(x));
}

/// A sum or difference of infinities says nothing: the end is open.
HWY_INLINE Real opened(Real x, double open) { return hn::IfThenElse(hn::Eq(x, x), x, hn::Set(RealTag(), open)); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
