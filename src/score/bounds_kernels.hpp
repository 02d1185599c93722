/// Kernels of operations over ranges, by kind. Every loop runs across the rows in hand: row i never reads another row.
#pragma once

#include "score/bounds.hpp"
#include "score/values.hpp"

namespace appraise::detail {

using BoundedItems = Kind<LoadItem, ApplyItem>;
using BoundedChoices = Kind<LookUpBand, FindLevel, LookUpTable, Decide, TakeFirst, ReadAttribute>;

/// What works out the ranges of an operation. One that hands on a range, or has only flags, has none.
[[nodiscard]] BoundingKernel bounding_kernel(const PlannedOperation& operation);
/// The same, of operations of each kind.
BoundingKernel item_bounding_kernel(const PlannedOperation& operation);
BoundingKernel condition_bounding_kernel(const PlannedOperation& operation);
BoundingKernel sum_bounding_kernel(const PlannedOperation& operation);
BoundingKernel terms_bounding_kernel();
BoundingKernel arithmetic_bounding_kernel(const PlannedOperation& operation);
BoundingKernel choice_bounding_kernel(const PlannedOperation& operation);
BoundingKernel time_bounding_kernel(const PlannedOperation& operation);

/// Picks the rows of a block that are marked.
void pick_rows(int rows, PickedRows& picked);
/// Copies what steps read of the rows that were picked in some groups, [from, to), to the rows of a block from `at` on,
/// and overwrites some behind them.
void copy_picked(const Block& block, const PickedRows& picked, int from, int to, const BoundingSteps& steps, Block& out,
                 int at);
/// Puts an end of a reported register, of each row in hand, into some row of a block, whose flags become those of the
/// status and say where the end is open.
void report(const BoundedRows& rows, const ReportedEnds& reported, End end, const std::int32_t* at, Block& out);

}  // namespace appraise::detail
