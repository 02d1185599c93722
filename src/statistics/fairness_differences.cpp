#include <cmath>

#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/regression.hpp"
#include "statistics/common.hpp"
#include "statistics/fairness_groups.hpp"

namespace appraise::statistics::detail {
namespace {

using Groups = std::span<const Group* const>;
using Figures = std::span<const GroupFigures* const>;

Difference no_difference(Status why) { return {absent(why), absent_test(why)}; }

Difference of_shares(const Share& first, const Share& second, const FairnessOptions& options) {
  if (first.n < options.smallest || second.n < options.smallest) return no_difference(Status::suppressed);
  return proportion_difference(first.count, first.n, second.count, second.n, options.level);
}

/// Pearson's chi-square of equal shares over the groups whose denominators are large enough.
Test equal_shares(Groups groups, std::size_t which, std::int64_t smallest) {
  double count = 0, n = 0, used = 0;
  for (const Group* each : groups) {
    const Share& share = each->shares[which];
    if (share.n < smallest) continue;
    count += static_cast<double>(share.count);
    n += static_cast<double>(share.n);
    ++used;
  }
  if (used < 2) return absent_test(Status::too_few);
  const double rate = count / n;
  if (!(rate > 0 && rate < 1)) return absent_test(Status::no_variance);
  double chi = 0;
  for (const Group* each : groups) {
    const Share& share = each->shares[which];
    if (share.n < smallest) continue;
    const double m = static_cast<double>(share.n), apart = static_cast<double>(share.count) - m * rate;
    chi += apart * apart / (m * rate * (1 - rate));
  }
  return chi_square_test(chi, used - 1);
}

Test equal_aucs(Figures groups) {
  double weights = 0, sum = 0, used = 0;
  for (const GroupFigures* each : groups) {
    if (each->auc.interval != Status::estimated) continue;
    const double weight = 1 / (each->auc.standard_error * each->auc.standard_error);
    weights += weight;
    sum += weight * each->auc.value;
    ++used;
  }
  if (used < 2) return absent_test(Status::too_few);
  double chi = 0;
  for (const GroupFigures* each : groups) {
    if (each->auc.interval != Status::estimated) continue;
    const double z = (each->auc.value - sum / weights) / each->auc.standard_error;
    chi += z * z;
  }
  return chi_square_test(chi, used - 1);
}

/// The groups under each other: a column, its outcomes, and for each group but the first who belongs to it, and the
/// product of that with the column.
struct Stacked {
  std::vector<double> column;
  std::vector<std::uint8_t> outcomes;
  std::vector<std::vector<double>> members, products;
};

using Columns = std::vector<std::span<const double>>;

/// `columns` are one of each group.
Stacked stack(Groups groups, const Columns& columns) {
  std::size_t n = 0;
  for (const Group* group : groups) n += group->outcomes.size();
  Stacked result;
  result.members.assign(groups.size() - 1, std::vector<double>(n, 0));
  result.products = result.members;
  // From the first value: far from zero a product would follow from its group alone. The tests do not change.
  const double origin = columns.front().front();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const double value : columns[g]) {
      if (g > 0) {
        result.members[g - 1][result.column.size()] = 1;
        result.products[g - 1][result.column.size()] = value - origin;
      }
      result.column.push_back(value);
    }
    result.outcomes.insert(result.outcomes.end(), groups[g]->outcomes.begin(), groups[g]->outcomes.end());
  }
  return result;
}

/// Nested regressions: of the column; with the groups; with their products.
struct Nested {
  Regression groups;
  Test intercepts, slopes;
};

Nested nested(const Stacked& people, double level) {
  RegressionOptions options;
  options.level = level;
  Columns columns = {people.column};
  const Regression alone = logistic_regression(columns, people.outcomes, options);
  columns.insert(columns.end(), people.members.begin(), people.members.end());
  Nested result;
  result.groups = logistic_regression(columns, people.outcomes, options);
  columns.insert(columns.end(), people.products.begin(), people.products.end());
  const Regression products = logistic_regression(columns, people.outcomes, options);
  result.intercepts = likelihood_ratio_test(result.groups, alone);
  result.slopes = likelihood_ratio_test(products, result.groups);
  return result;
}

/// Differential prediction, and the odds of each group at the same score.
void cleary(Groups groups, const FairnessOptions& options, Fairness& result) {
  Columns scores;
  for (const Group* group : groups) scores.emplace_back(group->scores);
  const Nested fits = nested(stack(groups, scores), options.level);
  result.intercepts = fits.intercepts;
  result.slopes = fits.slopes;
  for (std::size_t g = 0; g < result.differences.size(); ++g) {
    const Estimate& coefficient = fits.groups.coefficients[g + 2];  // after the intercept and the score
    Difference& odds = result.differences[g].same_score;
    odds.value = exponential(coefficient);
    odds.test = coefficient.status == Status::estimated ? normal_test(coefficient.value, coefficient.standard_error)
                                                        : absent_test(coefficient.status);
  }
}

/// Calibration in the large: one intercept, or one for each group, beside the logit of the rate; slopes: one, or one
/// for each group, the intercepts being free.
void equal_calibration(Groups groups, Figures figures, Fairness& result) {
  for (const GroupFigures* each : figures) {
    if (each->calibration_intercept.status != Status::certain) continue;
    result.calibration_intercept = result.calibration_slope = absent_test(Status::certain);
    return;
  }
  std::vector<std::vector<double>> logits;
  for (const Group* group : groups) {
    std::vector<double>& column = logits.emplace_back();
    for (const double rate : group->predicted) column.push_back(std::log(rate / (1 - rate)));
  }
  const Stacked people = stack(groups, Columns(logits.begin(), logits.end()));
  RegressionOptions offset;
  offset.offset = people.column;
  const Columns members(people.members.begin(), people.members.end());
  result.calibration_intercept = likelihood_ratio_test(logistic_regression(members, people.outcomes, offset),
                                                       logistic_regression({}, people.outcomes, offset));
  result.calibration_slope = nested(people, 0.95).slopes;
}

}  // namespace

void compare(Groups groups, Figures figures, const FairnessOptions& options, Fairness& result) {
  const bool rated = !options.predicted.empty();
  result.auc = equal_aucs(figures);
  for (std::size_t k = 0; k < shares_wanted(options); ++k) {
    result.*share_tests[k] = equal_shares(groups, k, options.smallest);
  }
  if (groups.size() < 2) {
    result.intercepts = result.slopes = absent_test(Status::too_few);
    if (rated) {
      result.expected_observed = result.calibration_intercept = result.calibration_slope = absent_test(Status::too_few);
    }
    return;
  }
  std::vector<ExpectedObserved> indices;
  for (const GroupFigures* each : figures) indices.push_back(each->expected_observed);
  if (rated) result.expected_observed = equal_expected_observed(indices);
  for (std::size_t g = 1; result.reference && g < groups.size(); ++g) {
    const Group &group = *groups[g], &reference = *groups[0];
    GroupDifference& difference = result.differences.emplace_back();
    difference.group = group.label;
    const AucDifference areas =
        auc_difference_unpaired(group.scores, group.outcomes, reference.scores, reference.outcomes, options.level);
    difference.auc = {areas.difference, areas.test};
    difference.slope = wald_difference(figures[g]->slope, figures[0]->slope, options.level);
    for (std::size_t k = 0; k < shares_wanted(options); ++k) {
      difference.*share_differences[k] = of_shares(group.shares[k], reference.shares[k], options);
    }
    if (!rated) continue;
    difference.expected_observed = expected_observed_ratio(indices[g], indices[0], options.level);
    difference.calibration_intercept =
        wald_difference(figures[g]->calibration_intercept, figures[0]->calibration_intercept, options.level);
    difference.calibration_slope =
        wald_difference(figures[g]->calibration_slope, figures[0]->calibration_slope, options.level);
  }
  cleary(groups, options, result);
  if (rated) equal_calibration(groups, figures, result);
}

}  // namespace appraise::statistics::detail
