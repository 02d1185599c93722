#include <algorithm>

#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

std::string names_in_words() {
  std::string result;
  for (const std::string_view name : operation_names()) {
    result += (result.empty() ? "" : ", ") + std::string(name);
  }
  return result;
}

MissingRule read_missing(const Node& node, bool may_prorate) {
  MissingRule rule;
  read_object(node, [&](ObjectReader& object) {
    rule.may_omit = object.required("may_omit", list_of(read_reference));
    const auto all = static_cast<double>(rule.may_omit.size());
    const auto at_least_one = [](const Node& most) { return read_whole(most, 1, largest_whole); };
    rule.at_most = static_cast<int>(object.optional("at_most", at_least_one).value_or(all));
    const auto prorate = object.find("prorate");
    if (!prorate || prorate->value.is(JsonValue::Kind::null)) return;
    if (!may_prorate) return object.refuse("prorate", "prorate only on a sum");
    rule.prorate = read_rounding_mode(*prorate);
  });
  return rule;
}

/// The `missing` rule belongs to the operation that it speaks of.
void read_missing_into(ObjectReader& object, Operation& operation) {
  if (auto* sum = std::get_if<Sum>(&operation)) {
    sum->missing = object.optional("missing", [](const Node& node) { return read_missing(node, true); });
  } else if (auto* extreme = std::get_if<Extreme>(&operation)) {
    extreme->missing = object.optional("missing", [](const Node& node) { return read_missing(node, false); });
  } else {
    object.refuse("missing", "a missing rule only on sum, maximum and minimum");
  }
}

void read_the_operation(ObjectReader& object, Scale& scale) {
  std::vector<std::string_view> found;
  for (const std::string_view name : operation_names()) {
    if (object.find(name)) found.push_back(name);
  }
  if (found.empty()) {
    object.node().fault("scale.no-operation", "a scale without an operation", "one of " + names_in_words());
  } else if (found.size() > 1) {
    object.node().fault("scale.operations", "the operations " + std::string(found[0]) + " and " + std::string(found[1]),
                        "exactly one operation; give each step a scale of its own");
  }
  for (const std::string_view name : found) scale.operation = read_operation(name, *object.find(name));
  if (found.size() == 1) {
    read_missing_into(object, scale.operation);
  } else {
    (void)object.find("missing");
  }
}

}  // namespace

Scale read_scale(const Node& node) {
  Scale scale;
  scale.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    scale.code = object.required("code", read_code);
    scale.label = object.required("label", read_text);
    scale.unit = object.optional("unit", read_text).value_or("");
    scale.reported = object.optional("reported", read_boolean).value_or(true);
    scale.applies_when = object.optional("applies_when", read_condition);
    scale.levels = object.optional("levels", read_code).value_or("");
    scale.explained_by = object.optional("explained_by", list_of(read_code)).value_or(scale.explained_by);
    scale.evidence = object.optional("evidence", read_evidence);
    read_the_operation(object, scale);
    const bool date = std::holds_alternative<AddTime>(scale.operation);
    scale.range = object.optional("range", [&](const Node& range) {
      return date ? read_interval(range, read_date) : read_interval(range, read_number);
    });
  });
  return scale;
}

}  // namespace appraise::detail::reading
