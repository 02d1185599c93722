#include <pybind11/stl.h>

#include "appraise/diagnostic.hpp"
#include "bind.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

py::gil_safe_call_once_and_store<py::object> definition_error;

/// Every diagnostic on a line of its own.
std::string message_of(const DefinitionError& error) {
  std::string text = "the definition cannot be used";
  for (const Diagnostic& diagnostic : error.diagnostics()) text += "\n  " + to_string(diagnostic);
  return text;
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const DefinitionError& error) {
    const py::object raised = definition_error.get_stored()(message_of(error));
    // A list that notebooks show as a table.
    const py::object checked = py::module_::import("appraise._api").attr("Checked");
    raised.attr("diagnostics") = checked(py::none(), error.diagnostics());
    PyErr_SetObject(definition_error.get_stored().ptr(), raised.ptr());
  }
}

}  // namespace

void bind_errors(py::module_& module) {
  py::class_<Diagnostic>(module, "Diagnostic", R"(One thing wrong with a definition.

Attributes
----------
severity : str
    "error" refuses the definition; "warning" and "note" do not.
code : str
    Public and stable, as "levels.gap"; docs/diagnostics.md lists them all.
file, line, column : str, int, int
    Where, counted from 1; 0 where it is not from a file.
address : str
    Where in the document, as "levels/main/bands/2".
found, expected : str
    What is there, and what was expected.)")
      .def_property_readonly("severity", [](const Diagnostic& self) { return name_of(self.severity); })
      .def_readonly("code", &Diagnostic::code)
      .def_property_readonly("file", [](const Diagnostic& self) { return self.place.file; })
      .def_property_readonly("line", [](const Diagnostic& self) { return self.place.line; })
      .def_property_readonly("column", [](const Diagnostic& self) { return self.place.column; })
      .def_readonly("address", &Diagnostic::address)
      .def_readonly("found", &Diagnostic::found)
      .def_readonly("expected", &Diagnostic::expected)
      .def("__str__", [](const Diagnostic& self) { return to_string(self); })
      .def("__repr__", [](const Diagnostic& self) { return "<Diagnostic " + to_string(self) + ">"; });

  definition_error.call_once_and_store_result(
      [&] { return py::exception<DefinitionError>(module, "DefinitionError", PyExc_Exception); });
  definition_error.get_stored().attr("diagnostics") = py::list();
  definition_error.get_stored().attr("__doc__") = R"(A definition that cannot be used; its message has every diagnostic.

Attributes
----------
diagnostics : list of Diagnostic
    Everything that is wrong, by file, line and column.)";
  py::register_exception<UsageError>(module, "UsageError", PyExc_ValueError).attr("__doc__") =
      "A call that cannot be carried out: what is there, and what was expected. A person's answers never raise it.";
  py::register_exception_translator(translate);
}

}  // namespace appraise::python
