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
  return rows.block().plan().items[static_cast<std::size_t>(number)];
}

/// What is given, or else what it could be, `at` gives the numbers of a vector of rows, `is_flagged` where there is
/// none.
template <class Tag, class At, class Flagged>
HWY_INLINE void bound_given(BoundedRows& rows, Register of, Range domain, Tag d, At at, Flagged is_flagged) {
  const Ranges<Tag> to(rows, of);
  const auto least = set(d, domain.low), most = set(d, domain.high);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto x = at(row);
    const auto missing = is_flagged(row);
    to.put(row, hn::IfThenElse(missing, least, x), hn::IfThenElse(missing, most, x));
  });
}

/// The response or points given, or else what they could be.
void bound_given(BoundedRows& rows, Register of, Range domain) {
  if (of == no_register || !rows.read(of)) return;
  const RegisterType type = rows.block().type(of);
  const auto bound_as = [&](auto d, auto at, const std::uint8_t* flags) HWY_ATTR {
    bound_given(rows, of, domain, d, at, [&](int row) HWY_ATTR { return nonzero(d, flags + row); });
  };
  const auto bound_numbers = [&]<class Value>(BoundedRows::Given<Value> given) HWY_ATTR {
    const Numbers numbers(type, reinterpret_cast<const std::byte*>(given.values));
    numbers.read([&](auto at) HWY_ATTR { bound_as(RealTag(), at, given.flags); });
  };
  switch (type) {
    case RegisterType::byte: {
      const auto given = rows.given<std::int8_t>(of);
      if (!rows.are_bytes(of)) return bound_numbers(given);
      const SignedTag d;
      return bound_as(
          d, [&](int row) HWY_ATTR { return hn::LoadU(d, given.values + row); }, given.flags);
    }
    case RegisterType::whole:
      return bound_numbers(rows.given<std::int32_t>(of));
    case RegisterType::real:
      return bound_numbers(rows.given<double>(of));
  }
}

void bound(BoundedRows& rows, const LoadItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  bound_given(rows, op.response, {item.response_low, item.response_high});
  bound_given(rows, op.points, {item.points_low, item.points_high});
}

/// The points given, or those of an item that does not apply, or what both could be.
template <class Tag>
HWY_INLINE void bound_points(BoundedRows& rows, const ApplyItem& op, Tag d) {
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

void bound(BoundedRows& rows, const ApplyItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  bound_given(rows, op.response, {item.response_low, item.response_high});
  if (!rows.read(op.points)) return;
  by_type(rows, {op.given_points, op.points}, {}, [&](auto d) HWY_ATTR { bound_points(rows, op, d); });
}

}  // namespace

BoundingKernel ItemBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<BoundedItems, BoundedRows&, BoundingStep>(
      operation, [](BoundedRows& rows, const auto& op) { bound(rows, op); });
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
