// Times between dates, and dates moved by times.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_time.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>

#include "appraise/detail/calendar.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Months since the year 0 and day of the month. Days are those of the years 1 to 9999.
void civil_dates(const std::int32_t* days, int n, std::int32_t* months, std::int32_t* day_of_month) {
  for (int i = 0; i < n; ++i) {
    // Counted from 0000-03-01, in eras of 400 years (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    const auto since = static_cast<std::uint32_t>(days[i] + 719468);
    const std::uint32_t era = since / 146097, day = since - era * 146097;
    const std::uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const std::uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
    const std::uint32_t month = (5 * day_of_year + 2) / 153;  // 0: March
    day_of_month[i] = static_cast<std::int32_t>(day_of_year - (153 * month + 2) / 5 + 1);
    months[i] = static_cast<std::int32_t>(12 * (year + era * 400) + month + 2);
  }
}

void months_between(const std::int32_t* from, const std::int32_t* to, int n, std::int32_t* out) {
  std::array<std::int32_t, largest_block> from_months, from_day, to_months, to_day;
  civil_dates(from, n, from_months.data(), from_day.data());
  civil_dates(to, n, to_months.data(), to_day.data());
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int32_t months = to_months[at] - from_months[at], days = to_day[at] - from_day[at];
    out[i] = months - ((months > 0) & (days < 0)) + ((months < 0) & (days > 0));
  }
}

void run(Block& block, const MeasureTime& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.from, op.to}, flags);
  const auto* from = block.values<std::int32_t>(op.from);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  if (op.in == TimeUnit::days) {
    for (int row = 0; row < rows; ++row) out[row] = to[row] - from[row];
  } else if (op.no_such_day == NoSuchDay::last_day) {
    for (int row = 0; row < rows; ++row) out[row] = time_between(from[row], to[row], op.in, op.no_such_day);
  } else {
    months_between(from, to, rows, out);
    if (op.in == TimeUnit::years) {
      for (int row = 0; row < rows; ++row) out[row] /= 12;
    }
  }
  clear_unusable(block, flags, out);
}

/// Days of the date `day` of a month, counted as civil_dates counts them; a day that the month does not have is the
/// last, or the day after it.
void move_dates(std::int32_t* months, const std::int32_t* day_of_month, bool next_day, int n, std::int32_t* days) {
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const auto month = static_cast<std::uint32_t>(months[i]);  // of the years 1 to 9999
    const auto day = static_cast<std::uint32_t>(day_of_month[i]);
    const std::uint32_t year = month / 12, of_year = month - 12 * year;  // 0: January
    const bool leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0));
    const std::uint32_t february = leap ? 29 : 28;
    const std::uint32_t other = 30 + (((of_year + 1) ^ ((of_year + 1) >> 3)) & 1);
    const std::uint32_t last = of_year == 1 ? february : other;
    const std::uint32_t kept = day < last ? day : last, after = (next_day & (day > last)) ? 1 : 0;
    // From March, in eras of 400 years, as in civil_dates.
    const std::uint32_t before_march = of_year < 2 ? 1 : 0, from_march = of_year + 12 * before_march - 2;
    const std::uint32_t years = year - before_march, era = years / 400, of_era = years - 400 * era;
    const std::uint32_t day_of_year = (153 * from_march + 2) / 5 + kept - 1;
    const std::uint32_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    days[i] = static_cast<std::int32_t>(era * 146097 + day_of_era + after) - 719468;
  }
}

void run(Block& block, const MoveTime& op) {
  constexpr double farthest = 4e6;  // units, which lead out of the years 1 to 9999 from any date in them
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.to, op.amount}, flags);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  Reals copy;
  const double* amounts = reals(block, op.amount, copy);
  std::array<std::int32_t, largest_block> months, day;
  civil_dates(to, rows, months.data(), day.data());
  const std::int32_t months_in_unit = op.in == TimeUnit::years ? 12 : 1;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double amount = amounts[row], near = amount < farthest ? amount : farthest;
    out[row] = static_cast<std::int32_t>(near > -farthest ? near : -farthest);
  }
  if (op.in == TimeUnit::days) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] += to[row];
  } else {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::int32_t moved = months[static_cast<std::size_t>(row)] + out[row] * months_in_unit;
      const std::uint8_t own = flags[row];
      const bool outside = (moved < 12) | (moved >= 12 * 10000);
      months[static_cast<std::size_t>(row)] = outside ? 12 : moved;
      flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & outside, flag_invalid));
    }
    move_dates(months.data(), day.data(), op.no_such_day == NoSuchDay::next_day, rows, out);
  }
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::int32_t moved = out[row];
    const std::uint8_t own = flags[row];
    const bool outside = (moved < first_day) | (moved > last_day_of_years);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & outside, flag_invalid));
  }
  clear_unusable(block, flags, out);
}

}  // namespace

void RunTime(Block& block, const PlannedOperation& operation) {
  std::visit(
      [&](const auto& op) {
        if constexpr (is_time<std::decay_t<decltype(op)>>) run(block, op);
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunTime);

void run_time(Block& block, const PlannedOperation& operation) { HWY_DYNAMIC_DISPATCH(RunTime)(block, operation); }

}  // namespace appraise::detail
#endif
