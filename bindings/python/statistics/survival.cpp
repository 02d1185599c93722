#include "appraise/statistics/survival.hpp"

#include <array>

#include "appraise/statistics/regression.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

/// A curve is kept by Python, which asks it for times.
struct HeldCurve {
  st::Curve curve;
};

static st::CurveOptions options_of(const std::string& interval, double level, const Numbers& weights) {
  st::CurveOptions options;
  options.level = level;
  options.weights = view(weights);
  options.interval = interval == "plain"     ? st::CurveInterval::plain
                     : interval == "log_log" ? st::CurveInterval::log_log
                                             : st::CurveInterval::log;
  return options;
}

py::dict plain(const st::Regression& fit) {
  py::list coefficients;
  for (const st::Estimate& each : fit.coefficients) coefficients.append(plain(each));
  const auto p = static_cast<py::ssize_t>(fit.coefficients.size());
  return py::dict("coefficients"_a = coefficients, "covariance"_a = column(fit.covariance).reshape({p, p}),
                  "log_likelihood"_a = fit.log_likelihood, "null_log_likelihood"_a = fit.null_log_likelihood,
                  "iterations"_a = fit.iterations, "sample"_a = plain(fit.sample), "status"_a = name_of(fit.status));
}

static void bind_curves(py::module_& module) {
  py::class_<HeldCurve>(module, "Curve")
      .def("at", [](const HeldCurve& self, double time) { return plain(st::curve_at(self.curve, time)); })
      .def("time_until", [](const HeldCurve& self, double share) { return plain(st::time_until(self.curve, share)); })
      .def("columns", [](const HeldCurve& self) {
        const auto& steps = self.curve.steps;
        return py::dict(
            "time"_a = column(steps, [](const st::Step& s) { return s.time; }),
            "at_risk"_a = column(steps, [](const st::Step& s) { return s.at_risk; }),
            "events"_a = column(steps, [](const st::Step& s) { return s.events; }),
            "censored"_a = column(steps, [](const st::Step& s) { return s.censored; }),
            "estimate"_a = estimates(steps, [](const st::Step& s) -> const st::Estimate& { return s.estimate; }),
            "start"_a = self.curve.start, "sample"_a = plain(self.curve.sample));
      });
  module.def(
      "curve",
      [](const std::string& kind, const Numbers& times, const Kinds& events, const std::string& interval, double level,
         const Numbers& weights) {
        const auto options = options_of(interval, level, weights);
        const auto t = view(times);
        const auto e = view(events);
        return unlocked([&]() -> HeldCurve {
          if (kind == "nelson_aalen") return {st::nelson_aalen(t, e, options)};
          if (kind == "aalen_johansen") return {st::aalen_johansen(t, e, options)};
          return {st::kaplan_meier(t, e, options)};
        });
      },
      "kind"_a, "times"_a, "events"_a, "interval"_a, "level"_a, "weights"_a);
  module.def(
      "hazard_by_time_free",
      [](const Numbers& times, const Kinds& events, const Numbers& cuts, double level) {
        const auto t = view(times), c = view(cuts);
        const auto e = view(events);
        const auto rows = unlocked([&] { return st::hazard_by_time_free(t, e, c, level); });
        using Row = st::FreePeriod;
        return py::dict(
            "start"_a = column(rows, [](const Row& r) { return r.from; }),
            "end"_a = column(rows, [](const Row& r) { return r.to; }),
            "at_risk"_a = column(rows, [](const Row& r) { return r.at_risk; }),
            "events"_a = column(rows, [](const Row& r) { return r.events; }),
            "person_time"_a = column(rows, [](const Row& r) { return r.person_time; }),
            "hazard"_a = estimates(rows, [](const Row& r) -> const st::Estimate& { return r.hazard; }),
            "probability"_a = estimates(rows, [](const Row& r) -> const st::Estimate& { return r.probability; }));
      },
      "times"_a, "events"_a, "cuts"_a, "level"_a);
}

void bind_survival(py::module_& module) {
  bind_curves(module);
  module.def(
      "logistic_regression",
      [](const std::vector<Numbers>& covariates, const Kinds& outcomes, const Numbers& weights, const Numbers& offset,
         double level) {
        st::RegressionOptions options;
        options.level = level;
        options.weights = view(weights);
        options.offset = view(offset);
        const auto x = views(covariates);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::logistic_regression(x, y, options); }));
      },
      "covariates"_a, "outcomes"_a, "weights"_a, "offset"_a, "level"_a);
  module.def(
      "cox_regression",
      [](const std::vector<Numbers>& covariates, const Numbers& times, const Kinds& events, const Numbers& weights,
         const Numbers& offset, double level) {
        st::RegressionOptions options;
        options.level = level;
        options.weights = view(weights);
        options.offset = view(offset);
        const auto x = views(covariates);
        const auto t = view(times);
        const auto e = view(events);
        return plain(unlocked([&] { return st::cox_regression(x, t, e, options); }));
      },
      "covariates"_a, "times"_a, "events"_a, "weights"_a, "offset"_a, "level"_a);
}

}  // namespace appraise::python
