/// Putting numbers in order: by counting where few of them differ, otherwise by radix sort of the bits of doubles,
/// least significant digit first.
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

/// Distinct numbers, numbered as they appear, as long as they are few. Whole scores and days of follow-up are: then
/// counting takes the place of sorting.
class FewNumbers {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  /// For so many rows.
  explicit FewNumbers(std::size_t rows);

  /// How many distinct numbers there may be; more are not few.
  [[nodiscard]] std::uint32_t most() const noexcept { return most_; }
  /// The place of `number` among `values()`; `none` if it is one too many. NaN has none.
  [[nodiscard]] std::uint32_t place(double number) {
    const std::uint64_t key = key_of(number);
    std::size_t slot = (key * 0x9e3779b97f4a7c15u) >> shift_;
    while (slots_[slot].place != none && slots_[slot].key != key) slot = (slot + 1) & (slots_.size() - 1);
    return slots_[slot].place != none ? slots_[slot].place : enter(slot, key, number);
  }

  /// By first appearance.
  [[nodiscard]] const std::vector<double>& values() const noexcept { return values_; }
  /// Of each value, its rank among them.
  [[nodiscard]] std::vector<std::uint32_t> ranks() const;

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t place = none;
  };

  std::uint32_t enter(std::size_t slot, std::uint64_t key, double number);

  std::uint32_t most_;
  int shift_;
  std::vector<Slot> slots_;
  std::vector<double> values_;
};

/// Cost: O(n); a digit that all keys share is passed over
void sort_keys(std::vector<std::uint64_t>& keys);

/// Ranks 0 ... count - 1 of the distinct numbers.
struct Ranks {
  std::vector<std::uint32_t> rank;
  std::uint32_t count = 0;
};
[[nodiscard]] Ranks ranks_of(std::span<const double> numbers);

/// Rows in ascending order of `numbers`, rows of equal numbers in their own order.
///
/// Errors: UsageError for more than 2^32 - 1 rows
[[nodiscard]] std::vector<std::uint32_t> order_of(std::span<const double> numbers);
[[nodiscard]] std::vector<std::uint32_t> order_of(const Ranks& ranks);

}  // namespace appraise::statistics::detail
