/// Numbers of 64 bits before and 192 bits after the point, two's complement. Only the operations that exp, log and
/// their tables need; all of them can run while compiling.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace appraise::detail {

__extension__ using Wide = unsigned __int128;

/// 2^exponent; exponent in [-1022, 1023].
[[nodiscard]] constexpr double power_of_two(int exponent) noexcept {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

struct Fixed {
  static constexpr int places = 192;

  /// The lowest first. A plain array: that of the standard library costs a compiler several times the steps.
  std::uint64_t limbs[4] = {};

  [[nodiscard]] constexpr bool negative() const noexcept { return limbs[3] >> 63 != 0; }
  [[nodiscard]] constexpr bool zero() const noexcept { return *this == Fixed{}; }

  friend constexpr bool operator==(const Fixed&, const Fixed&) noexcept = default;

  friend constexpr Fixed operator+(Fixed a, const Fixed& b) noexcept {
    Wide carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += Wide{a.limbs[i]} + b.limbs[i];
      a.limbs[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return a;
  }

  friend constexpr Fixed operator-(const Fixed& a, Fixed b) noexcept {
    for (std::uint64_t& limb : b.limbs) limb = ~limb;
    return a + b + Fixed{{1}};
  }

  /// Of numbers that are not negative; below the exact product by less than four units of the last place.
  friend constexpr Fixed operator*(const Fixed& a, const Fixed& b) noexcept {
    std::uint64_t product[8] = {};
    for (std::size_t i = 0; i < 4; ++i) {
      Wide carry = 0;
      for (std::size_t j = 0; j < 4; ++j) {
        carry += Wide{a.limbs[i]} * b.limbs[j] + product[i + j];
        product[i + j] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
      }
      product[i + 4] = static_cast<std::uint64_t>(carry);
    }
    return {{product[3], product[4], product[5], product[6]}};
  }

  friend constexpr Fixed operator*(const Fixed& a, std::uint64_t b) noexcept { return a * Fixed{{0, 0, 0, b}}; }

  /// Of a number that is not negative; below the exact quotient by less than a unit of the last place.
  friend constexpr Fixed operator/(Fixed a, std::uint64_t b) noexcept {
    Wide rest = 0;
    for (std::size_t i = 4; i-- > 0;) {
      rest = rest << 64 | a.limbs[i];
      a.limbs[i] = static_cast<std::uint64_t>(rest / b);
      rest %= b;
    }
    return a;
  }

  /// The 64 bits from `place` up, which counts from the lowest bit.
  [[nodiscard]] constexpr std::uint64_t bits_from(int place) const noexcept {
    const auto limb = static_cast<std::size_t>(place / 64);
    const int shift = place % 64;
    const std::uint64_t above = limb < 3 && shift > 0 ? limbs[limb + 1] << (64 - shift) : 0;
    return limbs[limb] >> shift | above;
  }
};

/// 2^(place - places).
[[nodiscard]] constexpr Fixed unit_at(int place) noexcept {
  Fixed unit;
  unit.limbs[static_cast<std::size_t>(place / 64)] = std::uint64_t{1} << (place % 64);
  return unit;
}

inline constexpr Fixed fixed_one = unit_at(Fixed::places);

/// A number below 2^62 in size; what lies below the last place is dropped.
[[nodiscard]] constexpr Fixed fixed(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff);
  const std::uint64_t fraction = bits & 0xfffffffffffff;
  const std::uint64_t whole = exponent == 0 ? fraction : fraction | std::uint64_t{1} << 52;
  const int place = std::max(exponent, 1) - 1075 + Fixed::places;
  Fixed size;
  if (place < 0) {
    size.limbs[0] = whole >> std::min(-place, 63);
  } else {
    const auto limb = static_cast<std::size_t>(place / 64);
    size.limbs[limb] = whole << place % 64;
    if (place % 64 > 0 && limb < 3) size.limbs[limb + 1] = whole >> (64 - place % 64);
  }
  return bits >> 63 != 0 ? Fixed{} - size : size;
}

/// x * 2^exponent to the nearest double, infinite if too large; x > 0 and not halfway between two doubles.
[[nodiscard]] constexpr double nearest(const Fixed& x, int exponent) noexcept {
  int top = 255;
  while (x.limbs[static_cast<std::size_t>(top / 64)] >> top % 64 == 0) --top;
  // The lowest place that the double has: 52 below the top, or that of the smallest subnormal number.
  const int unit = exponent - Fixed::places;
  const int lowest = std::max({top - 52, -1074 - unit, 0});
  const Fixed rounded = lowest == 0 ? x : x + unit_at(lowest - 1);
  const auto whole = static_cast<double>(rounded.bits_from(lowest));
  const int scale = lowest + unit;
  return whole * power_of_two(scale / 2) * power_of_two(scale - scale / 2);
}

}  // namespace appraise::detail
