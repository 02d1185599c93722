/// Counts what operator new hands out in this program (allocations.cpp replaces it).
#pragma once

#include <cstdint>

namespace appraise::testing {

struct Allocations {
  std::int64_t count = 0;  ///< since the program began
  std::int64_t bytes = 0;  ///< handed out since the program began
  std::int64_t held = 0;   ///< not yet given back
  std::int64_t peak = 0;   ///< most that was held since forget_peak()
};

[[nodiscard]] Allocations allocations() noexcept;

/// The peak begins anew from what is held now.
void forget_peak() noexcept;

}  // namespace appraise::testing
