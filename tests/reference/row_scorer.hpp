/// One instrument and one row: every reference is worked out once, when it is first asked for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "appraise/instrument.hpp"
#include "reference/reference_scorer.hpp"
#include "reference/value.hpp"

namespace appraise::reference {

class RowScorer {
 public:
  /// `prefix` is the alias with its dot where the instrument is used by another, else empty.
  RowScorer(const Instrument& instrument, std::string prefix, const Row& row);

  [[nodiscard]] const Instrument& instrument() const { return instrument_; }
  /// What a reference is called in reasons and result columns.
  [[nodiscard]] std::string named(const std::string& name) const { return prefix_ + name; }

  /// What a reference stands for where a number is read: the points of an item that has points.
  const Value& read(const Reference& reference);
  /// What it stands for in conditions and look-ups: the response of an item.
  const Value& respond(const Reference& reference);
  Truth truth(const Condition& condition);
  /// Labels of what a reference stands for in conditions, if it is a category.
  [[nodiscard]] std::vector<std::string> labels(const Reference& reference) const;
  /// The attribute `name` of the code in response to an item, as a position; and how many labels the attribute has.
  [[nodiscard]] std::pair<double, double> attribute(const Reference& item, const std::string& name, double code) const;

  const Value& scale(const std::string& code);
  /// The level of a value of the scale: a position among the bands.
  [[nodiscard]] Value level(const Scale& scale, const LevelScheme& scheme, const Value& value) const;
  /// What one term of a weighted sum adds to the scale.
  Value term(const Scale& scale, const Term& term);
  /// Whether the missing rule leaves a reference out of a sum or an extreme.
  bool left_out(const std::optional<MissingRule>& rule, const Reference& reference);
  /// What the rules of use raise: joined to what leaves the instrument.
  const Flags& gate();
  /// The instruments used, by alias.
  std::map<std::string, std::unique_ptr<RowScorer>>& used() { return used_; }

 private:
  /// The two things an item stands for.
  struct Scored {
    Value points, response;
  };

  const Value& find(const Reference& reference, bool as_response);
  const Scored& item(const Item& item);
  Scored score_item(const Item& item);
  Value decoded(const Item& item) const;
  Value work_out(const Scale& scale);
  const Value& own_level(const std::string& code);
  Value compare_side(const Operand& operand, const Reference& of);
  Truth comparison(const Condition& condition);
  Truth is_missing(const Condition& condition);
  Truth joined(const Condition& condition);
  Flags work_out_gate();

  const Instrument& instrument_;
  std::string prefix_;
  const Row& row_;
  std::map<std::string, std::unique_ptr<RowScorer>> used_;
  std::unordered_map<std::string, Scored> items_;
  std::unordered_map<std::string, Value> scales_, levels_, gated_;
  std::unique_ptr<Flags> gate_;
};

}  // namespace appraise::reference
