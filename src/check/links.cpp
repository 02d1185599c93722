// Names of tables, level schemes and explaining scales; what is there and read by nothing.

#include <unordered_set>

#include "check/checks.hpp"
#include "check/references.hpp"

namespace appraise::detail {
namespace {

std::string near_text(std::string_view name, const std::vector<std::string_view>& known) {
  const std::string_view near = reading::nearest(name, known);
  return near.empty() ? std::string() : "; did you mean " + quoted(near) + "?";
}

void check_levels_of(const Scale& scale, const Names& names, Report& report) {
  if (scale.levels.empty()) return;
  const LevelScheme* scheme = names.levels(scale.levels);
  const std::string address = "scales/" + scale.code + "/levels";
  if (scheme == nullptr) {
    std::vector<std::string_view> known;
    for (const LevelScheme& each : names.instrument().levels) known.emplace_back(each.name);
    report.add("scale.levels-undefined", scale.place, address, "there is no level scheme " + quoted(scale.levels),
               "a name under `levels`" + near_text(scale.levels, known));
  } else if (scheme->of != scale.code) {
    report.add("levels.other-scale", scale.place, address,
               quoted(scale.levels) + " are the levels of " + quoted(scheme->of) + ", not of " + quoted(scale.code),
               "a level scheme whose `of` is " + quoted(scale.code));
  }
}

void check_table_of(const Scale& scale, const Names& names, Report& report) {
  const auto* lookup = std::get_if<Lookup>(&scale.operation);
  if (lookup == nullptr || lookup->table.empty() || names.table(lookup->table) != nullptr) return;
  std::vector<std::string_view> known;
  for (const Table& table : names.instrument().tables) known.emplace_back(table.name);
  report.add("lookup.table-undefined", scale.place, "scales/" + scale.code + "/lookup/table",
             "there is no table " + quoted(lookup->table), "a name under `tables`" + near_text(lookup->table, known));
}

void check_explained_by(const Scale& scale, const Names& names, Report& report) {
  for (const std::string& code : scale.explained_by) {
    const Referent found = names.find(code);
    const bool sum = found.kind == Referent::Kind::scale && found.node != Referent::no_node &&
                     (std::holds_alternative<Sum>(found.scale->operation) ||
                      std::holds_alternative<WeightedSum>(found.scale->operation));
    if (!sum)
      report.add("scale.explained-by", scale.place, "scales/" + scale.code + "/explained_by",
                 quoted(code) + " is not a sum", "scales of this instrument that are a sum or a weighted_sum");
  }
}

}  // namespace

void check_links(const Names& names, Report& report) {
  for (const Scale& scale : names.instrument().scales) {
    check_levels_of(scale, names, report);
    check_table_of(scale, names, report);
    check_explained_by(scale, names, report);
  }
  for (const LevelScheme& scheme : names.instrument().levels) {
    const Referent found = names.find(scheme.of);
    if (found.kind != Referent::Kind::scale)
      report.add("levels.of-undefined", scheme.place, "levels/" + scheme.name + "/of",
                 "there is no scale " + quoted(scheme.of), "the scale whose values the bands hold");
  }
}

void check_usage(const Names& names, Report& report) {
  const Instrument& instrument = names.instrument();
  std::vector<bool> read(names.nodes());
  std::unordered_set<std::string_view> aliases, tables, lists;
  const auto mark = [&](const Reference& reference) {
    const Referent found = names.find(reference);
    if (found.node != Referent::no_node) read[found.node] = true;
    aliases.insert(std::string_view(reference).substr(0, reference.find('.')));
  };
  for_each_read(instrument, [&](const Reference& reference, Need, const Site&) { mark(reference); });
  for (const Scale& scale : instrument.scales) {
    for (const std::string& code : scale.explained_by) mark(code);
    if (const auto* lookup = std::get_if<Lookup>(&scale.operation)) tables.insert(lookup->table);
  }
  for (std::size_t i = 0; i < instrument.items.size(); ++i) {
    const Item& item = instrument.items[i];
    lists.insert(item.list);
    if (!read[i])
      report.add("item.unused", item.place, "items/" + item.code, "nothing reads the item " + quoted(item.code),
                 "a scale or rule that reads it, or no item");
  }
  for (std::size_t i = 0; i < instrument.scales.size(); ++i) {
    const Scale& scale = instrument.scales[i];
    if (!scale.reported && !read[instrument.items.size() + i])
      report.add("scale.unused", scale.place, "scales/" + scale.code,
                 quoted(scale.code) + " is not reported, and nothing reads it",
                 "a scale that reads it, or `reported`: true");
  }
  for (const Table& table : instrument.tables)
    if (!tables.contains(table.name))
      report.add("table.unused", table.place, "tables/" + table.name,
                 "no look-up reads the table " + quoted(table.name), "a look-up that reads it, or no table");
  for (const auto& [name, list] : instrument.code_lists)
    if (!lists.contains(name))
      report.add("list.unused", instrument.place, "code_lists/" + name, "no item reads the code list " + quoted(name),
                 "an item of kind code that reads it, or no list");
  for (const Use& use : instrument.uses)
    if (!aliases.contains(use.alias))
      report.add("use.unused", use.place, "uses/" + use.alias, "nothing reads the instrument " + quoted(use.alias),
                 "a scale that reads one of its scales, or no use");
}

}  // namespace appraise::detail
