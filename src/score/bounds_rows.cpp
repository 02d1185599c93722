// Rows whose ranges are to be worked out, and ranges of the others.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>
#include <cstdint>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Calls `use` with the ends of a register, of all rows and of some.
template <class Use>
HWY_INLINE void with_ends(BoundedRows& rows, Register of, Use use) {
  const auto use_ends = [&]<class Value>(const Value*) HWY_ATTR {
    use(rows.ends_of_all<Value>(of, End::lowest), rows.ends_of_all<Value>(of, End::highest),
        rows.ends_of_some<Value>(of, End::lowest), rows.ends_of_some<Value>(of, End::highest));
  };
  if (rows.are_bytes(of)) return use_ends(static_cast<const std::int8_t*>(nullptr));
  use_ends(static_cast<const double*>(nullptr));
}

}  // namespace

int ListMarked(const std::uint8_t* marks, int count, std::int32_t* out) {
  const WholeTag words;
  std::int32_t* next = out;
  auto number = hn::Iota(words, 0);
  const auto lanes = hn::Set(words, lanes_of(words)), end = hn::Set(words, count);
  for (int row = 0; row < count; row += lanes_of(words)) {
    const auto here = hn::And(any_bits(words, marks + row, 1), hn::Lt(number, end));
    hn::StoreU(hn::Compress(number, here), words, next);
    number = hn::Add(number, lanes);
    next += hn::CountTrue(words, here);
  }
  return static_cast<int>(next - out);
}

bool FindFlagged(const Block& block, const std::vector<Register>& of, int first, int count, FlaggedRows& out) {
  const ByteTag bytes;
  std::array<std::uint8_t, most_bounded_rows> flagged;
  auto differing = hn::Zero(bytes);
  for (int row = 0; row < count; row += lanes_of(bytes)) {
    auto all = hn::Zero(bytes);
    for (const Register one : of) all = hn::Or(all, hn::LoadU(bytes, block.flags(one) + first + row));
    const auto here = hn::IfThenElseZero(hn::Ne(all, hn::Zero(bytes)), hn::Set(bytes, 1));
    differing = hn::Or(differing, hn::Xor(here, hn::LoadU(bytes, out.are.data() + row)));
    hn::StoreU(here, bytes, flagged.data() + row);
  }
  if (hn::AllTrue(bytes, hn::Eq(differing, hn::Zero(bytes))) && out.known) return false;
  for (int row = 0; row < count; row += lanes_of(bytes)) {
    hn::StoreU(hn::LoadU(bytes, flagged.data() + row), bytes, out.are.data() + row);
  }
  out.known = true;
  out.count = ListMarked(out.are.data(), count, out.rows.data());
  return true;
}

void GatherEnds(BoundedRows& rows, Register of, const FlaggedRows& some) {
  const std::int32_t* numbers = some.rows.data();
  const int count = some.count;
  with_ends(rows, of, [=]<class Value>(const Value* low, const Value* high, Value* low_out, Value* high_out) HWY_ATTR {
    for (int i = 0; i < count; ++i) {
      const auto row = static_cast<std::size_t>(numbers[i]);
      low_out[i] = low[row];
      high_out[i] = high[row];
    }
  });
}

void ScatterEnds(BoundedRows& rows, Register of, const FlaggedRows& some) {
  const std::int32_t* numbers = some.rows.data();
  const int count = some.count;
  with_ends(rows, of, [=]<class Value>(Value* low_out, Value* high_out, const Value* low, const Value* high) HWY_ATTR {
    for (int i = 0; i < count; ++i) {
      const auto row = static_cast<std::size_t>(numbers[i]);
      low_out[row] = low[i];
      high_out[row] = high[i];
    }
  });
}

void TakeValues(BoundedRows& rows, Register of) {
  const auto take = [&](auto d, auto at) HWY_ATTR {
    const Ranges<decltype(d)> to(rows, of);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      const auto own = at(row);
      to.put(row, own, own);
    });
  };
  const Block& block = rows.block();
  const std::byte* values =
      block.values<std::byte>(of) + static_cast<std::size_t>(rows.first()) * width_of(block.type(of));
  if (rows.are_bytes(of)) {
    const SignedTag d;
    take(d, [&](int row) HWY_ATTR { return hn::LoadU(d, reinterpret_cast<const std::int8_t*>(values) + row); });
  } else {
    Numbers(block.type(of), values).read([&](auto at) HWY_ATTR { take(RealTag(), at); });
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ListMarked);
HWY_EXPORT(FindFlagged);
HWY_EXPORT(GatherEnds);
HWY_EXPORT(ScatterEnds);
HWY_EXPORT(TakeValues);

int list_marked(const std::uint8_t* marks, int count, std::int32_t* out) {
  return HWY_DYNAMIC_DISPATCH(ListMarked)(marks, count, out);
}

bool find_flagged(const Block& block, const std::vector<Register>& of, int first, int count, FlaggedRows& out) {
  return HWY_DYNAMIC_DISPATCH(FindFlagged)(block, of, first, count, out);
}

void gather_ends(BoundedRows& rows, Register of, const FlaggedRows& some) {
  HWY_DYNAMIC_DISPATCH(GatherEnds)(rows, of, some);
}

void scatter_ends(BoundedRows& rows, Register of, const FlaggedRows& some) {
  HWY_DYNAMIC_DISPATCH(ScatterEnds)(rows, of, some);
}

void take_values(BoundedRows& rows, Register of) { HWY_DYNAMIC_DISPATCH(TakeValues)(rows, of); }

}  // namespace appraise::detail
#endif
