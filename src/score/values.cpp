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

void map(const Rows& rows, const Step& step) {
  map_bytes(rows.block, *rows.block.plan().tables[static_cast<std::size_t>(step.number)]);
}
void judge(const Rows& rows, const Step& step) { judge_gate(rows.block, operation_of<Gate>(step), step); }
void leave_unknown(const Rows& rows, const Step& step) { join_unknown(rows.block, operation_of<Compare>(step)); }
void pass(const Rows& rows, const Step& step) { pass_gate(rows.block, operation_of<PassGate>(step)); }
void add_up(const Rows& rows, const Step& step) {
  sum_bytes(rows.block, operation_of<SumValues>(step), step, rows.decoders, rows.first);
}
void find_extreme(const Rows& rows, const Step& step) {
  extreme_of_bytes(rows.block, operation_of<ExtremeValue>(step));
}

}  // namespace

Kernel kernel_of(const Plan& plan, const Step& step) {
  const PlannedOperation& operation = *step.operation;
  const auto is_byte = [&](Register of) {
    return plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
  };
  if (std::holds_alternative<LoadItem>(operation)) return load_kernel();
  if (plan.tables[static_cast<std::size_t>(step.number)]) return map;
  if (std::holds_alternative<Gate>(operation)) return judge;
  if (step.flags_only) return leave_unknown;
  if (const auto* gated = std::get_if<PassGate>(&operation); gated != nullptr && is_byte(gated->of)) return pass;
  if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && adds_bytes(plan, *sum)) return add_up;
  if (const auto* extreme = std::get_if<ExtremeValue>(&operation);
      extreme != nullptr && compares_bytes(plan, *extreme)) {
    return find_extreme;
  }
  return kernel_of_kind(operation);
}

}  // namespace appraise::detail
