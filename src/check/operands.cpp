// Whether references stand for something, and for values of the types needed where they are read.

#include "check/types.hpp"

namespace appraise::detail {
namespace {

/// Names compared for suggestions, since each suggestion looks at every name.
constexpr std::size_t most_names_compared = 100'000;

bool points_needed(const Referent& referent, const Value& value) {
  return referent.kind == Referent::Kind::item && value.kind == Value::Kind::category;
}

}  // namespace

void check_references(const Names& names, Report& report) {
  std::size_t compared = 0;
  for_each_read(names.instrument(), [&](const Reference& reference, Need, const Site& site) {
    const Referent found = names.find(reference);
    if (found.kind == Referent::Kind::nothing) {
      const std::string suggestion = compared <= most_names_compared ? names.suggestion(reference) : "";
      compared += names.nodes();
      report.add("reference.undefined", *site.place, site.address(), "there is no item or scale " + quoted(reference),
                 "the code of an item or scale, or `alias.scale` of an instrument under `uses`" + suggestion);
    } else if (found.kind == Referent::Kind::no_levels) {
      report.add("reference.no-levels", *site.place, site.address(),
                 quoted(reference) + " is the level of a value that has no levels",
                 "the level of a scale that names its scheme under `levels`");
    } else if (found.kind == Referent::Kind::not_reported) {
      report.add("reference.not-reported", *site.place, site.address(),
                 quoted(reference) + " is an intermediate step of the other instrument",
                 "a scale that the other instrument reports");
    }
  });
}

void check_operand_types(const Names& names, const Types& types, Report& report) {
  for_each_read(names.instrument(), [&](const Reference& reference, Need need, const Site& site) {
    const Referent referent = names.find(reference);
    const bool response = need == Need::response_number || need == Need::category || need == Need::code;
    const Value value = response ? types.response(referent) : types.value(referent);
    if (value.kind == Value::Kind::unknown) return;
    const std::string found = quoted(reference) + " is " + to_text(value);
    const auto add = [&](Code code, std::string expected) {
      report.add(code, *site.place, site.address(), found, std::move(expected));
    };
    switch (need) {
      case Need::number:
        if (!value.number())
          add("type.number",
              points_needed(referent, value) ? "a number: give the item points, or read another value" : "a number");
        return;
      case Need::response_number:
        if (!value.number()) add("type.number", "a number: bands are looked up by the response of a count or number");
        return;
      case Need::whole:
        if (value.kind != Value::Kind::whole) add("type.whole", "a whole number of years, months or days");
        return;
      case Need::date:
        if (value.kind != Value::Kind::date) add("type.date", "a date");
        return;
      case Need::category:
        if (value.kind != Value::Kind::category)
          add("type.category", "a category, since the keys of a table are its labels; for a number write bands");
        return;
      case Need::code:
        if (value.kind != Value::Kind::code) add("type.code", "an item of kind code, whose code list has attributes");
        return;
      case Need::any:
      case Need::compared:
        if (value.kind == Value::Kind::code)
          add("type.not-a-value", "a scale that reads an attribute of the code; the code itself has no value");
        return;
      case Need::presence:
        return;
    }
  });
}

}  // namespace appraise::detail
