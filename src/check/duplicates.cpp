// Codes that stand twice, and result columns of one name.

#include <unordered_map>
#include <unordered_set>

#include "check/checks.hpp"
#include "check/columns.hpp"

namespace appraise::detail {
namespace {

/// A column of labels holds a byte a row.
constexpr std::size_t most_labels = 127;

std::string line_of(const Place& place) {
  return place.line == 0 ? "another" : "the one in line " + std::to_string(place.line);
}

/// Names seen so far, and where.
class Seen {
 public:
  /// The place where the name was seen before, or null.
  const Place* before(std::string_view name, const Place& place) {
    const auto [entry, added] = places_.emplace(name, &place);
    return added ? nullptr : entry->second;
  }

 private:
  std::unordered_map<std::string_view, const Place*> places_;
};

void check_codes(const Instrument& instrument, Report& report) {
  Seen items, scales;
  for (const Item& item : instrument.items)
    if (const Place* other = items.before(item.code, item.place))
      report.add("item.duplicate-code", item.place, "items/" + item.code,
                 "the item has the code " + quoted(item.code) + " of " + line_of(*other),
                 "a code of its own for each item");
  for (const Scale& scale : instrument.scales) {
    if (const Place* other = scales.before(scale.code, scale.place)) {
      report.add("scale.duplicate-code", scale.place, "scales/" + scale.code,
                 "the scale has the code " + quoted(scale.code) + " of " + line_of(*other),
                 "a code of its own for each scale");
    } else if (items.before(scale.code, scale.place) != nullptr) {
      report.add("name.collision", scale.place, "scales/" + scale.code,
                 "an item and a scale both have the code " + quoted(scale.code),
                 "a code of its own for each, since references name both");
    }
  }
  for (const Use& use : instrument.uses)
    if (items.before(use.alias, use.place) != nullptr || scales.before(use.alias, use.place) != nullptr)
      report.add("name.collision", use.place, "uses/" + use.alias,
                 "the alias " + quoted(use.alias) + " is also the code of an item or scale",
                 "an alias of its own, since references begin with it");
}

void check_rule_codes(const Instrument& instrument, Report& report) {
  Seen rules;
  const auto check = [&](const std::vector<UseRule>& list, std::string_view name) {
    for (const UseRule& rule : list)
      if (const Place* other = rules.before(rule.code, rule.place))
        report.add("rule.duplicate-code", rule.place, std::string(name) + "/" + rule.code,
                   "the rule has the code " + quoted(rule.code) + " of " + line_of(*other),
                   "a code of its own for each rule of use, since reasons name it");
  };
  check(instrument.applies_when, "applies_when");
  check(instrument.valid_when, "valid_when");
  check(instrument.cautions, "cautions");
}

/// Reports the labels of a list that stand in it twice.
void check_labels(const std::vector<std::string>& labels, Code code, const Place& place, const std::string& address,
                  Report& report) {
  Seen seen;
  for (const std::string& label : labels)
    if (seen.before(label, place) != nullptr)
      report.add(code, place, address, quoted(label) + " stands twice in the list", "each label once");
}

void check_references_once(const std::vector<Reference>& of, const Scale& scale, std::string_view part,
                           Report& report) {
  Seen seen;
  for (const Reference& reference : of)
    if (seen.before(reference, scale.place) != nullptr)
      report.add("scale.duplicate-reference", scale.place, "scales/" + scale.code + "/" + std::string(part),
                 quoted(reference) + " stands twice", "each value once; to count it twice give it a weight of 2");
}

void check_scale(const Scale& scale, Report& report) {
  if (const auto* sum = std::get_if<Sum>(&scale.operation)) check_references_once(sum->of, scale, "sum", report);
  if (const auto* extreme = std::get_if<Extreme>(&scale.operation))
    check_references_once(extreme->of, scale, extreme->highest ? "maximum" : "minimum", report);
  if (const auto* first = std::get_if<FirstAvailable>(&scale.operation))
    check_references_once(first->of, scale, "first_available/of", report);
  if (const auto* rules = std::get_if<Rules>(&scale.operation))
    check_labels(rules->values, "rules.duplicate-value", scale.place, "scales/" + scale.code + "/rules/values", report);
  if (const auto* sum = std::get_if<WeightedSum>(&scale.operation)) {
    Seen names;
    for (std::size_t i = 0; i < sum->terms.size(); ++i)
      if (const Place* other = names.before(sum->terms[i].name, sum->terms[i].place))
        report.add("term.duplicate-name", sum->terms[i].place,
                   "scales/" + scale.code + "/weighted_sum/terms/" + std::to_string(i),
                   "the term has the name " + quoted(sum->terms[i].name) + " of " + line_of(*other),
                   "a name of its own for each term of the scale, under `name`");
  }
}

void check_lists(const Instrument& instrument, Report& report) {
  for (const LevelScheme& scheme : instrument.levels) {
    Seen codes;
    for (const LevelBand& band : scheme.bands)
      if (const Place* other = codes.before(band.code, band.place))
        report.add("levels.duplicate-code", band.place, "levels/" + scheme.name + "/bands",
                   "the level has the code " + quoted(band.code) + " of " + line_of(*other),
                   "a code of its own for each level");
  }
  for (const Table& table : instrument.tables) {
    for (const auto& keys : table.keys)
      check_labels(keys, "table.duplicate-key", table.place, "tables/" + table.name + "/keys", report);
    check_labels(table.values, "table.duplicate-value", table.place, "tables/" + table.name + "/values", report);
  }
  if (instrument.cases.deferred()) return;
  Seen cases;
  for (const Case& each : instrument.cases.all())
    if (const Place* other = cases.before(each.id, each.place))
      report.add("case.duplicate-id", each.place, "cases/" + each.id,
                 "the case has the id " + quoted(each.id) + " of " + line_of(*other), "an id of its own for each case");
}

}  // namespace

void check_columns(const Instrument& instrument, Report& report) {
  std::unordered_map<std::string, const Scale*> columns;
  for_each_column(instrument, [&](const std::string& name, const ColumnContent& content) {
    const auto [other, added] = columns.emplace(name, content.scale);
    if (added || other->second == content.scale || content.scale == nullptr) return;
    report.add("column.collision", content.scale->place, "scales/" + content.scale->code,
               "the result column " + quoted(name) + " of this scale is also one of " +
                   (other->second != nullptr ? quoted(other->second->code) : "every result"),
               "codes of scales and terms that give each result column its own name");
  });
  const auto check_labels = [&](std::size_t labels, const Place& place, const std::string& address) {
    if (labels <= most_labels) return;
    report.add("column.too-many-labels", place, address, "there are " + std::to_string(labels) + " labels",
               "at most " + std::to_string(most_labels));
  };
  for (const Scale& scale : instrument.scales) {
    if (scale.reported) check_labels(scale.labels.size(), scale.place, "scales/" + scale.code);
  }
  for (const LevelScheme& scheme : instrument.levels)
    check_labels(scheme.bands.size(), scheme.place, "levels/" + scheme.name);
}

void check_duplicates(const Instrument& instrument, Report& report) {
  check_codes(instrument, report);
  check_rule_codes(instrument, report);
  for (const Scale& scale : instrument.scales) check_scale(scale, report);
  check_lists(instrument, report);
}

}  // namespace appraise::detail
