/// Whether scores are the same to the last bit, however they are worked out: by any instruction set, any number of
/// threads, in any slices, with memory used before, alone or with other plans, with fewer result columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "appraise/plan.hpp"
#include "appraise/score.hpp"
#include "reference/random_caseload.hpp"
#include "reference/reference_scorer.hpp"
#include "reference/same_scores.hpp"

namespace appraise::testing {

/// An instruction set that kernels are chosen by, as Highway numbers them.
struct Target {
  std::int64_t number = 0;
  std::string name;
};

/// Those of this processor, the plainest last.
[[nodiscard]] std::vector<Target> targets();
void choose(const Target& target);
/// The best one again.
void choose_best();

/// How well the rows of a caseload are answered: some caseloads throughout, some in stretches, some row by row.
[[nodiscard]] std::vector<Mood> moods_in_stretches(Random& random, std::int64_t rows);

/// Scores the caseload in every way there is, and one row of `step` by the reference scorer.
class Bits {
 public:
  Bits(Random& random, std::shared_ptr<const Instrument> instrument, reference::Choices choices,
       const RandomCaseload& caseload);

  /// The first difference found, with what it was found by; empty if there is none.
  [[nodiscard]] std::string difference_found(std::int64_t step);

 private:
  void by_target(const Target& target);
  void by_threads(int threads);
  void in_slices(const ScoreOptions& options);
  void row_by_row();
  void beside_others();
  void by_reference(std::int64_t step);
  void expect_same(const std::string& how, std::int64_t first, const Scores& part, Numbering numbering);
  /// One of the instruction sets, chosen; its name.
  std::string choose_any();

  Random& random_;
  std::shared_ptr<const Instrument> instrument_;
  reference::Choices choices_;
  const RandomCaseload& caseload_;
  ScoringPlan plan_;
  std::vector<Target> targets_;
  Scores plainly_;  ///< by one thread on the plainest target
  std::string found_;
};

}  // namespace appraise::testing
