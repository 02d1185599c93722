/// Compares what the plan made of a caseload with what the reference scorer makes of it: every column, every bit.
#pragma once

#include <string>
#include <vector>

#include "appraise/scores.hpp"
#include "reference/random_caseload.hpp"
#include "reference/reference_scorer.hpp"

namespace appraise::testing {

struct Difference {
  std::int64_t row = 0;
  std::string column;
  std::string plan;
  std::string reference;
};

/// Compiles and scores the caseload with everything that can be asked for, and compares; at most `most` differences.
[[nodiscard]] std::vector<Difference> compare(const std::shared_ptr<const Instrument>& instrument,
                                              const reference::Choices& choices, const RandomCaseload& caseload,
                                              std::size_t most = 3);

/// The same for scores that are there already, of everything that can be asked for; one row of `step` is compared.
[[nodiscard]] std::vector<Difference> compare(const Scores& scores, const Instrument& instrument,
                                              const reference::Choices& choices, const RandomCaseload& caseload,
                                              std::size_t most, std::int64_t step);

/// The difference with the responses of its row, to be read.
[[nodiscard]] std::string describe(const Difference& difference, const RandomCaseload& caseload);

/// The scores of everything that can be asked for.
[[nodiscard]] Scores score_all(const std::shared_ptr<const Instrument>& instrument, const reference::Choices& choices,
                               const Caseload& caseload);

/// The first difference between the scores of everything that can be asked for and those of the rows one by one, of
/// which one of `step` is scored; empty if there is none. A row by itself is not scored in blocks.
[[nodiscard]] std::string difference_alone(const std::shared_ptr<const Instrument>& instrument,
                                           const reference::Choices& choices, const Caseload& caseload,
                                           const Scores& scores, std::int64_t step = 1);

/// A cell of a result column.
[[nodiscard]] reference::Cell cell_of(const ScoreColumn& column, std::int64_t row);
/// Numbers by their bits; a NaN equals nothing.
[[nodiscard]] bool same(const reference::Cell& a, const reference::Cell& b);

}  // namespace appraise::testing
