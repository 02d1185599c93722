#include <algorithm>
#include <cmath>
#include <utility>

#include "plan/compiler.hpp"

namespace appraise::detail {

namespace {

ValueType type_of(ItemKind kind) {
  switch (kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
    case ItemKind::code:
      return ValueType::category;
    case ItemKind::count:
      return ValueType::whole;
    case ItemKind::number:
      return ValueType::real;
    case ItemKind::date:
      return ValueType::date;
  }
  return ValueType::real;
}

bool is_whole(double x) { return x == std::trunc(x); }

bool whole_points(const Item& item) {
  return std::all_of(item.options.begin(), item.options.end(),
                     [](const Option& option) { return is_whole(option.points.value_or(0)); }) &&
         std::all_of(item.bands.begin(), item.bands.end(), [](const Band& band) { return is_whole(band.value); }) &&
         (!item.applies_when || is_whole(item.points_if_not_applicable));
}

std::int32_t position_of(const std::vector<std::string>& labels, const std::string& label) {
  return static_cast<std::int32_t>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

}  // namespace

void Compiler::load(const Item& item) {
  if (items_.contains(item.code)) return;
  owner_.clear();
  Register applies = no_register;
  if (item.applies_when) {
    items_.emplace(item.code, LoadedItem{});  // a cycle is refused on reading
    applies = condition(*item.applies_when);
  }
  const auto number = static_cast<std::int32_t>(plan_.items.size());
  const PlannedItem& planned = plan_.items.emplace_back(plan_item(instrument_, item, prefix_));
  auto& labels = level_codes_["item " + item.code];
  for (const Option& option : item.options) labels.push_back(option.code);
  if (item.kind == ItemKind::code) {
    for (const auto& [code, _] : instrument_.code_lists.at(item.list).codes) labels.push_back(code);
  }
  const ValueType type = type_of(item.kind);
  const ValueType points_type = whole_points(item) ? ValueType::whole : ValueType::real;
  const Range responses{planned.response_low, planned.response_high};
  Range points{planned.points_low, planned.points_high};
  LoadItem load{.item = number, .substitute = planned.substitute && !item.applies_when};
  load.response = add_register(register_type(type), responses);
  if (item.has_points()) load.points = add_register(register_type(points_type), points);
  add(load, {load.response, load.points});
  LoadedItem loaded{{load.response, type, &labels}, {load.response, type, &labels}};
  if (item.has_points()) loaded.points = {load.points, points_type, nullptr};
  if (item.applies_when) {
    points = hull(points, exactly(item.points_if_not_applicable));
    ApplyItem apply{.item = number, .applies = applies, .given_response = load.response, .given_points = load.points};
    loaded.response.of = apply.response = add_register(register_type(type), responses);
    loaded.points.of = apply.points = add_register(register_type(points_type), points);
    apply.fault = add_register(RegisterType::whole, exactly(0));
    add(apply, {apply.response, apply.points, apply.fault});
  }
  items_[item.code] = loaded;
}

Variable Compiler::response(const Reference& reference) {
  if (const Item* item = instrument_.find_item(reference)) {
    load(*item);
    return items_.at(reference).response;
  }
  const std::size_t dot = reference.find('.');
  const std::string head = reference.substr(0, dot);
  if (const Use* use = instrument_.find_use(head); use != nullptr && dot != std::string::npos) {
    return used(*use, std::string_view(reference).substr(dot + 1));
  }
  const Scale& wanted = *instrument_.find_scale(head);
  return dot == std::string::npos ? scale(wanted) : level(wanted);
}

Variable Compiler::number(const Reference& reference) {
  if (const Item* item = instrument_.find_item(reference)) {
    load(*item);
    return items_.at(reference).points;
  }
  return response(reference);
}

Variable Compiler::used(const Use& use, std::string_view reference) { return used_.at(use.alias).exported(reference); }

Variable Compiler::scale(const Scale& wanted) {
  if (const auto found = scales_.find(wanted.code); found != scales_.end()) return found->second;
  const std::string outer = std::exchange(owner_, prefix_ + wanted.code);
  Register out = operate(wanted);
  owner_ = prefix_ + wanted.code;
  if (wanted.applies_when) {
    out = emit(ApplyWhen{.when = condition(*wanted.applies_when), .of = out}, register_type(wanted.type));
  }
  owner_ = outer;
  const Variable variable{out, wanted.type, &wanted.labels};
  scales_.emplace(wanted.code, variable);
  return variable;
}

Variable Compiler::level(const Scale& of) {
  if (const auto found = levels_.find(of.code); found != levels_.end()) return found->second;
  const LevelScheme& scheme = *instrument_.find_levels(of.levels);
  auto& codes = level_codes_["level " + of.code];
  for (const LevelBand& band : scheme.bands) codes.push_back(band.code);
  const Variable variable{find_level(of, scheme), ValueType::category, &codes};
  levels_.emplace(of.code, variable);
  return variable;
}

Register Compiler::find_level(const Scale& of, const LevelScheme& scheme) {
  const Register value = scale(of).of;
  const std::string outer = std::exchange(owner_, prefix_ + of.code + ".level");
  const Register out = emit(FindLevel{.of = value, .scheme = &scheme}, RegisterType::whole);
  owner_ = outer;
  return out;
}

Register Compiler::taken(const Taken& taken, RegisterType type) {
  return taken.number ? constant(*taken.number, type) : number(taken.of).of;
}

Register Compiler::operate(const Scale& scale) {
  return std::visit([&](const auto& operation) { return compile(scale, operation); }, scale.operation);
}

Register Compiler::compile(const Scale& scale, const Sum& sum) {
  SumValues values;
  for (const Reference& reference : sum.of) {
    values.names.push_back(prefix_ + reference);
    values.of.push_back(number(reference).of);
    const bool may_omit = sum.missing && std::find(sum.missing->may_omit.begin(), sum.missing->may_omit.end(),
                                                   reference) != sum.missing->may_omit.end();
    values.may_omit.push_back(may_omit ? 1 : 0);
  }
  if (sum.missing) {
    values.at_most = sum.missing->at_most;
    values.prorate = sum.missing->prorate;
  }
  return emit(std::move(values), register_type(scale.type));
}

Register Compiler::compile(const Scale& scale, const Extreme& extreme) {
  ExtremeValue values;
  values.highest = extreme.highest;
  for (const Reference& reference : extreme.of) {
    values.names.push_back(prefix_ + reference);
    values.of.push_back(number(reference).of);
    const bool may_omit =
        extreme.missing && std::find(extreme.missing->may_omit.begin(), extreme.missing->may_omit.end(), reference) !=
                               extreme.missing->may_omit.end();
    values.may_omit.push_back(may_omit ? 1 : 0);
  }
  if (extreme.missing) values.at_most = extreme.missing->at_most;
  return emit(std::move(values), register_type(scale.type));
}

Register Compiler::compile(const Scale&, const WeightedSum& sum) {
  AddTerms terms{.intercept = sum.intercept, .of = {}};
  for (const Term& term : sum.terms) {
    WeighTerm weigh{.of = {}, .power = term.power, .weight = term.weight};
    if (term.when) weigh.when = condition(*term.when);
    for (const Reference& reference : term.of) weigh.of.push_back(number(reference).of);
    terms.of.push_back(emit(std::move(weigh), RegisterType::real));
  }
  return emit(std::move(terms), RegisterType::real);
}

Register Compiler::compile(const Scale& scale, const Difference& difference) {
  const Register of = number(difference.of).of;
  return emit(Subtract{.of = of, .minus = number(difference.minus).of}, register_type(scale.type));
}

Register Compiler::compile(const Scale&, const Count& count) {
  CountTrue count_true;
  for (const Condition& one : count.of) count_true.of.push_back(condition(one));
  return emit(std::move(count_true), RegisterType::whole);
}

Register Compiler::compile(const Scale&, const Product& product) {
  Multiply multiply;
  for (const Reference& reference : product.of) multiply.of.push_back(number(reference).of);
  return emit(std::move(multiply), RegisterType::real);
}

Register Compiler::compile(const Scale&, const Ratio& ratio) {
  const Register of = number(ratio.of).of;
  return emit(Divide{.of = of, .over = number(ratio.over).of}, RegisterType::real);
}

Register Compiler::compile(const Scale&, const Log& log) {
  return emit(Logarithm{.of = number(log.of).of}, RegisterType::real);
}

Register Compiler::compile(const Scale&, const Logistic& logistic) {
  return emit(LogisticFunction{.of = number(logistic.of).of}, RegisterType::real);
}

Register Compiler::compile(const Scale& scale, const Lookup& lookup) {
  const Variable row = response(lookup.of.at(0));
  if (lookup.table.empty()) return emit(LookUpBand{.of = row.of, .bands = lookup.bands}, register_type(scale.type));
  const Table& table = *instrument_.find_table(lookup.table);
  LookUpTable read;
  read.row = row.of;
  read.table = prefix_ + table.name;
  std::vector<const std::vector<std::string>*> labels{row.labels};
  if (lookup.of.size() == 2) {
    const Variable column = response(lookup.of[1]);
    read.column = column.of;
    labels.push_back(column.labels);
  }
  const std::size_t columns = labels.size() == 2 ? labels[1]->size() : 1;
  read.columns = static_cast<std::int32_t>(columns);
  for (const std::string& label : *labels[0]) {
    const auto r = static_cast<std::size_t>(position_of(table.keys[0], label));
    for (std::size_t c = 0; c < columns; ++c) {
      const auto position =
          labels.size() == 2 ? static_cast<std::size_t>(position_of(table.keys[1], (*labels[1])[c])) : 0;
      read.cells.push_back(table.cells[r * columns + position]);
    }
  }
  return emit(std::move(read), register_type(scale.type));
}

Register Compiler::compile(const Scale& scale, const Rules& rules) {
  const RegisterType type = register_type(scale.type);
  const auto result = [&](const DecisionRow& row) {
    return constant(rules.values.empty() ? row.number : position_of(rules.values, row.label), type);
  };
  Decide decide;
  for (const DecisionRow& row : rules.rows) {
    decide.when.push_back(condition(row.when));
    decide.take.push_back(result(row));
  }
  if (rules.otherwise) decide.otherwise = result(*rules.otherwise);
  return emit(std::move(decide), type);
}

Register Compiler::compile(const Scale& scale, const Choose& choose) {
  const RegisterType type = register_type(scale.type);
  Decide decide;
  for (const Choose::Row& row : choose.rows) {
    decide.when.push_back(condition(row.when));
    decide.take.push_back(taken(row.take, type));
  }
  decide.otherwise = taken(choose.otherwise, type);
  return emit(std::move(decide), type);
}

Register Compiler::compile(const Scale& scale, const FirstAvailable& first) {
  TakeFirst take{.of = {}, .flag = first.flag};
  for (const Reference& reference : first.of) take.of.push_back(number(reference).of);
  return emit(std::move(take), register_type(scale.type));
}

Register Compiler::compile(const Scale& scale, const Clamp& clamp) {
  return emit(ClampValue{.of = number(clamp.of).of, .from = clamp.from, .to = clamp.to}, register_type(scale.type));
}

Register Compiler::compile(const Scale& scale, const Round& round) {
  return emit(RoundValue{.of = number(round.of).of, .digits = round.digits, .mode = round.mode},
              register_type(scale.type));
}

Register Compiler::compile(const Scale&, const TimeBetween& between) {
  const Register from = number(between.from).of;
  return emit(
      MeasureTime{.from = from, .to = number(between.to).of, .in = between.in, .no_such_day = between.no_such_day},
      RegisterType::whole);
}

Register Compiler::compile(const Scale&, const AddTime& add) {
  const Register to = number(add.to).of;
  const Register amount = taken(add.amount, RegisterType::whole);
  return emit(MoveTime{.to = to, .amount = amount, .in = add.in, .no_such_day = add.no_such_day}, RegisterType::whole);
}

Register Compiler::compile(const Scale&, const Attribute& attribute) {
  const Item& item = *instrument_.find_item(attribute.of);
  const CodeList& list = instrument_.code_lists.at(item.list);
  const auto found = std::find_if(list.attributes.begin(), list.attributes.end(),
                                  [&](const CodeList::Attribute& one) { return one.name == attribute.name; });
  const auto position = static_cast<std::size_t>(found - list.attributes.begin());
  ReadAttribute read{
      .of = response(attribute.of).of, .labels = {}, .label_count = static_cast<std::int32_t>(found->labels.size())};
  for (const auto& [code, labels] : list.codes) read.labels.push_back(labels[position]);
  return emit(std::move(read), RegisterType::whole);
}

}  // namespace appraise::detail
