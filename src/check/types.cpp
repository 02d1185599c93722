#include "check/types.hpp"

#include <algorithm>
#include <cmath>

namespace appraise::detail {
namespace {

const std::vector<std::string> no_and_yes{"no", "yes"};

bool whole(double x) { return std::trunc(x) == x; }

Value number(bool is_whole) { return {is_whole ? Value::Kind::whole : Value::Kind::real}; }

bool whole_points(const Item& item) {
  const auto whole_option = [](const Option& option) { return !option.points || whole(*option.points); };
  const auto whole_band = [](const Band& band) { return whole(band.value); };
  return std::all_of(item.options.begin(), item.options.end(), whole_option) &&
         std::all_of(item.bands.begin(), item.bands.end(), whole_band) && whole(item.points_if_not_applicable);
}

std::vector<std::string> codes_of(const LevelScheme& scheme) {
  std::vector<std::string> codes;
  for (const LevelBand& band : scheme.bands) codes.push_back(band.code);
  return codes;
}

/// What the values of a list are together. Whole and real numbers are real.
struct Together {
  Value value;
  bool mixed = false;

  void add(const Value& next) {
    if (next.kind == Value::Kind::unknown) unknown_ = true;
    if (unknown_) return;
    if (value.kind == Value::Kind::unknown) {
      value = next;
    } else if (value.number() && next.number()) {
      if (next.kind == Value::Kind::real) value.kind = Value::Kind::real;
    } else if (value.kind != next.kind || (value.labels != nullptr && *value.labels != *next.labels)) {
      mixed = true;
    } else {
      value.ordered = value.ordered && next.ordered;
    }
  }
  [[nodiscard]] Value result() const { return unknown_ || mixed ? Value{} : value; }

 private:
  bool unknown_ = false;
};

/// The type of each kind of operation, from the types of what it reads.
struct Inference {
  const Names& names;
  const Types& types;
  const Scale& scale;
  Report& report;

  [[nodiscard]] Value numbers(const std::vector<Reference>& of) const {
    bool all_whole = true;
    for (const Reference& reference : of) {
      const Value value = types.value(reference);
      if (!value.number()) return {};
      all_whole = all_whole && value.kind == Value::Kind::whole;
    }
    return number(all_whole);
  }
  /// `result`, if all of `of` are numbers.
  [[nodiscard]] Value from_numbers(const std::vector<Reference>& of, const Value& result) const {
    return numbers(of).kind == Value::Kind::unknown ? Value{} : result;
  }
  [[nodiscard]] bool is(const Reference& of, Value::Kind kind) const { return types.value(of).kind == kind; }
  [[nodiscard]] Value together(const std::vector<Taken>& of, std::string_view part) const {
    Together all;
    for (const Taken& taken : of) all.add(taken.number ? number(whole(*taken.number)) : types.value(taken.of));
    if (all.mixed)
      report.add("type.mixed", scale.place, "scales/" + scale.code + "/" + std::string(part),
                 "the values that " + quoted(scale.code) + " can take are not of one type",
                 "only numbers, only dates, or only categories of the same labels");
    return all.result();
  }

  Value operator()(const Sum& sum) const { return numbers(sum.of); }
  Value operator()(const WeightedSum& sum) const {
    std::vector<Reference> all;
    for (const Term& term : sum.terms) all.insert(all.end(), term.of.begin(), term.of.end());
    return from_numbers(all, number(false));
  }
  Value operator()(const Difference& difference) const { return numbers({difference.of, difference.minus}); }
  Value operator()(const Count&) const { return number(true); }
  Value operator()(const Extreme& extreme) const { return numbers(extreme.of); }
  Value operator()(const Product& product) const { return from_numbers(product.of, number(false)); }
  Value operator()(const Ratio& ratio) const { return from_numbers({ratio.of, ratio.over}, number(false)); }
  Value operator()(const Log& log) const { return from_numbers({log.of}, number(false)); }
  Value operator()(const Logistic& logistic) const { return from_numbers({logistic.of}, number(false)); }
  Value operator()(const Lookup& lookup) const {
    if (lookup.table.empty() && !types.response(lookup.of.front()).number()) return {};
    if (lookup.table.empty())
      return number(
          std::all_of(lookup.bands.begin(), lookup.bands.end(), [](const Band& band) { return whole(band.value); }));
    const Table* table = names.table(lookup.table);
    if (table == nullptr) return {};
    if (!table->values.empty()) return {Value::Kind::category, &table->values, true};
    return number(std::all_of(table->cells.begin(), table->cells.end(), whole));
  }
  Value operator()(const Rules& rules) const {
    if (!rules.values.empty()) return {Value::Kind::category, &rules.values, true};
    return number(
        (!rules.otherwise || whole(rules.otherwise->number)) &&
        std::all_of(rules.rows.begin(), rules.rows.end(), [](const DecisionRow& row) { return whole(row.number); }));
  }
  Value operator()(const Choose& choose) const {
    std::vector<Taken> taken;
    for (const Choose::Row& row : choose.rows) taken.push_back(row.take);
    if (choose.otherwise.number || !choose.otherwise.of.empty()) taken.push_back(choose.otherwise);
    return together(taken, "choose");
  }
  Value operator()(const FirstAvailable& first) const {
    std::vector<Taken> taken;
    for (const Reference& of : first.of) taken.push_back({.number = {}, .of = of});
    return together(taken, "first_available");
  }
  Value operator()(const Clamp& clamp) const {
    const Value value = types.value(clamp.of);
    if (!value.number()) return {};
    return number(value.kind == Value::Kind::whole && whole(clamp.from.value_or(0)) && whole(clamp.to.value_or(0)));
  }
  Value operator()(const Round& round) const { return from_numbers({round.of}, number(round.digits == 0)); }
  Value operator()(const TimeBetween& time) const {
    return is(time.from, Value::Kind::date) && is(time.to, Value::Kind::date) ? number(true) : Value{};
  }
  Value operator()(const AddTime& time) const {
    const bool whole_amount = time.amount.number || is(time.amount.of, Value::Kind::whole);
    return is(time.to, Value::Kind::date) && whole_amount ? Value{Value::Kind::date} : Value{};
  }
  Value operator()(const Attribute& attribute) const {
    const Referent found = names.find(attribute.of);
    if (found.kind != Referent::Kind::item || found.item->kind != ItemKind::code) return {};
    const auto list = found.owner->code_lists.find(found.item->list);
    if (list == found.owner->code_lists.end()) return {};
    std::vector<std::string> known;
    for (const CodeList::Attribute& each : list->second.attributes) {
      if (each.name == attribute.name) return {Value::Kind::category, &each.labels, false};
      known.push_back(each.name);
    }
    report.add("attribute.undefined", scale.place, "scales/" + scale.code + "/attribute/name",
               "the code list " + quoted(found.item->list) + " has no attribute " + quoted(attribute.name),
               "one of its attributes: " + list_text(known));
    return {};
  }
};

ValueType value_type(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::whole:
      return ValueType::whole;
    case Value::Kind::date:
      return ValueType::date;
    case Value::Kind::category:
      return ValueType::category;
    default:
      return ValueType::real;
  }
}

}  // namespace

std::string to_text(const Value& value) {
  switch (value.kind) {
    case Value::Kind::unknown:
      return "a value of unknown type";
    case Value::Kind::whole:
      return "a whole number";
    case Value::Kind::real:
      return "a real number";
    case Value::Kind::date:
      return "a date";
    case Value::Kind::category:
      return "a category (" + list_text(*value.labels) + ")";
    case Value::Kind::code:
      return "a code of a code list";
  }
  return {};
}

Types::Types(const Names& names) : names_(names) {
  const Instrument& instrument = names.instrument();
  scales_.resize(instrument.scales.size());
  options_.resize(instrument.items.size());
  for (std::size_t i = 0; i < instrument.items.size(); ++i)
    for (const Option& option : instrument.items[i].options) options_[i].push_back(option.code);
  for (const LevelScheme& scheme : instrument.levels) levels_.emplace(&scheme, codes_of(scheme));
  for (const Use& use : instrument.uses) {
    if (!use.definition) continue;
    for (const LevelScheme& scheme : use.definition->levels) levels_.emplace(&scheme, codes_of(scheme));
  }
}

Value Types::value(const Referent& referent) const {
  if (referent.kind == Referent::Kind::item && referent.item->has_points()) return number(whole_points(*referent.item));
  return response(referent);
}

Value Types::response(const Referent& referent) const {
  if (referent.kind == Referent::Kind::scale) return scale_value(referent);
  if (referent.kind == Referent::Kind::level) {
    const auto found = levels_.find(referent.scheme);
    return {Value::Kind::category, &found->second, true};
  }
  if (referent.kind != Referent::Kind::item) return {};
  switch (referent.item->kind) {
    case ItemKind::choice:
      return {Value::Kind::category, &options_[referent.node], false};
    case ItemKind::yes_no:
      return {Value::Kind::category, &no_and_yes, false};
    case ItemKind::count:
      return {Value::Kind::whole};
    case ItemKind::number:
      return {Value::Kind::real};
    case ItemKind::date:
      return {Value::Kind::date};
    case ItemKind::code:
      return {Value::Kind::code};
  }
  return {};
}

Value Types::scale_value(const Referent& referent) const {
  if (referent.node != Referent::no_node) return scales_[referent.node - names_.instrument().items.size()];
  const Scale& scale = *referent.scale;
  switch (scale.type) {
    case ValueType::whole:
      return {Value::Kind::whole};
    case ValueType::real:
      return {Value::Kind::real};
    case ValueType::date:
      return {Value::Kind::date};
    case ValueType::category:
      return {Value::Kind::category, &scale.labels, !std::holds_alternative<Attribute>(scale.operation)};
  }
  return {};
}

std::optional<std::size_t> Types::position(const std::vector<std::string>& labels, std::string_view label) const {
  constexpr std::size_t few = 16;
  if (labels.size() <= few) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    return found == labels.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - labels.begin()));
  }
  auto& positions = positions_[&labels];
  if (positions.empty())
    for (std::size_t i = 0; i < labels.size(); ++i) positions.emplace(labels[i], i);
  const auto found = positions.find(label);
  return found == positions.end() ? std::nullopt : std::optional(found->second);
}

void Types::infer(Instrument& instrument, const Order& order, Report& report) {
  for (const std::size_t node : order.nodes) {
    if (node < instrument.items.size()) continue;
    Scale& scale = instrument.scales[node - instrument.items.size()];
    const Value value = std::visit(Inference{names_, *this, scale, report}, scale.operation);
    scales_[node - instrument.items.size()] = value;
    scale.type = value_type(value.kind);
    scale.labels = value.kind == Value::Kind::category ? *value.labels : std::vector<std::string>{};
  }
}

}  // namespace appraise::detail
