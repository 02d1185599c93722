/// Arithmetic on ranges of possible values: [low, high], either end of which may be infinite.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace appraise::detail {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

struct Range {
  double low = -unbounded;
  double high = unbounded;

  friend bool operator==(const Range&, const Range&) = default;
};

[[nodiscard]] inline Range exactly(double x) noexcept { return {x, x}; }
[[nodiscard]] inline Range hull(Range a, Range b) noexcept {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

/// A sum or difference of infinities says nothing: the end is open.
[[nodiscard]] inline Range opened(double low, double high) noexcept {
  return {std::isnan(low) ? -unbounded : low, std::isnan(high) ? unbounded : high};
}

[[nodiscard]] inline Range add(Range a, Range b) noexcept { return opened(a.low + b.low, a.high + b.high); }
[[nodiscard]] inline Range subtract(Range a, Range b) noexcept { return opened(a.low - b.high, a.high - b.low); }

/// Nothing times anything is nothing, even where the other is unbounded.
[[nodiscard]] inline double times(double a, double b) noexcept {
  return a == 0 || b == 0 ? 0 * (std::isinf(a) ? 1 : a) * (std::isinf(b) ? 1 : b) : a * b;
}

[[nodiscard]] inline Range multiply(Range a, Range b) noexcept {
  const std::array<double, 4> corners{times(a.low, b.low), times(a.low, b.high), times(a.high, b.low),
                                      times(a.high, b.high)};
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end());
  return {*low, *high};
}

/// Unbounded where the divisor may be nothing.
[[nodiscard]] inline Range divide(Range a, Range b) noexcept {
  if (b.low <= 0 && b.high >= 0) return {};
  Range result{unbounded, -unbounded};
  for (const double x : {a.low, a.high}) {
    for (const double y : {b.low, b.high}) {
      const double quotient = x / y;
      if (std::isnan(quotient)) return {};
      result = hull(result, exactly(quotient));
    }
  }
  return result;
}

/// x^exponent by repeated multiplication, exponent 1 to 4.
[[nodiscard]] inline Range raise(Range a, int exponent) noexcept {
  const auto power = [exponent](double x) {
    double result = x;
    for (int i = 1; i < exponent; ++i) result *= x;
    return result;
  };
  const double low = power(a.low), high = power(a.high);
  if (exponent % 2 != 0) return {low, high};
  const Range ends{std::min(low, high), std::max(low, high)};
  return a.low < 0 && a.high > 0 ? Range{0, ends.high} : ends;
}

}  // namespace appraise::detail
