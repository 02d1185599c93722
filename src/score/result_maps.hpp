/// What the flags of a row mean for its results.
#pragma once

#include "appraise/detail/plan.hpp"
#include "appraise/scores.hpp"
#include "score/writing.hpp"

namespace appraise::detail {

template <class Function>
constexpr ByteMap map_of(Function function) {
  ByteMap map{};
  for (std::size_t flags = 0; flags < map.size(); ++flags) {
    map[flags] = static_cast<std::uint8_t>(function(static_cast<std::uint8_t>(flags)));
  }
  return map;
}

inline constexpr ByteMap usable_rows = map_of([](std::uint8_t flags) { return (flags & unusable_flags) == 0; });
inline constexpr ByteMap bounded_rows = map_of([](std::uint8_t flags) { return (flags & hiding_flags) == 0; });
inline constexpr ByteMap usable_or_left_out = map_of(
    [](std::uint8_t flags) { return (flags & unusable_flags) == 0 || (flags & unusable_flags) == flag_missing; });
inline constexpr ByteMap statuses = map_of([](std::uint8_t flags) {
  if ((flags & flag_inapplicable) != 0) return Status::not_applicable;
  if ((flags & flag_invalid) != 0) return Status::invalid;
  if ((flags & flag_missing) != 0) return Status::incomplete;
  return (flags & flag_omitted) != 0 ? Status::scored_with_omissions : Status::scored;
});

}  // namespace appraise::detail
