/// Cases as rows of a caseload.
#pragma once

#include <string>
#include <vector>

#include "appraise/instrument.hpp"
#include "score/responses.hpp"

namespace appraise::detail {

/// The responses of a case.
///
/// Errors: UsageError if it answers what is not among `items`
[[nodiscard]] ResponseRow row_of(const Case& one, const std::vector<std::string>& items);

}  // namespace appraise::detail
