/// Decimal rounding of the exact value of a double.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include "appraise/scale.hpp"

namespace appraise::detail {

__extension__ using Wide = unsigned __int128;

/// Whether a rest of `rest / whole` of one unit rounds the magnitude `units` up.
[[nodiscard]] constexpr bool rounds_up(Wide units, Wide rest, Wide whole, bool negative, RoundingMode mode) noexcept {
  switch (mode) {
    case RoundingMode::half_up:
      return rest >= whole - rest;
    case RoundingMode::half_even:
      return rest > whole - rest || (rest == whole - rest && (units & 1) != 0);
    case RoundingMode::down:
      return false;
    case RoundingMode::floor:
      return negative && rest != 0;
    case RoundingMode::ceiling:
      return !negative && rest != 0;
  }
  return false;
}

[[nodiscard]] constexpr std::uint64_t power_of_ten(int digits) noexcept {
  std::uint64_t result = 1;
  for (int i = 0; i < digits; ++i) result *= 10;
  return result;
}

/// The double nearest to units / 10^digits.
[[nodiscard]] inline double from_decimal(Wide units, int digits) noexcept {
  constexpr Wide exact = Wide{1} << 53;
  if (units <= exact)
    return static_cast<double>(static_cast<std::uint64_t>(units)) / static_cast<double>(power_of_ten(digits));
  char text[64];
  char* end = text + sizeof text;
  char* begin = end;
  for (; units != 0; units /= 10) *--begin = static_cast<char>('0' + static_cast<int>(units % 10));
  const std::string number = std::string(begin, end) + "e-" + std::to_string(digits);
  double result = 0;
  std::from_chars(number.data(), number.data() + number.size(), result);
  return result;
}

/// `x` rounded to `digits` decimals (0 to 15): the double nearest to the rounded decimal. Ties are those of the exact
/// binary value.
[[nodiscard]] inline double round_decimal(double x, int digits, RoundingMode mode) noexcept {
  const double magnitude = std::fabs(x);
  if (!(magnitude < 0x1p52) || x == 0) return x;  // whole already, or not finite
  int exponent = 0;
  const double fraction = std::frexp(magnitude, &exponent);  // magnitude = fraction * 2^exponent
  const Wide scaled = Wide{static_cast<std::uint64_t>(std::ldexp(fraction, 53))} * power_of_ten(digits);
  const int shift = 53 - exponent;  // at least 1; magnitude * 10^digits = scaled / 2^shift
  const bool negative = x < 0;
  Wide units = 0;
  bool up = false;
  if (shift < 120) {
    units = scaled >> shift;
    up = rounds_up(units, scaled - (units << shift), Wide{1} << shift, negative, mode);
  } else {
    up = rounds_up(0, 1, 4, negative, mode);  // less than half of a unit, more than nothing
  }
  const double result = from_decimal(units + (up ? 1 : 0), digits);
  return negative ? -result : result;
}

/// numerator / denominator (> 0) rounded to a whole number.
[[nodiscard]] constexpr std::int64_t round_quotient(std::int64_t numerator, std::int64_t denominator,
                                                    RoundingMode mode) noexcept {
  const bool negative = numerator < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -numerator : numerator);
  const auto divisor = static_cast<std::uint64_t>(denominator);
  const std::uint64_t units = magnitude / divisor;
  const bool up = rounds_up(units, magnitude % divisor, divisor, negative, mode);
  const auto result = static_cast<std::int64_t>(units + (up ? 1 : 0));
  return negative ? -result : result;
}

}  // namespace appraise::detail
