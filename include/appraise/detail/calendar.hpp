/// Calendar arithmetic on days since 1970-01-01 (proleptic Gregorian).
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "appraise/scale.hpp"

namespace appraise::detail {

using Days = std::int32_t;

/// Days of 0001-01-01 and 9999-12-31.
inline constexpr Days first_day = -719162;
inline constexpr Days last_day_of_years = 2932896;

[[nodiscard]] inline std::chrono::year_month_day civil(Days days) noexcept {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{days}}};
}

[[nodiscard]] inline Days days_of(std::chrono::year_month_day date) noexcept {
  return static_cast<Days>(std::chrono::sys_days{date}.time_since_epoch().count());
}

[[nodiscard]] inline unsigned last_of_month(std::chrono::year_month_day date) noexcept {
  return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

/// Whole months from `from` to `to`, negative if `to` is earlier.
[[nodiscard]] inline std::int32_t months_between(Days from, Days to, NoSuchDay rule) noexcept {
  const auto x = civil(from), y = civil(to);
  auto months =
      12 * (static_cast<int>(y.year()) - static_cast<int>(x.year())) +
      (static_cast<int>(static_cast<unsigned>(y.month())) - static_cast<int>(static_cast<unsigned>(x.month())));
  int days = static_cast<int>(static_cast<unsigned>(y.day())) - static_cast<int>(static_cast<unsigned>(x.day()));
  if (rule == NoSuchDay::last_day) {
    const auto earlier = from <= to ? x : y, later = from <= to ? y : x;
    const unsigned last = last_of_month(later);
    if (static_cast<unsigned>(later.day()) == last && static_cast<unsigned>(earlier.day()) > last) days = 0;
  }
  if (months > 0 && days < 0) --months;
  if (months < 0 && days > 0) ++months;
  return months;
}

/// Whole units of time from `from` to `to`.
[[nodiscard]] inline std::int32_t time_between(Days from, Days to, TimeUnit unit, NoSuchDay rule) noexcept {
  switch (unit) {
    case TimeUnit::days:
      return to - from;
    case TimeUnit::months:
      return months_between(from, to, rule);
    case TimeUnit::years:
      return months_between(from, to, rule) / 12;
  }
  return 0;
}

/// `date` moved by whole units of time; nothing outside the years 1 to 9999.
[[nodiscard]] inline std::optional<Days> add_time(Days date, std::int64_t amount, TimeUnit unit,
                                                  NoSuchDay rule) noexcept {
  std::int64_t days = 0;
  if (unit == TimeUnit::days) {
    days = date + amount;
  } else {
    const auto start = civil(date);
    const std::int64_t months = std::int64_t{12} * static_cast<int>(start.year()) +
                                static_cast<unsigned>(start.month()) - 1 + amount * (unit == TimeUnit::years ? 12 : 1);
    if (months < 12 || months >= 12 * 10000) return std::nullopt;
    const std::chrono::year year{static_cast<int>(months / 12)};
    const std::chrono::month month{static_cast<unsigned>(months % 12) + 1};
    const std::chrono::year_month_day end{std::chrono::sys_days{year / month / std::chrono::last}};
    if (start.day() <= end.day()) {
      days = days_of(year / month / start.day());
    } else {
      days = days_of(end) + (rule == NoSuchDay::next_day ? 1 : 0);
    }
  }
  if (days < first_day || days > last_day_of_years) return std::nullopt;
  return static_cast<Days>(days);
}

/// Days of an ISO date "YYYY-MM-DD", years 0001 to 9999; nothing if it is not one.
[[nodiscard]] inline std::optional<Days> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0};
  constexpr int begins[3] = {0, 5, 8}, lengths[3] = {4, 2, 2};
  for (int part = 0; part < 3; ++part) {
    for (int i = 0; i < lengths[part]; ++i) {
      const char c = text[static_cast<std::size_t>(begins[part] + i)];
      if (c < '0' || c > '9') return std::nullopt;
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                         std::chrono::month{static_cast<unsigned>(parts[1])},
                                         std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (parts[0] < 1 || !date.ok()) return std::nullopt;
  return days_of(date);
}

/// "YYYY-MM-DD"
[[nodiscard]] inline std::string format_date(Days days) {
  const auto date = civil(days);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace appraise::detail
