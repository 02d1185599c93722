// Which kernel runs each step of a plan.
#include "score/values.hpp"

#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

/// By the kind of an operation, which has to have one.
Kernel kernel_of_kind(const Plan& plan, const PlannedOperation& operation) {
  return std::visit(
      [&](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (Conditions::has<Operation>) {
          return condition_kernel(operation);
        } else if constexpr (Sums::has<Operation>) {
          return sum_kernel(operation);
        } else if constexpr (std::is_same_v<Operation, AddTerms>) {
          return terms_kernel();
        } else if constexpr (Arithmetic::has<Operation>) {
          return arithmetic_kernel(operation);
        } else if constexpr (LookUps::has<Operation>) {
          return lookup_kernel(operation);
        } else if constexpr (Choices::has<Operation>) {
          return choice_kernel(plan, operation);
        } else if constexpr (Times::has<Operation>) {
          return time_kernel(operation);
        } else {
          static_assert(is_one_of<Operation, LoadItem, Gate, WeighTerm>, "these have kernels of their own, or none");
          return nullptr;
        }
      },
      operation);
}

}  // namespace

Kernel kernel_of(const Plan& plan, const Step& step) {
  const PlannedOperation& operation = *step.operation;
  const auto is_byte = [&](Register of) { return plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte; };
  if (step.made_of != no_register) return step.form == Form::split ? split_kernel() : narrow_kernel();
  if (std::holds_alternative<LoadItem>(operation)) return load_kernel(*step.cells);
  if (step.table != nullptr) return table_kernel();
  if (std::holds_alternative<Gate>(operation)) return judge_kernel();
  if (step.flags_only) return unknown_kernel();
  if (const auto* gated = std::get_if<PassGate>(&operation); gated != nullptr && is_byte(gated->of))
    return gate_kernel();
  if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && adds_bytes(plan, *sum)) {
    return byte_sum_kernel(*sum);
  }
  if (const auto* extreme = std::get_if<ExtremeValue>(&operation);
      extreme != nullptr && compares_bytes(plan, *extreme)) {
    return extreme_kernel();
  }
  return kernel_of_kind(plan, operation);
}

}  // namespace appraise::detail
