// Lowest and highest values as they are reported.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_reports.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>
#include <limits>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using Flags = std::array<std::uint8_t, most_bounded_rows>;
constexpr std::uint8_t hiding = flag_invalid | flag_inapplicable;

/// Numbers as values of a register of some type.
template <class Value>
HWY_INLINE void store(Real x, Value* out) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const hn::Rebind<std::int8_t, RealTag> bytes;
  if constexpr (sizeof(Value) == 8) {
    hn::StoreU(x, d, out);
  } else if constexpr (sizeof(Value) == 4) {
    hn::StoreU(hn::DemoteTo(words, x), words, out);
  } else {
    hn::StoreU(hn::DemoteTo(bytes, hn::DemoteTo(words, x)), bytes, out);
  }
}

void report_bytes(BoundedRows& rows, const ReportedEnds& reported, End end, Block& out) {
  const SignedTag d;
  const Ends<SignedTag> x(rows, reported.of, end);
  const std::uint8_t* flags = rows.flags(reported.status);
  std::array<std::int8_t, most_bounded_rows> values;
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto hidden = hn::And(hn::LoadU(d, reinterpret_cast<const std::int8_t*>(flags) + row), hn::Set(d, hiding));
    hn::StoreU(hn::IfThenElseZero(hn::Eq(hidden, hn::Zero(d)), x.at(row)), d, values.data() + row);
  });
  rows.put(values.data(), out.values<std::int8_t>(reported.of));
  rows.put(flags, out.flags(reported.of));
}

/// An end that the register could not hold is open.
template <class Value>
void report_reals(BoundedRows& rows, const ReportedEnds& reported, End end, double most, Block& out) {
  const RealTag d;
  const ByteTag bytes;
  const Ends<RealTag> x(rows, reported.of, end);
  const std::uint8_t* flags = rows.flags(reported.status);
  const Real limit = hn::Set(d, most);
  std::array<Value, most_bounded_rows> values;
  Flags marked;
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const Real own = x.at(row);
    const RealMask held = hn::And(hn::Not(any_bits(d, flags + row, hiding)), hn::Le(hn::Abs(own), limit));
    store(hn::IfThenElseZero(held, own), values.data() + row);
  });
  each_vector(rows, bytes, [&](int row) HWY_ATTR {
    const auto open = truths_of(d, rows.count() - row, [&](int part) HWY_ATTR {
      return hn::Gt(hn::Abs(x.at(row + part * lanes_of(d))), limit);
    });
    const auto invalid = hn::IfThenElseZero(hn::Ne(open, hn::Zero(bytes)), hn::Set(bytes, flag_invalid));
    hn::StoreU(hn::Or(hn::LoadU(bytes, flags + row), invalid), bytes, marked.data() + row);
  });
  rows.put(values.data(), out.values<Value>(reported.of));
  rows.put(marked.data(), out.flags(reported.of));
}

}  // namespace

void ReportEnd(BoundedRows& rows, const ReportedEnds& reported, End end, Block& out) {
  if (rows.are_bytes(reported.of)) return report_bytes(rows, reported, end, out);
  switch (out.type(reported.of)) {
    case RegisterType::byte:
      return report_reals<std::int8_t>(rows, reported, end, byte_limit, out);
    case RegisterType::whole:
      return report_reals<std::int32_t>(rows, reported, end, whole_limit, out);
    case RegisterType::real:
      break;
  }
  report_reals<double>(rows, reported, end, std::numeric_limits<double>::max(), out);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ReportEnd);

void report_end(BoundedRows& rows, const ReportedEnds& reported, End end, Block& out) {
  HWY_DYNAMIC_DISPATCH(ReportEnd)(rows, reported, end, out);
}

}  // namespace appraise::detail
#endif
