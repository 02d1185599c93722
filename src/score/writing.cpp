#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/writing.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "score/bytes.hpp"
#include "score/rows.hpp"
#include "score/stores-inl.hpp"
#include "score/values-inl.hpp"
#include "score/writing.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// map[byte] of a vector of bytes below 16.
class Mapping {
 public:
#if HWY_TARGET == HWY_SCALAR
  explicit Mapping(const ByteMap& map) : map_(map) {}
  HWY_INLINE hn::Vec<ByteTag> at(hn::Vec<ByteTag> x) const { return hn::Set(ByteTag(), map_[hn::GetLane(x)]); }

 private:
  const ByteMap& map_;
#else
  HWY_INLINE explicit Mapping(const ByteMap& map) : map_(hn::LoadDup128(ByteTag(), map.data())) {}
  HWY_INLINE hn::Vec<ByteTag> at(hn::Vec<ByteTag> x) const { return hn::TableLookupBytes(map_, x); }

 private:
  hn::Vec<ByteTag> map_;
#endif
};

/// The rows of a block in a result column of bytes, if there is one.
class ByteRows {
 public:
  ByteRows(void* column, std::int64_t first, int rows, Stores stores)
      : stores_(stores), rows_(rows), out_(column == nullptr ? nullptr : static_cast<std::uint8_t*>(column) + first) {}

  [[nodiscard]] bool are_there() const { return out_ != nullptr; }
  HWY_INLINE void put(int row, hn::Vec<ByteTag> x) const {
    const ByteTag d;
    if (HWY_LIKELY(row + lanes_of(d) <= rows_)) return put_lanes(x, d, stores_, out_ + row);
    std::uint8_t last[HWY_MAX_BYTES];
    hn::StoreU(x, d, last);
    std::copy(last, last + (rows_ - row), out_ + row);
  }

 private:
  Stores stores_;
  int rows_;
  std::uint8_t* out_;
};

/// Validity and status by flags, and labels.
void WriteFlags(const Block& block, const CopiedColumn& column, const ByteMap& statuses, const ColumnMemory* memory,
                std::int64_t first, Stores stores, std::uint8_t* joined) {
  const ByteTag d;
  const int rows = block.rows();
  const bool gated = column.gate != no_register;
  const Register of = gated ? column.before : column.of;
  const std::uint8_t *own = block.flags(of), *gate = block.flags(gated ? column.gate : of);
  const auto* x = block.values<std::uint8_t>(of);
  const Mapping valid_of(*column.valid), status_of(statuses);
  const auto hides = hn::Set(d, gated ? unusable_flags : std::uint8_t{0});  // else what has no value is 0 already
  const BitRows validity(memory[column.column].validity, first, rows);
  const ByteRows labels(column.as == CopiedColumn::As::labels ? memory[column.column].values : nullptr, first, rows,
                        stores);
  const ByteRows status(column.status < 0 ? nullptr : memory[column.status].values, first, rows, stores);
  for (int row = 0; row < rows; row += lanes_of(d)) {
    const auto flags = hn::Or(hn::LoadU(d, own + row), hn::LoadU(d, gate + row));
    validity.put(row, hn::Ne(valid_of.at(flags), hn::Zero(d)));
    if (status.are_there()) status.put(row, status_of.at(flags));
    if (labels.are_there()) {
      labels.put(row, hn::IfThenElseZero(hn::Eq(hn::And(flags, hides), hn::Zero(d)), hn::LoadU(d, x + row)));
    }
    if (joined != nullptr) hn::StoreU(flags, d, joined + row);
  }
}

/// Whole numbers, 0 in rows whose flags say that they are not usable, if there are flags: `at` gives them by vector,
/// and one by one.
template <class At, class AtOne>
HWY_INLINE void EachWhole(int n, const std::uint8_t* flags, Stores stores, std::int32_t* out, At at, AtOne at_one) {
  const WholeTag d;
  const int lanes = lanes_of(d);
  int i = 0;
  if (flags == nullptr) {
    for (; i + lanes <= n; i += lanes) put_lanes(at(i), d, stores, out + i);
    for (; i < n; ++i) out[i] = at_one(i);
    return;
  }
  for (; i + lanes <= n; i += lanes) {
    put_lanes(hn::IfThenZeroElse(any_bits(d, flags + i, unusable_flags), at(i)), d, stores, out + i);
  }
  for (; i < n; ++i) out[i] = unusable(flags[i]) ? 0 : at_one(i);
}

void CopyWholes(const std::int32_t* x, int n, const std::uint8_t* flags, Stores stores, std::int32_t* out) {
  EachWhole(
      n, flags, stores, out, [&](int i) HWY_ATTR { return hn::LoadU(WholeTag(), x + i); }, [&](int i) { return x[i]; });
}

void WidenBytes(const std::int8_t* x, int n, const std::uint8_t* flags, Stores stores, std::int32_t* out) {
  const hn::Rebind<std::int8_t, WholeTag> bytes;
  EachWhole(
      n, flags, stores, out, [&](int i) HWY_ATTR { return hn::PromoteTo(WholeTag(), hn::LoadU(bytes, x + i)); },
      [&](int i) { return static_cast<std::int32_t>(x[i]); });
}

}  // namespace

void WriteWholes(const std::int8_t* x, int n, Stores stores, std::int32_t* out) {
  WidenBytes(x, n, nullptr, stores, out);
}

void WriteLevelled(const Block& block, Register value, Register level, const ByteMap& statuses,
                   const std::uint8_t* standards, std::int64_t first, [[maybe_unused]] Stores stores,
                   const LevelledColumns& out) {
  const int rows = block.rows();
  const auto* x = block.values<std::int8_t>(value);
  const auto* levels = block.values<std::uint8_t>(level);
  const std::uint8_t* flags = block.flags(value);
  int row = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<std::uint8_t> d;
  const hn::ScalableTag<std::int32_t> words;
  const hn::Rebind<std::int8_t, decltype(words)> narrow;
  const auto lanes = static_cast<int>(hn::Lanes(d)), word_lanes = static_cast<int>(hn::Lanes(words));
  const auto status_of = hn::LoadDup128(d, statuses.data()), standard_of = hn::LoadDup128(d, standards);
  const auto unusable_bits = hn::Set(d, unusable_flags);
  for (; row + lanes <= rows; row += lanes) {
    const auto own = hn::LoadU(d, flags + row), at = hn::LoadU(d, levels + row);
    put_lanes(hn::TableLookupBytes(status_of, own), d, stores, out.status + first + row);
    put_lanes(at, d, stores, out.level + first + row);
    if (out.standard != nullptr) {
      const auto usable = hn::Eq(hn::And(own, unusable_bits), hn::Zero(d));
      const auto standard = hn::IfThenElseZero(usable, hn::TableLookupBytes(standard_of, at));
      put_lanes(standard, d, stores, out.standard + first + row);
    }
    for (int i = 0; i < lanes; i += word_lanes) {
      const auto wide = hn::PromoteTo(words, hn::LoadU(narrow, x + row + i));
      put_lanes(wide, words, stores, out.value + first + row + i);
    }
  }
#endif
  for (; row < rows; ++row) {
    const std::uint8_t own = flags[row];
    const bool usable = (own & unusable_flags) == 0;
    out.status[first + row] = statuses[own];
    out.level[first + row] = levels[row];
    if (out.standard != nullptr) out.standard[first + row] = usable ? standards[levels[row]] : std::uint8_t{0};
    out.value[first + row] = x[row];
  }
}

void CopyReals(const Block& block, Register of, Stores stores, double* out) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<std::int32_t, decltype(d)> words;
  const hn::Rebind<std::int8_t, decltype(d)> bytes;
  const int n = block.rows(), lanes = static_cast<int>(hn::Lanes(d));
  const auto copy = [&](auto at) HWY_ATTR {
    const auto zero = hn::Zero(d);  // -0 and 0 are 0
    int i = 0;
    for (; i + lanes <= n; i += lanes) put_lanes(hn::Add(at(i), zero), d, stores, out + i);
    for (; i < n; ++i) out[i] = block.number(of, i) + 0.0;
  };
  switch (block.type(of)) {
    case RegisterType::byte:
      return copy([&](int i) HWY_ATTR {
        const auto narrow = hn::LoadU(bytes, block.values<std::int8_t>(of) + i);
        return hn::PromoteTo(d, hn::PromoteTo(words, narrow));
      });
    case RegisterType::whole:
      return copy([&](int i)
                      HWY_ATTR { return hn::PromoteTo(d, hn::LoadU(words, block.values<std::int32_t>(of) + i)); });
    case RegisterType::real:
      break;
  }
  copy([&](int i) HWY_ATTR { return hn::LoadU(d, block.values<double>(of) + i); });
}

void CopyBytes(const std::uint8_t* x, int n, Stores stores, std::uint8_t* out) {
  const ByteTag d;
  const ByteRows bytes(out, 0, n, stores);
  for (int i = 0; i < n; i += lanes_of(d)) bytes.put(i, hn::LoadU(d, x + i));
}

void WriteValidity(const std::uint8_t* x, const ByteMap& map, int rows, std::int64_t first, std::uint8_t* out) {
  const ByteTag d;
  const BitRows bits(out, first, rows);
  const Mapping of(map);
  for (int row = 0; row < rows; row += lanes_of(d)) {
    bits.put(row, hn::Ne(of.at(hn::LoadU(d, x + row)), hn::Zero(d)));
  }
}

void WriteColumns(const Block& block, const std::vector<CopiedColumn>& columns, const ByteMap& statuses,
                  const ColumnMemory* memory, std::int64_t first, Stores stores) {
  const int rows = block.rows();
  for (const CopiedColumn& column : columns) {
    const bool gated = column.gate != no_register;
    const Register of = gated ? column.before : column.of;
    std::uint8_t joined[largest_block];
    const bool hides = gated && column.as == CopiedColumn::As::wholes;
    WriteFlags(block, column, statuses, memory, first, stores, hides ? joined : nullptr);
    const std::uint8_t* flags = hides ? joined : nullptr;
    void* const out = memory[column.column].values;
    if (column.as == CopiedColumn::As::reals) {
      CopyReals(block, of, stores, static_cast<double*>(out) + first);
    } else if (column.as == CopiedColumn::As::wholes && block.type(of) == RegisterType::byte) {
      WidenBytes(block.values<std::int8_t>(of), rows, flags, stores, static_cast<std::int32_t*>(out) + first);
    } else if (column.as == CopiedColumn::As::wholes) {
      CopyWholes(block.values<std::int32_t>(of), rows, flags, stores, static_cast<std::int32_t*>(out) + first);
    }
  }
}

void IndexValues(const Block& block, Register of, int lowest, int none, std::uint8_t* index) {
  const int rows = block.padded();
  const auto* x = block.values<std::int8_t>(of);
  const std::uint8_t* flags = block.flags(of);
  const auto other = static_cast<std::uint8_t>(none);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const auto at = static_cast<std::uint8_t>(x[row] - lowest);
    const std::uint8_t own = flags[row];
    index[row] = (own & unusable_flags) != 0 ? other : at;
  }
}

template <class Value>
void LookUp(const std::uint8_t* index, const Value* table, int n, Stores stores, Value* out) {
  const hn::ScalableTag<Value> d;
  const hn::RebindToSigned<decltype(d)> indices;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  int i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto narrow = hn::LoadU(bytes, index + i);
    const hn::Rebind<std::int32_t, decltype(d)> words;
    const auto at = hn::PromoteTo(words, narrow);
    if constexpr (sizeof(Value) == 8) {
      put_lanes(hn::GatherIndex(d, table, hn::PromoteTo(indices, at)), d, stores, out + i);
    } else {
      put_lanes(hn::GatherIndex(d, table, at), d, stores, out + i);
    }
  }
  for (; i < n; ++i) out[i] = table[index[i]];
}

void LookUpReals(const std::uint8_t* index, const double* table, int n, Stores stores, double* out) {
  LookUp(index, table, n, stores, out);
}
void LookUpWholes(const std::uint8_t* index, const std::int32_t* table, int n, Stores stores, std::int32_t* out) {
  LookUp(index, table, n, stores, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(WriteColumns);
HWY_EXPORT(WriteWholes);
HWY_EXPORT(WriteLevelled);
HWY_EXPORT(CopyBytes);
HWY_EXPORT(WriteValidity);
HWY_EXPORT(IndexValues);
HWY_EXPORT(LookUpReals);
HWY_EXPORT(LookUpWholes);

void write_columns(const Block& block, const std::vector<CopiedColumn>& columns, const ByteMap& statuses,
                   const ColumnMemory* memory, std::int64_t first, Stores stores) {
  HWY_DYNAMIC_DISPATCH(WriteColumns)(block, columns, statuses, memory, first, stores);
}

void write_wholes(const std::int8_t* x, int rows, std::int64_t first, Stores stores, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(WriteWholes)(x, rows, stores, out + first);
}

void write_levelled(const Block& block, Register value, Register level, const ByteMap& statuses,
                    const std::uint8_t* standards, std::int64_t first, Stores stores, const LevelledColumns& out) {
  HWY_DYNAMIC_DISPATCH(WriteLevelled)(block, value, level, statuses, standards, first, stores, out);
}

void write_labels(const std::uint8_t* x, int rows, std::int64_t first, Stores stores, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(CopyBytes)(x, rows, stores, out + first);
}

void write_validity(const Block& block, Register of, const ByteMap& map, std::int64_t first, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(WriteValidity)(block.flags(of), map, block.rows(), first, out);
}

void index_values(const Block& block, Register of, int lowest, int none, std::uint8_t* index) {
  HWY_DYNAMIC_DISPATCH(IndexValues)(block, of, lowest, none, index);
}

void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<double>& table,
                     std::int64_t first, Stores stores, double* out) {
  HWY_DYNAMIC_DISPATCH(LookUpReals)(index, table.data(), block.rows(), stores, out + first);
}

void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<std::int32_t>& table,
                     std::int64_t first, Stores stores, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(LookUpWholes)(index, table.data(), block.rows(), stores, out + first);
}

void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<std::uint8_t>& table,
                     std::int64_t first, Stores stores, std::uint8_t* out) {
  std::uint8_t bytes[largest_block];
  look_up_bytes(index, table, block.padded(), bytes);
  HWY_DYNAMIC_DISPATCH(CopyBytes)(bytes, block.rows(), stores, out + first);
}

void write_bits(const std::uint8_t* bytes, int rows, std::int64_t first, std::uint8_t* out) {
  constexpr ByteMap itself{0, 1};
  HWY_DYNAMIC_DISPATCH(WriteValidity)(bytes, itself, rows, first, out);
}

void write_held(const Block& block, const std::uint8_t* index, const std::vector<std::uint8_t>& held,
                std::int64_t first, std::uint8_t* out) {
  std::uint8_t bytes[largest_block];
  look_up_bytes(index, held, block.padded(), bytes);  // 0 or 1
  write_bits(bytes, block.rows(), first, out);
}

void finish_stores() { hwy::FlushStream(); }

}  // namespace appraise::detail
#endif
