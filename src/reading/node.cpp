#include "reading/node.hpp"

#include <algorithm>

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

std::string listed(const std::vector<std::string_view>& names) {
  std::string result;
  for (const std::string_view name : names) {
    if (!result.empty()) result += ", ";
    result += name;
  }
  return result;
}

}  // namespace

std::string found_at(const Node& node) {
  const JsonValue& value = node.value;
  switch (value.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::number:
      return "the number " + value.text.substr(0, 40);
    case Kind::text:
      return "the text " + in_quotes(value.text);
    case Kind::list:
      return "a list of " + counted(value.elements.size(), "element");
    case Kind::object:
      return "an object of " + counted(value.members.size(), "field");
  }
  return {};
}

bool Node::demand(JsonValue::Kind kind, std::string_view expected) const {
  if (value.is(kind)) return true;
  fault("field.type", found_at(*this), std::string(expected));
  return false;
}

std::optional<Node> ObjectReader::find(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
  const JsonValue* value = node_.value.find(name);
  if (value == nullptr) return std::nullopt;
  return node_.child(*value, name);
}

std::optional<Node> ObjectReader::demand(std::string_view name) {
  auto field = find(name);
  if (!field) {
    node_.fault("field.missing", "no field " + in_quotes(name), "the field " + in_quotes(name) + " here");
  }
  return field;
}

void ObjectReader::refuse(std::string_view name, std::string_view expected) {
  if (const auto field = find(name)) {
    field->fault("field.misplaced", "the field " + in_quotes(name), std::string(expected));
  }
}

std::vector<std::string_view> ObjectReader::among(std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> result;
  for (const std::string_view name : names) {
    if (find(name)) result.push_back(name);
  }
  return result;
}

void ObjectReader::finish() const {
  for (const JsonMember& member : node_.value.members) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const std::string_view near = nearest(member.key, known_);
    const std::string hint = near.empty() ? "" : in_quotes(near) + " perhaps; the ";
    node_.reading.fault("field.unknown", member.position, joined(node_.address, member.key),
                        "the unknown field " + in_quotes(member.key),
                        hint + (hint.empty() ? "the " : "") + "fields known here: " + listed(known_));
  }
}

}  // namespace appraise::detail::reading
