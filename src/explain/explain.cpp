#include "appraise/explain.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "appraise/score.hpp"
#include "explain/person.hpp"
#include "explain/words.hpp"

namespace appraise {

namespace detail {
namespace {

/// Which reported scale is meant: the named one, else the first with levels, else the last.
const PlannedScale& find_scale(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.scales.begin(), plan.scales.end(), [&](const PlannedScale& one) {
    return name.empty() ? one.scheme != nullptr : one.name == name;
  });
  if (found != plan.scales.end()) return *found;
  if (name.empty() && !plan.scales.empty()) return plan.scales.back();
  throw UsageError("there is no reported scale '" + std::string(name) + "' in " + plan.instrument->id);
}

std::string text_in(const Scores& scores, const std::string& column, std::int64_t row = 0) {
  const ScoreColumn* found = scores.find(column);
  return found == nullptr ? std::string() : to_text(result_of(*found, row));
}

std::optional<double> number_in(const Scores& scores, const std::string& column, std::int64_t row = 0) {
  const ScoreColumn* found = scores.find(column);
  if (found == nullptr) return std::nullopt;
  const Response result = result_of(*found, row);
  return result.kind == Response::Kind::number ? std::optional(result.number) : std::nullopt;
}

std::vector<std::string> texts_in(const TextLists& lists) {
  std::vector<std::string> texts;
  for (std::int64_t i = lists.offsets[0]; i < lists.offsets[1]; ++i) {
    texts.push_back(lists.texts[static_cast<std::size_t>(lists.numbers[static_cast<std::size_t>(i)])]);
  }
  return texts;
}

/// The scale whose terms explain `planned` in this row: itself, or the first of `explained_by` that all has
/// contributions.
std::string explaining_scale(const Plan& plan, const PlannedScale& planned, const Scores& scores) {
  std::vector<std::string> candidates{planned.name};
  const auto& by = planned.scale->explained_by;
  candidates.insert(candidates.end(), by.begin(), by.end());
  for (const std::string& candidate : candidates) {
    bool any = false, all = true;
    for (const PlannedContribution& one : plan.contributions) {
      if (one.scale != candidate) continue;
      any = true;
      all = all && scores.find(one.name)->valid(0);
    }
    if (any && all) return candidate;
  }
  return candidates.size() == 1 ? planned.name : candidates.back();
}

/// The references that a term of the explaining scale reads.
std::vector<Reference> references_of(const Scale& scale, const std::string& term) {
  if (const auto* weighted = std::get_if<WeightedSum>(&scale.operation)) {
    for (const Term& one : weighted->terms) {
      if (one.name == term) return one.of;
    }
    return {};
  }
  return {term};
}

/// Whether a baseline assessment says what the term would be without the person's answers.
bool has_baseline(const Instrument& instrument, const Scale& scale, const std::vector<Reference>& references) {
  const bool sum = std::holds_alternative<Sum>(scale.operation);
  return !references.empty() && std::all_of(references.begin(), references.end(), [&](const Reference& reference) {
    const Item* item = instrument.find_item(reference);
    return item == nullptr ? sum : item->has_points() || item->baseline.kind != Response::Kind::none;
  });
}

void add_contributions(const Plan& plan, const ResponseRow& person, const Scores& scores, const Scores& baseline,
                       Explanation& out) {
  const Scale* scale = plan.instrument->find_scale(out.explained_by);
  if (scale == nullptr) return;
  for (const PlannedContribution& one : plan.contributions) {
    if (one.scale != out.explained_by) continue;
    Contribution contribution;
    contribution.term = one.term;
    contribution.label = one.term;
    const std::vector<Reference> references = references_of(*scale, one.term);
    for (const Reference& reference : references) {
      if (const Item* item = plan.instrument->find_item(reference)) {
        if (references.size() == 1) contribution.label = item->label;
        const auto response = person.find(reference);
        if (response != person.end())
          contribution.response += (contribution.response.empty() ? "" : ", ") + to_text(response->second);
      } else if (const Scale* read = plan.instrument->find_scale(reference);
                 read != nullptr && references.size() == 1) {
        contribution.label = read->label;
        const bool is_term = std::holds_alternative<Sum>(scale->operation);
        const std::string value = text_in(scores, is_term ? one.name : reference);
        if (!value.empty()) contribution.response = value + " (worked out)";
      }
    }
    contribution.value = number_in(scores, one.name).value_or(0);
    if (has_baseline(*plan.instrument, *scale, references))
      contribution.baseline = number_in(baseline, one.name).value_or(0);
    out.contributions.push_back(std::move(contribution));
  }
  for (std::size_t i = 0; i < out.contributions.size(); ++i) {
    if (out.contributions[i].value != out.contributions[i].baseline) out.ranked.push_back(i);
  }
  const auto weight = [&](std::size_t i) {
    return std::fabs(out.contributions[i].value - out.contributions[i].baseline);
  };
  std::stable_sort(out.ranked.begin(), out.ranked.end(),
                   [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
}

/// Scores every single-item variant with the same plan, and keeps for each item the smallest change up and down.
void add_changes(const ScoringPlan& plan, const PlannedScale& scale, const ResponseRow& person, double value,
                 Explanation& out) {
  const Plan& inside = plan.detail();
  const std::vector<Variant> variants = variants_of(inside, person);
  const std::string level_column = scale.scheme != nullptr ? scale.name + "_level" : scale.name;
  const std::string before = scale.scheme != nullptr ? out.level : out.value;
  if (variants.empty() || before.empty()) return;
  std::vector<ResponseRow> rows;
  for (const Variant& variant : variants) {
    rows.push_back(person);
    rows.back()[inside.items[variant.item].column] = variant.response;
  }
  const WrittenCaseload written(plan.items(), rows);
  const Scores scores =
      score(plan, written.caseload(), {.bounds = false, .distance = false, .norms = false, .reasons = false});
  std::map<std::pair<std::size_t, bool>, std::pair<double, Change>> best;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const std::string level = text_in(scores, level_column, row);
    if (level.empty() || level == before) continue;
    const std::string& item = inside.items[variants[i].item].column;
    Change change{item, to_text(person.at(item)), variants[i].shown, level,
                  number_in(scores, scale.name, row).value_or(0)};
    const double distance = std::fabs(change.value - value);
    const auto [position, added] = best.try_emplace({variants[i].item, change.value > value}, distance, change);
    if (!added && distance < position->second.first) position->second = {distance, std::move(change)};
  }
  std::vector<std::pair<double, Change>> changes;
  for (auto& [_, one] : best) changes.push_back(std::move(one));
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [_, change] : changes) out.changes.push_back(std::move(change));
}

}  // namespace
}  // namespace detail

Explanation explain(const ScoringPlan& plan, const Caseload& caseload, std::int64_t row, std::string_view scale) {
  const detail::Plan& inside = plan.detail();
  const detail::PlannedScale& planned = detail::find_scale(inside, scale);
  const Scores scores = score(plan, caseload.slice(row, 1), {.contributions = true});
  const detail::ResponseRow person = detail::responses_of(inside, caseload, row);
  const detail::WrittenCaseload at_baseline(plan.items(), {detail::baseline_of(inside, person)});

  Explanation out;
  out.scale = planned.name;
  out.label = planned.scale->label;
  out.status = detail::text_in(scores, planned.name + "_status");
  out.value = detail::text_in(scores, planned.name);
  out.level = detail::text_in(scores, planned.name + "_level");
  out.standard_level = detail::text_in(scores, planned.name + "_standard_level");
  for (const LevelBand& band : planned.scheme == nullptr ? std::vector<LevelBand>{} : planned.scheme->bands) {
    if (band.code == out.level) out.level_label = band.label;
  }
  out.lowest = detail::text_in(scores, planned.name + "_lowest");
  out.highest = detail::text_in(scores, planned.name + "_highest");
  out.lowest_level = detail::text_in(scores, planned.name + "_lowest_level");
  out.highest_level = detail::text_in(scores, planned.name + "_highest_level");
  out.reasons = detail::texts_in(scores.reasons);
  out.cautions = detail::texts_in(scores.cautions);
  out.evidence = to_string(plan.mark());
  out.explained_by = detail::explaining_scale(inside, planned, scores);
  detail::add_contributions(inside, person, scores, score(plan, at_baseline.caseload(), {.contributions = true}), out);
  detail::add_changes(plan, planned, person, detail::number_in(scores, planned.name).value_or(0), out);
  out.norms = detail::norm_sentences(*inside.instrument, scores, planned.name);
  out.paragraph = detail::paragraph_of(out, *inside.instrument);
  return out;
}

}  // namespace appraise
