#include "appraise/statistics/calibration.hpp"

#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

static py::dict plain(const st::ExpectedObserved& e) {
  return py::dict("expected"_a = e.expected, "observed"_a = e.observed, "ratio"_a = plain(e.ratio),
                  "by_logarithm"_a = plain(e.by_logarithm), "sample"_a = plain(e.sample));
}

/// Counts alone: expected, observed and why there is no ratio.
static st::ExpectedObserved index_of(double expected, double observed, double level) {
  return expected > 0 ? st::expected_observed(expected, observed, level) : st::ExpectedObserved{};
}

static void bind_expected_observed(py::module_& module) {
  module.def(
      "expected_observed_counts",
      [](double expected, double observed, double level) {
        return plain(st::expected_observed(expected, observed, level));
      },
      "expected"_a, "observed"_a, "level"_a);
  module.def(
      "expected_observed",
      [](const Numbers& predicted, const Kinds& outcomes, double level) {
        const auto p = view(predicted);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::expected_observed(p, y, level); }));
      },
      "predicted"_a, "outcomes"_a, "level"_a);
  module.def(
      "expected_observed_followed",
      [](const Numbers& predicted, const Numbers& times, const Kinds& events, double horizon, const Numbers& shares,
         double level) {
        const auto p = view(predicted), t = view(times), s = view(shares);
        const auto e = view(events);
        return plain(unlocked([&] { return st::expected_observed_followed(p, t, e, horizon, s, level); }));
      },
      "predicted"_a, "times"_a, "events"_a, "horizon"_a, "shares"_a, "level"_a);
  module.def(
      "expected_observed_at",
      [](const Numbers& predicted, const Numbers& times, const Kinds& events, double horizon, double level) {
        const auto p = view(predicted), t = view(times);
        const auto e = view(events);
        return plain(unlocked([&] { return st::expected_observed_at(p, t, e, horizon, level); }));
      },
      "predicted"_a, "times"_a, "events"_a, "horizon"_a, "level"_a);
  module.def(
      "expected_observed_by",
      [](const Numbers& by, const Numbers& predicted, const Kinds& outcomes, const Numbers& times, double horizon,
         const Numbers& shares, std::int64_t smallest, double level) {
        const auto g = view(by), p = view(predicted);
        const auto y = view(outcomes);
        const st::ExpectedObservedOptions options{view(times), horizon, view(shares), smallest, level};
        const st::ExpectedObservedTable table = unlocked([&] { return st::expected_observed_by(g, p, y, options); });
        py::list groups;
        for (const st::ExpectedObservedGroup& each : table.groups) {
          groups.append(py::make_tuple(each.group, each.suppressed, plain(each.index)));
        }
        return py::dict("total"_a = plain(table.total), "groups"_a = groups, "equal"_a = plain(table.equal));
      },
      "by"_a, "predicted"_a, "outcomes"_a, "times"_a, "horizon"_a, "shares"_a, "smallest"_a, "level"_a);
  module.def(
      "expected_observed_ratio",
      [](double first_expected, double first_observed, double second_expected, double second_observed, double level) {
        return plain(st::expected_observed_ratio(index_of(first_expected, first_observed, level),
                                                 index_of(second_expected, second_observed, level), level));
      },
      "first_expected"_a, "first_observed"_a, "second_expected"_a, "second_observed"_a, "level"_a);
}

void bind_calibration(py::module_& module) {
  bind_expected_observed(module);
  module.def(
      "calibration_line",
      [](const Numbers& predicted, const Kinds& outcomes, double level) {
        const auto p = view(predicted);
        const auto y = view(outcomes);
        const st::CalibrationLine found = unlocked([&] { return st::calibration_line(p, y, level); });
        return py::dict("intercept"_a = plain(found.intercept), "slope"_a = plain(found.slope),
                        "test"_a = plain(found.test), "sample"_a = plain(found.sample));
      },
      "predicted"_a, "outcomes"_a, "level"_a);
  module.def(
      "calibration_slope_followed",
      [](const Numbers& predicted, const Numbers& times, const Kinds& events, double level) {
        const auto p = view(predicted), t = view(times);
        const auto e = view(events);
        return plain(unlocked([&] { return st::calibration_slope_followed(p, t, e, level); }));
      },
      "predicted"_a, "times"_a, "events"_a, "level"_a);
  module.def(
      "calibration_curve",
      [](const Numbers& predicted, const Kinds& outcomes, double span) {
        const auto p = view(predicted);
        const auto y = view(outcomes);
        const st::CalibrationCurve found = unlocked([&] { return st::calibration_curve(p, y, span); });
        return py::dict("predicted"_a = column(found.predicted), "observed"_a = column(found.observed),
                        "people"_a = column(found.people), "ici"_a = found.ici, "e50"_a = found.e50,
                        "e90"_a = found.e90, "emax"_a = found.emax, "sample"_a = plain(found.sample),
                        "status"_a = name_of(found.status));
      },
      "predicted"_a, "outcomes"_a, "span"_a);
  module.def(
      "brier",
      [](const Numbers& predicted, const Kinds& outcomes, double level) {
        const auto p = view(predicted);
        const auto y = view(outcomes);
        const st::Brier found = unlocked([&] { return st::brier(p, y, level); });
        return py::dict("score"_a = plain(found.score), "scaled"_a = plain(found.scaled),
                        "sample"_a = plain(found.sample));
      },
      "predicted"_a, "outcomes"_a, "level"_a);
  module.def(
      "hosmer_lemeshow",
      [](const Numbers& predicted, const Kinds& outcomes, int groups, bool fitted) {
        const auto p = view(predicted);
        const auto y = view(outcomes);
        const st::HosmerLemeshow found = unlocked([&] { return st::hosmer_lemeshow(p, y, groups, fitted); });
        using Group = st::CalibrationGroup;
        return py::dict("lowest"_a = column(found.groups, [](const Group& g) { return g.lowest; }),
                        "highest"_a = column(found.groups, [](const Group& g) { return g.highest; }),
                        "n"_a = column(found.groups, [](const Group& g) { return g.n; }),
                        "expected"_a = column(found.groups, [](const Group& g) { return g.expected; }),
                        "observed"_a = column(found.groups, [](const Group& g) { return g.observed; }),
                        "test"_a = plain(found.test), "warning"_a = py::str(std::string(found.warning)),
                        "sample"_a = plain(found.sample));
      },
      "predicted"_a, "outcomes"_a, "groups"_a, "fitted"_a);
}

}  // namespace appraise::python
