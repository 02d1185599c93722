// Dates and times between them, for each instruction set.
#if defined(APPRAISE_SCORE_DATES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_DATES_INL_HPP
#undef APPRAISE_SCORE_DATES_INL_HPP
#else
#define APPRAISE_SCORE_DATES_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "appraise/detail/calendar.hpp"
#include "score/values-inl.hpp"

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

/// Whether years have a 29th of February.
HWY_INLINE auto are_leap(Whole year) {
  const WholeTag d;
  const Whole hundreds = hundreds_of(year);
  const auto century = hn::Eq(hn::Mul(hundreds, whole(100)), year);
  return hn::Eq(hn::And(hn::IfThenElse(century, hundreds, year), whole(3)), hn::Zero(d));
}

/// Days of years that begin in March.
HWY_INLINE Whole length_of(Whole year) {
  return hn::IfThenElse(are_leap(hn::Add(year, whole(1))), whole(366), whole(365));
}

/// Months of days of a year, 3 for March to 14 for February.
HWY_INLINE Whole month_of(Whole day) { return hn::ShiftRight<16>(hn::Add(hn::Mul(day, whole(2141)), whole(197913))); }

/// Years that begin in March and days of them, from 0, of days since 1970-01-01 in the years 1 to 9999.
struct MarchDates {
  Whole year, day;

  HWY_INLINE explicit MarchDates(Whole days) {
    const WholeTag d;
    const hn::RebindToFloat<WholeTag> floats;
    const Whole since = hn::Add(days, whole(before_1970));
    // A mean year is 365.2425 days. The estimate is the year, or one more: no year begins two days before its mean.
    const auto estimate = hn::Mul(hn::ConvertTo(floats, hn::Add(since, whole(2))), hn::Set(floats, 1 / 365.2425F));
    year = hn::ConvertTo(d, estimate);
    day = hn::Sub(since, first_day_of(year));
    const auto before = hn::Lt(day, hn::Zero(d));
    const Whole length = hn::IfThenElse(are_leap(year), whole(366), whole(365));  // of the year that ends there
    day = hn::Add(day, hn::IfThenElseZero(before, length));
    year = hn::Add(year, hn::VecFromMask(d, before));
  }
};

/// Months since the year 0 and day of the month.
struct CivilDates {
  Whole months, day;

  HWY_INLINE explicit CivilDates(Whole days) {
    const MarchDates date(days);
    const Whole month = month_of(date.day);
    day = hn::Add(hn::Sub(date.day, days_before(month)), whole(1));
    months = hn::Add(hn::Mul(date.year, whole(12)), hn::Sub(month, whole(1)));
  }
};

/// Whole units from one date to another, of dates that are units and a smaller part of `1 << bits`.
template <int bits>
HWY_INLINE Whole units_from(Whole from, Whole to) {
  const Whole between = hn::Sub(to, from);
  const Whole rest = hn::And(hn::ShiftRight<31>(between), whole((1 << bits) - 1));  // toward 0
  return hn::ShiftRight<bits>(hn::Add(between, rest));
}

/// Whole months, or years, from one date to another; a day that a month does not have is reached on the first of the
/// next.
HWY_INLINE Whole time_from(Whole from, Whole to, TimeUnit unit) {
  if (unit == TimeUnit::months) {
    constexpr int bits = 5;
    const auto joined = [](const CivilDates& date)
                            HWY_ATTR { return hn::Or(hn::ShiftLeft<bits>(date.months), date.day); };
    return units_from<bits>(joined(CivilDates(from)), joined(CivilDates(to)));
  }
  // A year has passed on the same day of a year that begins in March.
  constexpr int bits = 9;
  const auto joined = [](const MarchDates& date) HWY_ATTR { return hn::Or(hn::ShiftLeft<bits>(date.year), date.day); };
  return units_from<bits>(joined(MarchDates(from)), joined(MarchDates(to)));
}

/// Units, which lead out of the years 1 to 9999 from any date in them.
constexpr double farthest_move = 4e6;

/// Dates moved by a time, and where that leads out of the years 1 to 9999. Years begin in March: a 29th of February is
/// the last day of a long one, and what follows it in a short one is the first day of the next.
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
