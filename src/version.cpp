#include "appraise/version.hpp"

#define APPRAISE_TEXT_OF(number) #number
#define APPRAISE_TEXT(number) APPRAISE_TEXT_OF(number)

namespace appraise {

std::string_view version() noexcept {
  return APPRAISE_TEXT(APPRAISE_VERSION_MAJOR) "." APPRAISE_TEXT(APPRAISE_VERSION_MINOR) "." APPRAISE_TEXT(
      APPRAISE_VERSION_PATCH);
}

}  // namespace appraise
