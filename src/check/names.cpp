#include "check/names.hpp"

#include <map>

#include "reading/faults.hpp"

namespace appraise::detail {
namespace {

constexpr std::string_view level_suffix = ".level";
}  // namespace

Names::Names(const Instrument& instrument) : instrument_(&instrument) {
  for (std::size_t i = 0; i < instrument.items.size(); ++i) nodes_.emplace(instrument.items[i].code, i);
  for (std::size_t i = 0; i < instrument.scales.size(); ++i)
    nodes_.emplace(instrument.scales[i].code, instrument.items.size() + i);
  for (const LevelScheme& scheme : instrument.levels) levels_.emplace(scheme.name, &scheme);
  for (const Table& table : instrument.tables) tables_.emplace(table.name, &table);
  std::map<const Instrument*, std::shared_ptr<const Names>> read;
  for (const Use& use : instrument.uses) {
    auto& names = read[use.definition.get()];
    if (use.definition && !names) names = std::make_shared<const Names>(*use.definition);
    uses_.emplace(use.alias, names);
  }
}

Referent Names::find(std::string_view reference) const {
  const auto dot = reference.find('.');
  const auto use = dot == std::string_view::npos ? uses_.end() : uses_.find(reference.substr(0, dot));
  if (use == uses_.end()) return local(reference);
  if (!use->second) return {.kind = Referent::Kind::unavailable};
  Referent found = use->second->local(reference.substr(dot + 1));
  found.node = Referent::no_node;
  if (found.kind == Referent::Kind::item) return {};
  if (found.scale != nullptr && !found.scale->reported) found.kind = Referent::Kind::not_reported;
  return found;
}

Referent Names::local(std::string_view reference) const {
  const bool level = reference.ends_with(level_suffix);
  const auto found = nodes_.find(level ? reference.substr(0, reference.size() - level_suffix.size()) : reference);
  if (found == nodes_.end()) return {};
  Referent result{.kind = Referent::Kind::item, .owner = instrument_, .node = found->second};
  if (found->second < instrument_->items.size()) {
    result.item = &instrument_->items[found->second];
    if (level) result.kind = Referent::Kind::no_levels;
    return result;
  }
  result.kind = Referent::Kind::scale;
  result.scale = &instrument_->scales[found->second - instrument_->items.size()];
  if (level) {
    result.scheme = levels(result.scale->levels);
    result.kind = result.scheme != nullptr ? Referent::Kind::level : Referent::Kind::no_levels;
  }
  return result;
}

std::string Names::suggestion(std::string_view reference) const {
  const std::string_view suffix = reference.ends_with(level_suffix) ? level_suffix : std::string_view{};
  const std::string_view name = reference.substr(0, reference.size() - suffix.size());
  std::vector<std::string> used;
  for (const Use& use : instrument_->uses) {
    if (!use.definition || name.find('.') == std::string_view::npos) continue;
    for (const Scale& scale : use.definition->scales)
      if (scale.reported) used.push_back(use.alias + "." + scale.code);
  }
  std::vector<std::string_view> candidates(used.begin(), used.end());
  for (std::size_t node = 0; node < nodes(); ++node) candidates.emplace_back(node_code(node));
  std::erase_if(candidates, [&](std::string_view each) { return each.size() > 2 * name.size(); });
  const std::string_view near = reading::nearest(name, candidates);
  return near.empty() ? std::string()
                      : "; did you mean " + reading::in_quotes(std::string(near) + std::string(suffix)) + "?";
}

const LevelScheme* Names::levels(std::string_view name) const {
  const auto found = levels_.find(name);
  return found == levels_.end() ? nullptr : found->second;
}

const Table* Names::table(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

const std::string& Names::node_code(std::size_t node) const {
  const std::size_t items = instrument_->items.size();
  return node < items ? instrument_->items[node].code : instrument_->scales[node - items].code;
}

}  // namespace appraise::detail
