/// Reliability of a scale, and what it means for one score.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// One column for each item, one row for each person.
using Items = std::span<const std::span<const double>>;

struct ItemReliability {
  Estimate item_total;     ///< correlation with the total of the other items; Fisher's z interval
  Estimate alpha_without;  ///< alpha of the scale without the item
};

struct Reliability {
  Estimate alpha;         ///< Cronbach's; Feldt's interval
  Estimate standardised;  ///< of items in standard units
  Estimate omega;         ///< McDonald's omega total of one factor, items in standard units
  std::vector<double> loadings;
  std::vector<ItemReliability> items;
  std::int64_t n = 0;
  std::int64_t left_out = 0;
};

/// Internal consistency. An item that does not vary makes what needs correlations `constant`. With fewer than three
/// items omega is `too_few`; where one item would explain more than all of itself it is `not_converged`.
///
/// Missing:  a person who lacks an item is left out, and counted
/// Errors:   UsageError if columns differ in length
/// Cost:     O(n k^2)
/// Accuracy: 1e-12 relative, omega 1e-9
/// Source:   Cronbach (1951), Psychometrika 16, 297-334; Feldt, Woodruff & Salih (1987), Applied Psychological
///           Measurement 11, 93-103; McDonald (1999), Test theory; the factor by least squares of the
///           correlations off the diagonal (minres, Harman & Jones 1966)
[[nodiscard]] Reliability reliability(Items items, double level = 0.95);

/// What a reliability means in points.
struct MeasurementError {
  double sem = not_available;  ///< standard error of measurement
  double sdc = not_available;  ///< smallest detectable change of one person
  Status status = Status::no_data;
};

/// SEM = sd * sqrt(1 - reliability); SDC = z * sqrt(2) * SEM.
///
/// Errors: UsageError if `standard_deviation` is negative or `reliability` outside [0, 1]
/// Source: de Vet et al. (2006), Journal of Clinical Epidemiology 59, 1033-1039
[[nodiscard]] MeasurementError measurement_error(double standard_deviation, double reliability, double level = 0.95);

enum class Direction : std::uint8_t { unknown, decreased, unchanged, increased };

struct ReliableChange {
  std::vector<double> index;         ///< (after - before) / (sqrt(2) SEM); NaN where a score is missing
  std::vector<Direction> direction;  ///< beyond what measurement error explains at `level`; unknown where missing
  std::int64_t decreased = 0, unchanged = 0, increased = 0, left_out = 0;
};

/// Reliable change index of each person.
///
/// Errors: UsageError if lengths differ or `sem` is not positive
/// Source: Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59, 12-19
[[nodiscard]] ReliableChange reliable_change(std::span<const double> before, std::span<const double> after, double sem,
                                             double level = 0.95);

}  // namespace appraise::statistics
