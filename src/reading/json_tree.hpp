/// A JSON document as a tree in which every value and every key knows where it stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/faults.hpp"

namespace appraise::detail::reading {

struct JsonMember;

struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, number, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  Position position;
  double number = 0;
  std::string text;  ///< of a text; of a number, as it is written
  std::vector<JsonValue> elements;
  std::vector<JsonMember> members;  ///< in the order of the file, each key once

  [[nodiscard]] bool is(Kind other) const noexcept { return kind == other; }
  /// The member of that name, or null.
  [[nodiscard]] const JsonValue* find(std::string_view key) const noexcept;
};

struct JsonMember {
  std::string key;
  Position position;
  JsonValue value;
};

/// Parses one document. What is wrong goes to `reading`; nothing if it is not JSON, or too large or too deep.
[[nodiscard]] std::optional<JsonValue> parse_json(std::string_view text, Reading& reading);

/// What stands for an element of a list in an address: its code or id; of a band, or without one, its number from 0.
[[nodiscard]] std::string element_step(const JsonValue& element, std::size_t number);

/// Canonical form of RFC 8785.
[[nodiscard]] std::string canonical(const JsonValue& value);

}  // namespace appraise::detail::reading
