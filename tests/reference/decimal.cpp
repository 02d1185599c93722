#include "reference/decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace appraise::reference {
namespace {

/// Whether the size of a number is to go up to the next step, from what lies beyond the digits that are kept.
/// `beyond` compares the rest with one half: -1, 0, 1; it is not zero as a whole.
bool away_from_zero(RoundingMode mode, bool negative, bool last_kept_is_odd, int beyond) {
  switch (mode) {
    case RoundingMode::half_up:
      return beyond >= 0;
    case RoundingMode::half_even:
      return beyond > 0 || (beyond == 0 && last_kept_is_odd);
    case RoundingMode::down:
      return false;
    case RoundingMode::floor:
      return negative;
    case RoundingMode::ceiling:
      return !negative;
  }
  return false;
}

bool all_zeros(std::string_view digits) { return digits.find_first_not_of('0') == std::string_view::npos; }

int against_half(std::string_view rest) {
  if (rest[0] != '5') return rest[0] < '5' ? -1 : 1;
  return all_zeros(rest.substr(1)) ? 0 : 1;
}

void add_one(std::string& digits) {
  std::size_t i = digits.size();
  while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
  if (i == 0)
    digits.insert(digits.begin(), '1');
  else
    ++digits[i - 1];
}

double nearest_double(std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); }

}  // namespace

double round_decimal(double x, int digits, RoundingMode mode) {
  if (!std::isfinite(x)) return x;
  std::array<char, 1500> buffer{};  // 309 digits before the point and the 1074 after it that a double can have
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(x), std::chars_format::fixed, 1074);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t point = text.find('.');
  const auto kept_after = static_cast<std::size_t>(digits);
  std::string kept = std::string(text.substr(0, point)) + std::string(text.substr(point + 1, kept_after));
  const std::string_view rest = text.substr(point + 1 + kept_after);
  const bool odd = (kept.back() - '0') % 2 == 1;
  if (!all_zeros(rest) && away_from_zero(mode, x < 0, odd, against_half(rest))) add_one(kept);
  if (all_zeros(kept)) return 0;
  kept.insert(kept.size() - kept_after, ".");
  return x < 0 ? -nearest_double(kept) : nearest_double(kept);
}

std::int64_t round_quotient(std::int64_t of, std::int64_t over, RoundingMode mode) {
  const std::int64_t size = of < 0 ? -of : of;
  const std::int64_t kept = size / over;
  const std::int64_t twice_rest = 2 * (size % over);
  const int beyond = twice_rest < over ? -1 : twice_rest == over ? 0 : 1;
  const bool up = twice_rest != 0 && away_from_zero(mode, of < 0, kept % 2 == 1, beyond);
  const std::int64_t rounded = kept + (up ? 1 : 0);
  return of < 0 ? -rounded : rounded;
}

std::optional<double> parse_decimal(std::string_view text) {
  std::size_t i = 0;
  const auto take = [&](std::string_view any_of) {
    const bool found = i < text.size() && any_of.find(text[i]) != std::string_view::npos;
    i += found ? 1 : 0;
    return found;
  };
  const auto take_digits = [&] {
    const std::size_t first = i;
    while (take("0123456789")) continue;
    return i - first;
  };
  take("-");
  std::size_t digits = take_digits();
  if (take(".")) digits += take_digits();
  if (digits == 0) return std::nullopt;
  if (take("eE")) {
    take("+-");
    if (take_digits() == 0) return std::nullopt;
  }
  return i == text.size() ? std::optional(nearest_double(text)) : std::nullopt;
}

}  // namespace appraise::reference
