#include <cmath>

#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/fairness.hpp"
#include "appraise/statistics/incremental.hpp"
#include "appraise/statistics/meta_analysis.hpp"
#include "appraise/statistics/regression.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

using Labels = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>;

static void bind_incremental(py::module_& module) {
  module.def(
      "reclassification",
      [](const Numbers& old_rates, const Numbers& new_rates, const Kinds& outcomes, const Numbers& cuts, double level) {
        const auto a = view(old_rates), b = view(new_rates), c = view(cuts);
        const auto y = view(outcomes);
        const st::Reclassification r = unlocked([&] { return st::reclassification(a, b, y, c, level); });
        return py::dict("events"_a = plain(r.events), "others"_a = plain(r.others), "nri"_a = plain(r.nri),
                        "nri_test"_a = plain(r.nri_test), "idi"_a = plain(r.idi), "idi_test"_a = plain(r.idi_test),
                        "moves_of_events"_a = column(r.moves_of_events),
                        "moves_of_others"_a = column(r.moves_of_others), "sample"_a = plain(r.sample));
      },
      "old_rates"_a, "new_rates"_a, "outcomes"_a, "cuts"_a, "level"_a);
  module.def(
      "decision_curve",
      [](const Numbers& rates, const Kinds& outcomes, const Numbers& thresholds) {
        const auto p = view(rates), t = view(thresholds);
        const auto y = view(outcomes);
        const st::DecisionCurve curve = unlocked([&] { return st::decision_curve(p, y, t); });
        using Point = st::NetBenefit;
        return py::dict("threshold"_a = column(curve.points, [](const Point& k) { return k.threshold; }),
                        "rates"_a = column(curve.points, [](const Point& k) { return k.rates; }),
                        "everybody"_a = column(curve.points, [](const Point& k) { return k.everybody; }),
                        "flagged"_a = column(curve.points, [](const Point& k) { return k.flagged; }),
                        "sample"_a = plain(curve.sample), "status"_a = name_of(curve.status));
      },
      "rates"_a, "outcomes"_a, "thresholds"_a);
  module.def(
      "numbers_needed",
      [](const Numbers& scores, const Kinds& outcomes, double effect, double level) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        const auto rows = unlocked([&] { return st::numbers_needed(s, y, effect, level); });
        using Row = st::NumberNeeded;
        return py::dict("cut"_a = column(rows, [](const Row& r) { return r.cut; }),
                        "flagged"_a = column(rows, [](const Row& r) { return r.flagged; }),
                        "missed"_a = column(rows, [](const Row& r) { return r.missed; }),
                        "needed"_a = estimates(rows, [](const Row& r) -> const st::Estimate& { return r.needed; }));
      },
      "scores"_a, "outcomes"_a, "effect"_a, "level"_a);
  // A fit comes back as what the test reads of it.
  module.def(
      "likelihood_ratio_test",
      [](double larger, std::size_t larger_size, std::int64_t larger_n, double smaller, std::size_t smaller_size,
         std::int64_t smaller_n) {
        const auto fit = [](double log_likelihood, std::size_t size, std::int64_t n) {
          st::Regression regression;
          regression.coefficients.resize(size);
          regression.log_likelihood = log_likelihood;
          regression.sample.n = n;
          regression.status = std::isnan(log_likelihood) ? st::Status::not_converged : st::Status::estimated;
          return regression;
        };
        return plain(
            st::likelihood_ratio_test(fit(larger, larger_size, larger_n), fit(smaller, smaller_size, smaller_n)));
      },
      "larger"_a, "larger_size"_a, "larger_n"_a, "smaller"_a, "smaller_size"_a, "smaller_n"_a);
  module.def(
      "pool",
      [](const Numbers& values, const Numbers& standard_errors, double level) {
        const st::Pooled p = st::pool(view(values), view(standard_errors), level);
        return py::dict("fixed"_a = plain(p.fixed), "random"_a = plain(p.random), "prediction"_a = plain(p.prediction),
                        "tau_squared"_a = p.tau_squared, "i_squared"_a = p.i_squared, "q"_a = plain(p.q),
                        "fixed_weights"_a = column(p.fixed_weights), "random_weights"_a = column(p.random_weights),
                        "samples"_a = p.samples, "left_out"_a = p.left_out);
      },
      "values"_a, "standard_errors"_a, "level"_a);
}

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

void bind_value(py::module_& module) {
  bind_incremental(module);
  module.def(
      "proportion_difference",
      [](std::int64_t first_count, std::int64_t first_n, std::int64_t second_count, std::int64_t second_n,
         double level) {
        return plain(st::proportion_difference(first_count, first_n, second_count, second_n, level));
      },
      "first_count"_a, "first_n"_a, "second_count"_a, "second_n"_a, "level"_a);
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
