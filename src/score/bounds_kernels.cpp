// Which kernel works out the ranges of each operation.
#include "score/bounds_kernels.hpp"

namespace appraise::detail {

BoundingKernel bounding_kernel(const PlannedOperation& operation) {
  return std::visit(
      [&](const auto& op) -> BoundingKernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_one_of<Operation, LoadItem, ApplyItem>) {
          return item_bounding_kernel(operation);
        } else if constexpr (is_condition<Operation>) {
          return condition_bounding_kernel(operation);
        } else if constexpr (is_sum<Operation>) {
          return sum_bounding_kernel(operation);
        } else if constexpr (is_one_of<Operation, WeighTerm, AddTerms>) {
          return terms_bounding_kernel();
        } else if constexpr (is_arithmetic<Operation>) {
          return arithmetic_bounding_kernel(operation);
        } else if constexpr (is_lookup<Operation> || is_one_of<Operation, Decide, TakeFirst>) {
          return choice_bounding_kernel(operation);
        } else if constexpr (is_time<Operation>) {
          return time_bounding_kernel(operation);
        } else {
          static_assert(is_one_of<Operation, ApplyWhen, PassGate, Gate>, "these hand on a range, or have only flags");
          return nullptr;
        }
      },
      operation);
}

}  // namespace appraise::detail
