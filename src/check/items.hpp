/// What items declare.
#pragma once

#include "check/domains.hpp"
#include "check/report.hpp"

namespace appraise::detail {

/// Options, ranges, bands, points, prescribed responses.
void check_items(const Instrument& instrument, Report& report);

/// Whether `response` is a response of the item, as the format gives them.
[[nodiscard]] bool is_response(const Instrument& instrument, const Item& item, const Response& response);
/// What the responses of the item are, in words.
[[nodiscard]] std::string responses_text(const Item& item);

}  // namespace appraise::detail
