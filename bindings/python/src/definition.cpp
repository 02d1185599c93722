#include <pybind11/stl.h>

#include <array>

#include "appraise/evidence.hpp"
#include "bind.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

constexpr std::array<const char*, 3> monotonies = {"", "rising", "falling"};
constexpr std::array<const char*, 6> item_kinds = {"choice", "yes_no", "count", "number", "date", "code"};
constexpr std::array<const char*, 4> value_types = {"whole", "real", "date", "category"};
constexpr std::array<const char*, 3> level_statuses = {"current", "superseded", "overlay"};
constexpr std::array<const char*, std::variant_size_v<Operation>> operations = {
    "sum",   "weighted_sum", "difference", "count",    "extreme", "product",         "ratio",
    "log",   "logistic",     "lookup",     "rules",    "choose",  "first_available", "clamp",
    "round", "time_between", "add_time",   "attribute"};

std::string operation_of(const Scale& scale) {
  if (const auto* extreme = std::get_if<Extreme>(&scale.operation)) return extreme->highest ? "maximum" : "minimum";
  return operations.at(scale.operation.index());
}

py::object response_of(const Response& response) {
  if (response.kind == Response::Kind::number) return py::float_(response.number);
  if (response.kind == Response::Kind::text) return py::str(response.text);
  return py::none();
}

void bind_figures(py::module_& module) {
  py::class_<Evidence>(module, "Evidence")
      .def_property_readonly("mark", [](const Evidence& self) { return to_string(self.mark); })
      .def_readonly("sources", &Evidence::sources)
      .def_readonly("note", &Evidence::note);
  py::class_<Source>(module, "Source")
      .def_readonly("key", &Source::key)
      .def_readonly("citation", &Source::citation)
      .def_readonly("url", &Source::url);
  py::class_<Part>(module, "Part")
      .def_readonly("name", &Part::name)
      .def_readonly("edition", &Part::edition)
      .def_property_readonly("mark", [](const Part& self) { return to_string(self.mark); })
      .def_readonly("digest", &Part::digest)
      .def_readonly("supplied", &Part::supplied);
  py::class_<Interval>(module, "Interval")
      .def_property_readonly("low", [](const Interval& self) { return self.from; })
      .def_property_readonly("high", [](const Interval& self) { return self.to; })
      .def_readonly("closed", &Interval::closed);
  py::class_<Band>(module, "Band").def_readonly("interval", &Band::interval).def_readonly("value", &Band::value);
}

void bind_items(py::module_& module) {
  py::class_<Option>(module, "Option")
      .def_readonly("code", &Option::code)
      .def_readonly("value", &Option::value)
      .def_readonly("label", &Option::label)
      .def_readonly("points", &Option::points);
  py::class_<Item>(module, "Item")
      .def_readonly("code", &Item::code)
      .def_readonly("label", &Item::label)
      .def_property_readonly("kind", [](const Item& self) { return name_in(item_kinds, self.kind); })
      .def_readonly("unit", &Item::unit)
      .def_readonly("optional", &Item::optional)
      .def_readonly("range", &Item::range)
      .def_readonly("options", &Item::options)
      .def_readonly("bands", &Item::bands)
      .def_readonly("list", &Item::list)
      .def_property_readonly("if_missing", [](const Item& self) { return response_of(self.if_missing); })
      .def_property_readonly("has_points", &Item::has_points)
      .def_readonly("applies_when", &Item::applies_when)
      .def_readonly("points_if_not_applicable", &Item::points_if_not_applicable)
      .def_property_readonly("baseline", [](const Item& self) { return response_of(self.baseline); })
      .def_property_readonly("monotone", [](const Item& self) { return name_in(monotonies, self.monotone); })
      .def_readonly("evidence", &Item::evidence);
  py::class_<UseRule>(module, "UseRule")
      .def_readonly("code", &UseRule::code)
      .def_readonly("reason", &UseRule::reason)
      .def_readonly("condition", &UseRule::condition)
      .def_readonly("applies_if_unknown", &UseRule::applies_if_unknown);
}

void bind_scales(py::module_& module) {
  py::class_<Scale>(module, "Scale")
      .def_readonly("code", &Scale::code)
      .def_readonly("label", &Scale::label)
      .def_readonly("unit", &Scale::unit)
      .def_readonly("reported", &Scale::reported)
      .def_property_readonly("operation", &operation_of)
      .def_readonly("calculation", &Scale::operation)
      .def_readonly("applies_when", &Scale::applies_when)
      .def_readonly("explained_by", &Scale::explained_by)
      .def_property_readonly("type", [](const Scale& self) { return name_in(value_types, self.type); })
      .def_readonly("labels", &Scale::labels)
      .def_readonly("range", &Scale::range)
      .def_readonly("levels", &Scale::levels)
      .def_readonly("evidence", &Scale::evidence);
  py::class_<LevelBand>(module, "LevelBand")
      .def_readonly("interval", &LevelBand::interval)
      .def_readonly("code", &LevelBand::code)
      .def_readonly("label", &LevelBand::label)
      .def_readonly("standard", &LevelBand::standard);
  py::class_<LevelScheme>(module, "LevelScheme")
      .def_readonly("name", &LevelScheme::name)
      .def_readonly("edition", &LevelScheme::edition)
      .def_readonly("of", &LevelScheme::of)
      .def_property_readonly("status", [](const LevelScheme& self) { return name_in(level_statuses, self.status); })
      .def_readonly("bands", &LevelScheme::bands)
      .def_readonly("evidence", &LevelScheme::evidence);
  py::class_<Table>(module, "Table")
      .def_readonly("name", &Table::name)
      .def_readonly("edition", &Table::edition)
      .def_readonly("keys", &Table::keys)
      .def_readonly("values", &Table::values)
      .def_readonly("cells", &Table::cells)
      .def_readonly("evidence", &Table::evidence);
}

void bind_norms(py::module_& module) {
  py::class_<NormRow>(module, "NormRow")
      .def_readonly("score", &NormRow::score)
      .def_readonly("rate", &NormRow::rate)
      .def_readonly("rate_low", &NormRow::rate_low)
      .def_readonly("rate_high", &NormRow::rate_high)
      .def_readonly("percentile", &NormRow::percentile)
      .def_readonly("risk_ratio", &NormRow::risk_ratio)
      .def_readonly("evidence", &NormRow::evidence);
  py::class_<Norms::Logistic>(module, "LogisticNorms")
      .def_readonly("centre", &Norms::Logistic::centre)
      .def_readonly("intercept", &Norms::Logistic::intercept)
      .def_readonly("slope", &Norms::Logistic::slope);
  py::class_<Norms>(module, "Norms")
      .def_readonly("id", &Norms::id)
      .def_readonly("edition", &Norms::edition)
      .def_readonly("title", &Norms::title)
      .def_readonly("scale", &Norms::scale)
      .def_readonly("sample", &Norms::sample)
      .def_readonly("country", &Norms::country)
      .def_readonly("n", &Norms::n)
      .def_readonly("samples", &Norms::samples)
      .def_readonly("outcome", &Norms::outcome)
      .def_readonly("follow_up_years", &Norms::follow_up_years)
      .def_readonly("interval_level", &Norms::interval_level)
      .def_readonly("rows", &Norms::rows)
      .def_readonly("logistic", &Norms::logistic)
      .def_readonly("sources", &Norms::sources)
      .def_readonly("evidence", &Norms::evidence)
      .def_readonly("digest", &Norms::digest)
      .def(
          "look_up", [](const Norms& self, double score) { return look_up(self, score); }, py::arg("score"));
}

void bind_instrument(py::module_& module) {
  py::class_<CodeList::Attribute>(module, "CodeAttribute")
      .def_readonly("name", &CodeList::Attribute::name)
      .def_readonly("labels", &CodeList::Attribute::labels);
  py::class_<CodeList>(module, "CodeList")
      .def_readonly("id", &CodeList::id)
      .def_readonly("title", &CodeList::title)
      .def_readonly("source", &CodeList::source)
      .def_readonly("attributes", &CodeList::attributes)
      .def_readonly("digest", &CodeList::digest)
      .def("__len__", [](const CodeList& self) { return self.codes.size(); });
  py::class_<Use>(module, "Use")
      .def_readonly("alias", &Use::alias)
      .def_readonly("instrument", &Use::instrument)
      .def_readonly("edition", &Use::edition)
      .def_property_readonly("definition", [](const Use& self) { return shared(self.definition); });
  py::class_<Instrument, std::shared_ptr<Instrument>> instrument(module, "Instrument");
  instrument.def_readonly("id", &Instrument::id)
      .def_readonly("edition", &Instrument::edition)
      .def_readonly("title", &Instrument::title)
      .def_readonly("family", &Instrument::family)
      .def_readonly("authors", &Instrument::authors)
      .def_readonly("language", &Instrument::language)
      .def_readonly("population", &Instrument::population)
      .def_readonly("outcome", &Instrument::outcome)
      .def_readonly("licence", &Instrument::licence)
      .def_readonly("training", &Instrument::training)
      .def_readonly("notice", &Instrument::notice)
      .def_readonly("sources", &Instrument::sources)
      .def_readonly("evidence", &Instrument::evidence)
      .def_readonly("uses", &Instrument::uses)
      .def_readonly("applies_when", &Instrument::applies_when)
      .def_readonly("valid_when", &Instrument::valid_when)
      .def_readonly("cautions", &Instrument::cautions)
      .def_readonly("items", &Instrument::items)
      .def_readonly("scales", &Instrument::scales)
      .def_readonly("levels", &Instrument::levels)
      .def_readonly("tables", &Instrument::tables)
      .def_readonly("norms", &Instrument::norms)
      .def_readonly("reassess_months", &Instrument::reassess_months)
      .def_readonly("reassess_events", &Instrument::reassess_events)
      .def_readonly("reassess_evidence", &Instrument::reassess_evidence)
      .def_readonly("code_lists", &Instrument::code_lists)
      .def_readonly("parts", &Instrument::parts)
      .def("__repr__", [](const Instrument& self) {
        return "<Instrument " + self.id + " " + self.edition + ": " + self.title + ">";
      });
  show_by(instrument, "_repr_html_", "instrument_html");
}

}  // namespace

void bind_definition(py::module_& module) {
  bind_figures(module);
  bind_operations(module);
  bind_items(module);
  bind_scales(module);
  bind_norms(module);
  bind_instrument(module);
}

}  // namespace appraise::python
