// Which kernel works out the ranges of each operation.
#include "score/bounds_kernels.hpp"

namespace appraise::detail {

BoundingKernel bounding_kernel(const PlannedOperation& operation) {
  return std::visit(
      [&](const auto& op) -> BoundingKernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (BoundedItems::has<Operation>) {
          return item_bounding_kernel(operation);
        } else if constexpr (Conditions::has<Operation>) {
          return condition_bounding_kernel(operation);
        } else if constexpr (Sums::has<Operation>) {
          return sum_bounding_kernel(operation);
        } else if constexpr (is_one_of<Operation, WeighTerm, AddTerms>) {
          return terms_bounding_kernel();
        } else if constexpr (Arithmetic::has<Operation>) {
          return arithmetic_bounding_kernel(operation);
        } else if constexpr (BoundedChoices::has<Operation>) {
          return choice_bounding_kernel(operation);
        } else if constexpr (Times::has<Operation>) {
          return time_bounding_kernel(operation);
        } else {
          static_assert(is_one_of<Operation, ApplyWhen, PassGate, Gate>, "these hand on a range, or have only flags");
          return nullptr;
        }
      },
      operation);
}

}  // namespace appraise::detail
