#include <limits>

#include "reading/codes.hpp"
#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

std::string read_standard(const Node& node) {
  return std::string(read_word<std::string_view>(
      node, {{"I", "I"}, {"II", "II"}, {"III", "III"}, {"IV", "IV"}, {"IVa", "IVa"}, {"IVb", "IVb"}, {"V", "V"}}));
}

LevelBand read_level_band(const Node& node) {
  LevelBand band;
  band.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    band.interval = read_ends(object, read_number);
    band.code = object.required("code", read_label);
    band.label = object.required("label", read_text);
    band.standard = object.optional("standard", read_standard).value_or("");
  });
  return band;
}

LevelScheme read_scheme(const std::string& name, const Node& node) {
  LevelScheme scheme;
  scheme.name = name;
  scheme.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    scheme.edition = object.required("edition", read_text);
    scheme.of = object.required("of", read_code);
    scheme.status = object.required("status", [](const Node& status) {
      return read_word<LevelStatus>(status, {{"current", LevelStatus::current},
                                             {"superseded", LevelStatus::superseded},
                                             {"overlay", LevelStatus::overlay}});
    });
    scheme.evidence = object.required("evidence", read_evidence);
    scheme.bands = object.required("bands", list_of(read_level_band));
  });
  return scheme;
}

/// A cell as a number; a label as its number among the table's labels, null as NaN.
double read_cell(const Node& node, const Table& table) {
  const bool no_figures = table.evidence.mark == Mark::structure_only;
  if (node.value.is(Kind::null)) {
    if (!no_figures) {
      node.fault("table.null-cell", "an empty cell", "a figure, or the mark \"structure_only\" for the whole table");
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (no_figures) {
    node.fault("table.structure-only", found_at(node), "null in every cell of a \"structure_only\" table");
  }
  if (table.values.empty()) return read_number(node);
  const std::string label = read_label(node);
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (table.values[i] == label) return static_cast<double>(i);
  }
  if (is_label(label)) node.fault("table.value", found_at(node), "one of the labels under \"values\"");
  return 0;
}

std::vector<double> read_row(const Node& node, const Table& table, std::size_t length) {
  auto cells = read_list(node, Least::none, [&](const Node& cell) { return read_cell(cell, table); });
  if (node.value.is(Kind::list) && cells.size() != length) {
    node.fault("table.shape", counted(cells.size(), "cell"), counted(length, "cell") + ", one for each key");
  }
  return cells;
}

void read_cells(const Node& node, Table& table) {
  if (table.keys.size() < 2) {
    table.cells = read_row(node, table, table.keys.empty() ? 0 : table.keys[0].size());
    return;
  }
  const auto rows =
      read_list(node, Least::none, [&](const Node& row) { return read_row(row, table, table.keys[1].size()); });
  if (node.value.is(Kind::list) && rows.size() != table.keys[0].size()) {
    node.fault("table.shape", counted(rows.size(), "row"),
               counted(table.keys[0].size(), "row") + ", one for each key of the first list");
  }
  for (const auto& row : rows) table.cells.insert(table.cells.end(), row.begin(), row.end());
}

std::vector<std::vector<std::string>> read_keys(const Node& node) {
  auto keys = read_list(node, Least::one, list_of(read_label));
  if (keys.size() > 2) node.fault("list.length", counted(keys.size(), "list") + " of keys", "one list of keys or two");
  return keys;
}

Table read_table(const std::string& name, const Node& node) {
  Table table;
  table.name = name;
  table.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    table.keys = object.required("keys", read_keys);
    const auto values = object.find("values");
    if (values && !values->value.is(Kind::null)) table.values = read_list(*values, Least::one, read_label);
    read_table_figures(object, table);
  });
  return table;
}

}  // namespace

void read_table_figures(ObjectReader& object, Table& table) {
  table.edition = object.required("edition", read_text);
  table.evidence = object.required("evidence", read_evidence);
  table.cells.clear();
  if (const auto cells = object.demand("cells")) read_cells(*cells, table);
}

std::vector<LevelScheme> read_levels(const Node& node) {
  std::vector<LevelScheme> result;
  read_names(node, is_code, code_form,
             [&](const std::string& name, const Node& scheme) { result.push_back(read_scheme(name, scheme)); });
  return result;
}

std::vector<Table> read_tables(const Node& node) {
  std::vector<Table> result;
  read_names(node, is_code, code_form,
             [&](const std::string& name, const Node& table) { result.push_back(read_table(name, table)); });
  return result;
}

}  // namespace appraise::detail::reading
