/// Verification: a definition against its own worked and boundary cases.
#pragma once

#include <string>
#include <vector>

#include "appraise/instrument.hpp"

namespace appraise {

/// A result that differs from what its case expects.
struct Mismatch {
  std::string id;      ///< of the case
  std::string source;  ///< of the case
  std::string column;
  std::string expected;
  std::string found;
  Place place;
};

struct Verification {
  std::size_t cases = 0;
  std::size_t comparisons = 0;
  std::vector<Mismatch> mismatches;
};

/// Scores every case of the instrument and compares what it expects. Unverified figures are accepted: the cases are
/// what they are verified against.
///
/// Errors: UsageError if a case names an item or a result column that does not exist
[[nodiscard]] Verification verify(std::shared_ptr<const Instrument> instrument);

}  // namespace appraise
