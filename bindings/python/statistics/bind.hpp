/// The extension appraise._statistics: arrays in, plain tuples and dictionaries out. Results get their shape in Python.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/regression.hpp"

namespace appraise::python {

namespace py = pybind11;

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Kinds = py::array_t<std::uint8_t, py::array::c_style | py::array::forcecast>;

inline std::span<const double> view(const Numbers& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
inline std::span<const std::uint8_t> view(const Kinds& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
inline std::vector<std::span<const double>> views(const std::vector<Numbers>& arrays) {
  std::vector<std::span<const double>> result;
  for (const Numbers& array : arrays) result.push_back(view(array));
  return result;
}

/// Runs `work` without the interpreter's lock.
template <class Work>
auto unlocked(Work work) {
  const py::gil_scoped_release released;
  return work();
}

inline py::str name_of(statistics::Status status) {
  const auto text = statistics::to_string(status);
  return py::str(text.data(), text.size());
}
/// An estimate that numbers near the ends of their range made NaN says so.
inline statistics::Estimate explained(statistics::Estimate e) {
  using statistics::Status;
  if (std::isnan(e.value) && e.status == Status::estimated) e.status = e.interval = Status::out_of_range;
  if ((std::isnan(e.low) || std::isnan(e.high)) && e.interval == Status::estimated) e.interval = Status::out_of_range;
  return e;
}
inline py::tuple plain(const statistics::Estimate& estimate) {
  const statistics::Estimate e = explained(estimate);
  return py::make_tuple(e.value, e.standard_error, e.low, e.high, name_of(e.status), name_of(e.interval));
}
inline py::tuple plain(const statistics::Test& t) {
  return py::make_tuple(t.statistic, t.degrees_of_freedom, t.p_value, name_of(t.status));
}
inline py::tuple plain(const statistics::Difference& d) { return py::make_tuple(plain(d.value), plain(d.test)); }
inline py::tuple plain(const statistics::Sample& s) { return py::make_tuple(s.n, s.events, s.left_out); }

py::dict plain(const statistics::Regression& fit);

template <class Number>
py::array_t<Number> column(const std::vector<Number>& values) {
  return py::array_t<Number>(static_cast<py::ssize_t>(values.size()), values.data());
}
/// One column of a list of structures.
template <class Rows, class Field>
auto column(const Rows& rows, Field field) {
  std::vector<std::decay_t<decltype(field(*rows.begin()))>> values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.push_back(field(row));
  return column(values);
}
/// Statuses of a list of structures, by name.
template <class Rows, class Field>
py::list names_of(const Rows& rows, Field field) {
  py::list names;
  for (const auto& row : rows) names.append(name_of(field(row)));
  return names;
}
/// Estimates of a list of structures as columns: value, standard error, low, high; numbers of the statuses of value and
/// interval.
template <class Rows, class Field>
py::tuple estimates(const Rows& rows, Field field) {
  return py::make_tuple(
      column(rows, [&](const auto& row) { return field(row).value; }),
      column(rows, [&](const auto& row) { return field(row).standard_error; }),
      column(rows, [&](const auto& row) { return field(row).low; }),
      column(rows, [&](const auto& row) { return field(row).high; }),
      column(rows, [&](const auto& row) { return static_cast<std::uint8_t>(explained(field(row)).status); }),
      column(rows, [&](const auto& row) { return static_cast<std::uint8_t>(explained(field(row)).interval); }));
}

void bind_discrimination(py::module_& module);
void bind_calibration(py::module_& module);
void bind_survival(py::module_& module);
void bind_agreement(py::module_& module);
void bind_local_norms(py::module_& module);
void bind_resampling(py::module_& module);
void bind_value(py::module_& module);
void bind_fairness(py::module_& module);

}  // namespace appraise::python
