// Ranges of functions of numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_arithmetic.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "appraise/detail/elementary.hpp"
#include "score/bounds-inl.hpp"
#include "score/rounding-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

template <class Tag>
HWY_INLINE void subtract(const BoundedRows& rows, const Subtract& op, Tag d) {
  const Ranges<Tag> x(rows, op.of), y(rows, op.minus), to(rows, op.out);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto least = hn::Sub(x.low.at(row), y.high.at(row)), most = hn::Sub(x.high.at(row), y.low.at(row));
    if constexpr (of_bytes<Tag>) {
      to.put(row, least, most);
    } else {
      to.put(row, opened(least, -unbounded), opened(most, unbounded));
    }
  });
}

void bound(const BoundedRows& rows, const Subtract& op) {
  by_type(rows, {op.of, op.minus, op.out}, {}, [&](auto d) HWY_ATTR { subtract(rows, op, d); });
}

HWY_INLINE RealRange at(const Ranges<RealTag>& of, int row) { return {of.low.at(row), of.high.at(row)}; }

void bound(const BoundedRows& rows, const Multiply& op) {
  const Ranges<RealTag> to(rows, op.out);
  each_vector(rows, RealTag(), [&](int row) HWY_ATTR {
    RealRange product = at(Ranges<RealTag>(rows, op.of.front()), row);
    for (std::size_t k = 1; k < op.of.size(); ++k) {
      product = multiply(product, at(Ranges<RealTag>(rows, op.of[k]), row));
    }
    to.put(row, product.low, product.high);
  });
}

/// Unbounded where the divisor may be nothing, or a quotient is that of infinities.
HWY_INLINE RealRange divide(RealRange a, RealRange b) {
  const RealTag d;
  const Real zero = hn::Zero(d);
  const Real ll = hn::Div(a.low, b.low), lh = hn::Div(a.low, b.high), hl = hn::Div(a.high, b.low),
             hh = hn::Div(a.high, b.high);
  const RealMask all = hn::And(hn::And(hn::Eq(ll, ll), hn::Eq(lh, lh)), hn::And(hn::Eq(hl, hl), hn::Eq(hh, hh)));
  const RealMask closed = hn::AndNot(hn::And(hn::Le(b.low, zero), hn::Ge(b.high, zero)), all);
  const Real least = hn::Min(hn::Min(ll, lh), hn::Min(hl, hh)), most = hn::Max(hn::Max(ll, lh), hn::Max(hl, hh));
  return {hn::IfThenElse(closed, least, hn::Set(d, -unbounded)), hn::IfThenElse(closed, most, hn::Set(d, unbounded))};
}

void bound(const BoundedRows& rows, const Divide& op) {
  const Ranges<RealTag> x(rows, op.of), y(rows, op.over), to(rows, op.out);
  each_vector(rows, RealTag(), [&](int row) HWY_ATTR {
    const RealRange quotient = divide(at(x, row), at(y, row));
    to.put(row, quotient.low, quotient.high);
  });
}

/// A function that never falls, of both ends.
template <class Function>
HWY_INLINE void rise(const BoundedRows& rows, Register of, Register out, Function function) {
  for (const End end : {End::lowest, End::highest}) {
    const Ends<RealTag> x(rows, of, end), to(rows, out, end);
    each_vector(rows, RealTag(), [&](int row) HWY_ATTR { to.put(row, function(x.at(row))); });
  }
}

/// A function of arrays, whose argument is made of each end first, and whose result is put right where that end is
/// open.
template <class Make, class Function, class Use>
HWY_INLINE void rise_by_array(const BoundedRows& rows, Register of, Register out, Make make, Function function,
                              Use use) {
  const RealTag d;
  for (const End end : {End::lowest, End::highest}) {
    const Ends<RealTag> x(rows, of, end);
    auto* to = rows.ends<double>(out, end);
    each_vector(rows, d, [&](int row) HWY_ATTR { hn::StoreU(make(x.at(row)), d, to + row); });
    function(to, to, rows.count());
    each_vector(rows, d, [&](int row) HWY_ATTR { hn::StoreU(use(x.at(row), hn::LoadU(d, to + row)), d, to + row); });
  }
}

void bound(const BoundedRows& rows, const Logarithm& op) {
  const RealTag d;
  const Real zero = hn::Zero(d), infinity = hn::Set(d, unbounded);
  const auto is_proper = [&](Real x) HWY_ATTR { return hn::And(hn::Gt(x, zero), hn::Lt(x, infinity)); };
  rise_by_array(
      rows, op.of, op.out, [&](Real x) HWY_ATTR { return hn::IfThenElse(is_proper(x), x, hn::Set(d, 1.0)); },
      [](const double* in, double* out, int n) { logarithm(in, out, n); },
      [&](Real x, Real log) HWY_ATTR {
        const Real open = hn::IfThenElse(hn::Gt(x, zero), infinity, hn::Neg(infinity));
        return hn::IfThenElse(is_proper(x), log, open);
      });
}

void bound(const BoundedRows& rows, const LogisticFunction& op) {
  const RealTag d;
  const Real zero = hn::Zero(d), one = hn::Set(d, 1.0), infinity = hn::Set(d, unbounded);
  rise_by_array(
      rows, op.of, op.out,
      [&](Real x) HWY_ATTR { return hn::IfThenElseZero(hn::Lt(hn::Abs(x), infinity), hn::Neg(x)); },
      [](const double* in, double* out, int n) { exponential(in, out, n); },
      [&](Real x, Real power) HWY_ATTR {
        const Real open = hn::IfThenElseZero(hn::Gt(x, zero), one);
        return hn::IfThenElse(hn::Lt(hn::Abs(x), infinity), hn::Div(one, hn::Add(one, power)), open);
      });
}

void bound(const BoundedRows& rows, const ClampValue& op) {
  const RealTag d;
  const Real from = hn::Set(d, op.from.value_or(-unbounded)), to = hn::Set(d, op.to.value_or(unbounded));
  rise(rows, op.of, op.out, [&](Real x) HWY_ATTR { return hn::Min(hn::Max(x, from), to); });
}

void bound(const BoundedRows& rows, const RoundValue& op) {
  const DecimalRounding rounding(op);
  rise(rows, op.of, op.out, [&](Real x) HWY_ATTR { return rounding.round(x); });
}

}  // namespace

BoundingKernel ArithmeticBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<Arithmetic, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ArithmeticBoundingKernel);

BoundingKernel arithmetic_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ArithmeticBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
