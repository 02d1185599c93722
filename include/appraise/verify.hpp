/// Verification: a definition against its own worked and boundary cases.
#pragma once

#include <cstdint>
#include <memory>
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

/// Something that a definition says, and how many of its cases exercise it.
struct CoveredPart {
  enum class Kind : std::uint8_t {
    option,     ///< of a choice or of yes/no
    band,       ///< of an item or of a look-up
    level,      ///< of a level scheme
    row,        ///< of a decision table or of `choose`, `otherwise` included
    cell,       ///< of a table that has figures
    reference,  ///< that `first_available` falls back to
    condition,  ///< a comparison, once for holding and once for not holding
  };
  Kind kind = Kind::option;
  std::string address;  ///< in the definition: "items/age/bands/1"
  std::string what;     ///< the option, the level, the comparison, in words
  std::size_t cases = 0;
};

[[nodiscard]] const char* to_string(CoveredPart::Kind kind) noexcept;

/// What the cases of an instrument exercise, in the order of the definition.
///
/// A case exercises a part if it is answered, reached or decided in a row that no rule of use refuses; rules of use and
/// the items that they read are looked at in every row. Levels count in cases that ask for their scheme. What belongs
/// to the instruments it uses is theirs. Errors: as for `verify`
[[nodiscard]] std::vector<CoveredPart> coverage(const std::shared_ptr<const Instrument>& instrument);

}  // namespace appraise
