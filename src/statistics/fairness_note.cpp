#include <algorithm>
#include <array>
#include <cstdio>

#include "statistics/common.hpp"
#include "statistics/fairness_groups.hpp"

namespace appraise::statistics::detail {
namespace {

constexpr std::string_view rule =
    "Where base rates differ, equal predictive values, equal false positive rates and equal false negative rates "
    "cannot "
    "all hold at once, unless prediction is perfect (Chouldechova 2017). Nor can rates be right in every group and, on "
    "average, be the same in every group for those with the outcome and for those without (Kleinberg et al. 2016). ";
constexpr std::string_view choice =
    "Error rates and predictive values depend on the cut and on the base rate: a difference in them alone does not "
    "show "
    "that a score means something else in a group. Which criterion matters is not a question of statistics.";

std::string percent(double share) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.1f%%", 100 * share);
  return text.data();
}

std::string p_value(double p) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), p < 0.001 ? "p below 0.001" : "p %.3f", p);
  return text.data();
}

struct Range {
  double low = infinity, high = -infinity;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool empty() const { return low > high; }
  [[nodiscard]] std::string text() const { return percent(low) + " to " + percent(high); }
};

Share together(std::span<const Group* const> groups, std::size_t which) {
  Share sum;
  for (const Group* group : groups) {
    sum.count += group->shares[which].count;
    sum.n += group->shares[which].n;
  }
  return sum;
}

double value_of(const Share& share) { return static_cast<double>(share.count) / static_cast<double>(share.n); }

/// What the base rates demand of the false positive rates: p / (1 - p) * (1 - v) / v * (1 - f), v the predictive value
/// and f the false negative rate. Source: Chouldechova (2017).
std::string implied(std::span<const Group* const> groups, const FairnessOptions& options, Fairness& result) {
  const Share predictive = together(groups, 4), missed = together(groups, 3);
  const bool known = predictive.n >= options.smallest && missed.n >= options.smallest && predictive.count > 0;
  Range demanded;
  for (GroupFigures& each : result.groups) {
    if (each.suppressed) continue;
    if (each.base_rate.status != Status::estimated || !known || each.base_rate.value == 1) {
      each.implied_false_positive_rate = absent(known ? Status::one_class : Status::too_few);
      continue;
    }
    const double p = each.base_rate.value, v = value_of(predictive), f = value_of(missed);
    each.implied_false_positive_rate = without_interval(p / (1 - p) * (1 - v) / v * (1 - f), Status::by_resampling);
    demanded.add(each.implied_false_positive_rate.value);
  }
  if (!known || demanded.empty()) return "";
  if (predictive.count == predictive.n && missed.count == 0) {
    return "At this cut prediction is perfect in these people, so that all of them hold here. ";
  }
  return "At this cut, were the positive predictive value " + percent(value_of(predictive)) +
         " and the false negative rate " + percent(value_of(missed)) +
         " in every group, as they are in all together, the base rates would force false positive rates of " +
         demanded.text() + " on the groups. ";
}

}  // namespace

void say_what_excludes_what(std::span<const Group* const> groups, const FairnessOptions& options, Fairness& result) {
  std::string here;
  const std::string forced = options.cut ? implied(groups, options, result) : "";
  Range rates;
  for (const Group* group : groups) rates.add(value_of(group->shares[0]));
  if (groups.size() < 2) {
    here = groups.empty() ? "No group is large enough to be shown. " : "Only one group is shown. ";
  } else if (rates.low == rates.high) {
    here = "Here the base rates are the same, so that these criteria do not exclude each other. ";
  } else {
    here = "Here base rates run from " + rates.text();
    if (result.base_rate.status != Status::estimated) {
      here += ". ";
    } else if (result.base_rate.p_value < 0.05) {
      here += ", which chance does not explain (" + p_value(result.base_rate.p_value) + "). ";
    } else {
      here += ", which chance may explain (" + p_value(result.base_rate.p_value) +
              "): they exclude each other as far as the true base rates differ. ";
    }
    here += forced;
  }
  result.note = std::string(rule) + here + std::string(choice);
}

}  // namespace appraise::statistics::detail
