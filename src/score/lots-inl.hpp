// Which rows of a lot have bits of a byte, as masks of vectors of numbers, for each instruction set.
#if defined(APPRAISE_SCORE_LOTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_LOTS_INL_HPP
#undef APPRAISE_SCORE_LOTS_INL_HPP
#else
#define APPRAISE_SCORE_LOTS_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "score/block.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using ByteTag = hn::ScalableTag<std::uint8_t>;
using WholeTag = hn::ScalableTag<std::int32_t>;
using RealTag = hn::ScalableTag<double>;
using Whole = hn::Vec<WholeTag>;
using Real = hn::Vec<RealTag>;
using RealMask = hn::Mask<RealTag>;

/// Lanes of a vector of numbers whose byte has any of these bits.
template <class Tag>
HWY_INLINE hn::Mask<Tag> any_bits(Tag d, const std::uint8_t* bytes, std::uint8_t bits) {
  const hn::Rebind<std::uint8_t, Tag> narrow;
  const hn::Rebind<std::int32_t, Tag> words;
  const auto wide = hn::And(hn::PromoteTo(words, hn::LoadU(narrow, bytes)), hn::Set(words, bits));
  if constexpr (sizeof(hn::TFromD<Tag>) == sizeof(std::int32_t)) {
    return hn::RebindMask(d, hn::Ne(wide, hn::Zero(words)));
  } else {
    const hn::RebindToSigned<Tag> longs;
    return hn::RebindMask(d, hn::Ne(hn::PromoteTo(longs, wide), hn::Zero(longs)));
  }
}

/// Which of lane_rows rows have a byte with any of some bits, for vectors of numbers among them.
template <class Tag>
class LotMask {
 public:
#if HWY_TARGET <= HWY_AVX3
  /// Of a vector of bytes; what follows reads a byte of its bits, or two, at a time.
  HWY_INLINE explicit LotMask(const std::uint8_t* bytes, std::uint8_t bits = 0xFF) {
    const ByteTag d;
    if (bytes == nullptr) return;
    hn::StoreMaskBits(d, hn::Ne(hn::And(hn::LoadU(d, bytes), hn::Set(d, bits)), hn::Zero(d)), bits_);
  }
  HWY_INLINE hn::Mask<Tag> at(int row) const { return hn::LoadMaskBits(Tag(), bits_ + row / 8); }

 private:
  std::uint8_t bits_[8 + 8];  // eight bytes can be read from each
#else
  HWY_INLINE explicit LotMask(const std::uint8_t* bytes, std::uint8_t bits = 0xFF) : bytes_(bytes), bits_(bits) {}
  HWY_INLINE hn::Mask<Tag> at(int row) const { return any_bits(Tag(), bytes_ + row, bits_); }

 private:
  const std::uint8_t* bytes_;
  std::uint8_t bits_;
#endif
};

/// The other way round: masks of vectors of numbers become one of bytes.
class LotBits {
 public:
#if HWY_TARGET <= HWY_AVX3
  HWY_INLINE void put(int row, RealMask mask) { hn::StoreMaskBits(RealTag(), mask, bits_ + row / 8); }
  HWY_INLINE hn::Mask<ByteTag> at(int row) const { return hn::LoadMaskBits(ByteTag(), bits_ + row / 8); }

 private:
  std::uint8_t bits_[8 + 8];  // eight bytes can be written to each
#else
  HWY_INLINE void put(int row, RealMask mask) {
    const hn::RebindToUnsigned<RealTag> wide;
    const hn::Rebind<std::uint8_t, RealTag> narrow;
    const auto truths = hn::IfThenElseZero(hn::RebindMask(wide, mask), hn::Set(wide, 1));
    hn::StoreU(hn::TruncateTo(narrow, truths), narrow, bytes_ + row);
  }
  HWY_INLINE hn::Mask<ByteTag> at(int row) const {
    return hn::Ne(hn::LoadU(ByteTag(), bytes_ + row), hn::Zero(ByteTag()));
  }

 private:
  std::uint8_t bytes_[lane_rows];
#endif
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
