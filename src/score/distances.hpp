/// How far values are from the cuts between levels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "score/block.hpp"
#include "score/writing.hpp"

namespace appraise::detail {

/// A band of levels, and the cuts next to it; unbounded where there is none.
struct MeasuredBand {
  double from, to;
  bool closed;       ///< holds `to`
  double next;       ///< the cut above
  double one_below;  ///< for whole values one below the cut of the band, else the cut
};
[[nodiscard]] std::vector<MeasuredBand> measured_bands(const LevelScheme& scheme, bool whole);

/// From values to the nearest cut; unbounded if no band holds one.
void measure_distances(std::span<const MeasuredBand> bands, std::span<const double> values, double* distances);

/// Writes the column, of whole numbers or of doubles, of the distances of a register's values.
void write_distances(const Block& block, Register of, std::span<const MeasuredBand> bands, bool whole,
                     const ResultMemory& results, int column, std::int64_t first);

}  // namespace appraise::detail
