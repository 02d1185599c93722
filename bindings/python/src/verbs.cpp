#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "appraise/detail/plan.hpp"
#include "appraise/evidence.hpp"
#include "appraise/explain.hpp"
#include "appraise/library.hpp"
#include "appraise/plan.hpp"
#include "appraise/reading.hpp"
#include "appraise/score.hpp"
#include "appraise/verify.hpp"
#include "bind.hpp"
#include "caseloads.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

using Unlocked = py::call_guard<py::gil_scoped_release>;
using SharedInstrument = std::shared_ptr<Instrument>;

void bind_reading(py::module_& module) {
  py::class_<Edition>(module, "Edition")
      .def_readonly("id", &Edition::id)
      .def_readonly("edition", &Edition::edition)
      .def_readonly("own", &Edition::own)
      .def_readonly("supplied", &Edition::supplied);
  py::class_<Library>(module, "Library", R"(The definitions that are built in, and those of an agency's own folder.

Parameters
----------
folder : path, optional
    The folder: definitions as <id>/<edition>/instrument.json, and figures under licence.

Attributes
----------
editions : list of Edition
    id, edition, and whether it is the agency's own or has figures supplied.

Raises
------
UsageError
    If the folder cannot be read, or has a file in the place of a built-in one.)")
      .def(py::init<>())
      .def(py::init<const std::filesystem::path&>(), py::arg("folder"), Unlocked())
      .def_property_readonly("editions", &Library::editions)
      .def(
          "load",
          [](const Library& self, const std::string& id, const std::string& edition) {
            return shared(self.load(id, edition));
          },
          py::arg("id"), py::arg("edition") = "", Unlocked());
  module.def(
      "read", [](const std::filesystem::path& path) { return shared(read(path)); }, py::arg("path"), Unlocked());
  module.def(
      "check",
      [](const std::filesystem::path& path) {
        Checked checked = check(path);
        return std::pair(shared(checked.instrument), std::move(checked.diagnostics));
      },
      py::arg("path"), Unlocked());
  module.def(
      "check_files",
      [](const std::map<std::string, std::string, std::less<>>& files, const std::string& id,
         const std::string& edition) {
        Checked checked = check(files, id, edition);
        return std::pair(shared(checked.instrument), std::move(checked.diagnostics));
      },
      py::arg("files"), py::arg("id"), py::arg("edition"), Unlocked());

  py::class_<Mismatch>(module, "Mismatch")
      .def_readonly("id", &Mismatch::id)
      .def_readonly("source", &Mismatch::source)
      .def_readonly("column", &Mismatch::column)
      .def_readonly("expected", &Mismatch::expected)
      .def_readonly("found", &Mismatch::found)
      .def_property_readonly("file", [](const Mismatch& self) { return self.place.file; })
      .def_property_readonly("line", [](const Mismatch& self) { return self.place.line; });
  py::class_<Verification> verification(module, "Verification", R"(What came of an instrument's own worked cases.

Attributes
----------
cases, comparisons : int
    How many cases were scored, and how many expected values compared.
mismatches : list of Mismatch
    What was not as expected: id, source, column, expected, found, file, line.
ok : bool
    Whether all was as expected.)");
  verification.def_readonly("cases", &Verification::cases)
      .def_readonly("comparisons", &Verification::comparisons)
      .def_readonly("mismatches", &Verification::mismatches)
      .def_property_readonly("ok", [](const Verification& self) { return self.mismatches.empty(); })
      .def("__repr__", [](const Verification& self) {
        return "<Verification: " + std::to_string(self.cases) + " cases, " + std::to_string(self.comparisons) +
               " comparisons, " + std::to_string(self.mismatches.size()) + " mismatches>";
      });
  show_by(verification, "__str__", "verification_text");
  show_by(verification, "_repr_html_", "verification_html");
  module.def(
      "verify", [](const SharedInstrument& instrument) { return verify(instrument); }, py::arg("instrument"),
      Unlocked());
  py::class_<CoveredPart>(module, "CoveredPart", "A part of a definition that cases can exercise, and how many do.")
      .def_property_readonly("kind", [](const CoveredPart& self) { return to_string(self.kind); })
      .def_readonly("address", &CoveredPart::address)
      .def_readonly("what", &CoveredPart::what)
      .def_readonly("cases", &CoveredPart::cases);
  module.def(
      "coverage", [](const SharedInstrument& instrument) { return coverage(instrument); }, py::arg("instrument"),
      Unlocked());
}

Item item_of(const ScoringPlan& plan, const std::string& name) {
  for (const detail::PlannedItem& each : plan.detail().items) {
    if (each.column == name) return *each.item;
  }
  throw py::key_error(name);
}

void bind_plan(py::module_& module) {
  py::class_<ScoringPlan>(module, "ScoringPlan",
                          R"(An instrument ready to score. It cannot be changed, and threads share it.

Attributes
----------
instrument : Instrument
items : list of str
    The columns that a table must or may have; `item` gives the item of one.
scales : list of str
    The reported scales, in order.
mark : str
    The weakest evidence mark among the figures in use.)")
      .def("__repr__",
           [](const ScoringPlan& self) {
             return "<ScoringPlan of " + self.instrument().id + " " + self.instrument().edition + ": " +
                    std::string(to_string(self.mark())) + ">";
           })
      .def_property_readonly("instrument", [](const ScoringPlan& self) { return shared(self.detail().instrument); })
      .def_property_readonly("items", &ScoringPlan::items)
      .def("item", &item_of, py::arg("name"), "The item that a column answers. Errors: KeyError")
      .def_property_readonly("scales", &ScoringPlan::scales)
      .def_property_readonly("mark", [](const ScoringPlan& self) { return to_string(self.mark()); });
  module.def(
      "compile",
      [](const SharedInstrument& instrument, bool accept_unverified, const std::map<std::string, std::string>& levels,
         const std::vector<std::string>& norms) {
        return compile(instrument, {accept_unverified, levels, norms});
      },
      py::arg("instrument"), py::arg("accept_unverified"), py::arg("levels"), py::arg("norms"), Unlocked());
}

/// A scorer that threads of Python may call at the same time: one after the other.
class SharedScorer {
 public:
  SharedScorer(std::vector<ScoringPlan> plans, const ScoreOptions& options) : scorer_(std::move(plans), options) {}

  std::vector<std::shared_ptr<Scores>> score(const HeldCaseload& held) {
    const std::lock_guard lock(one_at_a_time_);
    static_cast<void>(scorer_.score(held.caseload));
    std::vector<std::shared_ptr<Scores>> results;
    for (Scores& scores : scorer_.take()) results.push_back(std::make_shared<Scores>(std::move(scores)));
    return results;
  }

 private:
  std::mutex one_at_a_time_;
  Scorer scorer_;
};

void bind_score(py::module_& module) {
  py::class_<SharedScorer>(module, "Scorer")
      .def(py::init([](std::vector<ScoringPlan> plans, bool bounds, bool distance, bool contributions, bool reasons,
                       int threads) {
             ScoreOptions options;
             options.bounds = bounds;
             options.distance = distance;
             options.contributions = contributions;
             options.reasons = reasons;
             options.threads = threads;
             return std::make_unique<SharedScorer>(std::move(plans), options);
           }),
           py::arg("plans"), py::arg("bounds"), py::arg("distance"), py::arg("contributions"), py::arg("reasons"),
           py::arg("threads"))
      .def("score", &SharedScorer::score, py::arg("caseload"), Unlocked());
  module.def(
      "explain",
      [](const ScoringPlan& plan, const HeldCaseload& held, std::int64_t row, const std::string& scale) {
        return explain(plan, held.caseload, row, scale);
      },
      py::arg("plan"), py::arg("caseload"), py::arg("row"), py::arg("scale") = "", Unlocked());
}

void bind_explanation(py::module_& module) {
  py::class_<Contribution>(module, "Contribution")
      .def_readonly("term", &Contribution::term)
      .def_readonly("label", &Contribution::label)
      .def_readonly("response", &Contribution::response)
      .def_readonly("value", &Contribution::value)
      .def_readonly("baseline", &Contribution::baseline);
  py::class_<Change>(module, "Change")
      .def_readonly("item", &Change::item)
      .def_property_readonly("before", [](const Change& self) { return self.from; })
      .def_property_readonly("after", [](const Change& self) { return self.to; })
      .def_readonly("level", &Change::level)
      .def_readonly("value", &Change::value);
  py::class_<Explanation> explanation(module, "Explanation", R"(Everything about one score of one person.

Attributes
----------
scale, label, status : str
value, level, level_label, standard_level : str
    Empty where there is none.
lowest, highest, lowest_level, highest_level : str
    What is possible, given what is missing.
explained_by : str
    The scale whose terms the contributions are; their unit is its own.
contributions : list of Contribution
    term, label, response, value and baseline, in the order of the instrument.
ranked : list of int
    Contributions that differ from their baseline, largest difference first.
changes : list of Change
    The smallest single changes that move the level: item, before, after, value, level.
reasons, cautions, norms : list of str
evidence : str
    Weakest mark of the figures used.
paragraph : str
    All of it in plain language.)");
  explanation.def("__repr__", [](const Explanation& self) {
    return "<Explanation of " + self.scale + ": " + (self.value.empty() ? self.status : self.value) + ">";
  });
  explanation.def_readonly("scale", &Explanation::scale)
      .def_readonly("label", &Explanation::label)
      .def_readonly("status", &Explanation::status)
      .def_readonly("value", &Explanation::value)
      .def_readonly("level", &Explanation::level)
      .def_readonly("level_label", &Explanation::level_label)
      .def_readonly("standard_level", &Explanation::standard_level)
      .def_readonly("lowest", &Explanation::lowest)
      .def_readonly("highest", &Explanation::highest)
      .def_readonly("lowest_level", &Explanation::lowest_level)
      .def_readonly("highest_level", &Explanation::highest_level)
      .def_readonly("explained_by", &Explanation::explained_by)
      .def_readonly("contributions", &Explanation::contributions)
      .def_readonly("ranked", &Explanation::ranked)
      .def_readonly("changes", &Explanation::changes)
      .def_readonly("reasons", &Explanation::reasons)
      .def_readonly("cautions", &Explanation::cautions)
      .def_readonly("norms", &Explanation::norms)
      .def_readonly("evidence", &Explanation::evidence)
      .def_readonly("paragraph", &Explanation::paragraph);
  show_by(explanation, "__str__", "explanation_text");
  show_by(explanation, "_repr_html_", "explanation_html");
}

}  // namespace

void bind_verbs(py::module_& module) {
  bind_reading(module);
  bind_plan(module);
  bind_score(module);
  bind_explanation(module);
}

}  // namespace appraise::python
