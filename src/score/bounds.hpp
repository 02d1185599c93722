/// Lowest and highest possible values of the rows in which something is missing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "appraise/detail/range.hpp"
#include "score/block.hpp"
#include "score/bounding_steps.hpp"

namespace appraise::detail {

/// Rows that ranges are worked out for at a time, at most.
inline constexpr int most_bounded_rows = 512;

/// Some of the rows in hand.
struct FlaggedRows {
  bool known = false;  ///< found for these rows in hand before
  int count = 0;
  std::array<std::uint8_t, most_bounded_rows> are = {};               ///< 1, of each row in hand; else 0
  std::array<std::int32_t, most_bounded_rows + lane_rows> rows = {};  ///< numbers from 0
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

/// Ranges of the registers that reported values are worked out from, for rows of a block. In a row in which none of
/// these registers has a flag, every value is its own lowest and highest.
class BoundedRows {
 public:
  using Places = BoundingSteps::Places;
  explicit BoundedRows(const Layout& layout, Places places = Places::shared);
  BoundedRows(const BoundedRows&) = delete;
  BoundedRows& operator=(const BoundedRows&) = delete;

  /// Finds the rows of a block in which something reported may differ from its lowest or highest value; false: none.
  /// Reads what is reported, and the registers that are watched.
  [[nodiscard]] bool find_rows(const Block& block);
  /// Whether run() reads the values of all registers whose ranges it works out: it begins with them where all rows of
  /// the block are in hand, and else with those of items.
  [[nodiscard]] bool reads_values() const noexcept { return all_; }
  /// Works out the lowest and highest values of the rows found.
  void run(const Block& block);
  /// Reported values and levels, after run(): the lowest, or highest, with the flags that say whether there is
  /// one. An end that is open is marked as invalid.
  [[nodiscard]] const Block& lowest() const noexcept { return lowest_; }
  [[nodiscard]] const Block& highest() const noexcept { return highest_; }

  /// Rows that ranges are worked out for at a time.
  [[nodiscard]] int most() const noexcept { return most_; }
  /// Works out the ranges of rows that follow one another, up to most().
  void bound(const Block& block, int first, int count);
  /// Range of a register that is read, of one of these rows; where registers share places, only of reported ones.
  [[nodiscard]] Range range(Register of, int at) const noexcept;
  /// Whether the range of a register is worked out.
  [[nodiscard]] bool read(Register of) const noexcept { return place(of).number >= 0; }

  // What kernels work on: rows in hand, numbered from 0, and some that pad them to whole vectors.
  [[nodiscard]] int count() const noexcept { return count_; }
  [[nodiscard]] int first() const noexcept { return first_; }
  [[nodiscard]] const Block& block() const noexcept { return *block_; }
  [[nodiscard]] bool are_bytes(Register of) const noexcept { return place(of).bytes; }
  template <class Value>
  [[nodiscard]] Value* ends(Register of, End end) noexcept {
    return in_hand_->at<Value>(place(of), end);
  }
  template <class Value>
  [[nodiscard]] const Value* ends(Register of, End end) const noexcept {
    return in_hand_->at<const Value>(place(of), end);
  }
  template <class Value>
  [[nodiscard]] Value* ends_of_all(Register of, End end) noexcept {
    return ends_.at<Value>(place(of), end);
  }
  template <class Value>
  [[nodiscard]] Value* ends_of_some(Register of, End end) noexcept {
    return ends_of_some_.at<Value>(place(of), end);
  }
  /// The flags of a register in the rows in hand; the next call may overwrite them.
  [[nodiscard]] const std::uint8_t* flags(Register of) noexcept {
    const std::uint8_t* all = block_->flags(of) + first_;
    if (rows_ == nullptr) return all;
    const std::int32_t* rows = rows_;  // what is written could lie in this object, as far as a compiler knows
    std::uint8_t* gathered = gathered_flags_.data();
    for (int i = 0, count = count_; i < count; ++i) gathered[i] = all[rows[i]];
    return gathered;
  }
  /// Its values too.
  template <class Value>
  struct Given {
    const Value* values;
    const std::uint8_t* flags;
  };
  template <class Value>
  [[nodiscard]] Given<Value> given(Register of) noexcept {
    const Value* x = block_->values<Value>(of) + first_;
    const std::uint8_t* flags = block_->flags(of) + first_;
    if (rows_ == nullptr) return {x, flags};
    const std::int32_t* rows = rows_;
    auto* values = reinterpret_cast<Value*>(gathered_.data());
    std::uint8_t* gathered_flags = gathered_flags_.data();
    for (int i = 0, count = count_; i < count; ++i) {
      values[i] = x[rows[i]];
      gathered_flags[i] = flags[rows[i]];
    }
    return {values, gathered_flags};
  }
  /// Where values or flags of the rows in hand are made for a block: where they lie in it, if these rows follow one
  /// another, else in `room`.
  template <class Value>
  [[nodiscard]] Value* place_or(Value* block, Value* room) const noexcept {
    return rows_ == nullptr ? block + first_ : room;
  }
  /// Puts what was made there in its place.
  template <class Value>
  void put(const Value* made, Value* block) const noexcept {
    if (rows_ == nullptr) return;
    const std::int32_t* rows = rows_;
    for (int i = 0, count = count_; i < count; ++i) block[rows[i]] = made[i];
  }

 private:
  [[nodiscard]] const EndsPlace& place(Register of) const noexcept {
    return steps_.places[static_cast<std::size_t>(of)];
  }
  void begin_reports(const Block& block, bool all);
  /// `rows`: or null, which is `first` and those that follow.
  void take_rows(const Block& block, int first, int count, const std::int32_t* rows);
  /// Runs all steps for all rows in hand; or every step for those in which what it makes can be in question.
  void bound_rows();
  void bound_by_step();
  void bound_some(const BoundingStep& step);

  BoundingSteps steps_;
  Layout kept_;  ///< of what is reported
  Block lowest_, highest_;
  int most_ = 0;
  EndsMemory ends_, ends_of_some_;
  const EndsMemory* in_hand_ = &ends_;  ///< one of both
  std::vector<std::byte> gathered_;
  std::vector<std::uint8_t> gathered_flags_;
  std::vector<std::uint8_t> uncertain_;     ///< rows of the block
  std::vector<std::int32_t> selected_;      ///< by find_rows()
  int selected_rows_ = 0;                   ///< how many
  bool all_ = false;                        ///< ranges are worked out for all rows of the block
  FlaggedRows some_;                        ///< those that the last steps were run for
  std::int64_t some_number_ = 0;            ///< changes with these rows
  std::vector<std::int64_t> gathered_for_;  ///< of each register: the rows that its ends were last gathered for
  const Block* block_ = nullptr;
  const std::int32_t* rows_ = nullptr;  ///< those in hand; null: `first_` and those that follow
  int first_ = 0, count_ = 0;           ///< first: of the rows that ranges are kept of
};

}  // namespace appraise::detail
