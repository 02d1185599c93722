#include "reference/calendar.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace appraise::reference {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

year_month_day calendar(double date) { return year_month_day{sys_days{days{static_cast<int>(date)}}}; }

double days_of(const year_month_day& date) { return static_cast<double>(sys_days{date}.time_since_epoch().count()); }

unsigned last_day_of_month(const year_month_day& date) {
  return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

unsigned day(const year_month_day& date) { return static_cast<unsigned>(date.day()); }

/// The day of the month on which the earlier date is reached in the month of the later one.
unsigned day_reached(const year_month_day& earlier, const year_month_day& later, NoSuchDay no_such_day) {
  const unsigned last = last_day_of_month(later);
  const bool counts_as_last = no_such_day == NoSuchDay::last_day && day(earlier) > last && day(later) == last;
  return counts_as_last ? last : day(earlier);
}

int months_between(const year_month_day& from, const year_month_day& to, NoSuchDay no_such_day) {
  const int months = 12 * (static_cast<int>(to.year()) - static_cast<int>(from.year())) +
                     static_cast<int>(static_cast<unsigned>(to.month())) -
                     static_cast<int>(static_cast<unsigned>(from.month()));
  if (months > 0 && day(to) < day_reached(from, to, no_such_day)) return months - 1;
  if (months < 0 && day_reached(to, from, no_such_day) > day(from)) return months + 1;
  return months;
}

bool in_calendar(std::int64_t year) { return year >= 1 && year <= 9999; }

}  // namespace

std::optional<double> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const auto number = [&](std::size_t first, std::size_t count) {
    return std::stoi(std::string(text.substr(first, count)));
  };
  const year_month_day date{std::chrono::year{number(0, 4)}, std::chrono::month{static_cast<unsigned>(number(5, 2))},
                            std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok() || !in_calendar(number(0, 4))) return std::nullopt;
  return days_of(date);
}

std::string date_text(double date) {
  const year_month_day ymd = calendar(date);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                day(ymd));
  return text;
}

double time_between(double from, double to, TimeUnit unit, NoSuchDay no_such_day) {
  if (unit == TimeUnit::days) return to - from;
  const int months = months_between(calendar(from), calendar(to), no_such_day);
  return unit == TimeUnit::months ? months : months / 12;
}

std::optional<double> add_time(double date, double amount, TimeUnit unit, NoSuchDay no_such_day) {
  const auto whole = static_cast<std::int64_t>(amount);
  if (unit == TimeUnit::days) {
    const double sum = date + amount;
    const bool in_years = sum >= *parse_date("0001-01-01") && sum <= *parse_date("9999-12-31");
    return in_years ? std::optional(sum) : std::nullopt;
  }
  const year_month_day start = calendar(date);
  const std::int64_t months = static_cast<int>(start.year()) * 12LL + static_cast<unsigned>(start.month()) - 1 +
                              (unit == TimeUnit::years ? 12 * whole : whole);
  if (months < 12 || !in_calendar(months / 12)) return std::nullopt;
  const std::chrono::year_month month{std::chrono::year{static_cast<int>(months / 12)},
                                      std::chrono::month{static_cast<unsigned>(months % 12) + 1}};
  if ((month / start.day()).ok()) return days_of(month / start.day());
  const double last = days_of(year_month_day{month / std::chrono::last});
  return no_such_day == NoSuchDay::last_day ? last : last + 1;
}

}  // namespace appraise::reference
