#include <pybind11/functional.h>

#include <optional>
#include <string>

#include "appraise/statistics/bootstrap.hpp"
#include "appraise/statistics/figures.hpp"
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

/// What each named figure takes: (name, kind) of its arguments, and whether it takes a horizon.
static py::dict figures() {
  py::dict result;
  for (const st::FigureKind& kind : st::figures()) {
    py::list arguments;
    for (const st::FigureArgument& argument : kind.arguments) {
      const char* column = argument.column == st::FigureColumn::numbers    ? "numbers"
                           : argument.column == st::FigureColumn::outcomes ? "outcomes"
                           : argument.column == st::FigureColumn::events   ? "events"
                                                                           : "raters";
      arguments.append(py::make_tuple(std::string(argument.name), column));
    }
    result[py::str(std::string(kind.name))] = py::make_tuple(py::tuple(arguments), kind.horizon);
  }
  return result;
}

void bind_resampling(py::module_& module) {
  module.attr("FIGURES") = figures();
  module.def(
      "bootstrap_figure",
      [](const std::string& figure, const std::vector<Numbers>& numbers, const Kinds& outcomes,
         std::optional<double> horizon, const std::vector<Numbers>& against, std::int64_t replicates,
         std::uint64_t seed, int threads, double level, bool bca, const Strata& strata, const py::object& progress) {
        const st::BootstrapOptions options = options_of(replicates, seed, threads, level, bca, strata, progress);
        const std::size_t n = numbers.empty() ? 0 : view(numbers.front()).size();
        st::Statistic statistic = st::statistic_of({figure, views(numbers), view(outcomes), horizon});
        if (!against.empty()) {
          statistic = st::difference_of(statistic, st::statistic_of({figure, views(against), view(outcomes), horizon}));
        }
        return plain(unlocked([&] { return st::bootstrap(n, statistic, options); }));
      },
      "figure"_a, "numbers"_a, "outcomes"_a, "horizon"_a, "against"_a, "replicates"_a, "seed"_a, "threads"_a, "level"_a,
      "bca"_a, "strata"_a, "progress"_a);
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

}  // namespace appraise::python
