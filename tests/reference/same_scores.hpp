/// Compares scores with scores, bit for bit.
#pragma once

#include <cstdint>
#include <string>

#include "appraise/scores.hpp"

namespace appraise::testing {

/// Whether the texts for rows must also be numbered alike, as those of equal calls are.
enum class Numbering : std::uint8_t { alike, own };

/// The first difference between `part` and rows [first, first + part.rows) of `whole`; empty if there is none.
///
/// Of values all bytes count, those without validity too. `part` may have fewer columns, and no texts.
[[nodiscard]] std::string difference(const Scores& whole, std::int64_t first, const Scores& part, Numbering numbering);

}  // namespace appraise::testing
