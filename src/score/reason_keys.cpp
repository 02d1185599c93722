// Bits that tell rows apart, read from a block.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/reason_keys.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/reason_memo.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {

/// Bytes of lane_rows rows, one plane after the other. A byte is put together from its highest bits.
void ReadPlanes(const Block& block, const std::vector<RowKeys::Part>& parts, int first, std::uint8_t* end) {
  const ByteTag d;
  for (int row = 0; row < lane_rows; row += lanes_of(d)) {
    const auto at = [&](const std::uint8_t* x) HWY_ATTR { return hn::LoadU(d, x + first + row); };
    std::uint8_t* plane = end + row;
    auto byte = hn::Zero(d);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (part->truth == no_register) {
        byte = hn::Or(hn::ShiftLeft<4>(byte), at(block.flags(part->flags)));
      } else {
        auto truth = at(block.values<std::uint8_t>(part->truth));
        if (part->flags != no_register) {
          truth = hn::IfThenZeroElse(hn::Eq(at(block.flags(part->flags)), hn::Zero(d)), truth);
        }
        byte = hn::Or(hn::Add(byte, byte), truth);
      }
      if (!part->begins) continue;
      plane -= lane_rows;
      hn::StoreU(byte, d, plane);
      byte = hn::Zero(d);
    }
  }
}

/// Words of lane_rows rows, from their bytes.
void JoinPlanes(const std::uint8_t* planes, std::size_t bytes, std::uint64_t* keys) {
  const hn::ScalableTag<std::uint64_t> d;
  const hn::Rebind<std::uint32_t, decltype(d)> words;
  const hn::Rebind<std::uint8_t, decltype(d)> narrow;
  for (std::size_t begin = 0; begin < bytes; begin += 8, keys += lane_rows) {
    for (int row = 0; row < lane_rows; row += lanes_of(d)) {
      auto word = hn::Zero(d);
      for (std::size_t byte = std::min(begin + 8, bytes); byte-- > begin;) {
        const auto own = hn::LoadU(narrow, planes + byte * lane_rows + static_cast<std::size_t>(row));
        word = hn::Or(hn::ShiftLeft<8>(word), hn::PromoteTo(d, hn::PromoteTo(words, own)));
      }
      hn::StoreU(word, d, keys + row);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ReadPlanes);
HWY_EXPORT(JoinPlanes);

void RowKeys::read(const Block& block, int first) {
  HWY_DYNAMIC_DISPATCH(ReadPlanes)(block, parts_, first, planes_.data() + planes_.size());
  HWY_DYNAMIC_DISPATCH(JoinPlanes)(planes_.data(), bytes_, keys_.data());
}

}  // namespace appraise::detail
#endif
