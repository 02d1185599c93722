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
inline constexpr bool is_sum = is_one_of<Operation, SumValues, ExtremeValue, CountTrue, WeighTerm, AddTerms>;
template <class Operation>
inline constexpr bool is_arithmetic =
    is_one_of<Operation, Subtract, Multiply, Divide, Logarithm, LogisticFunction, ClampValue, RoundValue>;
template <class Operation>
inline constexpr bool is_choice = is_one_of<Operation, LookUpBand, FindLevel, LookUpTable, Decide, TakeFirst,
                                            ReadAttribute, ApplyWhen, PassGate, ApplyItem>;
template <class Operation>
inline constexpr bool is_time = is_one_of<Operation, MeasureTime, MoveTime>;

/// Each runs an operation of its kind.
void run_condition(Block& block, const PlannedOperation& operation);
void run_sum(Block& block, const PlannedOperation& operation, const Step& step);
void run_arithmetic(Block& block, const PlannedOperation& operation);
void run_choice(Block& block, const PlannedOperation& operation);
void run_time(Block& block, const PlannedOperation& operation);

}  // namespace appraise::detail
