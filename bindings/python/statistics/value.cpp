#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/incremental.hpp"
#include "appraise/statistics/meta_analysis.hpp"
#include "appraise/statistics/regression.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

static py::dict plain(const st::DecisionCurve& curve) {
  using Point = st::NetBenefit;
  return py::dict("threshold"_a = column(curve.points, [](const Point& k) { return k.threshold; }),
                  "rates"_a = column(curve.points, [](const Point& k) { return k.rates; }),
                  "rates_status"_a = names_of(curve.points, [](const Point& k) { return k.status; }),
                  "everybody"_a = column(curve.points, [](const Point& k) { return k.everybody; }),
                  "flagged"_a = column(curve.points, [](const Point& k) { return k.flagged; }),
                  "sample"_a = plain(curve.sample), "status"_a = name_of(curve.status));
}

static py::dict plain(const st::AddedValue& added) {
  return py::dict("base"_a = plain(added.base), "both"_a = plain(added.both), "test"_a = plain(added.test));
}

static void bind_added_value(py::module_& module) {
  module.def(
      "added_value",
      [](const std::vector<Numbers>& base, const std::vector<Numbers>& added, const Kinds& outcomes, double level) {
        st::RegressionOptions options;
        options.level = level;
        const auto a = views(base), b = views(added);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::added_value(a, b, y, options); }));
      },
      "base"_a, "added"_a, "outcomes"_a, "level"_a);
  module.def(
      "added_value_followed",
      [](const std::vector<Numbers>& base, const std::vector<Numbers>& added, const Numbers& times, const Kinds& events,
         double level) {
        st::RegressionOptions options;
        options.level = level;
        const auto a = views(base), b = views(added);
        const auto t = view(times);
        const auto e = view(events);
        return plain(unlocked([&] { return st::added_value_followed(a, b, t, e, options); }));
      },
      "base"_a, "added"_a, "times"_a, "events"_a, "level"_a);
}

static void bind_incremental(py::module_& module) {
  bind_added_value(module);
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
        return plain(unlocked([&] { return st::decision_curve(p, y, t); }));
      },
      "rates"_a, "outcomes"_a, "thresholds"_a);
  module.def(
      "decision_curve_followed",
      [](const Numbers& rates, const Numbers& times, const Kinds& events, double horizon, const Numbers& thresholds) {
        const auto p = view(rates), t = view(times), at = view(thresholds);
        const auto e = view(events);
        return plain(unlocked([&] { return st::decision_curve_followed(p, t, e, horizon, at); }));
      },
      "rates"_a, "times"_a, "events"_a, "horizon"_a, "thresholds"_a);
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
      [](double larger, std::size_t larger_size, std::int64_t larger_n, std::int64_t larger_events, double smaller,
         std::size_t smaller_size, std::int64_t smaller_n, std::int64_t smaller_events) {
        const auto fit = [](double log_likelihood, std::size_t size, std::int64_t n, std::int64_t events) {
          st::Regression regression;
          regression.coefficients.resize(size);
          regression.log_likelihood = log_likelihood;
          regression.sample.n = n;
          regression.sample.events = events;
          regression.status = std::isnan(log_likelihood) ? st::Status::not_converged : st::Status::estimated;
          return regression;
        };
        return plain(st::likelihood_ratio_test(fit(larger, larger_size, larger_n, larger_events),
                                               fit(smaller, smaller_size, smaller_n, smaller_events)));
      },
      "larger"_a, "larger_size"_a, "larger_n"_a, "larger_events"_a, "smaller"_a, "smaller_size"_a, "smaller_n"_a,
      "smaller_events"_a);
  module.def(
      "pool",
      [](const Numbers& values, const Numbers& standard_errors, const std::string& scale, bool reml, bool hartung_knapp,
         double level) {
        st::PoolOptions options;
        options.scale = scale == "ratio"        ? st::PoolScale::ratio
                        : scale == "proportion" ? st::PoolScale::proportion
                                                : st::PoolScale::as_given;
        options.between = reml ? st::BetweenSamples::reml : st::BetweenSamples::dersimonian_laird;
        options.hartung_knapp = hartung_knapp;
        options.level = level;
        const st::Pooled p = st::pool(view(values), view(standard_errors), options);
        return py::dict("rows"_a = column(p.rows),
                        "value"_a = estimates(p.each, [](const st::Estimate& e) -> const st::Estimate& { return e; }),
                        "fixed"_a = plain(p.fixed), "random"_a = plain(p.random), "prediction"_a = plain(p.prediction),
                        "tau_squared"_a = p.tau_squared, "i_squared"_a = p.i_squared, "q"_a = plain(p.q),
                        "fixed_weights"_a = column(p.fixed_weights), "random_weights"_a = column(p.random_weights),
                        "samples"_a = p.samples, "left_out"_a = p.left_out);
      },
      "values"_a, "standard_errors"_a, "scale"_a, "reml"_a, "hartung_knapp"_a, "level"_a);
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
}

}  // namespace appraise::python
