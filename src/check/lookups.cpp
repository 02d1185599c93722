// Bands and tables of look-ups.

#include <unordered_set>

#include "check/bands.hpp"
#include "check/checks.hpp"

namespace appraise::detail {
namespace {

void check_look_up_bands(const Ground& ground, const Scale& scale, const Lookup& lookup, Report& report) {
  const Reference& of = lookup.of.front();
  if (!ground.types.response(of).number()) return;
  Bands bands{{}, "scales/" + scale.code + "/lookup/bands", quoted(of)};
  for (const Band& band : lookup.bands) bands.all.push_back({&band.interval, &band.place});
  check_bands(bands, ground.domains.response(ground.names.find(of)), {"lookup.empty", "lookup.gap", "lookup.overlap"},
              report);
}

/// Whether each label of the category is a key, and each key a label.
void check_keys(const std::vector<std::string>& keys, const std::vector<std::string>& labels, const Reference& of,
                const Scale& scale, Report& report) {
  const std::unordered_set<std::string_view> known(labels.begin(), labels.end());
  std::unordered_set<std::string_view> missing = known;
  std::vector<std::string> strange, absent;
  for (const std::string& key : keys) {
    missing.erase(key);
    if (!known.contains(key)) strange.push_back(key);
  }
  for (const std::string& label : labels)
    if (missing.erase(label) != 0) absent.push_back(label);
  if (strange.empty() && absent.empty()) return;
  std::string found = "the keys read by " + quoted(of);
  if (!absent.empty()) found += " lack " + list_text(absent);
  if (!strange.empty()) found += std::string(absent.empty() ? "" : " and") + " hold " + list_text(strange);
  report.add("lookup.keys", scale.place, "scales/" + scale.code + "/lookup/table", std::move(found),
             "each of its labels once, in any order: " + list_text(labels));
}

void check_look_up_table(const Ground& ground, const Scale& scale, const Lookup& lookup, Report& report) {
  const Table* table = ground.names.table(lookup.table);
  if (table == nullptr) return;
  if (table->keys.size() != lookup.of.size()) {
    report.add("lookup.key-count", scale.place, "scales/" + scale.code + "/lookup/of",
               counted(lookup.of.size(), "value") + " for the table " + quoted(table->name) + ", which has " +
                   counted(table->keys.size(), "list") + " of keys",
               "one reference for each list of keys");
    return;
  }
  for (std::size_t i = 0; i < lookup.of.size(); ++i) {
    const Value value = ground.types.response(lookup.of[i]);
    if (value.kind == Value::Kind::category) check_keys(table->keys[i], *value.labels, lookup.of[i], scale, report);
  }
}

}  // namespace

void check_lookups(const Ground& ground, Report& report) {
  ground.for_each_sound_scale([&](const Scale& scale) {
    const auto* lookup = std::get_if<Lookup>(&scale.operation);
    if (lookup == nullptr) return;
    if (lookup->table.empty()) {
      check_look_up_bands(ground, scale, *lookup, report);
    } else {
      check_look_up_table(ground, scale, *lookup, report);
    }
  });
}

}  // namespace appraise::detail
