/// What values are: whole and real numbers, dates, categories.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "check/names.hpp"
#include "check/order.hpp"
#include "check/references.hpp"
#include "check/report.hpp"

namespace appraise::detail {

/// What a value is. `labels` belongs to the instrument or to Types.
struct Value {
  enum class Kind : std::uint8_t { unknown, whole, real, date, category, code };
  Kind kind = Kind::unknown;
  const std::vector<std::string>* labels = nullptr;  ///< of a category
  bool ordered = false;                              ///< whether its labels have an order that comparisons may use

  [[nodiscard]] bool number() const noexcept { return kind == Kind::whole || kind == Kind::real; }
};

/// "a whole number", "a category (one of ...)"
[[nodiscard]] std::string to_text(const Value& value);

/// Types of all values of an instrument. Scale::type and Scale::labels are worked out by `infer`.
class Types {
 public:
  explicit Types(const Names& names);

  /// What is read where a number is meant: points of an item that has them, else its response.
  [[nodiscard]] Value value(const Referent& referent) const;
  /// What a condition or a look-up reads: an item's response.
  [[nodiscard]] Value response(const Referent& referent) const;
  [[nodiscard]] Value value(const Reference& reference) const { return value(names_.find(reference)); }
  [[nodiscard]] Value response(const Reference& reference) const { return response(names_.find(reference)); }

  /// The position of a label. `labels` are those of a value.
  [[nodiscard]] std::optional<std::size_t> position(const std::vector<std::string>& labels,
                                                    std::string_view label) const;

  /// Works out type and labels of the scales of `instrument`, which is the one `names` was made of.
  void infer(Instrument& instrument, const Order& order, Report& report);

 private:
  [[nodiscard]] Value scale_value(const Referent& referent) const;
  [[nodiscard]] Value operation_value(const Scale& scale, Report& report) const;

  const Names& names_;
  std::vector<Value> scales_;                                                ///< of this instrument
  std::vector<std::vector<std::string>> options_;                            ///< codes of options, by item
  std::unordered_map<const LevelScheme*, std::vector<std::string>> levels_;  ///< codes of levels
  mutable std::unordered_map<const std::vector<std::string>*, std::unordered_map<std::string_view, std::size_t>>
      positions_;  ///< of long lists of labels
};

/// Whether references stand for something.
void check_references(const Names& names, Report& report);
/// Whether the values under all references and conditions are of the types needed there.
void check_operand_types(const Names& names, const Types& types, Report& report);
void check_comparisons(const Names& names, const Types& types, Report& report);

}  // namespace appraise::detail
