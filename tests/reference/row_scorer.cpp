#include "reference/row_scorer.hpp"

#include <iterator>

namespace appraise::reference {
namespace {

/// "a.b.c" -> "a", "b.c"; the second part is empty if there is no dot.
std::pair<std::string, std::string> split(const Reference& reference) {
  const std::size_t dot = reference.find('.');
  if (dot == std::string::npos) return {reference, ""};
  return {reference.substr(0, dot), reference.substr(dot + 1)};
}

std::vector<std::string> codes(const std::vector<Option>& options) {
  std::vector<std::string> result;
  for (const Option& option : options) result.push_back(option.code);
  return result;
}

std::vector<std::string> codes(const std::vector<LevelBand>& bands) {
  std::vector<std::string> result;
  for (const LevelBand& band : bands) result.push_back(band.code);
  return result;
}

}  // namespace

RowScorer::RowScorer(const Instrument& instrument, std::string prefix, const Row& row)
    : instrument_(instrument), prefix_(std::move(prefix)), row_(row) {
  for (const Use& use : instrument.uses)
    used_[use.alias] = std::make_unique<RowScorer>(*use.definition, prefix_ + use.alias + ".", row);
}

const Value& RowScorer::read(const Reference& reference) { return find(reference, false); }

const Value& RowScorer::respond(const Reference& reference) { return find(reference, true); }

const Value& RowScorer::find(const Reference& reference, bool as_response) {
  const auto [first, rest] = split(reference);
  if (const auto other = used_.find(first); other != used_.end()) {
    const Value& inside = other->second->find(rest, as_response);
    if (other->second->instrument_.find_item(rest) != nullptr) return inside;
    Value& value = gated_[reference];
    value = inside;
    value.flags.join(other->second->gate());
    return value;
  }
  if (rest == "level") return own_level(first);
  const Item* const found = instrument_.find_item(first);
  if (found == nullptr) return scale(first);
  const Scored& scored = item(*found);
  return as_response || !found->has_points() ? scored.response : scored.points;
}

const RowScorer::Scored& RowScorer::item(const Item& item) {
  const auto known = items_.find(item.code);
  return known != items_.end() ? known->second : items_[item.code] = score_item(item);
}

const Value& RowScorer::scale(const std::string& code) {
  const auto known = scales_.find(code);
  return known != scales_.end() ? known->second : scales_[code] = work_out(*instrument_.find_scale(code));
}

const Value& RowScorer::own_level(const std::string& code) {
  const auto known = levels_.find(code);
  if (known != levels_.end()) return known->second;
  const Scale& of = *instrument_.find_scale(code);
  return levels_[code] = level(of, *instrument_.find_levels(of.levels), scale(code));
}

Value RowScorer::level(const Scale& scale, const LevelScheme& scheme, const Value& value) const {
  const double last = static_cast<double>(scheme.bands.size()) - 1;
  const auto position = [&](double x, double otherwise) {
    for (std::size_t i = 0; i < scheme.bands.size(); ++i)
      if (scheme.bands[i].interval.holds(x)) return static_cast<double>(i);
    return otherwise;
  };
  Value result;
  result.flags = value.flags;
  if (value.flags.usable()) {
    result.number = position(value.number, -1);
    if (result.number < 0) result.flags.invalid.insert("undefined: " + named(scale.code) + ".level");
  }
  result.span = {position(value.span.low, 0), position(value.span.high, last)};
  return result;
}

std::vector<std::string> RowScorer::labels(const Reference& reference) const {
  const auto [first, rest] = split(reference);
  if (const auto other = used_.find(first); other != used_.end()) return other->second->labels(rest);
  if (const Item* const found = instrument_.find_item(first)) return codes(found->options);
  const Scale& of = *instrument_.find_scale(first);
  return rest == "level" ? codes(instrument_.find_levels(of.levels)->bands) : of.labels;
}

std::pair<double, double> RowScorer::attribute(const Reference& item, const std::string& name, double code) const {
  const auto [first, rest] = split(item);
  if (const auto other = used_.find(first); other != used_.end()) return other->second->attribute(rest, name, code);
  const CodeList& list = instrument_.code_lists.at(instrument_.find_item(first)->list);
  std::size_t number = 0;
  while (list.attributes[number].name != name) ++number;
  const auto& entry = *std::next(list.codes.begin(), static_cast<std::ptrdiff_t>(code));
  return {entry.second[number], static_cast<double>(list.attributes[number].labels.size())};
}

const Flags& RowScorer::gate() {
  if (gate_ == nullptr) gate_ = std::make_unique<Flags>(work_out_gate());
  return *gate_;
}

Flags RowScorer::work_out_gate() {
  Flags flags;
  for (const UseRule& rule : instrument_.applies_when) {
    const Truth holds = truth(rule.condition);
    if (holds.verdict == Verdict::no) flags.not_applicable.insert("does not apply: " + named(rule.code));
    if (holds.verdict != Verdict::unknown) continue;
    flags.invalid.insert(holds.flags.invalid.begin(), holds.flags.invalid.end());
    if (rule.applies_if_unknown) continue;
    flags.join_obstacles(holds.flags);
    flags.missing.insert("undecided: " + named(rule.code));
  }
  for (const UseRule& rule : instrument_.valid_when) {
    const Truth holds = truth(rule.condition);
    if (holds.verdict == Verdict::no) flags.invalid.insert("contradiction: " + named(rule.code));
    if (holds.verdict == Verdict::unknown) flags.invalid.insert(holds.flags.invalid.begin(), holds.flags.invalid.end());
  }
  return flags;
}

}  // namespace appraise::reference
