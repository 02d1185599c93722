/// Probes: scales added to a copy of an instrument, whose value in a row says which of its parts the row exercises.
#pragma once

#include <string>
#include <vector>

#include "appraise/verify.hpp"

namespace appraise::detail {

/// A scale whose value i says that the row exercises `parts[i]`.
struct Probe {
  Scale scale;
  std::vector<std::size_t> parts;
  std::string scale_of_levels;  ///< for levels: rows count only if they ask for `scheme` of this scale
  std::string scheme;
};

struct Probes {
  std::vector<CoveredPart> parts;
  std::vector<Probe> gated;    ///< of items, scales, levels and tables: rows that a rule of use refuses do not count
  std::vector<Probe> ungated;  ///< of the rules of use, and of items that they read
  std::vector<Table> tables;   ///< that probes read
};

[[nodiscard]] Probes probes_of(const Instrument& instrument);

}  // namespace appraise::detail
