#include "check/names.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace appraise::detail {
namespace {

constexpr std::string_view level_suffix = ".level";
constexpr std::size_t longest_compared = 64;

/// How many single-letter changes lead from one text to the other.
std::size_t changes(std::string_view a, std::string_view b) {
  a = a.substr(0, longest_compared);
  b = b.substr(0, longest_compared);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

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
  std::string nearest;
  std::size_t distance = std::max<std::size_t>(2, reference.size() / 3) + 1;
  const auto consider = [&](std::string name) {
    const std::size_t found = changes(reference, name);
    if (found >= distance) return;
    distance = found;
    nearest = std::move(name);
  };
  const std::string_view suffix = reference.ends_with(level_suffix) ? level_suffix : std::string_view{};
  for (std::size_t node = 0; node < nodes(); ++node) consider(node_code(node) + std::string(suffix));
  for (const Use& use : instrument_->uses) {
    if (!use.definition || reference.find('.') == std::string_view::npos) continue;
    for (const Scale& scale : use.definition->scales)
      if (scale.reported) consider(use.alias + "." + scale.code + std::string(suffix));
  }
  return nearest.empty() ? std::string() : "; did you mean \"" + nearest + "\"?";
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
