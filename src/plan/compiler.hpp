/// Compiles an instrument, and the instruments it uses, into the operations of a plan.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "appraise/detail/plan.hpp"
#include "appraise/plan.hpp"
#include "plan/spans.hpp"

namespace appraise::detail {

/// A value that an expression can read: its register, and the labels of a category.
struct Variable {
  Register of = no_register;
  ValueType type = ValueType::real;
  const std::vector<std::string>* labels = nullptr;
};

/// Compiles one instrument under one alias prefix ("" or "static."). Scales are compiled when first read, so that their
/// order in the file does not matter.
class Compiler {
 public:
  Compiler(Plan& plan, const Instrument& instrument, std::string prefix);

  /// Compiles items, scales and rules of use.
  void compile_all();
  /// Adds the reported scales to the plan's results.
  void report(const CompileOptions& options);
  /// The gated value of a scale or its level, for an instrument that uses this one.
  Variable exported(std::string_view reference);

 private:
  void report_contributions(const Scale& of);

  // operations.cpp
  Variable number(const Reference& reference);    ///< points of an item that has them
  Variable response(const Reference& reference);  ///< response of an item
  Variable scale(const Scale& scale);
  Variable level(const Scale& scale);  ///< by the scale's own scheme
  Register find_level(const Scale& scale, const LevelScheme& scheme);
  Variable used(const Use& use, std::string_view reference);
  Register taken(const Taken& taken, RegisterType type);
  Register constant(double value, RegisterType type);
  Register gated(Register of);
  Register operate(const Scale& scale);
  Register compile(const Scale&, const Sum&);
  Register compile(const Scale&, const WeightedSum&);
  Register compile(const Scale&, const Difference&);
  Register compile(const Scale&, const Count&);
  Register compile(const Scale&, const Extreme&);
  Register compile(const Scale&, const Product&);
  Register compile(const Scale&, const Ratio&);
  Register compile(const Scale&, const Log&);
  Register compile(const Scale&, const Logistic&);
  Register compile(const Scale&, const Lookup&);
  Register compile(const Scale&, const Rules&);
  Register compile(const Scale&, const Choose&);
  Register compile(const Scale&, const FirstAvailable&);
  Register compile(const Scale&, const Clamp&);
  Register compile(const Scale&, const Round&);
  Register compile(const Scale&, const TimeBetween&);
  Register compile(const Scale&, const AddTime&);
  Register compile(const Scale&, const Attribute&);

  // conditions.cpp
  Register condition(const Condition& condition);
  Register comparison(const Condition& condition);
  double literal(const Operand& operand, const Variable& of) const;

  // items.cpp
  void load(const Item& item);

  /// A whole register whose span fits a byte becomes one of bytes.
  Register add_register(RegisterType type, Range span);
  /// Adds an operation that fills the registers named.
  void add(PlannedOperation operation, std::initializer_list<Register> outs);
  template <class Operation>
  Register emit(Operation operation, RegisterType type) {
    const Register out = operation.out = add_register(type, span_of(plan_, operation));
    add(std::move(operation), {out});
    return out;
  }

  /// A condition or constant that stands in a definition several times is worked out once.
  template <class Operation>
  Register emit_once(Operation operation, RegisterType type) {
    const Register known = find_same(operation, type);
    return known != no_register ? known : emit(std::move(operation), type);
  }
  template <class Operation>
  [[nodiscard]] Register find_same(const Operation& operation, RegisterType type) const {
    for (const PlannedOperation& planned : plan_.operations) {
      const auto* known = std::get_if<Operation>(&planned);
      if (known != nullptr && is_same(*known, operation) && holds_as(known->out, type)) return known->out;
    }
    return no_register;
  }
  /// Whether a register is one that a value of this type would be given.
  [[nodiscard]] bool holds_as(Register of, RegisterType type) const {
    return (plan_.registers[static_cast<std::size_t>(of)] == RegisterType::real) == (type == RegisterType::real);
  }

  struct LoadedItem {
    Variable response, points;
  };

  Plan& plan_;
  const Instrument& instrument_;
  std::string prefix_;
  std::string owner_;  ///< what is being compiled, for reasons
  std::unordered_map<std::string, LoadedItem> items_;
  std::unordered_map<std::string, Variable> scales_;
  std::unordered_map<std::string, Variable> levels_;
  std::map<std::string, std::vector<std::string>> level_codes_;
  std::unordered_map<Register, Register> gated_;
  std::map<std::string, Compiler, std::less<>> used_;
  Register gate_ = no_register;
};

[[nodiscard]] inline RegisterType register_type(ValueType type) noexcept {
  return type == ValueType::real ? RegisterType::real : RegisterType::whole;
}

/// Whether two operations do the same with the same registers.
[[nodiscard]] inline bool is_same(const Constant& a, const Constant& b) noexcept { return a.value == b.value; }
[[nodiscard]] inline bool is_same(const Compare& a, const Compare& b) noexcept {
  return a.kind == b.kind && a.of == b.of && a.constants == b.constants && a.with == b.with;
}
[[nodiscard]] inline bool is_same(const IsMissing& a, const IsMissing& b) noexcept {
  return a.of == b.of && a.missing == b.missing;
}
[[nodiscard]] inline bool is_same(const Join& a, const Join& b) noexcept { return a.kind == b.kind && a.of == b.of; }

/// Decodes a response written in a definition or a case; nothing if it is not one the item can have.
[[nodiscard]] std::optional<double> decode(const PlannedItem& item, const Response& response);
[[nodiscard]] std::optional<double> decode(const PlannedItem& item, const std::string& text);
/// The item with its tables, without a column.
[[nodiscard]] PlannedItem plan_item(const Instrument& instrument, const Item& item, const std::string& prefix);
/// Position of the option that a numeric column's value stands for.
[[nodiscard]] std::optional<double> position_of_value(const PlannedItem& item, double value);
/// Whether a number is a response to a count, number or date.
[[nodiscard]] bool is_response(const PlannedItem& item, double number);
/// Whether a comparison of two numbers holds.
[[nodiscard]] inline bool compares(Condition::Kind kind, double x, double y) {
  switch (kind) {
    case Condition::Kind::at_least:
      return x >= y;
    case Condition::Kind::above:
      return x > y;
    case Condition::Kind::at_most:
      return x <= y;
    case Condition::Kind::below:
      return x < y;
    default:
      return x == y;
  }
}
/// Whether a comparison with any of its constants holds.
[[nodiscard]] inline bool compares(const Compare& op, double x) {
  return std::any_of(op.constants.begin(), op.constants.end(), [&](double y) { return compares(op.kind, x, y); });
}
/// Points of a usable response.
[[nodiscard]] double points_of(const PlannedItem& item, double response);

}  // namespace appraise::detail
