#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/concordance.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

static py::dict plain(const st::Auc& a) {
  return py::dict("auc"_a = plain(a.auc), "concordant"_a = a.concordant, "tied"_a = a.tied, "pairs"_a = a.pairs,
                  "sample"_a = plain(a.sample));
}
static py::dict plain(const st::AucDifference& d) {
  return py::dict("first"_a = plain(d.first), "second"_a = plain(d.second), "difference"_a = plain(d.difference),
                  "correlation"_a = d.correlation, "test"_a = plain(d.test));
}
static py::dict plain(const st::Concordance& c) {
  return py::dict("c"_a = plain(c.c), "concordant"_a = c.concordant, "discordant"_a = c.discordant, "tied"_a = c.tied,
                  "sample"_a = plain(c.sample));
}
static py::dict plain(const st::EffectSize& e) {
  return py::dict("value"_a = plain(e.value), "sample"_a = plain(e.sample));
}

static py::dict cut_table(const st::Cuts& found) {
  const auto& rows = found.cuts;
  return py::dict(
      "cut"_a = column(rows, [](const st::Cut& c) { return c.cut; }),
      "true_positives"_a = column(rows, [](const st::Cut& c) { return c.true_positives; }),
      "false_positives"_a = column(rows, [](const st::Cut& c) { return c.false_positives; }),
      "false_negatives"_a = column(rows, [](const st::Cut& c) { return c.false_negatives; }),
      "true_negatives"_a = column(rows, [](const st::Cut& c) { return c.true_negatives; }),
      "sensitivity"_a = estimates(rows, [](const st::Cut& c) -> const st::Estimate& { return c.sensitivity; }),
      "specificity"_a = estimates(rows, [](const st::Cut& c) -> const st::Estimate& { return c.specificity; }),
      "positive_predictive_value"_a =
          estimates(rows, [](const st::Cut& c) -> const st::Estimate& { return c.positive_predictive_value; }),
      "negative_predictive_value"_a =
          estimates(rows, [](const st::Cut& c) -> const st::Estimate& { return c.negative_predictive_value; }),
      "sample"_a = plain(found.sample));
}

void bind_discrimination(py::module_& module) {
  module.def(
      "auc",
      [](const Numbers& scores, const Kinds& outcomes, double level, bool logit) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        return plain(
            unlocked([&] { return st::auc(s, y, level, logit ? st::AucInterval::logit : st::AucInterval::normal); }));
      },
      "scores"_a, "outcomes"_a, "level"_a, "logit"_a);
  module.def(
      "auc_difference",
      [](const Numbers& first, const Numbers& second, const Kinds& outcomes, double level) {
        const auto a = view(first), b = view(second);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::auc_difference(a, b, y, level); }));
      },
      "first"_a, "second"_a, "outcomes"_a, "level"_a);
  module.def(
      "auc_difference_unpaired",
      [](const Numbers& first, const Kinds& first_outcomes, const Numbers& second, const Kinds& second_outcomes,
         double level) {
        const auto a = view(first), b = view(second);
        const auto y = view(first_outcomes), z = view(second_outcomes);
        return plain(unlocked([&] { return st::auc_difference_unpaired(a, y, b, z, level); }));
      },
      "first"_a, "first_outcomes"_a, "second"_a, "second_outcomes"_a, "level"_a);
  module.def(
      "cuts",
      [](const Numbers& scores, const Kinds& outcomes, double level) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        return cut_table(unlocked([&] { return st::cuts(s, y, level); }));
      },
      "scores"_a, "outcomes"_a, "level"_a);
  module.def(
      "concordance",
      [](const Numbers& scores, const Numbers& times, const Kinds& events, bool uno, std::optional<double> horizon,
         double level) {
        const auto s = view(scores), t = view(times);
        const auto e = view(events);
        return plain(
            unlocked([&] { return uno ? st::unos_c(s, t, e, horizon, level) : st::harrells_c(s, t, e, level); }));
      },
      "scores"_a, "times"_a, "events"_a, "uno"_a, "horizon"_a, "level"_a);
  module.def(
      "auc_at_horizon",
      [](const Numbers& scores, const Numbers& times, const Kinds& events, double horizon, double level) {
        const auto s = view(scores), t = view(times);
        const auto e = view(events);
        const st::AucAtHorizon found = unlocked([&] { return st::auc_at_horizon(s, t, e, horizon, level); });
        return py::dict("auc"_a = plain(found.auc), "horizon"_a = found.horizon, "cases"_a = found.cases,
                        "controls"_a = found.controls, "unknown"_a = found.unknown, "sample"_a = plain(found.sample));
      },
      "scores"_a, "times"_a, "events"_a, "horizon"_a, "level"_a);
  module.def(
      "cohens_d",
      [](const Numbers& scores, const Kinds& outcomes, double level) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::cohens_d(s, y, level); }));
      },
      "scores"_a, "outcomes"_a, "level"_a);
  module.def(
      "odds_ratio_per_point",
      [](const Numbers& scores, const Kinds& outcomes, double level) {
        const auto s = view(scores);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::odds_ratio_per_point(s, y, level); }));
      },
      "scores"_a, "outcomes"_a, "level"_a);
  module.def(
      "hazard_ratio_per_point",
      [](const Numbers& scores, const Numbers& times, const Kinds& events, double level) {
        const auto s = view(scores), t = view(times);
        const auto e = view(events);
        return plain(unlocked([&] { return st::hazard_ratio_per_point(s, t, e, level); }));
      },
      "scores"_a, "times"_a, "events"_a, "level"_a);
}

}  // namespace appraise::python
