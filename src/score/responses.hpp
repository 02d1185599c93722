/// Rows of written responses as a caseload.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/instrument.hpp"
#include "appraise/scores.hpp"

namespace appraise::detail {

/// One row: responses by column name; a column that is left out is missing.
using ResponseRow = std::map<std::string, Response>;

/// A caseload that owns its columns: dictionary-coded text, one column for each name.
class WrittenCaseload {
 public:
  WrittenCaseload(const std::vector<std::string>& names, const std::vector<ResponseRow>& rows);
  [[nodiscard]] const Caseload& caseload() const noexcept { return caseload_; }

 private:
  std::vector<std::vector<std::int32_t>> indices_;
  std::vector<std::vector<std::uint8_t>> validity_;
  Caseload caseload_;
};

/// The shortest text that reads back as this number.
[[nodiscard]] std::string to_text(double number);
/// A response as text; empty if there is none.
[[nodiscard]] std::string to_text(const Response& response);
/// A result cell as a response: number, label, date or status; none if null.
[[nodiscard]] Response result_of(const ScoreColumn& column, std::int64_t row);
/// The texts of a row, joined by "; ".
[[nodiscard]] std::string joined(const TextLists& lists, std::int64_t row);

}  // namespace appraise::detail
