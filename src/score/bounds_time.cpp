// Ranges of times between dates, and of dates moved by times.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_time.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>
#include <limits>

#include "appraise/detail/calendar.hpp"
#include "score/bounds-inl.hpp"
#include "score/dates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Dates or amounts of the rows in hand, padded.
using Wholes = std::array<std::int32_t, most_bounded_rows>;
/// Stands for a date outside of the years that there are.
constexpr std::int32_t nowhere = std::numeric_limits<std::int32_t>::min();

/// Calls `use` with the first row of every vector of numbers of a type, to the end of a whole vector of any other.
template <class Tag, class Use>
HWY_INLINE void each_padded(const BoundedRows& rows, Tag d, Use use) {
  const int padded = (rows.count() + lane_rows - 1) / lane_rows * lane_rows;
  for (int row = 0; row < padded; row += lanes_of(d)) use(row);
}

/// Ends as whole numbers of at most a size; infinite ones are 0.
void to_wholes(const BoundedRows& rows, const Ends<RealTag>& ends, double most, Wholes& out) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Real limit = hn::Set(d, most), infinity = hn::Set(d, unbounded);
  each_padded(rows, d, [&](int row) HWY_ATTR {
    const Real x = ends.at(row), within = hn::Max(hn::Min(x, limit), hn::Neg(limit));
    const Real known = hn::IfThenElseZero(hn::Lt(hn::Abs(x), infinity), within);
    hn::StoreU(hn::DemoteTo(words, known), words, out.data() + row);
  });
}

/// What is made of two ends, open where one of them is.
void put_known(const BoundedRows& rows, const Ends<RealTag>& a, const Ends<RealTag>& b, const Wholes& made, double open,
               const Ends<RealTag>& out) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Real infinity = hn::Set(d, unbounded);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const Real farther = hn::Max(hn::Abs(a.at(row)), hn::Abs(b.at(row)));
    const Real x = hn::PromoteTo(d, hn::LoadU(words, made.data() + row));
    const RealMask known = hn::And(hn::Lt(farther, infinity), hn::Ne(x, hn::Set(d, nowhere)));
    out.put(row, hn::IfThenElse(known, x, hn::Set(d, open)));
  });
}

/// Times between dates.
void measure(const BoundedRows& rows, const Wholes& from, const Wholes& to, const MeasureTime& op, Wholes& out) {
  const WholeTag d;
  if (op.in != TimeUnit::days && op.no_such_day != NoSuchDay::next_day) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows.count()); ++i) {
      out[i] = time_between(from[i], to[i], op.in, op.no_such_day);
    }
    return;
  }
  each_padded(rows, d, [&](int row) HWY_ATTR {
    const Whole a = hn::LoadU(d, from.data() + row), b = hn::LoadU(d, to.data() + row);
    hn::StoreU(op.in == TimeUnit::days ? hn::Sub(b, a) : time_from(a, b, op.in), d, out.data() + row);
  });
}

void bound(BoundedRows& rows, const MeasureTime& op) {
  const Ranges<RealTag> from(rows, op.from), to(rows, op.to), out(rows, op.out);
  Wholes begin, end, between{};
  const auto bound_end = [&](const Ends<RealTag>& a, const Ends<RealTag>& b, double open, const Ends<RealTag>& made) {
    to_wholes(rows, a, whole_limit, begin);
    to_wholes(rows, b, whole_limit, end);
    measure(rows, begin, end, op, between);
    put_known(rows, a, b, between, open, made);
  };
  bound_end(from.high, to.low, -unbounded, out.low);
  bound_end(from.low, to.high, unbounded, out.high);
}

void bound(BoundedRows& rows, const MoveTime& op) {
  const WholeTag d;
  Wholes days, units;
  for (const End which : {End::lowest, End::highest}) {
    const Ends<RealTag> date(rows, op.to, which), amount(rows, op.amount, which), out(rows, op.out, which);
    to_wholes(rows, date, whole_limit, days);
    to_wholes(rows, amount, farthest_move, units);
    each_padded(rows, d, [&](int row) HWY_ATTR {
      const MovedDates moved(hn::LoadU(d, days.data() + row), hn::LoadU(d, units.data() + row), op.in, op.no_such_day);
      hn::StoreU(hn::IfThenElse(moved.outside, whole(nowhere), moved.days), d, days.data() + row);
    });
    put_known(rows, date, amount, days, which == End::lowest ? -unbounded : unbounded, out);
  }
}

template <class Operation>
void bound_one(BoundedRows& rows, const BoundingStep& step) {
  bound(rows, *std::get_if<Operation>(step.operation));
}

}  // namespace

BoundingKernel TimeBoundingKernel(const PlannedOperation& operation) {
  return std::visit(
      [](const auto& op) -> BoundingKernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_time<Operation>) return bound_one<Operation>;
        return nullptr;
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TimeBoundingKernel);

BoundingKernel time_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(TimeBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
