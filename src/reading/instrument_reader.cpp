#include "reading/codes.hpp"
#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

/// A rule of use; `condition` is the name of its field, and only rules of applicability may be passed over if unknown.
UseRule read_rule(const Node& node, std::string_view condition, bool may_be_unknown) {
  UseRule rule;
  rule.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    rule.code = object.required("code", read_code);
    rule.reason = object.required("reason", read_text);
    rule.condition = object.required(condition, read_condition);
    if (!may_be_unknown) return object.refuse("if_unknown", "if_unknown only on the rules of applies_when");
    const auto applies = [](const Node& word) { return read_word<bool>(word, {{"applies", true}}); };
    rule.applies_if_unknown = object.optional("if_unknown", applies).value_or(false);
  });
  return rule;
}

auto rules(std::string_view condition, bool may_be_unknown) {
  return list_of([=](const Node& node) { return read_rule(node, condition, may_be_unknown); }, Least::none);
}

void read_about(ObjectReader& object, Instrument& instrument) {
  read_format(object);
  if (const auto sources = object.demand("sources")) instrument.sources = read_sources(*sources);
  instrument.id = object.required("id", read_id);
  instrument.edition = object.required("edition", read_text);
  instrument.title = object.required("title", read_text);
  instrument.family = object.required("family", read_text);
  instrument.authors = object.required("authors", list_of(read_text));
  instrument.language = object.required("language", read_text);
  instrument.population = object.required("population", read_text);
  instrument.outcome = object.required("outcome", read_text);
  instrument.licence = object.required("licence", read_text);
  instrument.training = object.required("training", read_text);
  instrument.notice = object.optional("notice", read_text).value_or("");
  instrument.evidence = object.required("evidence", read_evidence);
}

void read_uses(const Node& node, Instrument& instrument, const Links& links) {
  read_names(node, is_code, code_form, [&](const std::string& alias, const Node& value) {
    Use use{alias, {}, {}, nullptr, value.place()};
    const std::size_t before = value.reading.faults.size();
    read_object(value, [&](ObjectReader& object) {
      use.instrument = object.required("instrument", read_id);
      use.edition = object.required("edition", read_text);
    });
    if (value.reading.faults.size() == before) use.definition = links.use(value, use);
    instrument.uses.push_back(std::move(use));
  });
}

void read_reassessment(const Node& node, Instrument& instrument) {
  constexpr double most_months = 1200;
  read_object(node, [&](ObjectReader& object) {
    const auto months = object.demand("interval_months");
    if (months && !months->value.is(JsonValue::Kind::null)) {
      instrument.reassess_months = static_cast<int>(read_whole(*months, 1, most_months));
    }
    instrument.reassess_events = object.required("events", list_of(read_text, Least::none));
    instrument.reassess_evidence = object.required("evidence", read_evidence);
  });
}

}  // namespace

Instrument read_instrument(const Node& node, const Links& links) {
  Instrument instrument;
  instrument.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    read_about(object, instrument);
    if (const auto uses = object.find("uses")) read_uses(*uses, instrument, links);
    if (const auto lists = object.find("code_lists")) {
      read_names(*lists, is_code, code_form, [&](const std::string& name, const Node& list) {
        instrument.code_lists.emplace(name, links.list(list));
      });
    }
    instrument.applies_when = object.optional("applies_when", rules("require", true)).value_or(std::vector<UseRule>{});
    instrument.valid_when = object.optional("valid_when", rules("require", false)).value_or(std::vector<UseRule>{});
    instrument.cautions = object.optional("cautions", rules("when", false)).value_or(std::vector<UseRule>{});
    instrument.items = object.required("items", list_of(read_item, Least::none));
    instrument.scales = object.required("scales", list_of(read_scale));
    if (const auto levels = object.find("levels")) instrument.levels = read_levels(*levels);
    if (const auto tables = object.find("tables")) instrument.tables = read_tables(*tables);
    if (const auto again = object.find("reassessment")) read_reassessment(*again, instrument);
  });
  return instrument;
}

}  // namespace appraise::detail::reading
