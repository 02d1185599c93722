#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/writing.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "score/rows.hpp"
#include "score/writing.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <class Value, class Out>
void Copy(const Value* x, int n, Out* out) {
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) out[i] = static_cast<Out>(x[i]);
}

void CopyWholes(const Block& block, Register of, int n, std::int32_t* out) {
  if (block.type(of) == RegisterType::byte) return Copy(block.values<std::int8_t>(of), n, out);
  Copy(block.values<std::int32_t>(of), n, out);
}

void CopyReals(const Block& block, Register of, int n, double* out) {
  if (block.type(of) == RegisterType::byte) return Copy(block.values<std::int8_t>(of), n, out);
  if (block.type(of) == RegisterType::whole) return Copy(block.values<std::int32_t>(of), n, out);
  const auto* x = block.values<double>(of);
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) out[i] = x[i] + 0.0;
}

void MapFlags(const std::uint8_t* flags, const FlagTable& table, int n, std::uint8_t* out) {
#if HWY_TARGET == HWY_SCALAR
  const int vectors = 0;
#else
  const hn::ScalableTag<std::uint8_t> d;
  const int vectors = n / static_cast<int>(hn::Lanes(d)) * static_cast<int>(hn::Lanes(d));
  const auto of = hn::LoadDup128(d, table.data());
  for (int i = 0; i < vectors; i += static_cast<int>(hn::Lanes(d))) {
    hn::StoreU(hn::TableLookupBytes(of, hn::LoadU(d, flags + i)), d, out + i);
  }
#endif
  for (int i = vectors; i < n; ++i) out[i] = table[flags[i]];
}

/// Bits of `padded` rows, a multiple of 64.
void PackFlags(const std::uint8_t* flags, const FlagTable& table, int padded, std::uint64_t* bits) {
#if HWY_TARGET == HWY_SCALAR
  for (int i = 0; i < padded; i += 64) {
    std::uint64_t word = 0;
    for (int k = 0; k < 64; ++k) word |= std::uint64_t{table[flags[i + k]] != 0} << k;
    bits[i / 64] = word;
  }
#else
  const hn::ScalableTag<std::uint8_t> d;
  const auto of = hn::LoadDup128(d, table.data());
  auto* bytes = reinterpret_cast<std::uint8_t*>(bits);
  for (int i = 0; i < padded; i += static_cast<int>(hn::Lanes(d))) {
    const auto held = hn::TableLookupBytes(of, hn::LoadU(d, flags + i));
    hn::StoreMaskBits(d, hn::Ne(held, hn::Zero(d)), bytes + i / 8);
  }
#endif
}

/// table[index - lowest] where the row is usable, else 0.
void MapBytes(const std::uint8_t* index, int lowest, const std::uint8_t* flags, const std::vector<std::uint8_t>& table,
              int n, std::uint8_t* out) {
  if (table.size() > 16) {
    const auto* of = reinterpret_cast<const std::int8_t*>(index);
    for (int i = 0; i < n; ++i) out[i] = table[static_cast<std::size_t>(of[i] - lowest)];
  } else {
    FlagTable small{};
    std::copy(table.begin(), table.end(), small.begin());
    std::uint8_t moved[largest_block];
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) moved[i] = static_cast<std::uint8_t>(index[i] - lowest);
    MapFlags(moved, small, n, out);
  }
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const std::uint8_t own = flags[i], value = out[i];
    out[i] = (own & unusable_flags) != 0 ? std::uint8_t{0} : value;
  }
}

template <class Value>
void LookUp(const std::int8_t* x, const std::uint8_t* flags, const Value* table, int lowest, int n, Value* out) {
  const Value* of = table - lowest;
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const Value value = of[x[i]];
    const std::uint8_t own = flags[i];
    out[i] = (own & unusable_flags) != 0 ? Value{0} : value;
  }
}
void LookUpReals(const std::int8_t* x, const std::uint8_t* flags, const double* table, int lowest, int n, double* out) {
  LookUp(x, flags, table, lowest, n, out);
}
void LookUpWholes(const std::int8_t* x, const std::uint8_t* flags, const std::int32_t* table, int lowest, int n,
                  std::int32_t* out) {
  LookUp(x, flags, table, lowest, n, out);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(CopyWholes);
HWY_EXPORT(CopyReals);
HWY_EXPORT(MapFlags);
HWY_EXPORT(PackFlags);
HWY_EXPORT(MapBytes);
HWY_EXPORT(LookUpReals);
HWY_EXPORT(LookUpWholes);

void write_wholes(const Block& block, Register of, std::int64_t first, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(CopyWholes)(block, of, block.rows(), out + first);
}

void write_reals(const Block& block, Register of, std::int64_t first, double* out) {
  HWY_DYNAMIC_DISPATCH(CopyReals)(block, of, block.rows(), out + first);
}

void write_labels(const Block& block, Register of, std::int64_t first, std::uint8_t* out) {
  std::memcpy(out + first, block.values<std::uint8_t>(of), static_cast<std::size_t>(block.rows()));
}

void write_mapped(const Block& block, Register of, const std::vector<std::uint8_t>& table, std::int64_t first,
                  std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(MapBytes)
  (block.values<std::uint8_t>(of), 0, block.flags(of), table, block.rows(), out + first);
}

void write_flags(const Block& block, Register of, const FlagTable& table, std::int64_t first, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(MapFlags)(block.flags(of), table, block.rows(), out + first);
}

namespace {

void put_bits(std::uint64_t* bits, int rows, std::int64_t first, std::uint8_t* out) {
  if (const int rest = rows % 64; rest != 0) bits[rows / 64] &= (std::uint64_t{1} << rest) - 1;
  std::memcpy(out + first / 8, bits, static_cast<std::size_t>(rows + 7) / 8);
}

}  // namespace

void write_validity(const Block& block, Register of, const FlagTable& table, std::int64_t first, std::uint8_t* out) {
  std::uint64_t bits[largest_block / 64];
  HWY_DYNAMIC_DISPATCH(PackFlags)(block.flags(of), table, block.padded(), bits);
  put_bits(bits, block.rows(), first, out);
}

void write_held(const Block& block, Register of, const std::vector<std::uint8_t>& held, int lowest, std::int64_t first,
                std::uint8_t* out) {
  constexpr FlagTable itself{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  std::uint8_t bytes[largest_block];
  std::uint64_t bits[largest_block / 64];
  HWY_DYNAMIC_DISPATCH(MapBytes)
  (block.values<std::uint8_t>(of), lowest, block.flags(of), held, block.padded(), bytes);
  HWY_DYNAMIC_DISPATCH(PackFlags)(bytes, itself, block.padded(), bits);
  put_bits(bits, block.rows(), first, out);
}

void write_looked_up(const Block& block, Register of, const std::vector<double>& table, int lowest, std::int64_t first,
                     double* out) {
  HWY_DYNAMIC_DISPATCH(LookUpReals)
  (block.values<std::int8_t>(of), block.flags(of), table.data(), lowest, block.rows(), out + first);
}

void write_looked_up(const Block& block, Register of, const std::vector<std::int32_t>& table, int lowest,
                     std::int64_t first, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(LookUpWholes)
  (block.values<std::int8_t>(of), block.flags(of), table.data(), lowest, block.rows(), out + first);
}

}  // namespace appraise::detail
#endif
