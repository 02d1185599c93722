/// Scoring: a plan and a caseload in, result columns out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "appraise/caseload.hpp"
#include "appraise/plan.hpp"
#include "appraise/scores.hpp"

namespace appraise {

/// Which result columns are worked out. Value and status always are.
struct ScoreOptions {
  bool levels = true;          ///< level and standard level
  bool bounds = true;          ///< lowest and highest value and level, given what is missing
  bool distance = true;        ///< to the nearest cut
  bool contributions = false;  ///< what each term added
  bool norms = true;           ///< of the norm sets named when the plan was compiled
  bool reasons = true;         ///< reasons and cautions
};

/// Scores every assessment in `caseload`.
///
/// Row i of the result depends on row i of the caseload and on nothing else, to the last bit.
///
/// Shape:   n rows in, n rows out
/// Units:   each scale in its own; probabilities and rates in [0, 1]
/// Missing: a cleared validity bit, NaN or empty text in; a status per cell out; never an exception
/// Errors:  UsageError if a column that is not optional is absent, or has a type its item cannot be given in
/// Cost:    O(n * operations); allocates the result, and scratch once
/// Threads: safe to call concurrently; plan and caseload are only read
[[nodiscard]] Scores score(const ScoringPlan& plan, const Caseload& caseload, const ScoreOptions& options = {});

}  // namespace appraise
