/// Random conditions.
#include <algorithm>

#include "reference/calendar.hpp"
#include "reference/definition_maker.hpp"

namespace appraise::testing {
namespace {

using reference::infinity;

const std::vector<std::string> orders{"at_least", "above", "at_most", "below"};

/// A date that many days from what the value can be, or a day that months do not all have.
double some_date(Random& random, const Span& span) {
  static const std::vector<std::string> edges{"2000-02-29", "2004-02-29", "1999-12-31", "2011-07-31", "2010-03-30"};
  if (std::isfinite(span.low))
    return span.low + static_cast<double>(random.below(static_cast<std::size_t>(span.high - span.low) + 1));
  return *reference::parse_date(random.pick(edges)) + (random.chance(50) ? 0 : random.between(-4000, 4000));
}

}  // namespace

Json DefinitionMaker::operand(const Known& known) {
  if (known.response.type == ValueType::category) return random_.pick(known.response.labels);
  if (known.response.type == ValueType::date) return text_of(some_date(random_, known.response.span));
  const double x = number_in(known.response);
  return x >= known.response.span.high && known.response.type == ValueType::real ? known.response.span.low : x;
}

void DefinitionMaker::compare(Json& object, const Known& known) {
  const bool may_order = known.response.type != ValueType::category || known.response.ordered;
  const int kind = random_.between(1, 100);
  std::string word = may_order && kind > 30 ? random_.pick(orders) : kind <= 15 ? "in" : "equals";
  const auto alike = [&](const Known& other) {
    return other.reference != known.reference && other.response.labels == known.response.labels &&
           (other.response.type == known.response.type || (other.response.number() && known.response.number()));
  };
  const auto side = [&]() -> Json {
    const std::optional<Known> other = random_.chance(15) ? one(alike) : std::nullopt;
    return other ? Json::object({{"value_of", other->reference}}) : operand(known);
  };
  if (word != "in") {
    object[word] = side();
    return;
  }
  object["in"] = Json::array();
  for (int i = random_.between(1, 3); i > 0; --i) object["in"].push_back(side());
}

Json DefinitionMaker::comparison(const Known& known) {
  Json object = Json::object({{"of", known.reference}});
  if (random_.chance(12)) {
    object["is_missing"] = random_.chance(50);
    return object;
  }
  compare(object, known);
  if (random_.chance(10)) compare(object, known);
  return object;
}

Json DefinitionMaker::condition(int depth) {
  const int kind = random_.between(1, 100);
  if (depth == 0 || kind <= 60) {
    const std::optional<Known> known = one([](const Known&) { return true; });
    return known ? comparison(*known) : Json::array();
  }
  if (kind <= 68) return Json::object({{"not", condition(depth - 1)}});
  Json parts = Json::array();
  for (int i = random_.between(1, 3); i > 0; --i) parts.push_back(condition(depth - 1));
  if (kind <= 80) return parts;
  return Json::object({{kind <= 90 ? "all" : "any", parts}});
}

std::vector<Json> DefinitionMaker::partition(const Known& known, std::size_t most) {
  std::vector<Json> found;
  if (known.response.type == ValueType::category) {
    for (const std::string& label : known.response.labels) {
      if (found.size() < most)
        found.push_back({{"of", known.reference}, {"in", Json::array({label})}});
      else
        found.back()["in"].push_back(label);
    }
    return found;
  }
  std::vector<Json> at;
  if (known.response.type == ValueType::date) {
    at = {operand(known)};
    if (at[0] == text_of(std::isfinite(known.response.span.low) ? known.response.span.low : 0)) return {};
  } else {
    for (const double cut : cuts(known.response, most - 1)) at.emplace_back(cut);
  }
  for (std::size_t i = 0; i <= at.size() && !at.empty(); ++i) {
    Json part = Json::object({{"of", known.reference}});
    if (i > 0) part["at_least"] = at[i - 1];
    if (i < at.size()) part["below"] = at[i];
    found.push_back(part);
  }
  return found;
}

}  // namespace appraise::testing
