// Values that follow from one byte or whole number, looked up.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_tables.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "score/bytes.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using Bytes = hn::Vec<ByteTag>;

#if HWY_TARGET != HWY_SCALAR
/// table[index], index from 0, of up to sixteen sixteens; an index beyond gives 0.
HWY_INLINE Bytes look_up(const std::uint8_t* table, std::size_t size, Bytes index) {
  const ByteTag d;
  auto found = hn::Zero(d);
  for (std::size_t from = 0; from < size; from += 16) {
    // 0 to 15 become 0x70 to 0x7F, of which the low half counts; all else has its high bit set, which gives 0.
    const auto here = hn::SaturatedAdd(hn::Sub(index, hn::Set(d, static_cast<std::uint8_t>(from))), hn::Set(d, 0x70));
    found = hn::Or(found, hn::TableLookupBytesOr0(hn::LoadDup128(d, table + from), here));
  }
  return found;
}
#else
HWY_INLINE Bytes look_up(const std::uint8_t* table, std::size_t size, Bytes index) {
  const std::size_t at = hn::GetLane(index);
  return hn::Set(ByteTag(), at < size ? table[at] : std::uint8_t{0});
}
#endif

/// Where values stand in a table, of a vector of bytes of rows.
HWY_INLINE Bytes place_of(const ValueTable& table, const std::uint8_t* x) {
  const ByteTag d;
  return hn::Sub(hn::LoadU(d, x), hn::Set(d, static_cast<std::uint8_t>(table.lowest)));
}
HWY_INLINE Bytes place_of(const ValueTable& table, const std::int32_t* x) {
  const WholeTag d;
  const hn::RebindToUnsigned<WholeTag> words;
  const hn::Rebind<std::uint8_t, WholeTag> bytes;
  const auto lowest = hn::Set(d, table.lowest), highest = hn::Set(d, table.highest);
  return bytes_of(d, lanes_of(ByteTag()), [&](int number) HWY_ATTR {
    const auto within = hn::Min(hn::Max(hn::LoadU(d, x + number * lanes_of(d)), lowest), highest);
    return hn::TruncateTo(bytes, hn::BitCast(words, hn::Sub(within, lowest)));
  });
}

/// Flags of a table's results, stored where they are kept, and places of their values; `use` takes both, for each
/// vector of bytes of rows.
template <class Value, class Use>
HWY_INLINE void each_place(Block& block, const ValueTable& table, Use use) {
  const ByteTag d;
  const auto* x = block.values<Value>(table.of);
  const std::uint8_t* own = block.flags(table.of);
  std::uint8_t* flags = block.flags(table.out);
  const bool raises = !table.flags.empty();
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto place = place_of(table, x + row);
    auto joined = hn::LoadU(d, own + row);
    if (raises) {
      const auto raised = look_up(table.flags.data(), table.flags.size(), place);
      joined = hn::Or(joined, hn::IfThenElseZero(is_usable(joined), raised));
    }
    if (flags != own) hn::StoreU(joined, d, flags + row);
    use(row, place, is_usable(joined));
  });
}

template <class Value>
void make_bytes(Block& block, const ValueTable& table) {
  auto* out = block.values<std::uint8_t>(table.out);
  each_place<Value>(block, table, [&](int row, Bytes place, auto usable) HWY_ATTR {
    const auto value = look_up(table.bytes.data(), table.bytes.size(), place);
    hn::StoreU(hn::IfThenElseZero(usable, value), ByteTag(), out + row);
  });
}

/// Numbers are taken one by one, of eight places that are read at once: a processor gathers half as fast, and a table
/// is in the nearest cache.
template <class Value, class Number>
void make_numbers(Block& block, const ValueTable& table, const std::vector<Number>& numbers) {
  const ByteTag d;
  auto* out = block.values<Number>(table.out);
  const Number* from = numbers.data();
  const auto none = hn::Set(d, static_cast<std::uint8_t>(numbers.size() - 1));
  each_place<Value>(block, table, [&](int row, Bytes place, auto usable) HWY_ATTR {
    std::uint8_t places[std::max<std::size_t>(HWY_MAX_BYTES, sizeof(std::uint64_t))];
    hn::StoreU(hn::IfThenElse(usable, hn::Min(place, none), none), d, places);
    const int rows = lanes_of(d);
    for (int i = 0; i < rows; i += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, places + i, sizeof eight);
      for (int k = 0; k < std::min(rows, 8); ++k) {
        const int shift = std::endian::native == std::endian::little ? 8 * k : 56 - 8 * k;
        out[row + i + k] = from[eight >> shift & 0xFF];
      }
    }
  });
}

template <class Value>
void make(Block& block, const ValueTable& table) {
  switch (block.type(table.out)) {
    case RegisterType::byte:
      return make_bytes<Value>(block, table);
    case RegisterType::whole:
      return make_numbers<Value>(block, table, table.wholes);
    case RegisterType::real:
      break;
  }
  make_numbers<Value>(block, table, table.reals);
}

void run(const Rows& rows, const Step& step) {
  const ValueTable& table = *step.table;
  if (rows.block.type(table.of) == RegisterType::byte) return make<std::uint8_t>(rows.block, table);
  make<std::int32_t>(rows.block, table);
}

}  // namespace

/// `n` is a multiple of lane_rows.
void LookUpBytes(const std::uint8_t* index, const std::vector<std::uint8_t>& table, int n, std::uint8_t* out) {
  const ByteTag d;
  const std::size_t size = table.size();
  const std::uint8_t* of = table.data();
  for (int i = 0; i < n; i += lanes_of(d)) hn::StoreU(look_up(of, size, hn::LoadU(d, index + i)), d, out + i);
}

Kernel TableKernel() { return run; }

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(LookUpBytes);
HWY_EXPORT(TableKernel);

void look_up_bytes(const std::uint8_t* index, const std::vector<std::uint8_t>& table, int n, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(LookUpBytes)(index, table, n, out);
}

Kernel table_kernel() { return HWY_DYNAMIC_DISPATCH(TableKernel)(); }

}  // namespace appraise::detail
#endif
