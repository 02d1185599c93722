/// Columns of a caller's table as the items that they answer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"

namespace appraise::python {

/// A caller's codes and the responses that they stand for; an empty response is a missing one.
using Codes = std::map<std::string, std::string>;

/// The column with its codes translated; what `codes` does not name stays as it is. Text: the dictionary is rewritten.
/// Numbers, Booleans and dates become dictionary-coded text, kept in `owned`.
[[nodiscard]] Column recode(const Column& column, const Codes& codes, std::vector<std::shared_ptr<void>>& owned);

/// How the type of a column is named to a caller: "numbers", "Booleans", "dates" or "text".
[[nodiscard]] const char* type_name(const Column& column) noexcept;

}  // namespace appraise::python
