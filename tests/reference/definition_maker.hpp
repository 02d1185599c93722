/// Writes one random definition, item by item and scale by scale, keeping account of what can be read so far.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "appraise/reading.hpp"
#include "appraise/scale.hpp"
#include "reference/random_source.hpp"
#include "reference/value.hpp"

namespace appraise::testing {

using Json = nlohmann::ordered_json;
using reference::Span;

/// What an item or a scale is: its type, its labels if it is a category, and the values it could have.
struct Nature {
  ValueType type = ValueType::whole;
  Span span;
  std::vector<std::string> labels;
  bool ordered = false;

  [[nodiscard]] bool number() const { return type == ValueType::whole || type == ValueType::real; }
};

/// Something that can be read.
struct Known {
  std::string reference;
  Nature value;      ///< where a number is read: the points of an item that has points
  Nature response;   ///< in conditions and look-ups
  std::string list;  ///< of a code item, which can only be read by attribute
  bool item = false;
};

class DefinitionMaker {
 public:
  DefinitionMaker(Random& random, std::string id);

  /// Makes the scales of another instrument readable under an alias.
  void use(const Instrument& other, DefinitionFiles files);
  [[nodiscard]] DefinitionFiles make();
  /// Of items with few answers and whole points, and of scales that add, compare and look up.
  [[nodiscard]] DefinitionFiles make_additive();

 private:
  using Wanted = std::function<bool(const Known&)>;

  // definition_maker.cpp
  void add_code_list();
  void add_rules_of_use();
  void add_additive_rules_of_use();
  std::string next_code(const char* letter);
  std::vector<Known> all(const Wanted& wanted) const;
  /// Up to `most` of what is wanted; none if there are fewer than `least`.
  std::vector<Known> some(const Wanted& wanted, std::size_t least, std::size_t most);
  std::vector<Known> numbers(std::size_t least, std::size_t most);
  std::optional<Known> one(const Wanted& wanted);
  double number_in(const Nature& nature);
  double points(bool whole);
  std::string text_of(double date);
  /// Ascending numbers strictly inside what the value can be.
  std::vector<double> cuts(const Nature& nature, std::size_t most);
  /// Intervals between the cuts, from `low` to `high` (null where infinite).
  std::vector<Json> tiles(const std::vector<double>& cuts, const Nature& nature, bool open);

  // random_items.cpp
  void add_item();
  void add_additive_item();
  void add_choice(Json& item, Known& known);
  void add_yes_no(Json& item, Known& known);
  void add_number(Json& item, Known& known, bool whole);
  void add_date(Json& item, Known& known);
  void add_applicability(Json& item, Known& known);

  // random_conditions.cpp
  Json condition(int depth);
  Json comparison(const Known& known);
  void compare(Json& object, const Known& known);
  Json operand(const Known& known);
  /// Conditions of which exactly one holds whatever the value is.
  std::vector<Json> partition(const Known& known, std::size_t most);

  // random_scales.cpp
  void add_scale();
  /// Scales that follow from one small whole number and from one another.
  void add_chain();
  void add_additive_scale();
  void finish_scale(Json& scale, Known known);
  bool operate(std::size_t number, Json& scale, Known& known);
  bool sum(Json& scale, Known& known);
  bool additive_sum(Json& scale, Known& known);
  bool weighted_sum(Json& scale, Known& known);
  bool difference(Json& scale, Known& known);
  bool count(Json& scale, Known& known);
  bool extreme(Json& scale, Known& known);
  bool product(Json& scale, Known& known);
  bool ratio(Json& scale, Known& known);
  bool logarithm(Json& scale, Known& known);
  bool logistic(Json& scale, Known& known);
  bool clamp(Json& scale, Known& known);
  bool round(Json& scale, Known& known);
  bool time_between(Json& scale, Known& known);
  bool add_time(Json& scale, Known& known);
  bool attribute(Json& scale, Known& known);
  Json missing_rule(const std::vector<Known>& of, bool may_prorate);

  // random_decisions.cpp
  bool lookup_bands(Json& scale, Known& known);
  bool lookup_table(Json& scale, Known& known);
  bool only_available(Json& scale, Known& known);
  bool rules(Json& scale, Known& known);
  bool choose(Json& scale, Known& known);
  bool first_available(Json& scale, Known& known);
  std::vector<Json> decision_rows();
  /// Values of one type, and what they are together.
  std::vector<Known> alike(std::size_t least, std::size_t most, Nature& together);
  void add_levels(Json& scale, Known& known);
  std::vector<double> scores_of(const Json& scale, const Known& known);
  void add_norms(const Json& scale, const Known& known);

  Random& random_;
  std::string id_;
  Json root_;
  DefinitionFiles files_;
  std::vector<Known> known_;
  int codes_ = 0;
};

}  // namespace appraise::testing
