/// Every place of an instrument that reads a value, and what it needs there.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "appraise/instrument.hpp"

namespace appraise::detail {

/// What a place needs of the value it reads.
enum class Need : std::uint8_t {
  number,           ///< points of an item that has them, else its response
  whole,            ///< the same, whole
  date,             ///<
  any,              ///< the same as number, of any type
  response_number,  ///< an item's response, a number
  category,         ///< an item's response, a category
  compared,         ///< an item's response, in a comparison
  presence,         ///< whether there is a value
  code,             ///< an item of kind code
};

/// Where something is written: "scales/total/sum/2".
struct Site {
  const Place* place = nullptr;
  std::string_view list = {};  ///< "items", "scales", "valid_when" ...
  std::string_view code = {};
  std::string_view part = {};                         ///< below the entry, "rules/rows"
  std::size_t number = static_cast<std::size_t>(-1);  ///< in `part`, if it is a list
  std::string_view field = {};                        ///< below that, "when"

  [[nodiscard]] std::string address() const;
};

using ReadsValue = std::function<void(const Reference&, Need, const Site&)>;
using HasCondition = std::function<void(const Condition&, const Site&)>;

/// Calls `f` for every comparison (and `is_missing`) in a condition.
template <class F>
void for_each_comparison(const Condition& condition, const F& f) {
  switch (condition.kind) {
    case Condition::Kind::all:
    case Condition::Kind::any:
    case Condition::Kind::negation:
      for (const Condition& part : condition.parts) for_each_comparison(part, f);
      return;
    default:
      f(condition);
  }
}

/// The values that the operation of a scale reads directly, its conditions apart.
void for_each_operand(const Scale& scale, const ReadsValue& f);
/// The conditions of a scale, of an item, of the rules of use.
void for_each_condition(const Scale& scale, const HasCondition& f);
void for_each_condition(const Item& item, const HasCondition& f);
void for_each_rule_condition(const Instrument& instrument, const HasCondition& f);
/// The values that a condition reads.
void for_each_read(const Condition& condition, const Site& site, const ReadsValue& f);
/// The values that a scale reads: operands and conditions.
void for_each_read(const Scale& scale, const ReadsValue& f);
/// The values that anything in the instrument reads.
void for_each_read(const Instrument& instrument, const ReadsValue& f);

}  // namespace appraise::detail
