// Rows whose ranges are to be worked out, and ranges of the others.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "score/bounds-inl.hpp"
#include "score/bytes.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Values of a block's rows that were picked in some groups.
class Picked {
 public:
  Picked(const PickedRows& rows, int from, int to)
      : rows_(rows.rows.data()),
        begins_(rows.begins.data()),
        marks_(rows.marks.data()),
        orders_(rows.orders.data()),
        from_(from),
        to_(to) {}

  /// Bytes: `at` gives those of a vector of a group of rows.
  template <class At>
  HWY_INLINE void copy_bytes(At at, std::uint8_t* out) const {
    constexpr int group_rows = PickedRows::group_rows;
    const std::int32_t first = begins_[from_];
    const hn::CappedTag<std::uint8_t, group_rows> d;
    for (int group = from_; group < to_; ++group) {
      const int row = group * group_rows;
#if HWY_TARGET == HWY_SCALAR
      std::uint8_t* next = out + (begins_[group] - first);
      for (int i = 0; i < group_rows; ++i) {
        if (marks_[row + i] != 0) *next++ = hn::GetLane(at(d, row + i));
      }
#else
      hn::StoreU(hn::TableLookupBytes(at(d, row), hn::LoadU(d, orders_ + row)), d, out + (begins_[group] - first));
#endif
    }
  }

  /// Whole numbers: `at` gives those of a vector of rows.
  template <class At>
  HWY_INLINE void copy_wholes(At at, std::int32_t* out) const {
    const WholeTag d;
    for (int row = from_ * PickedRows::group_rows; row < to_ * PickedRows::group_rows; row += lanes_of(d)) {
      const auto here = any_bits(d, marks_ + row, 1);
      hn::StoreU(hn::Compress(at(d, row), here), d, out);
      out += hn::CountTrue(d, here);
    }
  }

  /// Real numbers: `at` gives that of a row.
  template <class At>
  HWY_INLINE void copy_reals(At at, double* out) const {
    for (std::int32_t i = begins_[from_]; i < begins_[to_]; ++i) *out++ = at(rows_[i]);
  }

 private:
  const std::int32_t *rows_, *begins_;
  const std::uint8_t *marks_, *orders_;
  int from_, to_;
};

/// Values where they have no flags, else not_given.
void copy_answers(const Picked& picked, const Block& block, Register of, Block& out, int at) {
  const std::uint8_t* flags = block.flags(of);
  switch (block.type(of)) {
    case RegisterType::byte: {
      const auto* x = block.values<std::uint8_t>(of);
      return picked.copy_bytes(
          [&](auto d, int row) HWY_ATTR {
            const auto given = hn::Eq(hn::LoadU(d, flags + row), hn::Zero(d));
            const auto none = hn::Set(d, static_cast<std::uint8_t>(not_given<std::int8_t>));
            return hn::IfThenElse(given, hn::LoadU(d, x + row), none);
          },
          out.values<std::uint8_t>(of) + at);
    }
    case RegisterType::whole: {
      const auto* x = block.values<std::int32_t>(of);
      return picked.copy_wholes(
          [&](auto d, int row) HWY_ATTR {
            const auto flagged = any_bits(d, flags + row, 0xFF);
            return hn::IfThenElse(flagged, hn::Set(d, not_given<std::int32_t>), hn::LoadU(d, x + row));
          },
          out.values<std::int32_t>(of) + at);
    }
    case RegisterType::real: {
      const auto* x = block.values<double>(of);
      return picked.copy_reals([&](std::int32_t row) { return flags[row] != 0 ? not_given<double> : x[row]; },
                               out.values<double>(of) + at);
    }
  }
}

}  // namespace

void PickRows(int rows, PickedRows& out) {
  constexpr int group_rows = PickedRows::group_rows;
  const int count = (rows + lane_rows - 1) / lane_rows * lane_rows;
  std::uint8_t* const marks = out.marks.data();
  std::fill(marks + rows, marks + count, std::uint8_t{0});
  out.count = list_marked(marks, rows, out.rows.data());
  std::int32_t before = 0;
  const int groups = count / group_rows;
  for (int group = 0; group < groups; ++group) {
    out.begins[static_cast<std::size_t>(group)] = before;
    std::uint64_t bytes[2];
    std::memcpy(bytes, marks + group * group_rows, group_rows);
    before += static_cast<std::int32_t>(((bytes[0] + bytes[1]) * 0x0101010101010101) >> 56);
  }
  out.begins[static_cast<std::size_t>(groups)] = before;
  const hn::CappedTag<std::int32_t, group_rows> capped;
  const hn::Rebind<std::uint8_t, decltype(capped)> bytes;
  const hn::RebindToUnsigned<decltype(capped)> whole;
  const auto within = hn::Set(whole, group_rows - 1);
  for (int group = 0; group < groups; ++group) {
    const std::int32_t* first = out.rows.data() + out.begins[static_cast<std::size_t>(group)];
    std::uint8_t* order = out.orders.data() + group * group_rows;
    for (int i = 0; i < group_rows; i += lanes_of(capped)) {
      const auto places = hn::And(hn::BitCast(whole, hn::LoadU(capped, first + i)), within);
      hn::StoreU(hn::TruncateTo(bytes, places), bytes, order + i);
    }
  }
}

void CopyPicked(const Block& block, const PickedRows& picked, int from, int to, const BoundingSteps& steps, Block& out,
                int at) {
  const Picked rows(picked, from, to);
  for (const Register of : steps.flags) {
    const std::uint8_t* flags = block.flags(of);
    rows.copy_bytes([&](auto d, int row) HWY_ATTR { return hn::LoadU(d, flags + row); }, out.flags(of) + at);
  }
  for (const Register of : steps.answers) copy_answers(rows, block, of, out, at);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(PickRows);
HWY_EXPORT(CopyPicked);

void pick_rows(int rows, PickedRows& picked) { HWY_DYNAMIC_DISPATCH(PickRows)(rows, picked); }

void copy_picked(const Block& block, const PickedRows& picked, int from, int to, const BoundingSteps& steps, Block& out,
                 int at) {
  HWY_DYNAMIC_DISPATCH(CopyPicked)(block, picked, from, to, steps, out, at);
}

}  // namespace appraise::detail
#endif
