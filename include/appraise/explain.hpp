/// Explanation of one score: what each item added, why, and what would change the level.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/plan.hpp"
#include "appraise/scores.hpp"

namespace appraise {

/// What one term of the scale added.
struct Contribution {
  std::string term;
  std::string label;
  std::string response;  ///< as it was given, or what was worked out for a scale; empty if missing
  double value = 0;      ///< in points, or in the unit of the explaining scale
  double baseline = 0;   ///< what it adds at the item's baseline response
};

/// A change of one item that moves the level.
struct Change {
  std::string item;
  std::string from;  ///< response as given
  std::string to;
  std::string level;  ///< the level it would give
  double value = 0;   ///< the value of the scale it would give
};

/// Everything about one score of one person.
struct Explanation {
  std::string scale;
  std::string label;
  std::string status;
  std::string value;  ///< as text; empty if there is none
  std::string level, level_label, standard_level;
  std::string lowest, highest, lowest_level, highest_level;
  std::string explained_by;                 ///< the scale whose terms the contributions are
  std::vector<Contribution> contributions;  ///< in the order of the instrument
  std::vector<std::size_t> ranked;          ///< contributions that differ from their baseline, largest difference first
  std::vector<Change> changes;              ///< smallest single-item changes that move the level, by item
  std::vector<std::string> reasons;
  std::vector<std::string> cautions;
  std::vector<std::string> norms;  ///< one sentence for each norm set that has the score
  std::string evidence;            ///< weakest mark of the figures used
  std::string paragraph;           ///< plain language
};

/// Explains `scale` of one row. What it says is read from the columns of `score`; the changes are found by scoring the
/// changed assessments with the same plan.
///
/// Errors: UsageError if the row or the scale does not exist; otherwise as `score`
[[nodiscard]] Explanation explain(const ScoringPlan& plan, const Caseload& caseload, std::int64_t row,
                                  std::string_view scale = {});

}  // namespace appraise
