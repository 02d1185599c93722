/// The scratch of one scoring: the registers of a plan for a block of rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "appraise/detail/plan.hpp"

namespace appraise::detail {

/// Rows that are worked on at once: few enough for the caches, enough to share the cost of an operation.
inline constexpr int block_rows = 256;

/// Why an item's cell has the flags it has.
enum ItemFault : std::uint8_t { fault_missing = 1, fault_invalid = 2, fault_inapplicable = 4, fault_substituted = 8 };

/// Values and flags of every register for up to block_rows rows. A value that is not usable is 0.
class Block {
 public:
  explicit Block(const Plan& plan)
      : plan_(plan),
        slots_(std::make_unique<std::byte[]>(plan.registers.size() * block_rows * sizeof(double))),
        flags_(plan.registers.size() * block_rows),
        faults_(plan.items.size() * block_rows),
        given_points_(plan.items.size() * block_rows) {}

  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] int rows() const noexcept { return rows_; }
  void set_rows(int rows) noexcept { rows_ = rows; }

  [[nodiscard]] bool is_real(Register of) const noexcept { return plan_.registers[index(of)] == RegisterType::real; }
  [[nodiscard]] double* reals(Register of) noexcept { return reinterpret_cast<double*>(slot(of)); }
  [[nodiscard]] const double* reals(Register of) const noexcept { return reinterpret_cast<const double*>(slot(of)); }
  [[nodiscard]] std::int32_t* wholes(Register of) noexcept { return reinterpret_cast<std::int32_t*>(slot(of)); }
  [[nodiscard]] const std::int32_t* wholes(Register of) const noexcept {
    return reinterpret_cast<const std::int32_t*>(slot(of));
  }
  [[nodiscard]] std::uint8_t* flags(Register of) noexcept { return flags_.data() + index(of) * block_rows; }
  [[nodiscard]] const std::uint8_t* flags(Register of) const noexcept { return flags_.data() + index(of) * block_rows; }
  [[nodiscard]] std::uint8_t* faults(std::int32_t item) noexcept {
    return faults_.data() + static_cast<std::size_t>(item) * block_rows;
  }
  [[nodiscard]] const std::uint8_t* faults(std::int32_t item) const noexcept {
    return faults_.data() + static_cast<std::size_t>(item) * block_rows;
  }
  /// Points of the response as given, whether or not the item applies; NaN if there is none.
  [[nodiscard]] double* given_points(std::int32_t item) noexcept {
    return given_points_.data() + static_cast<std::size_t>(item) * block_rows;
  }
  [[nodiscard]] const double* given_points(std::int32_t item) const noexcept {
    return given_points_.data() + static_cast<std::size_t>(item) * block_rows;
  }
  /// Whether any register of the block has any flag.
  [[nodiscard]] bool any_flags() const noexcept {
    for (std::size_t i = 0; i < plan_.registers.size(); ++i) {
      const std::uint8_t* begin = flags_.data() + i * block_rows;
      if (std::any_of(begin, begin + rows_, [](std::uint8_t flags) { return flags != 0; })) return true;
    }
    return false;
  }
  /// The value as a double, whatever the register's type.
  [[nodiscard]] double number(Register of, int row) const noexcept {
    return is_real(of) ? reals(of)[row] : wholes(of)[row];
  }
  [[nodiscard]] bool usable(Register of, int row) const noexcept { return (flags(of)[row] & unusable_flags) == 0; }

  /// Lowest and highest possible values, allotted when first asked for.
  void want_bounds() {
    if (!lows_.empty()) return;
    lows_.resize(plan_.registers.size() * block_rows);
    highs_.resize(plan_.registers.size() * block_rows);
  }
  [[nodiscard]] double* lows(Register of) noexcept { return lows_.data() + index(of) * block_rows; }
  [[nodiscard]] const double* lows(Register of) const noexcept { return lows_.data() + index(of) * block_rows; }
  [[nodiscard]] double* highs(Register of) noexcept { return highs_.data() + index(of) * block_rows; }
  [[nodiscard]] const double* highs(Register of) const noexcept { return highs_.data() + index(of) * block_rows; }

 private:
  [[nodiscard]] std::byte* slot(Register of) const noexcept {
    return slots_.get() + index(of) * block_rows * sizeof(double);
  }
  [[nodiscard]] static std::size_t index(Register of) noexcept { return static_cast<std::size_t>(of); }

  const Plan& plan_;
  int rows_ = 0;
  std::unique_ptr<std::byte[]> slots_;  ///< a register holds doubles or int32, never both
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint8_t> faults_;
  std::vector<double> given_points_;
  std::vector<double> lows_, highs_;
};

}  // namespace appraise::detail
