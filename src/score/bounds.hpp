/// Lowest and highest possible values of the rows in which something is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "appraise/detail/range.hpp"
#include "score/block.hpp"
#include "score/bounding_steps.hpp"

namespace appraise::detail {

/// Rows that ranges are worked out for at a time, at most.
inline constexpr int most_bounded_rows = 640;

/// What stands for a value that is not given; no register holds it. Of real numbers it is NaN.
template <class Value>
inline constexpr Value not_given = std::numeric_limits<Value>::has_quiet_NaN ? std::numeric_limits<Value>::quiet_NaN()
                                                                             : std::numeric_limits<Value>::min();

/// Rows picked out of a block, in order.
struct PickedRows {
  static constexpr int group_rows = 16;
  explicit PickedRows(int rows_of_a_block);

  int count = 0;
  std::vector<std::uint8_t> marks;   ///< 1, of each row of the block; else 0
  std::vector<std::int32_t> rows;    ///< their numbers in the block
  std::vector<std::int32_t> begins;  ///< of each group of the block's rows, and behind the last: how many lie before it
  std::vector<std::uint8_t> orders;  ///< of each: where in the group its first, second ... lie
};

/// Which end of a range.
enum class End : std::uint8_t { lowest, highest };

/// Lowest and highest values of registers in up to so many rows: all doubles, then all bytes.
class EndsMemory {
 public:
  EndsMemory(const BoundingSteps& steps, int rows);
  /// Bytes of a row.
  static std::size_t bytes_of(const BoundingSteps& steps) noexcept;

  template <class Value>
  [[nodiscard]] Value* at(const EndsPlace& place, End end) const noexcept {
    const auto number = static_cast<std::size_t>(2 * place.number + static_cast<int>(end));
    return reinterpret_cast<Value*>(bytes_.get() + (sizeof(Value) == 1 ? first_byte_ : 0) +
                                    number * rows_ * sizeof(Value));
  }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept;
  };

  std::size_t rows_, first_byte_;
  std::unique_ptr<std::byte, Free> bytes_;
};

/// Ranges of the registers that reported values are worked out from, in rows of blocks. In a row in which none of these
/// registers has a flag, every value is its own lowest and highest; all others wait until there are many, and steps run
/// for those together. What is reported is held back so long, of a stretch of rows that follow one another.
class BoundedRows {
 public:
  using Places = BoundingSteps::Places;
  explicit BoundedRows(const Layout& layout, Places places = Places::shared);
  BoundedRows(const BoundedRows&) = delete;
  BoundedRows& operator=(const BoundedRows&) = delete;

  /// Finds the rows of a block that have to wait; false where every value of the block is its own lowest and highest.
  [[nodiscard]] bool find(const Block& block);
  /// Adds rows of that block to the stretch, from one on: gives the first that there is no room for, or their number.
  [[nodiscard]] int add(const Block& block, int from);
  /// Whether the stretch is as long as it should be.
  [[nodiscard]] bool is_full() const noexcept;
  /// Rows of the stretch.
  [[nodiscard]] int rows() const noexcept { return stretch_.rows(); }
  /// Works out the ranges of the rows that wait.
  void finish();
  /// Reported values and levels of the stretch, when it is finished: the lowest, then the highest, with the flags that
  /// say whether there is one. An end that is open is marked as invalid.
  [[nodiscard]] const Block& report(End end);
  /// Begins another stretch.
  void clear() noexcept;

  /// Works out the ranges of the rows of a block.
  void bound(const Block& block);
  /// Range of a register that is read, of one of the rows that wait; where registers share places, only of reported
  /// ones.
  [[nodiscard]] Range range(Register of, int at) const noexcept;
  /// Whether the range of a register is worked out.
  [[nodiscard]] bool read(Register of) const noexcept { return place(of).number >= 0; }

  // What kernels work on: the rows that wait, numbered from 0, and some that pad them to whole vectors.
  [[nodiscard]] int count() const noexcept { return count_; }
  [[nodiscard]] const Plan& plan() const noexcept { return waiting_.plan(); }
  [[nodiscard]] bool are_bytes(Register of) const noexcept { return place(of).bytes; }
  template <class Value>
  [[nodiscard]] Value* ends(Register of, End end) const noexcept {
    return ends_.at<Value>(place(of), end);
  }
  /// Answers, or not_given where they have flags; and flags.
  [[nodiscard]] const Block& given() const noexcept { return waiting_; }

 private:
  [[nodiscard]] const EndsPlace& place(Register of) const noexcept {
    return steps_.places[static_cast<std::size_t>(of)];
  }
  /// Adds the values of some rows of a block to the stretch.
  void keep(const Block& block, int from, int to);
  void run_steps();

  BoundingSteps steps_;
  int most_;
  Layout waiting_layout_, stretch_layout_;
  Block waiting_, stretch_;
  EndsMemory ends_;
  PickedRows picked_;
  std::vector<std::int32_t> stretch_rows_;  ///< the row of the stretch that each row waits for
  int count_ = 0;                           ///< rows that wait
};

}  // namespace appraise::detail
