// What the kernels of values share, for each instruction set.
#if defined(APPRAISE_SCORE_VALUES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_VALUES_INL_HPP
#undef APPRAISE_SCORE_VALUES_INL_HPP
#else
#define APPRAISE_SCORE_VALUES_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>

#include "score/block.hpp"
#include "score/rows.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
// Without linkage: a function that another library could replace is not inlined, and its loops are not vectors then.
namespace {

using Bytes = std::array<std::uint8_t, largest_block>;
using Reals = std::array<double, largest_block>;

inline bool unusable(std::uint8_t flags) { return (flags & unusable_flags) != 0; }

/// `flag` where a condition holds.
inline std::uint8_t flag_if(bool condition, std::uint8_t flag) {
  return static_cast<std::uint8_t>(condition ? flag : 0);
}

/// Calls `use` with a register's values at their own type.
template <class Use>
void with_values(const Block& block, Register of, Use use) {
  switch (block.type(of)) {
    case RegisterType::byte:
      return use(block.values<std::int8_t>(of));
    case RegisterType::whole:
      return use(block.values<std::int32_t>(of));
    case RegisterType::real:
      return use(block.values<double>(of));
  }
}
template <class Use>
void with_out(Block& block, Register out, Use use) {
  switch (block.type(out)) {
    case RegisterType::byte:
      return use(block.values<std::int8_t>(out));
    case RegisterType::whole:
      return use(block.values<std::int32_t>(out));
    case RegisterType::real:
      return use(block.values<double>(out));
  }
}

/// A register's values as doubles: its own, or converted into `copy`.
[[maybe_unused]] const double* reals(const Block& block, Register of, Reals& copy) {
  const int rows = block.padded();
  if (block.type(of) == RegisterType::real) return block.values<double>(of);
  with_values(block, of, [&](const auto* x) {
    for (int row = 0; row < rows; ++row) copy[static_cast<std::size_t>(row)] = static_cast<double>(x[row]);
  });
  return copy.data();
}

/// Flags of the registers named, joined.
template <class Registers = std::initializer_list<Register>>
void join(const Block& block, const Registers& of, std::uint8_t* out) {
  const int rows = block.padded();
  std::fill_n(out, rows, std::uint8_t{0});
  for (const Register one : of) {
    if (one == no_register) continue;
    const std::uint8_t* from = block.flags(one);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] = static_cast<std::uint8_t>(out[row] | from[row]);
  }
}

/// Unusable values become 0.
template <class Value>
void clear_unusable(const Block& block, const std::uint8_t* flags, Value* values) {
  const int rows = block.padded();
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Value value = values[row];
    const std::uint8_t own = flags[row];
    values[row] = unusable(own) ? Value{0} : value;
  }
}

/// Marks results that cannot be held as invalid.
template <class Number>
void mark_unheld(const Number* x, Number most, int rows, std::uint8_t* flags) {
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Number value = x[row];
    const std::uint8_t own = flags[row];
    const bool held = (value >= -most) & (value <= most);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & !held, flag_invalid));
  }
}

/// Results, or 0 where they are not usable.
template <class Number, class Value>
void keep_usable(const Number* x, const std::uint8_t* flags, int rows, Value* out) {
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Number value = x[row];
    const std::uint8_t own = flags[row];
    out[row] = static_cast<Value>(unusable(own) ? Number{0} : value);
  }
}

/// Stores results; one that cannot be held is invalid. Flags are there already.
[[maybe_unused]] void store(Block& block, Register out, const double* x) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(out);
  const bool real = block.type(out) == RegisterType::real;
  mark_unheld(x, real ? std::numeric_limits<double>::max() : whole_limit, rows, flags);
  with_out(block, out, [&](auto* values) { keep_usable(x, flags, rows, values); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
