// Functions of numbers, row by row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_arithmetic.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>

#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using Buffer = std::array<double, largest_block>;

/// Calls a function of arrays with what is made of each vector of rows, and hands its results on.
template <class Make, class Function, class Use>
HWY_INLINE void by_array(const Block& block, Make make, Function function, Use use) {
  const RealTag d;
  Buffer buffer;
  each_vector(block, [&](int row) HWY_ATTR { hn::StoreU(make(row), d, buffer.data() + row); });
  function(buffer.data(), buffer.data(), block.rows());
  each_vector(block, [&](int row) HWY_ATTR { use(row, hn::LoadU(d, buffer.data() + row)); });
}

void run(Block& block, const Subtract& op) {
  const Numbers x(block, op.of), y(block, op.minus);
  const Results results(block, op.out);
  join(block, {op.of, op.minus}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, hn::Sub(x.at(row), y.at(row))); });
}

void run(Block& block, const Multiply& op) {
  const Results results(block, op.out);
  join(block, op.of, results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    Real product = Numbers(block, op.of.front()).at(row);
    for (std::size_t i = 1; i < op.of.size(); ++i) product = hn::Mul(product, Numbers(block, op.of[i]).at(row));
    results.put_held(row, product);
  });
}

/// What is divided by 0 cannot be held.
void run(Block& block, const Divide& op) {
  const Numbers x(block, op.of), y(block, op.over);
  const Results results(block, op.out);
  join(block, {op.of, op.over}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, hn::Div(x.at(row), y.at(row))); });
}

/// The logarithm of a number that is not above 0 cannot be held.
void run(Block& block, const Logarithm& op) {
  const Numbers x(block, op.of);
  const Results results(block, op.out);
  join(block, {op.of}, results.flags());
  by_array(
      block,
      [&](int row) HWY_ATTR { return hn::IfThenElse(results.unusable_at(row), hn::Set(RealTag(), 1.0), x.at(row)); },
      [](const double* in, double* out, int n) { logarithm(in, out, n); },
      [&](int row, Real log) HWY_ATTR { results.put_held(row, log); });
}

void run(Block& block, const LogisticFunction& op) {
  const RealTag d;
  const Numbers x(block, op.of);
  const Results results(block, op.out);
  join(block, {op.of}, results.flags());
  by_array(
      block, [&](int row) HWY_ATTR { return hn::Neg(x.at(row)); },
      [](const double* in, double* out, int n) { exponential(in, out, n); },
      [&](int row, Real power) HWY_ATTR {
        const Real one = hn::Set(d, 1.0);
        results.put(row, hn::Div(one, hn::Add(one, power)));
      });
}

void run(Block& block, const ClampValue& op) {
  const RealTag d;
  const Numbers x(block, op.of);
  const Results results(block, op.out);
  join(block, {op.of}, results.flags());
  const Real from = hn::Set(d, op.from.value_or(-unbounded)), to = hn::Set(d, op.to.value_or(unbounded));
  each_vector(block, [&](int row) HWY_ATTR {
    const Real value = x.at(row), raised = hn::IfThenElse(hn::Lt(value, from), from, value);
    results.put_held(row, hn::IfThenElse(hn::Gt(raised, to), to, raised));
  });
}

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

void run(Block& block, const RoundValue& op) {
  const Numbers x(block, op.of);
  const Results results(block, op.out);
  const DecimalRounding rounding(op);
  join(block, {op.of}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, rounding.round(x.at(row))); });
}

template <class Operation>
void run_one(const Rows& rows, const Step& step) {
  run(rows.block, std::get<Operation>(*step.operation));
}

}  // namespace

Kernel ArithmeticKernel(const PlannedOperation& operation) {
  return std::visit(
      [](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_arithmetic<Operation>) return run_one<Operation>;
        return nullptr;
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ArithmeticKernel);

Kernel arithmetic_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ArithmeticKernel)(operation);
}

}  // namespace appraise::detail
#endif
