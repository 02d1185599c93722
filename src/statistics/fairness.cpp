#include "appraise/statistics/fairness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "appraise/statistics/regression.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

/// The complete rows of one group.
struct Group {
  std::vector<double> scores, predicted;
  std::vector<std::uint8_t> outcomes;
};
using Groups = std::map<std::int32_t, Group>;

struct Share {
  std::int64_t count = 0, n = 0;
};

/// How often a group is above the cut, and how often that is right.
struct Errors {
  Share flagged, false_positive, false_negative, positive_value, negative_value;
};

Errors errors_of(const Group& group, double cut) {
  std::int64_t tp = 0, fp = 0, fn = 0, tn = 0;
  for (std::size_t i = 0; i < group.scores.size(); ++i) {
    const bool above = group.scores[i] >= cut, event = group.outcomes[i] == 1;
    ++(event ? (above ? tp : fn) : (above ? fp : tn));
  }
  return {{tp + fp, tp + fp + fn + tn}, {fp, fp + tn}, {fn, tp + fn}, {tp, tp + fp}, {tn, tn + fn}};
}

Estimate share_of(const Share& share, const FairnessOptions& options) {
  if (share.n < options.smallest) return detail::absent(Status::suppressed);
  return proportion(share.count, share.n, options.level);
}

/// Pearson's chi-square of equal shares over the groups that are shown.
Test equal_shares(const std::vector<Share>& shares, std::int64_t smallest) {
  double count = 0, n = 0, groups = 0;
  for (const Share& each : shares) {
    if (each.n < smallest) continue;
    count += static_cast<double>(each.count);
    n += static_cast<double>(each.n);
    ++groups;
  }
  if (groups < 2) return detail::absent_test(Status::too_few);
  const double rate = count / n;
  if (!(rate > 0 && rate < 1)) return detail::absent_test(Status::no_variance);
  double chi = 0;
  for (const Share& each : shares) {
    if (each.n < smallest) continue;
    const double m = static_cast<double>(each.n), apart = static_cast<double>(each.count) - m * rate;
    chi += apart * apart / (m * rate * (1 - rate));
  }
  return detail::chi_square_test(chi, groups - 1);
}

Test equal_aucs(const std::vector<GroupFigures>& groups) {
  double weights = 0, sum = 0, count = 0;
  for (const GroupFigures& each : groups) {
    if (each.auc.interval != Status::estimated) continue;
    const double weight = 1 / (each.auc.standard_error * each.auc.standard_error);
    weights += weight;
    sum += weight * each.auc.value;
    ++count;
  }
  if (count < 2) return detail::absent_test(Status::too_few);
  double chi = 0;
  for (const GroupFigures& each : groups) {
    if (each.auc.interval != Status::estimated) continue;
    const double z = (each.auc.value - sum / weights) / each.auc.standard_error;
    chi += z * z;
  }
  return detail::chi_square_test(chi, count - 1);
}

/// Cleary's regressions: score; score and groups; score, groups and their products.
void differential_prediction(const Groups& groups, const FairnessOptions& options, Fairness& result) {
  std::vector<double> scores;
  std::vector<std::uint8_t> outcomes;
  std::vector<std::vector<double>> indicators, products;
  std::size_t shown = 0;
  // From the first score: far from zero a product would follow from its group alone. The tests do not change.
  const double origin = groups.empty() ? 0 : groups.begin()->second.scores.front();
  for (const auto& [label, group] : groups) {
    if (static_cast<std::int64_t>(group.scores.size()) < options.smallest) continue;
    ++shown;
    if (shown > 1) {  // the first group is what the others are compared with
      indicators.emplace_back(scores.size(), 0.0);
      products.emplace_back(scores.size(), 0.0);
    }
    scores.insert(scores.end(), group.scores.begin(), group.scores.end());
    outcomes.insert(outcomes.end(), group.outcomes.begin(), group.outcomes.end());
    for (std::size_t k = 0; k < indicators.size(); ++k) {
      const bool own = shown > 1 && k + 1 == indicators.size();
      indicators[k].resize(scores.size(), own ? 1.0 : 0.0);
      for (std::size_t i = products[k].size(); i < scores.size(); ++i)
        products[k].push_back(own ? scores[i] - origin : 0.0);
    }
  }
  if (shown < 2) {
    result.intercepts = result.slopes = detail::absent_test(Status::too_few);
    return;
  }
  std::vector<std::span<const double>> columns = {scores};
  const Regression score = logistic_regression(columns, outcomes);
  columns.insert(columns.end(), indicators.begin(), indicators.end());
  const Regression intercepts = logistic_regression(columns, outcomes);
  columns.insert(columns.end(), products.begin(), products.end());
  const Regression slopes = logistic_regression(columns, outcomes);
  result.intercepts = likelihood_ratio_test(intercepts, score);
  result.slopes = likelihood_ratio_test(slopes, intercepts);
}

Groups complete_groups(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                       std::span<const std::int32_t> labels, const FairnessOptions& options, Fairness& result) {
  constexpr std::string_view name = "fairness";
  detail::check_level(name, options.level);
  detail::check_length(name, "outcomes", outcomes.size(), scores.size());
  detail::check_length(name, "groups", labels.size(), scores.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  if (!options.predicted.empty()) detail::check_length(name, "predicted", options.predicted.size(), scores.size());
  if (options.smallest < 1) detail::refuse(name, "smallest", std::to_string(options.smallest), "1 or more");
  Groups groups;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool rated = options.predicted.empty() || !std::isnan(options.predicted[i]);
    if (std::isnan(scores[i]) || outcomes[i] == missing_outcome || labels[i] < 0 || !rated) {
      ++result.left_out;
      continue;
    }
    Group& group = groups[labels[i]];
    group.scores.push_back(scores[i]);
    group.outcomes.push_back(outcomes[i]);
    if (!options.predicted.empty()) group.predicted.push_back(options.predicted[i]);
  }
  return groups;
}

}  // namespace

Fairness fairness(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                  std::span<const std::int32_t> labels, const FairnessOptions& options) {
  Fairness result;
  result.note =
      "Where base rates differ, rates that mean the same in every group (calibration, predictive values) and equal "
      "error rates cannot all hold at once, unless prediction is perfect. Error rates and predictive values depend on "
      "the cut and on the base rate: a difference in them alone does not show that a score means something else in a "
      "group. Which criterion matters is not a question of statistics.";
  const Groups groups = complete_groups(scores, outcomes, labels, options, result);
  std::array<std::vector<Share>, 5> shares;
  for (const auto& [label, group] : groups) {
    GroupFigures& figures = result.groups.emplace_back();
    figures.group = label;
    figures.suppressed = static_cast<std::int64_t>(group.scores.size()) < options.smallest;
    const std::array rates = {&figures.flagged, &figures.false_positive_rate, &figures.false_negative_rate,
                              &figures.positive_predictive_value, &figures.negative_predictive_value};
    if (figures.suppressed) {
      figures.base_rate = figures.auc = figures.slope = detail::absent(Status::suppressed);
      figures.expected_observed.ratio = figures.expected_observed.by_logarithm = detail::absent(Status::suppressed);
      for (Estimate* rate : rates) *rate = detail::absent(Status::suppressed);
      continue;
    }
    const Auc area = auc(group.scores, group.outcomes, options.level);
    figures.sample = area.sample;
    figures.auc = area.auc;
    figures.base_rate = proportion(area.sample.events, area.sample.n, options.level);
    figures.slope = odds_ratio_per_point(group.scores, group.outcomes, options.level).value;
    if (figures.slope.status == Status::estimated) {
      figures.slope.value = std::log(figures.slope.value);
      figures.slope.low = std::log(figures.slope.low);
      figures.slope.high = std::log(figures.slope.high);
    }
    if (!options.predicted.empty()) {
      figures.expected_observed = expected_observed(group.predicted, group.outcomes, options.level);
    }
    if (!options.cut) continue;
    const Errors errors = errors_of(group, *options.cut);
    const std::array found = {errors.flagged, errors.false_positive, errors.false_negative, errors.positive_value,
                              errors.negative_value};
    for (std::size_t k = 0; k < found.size(); ++k) {
      *rates[k] = share_of(found[k], options);
      shares[k].push_back(found[k]);
    }
  }
  result.auc = equal_aucs(result.groups);
  const std::array tests = {&result.flagged, &result.false_positive_rate, &result.false_negative_rate,
                            &result.positive_predictive_value, &result.negative_predictive_value};
  for (std::size_t k = 0; options.cut && k < tests.size(); ++k) *tests[k] = equal_shares(shares[k], options.smallest);
  differential_prediction(groups, options, result);
  return result;
}

}  // namespace appraise::statistics
