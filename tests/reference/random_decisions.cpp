/// Random scales that decide: look-ups, decision tables, choices; and what hangs on a scale: levels and norms.
#include <algorithm>

#include "reference/definition_maker.hpp"

namespace appraise::testing {
namespace {

using reference::infinity;

const std::vector<std::string> some_labels{"A", "B", "C", "lower-risk", "higher-risk"};

bool is_category(const Known& known) { return known.response.type == ValueType::category; }

void include(Span& span, double x) { span = {std::min(span.low, x), std::max(span.high, x)}; }

Nature category(const std::vector<std::string>& labels) {
  return {ValueType::category, {0, static_cast<double>(labels.size()) - 1}, labels, true};
}

}  // namespace

bool DefinitionMaker::lookup_bands(Json& scale, Known& known) {
  const std::optional<Known> of = one([](const Known& each) { return each.response.number(); });
  if (!of) return false;
  const bool whole = random_.chance(60);
  known.value = {whole ? ValueType::whole : ValueType::real, {infinity, -infinity}, {}, false};
  scale["lookup"] = {{"of", of->reference}, {"bands", Json::array()}};
  for (Json& band : tiles(cuts(of->response, 4), of->response, random_.chance(50))) {
    band["value"] = points(whole);
    include(known.value.span, band["value"]);
    scale["lookup"]["bands"].push_back(band);
  }
  return true;
}

bool DefinitionMaker::lookup_table(Json& scale, Known& known) {
  const std::vector<Known> of = some(is_category, 1, 2);
  if (of.empty()) return false;
  const std::string name = next_code("table");
  const bool not_public = random_.chance(25);
  const bool with_labels = random_.chance(40);
  const bool whole = random_.chance(60);
  const std::vector<std::string> values = random_.some(some_labels, static_cast<std::size_t>(random_.between(2, 4)));
  known.value =
      with_labels ? category(values)
                  : Nature{whole && !not_public ? ValueType::whole : ValueType::real, {infinity, -infinity}, {}, false};

  const auto cell = [&]() -> Json {
    if (not_public) return nullptr;
    if (with_labels) return random_.pick(values);
    const double x = points(whole);
    include(known.value.span, x);
    return x;
  };
  Json table = {{"edition", "1"}, {"evidence", root_["evidence"]}, {"keys", Json::array()}, {"values", nullptr}};
  if (not_public) table["evidence"]["mark"] = "structure_only";
  if (with_labels) table["values"] = values;
  for (const Known& each : of) table["keys"].push_back(random_.some(each.response.labels, each.response.labels.size()));
  table["cells"] = Json::array();
  for (std::size_t row = 0; row < table["keys"][0].size(); ++row) {
    Json cells = Json::array();
    for (std::size_t column = 0; of.size() == 2 && column < table["keys"][1].size(); ++column) cells.push_back(cell());
    table["cells"].push_back(of.size() == 2 ? cells : cell());
  }
  root_["tables"][name] = table;
  scale["lookup"] = {{"of", of[0].reference}, {"table", name}};
  if (of.size() == 2) scale["lookup"]["of"] = {of[0].reference, of[1].reference};
  if (not_public && !with_labels) known.value.span = {};
  return true;
}

std::vector<Json> DefinitionMaker::decision_rows() {
  const std::vector<Known> by = some([](const Known&) { return true; }, 1, 2);
  if (by.empty()) return {};
  std::vector<Json> rows;
  const std::vector<Json> first = partition(by[0], 3);
  const std::vector<Json> second = by.size() == 2 ? partition(by[1], 2) : std::vector<Json>{};
  for (const Json& one : first) {
    if (second.empty()) rows.push_back(Json::object({{"when", one}}));
    for (const Json& other : second) rows.push_back(Json::object({{"when", Json::array({one, other})}}));
  }
  return rows;
}

bool DefinitionMaker::rules(Json& scale, Known& known) {
  std::vector<Json> rows = decision_rows();
  if (rows.empty()) return false;
  const bool with_labels = random_.chance(60);
  const bool whole = random_.chance(60);
  const std::vector<std::string> values = random_.some(some_labels, static_cast<std::size_t>(random_.between(2, 4)));
  known.value = with_labels ? category(values)
                            : Nature{whole ? ValueType::whole : ValueType::real, {infinity, -infinity}, {}, false};
  const auto result = [&]() -> Json {
    if (with_labels) return random_.pick(values);
    const double x = points(whole);
    include(known.value.span, x);
    return x;
  };
  Json table;
  if (with_labels) table["values"] = values;
  table["hit"] = random_.chance(60) ? "unique" : "first";
  const bool with_otherwise = rows.size() > 1 && random_.chance(70);
  if (with_otherwise) rows.pop_back();
  const bool first_is_free = with_otherwise && table["hit"] == "first" && random_.chance(50);
  if (first_is_free) rows.insert(rows.begin(), Json::object({{"when", condition(1)}}));
  for (Json& row : rows) {
    row["then"] = result();
    table["rows"].push_back(row);
  }
  if (with_otherwise) table["otherwise"] = result();
  scale["rules"] = table;
  return true;
}

std::vector<Known> DefinitionMaker::alike(std::size_t least, std::size_t most, Nature& together) {
  const std::optional<Known> first = one([](const Known&) { return true; });
  if (!first) return {};
  const bool whole_only = random_.chance(50);
  const std::vector<Known> of = some(
      [&](const Known& known) {
        if (first->value.number()) return known.value.number() && (!whole_only || known.value.type == ValueType::whole);
        return known.value.type == first->value.type && known.value.labels == first->value.labels;
      },
      least, most);
  if (of.empty()) return {};
  together = of[0].value;
  for (const Known& known : of) {
    if (known.value.type == ValueType::real) together.type = ValueType::real;
    together.ordered = together.ordered && known.value.ordered;
    include(together.span, known.value.span.low);
    include(together.span, known.value.span.high);
  }
  return of;
}

bool DefinitionMaker::choose(Json& scale, Known& known) {
  const std::vector<Known> of = alike(1, 4, known.value);
  if (of.empty()) return false;
  Json rows = Json::array();
  for (const Known& each : of) rows.push_back({{"when", condition(1)}, {"take", each.reference}});
  Json otherwise = random_.pick(of).reference;
  if (known.value.number() && random_.chance(40)) {
    const double x = points(known.value.type == ValueType::whole);
    include(known.value.span, x);
    otherwise = x;
  }
  scale["choose"] = {{"rows", rows}, {"otherwise", otherwise}};
  return true;
}

bool DefinitionMaker::first_available(Json& scale, Known& known) {
  const std::vector<Known> of = alike(2, 4, known.value);
  if (of.empty()) return false;
  Json list = Json::array();
  for (const Known& each : of) list.push_back(each.reference);
  scale["first_available"] = {{"of", list}, {"flag", random_.chance(60)}};
  return true;
}

void DefinitionMaker::add_levels(Json& scale, Known& known) {
  static const std::vector<std::string> standards{"I", "II", "III", "IVa", "IVb", "V"};
  const int schemes = random_.chance(30) ? 2 : 1;
  for (int i = 0; i < schemes; ++i) {
    const std::string name = next_code("levels");
    const bool with_standard = random_.chance(50);
    Json scheme = {{"edition", "1"}, {"of", known.reference}, {"status", "current"}, {"evidence", root_["evidence"]}};
    Nature level{ValueType::category, {0, -1}, {}, true};
    std::size_t number = 0;
    for (Json& band : tiles(cuts(known.value, static_cast<std::size_t>(random_.between(1, 4))), known.value, true)) {
      level.labels.push_back("L" + std::to_string(number));
      band["code"] = level.labels.back();
      band["label"] = "level " + level.labels.back();
      if (with_standard) band["standard"] = standards[number];
      scheme["bands"].push_back(band);
      ++number;
    }
    root_["levels"][name] = scheme;
    if (i > 0) continue;
    level.span = {0, static_cast<double>(number) - 1};
    scale["levels"] = name;
    known_.push_back({known.reference + ".level", level, level, "", false});
  }
}

/// Scores that the scale can certainly reach.
std::vector<double> DefinitionMaker::scores_of(const Json& scale, const Known& known) {
  if (scale.contains("count")) return cuts(known.value, 5);
  const bool ends =
      scale.contains("sum") && std::isfinite(known.value.span.low) && std::isfinite(known.value.span.high);
  if (!ends) return {};
  return known.value.span.low == known.value.span.high
             ? std::vector<double>{known.value.span.low}
             : std::vector<double>{known.value.span.low, known.value.span.high};
}

void DefinitionMaker::add_norms(const Json& scale, const Known& known) {
  const std::string name = next_code("n");
  Json norms = {{"format", 1}, {"id", name}, {"edition", "1"}, {"title", "Random norms"}};
  norms["for"] = {{"instrument", id_}, {"editions", Json::array({"1"})}, {"scale", known.reference}};
  norms["sample"] = {{"name", "nobody"}, {"country", nullptr}, {"n", 100}, {"samples", nullptr}};
  norms["outcome"] = "none";
  norms["follow_up_years"] = 5;
  norms["sources"] = Json::object();
  norms["evidence"] = {{"mark", "derived"}, {"note", "random"}};
  norms["rate_unit"] = random_.chance(50) ? "percent" : "proportion";
  norms["interval_level"] = 0.95;
  const std::vector<double> scores = scores_of(scale, known);
  if (scores.empty() || random_.chance(30)) {
    norms["logistic"] = {{"centre", random_.between(-3, 3)},
                         {"intercept", random_.between(-300, 300) / 100.0},
                         {"slope", random_.between(1, 90) / 100.0}};
  } else {
    norms["rows"] = Json::array();
    const double share = norms["rate_unit"] == "percent" ? 100 : 1;
    for (const double score : scores) {
      const double rate = static_cast<double>(random_.between(5, 90)) / 100;
      Json row = {{"score", score}, {"rate", rate * share}};
      if (random_.chance(60)) row["interval"] = {rate * share * 0.9, rate * share * 1.1};
      if (random_.chance(60)) row["risk_ratio"] = static_cast<double>(random_.between(1, 900)) / 100;
      norms["rows"].push_back(row);
    }
  }
  files_[id_ + "/norms/" + name + ".json"] = norms.dump(1);
}

}  // namespace appraise::testing
