/// The version of the library. Results carry it.
#pragma once

#include <string_view>

#define APPRAISE_VERSION_MAJOR 0
#define APPRAISE_VERSION_MINOR 1
#define APPRAISE_VERSION_PATCH 0

namespace appraise {

/// "0.1.0"
[[nodiscard]] std::string_view version() noexcept;

}  // namespace appraise
