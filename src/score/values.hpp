/// Kernels of operations, by kind. Every loop runs across rows: row i never reads another row.
#pragma once

#include <type_traits>

#include "score/run.hpp"

namespace appraise::detail {

template <class Operation, class... Operations>
inline constexpr bool is_one_of = (std::is_same_v<Operation, Operations> || ...);

/// Operations that have their kernels in one file.
template <class... Operations>
struct Kind {
  template <class Operation>
  static constexpr bool has = is_one_of<Operation, Operations...>;
};
template <class Some>
bool is_of(const PlannedOperation& operation) {
  return std::visit([](const auto& op) { return Some::template has<std::decay_t<decltype(op)>>; }, operation);
}
using Conditions = Kind<Constant, Compare, IsMissing, Join>;
using Sums = Kind<SumValues, ExtremeValue, CountTrue>;
using Arithmetic = Kind<Subtract, Multiply, Divide, Logarithm, LogisticFunction, ClampValue, RoundValue>;
using LookUps = Kind<LookUpBand, FindLevel, LookUpTable, ReadAttribute>;
using Choices = Kind<Decide, TakeFirst, ApplyWhen, PassGate, ApplyItem>;
using Times = Kind<MeasureTime, MoveTime>;

/// The kernel of an operation of a kind, which is run by `run(rows, operation)`; none of any other.
template <class Some, class RowsOf = const Rows&, class StepOf = Step, class Run>
auto kernel_among(const PlannedOperation& operation, Run) {
  return std::visit(
      [](const auto& op) -> void (*)(RowsOf, const StepOf&) {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (!Some::template has<Operation>) {
          return nullptr;
        } else {
          return [](RowsOf rows, const StepOf& step) { Run()(rows, std::get<Operation>(*step.operation)); };
        }
      },
      operation);
}

/// What loads an item.
Kernel load_kernel(const CellOutputs& outputs);
/// What runs an operation of each kind.
Kernel condition_kernel(const PlannedOperation& operation);
Kernel sum_kernel(const PlannedOperation& operation);
Kernel terms_kernel();
Kernel arithmetic_kernel(const PlannedOperation& operation);
Kernel lookup_kernel(const PlannedOperation& operation);
Kernel choice_kernel(const Plan& plan, const PlannedOperation& operation);
Kernel time_kernel(const PlannedOperation& operation);
/// What makes a form of a register.
Kernel split_kernel();
Kernel narrow_kernel();

}  // namespace appraise::detail
