// Sums, extremes and counts.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_sums.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <limits>

#include "appraise/detail/decimal.hpp"
#include "appraise/detail/range.hpp"
#include "score/rows.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"
#include "score/wholes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Which operands of a row are left out under a missing rule, and the flags that result.
template <class Operation>
void omit(const Block& block, const Operation& op, std::uint16_t* left_out, std::uint8_t* flags) {
  const ByteTag d;
  const int rows = block.padded();
  std::fill_n(left_out, rows, std::uint16_t{0});
  each_bytes(block, [&](int row) HWY_ATTR {
    auto all = hn::Zero(d);
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      if (op.may_omit[i] == 0) all = hn::Or(all, hn::LoadU(d, block.flags(op.of[i]) + row));
    }
    hn::StoreU(all, d, flags + row);
  });
  bool may_omit = false;
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    if (op.may_omit[i] == 0) continue;
    may_omit = true;
    const std::uint8_t* from = block.flags(op.of[i]);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t own = from[row], before = flags[row];
      const std::uint16_t count = left_out[row];
      const bool left = (own & unusable_flags) == flag_missing;
      left_out[row] = static_cast<std::uint16_t>(count + (left ? 1 : 0));
      flags[row] = static_cast<std::uint8_t>(before | (left ? 0 : own));
    }
  }
  if (!may_omit) return;
  const auto operands = static_cast<std::uint16_t>(op.of.size());
  const auto at_most =
      static_cast<std::uint16_t>(std::min<std::size_t>(static_cast<std::size_t>(op.at_most), operands));
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint16_t count = left_out[row];
    const std::uint8_t before = flags[row];
    const bool too_many = (count > at_most) | (count == operands);
    const std::uint8_t mark = too_many ? flag_missing : flag_omitted;
    flags[row] = static_cast<std::uint8_t>(before | (count == 0 ? 0 : mark));
  }
}

HWY_INLINE Real sum_of(const Block& block, const SumValues& op, int row) {
  Real sum = hn::Zero(RealTag());
  for (const Register one : op.of) sum = hn::Add(sum, Numbers(block, one).at(row));
  return sum;
}

/// Whether all are whole numbers, which are added as such.
bool adds_wholes(const Block& block, const SumValues& op) {
  const auto is_real = [&](Register one) { return block.type(one) == RegisterType::real; };
  return block.type(op.out) == RegisterType::whole && !op.prorate && std::none_of(op.of.begin(), op.of.end(), is_real);
}

void add_wholes(Block& block, const SumValues& op) {
  const auto add_up = [&](Totals& totals) HWY_ATTR {
    for (const Register one : op.of) totals.add(one);
  };
  put_totals(block, op.out, op.of.size(), add_up, [&](int row) HWY_ATTR { return sum_of(block, op, row); });
}

/// Doubles hold every sum of whole numbers exactly.
void run(Block& block, const SumValues& op) {
  const RealTag d;
  const Results results(block, op.out);
  std::array<std::uint16_t, largest_block> left_out;
  omit(block, op, left_out.data(), results.flags());
  if (adds_wholes(block, op)) return add_wholes(block, op);
  std::array<double, largest_block> sums;
  each_vector(block, [&](int row) HWY_ATTR { hn::StoreU(sum_of(block, op, row), d, sums.data() + row); });
  if (op.prorate) {
    const auto all = static_cast<std::int64_t>(op.of.size());
    for (int row = 0; row < block.rows(); ++row) {
      const auto i = static_cast<std::size_t>(row);
      if (left_out[i] == 0 || unusable(results.flags()[row])) continue;
      sums[i] =
          static_cast<double>(round_quotient(static_cast<std::int64_t>(sums[i]) * all, all - left_out[i], *op.prorate));
    }
  }
  each_vector(block, [&](int row) HWY_ATTR { results.put_held(row, hn::LoadU(d, sums.data() + row)); });
}

void run(Block& block, const ExtremeValue& op) {
  const RealTag d;
  const Results results(block, op.out);
  std::array<std::uint16_t, largest_block> left_out;
  omit(block, op, left_out.data(), results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    const Real none = hn::Set(d, op.highest ? -unbounded : unbounded);
    Real extreme = none;
    for (const Register one : op.of) {
      const Real x =
          hn::IfThenElse(any_bits(d, block.flags(one) + row, unusable_flags), none, Numbers(block, one).at(row));
      extreme = hn::IfThenElse(op.highest ? hn::Gt(x, extreme) : hn::Lt(x, extreme), x, extreme);
    }
    results.put(row, extreme);
  });
}

/// Counts that fit a byte.
void count_bytes(Block& block, const CountTrue& op) {
  const ByteTag d;
  std::uint8_t* const flags = block.flags(op.out);
  auto* const out = block.values<std::uint8_t>(op.out);
  each_bytes(block, [&](int row) HWY_ATTR {
    auto joined = hn::Zero(d), count = joined;
    for (const Register one : op.of) {
      joined = hn::Or(joined, hn::LoadU(d, block.flags(one) + row));
      count = hn::Add(count, hn::LoadU(d, block.values<std::uint8_t>(one) + row));
    }
    hn::StoreU(joined, d, flags + row);
    hn::StoreU(hn::IfThenElseZero(is_usable(joined), count), d, out + row);
  });
}

void run(Block& block, const CountTrue& op) {
  if (block.type(op.out) == RegisterType::byte) return count_bytes(block, op);
  const RealTag d;
  const Results results(block, op.out);
  join(block, op.of, results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    Real count = hn::Zero(d);
    for (const Register one : op.of) count = hn::Add(count, Numbers(block, one).at(row));
    results.put(row, count);
  });
}

}  // namespace

Kernel SumKernel(const PlannedOperation& operation) {
  return kernel_among<Sums>(operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(SumKernel);

Kernel sum_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(SumKernel)(operation); }

}  // namespace appraise::detail
#endif
