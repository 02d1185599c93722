// Whole numbers added up as they are, for each instruction set.
#if defined(APPRAISE_SCORE_WHOLES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_WHOLES_INL_HPP
#undef APPRAISE_SCORE_WHOLES_INL_HPP
#else
#define APPRAISE_SCORE_WHOLES_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <limits>

#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Sums or differences of a few registers in the rows of four vectors. They are right where every number is small
/// enough for so many of them.
class Totals {
 public:
  HWY_INLINE Totals(const Block& block, int row) : block_(block), row_(row) {
    for (int i = 0; i < vectors; ++i) sums_[i] = least_[i] = most_[i] = hn::Zero(WholeTag());
  }

  static HWY_INLINE int rows() { return vectors * lanes_of(WholeTag()); }

  HWY_INLINE void add(Register of) {
    each(of, [&](int i, Whole x) HWY_ATTR { sums_[i] = hn::Add(sums_[i], x); });
  }
  HWY_INLINE void subtract(Register of) {
    each(of, [&](int i, Whole x) HWY_ATTR { sums_[i] = hn::Sub(sums_[i], x); });
  }

  [[nodiscard]] HWY_INLINE bool are_right(std::int32_t numbers) const {
    const WholeTag d;
    auto least = least_[0], most = most_[0];
    for (int i = 1; i < vectors; ++i) {
      least = hn::Min(least, least_[i]);
      most = hn::Max(most, most_[i]);
    }
    const std::int32_t limit = std::numeric_limits<std::int32_t>::max() / numbers;
    return hn::AllTrue(d, hn::And(hn::Gt(least, hn::Set(d, -limit)), hn::Lt(most, hn::Set(d, limit))));
  }

  HWY_INLINE void store(const std::uint8_t* flags, std::int32_t* out) const {
    const WholeTag d;
    for (int i = 0, row = row_; i < vectors; ++i, row += lanes_of(d)) {
      hn::StoreU(hn::IfThenZeroElse(any_bits(d, flags + row, unusable_flags), sums_[i]), d, out + row);
    }
  }

 private:
  static constexpr int vectors = 4;

  /// Calls `use` with each vector of a register of bytes or whole numbers.
  template <class Use>
  HWY_INLINE void each(Register of, Use use_one) {
    const WholeTag d;
    const auto use = [&](int i, Whole x) HWY_ATTR {
      least_[i] = hn::Min(least_[i], x);
      most_[i] = hn::Max(most_[i], x);
      use_one(i, x);
    };
    const hn::Rebind<std::int8_t, WholeTag> bytes;
    if (block_.type(of) == RegisterType::whole) {
      const std::int32_t* x = block_.values<std::int32_t>(of) + row_;
      for (int i = 0; i < vectors; ++i) use(i, hn::LoadU(d, x + i * lanes_of(d)));
    } else {
      const std::int8_t* x = block_.values<std::int8_t>(of) + row_;
      for (int i = 0; i < vectors; ++i) use(i, hn::PromoteTo(d, hn::LoadU(bytes, x + i * lanes_of(d))));
    }
  }

  const Block& block_;
  int row_;
  Whole sums_[vectors], least_[vectors], most_[vectors];  ///< least and most: of what was added or subtracted
};

/// Stores totals of so many numbers in a register of whole numbers, whose flags are there already: `add_up` adds them
/// up. Where one may be too large, those around it are worked out as doubles, which hold them all: `real_of` makes
/// them, of the rows that begin with one.
template <class AddUp, class RealOf>
HWY_INLINE void put_totals(Block& block, Register out, std::size_t numbers, AddUp add_up, RealOf real_of) {
  const Results results(block, out);
  auto* const values = block.values<std::int32_t>(out);
  const std::uint8_t* flags = results.flags();
  for (int row = 0, rows = block.rows(); row < rows; row += Totals::rows()) {
    Totals totals(block, row);
    add_up(totals);
    if (HWY_LIKELY(totals.are_right(static_cast<std::int32_t>(numbers)))) {
      totals.store(flags, values);
    } else {
      const int end = std::min(row + Totals::rows(), rows);
      for (int i = row; i < end; i += lanes_of(RealTag())) results.put_held(i, real_of(i));
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
