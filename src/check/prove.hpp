/// Proves what a definition declares, once it has the right shape.
#pragma once

#include <vector>

#include "appraise/instrument.hpp"

namespace appraise::detail {

/// Works out the type and labels of every scale and adds a diagnostic for everything that does not hold.
///
/// The instruments under `uses` must have been proved. One that could not be read (no definition) is passed over.
///
/// Cost: near linear in the size of the definition; exact sets of scores and decision tables have a fixed budget
void prove(Instrument& instrument, std::vector<Diagnostic>& diagnostics);

}  // namespace appraise::detail
