#include "appraise/statistics/by_group.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "appraise/statistics/meta_analysis.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

using Rows = std::map<std::int32_t, std::vector<std::uint32_t>>;

std::optional<std::int32_t> reference_of(const Rows& rows, const ByGroupOptions& options) {
  const auto fewer = [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); };
  auto found = std::max_element(rows.begin(), rows.end(), fewer);
  if (options.reference) {
    found = rows.find(*options.reference);
    if (found == rows.end()) {
      detail::refuse("by_group", "reference", "group " + std::to_string(*options.reference) + " with nobody in it",
                     "a group of these people");
    }
  }
  if (found == rows.end() || static_cast<std::int64_t>(found->second.size()) < options.smallest) return std::nullopt;
  return found->first;
}

Difference between(const Estimate& figure, const Estimate& reference, const ByGroupOptions& options) {
  if (!options.ratio) return detail::wald_difference(figure, reference, options.level);
  Difference result = detail::wald_difference(detail::logarithm(figure), detail::logarithm(reference), options.level);
  result.value = detail::exponential(result.value);
  return result;
}

/// Of one true figure in the groups whose figure has a standard error.
Test one_figure(const std::vector<GroupFigure>& groups, const ByGroupOptions& options) {
  std::vector<double> values, errors;
  for (const GroupFigure& each : groups) {
    if (each.figure.status != Status::estimated || !(each.figure.standard_error > 0)) continue;
    values.push_back(each.figure.value);
    errors.push_back(each.figure.standard_error);
  }
  if (values.size() < 2) return detail::absent_test(Status::too_few);
  PoolOptions pooling;
  pooling.scale = options.ratio ? PoolScale::ratio : PoolScale::as_given;
  return pool(values, errors, pooling).q;
}

}  // namespace

ByGroup by_group(std::span<const std::int32_t> groups, const EstimateOf& figure, const ByGroupOptions& options) {
  constexpr std::string_view name = "by_group";
  detail::check_level(name, options.level);
  if (options.smallest < 1) detail::refuse(name, "smallest", std::to_string(options.smallest), "1 or more");
  ByGroup result;
  Rows rows;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] < 0) {
      ++result.left_out;
    } else {
      rows[groups[i]].push_back(static_cast<std::uint32_t>(i));
    }
  }
  result.reference = reference_of(rows, options);
  for (const auto& [label, members] : rows) {
    GroupFigure& group = result.groups.emplace_back();
    group.group = label;
    group.suppressed = static_cast<std::int64_t>(members.size()) < options.smallest;
    group.n = group.suppressed ? 0 : static_cast<std::int64_t>(members.size());
    group.figure = group.suppressed ? detail::absent(Status::suppressed) : figure(members);
  }
  const auto reference = std::find_if(result.groups.begin(), result.groups.end(),
                                      [&](const GroupFigure& each) { return each.group == result.reference; });
  for (GroupFigure& each : result.groups) {
    if (reference == result.groups.end()) {
      each.difference = {detail::absent(Status::suppressed), detail::absent_test(Status::suppressed)};
    } else if (each.group != result.reference) {
      each.difference = between(each.figure, reference->figure, options);
    } else if (each.figure.status == Status::estimated) {
      each.difference = {detail::without_interval(options.ratio ? 1 : 0, Status::no_variance),
                         detail::absent_test(Status::no_variance)};
    } else {
      each.difference = {detail::absent(each.figure.status), detail::absent_test(each.figure.status)};
    }
  }
  result.equal = one_figure(result.groups, options);
  return result;
}

}  // namespace appraise::statistics
