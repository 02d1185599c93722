#include "check/references.hpp"

#include <variant>

namespace appraise::detail {
namespace {

constexpr auto no_number = static_cast<std::size_t>(-1);

/// Calls `f` for the operands of each kind of operation.
struct Operands {
  const Scale& scale;
  const ReadsValue& f;

  [[nodiscard]] Site at(std::string_view part, std::size_t number = no_number, std::string_view field = {}) const {
    return {&scale.place, "scales", scale.code, part, number, field};
  }
  void each(const std::vector<Reference>& of, Need need, std::string_view part) const {
    for (std::size_t i = 0; i < of.size(); ++i) f(of[i], need, at(part, of.size() > 1 ? i : no_number));
  }

  void operator()(const Sum& sum) const { each(sum.of, Need::number, "sum"); }
  void operator()(const WeightedSum& sum) const {
    for (std::size_t i = 0; i < sum.terms.size(); ++i)
      for (const Reference& of : sum.terms[i].of)
        f(of, Need::number, {&sum.terms[i].place, "scales", scale.code, "weighted_sum/terms", i, "of"});
  }
  void operator()(const Difference& difference) const {
    f(difference.of, Need::number, at("difference", 0));
    f(difference.minus, Need::number, at("difference", 1));
  }
  void operator()(const Count&) const {}
  void operator()(const Extreme& extreme) const {
    each(extreme.of, Need::number, extreme.highest ? "maximum" : "minimum");
  }
  void operator()(const Product& product) const { each(product.of, Need::number, "product"); }
  void operator()(const Ratio& ratio) const {
    f(ratio.of, Need::number, at("ratio/of"));
    f(ratio.over, Need::number, at("ratio/over"));
  }
  void operator()(const Log& log) const { f(log.of, Need::number, at("log")); }
  void operator()(const Logistic& logistic) const { f(logistic.of, Need::number, at("logistic")); }
  void operator()(const Lookup& lookup) const {
    each(lookup.of, lookup.table.empty() ? Need::response_number : Need::category, "lookup/of");
  }
  void operator()(const Rules&) const {}
  void operator()(const Choose& choose) const {
    for (std::size_t i = 0; i < choose.rows.size(); ++i)
      if (!choose.rows[i].take.number)
        f(choose.rows[i].take.of, Need::any, {&choose.rows[i].place, "scales", scale.code, "choose/rows", i, "take"});
    if (!choose.otherwise.number && !choose.otherwise.of.empty())
      f(choose.otherwise.of, Need::any, at("choose/otherwise"));
  }
  void operator()(const FirstAvailable& first) const { each(first.of, Need::any, "first_available/of"); }
  void operator()(const Clamp& clamp) const { f(clamp.of, Need::number, at("clamp/of")); }
  void operator()(const Round& round) const { f(round.of, Need::number, at("round/of")); }
  void operator()(const TimeBetween& time) const {
    f(time.from, Need::date, at("time_between/from"));
    f(time.to, Need::date, at("time_between/to"));
  }
  void operator()(const AddTime& time) const {
    f(time.to, Need::date, at("add_time/to"));
    if (!time.amount.number) f(time.amount.of, Need::whole, at("add_time"));
  }
  void operator()(const Attribute& attribute) const { f(attribute.of, Need::code, at("attribute/of")); }
};

void rules(const std::vector<UseRule>& list, std::string_view name, std::string_view field, const HasCondition& f) {
  for (const UseRule& rule : list) f(rule.condition, {&rule.place, name, rule.code, field});
}

}  // namespace

std::string Site::address() const {
  std::string text = std::string(list) + "/" + std::string(code);
  if (!part.empty()) text += "/" + std::string(part);
  if (number != no_number) text += "/" + std::to_string(number);
  if (!field.empty()) text += "/" + std::string(field);
  return text;
}

void for_each_operand(const Scale& scale, const ReadsValue& f) { std::visit(Operands{scale, f}, scale.operation); }

void for_each_condition(const Scale& scale, const HasCondition& f) {
  if (scale.applies_when) f(*scale.applies_when, {&scale.place, "scales", scale.code, "applies_when"});
  if (const auto* sum = std::get_if<WeightedSum>(&scale.operation)) {
    for (std::size_t i = 0; i < sum->terms.size(); ++i)
      if (sum->terms[i].when)
        f(*sum->terms[i].when, {&sum->terms[i].place, "scales", scale.code, "weighted_sum/terms", i, "when"});
  } else if (const auto* count = std::get_if<Count>(&scale.operation)) {
    for (std::size_t i = 0; i < count->of.size(); ++i)
      f(count->of[i], {&scale.place, "scales", scale.code, "count", i});
  } else if (const auto* table = std::get_if<Rules>(&scale.operation)) {
    for (std::size_t i = 0; i < table->rows.size(); ++i)
      f(table->rows[i].when, {&table->rows[i].place, "scales", scale.code, "rules/rows", i, "when"});
  } else if (const auto* choose = std::get_if<Choose>(&scale.operation)) {
    for (std::size_t i = 0; i < choose->rows.size(); ++i)
      f(choose->rows[i].when, {&choose->rows[i].place, "scales", scale.code, "choose/rows", i, "when"});
  }
}

void for_each_condition(const Item& item, const HasCondition& f) {
  if (item.applies_when) f(*item.applies_when, {&item.place, "items", item.code, "applies_when"});
}

void for_each_rule_condition(const Instrument& instrument, const HasCondition& f) {
  rules(instrument.applies_when, "applies_when", "require", f);
  rules(instrument.valid_when, "valid_when", "require", f);
  rules(instrument.cautions, "cautions", "when", f);
}

void for_each_read(const Condition& condition, const Site& site, const ReadsValue& f) {
  for_each_comparison(condition, [&](const Condition& comparison) {
    Site here = site;
    if (comparison.place.line != 0) here.place = &comparison.place;
    f(comparison.of, comparison.kind == Condition::Kind::is_missing ? Need::presence : Need::compared, here);
    for (const Operand& operand : comparison.operands)
      if (operand.kind == Operand::Kind::reference) f(operand.text, Need::compared, here);
  });
}

void for_each_read(const Scale& scale, const ReadsValue& f) {
  for_each_operand(scale, f);
  for_each_condition(scale, [&](const Condition& condition, const Site& site) { for_each_read(condition, site, f); });
}

void for_each_read(const Instrument& instrument, const ReadsValue& f) {
  const HasCondition read = [&](const Condition& condition, const Site& site) { for_each_read(condition, site, f); };
  for (const Item& item : instrument.items) for_each_condition(item, read);
  for (const Scale& scale : instrument.scales) for_each_read(scale, f);
  for_each_rule_condition(instrument, read);
}

}  // namespace appraise::detail
