// Times between dates, and dates moved by times.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_time.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>

#include "appraise/detail/calendar.hpp"
#include "score/rows.hpp"
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

/// Rows in use, padded to whole vectors of dates.
int padded(const Block& block) {
  constexpr int lanes = HWY_MAX_BYTES / sizeof(std::int32_t);
  return (block.rows() + lanes - 1) / lanes * lanes;
}

/// Values that are not usable become 0.
void clear_unusable(const Block& block, const std::uint8_t* flags, std::int32_t* values) {
  const WholeTag d;
  each_vector(
      block,
      [&](int row) HWY_ATTR {
        const auto none = any_bits(d, flags + row, unusable_flags);
        hn::StoreU(hn::IfThenZeroElse(none, hn::LoadU(d, values + row)), d, values + row);
      },
      d);
}

void run(Block& block, const MeasureTime& op) {
  const int rows = padded(block);
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.from, op.to}, flags);
  const auto* from = block.values<std::int32_t>(op.from);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  if (op.in == TimeUnit::days) {
    for (int row = 0; row < rows; ++row) out[row] = to[row] - from[row];
  } else if (op.no_such_day == NoSuchDay::last_day) {
    for (int row = 0; row < block.rows(); ++row) out[row] = time_between(from[row], to[row], op.in, op.no_such_day);
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
  const int rows = padded(block);
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.to, op.amount}, flags);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  const Numbers amounts(block, op.amount);
  each_vector(block, [&](int row) HWY_ATTR {
    const RealTag reals;
    const hn::Rebind<std::int32_t, RealTag> words;
    const Real near = hn::Min(hn::Max(amounts.at(row), hn::Set(reals, -farthest)), hn::Set(reals, farthest));
    hn::StoreU(hn::DemoteTo(words, near), words, out + row);
  });
  const auto mark_outside = [&](const std::int32_t* x, std::int32_t least, std::int32_t most) HWY_ATTR {
    bool any = false;
    for (int row = 0; row < block.rows(); ++row) any |= (x[row] < least) | (x[row] > most);
    for (int row = 0; any && row < block.rows(); ++row) {
      const bool outside = (x[row] < least) | (x[row] > most);
      flags[row] = static_cast<std::uint8_t>(flags[row] | (outside && !unusable(flags[row]) ? flag_invalid : 0));
    }
    return any;
  };
  if (op.in == TimeUnit::days) {
    for (int row = 0; row < rows; ++row) out[row] += to[row];
  } else {
    constexpr std::int32_t first_month = 12, last_month = 12 * 10000 - 1;
    std::array<std::int32_t, largest_block> months, day;
    civil_dates(to, rows, months.data(), day.data());
    const std::int32_t months_in_unit = op.in == TimeUnit::years ? 12 : 1;
    for (int row = 0; row < rows; ++row) months[static_cast<std::size_t>(row)] += out[row] * months_in_unit;
    if (mark_outside(months.data(), first_month, last_month)) {
      for (int row = 0; row < rows; ++row) {
        const std::int32_t month = months[static_cast<std::size_t>(row)];
        months[static_cast<std::size_t>(row)] = (month < first_month) | (month > last_month) ? first_month : month;
      }
    }
    move_dates(months.data(), day.data(), op.no_such_day == NoSuchDay::next_day, rows, out);
  }
  mark_outside(out, first_day, last_day_of_years);
  clear_unusable(block, flags, out);
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
