#include "appraise/statistics/fairness.hpp"

#include <optional>

#include "appraise/statistics/by_group.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

using Labels = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>;

static py::dict plain(const st::GroupFigures& g) {
  return py::dict("group"_a = g.group, "suppressed"_a = g.suppressed, "sample"_a = plain(g.sample),
                  "base_rate"_a = plain(g.base_rate), "auc"_a = plain(g.auc), "slope"_a = plain(g.slope),
                  "expected_observed"_a = plain(g.expected_observed.ratio),
                  "calibration_intercept"_a = plain(g.calibration_intercept),
                  "calibration_slope"_a = plain(g.calibration_slope), "flagged"_a = plain(g.flagged),
                  "false_positive_rate"_a = plain(g.false_positive_rate),
                  "false_negative_rate"_a = plain(g.false_negative_rate),
                  "positive_predictive_value"_a = plain(g.positive_predictive_value),
                  "negative_predictive_value"_a = plain(g.negative_predictive_value),
                  "implied_false_positive_rate"_a = plain(g.implied_false_positive_rate));
}

static py::dict plain(const st::GroupDifference& d) {
  return py::dict(
      "group"_a = d.group, "base_rate"_a = plain(d.base_rate), "auc"_a = plain(d.auc), "slope"_a = plain(d.slope),
      "same_score"_a = plain(d.same_score), "expected_observed"_a = plain(d.expected_observed),
      "calibration_intercept"_a = plain(d.calibration_intercept), "calibration_slope"_a = plain(d.calibration_slope),
      "flagged"_a = plain(d.flagged), "false_positive_rate"_a = plain(d.false_positive_rate),
      "false_negative_rate"_a = plain(d.false_negative_rate),
      "positive_predictive_value"_a = plain(d.positive_predictive_value),
      "negative_predictive_value"_a = plain(d.negative_predictive_value));
}

static py::dict tests_of(const st::Fairness& f) {
  return py::dict("base_rate"_a = plain(f.base_rate), "auc"_a = plain(f.auc), "intercepts"_a = plain(f.intercepts),
                  "slopes"_a = plain(f.slopes), "expected_observed"_a = plain(f.expected_observed),
                  "calibration_intercept"_a = plain(f.calibration_intercept),
                  "calibration_slope"_a = plain(f.calibration_slope), "flagged"_a = plain(f.flagged),
                  "false_positive_rate"_a = plain(f.false_positive_rate),
                  "false_negative_rate"_a = plain(f.false_negative_rate),
                  "positive_predictive_value"_a = plain(f.positive_predictive_value),
                  "negative_predictive_value"_a = plain(f.negative_predictive_value));
}

/// An Estimate of Python's, as this library knows it.
static st::Estimate estimate_of(const py::handle& found) {
  const auto number = [&](const char* name) { return found.attr(name).cast<double>(); };
  const auto status = [&](const char* name) {
    return st::status_named(found.attr(name).cast<std::string>()).value_or(st::Status::no_data);
  };
  return {number("value"), number("standard_error"), number("low"),
          number("high"),  status("status"),         status("interval")};
}

static void bind_by_group(py::module_& module) {
  module.def(
      "by_group",
      [](const Labels& labels, const py::function& figure, bool ratio, std::optional<std::int32_t> reference,
         std::int64_t smallest, double level) {
        const std::span<const std::int32_t> groups(labels.data(), static_cast<std::size_t>(labels.size()));
        const st::ByGroup found = st::by_group(groups,
                                               [&](std::span<const std::uint32_t> rows) {
                                                 return estimate_of(figure(py::array_t<std::uint32_t>(
                                                     static_cast<py::ssize_t>(rows.size()), rows.data())));
                                               },
                                               {ratio, reference, smallest, level});
        py::list rows;
        for (const st::GroupFigure& each : found.groups) {
          rows.append(py::make_tuple(each.group, each.suppressed, each.n, plain(each.figure), plain(each.difference)));
        }
        return py::dict("groups"_a = rows, "reference"_a = found.reference, "equal"_a = plain(found.equal),
                        "left_out"_a = found.left_out);
      },
      "labels"_a, "figure"_a, "ratio"_a, "reference"_a, "smallest"_a, "level"_a);
}

void bind_fairness(py::module_& module) {
  bind_by_group(module);
  module.def(
      "fairness",
      [](const Numbers& scores, const Kinds& outcomes, const Labels& labels, const Numbers& predicted,
         std::optional<double> cut, std::optional<std::int32_t> reference, std::int64_t smallest, double level) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        const st::FairnessOptions options{view(predicted), cut, reference, smallest, level};
        const std::span<const std::int32_t> groups(labels.data(), static_cast<std::size_t>(labels.size()));
        const st::Fairness f = unlocked([&] { return st::fairness(s, y, groups, options); });
        py::list rows, differences;
        for (const st::GroupFigures& group : f.groups) rows.append(plain(group));
        for (const st::GroupDifference& each : f.differences) differences.append(plain(each));
        return py::dict("groups"_a = rows, "reference"_a = f.reference, "differences"_a = differences,
                        "tests"_a = tests_of(f), "note"_a = f.note, "left_out"_a = f.left_out);
      },
      "scores"_a, "outcomes"_a, "labels"_a, "predicted"_a, "cut"_a, "reference"_a, "smallest"_a, "level"_a);
}

}  // namespace appraise::python
