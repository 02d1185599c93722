#include "appraise/caseload.hpp"

#include <algorithm>
#include <atomic>
#include <set>

#include "appraise/diagnostic.hpp"

namespace appraise {

namespace {

std::uint64_t next_identity() noexcept {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

}  // namespace

Caseload::Caseload(std::vector<Column> columns) : columns_(std::move(columns)), identity_(next_identity()) {
  if (!columns_.empty()) rows_ = columns_.front().length;
  std::set<std::string_view> names;
  for (const Column& column : columns_) {
    if (!names.insert(column.name).second) throw UsageError("column '" + column.name + "' comes twice");
    if (column.length != rows_) {
      throw UsageError("column '" + column.name + "' has " + std::to_string(column.length) + " rows; expected " +
                       std::to_string(rows_) + ", as column '" + columns_.front().name + "' has");
    }
  }
}

const Column* Caseload::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(columns_.begin(), columns_.end(), [&](const Column& column) { return column.name == name; });
  return found == columns_.end() ? nullptr : &*found;
}

Caseload Caseload::slice(std::int64_t first, std::int64_t count) const {
  if (first < 0 || count < 0 || first > rows_ || count > rows_ - first) {
    throw UsageError("rows " + std::to_string(first) + " to " + std::to_string(first + count) +
                     " are not all there; the caseload has " + std::to_string(rows_));
  }
  Caseload part = *this;
  part.rows_ = count;
  part.identity_ = next_identity();
  for (Column& column : part.columns_) {
    column.offset += first;
    column.length = count;
  }
  return part;
}

}  // namespace appraise
