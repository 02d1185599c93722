// Source: RFC 8785; numbers as in ECMA-262, Number::toString.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "reading/json_tree.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

/// Shortest digits that read back to the same number, laid out as ECMAScript does.
std::string canonical_number(double number) {
  if (number == 0) return "0";
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t mark = text.find('e');
  const std::string sign = number < 0 ? "-" : "";
  std::string digits;
  std::copy_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  const char* exponent = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  int point = 0;
  std::from_chars(exponent, end, point);
  ++point;  // the number is 0.digits times 10^point
  const int count = static_cast<int>(digits.size());
  constexpr int most_whole_digits = 21, most_leading_zeros = 6;

  if (count <= point && point <= most_whole_digits)
    return sign + digits.append(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= most_whole_digits) return sign + digits.insert(static_cast<std::size_t>(point), ".");
  if (-most_leading_zeros < point && point <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count > 1) digits.insert(1, ".");
  return sign + digits + (point > 0 ? "e+" : "e") + std::to_string(point - 1);
}

std::string canonical_text(const std::string& text) { return nlohmann::json(text).dump(); }

/// Code units of UTF-16, by which the keys of an object are sorted. The parser has seen to it that `text` is UTF-8.
std::u16string utf16(std::string_view text) {
  std::u16string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
    char32_t point = length == 1 ? lead : static_cast<char32_t>(lead & (0xFF >> (length + 1)));
    for (std::size_t next = i + 1; next < i + length && next < text.size(); ++next) {
      point = (point << 6) | (static_cast<unsigned char>(text[next]) & 0x3F);
    }
    if (point < 0x10000) {
      result.push_back(static_cast<char16_t>(point));
    } else {
      result.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      result.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    }
    i += length;
  }
  return result;
}

void write(const JsonValue& value, std::string& out);

void write_object(const JsonValue& value, std::string& out) {
  std::vector<std::pair<std::u16string, const JsonMember*>> sorted;
  for (const JsonMember& member : value.members) sorted.emplace_back(utf16(member.key), &member);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out += '{';
  for (const auto& [key, member] : sorted) {
    if (out.back() != '{') out += ',';
    out += canonical_text(member->key) + ':';
    write(member->value, out);
  }
  out += '}';
}

void write(const JsonValue& value, std::string& out) {
  switch (value.kind) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += value.boolean ? "true" : "false";
      break;
    case Kind::number:
      out += canonical_number(value.number);
      break;
    case Kind::text:
      out += canonical_text(value.text);
      break;
    case Kind::list:
      out += '[';
      for (std::size_t i = 0; i < value.elements.size(); ++i) {
        if (i != 0) out += ',';
        write(value.elements[i], out);
      }
      out += ']';
      break;
    case Kind::object:
      write_object(value, out);
      break;
  }
}

}  // namespace

std::string canonical(const JsonValue& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace appraise::detail::reading
