#include "appraise/verify.hpp"

#include <cmath>
#include <map>
#include <set>

#include "appraise/score.hpp"
#include "verify/cases.hpp"

namespace appraise {

namespace {

using detail::ResponseRow;

bool agrees(const Response& expected, const Response& found, double tolerance) {
  if (expected.kind != found.kind) return false;
  switch (expected.kind) {
    case Response::Kind::none:
      return true;
    case Response::Kind::number:
      return std::fabs(expected.number - found.number) <= tolerance;
    case Response::Kind::text:
      return expected.text == found.text;
  }
  return false;
}

std::string shown(const Response& response) {
  return response.kind == Response::Kind::none ? "no value" : detail::to_text(response);
}

/// What the case's column came out as.
Response found_in(const Scores& scores, const std::string& column, std::int64_t row, const Case& one) {
  if (column == "reasons") return {Response::Kind::text, 0, detail::joined(scores.reasons, row)};
  if (column == "cautions") return {Response::Kind::text, 0, detail::joined(scores.cautions, row)};
  const ScoreColumn* found = scores.find(column);
  if (found == nullptr) throw UsageError("case '" + one.id + "' expects '" + column + "', which is no result column");
  return detail::result_of(*found, row);
}

/// Scores the cases that share level schemes in one caseload.
void verify_group(const std::shared_ptr<const Instrument>& instrument, const std::map<std::string, std::string>& levels,
                  const std::vector<const Case*>& cases, Verification& verification) {
  std::set<std::string> norms;
  for (const Case* one : cases) norms.insert(one->norms.begin(), one->norms.end());
  const ScoringPlan plan =
      compile(instrument, {.accept_unverified = true, .levels = levels, .norms = {norms.begin(), norms.end()}});
  std::vector<ResponseRow> rows;
  for (const Case* one : cases) rows.push_back(detail::row_of(*one, plan.items()));
  const detail::WrittenCaseload written(plan.items(), rows);
  const Scores scores = score(plan, written.caseload(), {.contributions = true});
  for (std::size_t row = 0; row < cases.size(); ++row) {
    const Case& one = *cases[row];
    ++verification.cases;
    for (const auto& [column, expected] : one.expect) {
      ++verification.comparisons;
      const Response found = found_in(scores, column, static_cast<std::int64_t>(row), one);
      if (agrees(expected, found, one.tolerance)) continue;
      verification.mismatches.push_back({one.id, one.source, column, shown(expected), shown(found), one.place});
    }
  }
}

}  // namespace

Verification verify(std::shared_ptr<const Instrument> instrument) {
  std::map<std::map<std::string, std::string>, std::vector<const Case*>> groups;
  for (const Case& one : instrument->cases.all()) groups[one.levels].push_back(&one);
  Verification verification;
  for (const auto& [levels, cases] : groups) verify_group(instrument, levels, cases, verification);
  return verification;
}

}  // namespace appraise
