/// Sets of whole numbers: the scores that can be reached.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace appraise::detail {

/// Work that may still be done. A definition is untrusted, so proofs have a fixed amount of it.
struct Budget {
  std::uint64_t left = 0;

  [[nodiscard]] bool spend(std::uint64_t work) noexcept {
    if (work > left) {
      left = 0;
      return false;
    }
    left -= work;
    return true;
  }
};

/// A set of whole numbers that is not empty, one bit for each number from the lowest to the highest.
class WholeSet {
 public:
  /// Widest set that is held.
  static constexpr std::int64_t most_values = 1 << 18;
  /// Largest magnitude of a member, so that nothing made of members overflows.
  static constexpr double largest = 0x1p40;

  /// Nothing if there are no members, they lie too far apart, or the budget is spent.
  [[nodiscard]] static std::optional<WholeSet> of(const std::vector<std::int64_t>& members, Budget& budget);
  [[nodiscard]] static std::optional<WholeSet> between(std::int64_t lowest, std::int64_t highest, Budget& budget);
  /// All sums of a member of each.
  [[nodiscard]] static std::optional<WholeSet> sum(const WholeSet& a, const WholeSet& b, Budget& budget);
  [[nodiscard]] static std::optional<WholeSet> united(const WholeSet& a, const WholeSet& b, Budget& budget);

  [[nodiscard]] std::int64_t lowest() const noexcept { return lowest_; }
  [[nodiscard]] std::int64_t highest() const noexcept { return highest_; }
  [[nodiscard]] bool holds(std::int64_t x) const noexcept;
  /// The least member that is not below `x`.
  [[nodiscard]] std::optional<std::int64_t> next(std::int64_t x) const noexcept;
  [[nodiscard]] std::vector<std::int64_t> members() const;

  friend bool operator==(const WholeSet&, const WholeSet&) = default;

 private:
  WholeSet(std::int64_t lowest, std::int64_t highest);
  [[nodiscard]] static std::optional<WholeSet> room(std::int64_t lowest, std::int64_t highest, Budget& budget);
  void insert(std::int64_t x) noexcept;
  void insert_shifted(const WholeSet& other, std::int64_t by) noexcept;
  [[nodiscard]] std::size_t count() const noexcept;

  std::int64_t lowest_;
  std::int64_t highest_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace appraise::detail
