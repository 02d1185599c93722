#include <algorithm>

#include "appraise/detail/calendar.hpp"
#include "plan/compiler.hpp"

namespace appraise::detail {

Register Compiler::condition(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::all:
    case Condition::Kind::any:
    case Condition::Kind::negation: {
      Join join{.kind = condition.kind, .of = {}};
      for (const Condition& part : condition.parts) join.of.push_back(this->condition(part));
      return emit_once(std::move(join), RegisterType::whole);
    }
    case Condition::Kind::is_missing:
      return emit_once(IsMissing{.of = response(condition.of).of, .missing = condition.operands.at(0).number != 0},
                       RegisterType::whole);
    default:
      return comparison(condition);
  }
}

Register Compiler::comparison(const Condition& condition) {
  const Variable of = response(condition.of);
  Compare compare{.kind = condition.kind, .of = of.of, .constants = {}};
  for (const Operand& operand : condition.operands) {
    if (operand.kind != Operand::Kind::reference) {
      compare.constants.push_back(literal(operand, of));
    } else if (condition.kind != Condition::Kind::in) {
      compare.with = response(operand.text).of;
    }
  }
  if (condition.kind != Condition::Kind::in ||
      std::none_of(condition.operands.begin(), condition.operands.end(),
                   [](const Operand& operand) { return operand.kind == Operand::Kind::reference; })) {
    const bool with_constants = compare.with == no_register;
    if (const Register known = find_same(compare, RegisterType::whole); known != no_register) return known;
    const Register out = emit(std::move(compare), RegisterType::whole);
    const auto maker = static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of.of)]);
    const auto* load = std::get_if<LoadItem>(&plan_.operations[maker]);
    if (with_constants && load != nullptr && load->response == of.of) {
      plan_.items[static_cast<std::size_t>(load->item)].compares.push_back(
          plan_.made_by[static_cast<std::size_t>(out)]);
    }
    return out;
  }
  Join join{.kind = Condition::Kind::any, .of = {}};  // one of several, some of them read from the row
  for (const Operand& operand : condition.operands) {
    Condition equals{.kind = Condition::Kind::equals,
                     .of = condition.of,
                     .operands = {operand},
                     .parts = {},
                     .place = condition.place};
    join.of.push_back(comparison(equals));
  }
  return emit_once(std::move(join), RegisterType::whole);
}

double Compiler::literal(const Operand& operand, const Variable& of) const {
  if (operand.kind == Operand::Kind::number) return operand.number;
  if (of.type == ValueType::date) return parse_date(operand.text).value_or(0);
  const auto found = std::find(of.labels->begin(), of.labels->end(), operand.text);
  return static_cast<double>(found - of.labels->begin());
}

}  // namespace appraise::detail
