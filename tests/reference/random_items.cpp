/// Random items.
#include <algorithm>

#include "reference/calendar.hpp"
#include "reference/definition_maker.hpp"

namespace appraise::testing {
namespace {

using reference::infinity;

void include(Span& span, double x) { span = {std::min(span.low, x), std::max(span.high, x)}; }

}  // namespace

void DefinitionMaker::add_item() {
  Known known;
  known.item = true;
  known.reference = next_code("i");
  Json item = {{"code", known.reference}, {"label", "item " + known.reference}};
  const int kind = random_.between(1, 100);
  if (kind <= 30)
    add_choice(item, known);
  else if (kind <= 50)
    add_yes_no(item, known);
  else if (kind <= 70)
    add_number(item, known, true);
  else if (kind <= 83)
    add_number(item, known, false);
  else if (kind <= 91 || !root_.contains("code_lists"))
    add_date(item, known);
  else
    item["kind"] = "code", item["list"] = "codes", known.list = "codes";
  if (known.list.empty() && random_.chance(15))
    item["if_missing"] = operand({known.reference, {}, known.response, "", true});
  if (random_.chance(20)) item["optional"] = true;
  const bool has_points = item.contains("bands") || item.contains("points") ||
                          (item.contains("options") && item["options"][0].contains("points"));
  if (!has_points) known.value = known.response;
  if (has_points && !known_.empty() && random_.chance(25)) add_applicability(item, known);
  root_["items"].push_back(item);
  known_.push_back(known);
}

void DefinitionMaker::add_additive_item() {
  Known known;
  known.item = true;
  known.reference = next_code("i");
  Json item = {{"code", known.reference}, {"label", "item " + known.reference}};
  const int way = random_.between(1, 4);
  if (way == 1) {
    item["kind"] = "yes_no";
    item["points"] = {{"no", 0}, {"yes", random_.between(-2, 3)}};
    known.response = {ValueType::category, {0, 1}, {"no", "yes"}, false};
  } else if (way == 2) {
    item["kind"] = random_.chance(50) ? "count" : "number";
    known.response = {item["kind"] == "count" ? ValueType::whole : ValueType::real, {0, infinity}, {}, false};
    const int first = random_.between(1, 4), second = first + random_.between(1, 90);
    item["range"] = {{"from", 0}, {"to", nullptr}};
    item["bands"] = {{{"from", 0}, {"below", first}, {"points", 0}},
                     {{"from", first}, {"below", second}, {"points", random_.between(-3, 3)}},
                     {{"from", second}, {"to", nullptr}, {"points", random_.between(-3, 5)}}};
  } else {
    item["kind"] = "choice";
    known.response.type = ValueType::category;
    const int first = random_.chance(60) ? 0 : random_.between(-3, 3), count = random_.between(2, 5);
    for (int i = 0; i < count; ++i) {
      const std::string code(1, static_cast<char>('a' + i));
      item["options"].push_back({{"code", code}, {"value", first + i}, {"label", code}, {"points", points(false)}});
      item["options"].back()["points"] = random_.between(-3, 4);
      known.response.labels.push_back(code);
    }
    known.response.span = {0, count - 1.0};
  }
  known.value = {ValueType::whole, {-3, 5}, {}, false};
  if (random_.chance(15)) item["optional"] = true;
  if (random_.chance(15)) item["if_missing"] = operand({known.reference, {}, known.response, "", true});
  if (!known_.empty() && random_.chance(15)) {
    const std::optional<Known> of = one([](const Known& each) { return each.item; });
    item["applies_when"] = comparison(*of);
    item["points_if_not_applicable"] = random_.between(-1, 2);
  }
  root_["items"].push_back(item);
  known_.push_back(known);
}

void DefinitionMaker::add_choice(Json& item, Known& known) {
  const int count = random_.between(2, 5);
  const int step = random_.between(1, 3);
  const int first = random_.chance(70) ? 0 : random_.between(-3, 3);
  const bool as_values = random_.chance(20);
  const bool scored = random_.chance(75);
  const bool whole = random_.chance(75);
  known.value = {whole ? ValueType::whole : ValueType::real, {infinity, -infinity}, {}, false};
  item["kind"] = "choice";
  for (int i = 0; i < count; ++i) {
    const int value = first + i * step;
    const std::string code =
        as_values && value >= 0 ? std::to_string(value) : std::string(1, static_cast<char>('a' + i));
    Json option = {{"code", code}, {"value", value}, {"label", "option " + code}};
    const double x = points(whole);
    if (scored) option["points"] = x;
    include(known.value.span, x);
    known.response.labels.push_back(code);
    item["options"].push_back(option);
  }
  known.response.type = ValueType::category;
  known.response.span = {0, count - 1.0};
}

void DefinitionMaker::add_yes_no(Json& item, Known& known) {
  item["kind"] = "yes_no";
  known.response = {ValueType::category, {0, 1}, {"no", "yes"}, false};
  if (random_.chance(30)) return;
  const bool whole = random_.chance(75);
  const double no = random_.chance(70) ? 0 : points(whole);
  const double yes = points(whole);
  item["points"] = {{"no", no}, {"yes", yes}};
  known.value = {whole ? ValueType::whole : ValueType::real, {std::min(no, yes), std::max(no, yes)}, {}, false};
}

void DefinitionMaker::add_number(Json& item, Known& known, bool whole) {
  item["kind"] = whole ? "count" : "number";
  known.response.type = whole ? ValueType::whole : ValueType::real;
  const double low = random_.chance(60) ? 0 : random_.between(-20, 20);
  known.response.span = {random_.chance(85) ? low : -infinity,
                         random_.chance(65) ? low + random_.between(3, 90) : infinity};
  item["range"] = tiles({}, known.response, false)[0];
  if (random_.chance(50)) return;
  const bool whole_points = random_.chance(75);
  known.value = {whole_points ? ValueType::whole : ValueType::real, {infinity, -infinity}, {}, false};
  for (Json& band : tiles(cuts(known.response, 4), known.response, false)) {
    band["points"] = points(whole_points);
    include(known.value.span, band["points"]);
    item["bands"].push_back(band);
  }
}

void DefinitionMaker::add_date(Json& item, Known& known) {
  item["kind"] = "date";
  known.response.type = ValueType::date;
  known.response.span = {-infinity, infinity};
  if (random_.chance(50)) return;
  const double low =
      *reference::parse_date(random_.chance(50) ? "1996-02-29" : "2001-01-31") + random_.between(-800, 800);
  const double high = low + random_.between(300, 12000);
  const bool closed = random_.chance(50);
  known.response.span = {low, high};
  item["range"]["from"] = text_of(low);
  item["range"][closed ? "to" : "below"] = text_of(closed ? high : high + 1);
}

void DefinitionMaker::add_applicability(Json& item, Known& known) {
  const double x = random_.chance(60) ? known.value.span.low : points(known.value.type == ValueType::whole);
  item["applies_when"] = condition(1);
  item["points_if_not_applicable"] = x;
  include(known.value.span, x);
}

}  // namespace appraise::testing
