#include "appraise/scores.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <array>
#include <cerrno>
#include <string>

#include "appraise/diagnostic.hpp"
#include "bind.hpp"
#include "capsules.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

using SharedScores = std::shared_ptr<const Scores>;

const ScoreColumn& column_of(const Scores& scores, const std::string& name) {
  const ScoreColumn* column = scores.find(name);
  if (!column) throw py::key_error(name);
  return *column;
}

const char* kind_of(const ScoreColumn& column) {
  constexpr std::array<const char*, 5> names = {"whole", "real", "date", "label", "status"};
  return names.at(static_cast<std::size_t>(column.kind));
}

/// A read-only array that views `values` and keeps `owner` alive.
template <class T, class Allocator>
py::array view(const std::vector<T, Allocator>& values, const py::object& owner) {
  py::array array(py::dtype::of<T>(), {values.size()}, {sizeof(T)}, values.data(), owner);
  array.attr("flags").attr("writeable") = false;
  return array;
}

py::array values_of(const py::object& self, const std::string& name) {
  const ScoreColumn& column = column_of(*self.cast<std::shared_ptr<Scores>>(), name);
  if (column.kind == ScoreColumn::Kind::real) return view(column.reals, self);
  if (column.kind == ScoreColumn::Kind::status || column.kind == ScoreColumn::Kind::label) {
    return view(column.bytes, self);
  }
  return view(column.wholes, self);
}

std::optional<py::array> validity_of(const py::object& self, const std::string& name) {
  const ScoreColumn& column = column_of(*self.cast<std::shared_ptr<Scores>>(), name);
  if (column.validity.empty()) return std::nullopt;
  return view(column.validity, self);
}

const TextLists& lists_of(const Scores& scores, const std::string& name) {
  const TextLists& lists = name == "reasons" ? scores.reasons : scores.cautions;
  if ((name != "reasons" && name != "cautions") || lists.offsets.empty()) throw py::key_error(name);
  return lists;
}

std::vector<std::string> names_of(const Scores& scores) {
  std::vector<std::string> names;
  for (const ScoreColumn& column : scores.columns) names.push_back(column.name);
  if (!scores.reasons.offsets.empty()) names.emplace_back("reasons");
  if (!scores.cautions.offsets.empty()) names.emplace_back("cautions");
  return names;
}

/// The stream of record batches that is behind an exported capsule.
struct Export {
  std::vector<SharedScores> batches;
  std::size_t next = 0;
  std::string error;

  template <class Work>
  int attempt(Work&& work) noexcept {
    try {
      work();
      return 0;
    } catch (const std::exception& problem) {
      error = problem.what();
      return ENOMEM;
    }
  }
  static Export& of(ArrowArrayStream* stream) { return *static_cast<Export*>(stream->private_data); }
};

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  Export& self = Export::of(stream);
  return self.attempt([&] {
    Held<ArrowArray> batch;
    export_scores(self.batches.front(), out, batch.get());
  });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  Export& self = Export::of(stream);
  *out = ArrowArray{};
  if (self.next == self.batches.size()) return 0;
  return self.attempt([&] {
    Held<ArrowSchema> schema;
    export_scores(self.batches[self.next], schema.get(), out);
    ++self.next;
  });
}

const char* get_last_error(ArrowArrayStream* stream) { return Export::of(stream).error.c_str(); }

void release(ArrowArrayStream* stream) {
  delete static_cast<Export*>(stream->private_data);
  stream->release = nullptr;
}

py::capsule export_stream(const std::vector<std::shared_ptr<Scores>>& batches) {
  if (batches.empty()) throw py::value_error("a stream of scores has at least one batch");
  auto source = std::make_unique<Export>();
  source->batches.assign(batches.begin(), batches.end());
  Held<ArrowArrayStream> stream;
  *stream.get() = {get_schema, get_next, get_last_error, release, source.release()};
  return give(std::move(stream));
}

py::capsule export_schema(const std::shared_ptr<Scores>& batch) {
  Held<ArrowSchema> schema;
  Held<ArrowArray> array;
  export_scores(SharedScores(batch), schema.get(), array.get());
  return give(std::move(schema));
}

}  // namespace

void bind_scores(py::module_& module) {
  py::class_<Scores, std::shared_ptr<Scores>>(module, "ScoredBatch")
      .def_readonly("rows", &Scores::rows)
      .def_readonly("metadata", &Scores::metadata)
      .def_property_readonly("columns", &names_of)
      .def(
          "kind", [](const Scores& self, const std::string& name) { return kind_of(column_of(self, name)); },
          py::arg("name"))
      .def(
          "labels", [](const Scores& self, const std::string& name) { return column_of(self, name).labels; },
          py::arg("name"))
      .def(
          "column_metadata", [](const Scores& self, const std::string& name) { return column_of(self, name).metadata; },
          py::arg("name"))
      .def("values", &values_of, py::arg("name"))
      .def("validity", &validity_of, py::arg("name"))
      .def(
          "texts",
          [](const py::object& self, const std::string& name) {
            const TextLists& lists = lists_of(*self.cast<std::shared_ptr<Scores>>(), name);
            return py::make_tuple(view(lists.offsets, self), view(lists.numbers, self), lists.texts);
          },
          py::arg("name"));
  module.def("export_stream", &export_stream, py::arg("batches"));
  module.def("export_schema", &export_schema, py::arg("batch"));
}

}  // namespace appraise::python
