// Ranges of sums, extremes and counts: end by end.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_sums.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Bytes that add up to a byte, whatever they add up to on the way; or doubles.
template <class Tag>
HWY_INLINE void add_all(const BoundedRows& rows, const std::vector<Register>& of, Register out, Tag d) {
  for (const End end : {End::lowest, End::highest}) {
    const Ends<Tag> to(rows, out, end);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      auto sum = hn::Zero(d);
      for (const Register one : of) sum = hn::Add(sum, Ends<Tag>(rows, one, end).at(row));
      if constexpr (!of_bytes<Tag>) sum = opened(sum, end == End::lowest ? -unbounded : unbounded);
      to.put(row, sum);
    });
  }
}

void bound(const BoundedRows& rows, const SumValues& op) {
  by_type(rows, {op.out}, op.of, [&](auto d) HWY_ATTR { add_all(rows, op.of, op.out, d); });
}

void bound(const BoundedRows& rows, const CountTrue& op) {
  by_type(rows, {op.out}, op.of, [&](auto d) HWY_ATTR { add_all(rows, op.of, op.out, d); });
}

template <class Tag>
HWY_INLINE void find_extreme(const BoundedRows& rows, const ExtremeValue& op, Tag d) {
  for (const End end : {End::lowest, End::highest}) {
    const Ends<Tag> first(rows, op.of.front(), end), to(rows, op.out, end);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      auto extreme = first.at(row);
      for (const Register one : op.of) {
        const auto x = Ends<Tag>(rows, one, end).at(row);
        extreme = op.highest ? hn::Max(extreme, x) : hn::Min(extreme, x);
      }
      to.put(row, extreme);
    });
  }
}

void bound(const BoundedRows& rows, const ExtremeValue& op) {
  by_type(rows, {op.out}, op.of, [&](auto d) HWY_ATTR { find_extreme(rows, op, d); });
}

}  // namespace

BoundingKernel SumBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<Sums, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(SumBoundingKernel);

BoundingKernel sum_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(SumBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
