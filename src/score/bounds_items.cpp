// Ranges of items' responses and points.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_items.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

const PlannedItem& item_of(const BoundedRows& rows, std::int32_t number) {
  return rows.plan().items[static_cast<std::size_t>(number)];
}

/// The response or points given, or else what they could be.
void bound_given(const BoundedRows& rows, Register of, Range domain) {
  if (of == no_register || !rows.read(of)) return;
  const auto put = [&](auto d, int row, auto x, auto none) HWY_ATTR {
    const Ranges<decltype(d)> to(rows, of);
    to.put(row, hn::IfThenElse(none, set(d, domain.low), x), hn::IfThenElse(none, set(d, domain.high), x));
  };
  if (rows.are_bytes(of)) {
    const SignedTag d;
    const auto* given = rows.given().values<std::int8_t>(of);
    return each_vector(rows, d, [&](int row) HWY_ATTR {
      const auto x = hn::LoadU(d, given + row);
      put(d, row, x, hn::Eq(x, hn::Set(d, not_given<std::int8_t>)));
    });
  }
  const RealTag d;
  const Given given(rows, of);
  given.read([&](auto at) HWY_ATTR {
    each_vector(rows, d, [&](int row) HWY_ATTR {
      const Real x = at(row);
      put(d, row, x, given.are_none(x));
    });
  });
}

void bound(const BoundedRows& rows, const LoadItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  bound_given(rows, op.response, {item.response_low, item.response_high});
  bound_given(rows, op.points, {item.points_low, item.points_high});
}

/// The points given, or those of an item that does not apply, or what both could be.
template <class Tag>
HWY_INLINE void bound_points(const BoundedRows& rows, const ApplyItem& op, Tag d) {
  const Ranges<Tag> own(rows, op.given_points), to(rows, op.points);
  const Truths applies(rows, op.applies);
  const auto otherwise = set(d, item_of(rows, op.item).item->points_if_not_applicable);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto always = applies.always(d, row), sometimes = applies.sometimes(d, row);
    const auto low = own.low.at(row), high = own.high.at(row);
    const auto least = hn::IfThenElse(always, low, hn::Min(low, otherwise));
    const auto most = hn::IfThenElse(always, high, hn::Max(high, otherwise));
    to.put(row, hn::IfThenElse(sometimes, least, otherwise), hn::IfThenElse(sometimes, most, otherwise));
  });
}

void bound(const BoundedRows& rows, const ApplyItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  bound_given(rows, op.response, {item.response_low, item.response_high});
  if (!rows.read(op.points)) return;
  by_type(rows, {op.given_points, op.points}, {}, [&](auto d) HWY_ATTR { bound_points(rows, op, d); });
}

}  // namespace

BoundingKernel ItemBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<BoundedItems, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ItemBoundingKernel);

BoundingKernel item_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ItemBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
