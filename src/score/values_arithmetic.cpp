// Functions of numbers, row by row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_arithmetic.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>

#include "appraise/detail/elementary.hpp"
#include "score/rounding-inl.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"
#include "score/wholes-inl.hpp"

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
  const auto difference = [&](int row) HWY_ATTR { return hn::Sub(x.at(row), y.at(row)); };
  if (block.type(op.out) == RegisterType::whole) {  // and so are both
    const auto add_up = [&](Totals& totals) HWY_ATTR {
      totals.add(op.of);
      totals.subtract(op.minus);
    };
    return put_totals(block, op.out, 2, add_up, difference);
  }
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, difference(row)); });
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

void run(Block& block, const RoundValue& op) {
  const Numbers x(block, op.of);
  const Results results(block, op.out);
  const DecimalRounding rounding(op);
  join(block, {op.of}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, rounding.round(x.at(row))); });
}

}  // namespace

Kernel ArithmeticKernel(const PlannedOperation& operation) {
  return kernel_among<Arithmetic>(operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
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
