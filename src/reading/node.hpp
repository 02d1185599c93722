/// What the readers of a definition work with: a value and where it stands, and an object read field by field.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "reading/faults.hpp"
#include "reading/json_tree.hpp"

namespace appraise::detail::reading {

/// A value in a file. A reader takes a node and gives what it says, or a default after reporting the fault.
struct Node {
  Reading& reading;
  const JsonValue& value;
  std::string address;

  [[nodiscard]] Place place() const { return reading.place(value.position); }
  [[nodiscard]] Node child(const JsonValue& of, std::string_view step) const {
    return {reading, of, joined(address, step)};
  }
  void fault(ShapeCode code, std::string found, std::string expected) const {
    reading.fault(code, value.position, address, std::move(found), std::move(expected));
  }
  /// Whether the value is of `kind`; if not, a fault.
  [[nodiscard]] bool demand(JsonValue::Kind kind, std::string_view expected) const;
};

/// What stands at a node, in words: `text "abc"`, `number 12`, `an object`.
[[nodiscard]] std::string found_at(const Node& node);

/// An object, read field by field. Fields that nobody asked for are unknown, and faults.
class ObjectReader {
 public:
  explicit ObjectReader(const Node& node) : node_(node) {}

  /// The field, or nothing.
  [[nodiscard]] std::optional<Node> find(std::string_view name);
  /// The field, or nothing and a fault.
  [[nodiscard]] std::optional<Node> demand(std::string_view name);

  template <class Reader>
  auto required(std::string_view name, Reader&& read) -> std::invoke_result_t<Reader, const Node&> {
    if (const auto field = demand(name)) return read(*field);
    return {};
  }
  template <class Reader>
  auto optional(std::string_view name, Reader&& read) -> std::optional<std::invoke_result_t<Reader, const Node&>> {
    if (const auto field = find(name)) return read(*field);
    return std::nullopt;
  }
  /// A known field that has no meaning here: a fault if it is there.
  void refuse(std::string_view name, std::string_view expected);
  /// The fields among `names` that are there.
  [[nodiscard]] std::vector<std::string_view> among(std::initializer_list<std::string_view> names);

  [[nodiscard]] const Node& node() const noexcept { return node_; }
  /// Reports the unknown fields.
  void finish() const;

 private:
  const Node& node_;
  std::vector<std::string_view> known_;
};

/// Reads an object with `body`, which takes an ObjectReader.
template <class Body>
void read_object(const Node& node, Body&& body) {
  if (!node.demand(JsonValue::Kind::object, "an object { ... }")) return;
  ObjectReader object(node);
  body(object);
  object.finish();
}

enum class Least : std::size_t { none, one };

/// A list whose elements `read` reads.
template <class Reader>
auto read_list(const Node& node, Least least, Reader&& read) {
  std::vector<std::invoke_result_t<Reader, const Node&>> result;
  if (!node.demand(JsonValue::Kind::list, "a list [ ... ]")) return result;
  if (node.value.elements.size() < static_cast<std::size_t>(least))
    node.fault("list.empty", "an empty list", "at least one element");
  result.reserve(node.value.elements.size());
  for (std::size_t i = 0; i < node.value.elements.size(); ++i) {
    const JsonValue& element = node.value.elements[i];
    result.push_back(read(node.child(element, element_step(element, i))));
  }
  return result;
}

/// A list reader for ObjectReader::required and optional.
template <class Reader>
auto list_of(Reader read, Least least = Least::one) {
  return [read, least](const Node& node) { return read_list(node, least, read); };
}

/// An object of names and values: `read` takes the name and the value's node.
template <class Reader>
void read_names(const Node& node, bool (*form)(std::string_view), std::string_view expected, Reader&& read) {
  if (!node.demand(JsonValue::Kind::object, "an object of names { \"name\": ... }")) return;
  for (const JsonMember& member : node.value.members) {
    if (!form(member.key)) {
      node.reading.fault("code.form", member.position, joined(node.address, member.key),
                         "the name " + in_quotes(member.key), std::string(expected));
    }
    read(member.key, node.child(member.value, member.key));
  }
}

}  // namespace appraise::detail::reading
