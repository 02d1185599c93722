#include "caseloads.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "appraise/diagnostic.hpp"
#include "bind.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

using Names = std::vector<std::string>;

/// Translates the columns that have codes.
void recode_all(HeldCaseload& held, const CodesByItem& codes) {
  if (codes.empty()) return;
  std::vector<Column> columns = held.caseload.columns();
  for (Column& column : columns) {
    if (const auto of = codes.find(column.name); of != codes.end()) column = recode(column, of->second, held.converted);
  }
  held.caseload = Caseload(std::move(columns));
}

/// Gives every item its column, under the name of the item.
void rename_all(HeldCaseload& held, const Wanted& wanted) {
  if (std::all_of(wanted.begin(), wanted.end(), [](const auto& each) { return each.first == each.second; })) return;
  std::vector<Column> columns;
  for (const auto& [item, name] : wanted) {
    const Column* column = held.caseload.find(name);
    if (column == nullptr) continue;
    columns.push_back(*column);
    columns.back().name = item;
  }
  held.caseload = Caseload(std::move(columns));
}

std::unique_ptr<HeldCaseload> view(const ArrowSchema& schema, Held<ArrowArray> batch, const Wanted& wanted,
                                   const CodesByItem& codes) {
  Names names;
  for (const auto& [item, column] : wanted) names.push_back(column);
  auto held = std::make_unique<HeldCaseload>();
  held->batch = std::move(batch);
  ImportedCaseload imported = import_caseload(schema, *held->batch.get(), names);
  held->caseload = std::move(imported.caseload);
  held->converted = std::move(imported.owned);
  rename_all(*held, wanted);
  recode_all(*held, codes);
  return held;
}

std::unique_ptr<HeldCaseload> from_arrow(const py::capsule& schema, const py::capsule& batch, const Wanted& wanted,
                                         const CodesByItem& codes) {
  Held<ArrowSchema> held_schema = take<ArrowSchema>(schema);
  Held<ArrowArray> held_batch = take<ArrowArray>(batch);
  const py::gil_scoped_release unlocked;
  return view(*held_schema.get(), std::move(held_batch), wanted, codes);
}

Names names_of(const ArrowSchema& schema) {
  Names names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const char* name = schema.children[i]->name;
    names.emplace_back(name == nullptr ? "" : name);
  }
  return names;
}

/// The columns of a schema, which stays in its capsule.
Names column_names(const py::capsule& schema) {
  const auto* inside = static_cast<ArrowSchema*>(PyCapsule_GetPointer(schema.ptr(), capsule_name<ArrowSchema>));
  if (inside == nullptr) throw py::error_already_set();
  return names_of(*inside);
}

/// The batches of a stream, one after the other.
class Batches {
 public:
  explicit Batches(const py::capsule& stream) : stream_(take<ArrowArrayStream>(stream)) {
    const py::gil_scoped_release unlocked;
    check(stream_->get_schema(stream_.get(), schema_.get()));
  }

  [[nodiscard]] Names columns() { return names_of(*schema_.get()); }

  /// What the batches to come are read as.
  void read(Wanted wanted, CodesByItem codes) {
    wanted_ = std::move(wanted);
    codes_ = std::move(codes);
  }

  std::unique_ptr<HeldCaseload> next() {
    {
      const py::gil_scoped_release unlocked;
      Held<ArrowArray> batch;
      check(stream_->get_next(stream_.get(), batch.get()));
      if (batch->release) return view(*schema_.get(), std::move(batch), wanted_, codes_);
    }
    throw py::stop_iteration();
  }

 private:
  void check(int status) {
    if (status == 0) return;
    const char* reason = stream_->get_last_error(stream_.get());
    throw std::runtime_error(reason ? reason : "the table could not be read");
  }

  Held<ArrowArrayStream> stream_;
  Held<ArrowSchema> schema_;
  Wanted wanted_;
  CodesByItem codes_;
};

struct NamedType {
  std::string_view name;
  ColumnType type;
  py::ssize_t width;
};

constexpr std::array<NamedType, 12> numpy_types = {{{"int8", ColumnType::int8, 1},
                                                    {"int16", ColumnType::int16, 2},
                                                    {"int32", ColumnType::int32, 4},
                                                    {"int64", ColumnType::int64, 8},
                                                    {"uint8", ColumnType::uint8, 1},
                                                    {"uint16", ColumnType::uint16, 2},
                                                    {"uint32", ColumnType::uint32, 4},
                                                    {"uint64", ColumnType::uint64, 8},
                                                    {"float32", ColumnType::float32, 4},
                                                    {"float64", ColumnType::float64, 8},
                                                    {"bool", ColumnType::boolean_bytes, 1},
                                                    {"date32", ColumnType::date32, 4}}};

/// Name, type, values, validity bits, dictionary.
using Given = std::tuple<std::string, std::string, py::buffer, std::optional<py::buffer>, std::optional<Names>>;

const void* keep(HeldCaseload& held, const py::buffer& buffer) {
  held.buffers.push_back(buffer.request());
  const py::buffer_info& info = held.buffers.back();
  if (info.ndim != 1 || (info.size > 1 && info.strides[0] != info.itemsize)) {
    throw UsageError("a column is one contiguous array of one dimension");
  }
  return info.ptr;
}

std::unique_ptr<HeldCaseload> from_arrays(const std::vector<Given>& columns, const CodesByItem& codes) {
  auto held = std::make_unique<HeldCaseload>();
  std::vector<Column> views;
  for (const auto& [name, type, values, validity, dictionary] : columns) {
    Column column;
    column.name = name;
    column.values = keep(*held, values);
    column.length = held->buffers.back().size;
    const auto width = held->buffers.back().itemsize;
    const auto* known = std::find_if(numpy_types.begin(), numpy_types.end(),
                                     [&](const NamedType& each) { return each.name == type && each.width == width; });
    if (known == numpy_types.end()) throw UsageError("column '" + name + "' has the type " + type);
    column.type = known->type;
    if (validity) {
      column.validity = static_cast<const std::uint8_t*>(keep(*held, *validity));
      if (held->buffers.back().size * 8 < column.length)
        throw UsageError("the validity of '" + name + "' is too short");
    }
    column.coded = dictionary.has_value();
    if (dictionary) column.dictionary = *dictionary;
    views.push_back(std::move(column));
  }
  held->caseload = Caseload(std::move(views));
  recode_all(*held, codes);
  return held;
}

std::uintptr_t address(const HeldCaseload& held, const std::string& name) {
  const Column* column = held.caseload.find(name);
  if (!column) throw UsageError("there is no column '" + name + "'");
  return reinterpret_cast<std::uintptr_t>(column->values);
}

}  // namespace

void bind_caseloads(py::module_& module) {
  py::class_<HeldCaseload>(module, "Caseload")
      .def(py::init(&from_arrays), py::arg("columns"), py::arg("codes") = CodesByItem())
      .def_static("from_arrow", &from_arrow, py::arg("schema"), py::arg("batch"), py::arg("wanted"),
                  py::arg("codes") = CodesByItem())
      .def_property_readonly("rows", [](const HeldCaseload& self) { return self.caseload.rows(); })
      .def_property_readonly("columns",
                             [](const HeldCaseload& self) {
                               Names names;
                               for (const Column& column : self.caseload.columns()) names.push_back(column.name);
                               return names;
                             })
      .def_property_readonly("types",
                             [](const HeldCaseload& self) {
                               std::map<std::string, std::string> types;
                               for (const Column& column : self.caseload.columns()) {
                                 types.emplace(column.name, type_name(column));
                               }
                               return types;
                             })
      .def("address", &address, py::arg("name"), "Address of the column's values: it tells views from copies.");
  py::class_<Batches>(module, "Batches")
      .def(py::init<const py::capsule&>(), py::arg("stream"))
      .def_property_readonly("columns", &Batches::columns)
      .def(
          "read",
          [](py::object self, Wanted wanted, CodesByItem codes) {
            self.cast<Batches&>().read(std::move(wanted), std::move(codes));
            return self;
          },
          py::arg("wanted"), py::arg("codes") = CodesByItem())
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &Batches::next);
  module.def("column_names", &column_names, py::arg("schema"));
}

}  // namespace appraise::python
