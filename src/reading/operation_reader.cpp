#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

std::vector<Reference> read_references(const Node& node) { return read_list(node, Least::one, read_reference); }

/// One reference, or a list of them.
std::vector<Reference> read_one_or_more(const Node& node) {
  if (node.value.is(Kind::list)) return read_references(node);
  return {read_reference(node)};
}

NoSuchDay read_no_such_day(const Node& node) {
  return read_word<NoSuchDay>(node, {{"next_day", NoSuchDay::next_day}, {"last_day", NoSuchDay::last_day}});
}

/// `if_no_such_day` is needed where months or years are counted, and means nothing where days are.
NoSuchDay read_day_rule(ObjectReader& object, TimeUnit unit) {
  if (unit != TimeUnit::days) return object.required("if_no_such_day", read_no_such_day);
  object.refuse("if_no_such_day", "if_no_such_day only with years or months");
  return NoSuchDay::next_day;
}

Term read_term(const Node& node) {
  Term term;
  term.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    term.of = object.optional("of", read_one_or_more).value_or(term.of);
    term.weight = object.required("weight", [](const Node& weight) { return read_number(weight); });
    term.when = object.optional("when", read_condition);
    term.group = object.optional("group", read_text).value_or("");
    const auto power = object.find("power");
    if (power) term.power = static_cast<int>(read_count(*power));
    if (power && term.of.empty()) power->fault("field.misplaced", "a power of nothing", "power only together with of");
    if (term.of.size() == 1) {
      term.name = object.optional("name", read_label).value_or(term.of.front());
    } else {
      term.name = object.required("name", read_label);
    }
  });
  return term;
}

Operation read_weighted_sum(const Node& node) {
  WeightedSum sum;
  read_object(node, [&](ObjectReader& object) {
    sum.intercept = object.required("intercept", [](const Node& value) { return read_number(value); });
    sum.terms = object.required("terms", list_of(read_term));
  });
  return sum;
}

Operation read_difference(const Node& node) {
  auto pair = read_references(node);
  if (node.value.is(Kind::list) && pair.size() != 2) {
    node.fault("list.length", found_at(node), "two references: from the first the second is taken away");
  }
  pair.resize(2);
  return Difference{pair[0], pair[1]};
}

Operation read_ratio(const Node& node) {
  Ratio ratio;
  read_object(node, [&](ObjectReader& object) {
    ratio.of = object.required("of", read_reference);
    ratio.over = object.required("over", read_reference);
  });
  return ratio;
}

Operation read_lookup(const Node& node) {
  Lookup lookup;
  read_object(node, [&](ObjectReader& object) {
    lookup.of = object.required("of", read_one_or_more);
    const auto bands = object.find("bands"), table = object.find("table");
    if (bands.has_value() == table.has_value()) {
      node.fault("lookup.source", bands ? "both bands and a table" : "neither bands nor a table", "one of them");
    }
    if (bands) {
      lookup.bands =
          read_list(*bands, Least::one, [](const Node& band) { return read_band(band, read_number, "value"); });
    }
    if (table) lookup.table = read_code(*table);
    const std::size_t most = table ? 2 : 1;
    if (lookup.of.size() > most) {
      node.fault("list.length", counted(lookup.of.size(), "reference") + " under \"of\"",
                 table ? "one or two references for a table" : "one reference for bands");
    }
  });
  return lookup;
}

DecisionRow read_result(const Node& node, bool labels) {
  DecisionRow row;
  row.place = node.place();
  if (labels) {
    row.label = read_label(node);
  } else {
    row.number = read_number(node);
  }
  return row;
}

DecisionRow read_decision_row(const Node& node, bool labels) {
  DecisionRow row;
  row.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    row.when = object.required("when", read_condition);
    const DecisionRow result = object.required("then", [&](const Node& then) { return read_result(then, labels); });
    row.number = result.number;
    row.label = result.label;
    row.source = object.optional("source", read_text).value_or("");
  });
  return row;
}

Operation read_rules(const Node& node) {
  Rules rules;
  read_object(node, [&](ObjectReader& object) {
    rules.values = object.optional("values", list_of(read_label)).value_or(rules.values);
    const bool labels = object.find("values").has_value();
    rules.unique = object.required("hit", [](const Node& hit) {
      return read_word<bool>(hit, {{"first", false}, {"unique", true}});
    });
    rules.rows = object.required("rows", list_of([&](const Node& row) { return read_decision_row(row, labels); }));
    rules.otherwise = object.optional("otherwise", [&](const Node& value) { return read_result(value, labels); });
  });
  return rules;
}

Choose::Row read_choose_row(const Node& node) {
  Choose::Row row;
  row.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    row.when = object.required("when", read_condition);
    row.take = object.required("take", read_taken);
  });
  return row;
}

Operation read_choose(const Node& node) {
  Choose choose;
  read_object(node, [&](ObjectReader& object) {
    choose.rows = object.required("rows", list_of(read_choose_row));
    choose.otherwise = object.required("otherwise", read_taken);
  });
  return choose;
}

Operation read_first_available(const Node& node) {
  FirstAvailable first;
  read_object(node, [&](ObjectReader& object) {
    first.of = object.required("of", read_references);
    first.flag = object.required("flag", read_boolean);
  });
  return first;
}

std::optional<double> read_clamp_end(const Node& node) {
  if (node.value.is(Kind::null)) return std::nullopt;
  return read_number(node);
}

Operation read_clamp(const Node& node) {
  Clamp clamp;
  read_object(node, [&](ObjectReader& object) {
    clamp.of = object.required("of", read_reference);
    clamp.from = object.required("from", read_clamp_end);
    clamp.to = object.required("to", read_clamp_end);
  });
  return clamp;
}

Operation read_round(const Node& node) {
  Round round;
  read_object(node, [&](ObjectReader& object) {
    round.of = object.required("of", read_reference);
    round.digits = static_cast<int>(object.required("digits", read_count));
    round.mode = object.required("mode", read_rounding_mode);
  });
  return round;
}

constexpr std::pair<std::string_view, TimeUnit> time_units[] = {
    {"years", TimeUnit::years}, {"months", TimeUnit::months}, {"days", TimeUnit::days}};

Operation read_time_between(const Node& node) {
  TimeBetween time;
  read_object(node, [&](ObjectReader& object) {
    time.from = object.required("from", read_reference);
    time.to = object.required("to", read_reference);
    time.in = object.required("in", [](const Node& unit) {
      return read_word<TimeUnit>(unit, {time_units[0], time_units[1], time_units[2]});
    });
    time.no_such_day = read_day_rule(object, time.in);
  });
  return time;
}

Taken read_amount(const Node& node) {
  if (node.value.is(Kind::number)) return {read_count(node), {}};
  return read_taken(node);
}

Operation read_add_time(const Node& node) {
  AddTime time;
  read_object(node, [&](ObjectReader& object) {
    time.to = object.required("to", read_reference);
    std::size_t found = 0;
    for (const auto& [name, unit] : time_units) {
      if (const auto amount = object.find(name)) {
        ++found;
        time.in = unit;
        time.amount = read_amount(*amount);
      }
    }
    if (found != 1) {
      node.fault("add-time.unit", found == 0 ? "no time to add" : "several units of time",
                 "exactly one of years, months and days");
    }
    time.no_such_day = read_day_rule(object, time.in);
  });
  return time;
}

Operation read_attribute(const Node& node) {
  Attribute attribute;
  read_object(node, [&](ObjectReader& object) {
    attribute.of = object.required("of", read_reference);
    attribute.name = object.required("name", read_code);
  });
  return attribute;
}

using OperationReader = Operation (*)(const Node&);

constexpr std::pair<std::string_view, OperationReader> operations[] = {
    {"sum",
     [](const Node& n) -> Operation {
       return Sum{read_references(n), {}};
     }},
    {"weighted_sum", read_weighted_sum},
    {"difference", read_difference},
    {"count", [](const Node& n) -> Operation { return Count{read_list(n, Least::one, read_condition)}; }},
    {"maximum",
     [](const Node& n) -> Operation {
       return Extreme{true, read_references(n), {}};
     }},
    {"minimum",
     [](const Node& n) -> Operation {
       return Extreme{false, read_references(n), {}};
     }},
    {"product", [](const Node& n) -> Operation { return Product{read_references(n)}; }},
    {"ratio", read_ratio},
    {"log", [](const Node& n) -> Operation { return Log{read_reference(n)}; }},
    {"logistic", [](const Node& n) -> Operation { return Logistic{read_reference(n)}; }},
    {"lookup", read_lookup},
    {"rules", read_rules},
    {"choose", read_choose},
    {"first_available", read_first_available},
    {"clamp", read_clamp},
    {"round", read_round},
    {"time_between", read_time_between},
    {"add_time", read_add_time},
    {"attribute", read_attribute},
};

}  // namespace

const std::vector<std::string_view>& operation_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> result;
    for (const auto& operation : operations) result.push_back(operation.first);
    return result;
  }();
  return names;
}

Operation read_operation(std::string_view name, const Node& node) {
  for (const auto& [known, read] : operations) {
    if (known == name) return read(node);
  }
  return Sum{};
}

}  // namespace appraise::detail::reading
