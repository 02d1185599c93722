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
  const Results results(block, op.out);
  join(block, {}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, hn::Set(RealTag(), op.value)); });
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

/// Stores truths of every row, where it is known.
template <class Tag, class Holds>
HWY_INLINE void put_truths(Block& block, Register out, Tag d, Holds holds) {
  const ByteTag bytes;
  const std::uint8_t* flags = block.flags(out);
  auto* truths = block.values<std::uint8_t>(out);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto known = is_usable(hn::LoadU(bytes, flags + row));
    const auto all = truths_of(d, [&](int number) HWY_ATTR { return holds(row + number * lanes_of(d)); });
    hn::StoreU(hn::IfThenElseZero(known, all), bytes, truths + row);
  });
}

/// Truths of a comparison with any of some constants. `at` gives the numbers of a vector of rows.
template <class Tag, class At>
HWY_INLINE void compare_constants(Block& block, const Compare& op, Tag d, At at) {
  using Value = hn::TFromD<Tag>;
  if (op.constants.size() == 1) {
    const Holding<Value> holding(op.kind, op.constants.front());
    const auto low = hn::Set(d, holding.low), high = hn::Set(d, holding.high);
    return put_truths(block, op.out, d, [&](int row) HWY_ATTR {
      const auto x = at(row);
      return hn::Not(hn::Or(hn::Lt(x, low), hn::Gt(x, high)));
    });
  }
  put_truths(block, op.out, d, [&](int row) HWY_ATTR {
    const auto x = at(row);
    auto any = hn::Lt(x, x);
    for (const double constant : op.constants) {
      const Holding<Value> holding(op.kind, constant);
      const auto beyond = hn::Or(hn::Lt(x, hn::Set(d, holding.low)), hn::Gt(x, hn::Set(d, holding.high)));
      any = hn::Or(any, hn::Not(beyond));
    }
    return any;
  });
}

/// Truths of a comparison of two numbers.
template <class Tag, class At, class With>
HWY_INLINE void compare_pairs(Block& block, const Compare& op, Tag d, At at, With with) {
  const auto compare = [&](auto holds) HWY_ATTR {
    put_truths(block, op.out, d, [&](int row) HWY_ATTR { return holds(at(row), with(row)); });
  };
  switch (op.kind) {
    case Condition::Kind::at_least:
      return compare([](auto a, auto b) HWY_ATTR { return hn::Not(hn::Lt(a, b)); });
    case Condition::Kind::above:
      return compare([](auto a, auto b) HWY_ATTR { return hn::Gt(a, b); });
    case Condition::Kind::at_most:
      return compare([](auto a, auto b) HWY_ATTR { return hn::Not(hn::Gt(a, b)); });
    case Condition::Kind::below:
      return compare([](auto a, auto b) HWY_ATTR { return hn::Lt(a, b); });
    default:
      return compare([](auto a, auto b) HWY_ATTR { return hn::Eq(a, b); });
  }
}

/// The numbers of a register of dates or whole numbers, as they are.
auto wholes_of(const Block& block, Register of) {
  return [x = block.values<std::int32_t>(of)](int row) HWY_ATTR { return hn::LoadU(WholeTag(), x + row); };
}
auto numbers_of(const Block& block, Register of) {
  return [numbers = Numbers(block, of)](int row) HWY_ATTR { return numbers.at(row); };
}

void run(Block& block, const Compare& op) {
  const auto is_whole = [&](Register of) { return of == no_register || block.type(of) == RegisterType::whole; };
  const bool whole = is_whole(op.of) && is_whole(op.with);
  join(block, {op.of, op.with}, block.flags(op.out));
  if (op.with == no_register) {
    if (whole) return compare_constants(block, op, WholeTag(), wholes_of(block, op.of));
    return compare_constants(block, op, RealTag(), numbers_of(block, op.of));
  }
  if (whole) return compare_pairs(block, op, WholeTag(), wholes_of(block, op.of), wholes_of(block, op.with));
  compare_pairs(block, op, RealTag(), numbers_of(block, op.of), numbers_of(block, op.with));
}

void run(Block& block, const IsMissing& op) {
  const ByteTag d;
  const std::uint8_t* from = block.flags(op.of);
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::uint8_t>(op.out);
  const auto one = hn::Set(d, 1), if_usable = hn::Set(d, op.missing ? 0 : 1);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto own = hn::LoadU(d, from + row), invalid = hn::And(own, hn::Set(d, flag_invalid));
    const auto truth = hn::Xor(if_usable, hn::IfThenZeroElse(is_usable(own), one));
    hn::StoreU(hn::IfThenElseZero(hn::Eq(invalid, hn::Zero(d)), truth), d, out + row);
    hn::StoreU(invalid, d, flags + row);
  });
}

void run(Block& block, const Join& op) {
  const ByteTag d;
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::uint8_t>(op.out);
  const auto zero = hn::Zero(d), one = hn::Set(d, 1), omitted = hn::Set(d, flag_omitted);
  const bool all = op.kind == Condition::Kind::all;
  const auto if_decided = hn::Set(d, all ? 0 : 1), if_not = hn::Set(d, all ? 1 : 0);
  each_bytes(block, [&](int row) HWY_ATTR {
    auto joined = zero, any_true = zero, any_false = zero;
    for (const Register part : op.of) {
      const auto own = hn::LoadU(d, block.flags(part) + row);
      const auto truth = hn::LoadU(d, block.values<std::uint8_t>(part) + row);  // 0 where unknown
      joined = hn::Or(joined, own);
      any_true = hn::Or(any_true, truth);
      any_false = hn::Or(any_false, hn::IfThenElseZero(is_usable(own), hn::Xor(truth, one)));
    }
    if (op.kind == Condition::Kind::negation) {
      hn::StoreU(joined, d, flags + row);
      hn::StoreU(any_false, d, out + row);
      return;
    }
    const auto decided = hn::Ne(all ? any_false : any_true, zero);
    hn::StoreU(hn::IfThenElse(decided, hn::And(joined, omitted), joined), d, flags + row);
    const auto undecided = hn::IfThenElseZero(is_usable(joined), if_not);
    hn::StoreU(hn::IfThenElse(decided, if_decided, undecided), d, out + row);
  });
}

template <class Operation>
void run_one(const Rows& rows, const Step& step) {
  run(rows.block, std::get<Operation>(*step.operation));
}

}  // namespace

Kernel ConditionKernel(const PlannedOperation& operation) {
  return std::visit(
      [](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_condition<Operation>) return run_one<Operation>;
        return nullptr;
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ConditionKernel);

Kernel condition_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(ConditionKernel)(operation); }

}  // namespace appraise::detail
#endif
