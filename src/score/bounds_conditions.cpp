// Ranges of conditions, which are those of truths, and of constants.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_conditions.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "score/bounds-inl.hpp"
#include "score/holding.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

void bound(const BoundedRows& rows, const Constant& op) {
  by_type(rows, {op.out}, {}, [&](auto d) HWY_ATTR {
    const Ranges<decltype(d)> to(rows, op.out);
    const auto x = set(d, op.value);
    each_vector(rows, d, [&](int row) HWY_ATTR { to.put(row, x, x); });
  });
}

/// Stores truths: whether a condition holds for all numbers of the ranges of a vector of rows, and whether for some.
template <class Tag, class Always, class Sometimes>
HWY_INLINE void put_truths(const BoundedRows& rows, Register out, Tag d, Always always, Sometimes sometimes) {
  const ByteTag bytes;
  auto *low = rows.ends<std::uint8_t>(out, End::lowest), *high = rows.ends<std::uint8_t>(out, End::highest);
  if constexpr (of_bytes<Tag>) {
    const auto one = hn::Set(d, 1);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      hn::StoreU(hn::BitCast(bytes, hn::IfThenElseZero(always(row), one)), bytes, low + row);
      hn::StoreU(hn::BitCast(bytes, hn::IfThenElseZero(sometimes(row), one)), bytes, high + row);
    });
  } else {
    const auto one = hn::Set(bytes, 1);
    for (int lot = 0; lot < rows.count(); lot += lane_rows) {
      LotBits surely, perhaps;
      for (int i = 0; i < lane_rows; i += lanes_of(d)) {
        surely.put(i, always(lot + i));
        perhaps.put(i, sometimes(lot + i));
      }
      for (int i = 0; i < lane_rows; i += lanes_of(bytes)) {
        hn::StoreU(hn::IfThenElseZero(surely.at(i), one), bytes, low + lot + i);
        hn::StoreU(hn::IfThenElseZero(perhaps.at(i), one), bytes, high + lot + i);
      }
    }
  }
}

// Bytes have no such comparisons of their own.
template <class Vec>
HWY_INLINE auto at_least(Vec a, Vec b) {
  return hn::Not(hn::Lt(a, b));
}
template <class Vec>
HWY_INLINE auto at_most(Vec a, Vec b) {
  return hn::Not(hn::Gt(a, b));
}

template <class Tag>
HWY_INLINE void compare_constant(const BoundedRows& rows, const Compare& op, Tag d) {
  const Ranges<Tag> x(rows, op.of);
  const Holding<hn::TFromD<Tag>> holding(op.kind, op.constants.front());
  const auto from = hn::Set(d, holding.low), to = hn::Set(d, holding.high);
  put_truths(
      rows, op.out, d,
      [&](int row) HWY_ATTR { return hn::And(at_least(x.low.at(row), from), at_most(x.high.at(row), to)); },
      [&](int row) HWY_ATTR { return hn::And(at_least(x.high.at(row), from), at_most(x.low.at(row), to)); });
}

/// With any of some constants.
template <class Tag>
HWY_INLINE void compare_constants(const BoundedRows& rows, const Compare& op, Tag d) {
  if (op.constants.size() == 1) return compare_constant(rows, op, d);
  const Ranges<Tag> x(rows, op.of);
  const auto any = [&](const Ends<Tag>& from_end, const Ends<Tag>& to_end) HWY_ATTR {
    return [&](int row) HWY_ATTR {
      const auto a = from_end.at(row), b = to_end.at(row);
      auto holds = hn::Ne(a, a);
      for (const double constant : op.constants) {
        const Holding<hn::TFromD<Tag>> holding(op.kind, constant);
        holds = hn::Or(holds, hn::And(at_least(a, hn::Set(d, holding.low)), at_most(b, hn::Set(d, holding.high))));
      }
      return holds;
    };
  };
  put_truths(rows, op.out, d, any(x.low, x.high), any(x.high, x.low));
}

template <class Tag>
HWY_INLINE void compare_pairs(const BoundedRows& rows, const Compare& op, Tag d) {
  const Ranges<Tag> x(rows, op.of), y(rows, op.with);
  const auto compare = [&](const Ends<Tag>& a, const Ends<Tag>& b, auto holds) HWY_ATTR {
    return [&a, &b, holds](int row) HWY_ATTR { return holds(a.at(row), b.at(row)); };
  };
  const auto ge = [](auto a, auto b) HWY_ATTR { return at_least(a, b); };
  const auto gt = [](auto a, auto b) HWY_ATTR { return hn::Gt(a, b); };
  const auto le = [](auto a, auto b) HWY_ATTR { return at_most(a, b); };
  const auto lt = [](auto a, auto b) HWY_ATTR { return hn::Lt(a, b); };
  switch (op.kind) {
    case Condition::Kind::at_least:
      return put_truths(rows, op.out, d, compare(x.low, y.high, ge), compare(x.high, y.low, ge));
    case Condition::Kind::above:
      return put_truths(rows, op.out, d, compare(x.low, y.high, gt), compare(x.high, y.low, gt));
    case Condition::Kind::at_most:
      return put_truths(rows, op.out, d, compare(x.high, y.low, le), compare(x.low, y.high, le));
    case Condition::Kind::below:
      return put_truths(rows, op.out, d, compare(x.high, y.low, lt), compare(x.low, y.high, lt));
    default:
      return put_truths(
          rows, op.out, d,
          [&](int row) HWY_ATTR {
            return hn::And(at_least(x.low.at(row), y.high.at(row)), at_most(x.high.at(row), y.low.at(row)));
          },
          [&](int row) HWY_ATTR {
            return hn::And(at_least(x.high.at(row), y.low.at(row)), at_least(y.high.at(row), x.low.at(row)));
          });
  }
}

void bound(const BoundedRows& rows, const Compare& op) {
  by_type(rows, {op.of, op.with}, {}, [&](auto d) HWY_ATTR {
    if (op.with == no_register) return compare_constants(rows, op, d);
    compare_pairs(rows, op, d);
  });
}

void bound(const BoundedRows& rows, const IsMissing& op) {
  const SignedTag d;
  const Ranges<SignedTag> to(rows, op.out);
  const std::uint8_t* flags = rows.given().flags(op.of);
  const auto if_given = hn::Set(d, op.missing ? 0 : 1), one = hn::Set(d, 1);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto given = hn::Not(nonzero(d, flags + row));
    to.put(row, hn::IfThenElseZero(given, if_given), hn::IfThenElse(given, if_given, one));
  });
}

/// The truth of a part that is true, or false, decides: ends are joined one by one.
void bound(const BoundedRows& rows, const Join& op) {
  const ByteTag d;
  const auto join_ends = [&](End end, End of_parts, auto start, auto joined) HWY_ATTR {
    auto* out = rows.ends<std::uint8_t>(op.out, end);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      auto all = start;
      for (const Register part : op.of) {
        all = joined(all, hn::LoadU(d, rows.ends<std::uint8_t>(part, of_parts) + row));
      }
      hn::StoreU(all, d, out + row);
    });
  };
  const auto none = hn::Zero(d), one = hn::Set(d, 1);
  for (const End end : {End::lowest, End::highest}) {
    switch (op.kind) {
      case Condition::Kind::negation:
        join_ends(end, end == End::lowest ? End::highest : End::lowest, one,
                  [](auto a, auto b) HWY_ATTR { return hn::Xor(a, b); });
        break;
      case Condition::Kind::any:
        join_ends(end, end, none, [](auto a, auto b) HWY_ATTR { return hn::Or(a, b); });
        break;
      default:
        join_ends(end, end, one, [](auto a, auto b) HWY_ATTR { return hn::And(a, b); });
    }
  }
}

}  // namespace

BoundingKernel ConditionBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<Conditions, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ConditionBoundingKernel);

BoundingKernel condition_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ConditionBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
