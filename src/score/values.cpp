// Which kernel runs each step of a plan.
#include "score/values.hpp"

#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

/// By the kind of an operation, which has to have one.
Kernel kernel_of_kind(const PlannedOperation& operation) {
  return std::visit(
      [&](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_condition<Operation>) {
          return condition_kernel(operation);
        } else if constexpr (is_sum<Operation>) {
          return sum_kernel(operation);
        } else if constexpr (is_terms<Operation>) {
          return terms_kernel(operation);
        } else if constexpr (is_arithmetic<Operation>) {
          return arithmetic_kernel(operation);
        } else if constexpr (is_choice<Operation>) {
          return choice_kernel(operation);
        } else if constexpr (is_time<Operation>) {
          return time_kernel(operation);
        } else {
          static_assert(is_one_of<Operation, LoadItem, Gate>, "these have kernels of their own");
          return nullptr;
        }
      },
      operation);
}

template <class Operation>
const Operation& operation_of(const Step& step) {
  return *std::get_if<Operation>(step.operation);
}

void judge(const Rows& rows, const Step& step) { judge_gate(rows.block, operation_of<Gate>(step), step); }
void add_up(const Rows& rows, const Step& step) {
  sum_bytes(rows.block, operation_of<SumValues>(step), step, rows.decoders, rows.first);
}
}  // namespace

Kernel kernel_of(const Plan& plan, const Step& step) {
  const PlannedOperation& operation = *step.operation;
  const auto is_byte = [&](Register of) { return plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte; };
  if (std::holds_alternative<LoadItem>(operation)) return load_kernel();
  if (plan.tables[static_cast<std::size_t>(step.number)]) return map_kernel();
  if (std::holds_alternative<Gate>(operation)) return judge;
  if (step.flags_only) return unknown_kernel();
  if (const auto* gated = std::get_if<PassGate>(&operation); gated != nullptr && is_byte(gated->of))
    return gate_kernel();
  if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && adds_bytes(plan, *sum)) return add_up;
  if (const auto* extreme = std::get_if<ExtremeValue>(&operation);
      extreme != nullptr && compares_bytes(plan, *extreme)) {
    return extreme_kernel();
  }
  return kernel_of_kind(operation);
}

}  // namespace appraise::detail
