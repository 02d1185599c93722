/// Kernels of operations, by kind. Every loop runs across rows: row i never reads another row.
#pragma once

#include <type_traits>

#include "score/run.hpp"

namespace appraise::detail {

template <class Operation, class... Operations>
inline constexpr bool is_one_of = (std::is_same_v<Operation, Operations> || ...);

template <class Operation>
inline constexpr bool is_condition = is_one_of<Operation, Constant, Compare, IsMissing, Join>;
template <class Operation>
inline constexpr bool is_sum = is_one_of<Operation, SumValues, ExtremeValue, CountTrue>;
template <class Operation>
inline constexpr bool is_arithmetic =
    is_one_of<Operation, Subtract, Multiply, Divide, Logarithm, LogisticFunction, ClampValue, RoundValue>;
template <class Operation>
inline constexpr bool is_lookup = is_one_of<Operation, LookUpBand, FindLevel, LookUpTable, ReadAttribute>;
template <class Operation>
inline constexpr bool is_choice = is_one_of<Operation, Decide, TakeFirst, ApplyWhen, PassGate, ApplyItem>;
template <class Operation>
inline constexpr bool is_time = is_one_of<Operation, MeasureTime, MoveTime>;

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
/// What splits dates.
Kernel split_kernel();

}  // namespace appraise::detail
