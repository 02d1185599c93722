/// Calendar arithmetic of the reference scorer, on std::chrono. Dates are days since 1970-01-01.
#pragma once

#include <optional>
#include <string_view>

#include "appraise/scale.hpp"

namespace appraise::reference {

/// The date that "YYYY-MM-DD" names, in the years 1 to 9999.
[[nodiscard]] std::optional<double> parse_date(std::string_view text);

[[nodiscard]] std::string date_text(double days);

/// Whole units completed from one date to another, negative if `to` is earlier.
[[nodiscard]] double time_between(double from, double to, TimeUnit unit, NoSuchDay no_such_day);

/// The date that many units later, if it lies in the years 1 to 9999.
[[nodiscard]] std::optional<double> add_time(double date, double amount, TimeUnit unit, NoSuchDay no_such_day);

}  // namespace appraise::reference
