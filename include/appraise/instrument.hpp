/// An instrument as it was published: plain data, const after reading. docs/definition-format.md documents every field.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "appraise/condition.hpp"
#include "appraise/diagnostic.hpp"
#include "appraise/norms.hpp"
#include "appraise/scale.hpp"

namespace appraise {

struct Instrument;

/// One answer of a choice.
struct Option {
  std::string code;
  std::int32_t value = 0;  ///< the whole number that stands for it in numeric columns
  std::string label;
  std::optional<double> points;
  Place place;
};

enum class ItemKind : std::uint8_t { choice, yes_no, count, number, date, code };

/// A response as text or number: `null` when neither. Dates are ISO text, yes/no is "yes" or "no".
struct Response {
  enum class Kind : std::uint8_t { none, number, text };
  Kind kind = Kind::none;
  double number = 0;
  std::string text;

  friend bool operator==(const Response&, const Response&) = default;
};

/// One scored question.
struct Item {
  std::string code;
  std::string label;
  ItemKind kind = ItemKind::number;
  std::string unit;
  bool optional = false;          ///< the caseload need not have the column
  std::optional<Interval> range;  ///< count, number, date (days since 1970-01-01)
  std::vector<Option> options;    ///< choice; for yes_no always {no 0, yes 1}, with points where declared
  std::vector<Band> bands;        ///< count, number: value of a band is its points
  std::string list;               ///< code: name in Instrument::code_lists
  Response if_missing;            ///< substituted when missing; kind none if not declared
  std::optional<Condition> applies_when;
  double points_if_not_applicable = 0;
  Response baseline;
  enum class Monotone : std::uint8_t { not_declared, rising, falling } monotone = Monotone::not_declared;
  std::optional<Evidence> evidence;  ///< empty: Instrument::evidence
  Place place;

  /// Whether the item has points, and so stands for them wherever a number is read.
  [[nodiscard]] bool has_points() const noexcept;
};

/// A rule of use: applies_when, valid_when (`condition` must hold) or cautions (`condition` gives the caution).
struct UseRule {
  std::string code;
  std::string reason;
  Condition condition;
  bool applies_if_unknown = false;  ///< applies_when only
  Place place;
};

/// A list of codes shipped as data, each with one label for each attribute.
struct CodeList {
  struct Attribute {
    std::string name;
    std::vector<std::string> labels;
  };
  std::string id;
  std::string title;
  std::string source;
  std::vector<Attribute> attributes;
  std::map<std::string, std::vector<std::int32_t>> codes;  ///< code -> label number, one for each attribute
  std::string digest;
};

/// A declared use of another instrument under an alias.
struct Use {
  std::string alias;
  std::string instrument;
  std::string edition;
  std::shared_ptr<const Instrument> definition;
  Place place;
};

/// One worked or boundary case: responses and the result columns they must give.
struct Case {
  std::string id;
  std::string source;
  std::vector<std::pair<std::string, Response>> responses;
  std::vector<std::pair<std::string, Response>> expect;
  std::vector<std::string> norms;
  std::map<std::string, std::string> levels;  ///< level scheme by scale, where another than the scale's own is wanted
  double tolerance = 1e-9;
  Place place;
};

/// A part with its own edition, evidence and digest.
struct Part {
  std::string name;  ///< "scoring", "levels/<name>", "tables/<name>", "norms/<id>"
  std::string edition;
  Mark mark = Mark::unverified;  ///< the weakest mark in the part
  std::string digest;            ///< SHA-256, 64 hexadecimal digits
  bool supplied = false;         ///< its figures are the agency's own
};

/// One published edition of a tool.
struct Instrument {
  std::string id;
  std::string edition;
  std::string title;
  std::string family;
  std::vector<std::string> authors;
  std::string language;
  std::string population;
  std::string outcome;
  std::string licence;
  std::string training;
  std::string notice;
  std::vector<Source> sources;
  Evidence evidence;
  std::vector<Use> uses;
  std::map<std::string, CodeList> code_lists;  ///< by the name the definition gives them
  std::vector<UseRule> applies_when;
  std::vector<UseRule> valid_when;
  std::vector<UseRule> cautions;
  std::vector<Item> items;
  std::vector<Scale> scales;
  std::vector<LevelScheme> levels;
  std::vector<Table> tables;
  std::vector<Norms> norms;
  std::optional<int> reassess_months;
  std::vector<std::string> reassess_events;
  std::optional<Evidence> reassess_evidence;  ///< empty if the definition says nothing of reassessment
  std::vector<Case> cases;
  std::vector<Part> parts;  ///< scoring first
  Place place;

  [[nodiscard]] const Item* find_item(std::string_view code) const noexcept;
  [[nodiscard]] const Scale* find_scale(std::string_view code) const noexcept;
  [[nodiscard]] const LevelScheme* find_levels(std::string_view name) const noexcept;
  [[nodiscard]] const Table* find_table(std::string_view name) const noexcept;
  [[nodiscard]] const Norms* find_norms(std::string_view id) const noexcept;
  [[nodiscard]] const Use* find_use(std::string_view alias) const noexcept;
};

}  // namespace appraise
