#include "appraise/statistics/agreement.hpp"

#include "appraise/statistics/reliability.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

static py::tuple form(const st::Icc& icc) {
  return py::make_tuple(plain(icc.value), plain(icc.test), icc.denominator_degrees);
}

static void bind_raters(py::module_& module) {
  module.def(
      "icc",
      [](const std::vector<Numbers>& ratings, double level) {
        const auto x = views(ratings);
        const st::IccTable t = unlocked([&] { return st::icc(x, level); });
        return py::dict("forms"_a = py::make_tuple(form(t.one), form(t.two), form(t.three), form(t.one_mean),
                                                   form(t.two_mean), form(t.three_mean)),
                        "people_mean_square"_a = t.people_mean_square, "raters_mean_square"_a = t.raters_mean_square,
                        "error_mean_square"_a = t.error_mean_square, "within_mean_square"_a = t.within_mean_square,
                        "n"_a = t.n, "raters"_a = t.raters, "left_out"_a = t.left_out);
      },
      "ratings"_a, "level"_a);
  module.def(
      "kappa",
      [](const Numbers& first, const Numbers& second, const std::string& weights, double level) {
        const auto a = view(first), b = view(second);
        const auto kind = weights == "quadratic" ? st::KappaWeights::quadratic
                          : weights == "linear"  ? st::KappaWeights::linear
                                                 : st::KappaWeights::none;
        const st::Kappa k = unlocked([&] { return st::kappa(a, b, kind, level); });
        return py::dict("kappa"_a = plain(k.kappa), "observed"_a = k.observed, "expected"_a = k.expected, "n"_a = k.n,
                        "left_out"_a = k.left_out);
      },
      "first"_a, "second"_a, "weights"_a, "level"_a);
  module.def(
      "krippendorffs_alpha",
      [](const std::vector<Numbers>& ratings, const std::string& measurement) {
        const auto x = views(ratings);
        const auto kind = measurement == "nominal"   ? st::Measurement::nominal
                          : measurement == "ordinal" ? st::Measurement::ordinal
                          : measurement == "ratio"   ? st::Measurement::ratio
                                                     : st::Measurement::interval;
        const st::Krippendorff k = unlocked([&] { return st::krippendorffs_alpha(x, kind); });
        return py::dict("alpha"_a = plain(k.alpha), "observed"_a = k.observed, "expected"_a = k.expected, "n"_a = k.n,
                        "ratings"_a = k.ratings, "left_out"_a = k.left_out);
      },
      "ratings"_a, "measurement"_a);
  module.def(
      "agreement",
      [](const Numbers& first, const Numbers& second, double level) {
        const auto a = view(first), b = view(second);
        const st::Agreement found = unlocked([&] { return st::agreement(a, b, level); });
        return py::dict("exact"_a = plain(found.exact), "within_one"_a = plain(found.within_one),
                        "difference"_a = plain(found.difference), "largest"_a = found.largest, "n"_a = found.n,
                        "left_out"_a = found.left_out);
      },
      "first"_a, "second"_a, "level"_a);
  module.def(
      "disagreements",
      [](const std::vector<Numbers>& first, const std::vector<Numbers>& second) {
        const auto a = views(first), b = views(second);
        const auto rows = unlocked([&] { return st::disagreements(a, b); });
        using Row = st::Disagreement;
        return py::dict("row"_a = column(rows, [](const Row& r) { return static_cast<std::int64_t>(r.row); }),
                        "item"_a = column(rows, [](const Row& r) { return static_cast<std::int64_t>(r.item); }),
                        "first"_a = column(rows, [](const Row& r) { return r.first; }),
                        "second"_a = column(rows, [](const Row& r) { return r.second; }));
      },
      "first"_a, "second"_a);
}

static void bind_reliability(py::module_& module) {
  module.def(
      "reliability",
      [](const std::vector<Numbers>& items, double level) {
        const auto x = views(items);
        const st::Reliability r = unlocked([&] { return st::reliability(x, level); });
        using Item = st::ItemReliability;
        return py::dict(
            "alpha"_a = plain(r.alpha), "standardised"_a = plain(r.standardised), "omega"_a = plain(r.omega),
            "loadings"_a = column(r.loadings),
            "item_total"_a = estimates(r.items, [](const Item& i) -> const st::Estimate& { return i.item_total; }),
            "alpha_without"_a =
                estimates(r.items, [](const Item& i) -> const st::Estimate& { return i.alpha_without; }),
            "n"_a = r.n, "left_out"_a = r.left_out);
      },
      "items"_a, "level"_a);
  module.def(
      "measurement_error",
      [](double standard_deviation, double reliability, double level) {
        const st::MeasurementError e = st::measurement_error(standard_deviation, reliability, level);
        return py::make_tuple(e.sem, e.sdc);
      },
      "standard_deviation"_a, "reliability"_a, "level"_a);
  module.def(
      "reliable_change",
      [](const Numbers& before, const Numbers& after, double sem, double level) {
        const auto a = view(before), b = view(after);
        const st::ReliableChange c = unlocked([&] { return st::reliable_change(a, b, sem, level); });
        return py::dict(
            "index"_a = column(c.index),
            "direction"_a = column(c.direction, [](st::Direction d) { return static_cast<std::int64_t>(d); }),
            "decreased"_a = c.decreased, "unchanged"_a = c.unchanged, "increased"_a = c.increased,
            "left_out"_a = c.left_out);
      },
      "before"_a, "after"_a, "sem"_a, "level"_a);
}

void bind_agreement(py::module_& module) {
  bind_raters(module);
  bind_reliability(module);
}

}  // namespace appraise::python
