#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

Operand read_operand(const Node& node) {
  Operand operand;
  if (node.value.is(Kind::number)) {
    operand.number = node.value.number;
  } else if (node.value.is(Kind::text)) {
    operand.kind = Operand::Kind::text;
    operand.text = read_text(node);
  } else if (node.value.is(Kind::object)) {
    operand.kind = Operand::Kind::reference;
    read_object(node, [&](ObjectReader& object) { operand.text = object.required("value_of", read_reference); });
  } else {
    node.fault("field.type", found_at(node),
               "a number, the code of an option or label, \"yes\", \"no\", a date, or {\"value_of\": ...}");
  }
  return operand;
}

constexpr std::pair<std::string_view, Condition::Kind> comparisons[] = {
    {"equals", Condition::Kind::equals},         {"in", Condition::Kind::in},
    {"at_least", Condition::Kind::at_least},     {"above", Condition::Kind::above},
    {"at_most", Condition::Kind::at_most},       {"below", Condition::Kind::below},
    {"is_missing", Condition::Kind::is_missing},
};

std::vector<Operand> read_operands(const Node& node, Condition::Kind kind) {
  if (kind == Condition::Kind::in) return read_list(node, Least::one, read_operand);
  if (kind == Condition::Kind::is_missing) return {{Operand::Kind::number, read_boolean(node) ? 1.0 : 0.0, {}}};
  return {read_operand(node)};
}

/// All comparisons of an object with `of`.
Condition read_comparisons(ObjectReader& object) {
  Condition result;
  const Reference of = object.required("of", read_reference);
  for (const auto& [name, kind] : comparisons) {
    if (const auto field = object.find(name)) {
      result.parts.push_back({kind, of, read_operands(*field, kind), {}, object.node().place()});
    }
  }
  if (result.parts.empty()) {
    object.node().fault("condition.empty", "a condition that compares with nothing",
                        "equals, in, at_least, above, at_most, below or is_missing");
  }
  if (result.parts.size() == 1) return Condition(std::move(result.parts.front()));
  return result;
}

Condition read_joined(ObjectReader& object, std::string_view name) {
  Condition result;
  const auto field = object.find(name);
  if (name == "not") {
    result.kind = Condition::Kind::negation;
    result.parts.push_back(read_condition(*field));
  } else {
    const bool any = name == "any";
    result.kind = any ? Condition::Kind::any : Condition::Kind::all;
    result.parts = read_list(*field, any ? Least::one : Least::none, read_condition);
  }
  return result;
}

}  // namespace

Condition read_condition(const Node& node) {
  Condition condition;
  condition.place = node.place();
  if (node.value.is(Kind::list)) {
    condition.parts = read_list(node, Least::none, read_condition);
    return condition;
  }
  read_object(node, [&](ObjectReader& object) {
    const auto joints = object.among({"all", "any", "not"});
    const auto compared = object.among({"of", "equals", "in", "at_least", "above", "at_most", "below", "is_missing"});
    if (joints.size() + (compared.empty() ? 0 : 1) > 1) {
      node.fault("condition.mixed", "several kinds of condition in one object",
                 "one of all, any, not, or comparisons with \"of\"; join them with all or any");
    }
    for (const std::string_view joint : joints) condition = read_joined(object, joint);
    if (!compared.empty() || joints.empty()) condition = read_comparisons(object);
    condition.place = node.place();
  });
  return condition;
}

}  // namespace appraise::detail::reading
