/// A scoring plan: an instrument compiled to a flat list of operations over blocks of rows.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "appraise/instrument.hpp"

namespace appraise {

struct CompileOptions {
  /// Figures marked `unverified` may be used. Every result then carries the mark.
  bool accept_unverified = false;
  /// Level scheme by scale, where another than the scale's own is wanted ("total" -> "original_2009").
  std::map<std::string, std::string> levels = {};
  /// Norm sets whose columns the results shall have, by id.
  std::vector<std::string> norms = {};
};

namespace detail {
struct Plan;
}

/// Immutable; copies share it. Safe to use from any number of threads.
class ScoringPlan {
 public:
  explicit ScoringPlan(std::shared_ptr<const detail::Plan> plan) : plan_(std::move(plan)) {}

  [[nodiscard]] const Instrument& instrument() const noexcept;
  /// Columns that a caseload must or may have: item codes, under an alias where another instrument is used
  /// ("static.age").
  [[nodiscard]] const std::vector<std::string>& items() const noexcept;
  /// Codes of the reported scales, in order.
  [[nodiscard]] const std::vector<std::string>& scales() const noexcept;
  /// The weakest evidence mark among the figures in use.
  [[nodiscard]] Mark mark() const noexcept;
  [[nodiscard]] const detail::Plan& detail() const noexcept { return *plan_; }

 private:
  std::shared_ptr<const detail::Plan> plan_;
};

/// Compiles a checked instrument.
///
/// Errors: DefinitionError (evidence.unverified) if figures in use are unverified and that was not accepted;
///         UsageError for an unknown scale, level scheme or norm set in `options`
[[nodiscard]] ScoringPlan compile(std::shared_ptr<const Instrument> instrument, const CompileOptions& options = {});

}  // namespace appraise
