#include "reading/values.hpp"

#include <charconv>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "reading/codes.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

std::string read_formed(const Node& node, bool (*form)(std::string_view), ShapeCode code, std::string_view expected) {
  if (!node.demand(Kind::text, expected)) return {};
  if (!form(node.value.text)) node.fault(code, found_at(node), std::string(expected));
  return node.value.text;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::string as_text(double number) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  return {text, end};
}

double within(const Node& node, double number, double from, double to) {
  if (number < from || number > to) {
    node.fault("value.range", found_at(node), "a number from " + as_text(from) + " to " + as_text(to));
  }
  return number;
}

std::optional<double> read_end(const Node& node, double (*read)(const Node&)) {
  if (node.value.is(Kind::null)) return std::nullopt;
  return read(node);
}

}  // namespace

std::string read_text(const Node& node) {
  if (!node.demand(Kind::text, "a text in quotation marks")) return {};
  if (node.value.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    node.fault("text.empty", "an empty text", "words");
  }
  return node.value.text;
}

std::string read_code(const Node& node) { return read_formed(node, is_code, "code.form", code_form); }

std::string read_label(const Node& node) {
  return read_formed(node, is_label, "label.form",
                     "a code or label: letters, digits, _ - . ( ), starting with a letter or digit");
}

std::string read_id(const Node& node) {
  return read_formed(node, is_id, "id.form", "an id: lower-case letters, digits and hyphens");
}

std::string read_digest(const Node& node) {
  return read_formed(node, is_digest, "digest.form", "a SHA-256 digest: 64 hexadecimal digits (0-9, a-f)");
}

Reference read_reference(const Node& node) {
  return read_formed(node, is_reference, "reference.form",
                     "the code of an item or scale, with .level for its level, with an alias and a dot before it");
}

bool read_boolean(const Node& node) { return node.demand(Kind::boolean, "true or false") && node.value.boolean; }

double read_number(const Node& node) { return node.demand(Kind::number, "a number") ? node.value.number : 0; }

double read_number(const Node& node, double from, double to) {
  if (!node.demand(Kind::number, "a number")) return from;
  return within(node, node.value.number, from, to);
}

double read_whole(const Node& node, double from, double to) {
  if (!node.demand(Kind::number, "a whole number")) return from;
  if (node.value.number != std::floor(node.value.number)) {
    node.fault("value.whole", found_at(node), "a whole number");
    return from;
  }
  const double number = within(node, node.value.number, from, to);
  return number < from || number > to ? from : number;
}

double read_count(const Node& node) { return read_whole(node, -largest_whole, largest_whole); }

double read_date(const Node& node) {
  constexpr std::string_view expected = "a date as text, year-month-day: \"2006-07-27\"";
  if (!node.demand(Kind::text, expected)) return 0;
  const auto days = parse_date(node.value.text);
  if (!days) node.fault("date.form", found_at(node), std::string(expected));
  return days.value_or(0);
}

double read_shifted(const Node& node, int power) {
  if (!node.demand(Kind::number, "a number") || node.value.number == 0) return 0;
  const std::string& text = node.value.text;
  const std::size_t mark = text.find_first_of("eE");
  int exponent = 0;
  if (mark != std::string::npos) {
    const std::size_t sign = text[mark + 1] == '+' ? 1 : 0;
    std::from_chars(text.data() + mark + 1 + sign, text.data() + text.size(), exponent);
  }
  const std::string shifted = text.substr(0, mark) + 'e' + std::to_string(exponent + power);
  double number = 0;
  std::from_chars(shifted.data(), shifted.data() + shifted.size(), number);
  return number;
}

Interval read_ends(ObjectReader& object, double (*read)(const Node&)) {
  Interval interval;
  if (const auto from = object.demand("from")) interval.from = read_end(*from, read);
  const auto to = object.find("to"), below = object.find("below");
  if (to.has_value() == below.has_value()) {
    object.node().fault("interval.ends", to ? "both \"to\" and \"below\"" : "neither \"to\" nor \"below\"",
                        "one upper end: \"to\" if it belongs to the interval, \"below\" if it does not, null if open");
    return interval;
  }
  interval.closed = to.has_value();
  interval.to = read_end(to ? *to : *below, read);
  return interval;
}

Interval read_interval(const Node& node, double (*read)(const Node&)) {
  Interval interval;
  read_object(node, [&](ObjectReader& object) { interval = read_ends(object, read); });
  return interval;
}

Band read_band(const Node& node, double (*read)(const Node&), std::string_view field) {
  Band band;
  band.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    band.interval = read_ends(object, read);
    band.value = object.required(field, [](const Node& value) { return read_number(value); });
  });
  return band;
}

Response read_response(const Node& node) {
  switch (node.value.kind) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return {Response::Kind::text, 0, node.value.boolean ? "yes" : "no"};
    case Kind::number:
      return {Response::Kind::number, node.value.number, {}};
    case Kind::text:
      return {Response::Kind::text, 0, node.value.text};
    default:
      node.fault("field.type", found_at(node), "a number, a text, true, false or null");
      return {};
  }
}

Taken read_taken(const Node& node) {
  if (node.value.is(Kind::number)) return {node.value.number, {}};
  if (node.value.is(Kind::text)) return {std::nullopt, read_reference(node)};
  node.fault("field.type", found_at(node), "a number, or the code of an item or scale");
  return {0, {}};
}

RoundingMode read_rounding_mode(const Node& node) {
  return read_word<RoundingMode>(node, {{"half_up", RoundingMode::half_up},
                                        {"half_even", RoundingMode::half_even},
                                        {"down", RoundingMode::down},
                                        {"floor", RoundingMode::floor},
                                        {"ceiling", RoundingMode::ceiling}});
}

void read_format(ObjectReader& object) {
  const auto format = object.demand("format");
  if (format && (!format->value.is(Kind::number) || format->value.number != 1)) {
    format->fault("file.format", found_at(*format), "1, the format that this version reads");
  }
}

}  // namespace appraise::detail::reading
