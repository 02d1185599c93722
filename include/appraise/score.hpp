/// Scoring: a plan and a caseload in, result columns out.
#pragma once

#include <memory>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/plan.hpp"
#include "appraise/scores.hpp"

namespace appraise {

/// Which result columns are worked out, and by how many threads. Value and status always are.
struct ScoreOptions {
  bool levels = true;          ///< level and standard level
  bool bounds = true;          ///< lowest and highest value and level, given what is missing
  bool distance = true;        ///< to the nearest cut
  bool contributions = false;  ///< what each term added
  bool norms = true;           ///< of the norm sets named when the plan was compiled
  bool reasons = true;         ///< reasons and cautions
  int threads = 1;             ///< that share the rows; nothing in the result depends on it
};

/// Scores caseload after caseload with the same memory: slices of one that is too large, or one assessment at a time.
///
/// Several plans score the same caseload in one pass: a row is read once.
/// Threads: one scorer is used by one thread at a time (it may start `options.threads` of its own); use one each.
/// Cost:    after the first call, a caseload of no more rows allocates nothing but the texts of its reasons, each once
class Scorer {
 public:
  /// Errors: UsageError if there is no plan, or less than one thread
  explicit Scorer(std::vector<ScoringPlan> plans, const ScoreOptions& options = {});
  explicit Scorer(const ScoringPlan& plan, const ScoreOptions& options = {});
  ~Scorer();
  Scorer(Scorer&&) noexcept;
  Scorer& operator=(Scorer&&) noexcept;

  /// The results of each plan, in order. They stand until the next call.
  ///
  /// Errors: UsageError as for score(); the results are then those of no caseload
  const std::vector<Scores>& score(const Caseload& caseload);
  /// Hands the results over.
  [[nodiscard]] std::vector<Scores> take();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Scores every assessment in `caseload`.
///
/// Row i of the result depends on row i of the caseload and on nothing else, to the last bit: not on the batch, the
/// slice, the threads, the column types or the processor.
///
/// Shape:   n rows in, n rows out
/// Units:   each scale in its own; probabilities and rates in [0, 1]
/// Missing: a cleared validity bit, NaN or empty text in; a status per cell out; never an exception
/// Errors:  UsageError if a column that is not optional is absent, or has a type its item cannot be given in
/// Cost:    O(n * operations); allocates the result (large columns from those that are gone, scores.hpp), and less than
///          1 MiB of scratch a thread, whatever the number of plans
/// Threads: safe to call concurrently; plan and caseload are only read
[[nodiscard]] Scores score(const ScoringPlan& plan, const Caseload& caseload, const ScoreOptions& options = {});
/// The same for several plans in one pass.
[[nodiscard]] std::vector<Scores> score(const std::vector<ScoringPlan>& plans, const Caseload& caseload,
                                        const ScoreOptions& options = {});

}  // namespace appraise
