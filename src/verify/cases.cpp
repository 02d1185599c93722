#include "verify/cases.hpp"

#include <algorithm>

namespace appraise::detail {

ResponseRow row_of(const Case& one, const std::vector<std::string>& items) {
  ResponseRow row;
  for (const auto& [item, response] : one.responses) {
    if (std::find(items.begin(), items.end(), item) == items.end()) {
      throw UsageError("case '" + one.id + "' has a response to '" + item + "', which is no item");
    }
    row.emplace(item, response);
  }
  return row;
}

}  // namespace appraise::detail
