#include <pybind11/stl.h>

#include <array>

#include "bind.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

constexpr std::array<const char*, 10> condition_kinds = {"equals", "in",         "at_least", "above", "at_most",
                                                         "below",  "is_missing", "all",      "any",   "not"};
constexpr std::array<const char*, 5> rounding_modes = {"half_up", "half_even", "down", "floor", "ceiling"};
constexpr std::array<const char*, 3> time_units = {"years", "months", "days"};
constexpr std::array<const char*, 2> no_such_days = {"next_day", "last_day"};

/// A number, or the text of a reference.
py::object taken(const Taken& given) {
  if (given.number) return py::float_(*given.number);
  return py::str(given.of);
}

/// The result of a row of a decision table: a label if the table has labels, else a number.
py::object result(const DecisionRow& row) {
  if (row.label.empty()) return py::float_(row.number);
  return py::str(row.label);
}

void bind_conditions(py::module_& module) {
  py::class_<Operand>(module, "Operand")
      .def_property_readonly("value",
                             [](const Operand& self) -> py::object {
                               if (self.kind == Operand::Kind::number) return py::float_(self.number);
                               return py::str(self.text);
                             })
      .def_property_readonly("is_reference", [](const Operand& self) { return self.kind == Operand::Kind::reference; });
  py::class_<Condition>(module, "Condition")
      .def_property_readonly("kind", [](const Condition& self) { return name_in(condition_kinds, self.kind); })
      .def_readonly("of", &Condition::of)
      .def_readonly("operands", &Condition::operands)
      .def_readonly("parts", &Condition::parts);
}

void bind_arithmetic(py::module_& module) {
  py::class_<MissingRule>(module, "MissingRule")
      .def_readonly("may_omit", &MissingRule::may_omit)
      .def_readonly("at_most", &MissingRule::at_most)
      .def_property_readonly("prorate", [](const MissingRule& self) -> std::optional<std::string> {
        if (!self.prorate) return std::nullopt;
        return name_in(rounding_modes, *self.prorate);
      });
  py::class_<Sum>(module, "Sum").def_readonly("of", &Sum::of).def_readonly("missing", &Sum::missing);
  py::class_<Term>(module, "Term")
      .def_readonly("name", &Term::name)
      .def_readonly("of", &Term::of)
      .def_readonly("power", &Term::power)
      .def_readonly("weight", &Term::weight)
      .def_readonly("when", &Term::when)
      .def_readonly("group", &Term::group);
  py::class_<WeightedSum>(module, "WeightedSum")
      .def_readonly("intercept", &WeightedSum::intercept)
      .def_readonly("terms", &WeightedSum::terms);
  py::class_<Difference>(module, "Difference")
      .def_readonly("of", &Difference::of)
      .def_readonly("minus", &Difference::minus);
  py::class_<Count>(module, "Count").def_readonly("of", &Count::of);
  py::class_<Extreme>(module, "Extreme")
      .def_readonly("highest", &Extreme::highest)
      .def_readonly("of", &Extreme::of)
      .def_readonly("missing", &Extreme::missing);
  py::class_<Product>(module, "Product").def_readonly("of", &Product::of);
  py::class_<Ratio>(module, "Ratio").def_readonly("of", &Ratio::of).def_readonly("over", &Ratio::over);
  py::class_<Log>(module, "Log").def_readonly("of", &Log::of);
  py::class_<Logistic>(module, "Logistic").def_readonly("of", &Logistic::of);
  py::class_<Clamp>(module, "Clamp")
      .def_readonly("of", &Clamp::of)
      .def_property_readonly("low", [](const Clamp& self) { return self.from; })
      .def_property_readonly("high", [](const Clamp& self) { return self.to; });
  py::class_<Round>(module, "Round")
      .def_readonly("of", &Round::of)
      .def_readonly("digits", &Round::digits)
      .def_property_readonly("mode", [](const Round& self) { return name_in(rounding_modes, self.mode); });
}

void bind_decisions(py::module_& module) {
  py::class_<Lookup>(module, "Lookup")
      .def_readonly("of", &Lookup::of)
      .def_readonly("bands", &Lookup::bands)
      .def_readonly("table", &Lookup::table);
  py::class_<DecisionRow>(module, "DecisionRow")
      .def_readonly("when", &DecisionRow::when)
      .def_property_readonly("then", &result)
      .def_readonly("source", &DecisionRow::source);
  py::class_<Rules>(module, "Rules")
      .def_readonly("labels", &Rules::values)
      .def_readonly("unique", &Rules::unique)
      .def_readonly("rows", &Rules::rows)
      .def_readonly("otherwise", &Rules::otherwise);
  py::class_<Choose::Row>(module, "ChooseRow")
      .def_readonly("when", &Choose::Row::when)
      .def_property_readonly("take", [](const Choose::Row& self) { return taken(self.take); });
  py::class_<Choose>(module, "Choose")
      .def_readonly("rows", &Choose::rows)
      .def_property_readonly("otherwise", [](const Choose& self) { return taken(self.otherwise); });
  py::class_<FirstAvailable>(module, "FirstAvailable")
      .def_readonly("of", &FirstAvailable::of)
      .def_readonly("flag", &FirstAvailable::flag);
  py::class_<Attribute>(module, "Attribute").def_readonly("of", &Attribute::of).def_readonly("name", &Attribute::name);
}

void bind_time(py::module_& module) {
  py::class_<TimeBetween>(module, "TimeBetween")
      .def_property_readonly("start", [](const TimeBetween& self) { return self.from; })
      .def_property_readonly("end", [](const TimeBetween& self) { return self.to; })
      .def_property_readonly("unit", [](const TimeBetween& self) { return name_in(time_units, self.in); })
      .def_property_readonly("no_such_day",
                             [](const TimeBetween& self) { return name_in(no_such_days, self.no_such_day); });
  py::class_<AddTime>(module, "AddTime")
      .def_readonly("to", &AddTime::to)
      .def_property_readonly("amount", [](const AddTime& self) { return taken(self.amount); })
      .def_property_readonly("unit", [](const AddTime& self) { return name_in(time_units, self.in); })
      .def_property_readonly("no_such_day",
                             [](const AddTime& self) { return name_in(no_such_days, self.no_such_day); });
}

}  // namespace

void bind_operations(py::module_& module) {
  bind_conditions(module);
  bind_arithmetic(module);
  bind_decisions(module);
  bind_time(module);
}

}  // namespace appraise::python
