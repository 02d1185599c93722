/// Readers of single values: texts, codes, numbers, dates, intervals, evidence, conditions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appraise/condition.hpp"
#include "appraise/evidence.hpp"
#include "appraise/instrument.hpp"
#include "appraise/scale.hpp"
#include "reading/node.hpp"

namespace appraise::detail::reading {

inline constexpr double largest_whole = 2147483647;

[[nodiscard]] std::string read_text(const Node& node);
[[nodiscard]] std::string read_code(const Node& node);
[[nodiscard]] std::string read_label(const Node& node);
[[nodiscard]] std::string read_id(const Node& node);
[[nodiscard]] std::string read_digest(const Node& node);
[[nodiscard]] Reference read_reference(const Node& node);
[[nodiscard]] bool read_boolean(const Node& node);

[[nodiscard]] double read_number(const Node& node);
/// A number in [from, to].
[[nodiscard]] double read_number(const Node& node, double from, double to);
/// A whole number in [from, to].
[[nodiscard]] double read_whole(const Node& node, double from, double to);
/// A whole number that a count can be.
[[nodiscard]] double read_count(const Node& node);
/// Days since 1970-01-01 of an ISO date.
[[nodiscard]] double read_date(const Node& node);
/// A number times 10^power, rounded once, from its decimal text.
[[nodiscard]] double read_shifted(const Node& node, int power);

/// `from` and one of `to` and `below` of an object, whose ends `read` reads.
[[nodiscard]] Interval read_ends(ObjectReader& object, double (*read)(const Node&));
/// An object of nothing but ends.
[[nodiscard]] Interval read_interval(const Node& node, double (*read)(const Node&));
/// A band of numbers with a number under `field`.
[[nodiscard]] Band read_band(const Node& node, double (*read)(const Node&), std::string_view field);

/// One of a few words, each with its meaning.
template <class Meaning>
[[nodiscard]] Meaning read_word(const Node& node, std::initializer_list<std::pair<std::string_view, Meaning>> words) {
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (node.value.is(JsonValue::Kind::text) && node.value.text == word) return meaning;
    known += (known.empty() ? "" : ", ") + in_quotes(word);
  }
  node.fault("value.word", found_at(node), "one of " + known);
  return words.begin()->second;
}

/// A number, text, `true`, `false` or null where a response may stand.
[[nodiscard]] Response read_response(const Node& node);
/// A reference or a number.
[[nodiscard]] Taken read_taken(const Node& node);
[[nodiscard]] Evidence read_evidence(const Node& node);
[[nodiscard]] std::vector<Source> read_sources(const Node& node);
[[nodiscard]] RoundingMode read_rounding_mode(const Node& node);
[[nodiscard]] Condition read_condition(const Node& node);
/// `"format": 1`.
void read_format(ObjectReader& object);

}  // namespace appraise::detail::reading
