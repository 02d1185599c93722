#include "appraise/statistics/local_norms.hpp"

#include <pybind11/functional.h>

#include "appraise/statistics/bootstrap.hpp"
#include "bind.hpp"

namespace appraise::python {

using namespace py::literals;
namespace st = statistics;

using Strata = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>;

static st::BootstrapOptions options_of(std::int64_t replicates, std::uint64_t seed, int threads, double level, bool bca,
                                       const Strata& strata, const py::object& progress) {
  st::BootstrapOptions options;
  options.replicates = replicates;
  options.seed = seed;
  options.threads = threads;
  options.level = level;
  options.bca = bca;
  options.strata = {strata.data(), static_cast<std::size_t>(strata.size())};
  options.progress = [progress](std::int64_t done, std::int64_t all) {
    const py::gil_scoped_acquire held;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!progress.is_none()) progress(done, all);
  };
  return options;
}

static py::dict plain(const st::Bootstrap& b) {
  return py::dict("estimate"_a = plain(b.estimate), "replicates"_a = column(b.replicates), "failed"_a = b.failed,
                  "bias_correction"_a = b.bias_correction, "acceleration"_a = b.acceleration);
}

static void bind_bootstrap(py::module_& module) {
  module.def(
      "bootstrap",
      [](std::int64_t n, const py::function& statistic, std::int64_t replicates, std::uint64_t seed, double level,
         bool bca, const Strata& strata, const py::object& progress) {
        const st::BootstrapOptions options = options_of(replicates, seed, 1, level, bca, strata, progress);
        return plain(st::bootstrap(
            static_cast<std::size_t>(n),
            [&](std::span<const std::uint32_t> rows) {
              return statistic(py::array_t<std::uint32_t>(static_cast<py::ssize_t>(rows.size()), rows.data()))
                  .cast<double>();
            },
            options));
      },
      "n"_a, "statistic"_a, "replicates"_a, "seed"_a, "level"_a, "bca"_a, "strata"_a, "progress"_a);
  module.def(
      "bootstrap_auc",
      [](const Numbers& scores, const Kinds& outcomes, std::int64_t replicates, std::uint64_t seed, int threads,
         double level, bool bca, const Strata& strata, const py::object& progress) {
        const st::BootstrapOptions options = options_of(replicates, seed, threads, level, bca, strata, progress);
        const auto s = view(scores);
        const auto y = view(outcomes);
        return plain(unlocked([&] { return st::bootstrap_auc(s, y, options); }));
      },
      "scores"_a, "outcomes"_a, "replicates"_a, "seed"_a, "threads"_a, "level"_a, "bca"_a, "strata"_a, "progress"_a);
}

/// Norms are kept by Python, which writes them to a file.
struct HeldNorms {
  st::LocalNorms norms;
};

static st::Updating updating_of(const std::string& name) {
  if (name == "intercept") return st::Updating::intercept;
  if (name == "intercept_and_slope") return st::Updating::intercept_and_slope;
  if (name == "pooled") return st::Updating::pooled;
  return st::Updating::refit;
}

static st::LocalNormsOptions norms_options(const std::string& updating, const Norms* published,
                                           const std::optional<std::vector<double>>& prior, double level) {
  st::LocalNormsOptions options;
  options.updating = updating_of(updating);
  options.published = published;
  options.level = level;
  if (prior) {
    const std::vector<double>& p = *prior;
    options.prior = st::PublishedCurve{p.at(0), p.at(1), p.at(2), p.at(3), p.at(4), p.at(5)};
  }
  return options;
}

static py::dict columns_of(const HeldNorms& self) {
  const auto& rows = self.norms.rows;
  using Row = st::LocalNormRow;
  return py::dict("score"_a = column(rows, [](const Row& r) { return r.score; }),
                  "n"_a = column(rows, [](const Row& r) { return r.n; }),
                  "events"_a = column(rows, [](const Row& r) { return r.events; }),
                  "rate"_a = estimates(rows, [](const Row& r) -> const st::Estimate& { return r.rate; }),
                  "percentile"_a = column(rows, [](const Row& r) { return r.percentile; }),
                  "risk_ratio"_a = estimates(rows, [](const Row& r) -> const st::Estimate& { return r.risk_ratio; }),
                  "median"_a = self.norms.median, "intercept"_a = plain(self.norms.intercept),
                  "slope"_a = plain(self.norms.slope), "horizon"_a = self.norms.horizon,
                  "sample"_a = plain(self.norms.sample), "status"_a = name_of(self.norms.status));
}

void bind_local_norms(py::module_& module) {
  bind_bootstrap(module);
  py::class_<HeldNorms>(module, "LocalNorms")
      .def("columns", columns_of)
      .def(
          "file",
          [](const HeldNorms& self, const std::string& id, const std::string& edition, const std::string& title,
             const std::string& instrument, const std::vector<std::string>& editions, const std::string& scale,
             const std::string& sample, const std::string& country, const std::string& outcome,
             std::optional<double> follow_up_years, const std::string& citation) {
            const st::NormsFile file = st::norms_file(
                self.norms,
                {id, edition, title, instrument, editions, scale, sample, country, outcome, follow_up_years, citation});
            return py::make_tuple(file.path, file.text, file.digest);
          },
          "id"_a, "edition"_a, "title"_a, "instrument"_a, "editions"_a, "scale"_a, "sample"_a, "country"_a, "outcome"_a,
          "follow_up_years"_a, "citation"_a);
  module.def(
      "local_norms",
      [](const Numbers& scores, const Kinds& outcomes, const std::string& updating, const Norms* published,
         const std::optional<std::vector<double>>& prior, double level) {
        const st::LocalNormsOptions options = norms_options(updating, published, prior, level);
        const auto s = view(scores);
        const auto y = view(outcomes);
        return unlocked([&] { return HeldNorms{st::local_norms(s, y, options)}; });
      },
      "scores"_a, "outcomes"_a, "updating"_a, "published"_a, "prior"_a, "level"_a);
  module.def(
      "local_norms_followed",
      [](const Numbers& scores, const Numbers& times, const Kinds& events, double horizon, const std::string& updating,
         const Norms* published, const std::optional<std::vector<double>>& prior, double level) {
        const st::LocalNormsOptions options = norms_options(updating, published, prior, level);
        const auto s = view(scores), t = view(times);
        const auto e = view(events);
        return unlocked([&] { return HeldNorms{st::local_norms_followed(s, t, e, horizon, options)}; });
      },
      "scores"_a, "times"_a, "events"_a, "horizon"_a, "updating"_a, "published"_a, "prior"_a, "level"_a);
}

}  // namespace appraise::python
