/// Decimal rounding and reading of the reference scorer: exact expansions and arithmetic on digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "appraise/scale.hpp"

namespace appraise::reference {

/// The double nearest to the exact decimal value of `x`, rounded to that many digits after the point.
[[nodiscard]] double round_decimal(double x, int digits, RoundingMode mode);

/// The quotient of two whole numbers (over > 0), rounded to a whole number.
[[nodiscard]] std::int64_t round_quotient(std::int64_t of, std::int64_t over, RoundingMode mode);

/// The number that decimal text names.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

}  // namespace appraise::reference
