// Lowest and highest values as they are reported.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_reports.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "score/bounds-inl.hpp"
#include "score/bytes.hpp"

// What every instruction set uses.
#ifndef APPRAISE_SCORE_BOUNDS_REPORTS
#define APPRAISE_SCORE_BOUNDS_REPORTS
namespace appraise::detail {
namespace {

/// What is reported of the rows that wait.
struct ReportedRows {
  template <class Value>
  [[nodiscard]] Value* room() noexcept {
    return reinterpret_cast<Value*>(numbers.data());
  }

  alignas(lane_rows) std::array<std::byte, most_bounded_rows * sizeof(double)> numbers;
  const void* values = nullptr;                      ///< there, or where they are without
  bool odd = false;                                  ///< there are any:
  std::array<std::uint8_t, most_bounded_rows> odds;  ///< rows in which an end is open, or both are hidden
};

/// The largest size of an end that is not open.
constexpr double most_of(RegisterType type) {
  switch (type) {
    case RegisterType::byte:
      return byte_limit;
    case RegisterType::whole:
      return whole_limit;
    case RegisterType::real:
      break;
  }
  return std::numeric_limits<double>::max();
}

}  // namespace
}  // namespace appraise::detail
#endif

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

void report_bytes(const BoundedRows& rows, Register of, End end, const std::uint8_t* flags, ReportedRows& out) {
  const SignedTag d;
  const Ends<SignedTag> x(rows, of, end);
  auto* values = out.room<std::int8_t>();
  out.values = values;
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const auto hidden =
        hn::And(hn::LoadU(d, reinterpret_cast<const std::int8_t*>(flags) + row), hn::Set(d, hiding_flags));
    hn::StoreU(hn::IfThenElseZero(hn::Eq(hidden, hn::Zero(d)), x.at(row)), d, values + row);
  });
}

template <class Value>
void report_reals(const BoundedRows& rows, Register of, End end, const std::uint8_t* flags, double most,
                  ReportedRows& out) {
  const RealTag d;
  const ByteTag bytes;
  const Real limit = hn::Set(d, most);
  const auto hiding = hn::Set(bytes, hiding_flags);
  const Ranges<RealTag> x(rows, of);
  const Ends<RealTag>& own = end == End::lowest ? x.low : x.high;
  auto* values = out.room<Value>();
  out.values = values;
  if constexpr (sizeof(Value) == sizeof(double)) out.values = rows.ends<double>(of, end);
  auto any = hn::Zero(bytes);
  for (int lot = 0; lot < rows.count(); lot += lane_rows) {
    LotBits open;
    for (int i = 0; i < lane_rows; i += lanes_of(d)) {
      if constexpr (sizeof(Value) != sizeof(double)) store(own.at(lot + i), values + lot + i);
      open.put(i, hn::Gt(hn::Max(hn::Abs(x.low.at(lot + i)), hn::Abs(x.high.at(lot + i))), limit));
    }
    for (int i = 0; i < lane_rows; i += lanes_of(bytes)) {
      const auto hidden = hn::And(hn::LoadU(bytes, flags + lot + i), hiding);
      const auto odd = hn::Or(open.at(i), hn::Ne(hidden, hn::Zero(bytes)));
      const auto marks = hn::IfThenElseZero(odd, hn::Set(bytes, 1));
      any = hn::Or(any, marks);
      hn::StoreU(marks, bytes, out.odds.data() + lot + i);
    }
  }
  out.odd = !hn::AllTrue(bytes, hn::Eq(any, hn::Zero(bytes)));
}

}  // namespace

void Report(const BoundedRows& rows, const ReportedEnds& reported, End end, RegisterType type, ReportedRows& out) {
  const std::uint8_t* flags = rows.given().flags(reported.status);
  if (rows.are_bytes(reported.of)) return report_bytes(rows, reported.of, end, flags, out);
  switch (type) {
    case RegisterType::byte:
      return report_reals<std::int8_t>(rows, reported.of, end, flags, most_of(type), out);
    case RegisterType::whole:
      return report_reals<std::int32_t>(rows, reported.of, end, flags, most_of(type), out);
    case RegisterType::real:
      return report_reals<double>(rows, reported.of, end, flags, most_of(type), out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(Report);

namespace {

template <class Value>
void put(const BoundedRows& rows, const ReportedEnds& reported, End end, ReportedRows& made, const std::int32_t* at,
         Block& out) {
  const Register of = reported.of;
  Value* const to = out.values<Value>(of);
  const auto* values = static_cast<const Value*>(made.values);
  for (int i = 0, count = rows.count(); i < count; ++i) to[at[i]] = values[i];
  if (!made.odd) return;
  std::array<std::int32_t, most_bounded_rows + lane_rows> odd;
  const int count = list_marked(made.odds.data(), rows.count(), odd.data());
  const std::uint8_t* flags = rows.given().flags(reported.status);
  const double* x = rows.ends<double>(of, end);
  const double most = most_of(out.type(of));
  for (int i = 0; i < count; ++i) {
    const std::int32_t row = odd[static_cast<std::size_t>(i)];
    const bool open = std::abs(x[row]) > most;
    out.flags(of)[at[row]] = static_cast<std::uint8_t>(flags[row] | (open ? flag_invalid : 0));
    if (open || (flags[row] & hiding_flags) != 0) to[at[row]] = 0;
  }
}

}  // namespace

// Not for each instruction set: row by row is faster than what compilers make of it with instructions that scatter.
void report(const BoundedRows& rows, const ReportedEnds& reported, End end, const std::int32_t* at, Block& out) {
  ReportedRows made;
  const RegisterType type = out.type(reported.of);
  HWY_DYNAMIC_DISPATCH(Report)(rows, reported, end, type, made);
  switch (type) {
    case RegisterType::byte:
      return put<std::int8_t>(rows, reported, end, made, at, out);
    case RegisterType::whole:
      return put<std::int32_t>(rows, reported, end, made, at, out);
    case RegisterType::real:
      return put<double>(rows, reported, end, made, at, out);
  }
}

}  // namespace appraise::detail
#endif
