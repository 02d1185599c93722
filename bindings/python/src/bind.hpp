/// The parts of the extension: each binds one group of types and functions.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <memory>
#include <string>

#include "appraise/instrument.hpp"

namespace appraise::python {

void bind_errors(pybind11::module_& module);
void bind_definition(pybind11::module_& module);
void bind_operations(pybind11::module_& module);
void bind_caseloads(pybind11::module_& module);
void bind_records(pybind11::module_& module);
void bind_scores(pybind11::module_& module);
void bind_verbs(pybind11::module_& module);

/// Python knows no const: instruments are handed out with read-only attributes instead.
inline std::shared_ptr<Instrument> shared(const std::shared_ptr<const Instrument>& instrument) {
  return std::const_pointer_cast<Instrument>(instrument);
}

/// The name of an enumerator.
template <class Enum, std::size_t Size>
std::string name_in(const std::array<const char*, Size>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

/// What `appraise._display` makes of an object: how it is shown is written in Python.
template <class Class>
void show_by(Class& bound, const char* method, const char* function) {
  bound.def(method, [function](const pybind11::object& self) {
    return pybind11::module_::import("appraise._display").attr(function)(self);
  });
}

}  // namespace appraise::python
