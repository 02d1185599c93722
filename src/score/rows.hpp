/// Loops over the rows of a block.
#pragma once

/// Says that no row depends on another. Such a loop loads first, then works, then stores: compilers make vectors of it,
/// where a load or store that depends on the row would keep them from that.
#if defined(__clang__)
#define APPRAISE_ROWS _Pragma("clang loop vectorize(assume_safety)")
#else
#define APPRAISE_ROWS _Pragma("GCC ivdep")
#endif
