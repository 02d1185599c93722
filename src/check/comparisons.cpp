// Whether what conditions compare can be compared.

#include "appraise/detail/calendar.hpp"
#include "check/types.hpp"

namespace appraise::detail {
namespace {

bool ordered(Condition::Kind kind) {
  return kind == Condition::Kind::at_least || kind == Condition::Kind::above || kind == Condition::Kind::at_most ||
         kind == Condition::Kind::below;
}

/// Checks the comparisons of one condition.
class Comparisons {
 public:
  Comparisons(const Types& types, Report& report) : types_(types), report_(report) {}

  void check(const Condition& condition, const Site& site) {
    for_each_comparison(condition, [&](const Condition& comparison) {
      place_ = comparison.place.line != 0 ? &comparison.place : site.place;
      site_ = &site;
      if (comparison.kind == Condition::Kind::is_missing) return;
      const Value value = types_.response(comparison.of);
      if (value.kind == Value::Kind::unknown || value.kind == Value::Kind::code) return;
      if (ordered(comparison.kind) && value.kind == Value::Kind::category && !value.ordered)
        add("condition.unordered",
            quoted(comparison.of) + " is compared by order, and its answers " + list_text(*value.labels) +
                " are not ordered",
            "`equals` or `in` for choices, yes/no and attributes of codes");
      for (const Operand& operand : comparison.operands) check(comparison.of, value, operand);
    });
  }

 private:
  void check(const Reference& of, const Value& value, const Operand& operand) {
    if (operand.kind == Operand::Kind::reference) return check_other(of, value, operand.text);
    const bool text = operand.kind == Operand::Kind::text;
    const std::string written = text ? quoted(operand.text) : number_text(operand.number);
    const std::string found = quoted(of) + ", " + to_text(value) + ", is compared with " + written;
    if (value.number() && text) return add("condition.number", found, "a number");
    if (value.kind == Value::Kind::date && (!text || !parse_date(operand.text)))
      return add("condition.date", found, "a date written \"2006-07-27\"");
    if (value.kind == Value::Kind::category && (!text || !types_.position(*value.labels, operand.text)))
      add("condition.label", found, "one of its labels, in quotation marks: " + list_text(*value.labels));
  }

  void check_other(const Reference& of, const Value& value, const Reference& with) {
    const Value other = types_.response(with);
    if (other.kind == Value::Kind::unknown || other.kind == Value::Kind::code) return;
    const bool comparable =
        (value.number() && other.number()) ||
        (value.kind == other.kind &&
         (value.kind != Value::Kind::category || value.labels == other.labels || *value.labels == *other.labels));
    if (!comparable)
      add("condition.value-of", quoted(of) + " is " + to_text(value) + ", " + quoted(with) + " is " + to_text(other),
          "two numbers, two dates, or two categories of the same labels");
  }

  void add(Code code, std::string found, std::string expected) {
    report_.add(code, *place_, site_->address(), std::move(found), std::move(expected));
  }

  const Types& types_;
  Report& report_;
  const Place* place_ = nullptr;
  const Site* site_ = nullptr;
};

}  // namespace

void check_comparisons(const Names& names, const Types& types, Report& report) {
  Comparisons comparisons(types, report);
  const HasCondition check = [&](const Condition& condition, const Site& site) { comparisons.check(condition, site); };
  for (const Item& item : names.instrument().items) for_each_condition(item, check);
  for (const Scale& scale : names.instrument().scales) for_each_condition(scale, check);
  for_each_rule_condition(names.instrument(), check);
}

}  // namespace appraise::detail
