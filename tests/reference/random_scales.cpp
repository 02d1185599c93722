/// Random scales: arithmetic, dates and codes.
#include <algorithm>
#include <array>
#include <utility>

#include "reference/definition_maker.hpp"

namespace appraise::testing {
namespace {

using reference::infinity;

const std::vector<std::string> modes{"half_up", "half_even", "down", "floor", "ceiling"};
const std::vector<std::string> day_rules{"next_day", "last_day"};
const std::vector<std::string> units{"years", "months", "days"};

bool is_number(const Known& known) { return known.value.number(); }
bool is_date(const Known& known) { return known.value.type == ValueType::date; }

bool all_whole(const std::vector<Known>& of) {
  return std::all_of(of.begin(), of.end(), [](const Known& known) { return known.value.type == ValueType::whole; });
}

Json references(const std::vector<Known>& of) {
  Json list = Json::array();
  for (const Known& known : of) list.push_back(known.reference);
  return list;
}

Span sum_of(const std::vector<Known>& of) {
  Span span{0, 0};
  for (const Known& known : of)
    span = reference::opened(span.low + known.value.span.low, span.high + known.value.span.high);
  return span;
}

ValueType number_type(bool whole) { return whole ? ValueType::whole : ValueType::real; }

}  // namespace

bool DefinitionMaker::operate(std::size_t number, Json& scale, Known& known) {
  using Maker = bool (DefinitionMaker::*)(Json&, Known&);
  static constexpr std::array<Maker, 19> makers{&DefinitionMaker::sum,
                                                &DefinitionMaker::weighted_sum,
                                                &DefinitionMaker::difference,
                                                &DefinitionMaker::count,
                                                &DefinitionMaker::extreme,
                                                &DefinitionMaker::product,
                                                &DefinitionMaker::ratio,
                                                &DefinitionMaker::logarithm,
                                                &DefinitionMaker::logistic,
                                                &DefinitionMaker::clamp,
                                                &DefinitionMaker::round,
                                                &DefinitionMaker::time_between,
                                                &DefinitionMaker::add_time,
                                                &DefinitionMaker::attribute,
                                                &DefinitionMaker::lookup_bands,
                                                &DefinitionMaker::lookup_table,
                                                &DefinitionMaker::rules,
                                                &DefinitionMaker::choose,
                                                &DefinitionMaker::first_available};
  return (this->*makers[number % makers.size()])(scale, known);
}

void DefinitionMaker::add_scale() {
  Known known;
  known.reference = next_code("s");
  known.value.span = {};
  const std::size_t first = random_.chance(25) ? 0 : random_.below(19);
  for (std::size_t i = 0; i < 19; ++i) {
    Json scale = {{"code", known.reference}, {"label", "scale " + known.reference}};
    if (operate(first + i, scale, known)) return finish_scale(scale, known);
  }
}

void DefinitionMaker::add_chain() {
  const std::optional<Known> root = one([](const Known& known) {
    return known.value.type == ValueType::whole && known.value.span.low >= -127 && known.value.span.high <= 127;
  });
  if (!root) return;
  std::vector<Known> others = std::exchange(known_, {*root});
  for (int i = random_.between(2, 6); i > 0; --i) add_scale();
  others.insert(others.end(), known_.begin() + 1, known_.end());
  known_ = std::move(others);
}

void DefinitionMaker::add_additive_scale() {
  Known known;
  known.reference = next_code("s");
  Json scale = {{"code", known.reference}, {"label", "scale " + known.reference}};
  const int way = random_.between(1, 10);
  const bool made = way <= 6   ? additive_sum(scale, known)
                    : way == 7 ? extreme(scale, known)
                    : way == 8 ? lookup_table(scale, known)
                    : way == 9 ? only_available(scale, known)
                               : false;
  if (!made) {
    scale["count"] = Json::array();
    for (int i = random_.between(1, 4); i > 0; --i)
      scale["count"].push_back(comparison(*one([](const Known& each) { return each.item; })));
    known.value = {ValueType::whole, {0, static_cast<double>(scale["count"].size())}, {}, false};
  }
  known.response = known.value;
  if (known.value.number() && random_.chance(60)) add_levels(scale, known);
  if (known.value.number() && random_.chance(30)) add_norms(scale, known);
  root_["scales"].push_back(scale);
  known_.push_back(known);
}

bool DefinitionMaker::additive_sum(Json& scale, Known& known) {
  const std::vector<Known> of = some([](const Known& each) { return each.value.type == ValueType::whole; }, 1, 150);
  if (of.empty()) return false;
  scale["sum"] = references(of);
  if (random_.chance(60)) scale["missing"] = missing_rule(of, false);
  known.value.type = ValueType::whole;
  known.value.span = sum_of(of);
  return true;
}

bool DefinitionMaker::only_available(Json& scale, Known& known) {
  const std::optional<Known> of =
      one([](const Known& each) { return !each.item && each.value.type == ValueType::whole; });
  if (!of) return false;
  scale["first_available"] = {{"of", {of->reference}}, {"flag", random_.chance(50)}};
  known.value = of->value;
  return true;
}

void DefinitionMaker::finish_scale(Json& scale, Known known) {
  if (random_.chance(20)) scale["reported"] = false;
  if (random_.chance(12) && !known_.empty()) scale["applies_when"] = condition(1);
  known.response = known.value;
  if (known.value.number() && random_.chance(60)) add_levels(scale, known);
  if (known.value.number() && scale.value("reported", true) && random_.chance(30)) add_norms(scale, known);
  root_["scales"].push_back(scale);
  known_.push_back(known);
}

Json DefinitionMaker::missing_rule(const std::vector<Known>& of, bool may_prorate) {
  const std::size_t count = 1 + random_.below(of.size());
  Json rule = Json::object({{"may_omit", references(random_.some(of, count))}});
  if (random_.chance(60)) rule["at_most"] = random_.between(1, static_cast<int>(count));
  if (may_prorate && random_.chance(60)) rule["prorate"] = random_.pick(modes);
  return rule;
}

bool DefinitionMaker::sum(Json& scale, Known& known) {
  const std::vector<Known> of = numbers(1, 7);
  if (of.empty()) return false;
  scale["sum"] = references(of);
  if (random_.chance(70)) scale["missing"] = missing_rule(of, all_whole(of));
  known.value.type = number_type(all_whole(of));
  known.value.span = sum_of(of);
  return true;
}

bool DefinitionMaker::weighted_sum(Json& scale, Known& known) {
  Json terms = Json::array();
  for (int i = random_.between(1, 6); i > 0; --i) {
    Json term = Json::object({{"name", "t" + std::to_string(i)}});
    const std::vector<Known> of = random_.chance(80) ? some(is_number, 1, 3) : std::vector<Known>{};
    if (of.size() == 1) term["of"] = of[0].reference;
    if (of.size() > 1) term["of"] = references(of);
    if (!of.empty() && random_.chance(35)) term["power"] = random_.between(1, 4);
    term["weight"] = points(random_.chance(30));
    if (random_.chance(35)) term["when"] = condition(1);
    if (random_.chance(10)) term["group"] = "group";
    terms.push_back(term);
  }
  scale["weighted_sum"] = {{"intercept", points(random_.chance(40))}, {"terms", terms}};
  known.value.type = ValueType::real;
  return true;
}

bool DefinitionMaker::difference(Json& scale, Known& known) {
  const std::vector<Known> of = numbers(2, 2);
  if (of.size() < 2) return false;
  scale["difference"] = references(of);
  known.value.type = number_type(all_whole(of));
  known.value.span =
      reference::opened(of[0].value.span.low - of[1].value.span.high, of[0].value.span.high - of[1].value.span.low);
  return true;
}

bool DefinitionMaker::count(Json& scale, Known& known) {
  const int conditions = random_.between(1, 5);
  scale["count"] = Json::array();
  for (int i = 0; i < conditions; ++i) scale["count"].push_back(condition(1));
  known.value = {ValueType::whole, {0, static_cast<double>(conditions)}, {}, false};
  return true;
}

bool DefinitionMaker::extreme(Json& scale, Known& known) {
  const std::vector<Known> of = numbers(1, 4);
  if (of.empty()) return false;
  const bool highest = random_.chance(50);
  scale[highest ? "maximum" : "minimum"] = references(of);
  if (random_.chance(60)) scale["missing"] = missing_rule(of, false);
  known.value.type = number_type(all_whole(of));
  known.value.span = of[0].value.span;
  for (const Known& each : of)
    known.value.span = {std::min(known.value.span.low, each.value.span.low),
                        std::max(known.value.span.high, each.value.span.high)};
  return true;
}

bool DefinitionMaker::product(Json& scale, Known& known) {
  const std::vector<Known> of = numbers(1, 3);
  if (of.empty()) return false;
  scale["product"] = references(of);
  known.value.type = ValueType::real;
  return true;
}

bool DefinitionMaker::ratio(Json& scale, Known& known) {
  const std::vector<Known> of = numbers(2, 2);
  if (of.size() < 2) return false;
  scale["ratio"] = {{"of", of[0].reference}, {"over", of[1].reference}};
  known.value.type = ValueType::real;
  return true;
}

bool DefinitionMaker::logarithm(Json& scale, Known& known) {
  const std::optional<Known> of = one(is_number);
  if (!of) return false;
  scale["log"] = of->reference;
  known.value.type = ValueType::real;
  return true;
}

bool DefinitionMaker::logistic(Json& scale, Known& known) {
  const std::optional<Known> of = one(is_number);
  if (!of) return false;
  scale["logistic"] = of->reference;
  if (random_.chance(50)) scale["unit"] = "probability";
  known.value = {ValueType::real, {0, 1}, {}, false};
  return true;
}

bool DefinitionMaker::clamp(Json& scale, Known& known) {
  const std::optional<Known> of = one(is_number);
  if (!of) return false;
  const bool whole = of->value.type == ValueType::whole && random_.chance(80);
  const double from = whole ? random_.between(-4, 4) : random_.between(-16, 16) / 4.0;
  const double to = from + random_.between(0, 12);
  known.value.type = whole ? ValueType::whole : ValueType::real;
  if (of->value.type == ValueType::whole && from == std::floor(from)) known.value.type = ValueType::whole;
  known.value.span = {std::max(of->value.span.low, from), std::max(from, std::min(of->value.span.high, to))};
  scale["clamp"] = {{"of", of->reference}, {"from", from}, {"to", to}};
  if (!random_.chance(25)) return true;
  const char* const open = random_.chance(50) ? "from" : "to";
  scale["clamp"][open] = nullptr;
  known.value.span = {};
  return true;
}

bool DefinitionMaker::round(Json& scale, Known& known) {
  const bool real_only = random_.chance(85);
  const std::optional<Known> of =
      one([&](const Known& each) { return real_only ? each.value.type == ValueType::real : each.value.number(); });
  if (!of) return false;
  const int digits = random_.chance(40) ? 0 : random_.between(1, random_.chance(20) ? 15 : 4);
  scale["round"] = {{"of", of->reference}, {"digits", digits}, {"mode", random_.pick(modes)}};
  known.value.type = number_type(digits == 0);
  known.value.span = {std::floor(of->value.span.low), std::ceil(of->value.span.high)};
  return true;
}

bool DefinitionMaker::time_between(Json& scale, Known& known) {
  const std::vector<Known> of = some(is_date, 2, 2);
  if (of.size() < 2) return false;
  const std::string unit = random_.pick(units);
  scale["time_between"] = {{"from", of[0].reference}, {"to", of[1].reference}, {"in", unit}};
  if (unit != "days") scale["time_between"]["if_no_such_day"] = random_.pick(day_rules);
  known.value.type = ValueType::whole;
  return true;
}

bool DefinitionMaker::add_time(Json& scale, Known& known) {
  const std::optional<Known> to = one(is_date);
  if (!to) return false;
  const std::string unit = random_.pick(units);
  const std::optional<Known> amount =
      random_.chance(50) ? one([](const Known& each) { return each.value.type == ValueType::whole; }) : std::nullopt;
  const int number = random_.chance(5) ? random_.between(-2000000000, 2000000000) : random_.between(-50, 50);
  scale["add_time"] = Json::object({{"to", to->reference}});
  scale["add_time"][unit] = amount ? Json(amount->reference) : Json(number);
  if (unit != "days") scale["add_time"]["if_no_such_day"] = random_.pick(day_rules);
  known.value = {ValueType::date, {}, {}, false};
  return true;
}

bool DefinitionMaker::attribute(Json& scale, Known& known) {
  std::vector<Known> codes;
  std::copy_if(known_.begin(), known_.end(), std::back_inserter(codes),
               [](const Known& each) { return !each.list.empty(); });
  if (codes.empty()) return false;
  const bool kind = random_.chance(40);
  const Json list = Json::parse(files_.at(id_ + "/lists/codes.json"));
  scale["attribute"] = {{"of", random_.pick(codes).reference}, {"name", kind ? "kind" : "group"}};
  known.value = {ValueType::category, {}, list["attributes"][kind ? "kind" : "group"], false};
  known.value.span = {0, static_cast<double>(known.value.labels.size()) - 1};
  return true;
}

}  // namespace appraise::testing
