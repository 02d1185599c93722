// Functions of numbers, row by row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_arithmetic.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

void run(Block& block, const Subtract& op) {
  const int rows = block.padded();
  join(block, {op.of, op.minus}, block.flags(op.out));
  Reals of_copy, minus_copy;
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.minus, minus_copy);
  for (int row = 0; row < rows; ++row) of_copy[static_cast<std::size_t>(row)] = x[row] - y[row];
  store(block, op.out, of_copy.data());
}

void run(Block& block, const Multiply& op) {
  const int rows = block.padded();
  join(block, op.of, block.flags(op.out));
  Reals product, copy;
  const double* first = reals(block, op.of.front(), copy);
  std::copy_n(first, rows, product.data());
  for (std::size_t i = 1; i < op.of.size(); ++i) {
    const double* x = reals(block, op.of[i], copy);
    for (int row = 0; row < rows; ++row) product[static_cast<std::size_t>(row)] *= x[row];
  }
  store(block, op.out, product.data());
}

void run(Block& block, const Divide& op) {
  const int rows = block.padded();
  Reals of_copy, over_copy;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of, op.over}, flags);
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.over, over_copy);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double divisor = y[row];
    const std::uint8_t own = flags[row];
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & (divisor == 0), flag_invalid));
    of_copy[static_cast<std::size_t>(row)] = x[row] / (divisor == 0 ? 1 : divisor);
  }
  store(block, op.out, of_copy.data());
}

void run(Block& block, const Logarithm& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  const double* x = reals(block, op.of, result);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double value = x[row];
    const std::uint8_t own = flags[row];
    const std::uint8_t all = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & !(value > 0), flag_invalid));
    flags[row] = all;
    result[static_cast<std::size_t>(row)] = unusable(all) ? 1 : value;
  }
  logarithm(result.data(), result.data(), block.rows());
  store(block, op.out, result.data());
}

void run(Block& block, const LogisticFunction& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  const double* x = reals(block, op.of, result);
  for (int row = 0; row < rows; ++row) result[static_cast<std::size_t>(row)] = -x[row];
  exponential(result.data(), result.data(), block.rows());
  for (int row = 0; row < rows; ++row) {
    const auto i = static_cast<std::size_t>(row);
    result[i] = 1 / (1 + result[i]);
  }
  store(block, op.out, result.data());
}

void run(Block& block, const ClampValue& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  Reals result;
  const double* x = reals(block, op.of, result);
  const double from = op.from.value_or(-unbounded), to = op.to.value_or(unbounded);
  for (int row = 0; row < rows; ++row) {
    const double value = x[row], raised = value < from ? from : value;
    result[static_cast<std::size_t>(row)] = raised > to ? to : raised;
  }
  store(block, op.out, result.data());
}

void run(Block& block, const RoundValue& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  Reals result;
  const double* x = reals(block, op.of, result);
  for (int row = 0; row < rows; ++row) {
    result[static_cast<std::size_t>(row)] = unusable(flags[row]) ? 0 : round_decimal(x[row], op.digits, op.mode);
  }
  store(block, op.out, result.data());
}

}  // namespace

void RunArithmetic(Block& block, const PlannedOperation& operation) {
  std::visit(
      [&](const auto& op) {
        if constexpr (is_arithmetic<std::decay_t<decltype(op)>>) run(block, op);
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunArithmetic);

void run_arithmetic(Block& block, const PlannedOperation& operation) {
  HWY_DYNAMIC_DISPATCH(RunArithmetic)(block, operation);
}

}  // namespace appraise::detail
#endif
