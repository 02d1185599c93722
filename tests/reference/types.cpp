#include "reference/types.hpp"

#include <algorithm>
#include <cmath>

namespace appraise::reference {
namespace {

bool whole(double x) { return x == std::trunc(x); }

Type number(bool is_whole) { return {is_whole ? ValueType::whole : ValueType::real, {}}; }

Type of_item(const Item& item) {
  if (item.has_points()) {
    bool all = !item.applies_when || whole(item.points_if_not_applicable);
    for (const Option& option : item.options) all = all && whole(*option.points);
    for (const Band& band : item.bands) all = all && whole(band.value);
    return number(all);
  }
  if (item.kind == ItemKind::count) return number(true);
  if (item.kind == ItemKind::number) return number(false);
  if (item.kind == ItemKind::date) return {ValueType::date, {}};
  Type category{ValueType::category, {}};
  for (const Option& option : item.options) category.labels.push_back(option.code);
  return category;
}

/// The type of each operation, by what it reads.
struct Typing {
  const Instrument& instrument;

  Type all_whole(const std::vector<Reference>& of) const {
    return number(std::all_of(of.begin(), of.end(),
                              [&](const Reference& one) { return type_of(instrument, one).type == ValueType::whole; }));
  }
  /// Of values of one kind: a whole and a real number are real.
  Type together(const std::vector<Type>& of) const {
    const auto real = std::find(of.begin(), of.end(), number(false));
    return real != of.end() ? *real : of.front();
  }
  Type taken(const Taken& taken) const {
    return taken.number ? number(whole(*taken.number)) : type_of(instrument, taken.of);
  }

  Type operator()(const Sum& sum) const { return all_whole(sum.of); }
  Type operator()(const WeightedSum&) const { return number(false); }
  Type operator()(const Difference& difference) const { return all_whole({difference.of, difference.minus}); }
  Type operator()(const Count&) const { return number(true); }
  Type operator()(const Extreme& extreme) const { return all_whole(extreme.of); }
  Type operator()(const Product&) const { return number(false); }
  Type operator()(const Ratio&) const { return number(false); }
  Type operator()(const Log&) const { return number(false); }
  Type operator()(const Logistic&) const { return number(false); }
  Type operator()(const Lookup& lookup) const {
    if (lookup.table.empty())
      return number(
          std::all_of(lookup.bands.begin(), lookup.bands.end(), [](const Band& band) { return whole(band.value); }));
    const Table& table = *instrument.find_table(lookup.table);
    if (!table.values.empty()) return {ValueType::category, table.values};
    return number(std::all_of(table.cells.begin(), table.cells.end(), whole));
  }
  Type operator()(const Rules& rules) const {
    if (!rules.values.empty()) return {ValueType::category, rules.values};
    bool all = !rules.otherwise || whole(rules.otherwise->number);
    for (const DecisionRow& row : rules.rows) all = all && whole(row.number);
    return number(all);
  }
  Type operator()(const Choose& choose) const {
    std::vector<Type> types{taken(choose.otherwise)};
    for (const Choose::Row& row : choose.rows) types.push_back(taken(row.take));
    return together(types);
  }
  Type operator()(const FirstAvailable& first) const {
    std::vector<Type> types;
    for (const Reference& of : first.of) types.push_back(type_of(instrument, of));
    return together(types);
  }
  Type operator()(const Clamp& clamp) const {
    return number(type_of(instrument, clamp.of).type == ValueType::whole && whole(clamp.from.value_or(0)) &&
                  whole(clamp.to.value_or(0)));
  }
  Type operator()(const Round& round) const { return number(round.digits == 0); }
  Type operator()(const TimeBetween&) const { return number(true); }
  Type operator()(const AddTime&) const { return {ValueType::date, {}}; }
  Type operator()(const Attribute& attribute) const {
    const CodeList& list = instrument.code_lists.at(instrument.find_item(attribute.of)->list);
    const auto found = std::find_if(list.attributes.begin(), list.attributes.end(),
                                    [&](const CodeList::Attribute& one) { return one.name == attribute.name; });
    return {ValueType::category, found->labels};
  }
};

}  // namespace

Type type_of(const Instrument& instrument, const Scale& scale) {
  return std::visit(Typing{instrument}, scale.operation);
}

Type type_of(const Instrument& instrument, const Reference& reference) {
  const std::size_t dot = reference.find('.');
  const std::string first = reference.substr(0, dot);
  if (dot != std::string::npos) {
    const std::string rest = reference.substr(dot + 1);
    if (const Use* const use = instrument.find_use(first)) return type_of(*use->definition, rest);
    Type level{ValueType::category, {}};
    for (const LevelBand& band : instrument.find_levels(instrument.find_scale(first)->levels)->bands)
      level.labels.push_back(band.code);
    return level;
  }
  const Item* const item = instrument.find_item(first);
  return item != nullptr ? of_item(*item) : type_of(instrument, *instrument.find_scale(first));
}

}  // namespace appraise::reference
