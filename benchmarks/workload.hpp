/// What is scored: random caseloads of valid answers, in columns of one width.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "appraise/appraise.hpp"
#include "memory_traffic.hpp"

namespace appraise::benchmarks {

/// How the answers lie in memory. Boolean forms are for yes/no items, beside int8 for all others. Dates are date32,
/// codes of a list are dictionary indices in every form.
enum class Width : std::uint8_t {
  int8,
  int16,
  int32,
  int64,
  float64,
  boolean_bytes,
  boolean_bits,
  dictionary8,
  dictionary32
};
[[nodiscard]] const char* to_string(Width width) noexcept;

/// The first and last number or day that is drawn, where a caseload of any valid answers would be mostly
/// contradictions.
using Windows = std::map<std::string, std::pair<double, double>>;

/// One or several instruments with the columns that their caseload has.
struct Subject {
  std::string name;
  std::vector<std::string> instruments;  ///< built-in ids
  bool optional_columns = false;
  bool int8_only = false;                 ///< not measured in other widths
  std::vector<std::string> without = {};  ///< optional columns left out
  Windows windows = {};
};

/// The built-in instruments that are measured.
[[nodiscard]] const std::vector<Subject>& subjects();
[[nodiscard]] const Subject& subject(const std::string& name);

/// The instrument alone, scored with other choices of result columns.
[[nodiscard]] ScoringPlan plan_of(const std::string& instrument, bool all_norms);
[[nodiscard]] std::vector<ScoringPlan> plans_of(const Subject& subject, bool all_norms);

/// Value, status and level; and everything there is.
[[nodiscard]] ScoreOptions levels_only();
[[nodiscard]] ScoreOptions everything(bool reasons);

/// A column of the plan's caseload and the item that answers it.
struct NamedItem {
  std::string column;
  const Item* item;
  const Instrument* owner;
};
[[nodiscard]] std::vector<NamedItem> items_of(const Instrument& instrument, const std::string& prefix = "");

/// A caseload of answers drawn evenly from the valid ones, without missing ones or with one in fifty missing.
class RandomCaseload {
 public:
  RandomCaseload(const std::vector<NamedItem>& items, Width width, std::int64_t rows, const Windows& windows = {});
  RandomCaseload(const Subject& subject, Width width, std::int64_t rows);

  [[nodiscard]] const Caseload& complete() const noexcept { return complete_; }
  [[nodiscard]] const Caseload& with_missing() const noexcept { return with_missing_; }

 private:
  void add(const NamedItem& item, Width width, std::int64_t rows, const Windows& windows);

  std::vector<Values<std::uint8_t>> memory_;
  std::map<std::string, std::size_t> drawn_;  ///< item -> number of its column: an item used twice is stored once
  std::vector<Column> columns_, columns_with_missing_;
  Caseload complete_, with_missing_;
};

}  // namespace appraise::benchmarks
