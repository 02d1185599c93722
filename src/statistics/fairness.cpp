#include "appraise/statistics/fairness.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/calibration.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "statistics/common.hpp"
#include "statistics/fairness_groups.hpp"

namespace appraise::statistics {
namespace {

using detail::Group;

/// How often a group has the outcome and is above the cut, and how often that is right.
void count_shares(Group& group, const std::optional<double>& cut) {
  std::int64_t tp = 0, fp = 0, fn = 0, tn = 0;
  for (std::size_t i = 0; i < group.scores.size(); ++i) {
    const bool above = cut && group.scores[i] >= *cut, event = group.outcomes[i] == 1;
    ++(event ? (above ? tp : fn) : (above ? fp : tn));
  }
  const std::int64_t n = tp + fp + fn + tn;
  group.shares = {{{tp + fn, n}, {tp + fp, n}, {fp, fp + tn}, {fn, tp + fn}, {tp, tp + fp}, {tn, tn + fn}}};
}

std::vector<Group> complete_groups(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                   std::span<const std::int32_t> labels, const FairnessOptions& options,
                                   std::int64_t& left_out) {
  constexpr std::string_view name = "fairness";
  detail::check_level(name, options.level);
  detail::check_length(name, "outcomes", outcomes.size(), scores.size());
  detail::check_length(name, "groups", labels.size(), scores.size());
  detail::check_outcomes(name, "outcomes", outcomes);
  if (!options.predicted.empty()) detail::check_length(name, "predicted", options.predicted.size(), scores.size());
  if (options.smallest < 1) detail::refuse(name, "smallest", std::to_string(options.smallest), "1 or more");
  std::map<std::int32_t, Group> groups;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool rated = options.predicted.empty() || !std::isnan(options.predicted[i]);
    if (std::isnan(scores[i]) || outcomes[i] == missing_outcome || labels[i] < 0 || !rated) {
      ++left_out;
      continue;
    }
    Group& group = groups[labels[i]];
    group.scores.push_back(scores[i]);
    group.outcomes.push_back(outcomes[i]);
    if (!options.predicted.empty()) group.predicted.push_back(options.predicted[i]);
  }
  std::vector<Group> result;
  for (auto& [label, group] : groups) {
    group.label = label;
    count_shares(group, options.cut);
    result.push_back(std::move(group));
  }
  return result;
}

void suppress(GroupFigures& figures, const FairnessOptions& options) {
  const Estimate none = detail::absent(Status::suppressed);
  figures.suppressed = true;
  figures.auc = figures.slope = none;
  for (std::size_t k = 0; k < detail::shares_wanted(options); ++k) figures.*detail::share_figures[k] = none;
  if (options.cut) figures.implied_false_positive_rate = none;
  if (options.predicted.empty()) return;
  figures.expected_observed.ratio = figures.expected_observed.by_logarithm = none;
  figures.calibration_intercept = figures.calibration_slope = none;
}

void calibrate(const Group& group, double level, GroupFigures& figures) {
  figures.expected_observed = expected_observed(group.predicted, group.outcomes, level);
  const auto [least, most] = std::minmax_element(group.predicted.begin(), group.predicted.end());
  if (!(*least > 0 && *most < 1)) {
    figures.calibration_intercept = figures.calibration_slope = detail::absent(Status::certain);
    return;
  }
  const CalibrationLine line = calibration_line(group.predicted, group.outcomes, level);
  figures.calibration_intercept = line.intercept;
  figures.calibration_slope = line.slope;
}

GroupFigures figures_of(const Group& group, const FairnessOptions& options) {
  GroupFigures figures;
  figures.group = group.label;
  if (static_cast<std::int64_t>(group.scores.size()) < options.smallest) {
    suppress(figures, options);
    return figures;
  }
  const Auc area = auc(group.scores, group.outcomes, options.level);
  figures.sample = area.sample;
  figures.auc = area.auc;
  figures.slope = detail::logarithm(odds_ratio_per_point(group.scores, group.outcomes, options.level).value);
  if (!options.predicted.empty()) calibrate(group, options.level, figures);
  for (std::size_t k = 0; k < detail::shares_wanted(options); ++k) {
    const detail::Share& share = group.shares[k];
    figures.*detail::share_figures[k] = share.n < options.smallest ? detail::absent(Status::suppressed)
                                                                   : proportion(share.count, share.n, options.level);
  }
  return figures;
}

/// The group that the others are compared with: the one asked for, else the largest; none if it is not shown.
const Group* reference_of(const std::vector<Group>& groups, const FairnessOptions& options) {
  const auto people = [](const Group& group) { return group.scores.size(); };
  auto found = std::max_element(groups.begin(), groups.end(),
                                [&](const Group& a, const Group& b) { return people(a) < people(b); });
  if (options.reference) {
    found = std::find_if(groups.begin(), groups.end(),
                         [&](const Group& group) { return group.label == *options.reference; });
    if (found == groups.end()) {
      detail::refuse("fairness", "reference", "group " + std::to_string(*options.reference) + " with nobody in it",
                     "a group of these people");
    }
  }
  if (found == groups.end() || static_cast<std::int64_t>(people(*found)) < options.smallest) return nullptr;
  return &*found;
}

}  // namespace

Fairness fairness(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                  std::span<const std::int32_t> labels, const FairnessOptions& options) {
  Fairness result;
  const std::vector<Group> groups = complete_groups(scores, outcomes, labels, options, result.left_out);
  for (const Group& group : groups) result.groups.push_back(figures_of(group, options));
  // The reference group first, then the others that are shown.
  std::vector<const Group*> shown;
  std::vector<const GroupFigures*> figures;
  const Group* reference = reference_of(groups, options);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (result.groups[i].suppressed) continue;
    const bool first = &groups[i] == reference;
    shown.insert(first ? shown.begin() : shown.end(), &groups[i]);
    figures.insert(first ? figures.begin() : figures.end(), &result.groups[i]);
  }
  if (reference != nullptr) result.reference = reference->label;
  detail::compare(shown, figures, options, result);
  detail::say_what_excludes_what(shown, options, result);
  return result;
}

}  // namespace appraise::statistics
