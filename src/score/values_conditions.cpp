// Conditions and constants.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_conditions.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

void run(Block& block, const Constant& op) {
  const int rows = block.padded();
  Reals constant;
  std::fill_n(constant.begin(), rows, op.value);
  std::fill_n(block.flags(op.out), block.padded(), std::uint8_t{0});
  store(block, op.out, constant.data());
}

/// The numbers of a type for which a comparison with a constant holds: [low, high], or none.
template <class Value>
struct Holding {
  Value low = 1, high = 0;

  Holding(Condition::Kind kind, double constant) {
    constexpr double least = std::numeric_limits<Value>::lowest(), most = std::numeric_limits<Value>::max();
    double from = least, to = most;
    if constexpr (std::is_integral_v<Value>) {
      if (kind == Condition::Kind::at_least) from = std::ceil(constant);
      if (kind == Condition::Kind::above) from = std::floor(constant) + 1;
      if (kind == Condition::Kind::at_most) to = std::floor(constant);
      if (kind == Condition::Kind::below) to = std::ceil(constant) - 1;
    } else {
      if (kind == Condition::Kind::at_least) from = constant;
      if (kind == Condition::Kind::above) from = std::nextafter(constant, unbounded);
      if (kind == Condition::Kind::at_most) to = constant;
      if (kind == Condition::Kind::below) to = std::nextafter(constant, -unbounded);
    }
    if (kind == Condition::Kind::equals || kind == Condition::Kind::in) {
      if (std::is_integral_v<Value> && constant != std::trunc(constant)) return;
      from = to = constant;
    }
    from = std::max(from, least);
    to = std::min(to, most);
    if (from > to) return;
    low = static_cast<Value>(from);
    high = static_cast<Value>(to);
  }
};

void compare_registers(const Block& block, const Compare& op, std::int8_t* out) {
  const int rows = block.padded();
  Reals of_copy, with_copy;
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.with, with_copy);
  const auto compare = [&](auto holds) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] = holds(x[row], y[row]) ? 1 : 0;
  };
  switch (op.kind) {
    case Condition::Kind::at_least:
      return compare([](double a, double b) { return a >= b; });
    case Condition::Kind::above:
      return compare([](double a, double b) { return a > b; });
    case Condition::Kind::at_most:
      return compare([](double a, double b) { return a <= b; });
    case Condition::Kind::below:
      return compare([](double a, double b) { return a < b; });
    default:
      return compare([](double a, double b) { return a == b; });
  }
}

void run(Block& block, const Compare& op) {
  const int rows = block.padded();
  auto* out = block.values<std::int8_t>(op.out);
  join(block, {op.of, op.with}, block.flags(op.out));
  if (op.with != no_register) {
    compare_registers(block, op, out);
  } else {
    std::fill_n(out, rows, std::int8_t{0});
    with_values(block, op.of, [&](const auto* x) {
      for (const double constant : op.constants) {
        const Holding<std::decay_t<decltype(*x)>> holding(op.kind, constant);
        const auto low = holding.low, high = holding.high;
        APPRAISE_ROWS
        for (int row = 0; row < rows; ++row) {
          const auto value = x[row];
          const std::int8_t before = out[row];
          out[row] = ((value >= low) & (value <= high)) ? std::int8_t{1} : before;
        }
      }
    });
  }
  clear_unusable(block, block.flags(op.out), out);
}

void run(Block& block, const IsMissing& op) {
  const int rows = block.padded();
  const std::uint8_t* from = block.flags(op.of);
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::int8_t>(op.out);
  const bool missing = op.missing;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t own = from[row];
    const bool invalid = (own & flag_invalid) != 0;
    out[row] = (!invalid & (unusable(own) == missing)) ? 1 : 0;
    flags[row] = own & flag_invalid;
  }
}

void run(Block& block, const Join& op) {
  const int rows = block.padded();
  Bytes all_flags, any_true, any_false;
  for (Bytes* bytes : {&all_flags, &any_true, &any_false}) std::fill_n(bytes->begin(), rows, std::uint8_t{0});
  for (const Register part : op.of) {
    const std::uint8_t* flags = block.flags(part);
    const auto* truth = block.values<std::uint8_t>(part);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const std::uint8_t own = flags[row], is_true = truth[row];  // 0 where unknown
      const std::uint8_t is_false = unusable(own) ? std::uint8_t{0} : static_cast<std::uint8_t>(is_true ^ 1);
      all_flags[i] = static_cast<std::uint8_t>(all_flags[i] | own);
      any_true[i] = static_cast<std::uint8_t>(any_true[i] | is_true);
      any_false[i] = static_cast<std::uint8_t>(any_false[i] | is_false);
    }
  }
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::uint8_t>(op.out);
  if (op.kind == Condition::Kind::negation) {
    std::copy_n(all_flags.data(), rows, flags);
    std::copy_n(any_false.data(), rows, out);
    return;
  }
  const bool all = op.kind == Condition::Kind::all;
  const std::uint8_t* decisive = all ? any_false.data() : any_true.data();
  const std::uint8_t decided_truth = all ? 0 : 1;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t joined = all_flags[static_cast<std::size_t>(row)];
    const bool decided = decisive[row] != 0;
    const std::uint8_t left = unusable(joined) ? std::uint8_t{0} : static_cast<std::uint8_t>(decided_truth ^ 1);
    flags[row] = decided ? static_cast<std::uint8_t>(joined & flag_omitted) : joined;
    out[row] = decided ? decided_truth : left;
  }
}

}  // namespace

void RunCondition(Block& block, const PlannedOperation& operation) {
  std::visit(
      [&](const auto& op) {
        if constexpr (is_condition<std::decay_t<decltype(op)>>) run(block, op);
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunCondition);

void run_condition(Block& block, const PlannedOperation& operation) {
  HWY_DYNAMIC_DISPATCH(RunCondition)(block, operation);
}

}  // namespace appraise::detail
#endif
