/// The scratch of one thread: the registers of a plan for a block of rows.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "appraise/detail/plan.hpp"

namespace appraise::detail {

/// Registers are padded to whole vectors of any processor: a kernel may work on up to this many rows too many.
inline constexpr int lane_rows = 64;
inline constexpr int largest_block = 2048;
/// Rows that a sweep (sweep.hpp) has in hand at a time; blocks are of whole tiles where they can. AMD Zen 5 reads many
/// columns side by side nearly twice as fast in stretches of 256 bytes as in longer ones.
inline constexpr int tile_rows = 256;
/// Words for a bit of each row of a block, and one that vectors of bits may reach into.
inline constexpr int bit_words = largest_block / 64 + 1;

/// Of a block.
struct BlockLimits {
  int rows = largest_block;
  std::size_t bytes = 512 * 1024;  ///< that a thread may have
};

[[nodiscard]] constexpr std::size_t width_of(RegisterType type) noexcept {
  switch (type) {
    case RegisterType::byte:
      return sizeof(std::int8_t);
    case RegisterType::whole:
      return sizeof(std::int32_t);
    case RegisterType::real:
      break;
  }
  return sizeof(double);
}

/// Where a register lies in a block: offsets of its values, and of its flags, which several registers can share.
struct Place {
  std::uint32_t values = 0, flags = 0;
  RegisterType type = RegisterType::byte;
};

/// A form of a register that is made of its values once a block, for all that read it.
enum class Form : std::uint8_t {
  split,   ///< dates as years and days, in int32
  narrow,  ///< whole numbers as the nearest bytes
};
inline constexpr std::size_t form_count = 2;
[[nodiscard]] constexpr std::size_t width_of(Form form) noexcept {
  return form == Form::split ? sizeof(std::int32_t) : sizeof(std::int8_t);
}

/// Whether a table is looked up by the narrow form of its register.
[[nodiscard]] bool reads_narrow(const Plan& plan, const ValueTable& table) noexcept;
/// Whether a comparison with constants can be made of bytes, or of the narrow form of its register: where it is asked
/// for.
[[nodiscard]] bool becomes_test(const Plan& plan, const Compare& compare) noexcept;

/// Calls `use` with the dates that an operation counts years or months from.
template <class Use>
void each_split_date(const PlannedOperation& operation, Use use) {
  if (const auto* measure = std::get_if<MeasureTime>(&operation);
      measure != nullptr && measure->in != TimeUnit::days && measure->no_such_day == NoSuchDay::next_day) {
    use(measure->from);
    use(measure->to);
  }
  if (const auto* move = std::get_if<MoveTime>(&operation); move != nullptr && move->in != TimeUnit::days) {
    use(move->to);
  }
}

/// Which registers of a plan are worked out, and where they lie in a block: each in a place of its own, until they
/// are arranged (run.hpp).
struct Layout {
  Layout(const Plan& plan, std::uint8_t purposes, const BlockLimits& limits = {});
  /// Blocks of so many rows that hold values of some registers, and flags of some, only.
  Layout(const Layout& all, const std::vector<Register>& values, const std::vector<Register>& flags, int rows);

  static constexpr std::uint32_t no_form = std::numeric_limits<std::uint32_t>::max();

  [[nodiscard]] bool live(Register of) const noexcept {
    return of != no_register && (plan.serves[static_cast<std::size_t>(of)] & purposes) != 0;
  }
  /// Bytes of a register's value in a row; 0 where flags alone are kept.
  [[nodiscard]] std::size_t width(Register of) const;
  /// The register that keeps the flags of one: it, or another that always has the same.
  [[nodiscard]] Register flagged_as(Register of) const;

  const Plan& plan;
  std::uint8_t purposes;
  int rows = 0;                     ///< of a full block
  std::vector<std::int32_t> steps;  ///< operations to run, in order
  std::vector<Place> places;        ///< of each register
  /// By Form, of each register: the offset where it lies, or no_form.
  std::array<std::vector<std::uint32_t>, form_count> forms;
  std::size_t bytes = 0;
  /// Bytes that ranges of registers, and reasons that were found before, may take each; a sweep has neither, and may
  /// take both for its strips.
  std::size_t spare = 0;

 private:
  void place(Register of);
};

/// Values and flags of the live registers for the rows of a block. A value that is not usable is 0; behind the last row
/// lies anything.
class Block {
 public:
  explicit Block(const Layout& layout)
      : layout_(layout),
        places_(layout.places.data()),
        size_(layout.bytes),
        bytes_(static_cast<std::byte*>(::operator new(layout.bytes, alignment))) {
    clear();
  }

  void clear() noexcept { std::fill_n(bytes_.get(), size_, std::byte{0}); }

  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
  [[nodiscard]] const Plan& plan() const noexcept { return layout_.plan; }
  [[nodiscard]] int rows() const noexcept { return rows_; }
  /// Rows in use, padded to whole vectors.
  [[nodiscard]] int padded() const noexcept { return (rows_ + lane_rows - 1) / lane_rows * lane_rows; }
  void set_rows(int rows) noexcept { rows_ = rows; }

  [[nodiscard]] std::byte* bytes() noexcept { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] RegisterType type(Register of) const noexcept { return places_[of].type; }
  template <class Value>
  [[nodiscard]] Value* values(Register of) noexcept {
    return reinterpret_cast<Value*>(bytes_.get() + places_[of].values);
  }
  template <class Value>
  [[nodiscard]] const Value* values(Register of) const noexcept {
    return reinterpret_cast<const Value*>(bytes_.get() + places_[of].values);
  }
  [[nodiscard]] std::uint8_t* flags(Register of) noexcept {
    return reinterpret_cast<std::uint8_t*>(bytes_.get() + places_[of].flags);
  }
  [[nodiscard]] const std::uint8_t* flags(Register of) const noexcept {
    return reinterpret_cast<const std::uint8_t*>(bytes_.get() + places_[of].flags);
  }

  /// Dates, split.
  [[nodiscard]] std::int32_t* split(Register of) noexcept {
    return reinterpret_cast<std::int32_t*>(bytes_.get() + at(Form::split, of));
  }
  /// Whole numbers as the nearest bytes.
  [[nodiscard]] std::int8_t* narrow(Register of) noexcept {
    return reinterpret_cast<std::int8_t*>(bytes_.get() + at(Form::narrow, of));
  }
  [[nodiscard]] const std::int8_t* narrow(Register of) const noexcept {
    return reinterpret_cast<const std::int8_t*>(bytes_.get() + at(Form::narrow, of));
  }

  /// The value as a double, whatever the register's type.
  [[nodiscard]] double number(Register of, int row) const noexcept {
    switch (type(of)) {
      case RegisterType::byte:
        return values<std::int8_t>(of)[row];
      case RegisterType::whole:
        return values<std::int32_t>(of)[row];
      case RegisterType::real:
        break;
    }
    return values<double>(of)[row];
  }
  [[nodiscard]] bool usable(Register of, int row) const noexcept { return (flags(of)[row] & unusable_flags) == 0; }
  /// Of a condition.
  [[nodiscard]] bool is_true(Register of, int row) const noexcept { return values<std::int8_t>(of)[row] != 0; }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(std::byte* bytes) const noexcept { ::operator delete(bytes, alignment); }
  };

  [[nodiscard]] std::uint32_t at(Form form, Register of) const noexcept {
    return layout_.forms[static_cast<std::size_t>(form)][static_cast<std::size_t>(of)];
  }

  const Layout& layout_;
  const Place* places_;
  int rows_ = 0;
  std::size_t size_;
  std::unique_ptr<std::byte, Free> bytes_;
};

}  // namespace appraise::detail
