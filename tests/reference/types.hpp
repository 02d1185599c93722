/// The type of every value, worked out from the definition alone. docs/semantics.md, "Items" and "Operations".
#pragma once

#include <string>
#include <vector>

#include "appraise/instrument.hpp"

namespace appraise::reference {

struct Type {
  ValueType type = ValueType::whole;
  std::vector<std::string> labels;  ///< of a category, in order

  [[nodiscard]] bool operator==(const Type&) const = default;
};

[[nodiscard]] Type type_of(const Instrument& instrument, const Scale& scale);

/// Of what the reference stands for where a number is read.
[[nodiscard]] Type type_of(const Instrument& instrument, const Reference& reference);

}  // namespace appraise::reference
