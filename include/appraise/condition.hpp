/// Conditions: what rules of use, item applicability, terms and decision tables ask of a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "appraise/diagnostic.hpp"

namespace appraise {

/// A reference as written: "age", "total.level", "static.total", "static.total.level".
using Reference = std::string;

/// What a value is compared with. Text is an option code, a label, "yes", "no" or an ISO date; its meaning follows from
/// the value it is compared with.
struct Operand {
  enum class Kind : std::uint8_t { number, text, reference };
  Kind kind = Kind::number;
  double number = 0;
  std::string text;  ///< the text, or the reference

  friend bool operator==(const Operand&, const Operand&) = default;
};

/// One comparison, or several conditions joined. An object with several comparisons is read as `all` of them.
///
/// Missing: three-valued. A comparison with a value that is not there is unknown.
struct Condition {
  enum class Kind : std::uint8_t {
    equals,    ///< of == operands[0]
    in,        ///< of is one of operands
    at_least,  ///< of >= operands[0]
    above,
    at_most,
    below,
    is_missing,  ///< operands[0].number is 1 (is missing) or 0 (is there)
    all,         ///< every one of parts
    any,         ///< at least one of parts
    negation,    ///< not parts[0]
  };
  Kind kind = Kind::all;
  Reference of;
  std::vector<Operand> operands;
  std::vector<Condition> parts;
  Place place;
};

}  // namespace appraise
