#include "appraise/evidence.hpp"

namespace appraise {

std::string_view to_string(Mark mark) noexcept {
  switch (mark) {
    case Mark::verified:
      return "verified";
    case Mark::derived:
      return "derived";
    case Mark::unverified:
      return "unverified";
    case Mark::structure_only:
      return "structure_only";
  }
  return "structure_only";
}

}  // namespace appraise
