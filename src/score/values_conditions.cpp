// Conditions and constants.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_conditions.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <utility>

#include "score/holding.hpp"
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

/// Stores truths of every row, where it is known.
template <class Tag, class Holds>
HWY_INLINE void put_truths(Block& block, Register out, Tag d, Holds holds) {
  const ByteTag bytes;
  const std::uint8_t* flags = block.flags(out);
  auto* truths = block.values<std::uint8_t>(out);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto known = is_usable(hn::LoadU(bytes, flags + row));
    const auto all =
        truths_of(d, block.rows() - row, [&](int number) HWY_ATTR { return holds(row + number * lanes_of(d)); });
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

/// The numbers of a register of whole numbers, as they are.
template <class Tag>
auto wholes_of(Tag, const Block& block, Register of) {
  return [x = block.values<hn::TFromD<Tag>>(of)](int row) HWY_ATTR { return hn::LoadU(Tag(), x + row); };
}
auto numbers_of(const Block& block, Register of) {
  return [numbers = Numbers(block, of)](int row) HWY_ATTR { return numbers.at(row); };
}

void run(Block& block, const Compare& op) {
  const auto are = [&](RegisterType type) {
    return block.type(op.of) == type && (op.with == no_register || block.type(op.with) == type);
  };
  const auto compare_wholes = [&](auto d) HWY_ATTR {
    if (op.with == no_register) return compare_constants(block, op, d, wholes_of(d, block, op.of));
    compare_pairs(block, op, d, wholes_of(d, block, op.of), wholes_of(d, block, op.with));
  };
  if (op.with != no_register) join(block, {op.of, op.with}, block.flags(op.out));
  if (are(RegisterType::byte)) return compare_wholes(hn::ScalableTag<std::int8_t>());
  if (are(RegisterType::whole)) return compare_wholes(WholeTag());
  if (op.with == no_register) return compare_constants(block, op, RealTag(), numbers_of(block, op.of));
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

/// Truths of conditions that are joined: every one is 0 where it is unknown. `parts`: how many, or 0: any number.
template <Condition::Kind kind, std::size_t parts>
void join_truths(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto& op = *std::get_if<Join>(step.operation);
  const Block& block = rows.block;
  std::uint8_t* const flags = rows.block.flags(op.out);
  auto* const out = rows.block.values<std::uint8_t>(op.out);
  const auto one = hn::Set(d, 1);
  const auto join = [&](int row, auto each_part) HWY_ATTR {
    auto joined = hn::Zero(d);
    auto any =
        hn::Ne(joined, joined);  // part that decides: a true one whether any is true, a false one whether all are
    each_part([&](const Asked& asked) HWY_ATTR {
      const Answered answered(asked, row);
      joined = hn::Or(joined, answered.flags);
      any = hn::Or(any, kind == Condition::Kind::any ? answered.holds() : answered.fails);
    });
    if constexpr (kind == Condition::Kind::negation) {
      hn::StoreU(joined, d, flags + row);
      hn::StoreU(hn::IfThenElseZero(any, one), d, out + row);
    } else {
      hn::StoreU(hn::IfThenElse(any, hn::And(joined, hn::Set(d, flag_omitted)), joined), d, flags + row);
      const auto are_true = kind == Condition::Kind::any ? any : hn::AndNot(any, is_usable(joined));
      hn::StoreU(hn::IfThenElseZero(are_true, one), d, out + row);
    }
  };
  if constexpr (parts == 0) {
    each_bytes(block, [&](int row) HWY_ATTR {
      join(row, [&](auto use) HWY_ATTR {
        for (const Test& test : step.tests) use(Asked(block, test));
      });
    });
  } else {
    const auto join_all = [&](const auto&... asked) HWY_ATTR {
      each_bytes(block, [&](int row) HWY_ATTR { join(row, [&](auto use) HWY_ATTR { (use(asked), ...); }); });
    };
    [&]<std::size_t... k>(std::index_sequence<k...>) HWY_ATTR { join_all(Asked(block, step.tests[k])...); }
    (std::make_index_sequence<parts>());
  }
}

template <Condition::Kind kind>
Kernel join_kernel_of(std::size_t parts) {
  switch (parts) {
    case 2:
      return join_truths<kind, 2>;
    case 3:
      return join_truths<kind, 3>;
    default:
      return join_truths<kind, 0>;
  }
}

Kernel join_kernel(const Join& op) {
  if (op.kind == Condition::Kind::negation) return join_truths<Condition::Kind::negation, 1>;
  if (op.kind == Condition::Kind::all) return join_kernel_of<Condition::Kind::all>(op.of.size());
  return join_kernel_of<Condition::Kind::any>(op.of.size());
}

}  // namespace

Kernel ConditionKernel(const PlannedOperation& operation) {
  if (const auto* join = std::get_if<Join>(&operation)) return join_kernel(*join);
  return kernel_among<Kind<Constant, Compare, IsMissing>>(
      operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
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
