/// Writes the result columns of reported scales, a block at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "appraise/detail/block.hpp"
#include "appraise/score.hpp"

namespace appraise::detail {

/// One result column of n rows, being filled. A row that is not set is null.
class ColumnWriter {
 public:
  ColumnWriter(std::string name, ScoreColumn::Kind kind, std::int64_t rows);

  void set(std::int64_t row, double value);
  /// Null unless the number is finite and, in a whole column, an int32.
  void set_if_held(std::int64_t row, double value);
  [[nodiscard]] ScoreColumn& column() noexcept { return column_; }
  /// The column; its validity is dropped if every row is set.
  [[nodiscard]] ScoreColumn finish();

 private:
  ScoreColumn column_;
  std::int64_t rows_;
  std::int64_t set_ = 0;
};

/// The result columns of one scale.
class ScaleWriter {
 public:
  ScaleWriter(const PlannedScale& scale, const ScoreOptions& options, std::int64_t rows);

  void write(const Block& block, std::int64_t first);
  void finish(std::vector<ScoreColumn>& columns);

 private:
  struct NormWriter {
    const Norms* norms;
    std::map<double, NormRow> rows;     ///< by score
    std::vector<ColumnWriter> columns;  ///< rate, rate_low, rate_high, percentile, risk_ratio: those the set has
    std::vector<std::optional<double> NormRow::*> figures;
  };

  ColumnWriter& add(const std::string& suffix, ScoreColumn::Kind kind);
  void add_levels(const ScoreOptions& options);
  void add_norms(const Norms& norms);
  void write_level(const Block& block, int row, std::int64_t at, double value);
  void write_bounds(const Block& block, int row, std::int64_t at);
  void write_norms(std::int64_t at, double value);

  const PlannedScale& scale_;
  std::int64_t rows_;
  bool whole_;
  std::vector<ColumnWriter> columns_;
  // Positions in columns_, or -1.
  int value_ = -1, status_ = -1, level_ = -1, standard_ = -1, lowest_ = -1, highest_ = -1, lowest_level_ = -1,
      highest_level_ = -1, to_cut_ = -1;
  std::vector<std::int32_t> standards_;  ///< label of each level, or -1
  std::vector<NormWriter> norms_;
};

/// What terms of sums added.
class ContributionWriter {
 public:
  ContributionWriter(const Plan& plan, std::int64_t rows);

  void write(const Block& block, std::int64_t first);
  void finish(std::vector<ScoreColumn>& columns);

 private:
  std::vector<ColumnWriter> columns_;
};

/// The status that flags mean.
[[nodiscard]] Status status_of(std::uint8_t flags) noexcept;

}  // namespace appraise::detail
