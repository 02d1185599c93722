// Times between dates, and dates moved by times.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_time.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "appraise/detail/calendar.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using Whole = hn::Vec<WholeTag>;

HWY_INLINE Whole whole(std::int32_t x) { return hn::Set(WholeTag(), x); }

/// Years count from March, days from 0000-03-01, as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
/// Quotients are products and shifts: C. Neri, L. Schneider, "Euclidean affine functions and their application to
/// calendar algorithms", Software: Practice and Experience 53 (2023). Each is exact for the years 0 to 9999.
constexpr std::int32_t before_1970 = 719468;

HWY_INLINE Whole hundreds_of(Whole year) { return hn::ShiftRight<19>(hn::Mul(year, whole(5243))); }
HWY_INLINE Whole twelfth_of(Whole month) { return hn::ShiftRight<16>(hn::Mul(hn::ShiftRight<2>(month), whole(21846))); }

HWY_INLINE Whole first_day_of(Whole year) {
  const Whole hundreds = hundreds_of(year);
  const Whole leap_days = hn::Add(hn::Sub(hn::ShiftRight<2>(year), hundreds), hn::ShiftRight<2>(hundreds));
  return hn::Add(hn::Mul(year, whole(365)), leap_days);
}

/// Days of a year before a month, 3 for March to 14 for February.
HWY_INLINE Whole days_before(Whole month) {
  return hn::ShiftRight<5>(hn::Sub(hn::Mul(month, whole(979)), whole(2919)));
}

/// Months since the year 0 and day of the month.
struct CivilDates {
  Whole months, day;

  /// Days since 1970-01-01 of the years 1 to 9999.
  HWY_INLINE explicit CivilDates(Whole days) {
    const WholeTag d;
    const hn::RebindToFloat<WholeTag> floats;
    const Whole since = hn::Add(days, whole(before_1970));
    // A mean year is 365.2425 days. The estimate is the year, or one more: no year begins two days before its mean.
    const auto estimate = hn::Mul(hn::ConvertTo(floats, hn::Add(since, whole(2))), hn::Set(floats, 1 / 365.2425F));
    Whole year = hn::ConvertTo(d, estimate);
    year = hn::Add(year, hn::VecFromMask(d, hn::Lt(since, first_day_of(year))));
    const Whole of_year = hn::Sub(since, first_day_of(year));
    const Whole month = hn::ShiftRight<16>(hn::Add(hn::Mul(of_year, whole(2141)), whole(197913)));
    day = hn::Add(hn::Sub(of_year, days_before(month)), whole(1));
    months = hn::Add(hn::Mul(year, whole(12)), hn::Sub(month, whole(1)));
  }
};

/// Whole months, or years, from one date to another; a day that a month does not have is reached on the first of the
/// next.
HWY_INLINE Whole time_from(Whole from, Whole to, TimeUnit unit) {
  const WholeTag d;
  const CivilDates begin(from), end(to);
  const Whole zero = hn::Zero(d), months = hn::Sub(end.months, begin.months), days = hn::Sub(end.day, begin.day);
  const auto early = hn::And(hn::Gt(months, zero), hn::Lt(days, zero));
  const auto late = hn::And(hn::Lt(months, zero), hn::Gt(days, zero));
  const Whole between = hn::Sub(hn::Add(months, hn::VecFromMask(d, early)), hn::VecFromMask(d, late));
  if (unit == TimeUnit::months) return between;
  const Whole years = twelfth_of(hn::Abs(between));
  return hn::IfThenElse(hn::Lt(between, zero), hn::Neg(years), years);
}

/// Stores dates or whole numbers as the values of a register, whose flags are there already.
class Wholes {
 public:
  Wholes(Block& block, Register out) : values_(block.values<std::int32_t>(out)), flags_(block.flags(out)) {}

  HWY_INLINE void put(int row, Whole x) const {
    const WholeTag d;
    hn::StoreU(hn::IfThenZeroElse(any_bits(d, flags_ + row, unusable_flags), x), d, values_ + row);
  }
  /// Results beyond which there is none are invalid.
  HWY_INLINE void put_within(int row, Whole x, Whole lowest, Whole highest) const {
    const WholeTag d;
    const auto outside = hn::Or(hn::Lt(x, lowest), hn::Gt(x, highest));
    if (HWY_UNLIKELY(!hn::AllFalse(d, outside))) mark(row, outside);
    put(row, x);
  }

  void mark(int row, hn::Mask<WholeTag> rows) const {
    const WholeTag d;
    std::int32_t marks[HWY_MAX_BYTES / sizeof(std::int32_t)];
    hn::StoreU(hn::VecFromMask(d, rows), d, marks);
    for (int i = 0; i < lanes_of(d); ++i) {
      std::uint8_t& flags = flags_[row + i];
      if (marks[i] != 0 && !unusable(flags)) flags = static_cast<std::uint8_t>(flags | flag_invalid);
    }
  }

 private:
  std::int32_t* values_;
  std::uint8_t* flags_;
};

template <class Use>
HWY_INLINE void each_wholes(const Block& block, Use use) {
  each_vector(block, use, WholeTag());
}

void run(Block& block, const MeasureTime& op) {
  const WholeTag d;
  const Wholes results(block, op.out);
  const auto* from = block.values<std::int32_t>(op.from);
  const auto* to = block.values<std::int32_t>(op.to);
  join(block, {op.from, op.to}, block.flags(op.out));
  if (op.in == TimeUnit::days) {
    return each_wholes(
        block, [&](int row) HWY_ATTR { results.put(row, hn::Sub(hn::LoadU(d, to + row), hn::LoadU(d, from + row))); });
  }
  if (op.no_such_day == NoSuchDay::next_day) {
    return each_wholes(block, [&](int row) HWY_ATTR {
      results.put(row, time_from(hn::LoadU(d, from + row), hn::LoadU(d, to + row), op.in));
    });
  }
  auto* out = block.values<std::int32_t>(op.out);
  for (int row = 0; row < block.rows(); ++row) out[row] = time_between(from[row], to[row], op.in, op.no_such_day);
  each_wholes(block, [&](int row) HWY_ATTR { results.put(row, hn::LoadU(d, out + row)); });
}

/// Days of a date: a month since the year 0, and a day which it may not have.
HWY_INLINE Whole days_of(Whole months, Whole day, bool next_day) {
  const WholeTag d;
  const Whole zero = hn::Zero(d), one = whole(1), three = whole(3);
  const Whole year = twelfth_of(months), month = hn::Add(hn::Sub(months, hn::Mul(year, whole(12))), one);
  const Whole hundreds = hundreds_of(year);
  const auto century = hn::Eq(hn::Mul(hundreds, whole(100)), year);
  const Whole quarter = hn::And(hn::IfThenElse(century, hundreds, year), three);  // 0 in a leap year
  const Whole february = hn::IfThenElse(hn::Eq(quarter, zero), whole(29), whole(28));
  const Whole other = hn::Add(whole(30), hn::And(hn::Xor(month, hn::ShiftRight<3>(month)), one));
  const Whole last = hn::IfThenElse(hn::Eq(month, whole(2)), february, other);
  const Whole after = hn::IfThenElseZero(hn::Gt(day, last), next_day ? one : zero);
  const auto before_march = hn::Lt(month, three);
  const Whole years = hn::Add(year, hn::VecFromMask(d, before_march));
  const Whole of_year = days_before(hn::Add(month, hn::IfThenElseZero(before_march, whole(12))));
  const Whole kept = hn::Add(hn::Min(day, last), hn::Sub(after, one));
  return hn::Sub(hn::Add(hn::Add(first_day_of(years), of_year), kept), whole(before_1970));
}

void run(Block& block, const MoveTime& op) {
  constexpr double farthest = 4e6;  // units, which lead out of the years 1 to 9999 from any date in them
  constexpr std::int32_t first_month = 12, last_month = 12 * 10000 - 1;
  const WholeTag d;
  const Wholes results(block, op.out);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  const Numbers amounts(block, op.amount);
  join(block, {op.to, op.amount}, block.flags(op.out));
  each_vector(block, [&](int row) HWY_ATTR {
    const RealTag reals;
    const hn::Rebind<std::int32_t, RealTag> words;
    const Real near = hn::Min(hn::Max(amounts.at(row), hn::Set(reals, -farthest)), hn::Set(reals, farthest));
    hn::StoreU(hn::DemoteTo(words, near), words, out + row);
  });
  each_wholes(block, [&](int row) HWY_ATTR {
    const Whole date = hn::LoadU(d, to + row), amount = hn::LoadU(d, out + row);
    Whole moved = hn::Add(date, amount);
    if (op.in != TimeUnit::days) {
      const CivilDates civil(date);
      const Whole units = op.in == TimeUnit::years ? hn::Mul(amount, whole(12)) : amount;
      const Whole months = hn::Add(civil.months, units);
      const Whole within = hn::Min(hn::Max(months, whole(first_month)), whole(last_month));
      const auto outside = hn::Ne(months, within);
      if (HWY_UNLIKELY(!hn::AllFalse(d, outside))) results.mark(row, outside);
      moved = days_of(within, civil.day, op.no_such_day == NoSuchDay::next_day);
    }
    results.put_within(row, moved, whole(first_day), whole(last_day_of_years));
  });
}

template <class Operation>
void run_one(const Rows& rows, const Step& step) {
  run(rows.block, std::get<Operation>(*step.operation));
}

}  // namespace

Kernel TimeKernel(const PlannedOperation& operation) {
  return std::visit(
      [](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_time<Operation>) return run_one<Operation>;
        return nullptr;
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TimeKernel);

Kernel time_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(TimeKernel)(operation); }

}  // namespace appraise::detail
#endif
