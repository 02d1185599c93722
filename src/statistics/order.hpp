/// Putting numbers in order: radix sort of the bits of doubles, least significant digit first.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace appraise::statistics::detail {

/// A whole number that is ordered as `number` is. Zero has one key, whatever its sign. NaN has no place.
[[nodiscard]] inline std::uint64_t key_of(double number) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(number + 0.0);
  return bits >> 63 ? ~bits : bits | (std::uint64_t{1} << 63);
}

[[nodiscard]] inline double number_of(std::uint64_t key) noexcept {
  return std::bit_cast<double>(key >> 63 ? key & ~(std::uint64_t{1} << 63) : ~key);
}

/// Cost: O(n); a digit that all keys share is passed over
void sort_keys(std::vector<std::uint64_t>& keys);

/// Rows in ascending order of `numbers`, rows of equal numbers in their own order.
///
/// Errors: UsageError for more than 2^32 - 1 rows
[[nodiscard]] std::vector<std::uint32_t> order_of(std::span<const double> numbers);

/// Ranks 0 ... count - 1 of the distinct numbers.
struct Ranks {
  std::vector<std::uint32_t> rank;
  std::uint32_t count = 0;
};
[[nodiscard]] Ranks ranks_of(std::span<const double> numbers);

}  // namespace appraise::statistics::detail
