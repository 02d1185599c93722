// Values that are looked up.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_lookups.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>

#include "score/levels-inl.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// The value of the first interval that holds x; nothing holds it: invalid.
template <class Bands, class IntervalOf, class ValueOf>
HWY_INLINE void look_up_bands(Block& block, Register of, const Bands& bands, Register out, IntervalOf interval_of,
                              ValueOf value_of) {
  const RealTag d;
  const Numbers numbers(block, of);
  const Results results(block, out);
  join(block, {of}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    const Real x = numbers.at(row);
    Real value = hn::Zero(d);
    RealMask found = hn::Lt(value, value);
    for (std::size_t band = bands.size(); band-- > 0;) {
      const Interval& interval = interval_of(bands[band]);
      const Real from = hn::Set(d, interval.from.value_or(-unbounded)),
                 to = hn::Set(d, interval.to.value_or(unbounded));
      const RealMask before = interval.closed || !interval.to ? hn::Le(x, to) : hn::Lt(x, to);
      const RealMask holds = hn::And(hn::Ge(x, from), before);
      value = hn::IfThenElse(holds, hn::Set(d, value_of(band)), value);
      found = hn::Or(found, holds);
    }
    results.put_valid(row, value, found);
  });
}

void run(Block& block, const LookUpBand& op) {
  look_up_bands(
      block, op.of, op.bands, op.out, [](const Band& band) -> const Interval& { return band.interval; },
      [&](std::size_t band) { return op.bands[band].value; });
}

void run(Block& block, const FindLevel& op) {
  if (const JoinedBands bands(op.scheme->bands); bands.are_joined()) {
    const Numbers numbers(block, op.of);
    const Results results(block, op.out);
    join(block, {op.of}, results.flags());
    return each_vector(block, [&](int row) HWY_ATTR {
      const Real x = numbers.at(row);
      results.put_valid(row, bands.at(x), bands.hold(x));
    });
  }
  look_up_bands(
      block, op.of, op.scheme->bands, op.out, [](const LevelBand& band) -> const Interval& { return band.interval; },
      [](std::size_t band) { return static_cast<double>(band); });
}

/// table[index] of each row. One by one: a processor gathers no faster, and most tables are in the nearest cache.
template <class Cell, class Index, class Value>
void take_cells(const std::vector<Cell>& table, const Index* index, int rows, Value* out) {
  const Cell* cells = table.data();
  for (int row = 0; row < rows; ++row) out[row] = static_cast<Value>(cells[index[row]]);
}

/// A cell that is not supplied is missing.
void run(Block& block, const LookUpTable& op) {
  const RealTag d;
  const Results results(block, op.out);
  std::array<double, largest_block> cells;
  join(block, {op.row, op.column}, results.flags());
  if (op.columns == 1 && block.type(op.row) == RegisterType::byte) {
    take_cells(op.cells, block.values<std::uint8_t>(op.row), block.rows(), cells.data());
  } else {
    const hn::Rebind<std::int32_t, RealTag> words;
    const Numbers rows(block, op.row), columns(block, op.column == no_register ? op.row : op.column);
    const Real width = hn::Set(d, op.columns);
    std::array<std::int32_t, largest_block> index;
    each_vector(block, [&](int row) HWY_ATTR {
      Real at = hn::Mul(rows.at(row), width);
      if (op.column != no_register) at = hn::Add(at, columns.at(row));
      hn::StoreU(hn::DemoteTo(words, at), words, index.data() + row);
    });
    take_cells(op.cells, index.data(), block.rows(), cells.data());
  }
  each_vector(block, [&](int row) HWY_ATTR {
    const Real cell = hn::LoadU(d, cells.data() + row);
    const RealMask supplied = hn::Eq(cell, cell), absent = hn::Not(hn::Or(supplied, results.unusable_at(row)));
    if (HWY_UNLIKELY(!hn::AllFalse(d, absent))) results.mark(row, absent, flag_missing);
    results.put_held(row, cell);
  });
}

void run(Block& block, const ReadAttribute& op) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Numbers codes(block, op.of);
  const Results results(block, op.out);
  join(block, {op.of}, results.flags());
  if (block.type(op.of) == RegisterType::whole && block.type(op.out) == RegisterType::byte) {
    const ByteTag bytes;
    auto* out = block.values<std::uint8_t>(op.out);
    take_cells(op.labels, block.values<std::int32_t>(op.of), block.rows(), out);
    return each_bytes(block, [&](int row) HWY_ATTR {
      const auto usable = is_usable(hn::LoadU(bytes, results.flags() + row));
      hn::StoreU(hn::IfThenElseZero(usable, hn::LoadU(bytes, out + row)), bytes, out + row);
    });
  }
  const auto first = hn::Zero(words), last = hn::Set(words, static_cast<std::int32_t>(op.labels.size()) - 1);
  each_vector(block, [&](int row) HWY_ATTR {
    const auto code = hn::Min(hn::Max(hn::DemoteTo(words, codes.at(row)), first), last);  // behind the last row, too
    results.put(row, hn::PromoteTo(d, hn::GatherIndex(words, op.labels.data(), code)));
  });
}

}  // namespace

Kernel LookUpKernel(const PlannedOperation& operation) {
  return kernel_among<LookUps>(operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(LookUpKernel);

Kernel lookup_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(LookUpKernel)(operation); }

}  // namespace appraise::detail
#endif
