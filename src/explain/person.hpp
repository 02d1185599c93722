/// One person's assessment as written responses, and variants of it.
#pragma once

#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/detail/plan.hpp"
#include "score/responses.hpp"

namespace appraise::detail {

/// The responses of one row, as text.
[[nodiscard]] ResponseRow responses_of(const Plan& plan, const Caseload& caseload, std::int64_t row);

/// The same person with the baseline response to every item that has points or declares one.
[[nodiscard]] ResponseRow baseline_of(const Plan& plan, const ResponseRow& person);

/// One other answer to one item.
struct Variant {
  std::size_t item = 0;  ///< of Plan::items
  Response response;
  std::string shown;  ///< "from 35 to under 40", or the response
};

/// The other answers that could change a score: options, yes/no, a response in each other band, the next counts. Facts
/// that are not answers (dates, codes, numbers without bands) are not varied, nor are items that were not answered.
[[nodiscard]] std::vector<Variant> variants_of(const Plan& plan, const ResponseRow& person);

}  // namespace appraise::detail
