/// Evidence: how far a figure can be trusted, and where it was seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace appraise {

/// From strongest to weakest, so that the mark of a block is the greatest of its marks.
enum class Mark : std::uint8_t { verified, derived, unverified, structure_only };

[[nodiscard]] std::string_view to_string(Mark mark) noexcept;

/// A public source that figures were seen in.
struct Source {
  std::string key;
  std::string citation;
  std::string url;  ///< empty if none
};

struct Evidence {
  Mark mark = Mark::unverified;
  std::vector<std::string> sources;  ///< "key" or "key: place in it"
  std::string note;
};

}  // namespace appraise
