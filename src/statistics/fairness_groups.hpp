/// The complete rows of each group, and what is compared between groups.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "appraise/statistics/fairness.hpp"

namespace appraise::statistics::detail {

struct Share {
  std::int64_t count = 0, n = 0;
};

/// The shares of a group, in this order wherever they are listed. The first needs no cut.
inline constexpr std::array share_figures = {&GroupFigures::base_rate,
                                             &GroupFigures::flagged,
                                             &GroupFigures::false_positive_rate,
                                             &GroupFigures::false_negative_rate,
                                             &GroupFigures::positive_predictive_value,
                                             &GroupFigures::negative_predictive_value};
inline constexpr std::array share_differences = {&GroupDifference::base_rate,
                                                 &GroupDifference::flagged,
                                                 &GroupDifference::false_positive_rate,
                                                 &GroupDifference::false_negative_rate,
                                                 &GroupDifference::positive_predictive_value,
                                                 &GroupDifference::negative_predictive_value};
inline constexpr std::array share_tests = {&Fairness::base_rate,
                                           &Fairness::flagged,
                                           &Fairness::false_positive_rate,
                                           &Fairness::false_negative_rate,
                                           &Fairness::positive_predictive_value,
                                           &Fairness::negative_predictive_value};

struct Group {
  std::int32_t label = 0;
  std::vector<double> scores, predicted;
  std::vector<std::uint8_t> outcomes;
  std::array<Share, share_figures.size()> shares;
};

/// Shares that were asked for: the base rate, with a cut all.
[[nodiscard]] inline std::size_t shares_wanted(const FairnessOptions& options) {
  return options.cut ? share_figures.size() : 1;
}

/// Tests over `groups`, all of them shown, and the differences from the first of them, the reference group. `figures`
/// are theirs, in the same order.
void compare(std::span<const Group* const> groups, std::span<const GroupFigures* const> figures,
             const FairnessOptions& options, Fairness& result);

/// Works out the implied false positive rates and says what excludes what.
void say_what_excludes_what(std::span<const Group* const> groups, const FairnessOptions& options, Fairness& result);

}  // namespace appraise::statistics::detail
