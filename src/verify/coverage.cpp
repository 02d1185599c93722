#include <utility>

#include "appraise/score.hpp"
#include "appraise/verify.hpp"
#include "verify/cases.hpp"
#include "verify/probes.hpp"

namespace appraise {
namespace {

using detail::Probe;

/// The scheme that a case asks for.
const std::string& scheme_in(const Case& one, const Instrument& instrument, const std::string& scale) {
  const auto chosen = one.levels.find(scale);
  return chosen != one.levels.end() ? chosen->second : instrument.find_scale(scale)->levels;
}

/// Scores the cases with nothing but the probes reported, and counts what they say.
void count(Instrument probed, const std::vector<Probe>& probes, std::vector<CoveredPart>& parts) {
  for (Scale& scale : probed.scales) scale.reported = false;
  for (const Probe& probe : probes) probed.scales.push_back(probe.scale);
  const auto instrument = std::make_shared<const Instrument>(std::move(probed));
  const ScoringPlan plan = compile(instrument, {.accept_unverified = true});
  std::vector<detail::ResponseRow> rows;
  for (const Case& one : instrument->cases.all()) rows.push_back(detail::row_of(one, plan.items()));
  const detail::WrittenCaseload written(plan.items(), rows);
  const Scores scores = score(plan, written.caseload(), {.bounds = false, .distance = false, .reasons = false});
  for (const Probe& probe : probes) {
    const ScoreColumn& values = *scores.find(probe.scale.code);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Response value = detail::result_of(values, static_cast<std::int64_t>(row));
      if (value.kind != Response::Kind::number) continue;
      const Case& one = instrument->cases.all()[row];
      if (!probe.scheme.empty() && scheme_in(one, *instrument, probe.scale_of_levels) != probe.scheme) continue;
      ++parts[probe.parts[static_cast<std::size_t>(value.number)]].cases;
    }
  }
}

}  // namespace

const char* to_string(CoveredPart::Kind kind) noexcept {
  static constexpr const char* names[] = {"option", "band", "level", "row", "cell", "reference", "condition"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<CoveredPart> coverage(const std::shared_ptr<const Instrument>& instrument) {
  detail::Probes probes = detail::probes_of(*instrument);
  Instrument gated = *instrument;
  gated.tables.insert(gated.tables.end(), probes.tables.begin(), probes.tables.end());
  Instrument ungated = *instrument;
  ungated.applies_when.clear();
  ungated.valid_when.clear();
  ungated.cautions.clear();
  count(std::move(gated), probes.gated, probes.parts);
  if (!probes.ungated.empty()) count(std::move(ungated), probes.ungated, probes.parts);
  return std::move(probes.parts);
}

}  // namespace appraise
