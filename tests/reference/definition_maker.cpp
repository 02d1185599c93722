#include "reference/definition_maker.hpp"

#include <algorithm>

#include "reference/calendar.hpp"

namespace appraise::testing {

using reference::infinity;

DefinitionMaker::DefinitionMaker(Random& random, std::string id) : random_(random), id_(std::move(id)) {
  root_ = {{"format", 1},
           {"id", id_},
           {"edition", "1"},
           {"title", "Random instrument"},
           {"family", "random"},
           {"authors", Json::array({"made by a program"})},
           {"language", "en"},
           {"population", "random rows"},
           {"outcome", "none"},
           {"licence", "none"},
           {"training", "none"},
           {"sources", Json::object({{"program", {{"citation", "made by a program"}, {"url", nullptr}}}})},
           {"evidence", {{"mark", "derived"}, {"sources", Json::array({"program"})}, {"note", "random"}}},
           {"items", Json::array()},
           {"scales", Json::array()}};
}

void DefinitionMaker::use(const Instrument& other, DefinitionFiles files) {
  files_.merge(files);
  root_["uses"]["other"] = {{"instrument", other.id}, {"edition", other.edition}};
  for (const Scale& scale : other.scales) {
    if (!scale.reported) continue;
    Known known{"other." + scale.code, {}, {}, "", false};
    const bool ordered = !std::holds_alternative<Attribute>(scale.operation);
    const double last = static_cast<double>(scale.labels.size()) - 1;
    known.value = {scale.type, scale.type == ValueType::category ? Span{0, last} : Span{}, scale.labels, ordered};
    known.response = known.value;
    known_.push_back(known);
    if (scale.levels.empty()) continue;
    Nature level{ValueType::category, {}, {}, true};
    for (const LevelBand& band : other.find_levels(scale.levels)->bands) level.labels.push_back(band.code);
    level.span = {0, static_cast<double>(level.labels.size()) - 1};
    known_.push_back({known.reference + ".level", level, level, "", false});
  }
}

DefinitionFiles DefinitionMaker::make() {
  if (random_.chance(45)) add_code_list();
  const int items = random_.between(1, random_.chance(20) ? 15 : 8);
  const int scales = random_.between(1, random_.chance(30) ? 15 : 8);
  for (int i = 0; i < items; ++i) add_item();
  for (int i = 0; i < scales; ++i) {
    add_scale();
    if (random_.chance(10)) add_item();
  }
  if (random_.chance(40)) add_chain();
  add_rules_of_use();
  files_[id_ + "/1/instrument.json"] = root_.dump(1);
  return std::move(files_);
}

DefinitionFiles DefinitionMaker::make_additive() {
  const int items = random_.between(2, random_.chance(20) ? 120 : 12);
  for (int i = 0; i < items; ++i) add_additive_item();
  for (int i = random_.between(1, 6); i > 0; --i) add_additive_scale();
  add_additive_rules_of_use();
  files_[id_ + "/1/instrument.json"] = root_.dump(1);
  return std::move(files_);
}

void DefinitionMaker::add_additive_rules_of_use() {
  for (const char* list : {"applies_when", "valid_when"}) {
    for (int i = random_.chance(40) ? random_.between(1, 2) : 0; i > 0; --i) {
      const std::optional<Known> of = one([](const Known& known) { return known.item; });
      Json rule = {{"code", next_code("u")}, {"reason", "random"}, {"require", comparison(*of)}};
      if (std::string(list) == "applies_when" && random_.chance(30)) rule["if_unknown"] = "applies";
      root_[list].push_back(rule);
    }
  }
}

void DefinitionMaker::add_code_list() {
  Json list = {{"format", 1},
               {"id", "codes"},
               {"title", "Codes"},
               {"source", "random"},
               {"attributes", Json::object()},
               {"codes", Json::object()}};
  const std::vector<std::string> labels{"low", "middle", "high", "a-b"};
  list["attributes"]["group"] = random_.some(labels, static_cast<std::size_t>(random_.between(2, 4)));
  list["attributes"]["kind"] = {"x", "y"};
  const auto groups = list["attributes"]["group"].get<std::vector<std::string>>();
  const std::vector<std::string> kinds{"x", "y"};
  for (const char* code : {"001", "002", "10.5", "A1", "B-2", "zz"})
    list["codes"][code] = {random_.pick(groups), random_.pick(kinds)};
  const std::string text = list.dump(1);
  files_[id_ + "/lists/codes.json"] = text;
  root_["code_lists"]["codes"] = {{"file", "codes"}, {"sha256", sha256(canonical_json(text))}};
}

void DefinitionMaker::add_rules_of_use() {
  for (const char* list : {"applies_when", "valid_when", "cautions"}) {
    const int count = random_.chance(25) ? random_.between(1, 2) : 0;
    for (int i = 0; i < count; ++i) {
      Json rule = {{"code", next_code("u")}, {"reason", "random"}};
      rule[std::string(list) == "cautions" ? "when" : "require"] = condition(1);
      if (std::string(list) == "applies_when" && random_.chance(30)) rule["if_unknown"] = "applies";
      root_[list].push_back(rule);
    }
  }
}

std::string DefinitionMaker::next_code(const char* letter) { return letter + std::to_string(++codes_); }

std::vector<Known> DefinitionMaker::all(const Wanted& wanted) const {
  std::vector<Known> found;
  std::copy_if(known_.begin(), known_.end(), std::back_inserter(found),
               [&](const Known& known) { return known.list.empty() && wanted(known); });
  return found;
}

std::vector<Known> DefinitionMaker::some(const Wanted& wanted, std::size_t least, std::size_t most) {
  std::vector<Known> found = all(wanted);
  if (found.size() < least) return {};
  return random_.some(found, least + random_.below(most - least + 1));
}

std::vector<Known> DefinitionMaker::numbers(std::size_t least, std::size_t most) {
  const bool whole_only = random_.chance(50);
  return some(
      [&](const Known& known) { return whole_only ? known.value.type == ValueType::whole : known.value.number(); },
      least, most);
}

std::optional<Known> DefinitionMaker::one(const Wanted& wanted) {
  const std::vector<Known> found = some(wanted, 1, 1);
  return found.empty() ? std::nullopt : std::optional(found[0]);
}

double DefinitionMaker::number_in(const Nature& nature) {
  const double low = std::isfinite(nature.span.low)    ? nature.span.low
                     : std::isfinite(nature.span.high) ? nature.span.high - 20
                                                       : -5;
  const double high = std::isfinite(nature.span.high) ? nature.span.high : low + 20;
  const double x = low + random_.unit() * (high - low);
  if (nature.type != ValueType::real) return std::floor(low + random_.unit() * (high - low + 1));
  return random_.chance(50) ? std::floor(x) : random_.chance(50) ? std::floor(x * 4) / 4 : std::floor(x * 100) / 100;
}

double DefinitionMaker::points(bool whole) {
  if (whole) return random_.chance(3) ? random_.between(-1000000, 1000000) : random_.between(-3, 6);
  return random_.chance(30) ? random_.between(-9, 9) / 4.0 : random_.between(-900, 900) / 100.0;
}

std::string DefinitionMaker::text_of(double date) { return reference::date_text(date); }

std::vector<double> DefinitionMaker::cuts(const Nature& nature, std::size_t most) {
  std::vector<double> found;
  for (std::size_t i = 0; i < most; ++i)
    if (const double x = number_in(nature); x > nature.span.low && x < nature.span.high) found.push_back(x);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Json> DefinitionMaker::tiles(const std::vector<double>& cuts, const Nature& nature, bool open) {
  const bool closed = nature.type == ValueType::whole && random_.chance(50);
  const auto end = [&](double x) { return std::isinf(x) || open ? Json(nullptr) : Json(x); };
  std::vector<Json> found;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    Json tile;
    tile["from"] = i == 0 ? end(nature.span.low) : Json(cuts[i - 1]);
    const bool last = i == cuts.size();
    if (closed)
      tile["to"] = last ? end(nature.span.high) : Json(cuts[i] - 1);
    else if (nature.type == ValueType::whole)
      tile["below"] = last ? end(nature.span.high + 1) : Json(cuts[i]);
    else
      tile["below"] = last ? end(nature.span.high) : Json(cuts[i]);
    found.push_back(tile);
  }
  return found;
}

}  // namespace appraise::testing
