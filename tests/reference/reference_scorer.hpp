/// The reference scorer: slow and obvious, written straight from docs/semantics.md, one row at a time. It shares no
/// code with the plan, and the two are compared on random instruments and random rows.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "appraise/instrument.hpp"

namespace appraise::reference {

/// The choices that CompileOptions offers.
struct Choices {
  std::map<std::string, std::string> levels;
  std::vector<std::string> norms;
};

/// Responses by column name ("age", "static.age"); absent: missing. A response that an item cannot be given as is
/// invalid.
using Row = std::map<std::string, Response>;

/// A number (a date as days since 1970-01-01), a label, or nothing.
using Cell = std::variant<std::monostate, double, std::string>;

struct Result {
  std::map<std::string, Cell> columns;  ///< all result columns of docs/definition-format.md
  std::vector<std::string> reasons;     ///< sorted
  std::vector<std::string> cautions;    ///< sorted
};

[[nodiscard]] Result score(const Instrument& instrument, const Choices& choices, const Row& row);

}  // namespace appraise::reference
