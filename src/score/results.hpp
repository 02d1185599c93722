/// Writes the result columns of a plan, a block at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "appraise/score.hpp"
#include "score/bounds.hpp"
#include "score/distances.hpp"
#include "score/sweep_maker.hpp"
#include "score/writing.hpp"

namespace appraise::detail {

class Row;

/// The result columns of one plan. Blocks of different rows may be written at the same time by different threads.
class ResultWriter {
 public:
  ResultWriter(const Layout& layout, const ScoreOptions& options);

  /// Makes room for the columns of so many rows in results of this plan before, or in none.
  void begin(std::int64_t rows, Scores& scores);
  /// Writes rows [first, first + block.rows()); `first` is a multiple of lane_rows.
  void write(const Block& block, std::int64_t first);
  /// Writes lowest, or highest, values and levels, which a block holds as those of their scales.
  void write_bounds(const Block& block, End end, std::int64_t first);
  /// A sweep that writes all columns, if there can be one.
  [[nodiscard]] std::optional<Sweep> make_sweep(const std::vector<Decoder>& decoders) const;
  /// Where the columns lie, in order.
  [[nodiscard]] const std::vector<ColumnMemory>& memory() const noexcept { return memory_; }
  [[nodiscard]] Stores stores() const noexcept { return stores_; }
  [[nodiscard]] ResultMemory where() const noexcept { return {memory_.data(), stores_}; }
  /// The columns of terms by their registers, if any are wanted: the sums that work terms out write them.
  [[nodiscard]] const std::vector<std::int32_t>& term_columns() const noexcept { return term_columns_; }
  /// Registers behind a gate that are read from before it, as they are written to their columns.
  [[nodiscard]] const std::vector<Register>& passing() const noexcept { return passing_; }
  /// Drops the validity of columns in which every row is valid.
  void finish();

  /// One row by itself, in results of this plan before, or in none.
  void begin_row(Scores& scores);
  void write_row(const Row& row);

  [[nodiscard]] Scores& scores() noexcept { return *scores_; }

 private:
  /// A column that is a function of the value: of values, of which one that is not there is NaN, as is its figure.
  struct Derived {
    int column = -1;
    std::function<void(std::span<const double> values, double* figures)> function;
    std::vector<MeasuredBand> bands;   ///< of distances; none: norms
    std::vector<double> reals;         ///< by value, where values are bytes
    std::vector<std::int32_t> wholes;  ///< the same for a whole column
    std::vector<std::uint8_t> held;    ///< whether there is a figure
  };
  /// Positions of a scale's columns in the results, or -1.
  struct ScaleColumns {
    const PlannedScale* planned;
    int value = -1, status = -1, level = -1, standard = -1;
    int lowest = -1, highest = -1, lowest_level = -1, highest_level = -1;
    std::vector<std::uint8_t> standards;     ///< by level, then of no level
    std::vector<std::uint8_t> has_standard;  ///< the same
    int levels = 0;
    bool levelled = false;         ///< value, status and levels are written in one pass
    std::vector<Derived> derived;  ///< distance to the nearest cut, norms
    int lowest_value = 0;          ///< that tables of derived columns begin with
    int values = 0;                ///< that they hold
  };
  struct Contribution {
    const PlannedContribution* planned;
    int column;
  };

  void resize(std::int64_t rows);
  int add(const std::string& name, ScoreColumn::Kind kind);
  void add_scale(const PlannedScale& scale);
  void add_contribution(const PlannedContribution& one);
  /// A column of a register's numbers.
  [[nodiscard]] CopiedColumn copied(int column, Register of, const ByteMap& valid) const;
  void pass_gate(CopiedColumn& column);
  void add_levels(ScaleColumns& columns);
  void add_norms(ScaleColumns& columns, const Norms& norms);
  void tabulate(ScaleColumns& columns);
  void add_to(SweepMaker& sweep) const;
  void add_bounds_to(SweepMaker& sweep, const ScaleColumns& columns) const;
  void add_levels_to(SweepMaker& sweep, const ScaleColumns& columns) const;
  void add_derived_to(SweepMaker& sweep, const ScaleColumns& columns) const;
  [[nodiscard]] bool is_levelled(const ScaleColumns& columns) const;
  void write_levelled_scale(const ScaleColumns& columns, const Block& block, std::int64_t first);
  void write_standard_level(const ScaleColumns& columns, const Block& block, std::int64_t first);
  void write_derived(const ScaleColumns& columns, const Block& block, std::int64_t first);
  void put_derived(const Derived& derived, double value);
  void work_out_derived(const ScaleColumns& columns, const Block& block, std::int64_t first);
  void work_out_norms(const ScaleColumns& columns, const Block& block, std::int64_t first);
  [[nodiscard]] ScoreColumn& at(int column) noexcept { return scores_->columns[static_cast<std::size_t>(column)]; }
  [[nodiscard]] const ScoreColumn& at(int column) const noexcept {
    return scores_->columns[static_cast<std::size_t>(column)];
  }

  const Layout& layout_;
  ScoreOptions options_;
  Scores empty_;
  Scores* scores_ = nullptr;
  Stores stores_ = Stores::cached;
  std::vector<ScaleColumns> scales_;
  std::vector<Contribution> contributions_;
  std::vector<CopiedColumn> copied_, lowest_, highest_;
  std::vector<CopiedColumn> terms_;         ///< of blocks, sums write them
  std::vector<std::int32_t> term_columns_;  ///< the same by register
  std::vector<std::uint8_t> is_read_;       ///< of each register: by an operation, or as a contribution
  std::vector<Register> passing_;
  std::vector<ColumnMemory> memory_;
};

}  // namespace appraise::detail
