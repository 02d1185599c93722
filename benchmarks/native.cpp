// Only the instruction set that this file is compiled for.
#define HWY_COMPILE_ONLY_STATIC
#include "native.hpp"

#include <hwy/cache_control.h>
#include <hwy/highway.h>

namespace appraise::benchmarks {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

const hn::ScalableTag<std::uint8_t> lanes;

/// What was read last: so that no compiler leaves the reading out.
HWY_ALIGN thread_local std::uint8_t seen[hn::MaxLanes(lanes)];

}  // namespace

void read_bytes(const std::uint8_t* bytes, std::size_t size) noexcept {
  const std::size_t width = hn::Lanes(lanes);
  auto a = hn::Zero(lanes), b = a, c = a, d = a;  // four, so that none waits for the one before
  std::size_t at = 0;
  for (; at + 4 * width <= size; at += 4 * width) {
    a = hn::Or(a, hn::LoadU(lanes, bytes + at));
    b = hn::Or(b, hn::LoadU(lanes, bytes + at + width));
    c = hn::Or(c, hn::LoadU(lanes, bytes + at + 2 * width));
    d = hn::Or(d, hn::LoadU(lanes, bytes + at + 3 * width));
  }
  for (; at + width <= size; at += width) a = hn::Or(a, hn::LoadU(lanes, bytes + at));
  std::uint8_t rest = 0;
  for (; at < size; ++at) rest |= bytes[at];
  hn::Store(hn::Or(hn::Or(a, b), hn::Or(c, d)), lanes, seen);
  seen[0] |= rest;
}

void write_bytes(std::uint8_t* bytes, std::size_t size, bool streaming) noexcept {
  const std::size_t width = hn::Lanes(lanes);
  const auto value = hn::Load(lanes, seen);
  std::size_t at = 0;
  if (streaming) {
    for (; at + width <= size; at += width) hn::Stream(value, lanes, bytes + at);
  } else {
    for (; at + width <= size; at += width) hn::StoreU(value, lanes, bytes + at);
  }
  for (; at < size; ++at) bytes[at] = seen[0];
}

void finish_streaming() noexcept { hwy::FlushStream(); }

const char* native_target() noexcept { return hwy::TargetName(HWY_STATIC_TARGET); }

}  // namespace appraise::benchmarks
