// Lowest and highest values as they are reported.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_reports.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <limits>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

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

void report_bytes(const BoundedRows& rows, const Ends<SignedTag>& x, const std::uint8_t* flags, std::int8_t* out) {
  const SignedTag d;
  std::array<std::int8_t, most_bounded_rows> room;
  std::int8_t* const values = rows.place_or(out, room.data());
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto hidden =
        hn::And(hn::LoadU(d, reinterpret_cast<const std::int8_t*>(flags) + row), hn::Set(d, hiding_flags));
    hn::StoreU(hn::IfThenElseZero(hn::Eq(hidden, hn::Zero(d)), x.at(row)), d, values + row);
  });
  rows.put(values, out);
}

/// `out_flags` are those that say where ends are hidden, in every row.
template <class Value>
void report_reals(const BoundedRows& rows, const Ends<RealTag>& x, const std::uint8_t* flags, double most, Value* out,
                  std::uint8_t* out_flags) {
  const RealTag d;
  const ByteTag bytes;
  const Real limit = hn::Set(d, most);
  std::array<Value, most_bounded_rows> room;
  std::array<std::uint8_t, most_bounded_rows> room_of_flags;
  Value* const values = rows.place_or(out, room.data());
  std::uint8_t* const marked = rows.place_or(out_flags, room_of_flags.data());
  if (marked == room_of_flags.data()) std::copy_n(flags, rows.count(), marked);
  bool any = false;
  for (int lot = 0; lot < rows.count(); lot += lane_rows) {
    const LotMask<RealTag> hidden(flags + lot, hiding_flags);
    LotBits open;
    Real farthest = hn::Zero(d);
    for (int i = 0; i < lane_rows; i += lanes_of(d)) {
      const Real own = x.at(lot + i), size = hn::Abs(own);
      const RealMask beyond = hn::Gt(size, limit);
      store(hn::IfThenZeroElse(hn::Or(beyond, hidden.at(i)), own), values + lot + i);
      open.put(i, beyond);
      farthest = hn::Max(farthest, size);
    }
    if (hn::AllFalse(d, hn::Gt(farthest, limit))) continue;
    any = true;
    for (int i = 0; i < lane_rows; i += lanes_of(bytes)) {
      const auto invalid = hn::IfThenElseZero(open.at(i), hn::Set(bytes, flag_invalid));
      hn::StoreU(hn::Or(hn::LoadU(bytes, marked + lot + i), invalid), bytes, marked + lot + i);
    }
  }
  rows.put(values, out);
  if (any) rows.put(marked, out_flags);
}

}  // namespace

void Report(BoundedRows& rows, const ReportedEnds& reported, Block& lowest, Block& highest) {
  const Register of = reported.of;
  const std::uint8_t* flags = rows.flags(reported.status);
  for (const End end : {End::lowest, End::highest}) {
    Block& out = end == End::lowest ? lowest : highest;
    if (rows.are_bytes(of)) {
      report_bytes(rows, Ends<SignedTag>(rows, of, end), flags, out.values<std::int8_t>(of));
      continue;
    }
    const Ends<RealTag> x(rows, of, end);
    const auto report_as = [&](auto* values, double most) {
      report_reals(rows, x, flags, most, values, out.flags(of));
    };
    switch (out.type(of)) {
      case RegisterType::byte:
        report_as(out.values<std::int8_t>(of), byte_limit);
        break;
      case RegisterType::whole:
        report_as(out.values<std::int32_t>(of), whole_limit);
        break;
      case RegisterType::real:
        report_as(out.values<double>(of), std::numeric_limits<double>::max());
        break;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(Report);

void report(BoundedRows& rows, const ReportedEnds& reported, Block& lowest, Block& highest) {
  HWY_DYNAMIC_DISPATCH(Report)(rows, reported, lowest, highest);
}

}  // namespace appraise::detail
#endif
