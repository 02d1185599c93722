/// An explanation in plain words.
#pragma once

#include <string>

#include "appraise/explain.hpp"
#include "appraise/instrument.hpp"
#include "appraise/scores.hpp"

namespace appraise::detail {

/// One sentence for each norm set that has the score.
[[nodiscard]] std::vector<std::string> norm_sentences(const Instrument& instrument, const Scores& scores,
                                                      const std::string& scale);

/// The paragraph, from the explanation's other fields.
[[nodiscard]] std::string paragraph_of(const Explanation& explanation, const Instrument& instrument);

}  // namespace appraise::detail
