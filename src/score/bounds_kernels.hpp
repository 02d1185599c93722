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

/// Lists the numbers of rows that are marked with 1, not with 0, and gives how many there are; `out` has room for
/// `count` and lane_rows more.
int list_marked(const std::uint8_t* marks, int count, std::int32_t* out);
/// Finds the rows of a block in which one of these registers has a flag, of some that begin with a multiple of
/// lane_rows. Gives whether they are others than before.
bool find_flagged(const Block& block, const std::vector<Register>& of, int first, int count, FlaggedRows& out);
/// Copies the ends of a register between all rows in hand and some of them.
void gather_ends(BoundedRows& rows, Register of, const FlaggedRows& some);
void scatter_ends(BoundedRows& rows, Register of, const FlaggedRows& some);
/// The values of a register become both ends of its ranges, in rows in hand that follow one another.
void take_values(BoundedRows& rows, Register of);

/// Puts the ends of a reported register, in the rows in hand, into blocks that have the flags of its status already.
void report(BoundedRows& rows, const ReportedEnds& reported, Block& lowest, Block& highest);

}  // namespace appraise::detail
