/// Figures by name, to be worked out on any rows: what the bootstrap draws again and again, on several threads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/statistics/bootstrap.hpp"

namespace appraise::statistics {

/// What a figure is of.
enum class FigureColumn : std::uint8_t {
  numbers,   ///< one column of numbers: scores, rates, times, ratings
  outcomes,  ///< 0, 1 or missing
  events,    ///< 0, 1, 2 (competing) or missing
  raters,    ///< any number of columns of numbers: raters, or items
};

struct FigureArgument {
  std::string_view name;
  FigureColumn column = FigureColumn::numbers;
};

/// A figure that has a name, and what it takes, in order.
struct FigureKind {
  std::string_view name;
  std::vector<FigureArgument> arguments;
  bool horizon = false;  ///< it takes a horizon
};

/// Every figure that has a name: "auc", "harrells_c", "expected_observed", "kappa" ...
[[nodiscard]] const std::vector<FigureKind>& figures();

/// A figure with its data, which are looked at and not copied.
///
/// Shape: `numbers` in the order of the figure's arguments, those of raters last; one outcome column at most
struct NamedFigure {
  std::string figure;
  std::vector<std::span<const double>> numbers;
  std::span<const std::uint8_t> outcomes = {};  ///< outcomes or events
  std::optional<double> horizon = {};
};

/// The figure of given rows, NaN where it has none; the data must outlive it.
///
/// Missing: as the verb of the figure
/// Errors:  UsageError for a name that is no figure's, columns that are too many, too few or of different lengths, and
/// a
///          horizon that is lacking or not called for; what the verb itself refuses when it is called
/// Cost:    that of the verb, and of gathering the rows
/// Threads: safe to call concurrently
[[nodiscard]] Statistic statistic_of(const NamedFigure& figure);

/// First less second, of the same rows: the difference of two scores of the same people.
[[nodiscard]] Statistic difference_of(Statistic first, Statistic second);

}  // namespace appraise::statistics
