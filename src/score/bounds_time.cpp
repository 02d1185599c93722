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

/// Calls `use` with the first row of every vector of numbers of a type, to the end of a vector of whole numbers.
template <class Tag, class Use>
HWY_INLINE void each_padded(const BoundedRows& rows, Tag d, Use use) {
  const int count = rows.count(), lanes = lanes_of(WholeTag());
  for (int first = 0; first < count; first += lanes) {
    for (int i = 0; i < lanes; i += lanes_of(d)) use(first + i);
  }
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

/// Two of them, and what is made of them.
struct Made {
  alignas(lane_rows) Wholes a;
  alignas(lane_rows) Wholes b;
  alignas(lane_rows) Wholes out;
};

/// Makes whole numbers of every vector of two, unless another made them of the same: few rows have more than one date.
template <class Make>
HWY_INLINE void make(const BoundedRows& rows, const Made* before, Made& made, Make make_one) {
  const WholeTag d;
  each_padded(rows, d, [&](int row) HWY_ATTR {
    const Whole a = hn::LoadU(d, made.a.data() + row), b = hn::LoadU(d, made.b.data() + row);
    if (before != nullptr) {
      const Whole other_a = hn::LoadU(d, before->a.data() + row), other_b = hn::LoadU(d, before->b.data() + row);
      if (hn::AllTrue(d, hn::And(hn::Eq(a, other_a), hn::Eq(b, other_b)))) {
        return hn::StoreU(hn::LoadU(d, before->out.data() + row), d, made.out.data() + row);
      }
    }
    hn::StoreU(make_one(a, b), d, made.out.data() + row);
  });
}

/// Times from a to b.
void measure(const BoundedRows& rows, const MeasureTime& op, const Made* before, Made& made) {
  if (op.in == TimeUnit::days) {
    return make(rows, before, made, [](Whole from, Whole to) HWY_ATTR { return hn::Sub(to, from); });
  }
  if (op.no_such_day == NoSuchDay::next_day) {
    return make(rows, before, made,
                [&](Whole from, Whole to) HWY_ATTR { return time_from(split(from), split(to), op.in); });
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows.count()); ++i) {
    made.out[i] = time_between(made.a[i], made.b[i], op.in, op.no_such_day);
  }
}

void bound(const BoundedRows& rows, const MeasureTime& op) {
  const Ranges<RealTag> from(rows, op.from), to(rows, op.to), out(rows, op.out);
  Made least, most;
  const auto bound_end = [&](const Ends<RealTag>& a, const Ends<RealTag>& b, const Made* before, Made& made) {
    to_wholes(rows, a, whole_limit, made.a);
    to_wholes(rows, b, whole_limit, made.b);
    measure(rows, op, before, made);
  };
  bound_end(from.high, to.low, nullptr, least);
  put_known(rows, from.high, to.low, least.out, -unbounded, out.low);
  bound_end(from.low, to.high, &least, most);
  put_known(rows, from.low, to.high, most.out, unbounded, out.high);
}

void bound(const BoundedRows& rows, const MoveTime& op) {
  Made least, most;
  for (const End end : {End::lowest, End::highest}) {
    const Ends<RealTag> date(rows, op.to, end), amount(rows, op.amount, end), out(rows, op.out, end);
    Made& made = end == End::lowest ? least : most;
    to_wholes(rows, date, whole_limit, made.a);
    to_wholes(rows, amount, farthest_move, made.b);
    make(rows, end == End::lowest ? nullptr : &least, made, [&](Whole days, Whole units) HWY_ATTR {
      const MovedDates moved(op.in == TimeUnit::days ? days : split(days), units, op.in, op.no_such_day);
      return hn::IfThenElse(moved.outside, whole(nowhere), moved.days);
    });
    put_known(rows, date, amount, made.out, end == End::lowest ? -unbounded : unbounded, out);
  }
}

}  // namespace

BoundingKernel TimeBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<Times, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
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
