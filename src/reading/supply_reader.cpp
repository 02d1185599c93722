#include <algorithm>

#include "reading/codes.hpp"
#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

JsonValue* find(JsonValue& object, std::string_view key) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&](const JsonMember& member) { return member.key == key; });
  return found == object.members.end() ? nullptr : &found->value;
}

Table* find_table(Instrument& instrument, std::string_view name) {
  const auto found = std::find_if(instrument.tables.begin(), instrument.tables.end(),
                                  [&](const Table& table) { return table.name == name; });
  return found == instrument.tables.end() ? nullptr : &*found;
}

/// The sources of the file, beside those of the instrument.
void add_sources(const Node& node, Instrument& instrument) {
  for (Source& source : read_sources(node)) {
    const bool known = std::any_of(instrument.sources.begin(), instrument.sources.end(),
                                   [&](const Source& one) { return one.key == source.key; });
    if (known) {
      node.fault("supply.source", "the source " + in_quotes(source.key) + ", which the definition has too",
                 "a key of its own for each source");
    }
    instrument.sources.push_back(std::move(source));
  }
}

/// Reads the figures of one table, and puts them into the tree of the instrument's file.
void supply_table(const std::string& name, const Node& node, Instrument& instrument, JsonValue* tables) {
  Table* table = find_table(instrument, name);
  if (table == nullptr || tables == nullptr) {
    return node.fault("supply.table-undefined", "the table " + in_quotes(name), "a table of the definition");
  }
  if (table->evidence.mark != Mark::structure_only) {
    return node.fault("supply.not-structure-only", "figures for a table that has its own",
                      "a table marked \"structure_only\"; other figures want an edition of their own");
  }
  read_object(node, [&](ObjectReader& object) { read_table_figures(object, *table); });
  if (table->evidence.mark == Mark::structure_only) {
    node.fault("supply.mark", "the mark \"structure_only\" on figures that are supplied",
               "verified, derived or unverified, with the source");
  }
  table->supplied = true;
  for (const JsonMember& member : node.value.members) {
    if (JsonValue* field = find(*find(*tables, name), member.key)) *field = member.value;
  }
}

}  // namespace

Supplied read_supply(const Node& node, Instrument& instrument, JsonValue& root) {
  Supplied supplied;
  read_object(node, [&](ObjectReader& object) {
    read_format(object);
    supplied.instrument = object.required("instrument", read_id);
    supplied.edition = object.required("edition", read_text);
    if (const auto sources = object.demand("sources")) add_sources(*sources, instrument);
    const auto tables = object.demand("tables");
    if (!tables) return;
    read_names(*tables, is_code, code_form, [&](const std::string& name, const Node& table) {
      supply_table(name, table, instrument, find(root, "tables"));
    });
  });
  return supplied;
}

}  // namespace appraise::detail::reading
