// Dates and times between them, for each instruction set.
#if defined(APPRAISE_SCORE_DATES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_DATES_INL_HPP
#undef APPRAISE_SCORE_DATES_INL_HPP
#else
#define APPRAISE_SCORE_DATES_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

#include "appraise/detail/calendar.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

HWY_INLINE Whole whole(std::int32_t x) { return hn::Set(WholeTag(), x); }

/// Years count from March, days from 0000-03-01, as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
/// Quotients are products and shifts: C. Neri, L. Schneider, "Euclidean affine functions and their application to
/// calendar algorithms", Software: Practice and Experience 53 (2023). Each is exact for the years 0 to 9999.
constexpr std::int32_t before_1970 = 719468;

HWY_INLINE Whole hundreds_of(Whole year) { return hn::ShiftRight<19>(hn::Mul(year, whole(5243))); }
HWY_INLINE Whole twelfth_of(Whole month) { return hn::ShiftRight<16>(hn::Mul(hn::ShiftRight<2>(month), whole(21846))); }

/// Days before a year: four of them have 1461, but for one in a hundred that is short.
HWY_INLINE Whole first_day_of(Whole year) {
  const Whole hundreds = hundreds_of(year);
  const Whole of_fours = hn::ShiftRight<2>(hn::Mul(year, whole(1461)));
  return hn::Sub(of_fours, hn::Sub(hundreds, hn::ShiftRight<2>(hundreds)));
}

/// Days of a year before a month, 3 for March to 14 for February.
HWY_INLINE Whole days_before(Whole month) {
  return hn::ShiftRight<5>(hn::Sub(hn::Mul(month, whole(979)), whole(2919)));
}

/// Whether years have a 29th of February: those of four, but of multiples of 25 those of sixteen. Times the inverse of
/// 25 modulo 2^32, its multiples are small, and no other number is.
HWY_INLINE auto are_leap(Whole year) {
  constexpr auto inverse = static_cast<std::int32_t>(0xC28F5C29);
  static_assert(static_cast<std::uint32_t>(inverse) * 25 == 1);
  constexpr std::int32_t greater_than_quotients = ~511;
  const WholeTag d;
  const Whole zero = hn::Zero(d), quotient = hn::Mul(year, whole(inverse));
  const auto many = hn::Eq(hn::And(quotient, whole(greater_than_quotients)), zero);
  return hn::Eq(hn::And(year, hn::IfThenElse(many, whole(15), whole(3))), zero);
}

/// Days of years that begin in March.
HWY_INLINE Whole length_of(Whole year) {
  return hn::IfThenElse(are_leap(hn::Add(year, whole(1))), whole(366), whole(365));
}

/// Months of days of a year, 3 for March to 14 for February.
HWY_INLINE Whole month_of(Whole day) { return hn::ShiftRight<16>(hn::Add(hn::Mul(day, whole(2141)), whole(197913))); }

/// A date as a year that begins in March and a day of it, from 0, in one number: later dates are greater.
constexpr int day_bits = 9;

/// Splits days since 1970-01-01 in the years 1 to 9999. A century has 36524 days or one more, then a year of it 365 or
/// one more: counted from 0000-03-01, day n is in the century (4 n + 3) / 146097, and day n of a century in the year
/// (4 n + 3) / 1461 of it, both rounded down. Single precision gives each of them, with fused products and without.
HWY_INLINE Whole split(Whole days) {
  const hn::RebindToFloat<WholeTag> d;
  constexpr float century = 36524.25F, year = 365.25F, three_quarters = 0.75F, unit = 1 << day_bits;
  const auto count = [d](auto of, float length) HWY_ATTR {
    return hn::Floor(hn::MulAdd(of, hn::Set(d, 1 / length), hn::Set(d, three_quarters / length)));
  };
  const auto without = [d](auto of, auto counted, float length)
                           HWY_ATTR { return hn::Sub(of, hn::Floor(hn::Mul(counted, hn::Set(d, length)))); };
  const auto since = hn::ConvertTo(d, hn::Add(days, whole(before_1970)));
  const auto centuries = count(since, century), of_century = without(since, centuries, century);
  const auto years = count(of_century, year), day = without(of_century, years, year);
  const auto year_and_day = hn::MulAdd(years, hn::Set(d, unit), day);
  return hn::ConvertTo(WholeTag(), hn::MulAdd(centuries, hn::Set(d, 100 * unit), year_and_day));
}

/// From 1900-03-01 to 2099-02-28 every fourth year has a 29th of February, as nearly all dates are in: less is needed
/// to tell where they are. Days count from the first of these, years from 1900.
constexpr std::int32_t near_year = 1900, near_first = -25508, near_days = 72684, near_years = 199;
static_assert(near_days == near_years * 365 + (2096 - 1904) / 4 + 1);

/// Days since near_first, below near_days, as split() gives them.
HWY_INLINE Whole split_near(Whole since) {
  const hn::RebindToFloat<WholeTag> d;
  constexpr float year = 365.25F, three_quarters = 0.75F, unit = 1 << day_bits;
  const auto n = hn::ConvertTo(d, since);
  const auto years = hn::Floor(hn::MulAdd(n, hn::Set(d, 1 / year), hn::Set(d, three_quarters / year)));
  const auto day = hn::Sub(n, hn::Floor(hn::Mul(years, hn::Set(d, year))));
  return hn::Add(hn::ConvertTo(WholeTag(), hn::MulAdd(years, hn::Set(d, unit), day)), whole(near_year << day_bits));
}

/// Dates that were split.
struct MarchDates {
  Whole year, day;

  HWY_INLINE explicit MarchDates(Whole split)
      : year(hn::ShiftRight<day_bits>(split)), day(hn::And(split, whole((1 << day_bits) - 1))) {}
};

/// Whole units from one date to another, of dates that are units and a smaller part of `1 << bits`.
template <int bits>
HWY_INLINE Whole units_from(Whole from, Whole to) {
  const Whole between = hn::Sub(to, from);
  const Whole rest = hn::And(hn::ShiftRight<31>(between), whole((1 << bits) - 1));  // toward 0
  return hn::ShiftRight<bits>(hn::Add(between, rest));
}

/// Calls `use` with the unit of time, years or months, and the rule of an operation as constants, which its loop is
/// made for.
template <class Use>
HWY_INLINE void with_rule(const MoveTime& op, Use use) {
  const auto with_unit = [&](auto rule) HWY_ATTR {
    if (op.in == TimeUnit::years) return use(std::integral_constant<TimeUnit, TimeUnit::years>(), rule);
    use(std::integral_constant<TimeUnit, TimeUnit::months>(), rule);
  };
  if (op.no_such_day == NoSuchDay::last_day) return with_unit(std::integral_constant<NoSuchDay, NoSuchDay::last_day>());
  with_unit(std::integral_constant<NoSuchDay, NoSuchDay::next_day>());
}

/// Whole months, or years, from one split date to another; a day that a month does not have is reached on the first of
/// the next. A year has passed on the same day of a year that begins in March.
HWY_INLINE Whole time_from(Whole from, Whole to, TimeUnit unit) {
  if (unit == TimeUnit::years) return units_from<day_bits>(from, to);
  constexpr int bits = 5;
  const auto by_months = [](const MarchDates& date) HWY_ATTR {
    const Whole month = month_of(date.day), day = hn::Sub(date.day, days_before(month));
    return hn::Or(hn::ShiftLeft<bits>(hn::Add(hn::Mul(date.year, whole(12)), month)), day);
  };
  return units_from<bits>(by_months(MarchDates(from)), by_months(MarchDates(to)));
}

/// Units, which lead out of the years 1 to 9999 from any date in them.
constexpr double farthest_move = 4e6;

/// Dates moved by a time, and where that leads out of the years 1 to 9999: days since 1970-01-01, from such days where
/// they are moved by days, else from split dates. Years begin in March: a 29th of February is the last day of a long
/// one, and what follows it in a short one is the first day of the next.
struct MovedDates {
  Whole days;
  hn::Mask<WholeTag> outside;

  HWY_INLINE MovedDates(Whole date, Whole amount, TimeUnit unit, NoSuchDay no_such_day) {
    constexpr std::int32_t years = 10000;
    days = hn::Add(date, amount);
    outside = hn::Ne(days, days);
    if (unit != TimeUnit::days) {
      const MarchDates before(date);
      const bool next_day = no_such_day == NoSuchDay::next_day;
      Whole year, day;
      if (unit == TimeUnit::years) {
        year = within(hn::Add(before.year, amount), years);
        day = next_day ? before.day : hn::Min(before.day, hn::Sub(length_of(year), whole(1)));
      } else {
        const Whole month = month_of(before.day);
        const Whole months = hn::Add(hn::Add(hn::Mul(before.year, whole(12)), hn::Sub(month, whole(3))), amount);
        const Whole moved = within(months, 12 * years);
        year = twelfth_of(moved);
        const Whole to = hn::Add(hn::Sub(moved, hn::Mul(year, whole(12))), whole(3));
        const Whole begin = days_before(to), end = hn::Min(days_before(hn::Add(to, whole(1))), length_of(year));
        day = hn::Add(begin, hn::Sub(before.day, days_before(month)));
        day = hn::Min(day, next_day ? end : hn::Sub(end, whole(1)));
      }
      days = hn::Add(first_day_of(year), hn::Sub(day, whole(before_1970)));
    }
    outside = hn::Or(outside, hn::Or(hn::Lt(days, whole(first_day)), hn::Gt(days, whole(last_day_of_years))));
  }

 private:
  /// A number from 0 to below another; where it is not, it is outside.
  HWY_INLINE Whole within(Whole number, std::int32_t below) {
    const WholeTag d;
    const Whole inside = hn::Min(hn::Max(number, hn::Zero(d)), whole(below - 1));
    outside = hn::Or(outside, hn::Ne(number, inside));
    return inside;
  }
};

/// The same of split dates that are moved by months or years to near ones; `far` are the rows in which they are not.
struct NearDates {
  Whole days;
  hn::Mask<WholeTag> far;

  template <class Unit, class Rule>
  HWY_INLINE NearDates(Whole date, Whole amount, Unit unit, Rule rule) {
    constexpr bool next_day = rule == NoSuchDay::next_day;
    const MarchDates before(date);
    Whole year, day;
    if constexpr (unit == TimeUnit::years) {
      year = hn::Add(hn::Add(before.year, amount), whole(-near_year));
      far = beyond(year, near_years);
      day = next_day ? before.day : hn::Min(before.day, hn::Sub(length_of_near(year), whole(1)));
    } else {
      const Whole month = month_of(before.day);
      const Whole months = hn::Add(hn::Add(hn::Mul(before.year, whole(12)), month),
                                   hn::Add(amount, whole(-12 * near_year - first_month)));
      far = beyond(months, 12 * near_years);
      year = hn::ShiftRight<19>(hn::Mul(months, whole(43691)));
      const Whole to = hn::Add(hn::Sub(months, hn::Mul(year, whole(12))), whole(first_month));
      const Whole begin = days_before(to), end = hn::Min(days_before(hn::Add(to, whole(1))), length_of_near(year));
      day = hn::Add(begin, hn::Sub(before.day, days_before(month)));
      day = hn::Min(day, next_day ? end : hn::Sub(end, whole(1)));
    }
    days = hn::Add(hn::ShiftRight<2>(hn::Mul(year, whole(1461))), hn::Add(day, whole(near_first)));
  }

 private:
  static constexpr std::int32_t first_month = 3;

  /// Numbers that are not from 0 to below another.
  static HWY_INLINE hn::Mask<WholeTag> beyond(Whole number, std::int32_t end) {
    const hn::RebindToUnsigned<WholeTag> d;
    const auto most = hn::Set(d, static_cast<std::uint32_t>(end - 1));
    return hn::RebindMask(WholeTag(), hn::Gt(hn::BitCast(d, number), most));
  }
  static HWY_INLINE Whole length_of_near(Whole year) {
    const auto is_long = hn::Eq(hn::And(year, whole(3)), whole(3));  // 1903 ends with the February of 1904
    return hn::IfThenElse(is_long, whole(366), whole(365));
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
