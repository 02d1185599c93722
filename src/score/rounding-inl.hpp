// Decimal rounding, for each instruction set.
#if defined(APPRAISE_SCORE_ROUNDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_ROUNDING_INL_HPP
#undef APPRAISE_SCORE_ROUNDING_INL_HPP
#else
#define APPRAISE_SCORE_ROUNDING_INL_HPP
#endif

#include <hwy/highway.h>

#include "appraise/detail/decimal.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Decimal rounding of a vector of numbers in doubles, exact as round_decimal() is.
class DecimalRounding {
 public:
  explicit DecimalRounding(const RoundValue& op)
      : digits_(op.digits), mode_(op.mode), scale_(static_cast<double>(power_of_ten(op.digits))) {}

  HWY_INLINE Real round(Real x) const {
    const RealTag d;
    const Real size = hn::Abs(x), scale = hn::Set(d, scale_);
    const Real product = hn::Mul(size, scale), error = error_of(size, product);
    // |x| * 10^digits = units + part + error, of which the error is less than half of the product's last place.
    const Real floor = hn::Floor(product), part = hn::Sub(product, floor);
    const RealMask below = hn::And(hn::Eq(part, hn::Zero(d)), hn::Lt(error, hn::Zero(d)));
    const Real one = hn::Set(d, 1.0), units = hn::Sub(floor, hn::IfThenElseZero(below, one));
    const Real rounded = hn::Add(units, hn::IfThenElseZero(rounds_up(x, units, part, error, below), one));
    const Real result = hn::CopySign(hn::Div(rounded, scale), x);
    const RealMask small = hn::And(hn::Le(size, hn::Set(d, 0x1p-500)), hn::Gt(size, hn::Zero(d)));
    const RealMask easy = hn::AndNot(small, hn::Lt(product, hn::Set(d, 0x1p51)));
    if (HWY_LIKELY(hn::AllTrue(d, easy))) return result;
    return one_by_one(x, result, easy);
  }

 private:
  /// size * scale - product, exactly (Dekker, Numerische Mathematik 18, 1971).
  HWY_INLINE Real error_of(Real size, Real product) const {
    const RealTag d;
    const auto high = [d](Real x) HWY_ATTR {
      const Real larger = hn::Mul(x, hn::Set(d, 0x1p27 + 1));
      return hn::Sub(larger, hn::Sub(larger, x));
    };
    const Real scale = hn::Set(d, scale_);
    const Real a = high(size), b = hn::Sub(size, a), c = high(scale), e = hn::Sub(scale, c);
    return hn::Add(hn::Add(hn::Add(hn::Sub(hn::Mul(a, c), product), hn::Mul(a, e)), hn::Mul(b, c)), hn::Mul(b, e));
  }

  HWY_INLINE RealMask rounds_up(Real x, Real units, Real part, Real error, RealMask below) const {
    const RealTag d;
    const Real zero = hn::Zero(d), past_half = hn::Sub(part, hn::Set(d, 0.5)), other = hn::Neg(error);
    const RealMask negative = hn::Lt(x, zero), none = hn::And(hn::Eq(part, zero), hn::Eq(error, zero));
    switch (mode_) {
      case RoundingMode::half_up:
        return hn::Or(below, hn::Ge(past_half, other));
      case RoundingMode::half_even: {
        const Real half = hn::Mul(units, hn::Set(d, 0.5));
        const RealMask odd = hn::Ne(half, hn::Floor(half));
        return hn::Or(below, hn::Or(hn::Gt(past_half, other), hn::And(hn::Eq(past_half, other), odd)));
      }
      case RoundingMode::floor:
        return hn::AndNot(none, negative);
      case RoundingMode::ceiling:
        return hn::Not(hn::Or(none, negative));
      case RoundingMode::down:
        break;
    }
    return hn::Lt(zero, zero);
  }

  Real one_by_one(Real x, Real result, RealMask easy) const {
    const RealTag d;
    double in[HWY_MAX_BYTES / sizeof(double)], out[HWY_MAX_BYTES / sizeof(double)];
    hn::StoreU(hn::IfThenZeroElse(easy, x), d, in);
    hn::StoreU(result, d, out);
    for (int i = 0; i < lanes_of(d); ++i) {
      if (in[i] != 0) out[i] = round_decimal(in[i], digits_, mode_);
    }
    return hn::LoadU(d, out);
  }

  int digits_;
  RoundingMode mode_;
  double scale_;
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
