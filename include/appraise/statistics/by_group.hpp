/// Any figure by group, and whether the groups differ in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics {

/// A figure of the people in some rows, with its interval.
using EstimateOf = std::function<Estimate(std::span<const std::uint32_t> rows)>;

struct ByGroupOptions {
  bool ratio = false;  ///< of ratios (E/O, odds and hazard ratios), whose standard errors are of their logarithms
  std::optional<std::int32_t> reference;  ///< whom the others are compared with; else the largest group
  std::int64_t smallest = 10;             ///< groups of fewer people are suppressed; 1 suppresses nothing
  double level = 0.95;
};

/// The figure of one group. A suppressed group has no figure and no count.
struct GroupFigure {
  std::int32_t group = 0;
  bool suppressed = false;
  std::int64_t n = 0;
  Estimate figure;
  /// The figure less that of the reference group; of ratios, over it. Wald's interval and test; the reference group
  /// itself differs by 0 (ratios: 1), `no_variance`.
  Difference difference;
};

struct ByGroup {
  std::vector<GroupFigure> groups;        ///< ascending by group
  std::optional<std::int32_t> reference;  ///< none if it is not shown
  Test equal;                             ///< Cochran's Q: one true figure for the groups that have standard errors
  std::int64_t left_out = 0;              ///< rows whose group is not known
};

/// A figure of each group: C index, hazard ratio, calibration slope of followed people, survival at a time ...
///
/// Shape:   n groups (below 0: not known)
/// Missing: a figure without a standard error has no difference, and the reason
/// Errors:  UsageError if nobody belongs to `reference`. What `figure` throws is passed on
/// Cost:    one call of `figure` for each group that is shown
/// Source:  Cochran (1954), Biometrics 10, 101-129; as metafor::rma(method = "FE")
[[nodiscard]] ByGroup by_group(std::span<const std::int32_t> groups, const EstimateOf& figure,
                               const ByGroupOptions& options = {});

}  // namespace appraise::statistics
