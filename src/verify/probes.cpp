#include "verify/probes.hpp"

#include <optional>
#include <set>
#include <utility>

#include "score/responses.hpp"

namespace appraise::detail {
namespace {

using Kind = CoveredPart::Kind;

std::string shown(const Operand& operand) {
  return operand.kind == Operand::Kind::number ? to_text(operand.number) : operand.text;
}

std::string shown(const Condition& comparison) {
  static constexpr const char* words[] = {" equals ", " in ", " at least ", " above ", " at most ", " below "};
  if (comparison.kind == Condition::Kind::is_missing) {
    return comparison.of + (comparison.operands.front().number != 0 ? " is missing" : " is there");
  }
  std::string text = comparison.of + words[static_cast<std::size_t>(comparison.kind)];
  for (std::size_t i = 0; i < comparison.operands.size(); ++i) {
    text += (i == 0 ? "" : ", ") + shown(comparison.operands[i]);
  }
  return text;
}

std::string shown(const Interval& interval) {
  const std::string from = interval.from ? to_text(*interval.from) : "any";
  if (!interval.to) return from + " and more";
  return from + (interval.closed ? " to " : " to below ") + to_text(*interval.to);
}

Condition equals(const std::string& of, const std::string& text) {
  Condition condition;
  condition.kind = Condition::Kind::equals;
  condition.of = of;
  condition.operands.push_back({Operand::Kind::text, 0, text});
  return condition;
}

Condition is_there(const std::string& of) {
  Condition condition;
  condition.kind = Condition::Kind::is_missing;
  condition.of = of;
  condition.operands.push_back({Operand::Kind::number, 0, ""});
  return condition;
}

class Maker {
 public:
  explicit Maker(const Instrument& instrument) : instrument_(instrument) {}

  Probes make() && {
    for (const auto* rules : {&instrument_.applies_when, &instrument_.valid_when, &instrument_.cautions}) {
      for (const UseRule& rule : *rules) note_reads(rule.condition);
    }
    into_ = &probes_.ungated;
    rules_of_use("applies_when", instrument_.applies_when);
    rules_of_use("valid_when", instrument_.valid_when);
    rules_of_use("cautions", instrument_.cautions);
    for (const Item& one : instrument_.items) item(one);
    into_ = &probes_.gated;
    for (const Scale& one : instrument_.scales) scale(one);
    for (const LevelScheme& one : instrument_.levels) levels(one);
    return std::move(probes_);
  }

 private:
  std::size_t part(Kind kind, std::string address, std::string what) {
    probes_.parts.push_back({kind, std::move(address), std::move(what), 0});
    return probes_.parts.size() - 1;
  }

  Probe& probe(Operation operation, std::vector<std::size_t> parts) {
    Probe made;
    made.scale.code = "probe " + std::to_string(probes_.gated.size() + probes_.ungated.size());
    made.scale.operation = std::move(operation);
    made.scale.type = ValueType::whole;
    made.scale.applies_when = applies_when_;
    made.parts = std::move(parts);
    into_->push_back(std::move(made));
    return into_->back();
  }

  void rules_of_use(const std::string& list, const std::vector<UseRule>& rules) {
    for (const UseRule& rule : rules) condition(rule.condition, list + "/" + rule.code);
  }

  void note_reads(const Condition& condition) {
    read_by_rules_of_use_.insert(condition.of);
    for (const Condition& one : condition.parts) note_reads(one);
  }

  /// Every comparison in a condition.
  void condition(const Condition& of, const std::string& address) {
    if (!of.parts.empty()) {
      for (const Condition& one : of.parts) condition(one, address);
      return;
    }
    if (of.kind == Condition::Kind::all || of.kind == Condition::Kind::any) return;
    const std::string what = shown(of);
    const std::size_t fails = part(Kind::condition, address, "does not hold: " + what);
    const std::size_t holds = part(Kind::condition, address, "holds: " + what);
    probe(Count{{of}}, {fails, holds});
  }

  /// A probe that gives the number of the first condition that holds, and their count for `otherwise`.
  void first_of(const std::vector<Condition>& conditions, bool otherwise, std::vector<std::size_t> parts) {
    Rules rules;
    for (const Condition& one : conditions) {
      DecisionRow row;
      row.when = one;
      row.number = static_cast<double>(rules.rows.size());
      rules.rows.push_back(std::move(row));
    }
    if (otherwise) {
      rules.otherwise.emplace();
      rules.otherwise->number = static_cast<double>(conditions.size());
    }
    probe(std::move(rules), std::move(parts));
  }

  void bands(const std::string& of, std::vector<Band> bands, const std::string& address) {
    std::vector<std::size_t> parts;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      parts.push_back(part(Kind::band, address + "/" + std::to_string(i), of + " " + shown(bands[i].interval)));
      bands[i].value = static_cast<double>(i);
    }
    probe(Lookup{{of}, std::move(bands), ""}, std::move(parts));
  }

  void item(const Item& one) {
    const std::string address = "items/" + one.code;
    into_ = read_by_rules_of_use_.contains(one.code) ? &probes_.ungated : &probes_.gated;
    if (!one.options.empty()) {
      std::vector<Condition> chosen;
      std::vector<std::size_t> parts;
      for (const Option& option : one.options) {
        chosen.push_back(equals(one.code, option.code));
        parts.push_back(part(Kind::option, address + "/options/" + option.code, one.code + " is " + option.code));
      }
      first_of(chosen, false, std::move(parts));
    }
    if (!one.bands.empty()) bands(one.code, one.bands, address + "/bands");
    if (one.applies_when) condition(*one.applies_when, address + "/applies_when");
  }

  void table(const Lookup& lookup) {
    Table numbered = *instrument_.find_table(lookup.table);
    if (numbered.evidence.mark == Mark::structure_only) return;
    std::vector<std::size_t> parts;
    const std::size_t columns = numbered.keys.size() == 2 ? numbered.keys[1].size() : 1;
    for (std::size_t i = 0; i < numbered.cells.size(); ++i) {
      std::string keys = numbered.keys[0][i / columns];
      if (numbered.keys.size() == 2) keys += ", " + numbered.keys[1][i % columns];
      parts.push_back(part(Kind::cell, "tables/" + lookup.table, keys));
      numbered.cells[i] = static_cast<double>(i);
    }
    numbered.values.clear();
    numbered.name = "probe " + std::to_string(probes_.tables.size());
    probe(Lookup{lookup.of, {}, numbered.name}, std::move(parts));
    probes_.tables.push_back(std::move(numbered));
  }

  void rows(const std::vector<Condition>& conditions, bool otherwise, const std::string& address) {
    std::vector<std::size_t> parts;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      parts.push_back(part(Kind::row, address + "/rows/" + std::to_string(i), "row " + std::to_string(i + 1)));
    }
    if (otherwise) parts.push_back(part(Kind::row, address + "/otherwise", "otherwise"));
    first_of(conditions, otherwise, std::move(parts));
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      condition(conditions[i], address + "/rows/" + std::to_string(i));
    }
  }

  void scale(const Scale& one) {
    const std::string address = "scales/" + one.code;
    if (one.applies_when) condition(*one.applies_when, address + "/applies_when");
    applies_when_ = one.applies_when;
    std::visit([&](const auto& operation) { parts_of(operation, address); }, one.operation);
    applies_when_.reset();
  }

  void parts_of(const WeightedSum& sum, const std::string& address) {
    for (const Term& term : sum.terms) {
      if (term.when) condition(*term.when, address + "/terms/" + term.name);
    }
  }
  void parts_of(const Count& count, const std::string& address) {
    for (const Condition& one : count.of) condition(one, address + "/count");
  }
  void parts_of(const Lookup& lookup, const std::string& address) {
    if (lookup.table.empty()) {
      bands(lookup.of.front(), lookup.bands, address + "/bands");
    } else {
      table(lookup);
    }
  }
  void parts_of(const Rules& rules, const std::string& address) {
    std::vector<Condition> conditions;
    for (const DecisionRow& row : rules.rows) conditions.push_back(row.when);
    rows(conditions, rules.otherwise.has_value(), address + "/rules");
  }
  void parts_of(const Choose& choose, const std::string& address) {
    std::vector<Condition> conditions;
    for (const Choose::Row& row : choose.rows) conditions.push_back(row.when);
    rows(conditions, true, address + "/choose");
  }
  void parts_of(const FirstAvailable& first, const std::string& address) {
    std::vector<Condition> there;
    std::vector<std::size_t> parts;
    for (const Reference& one : first.of) {
      there.push_back(is_there(one));
      parts.push_back(part(Kind::reference, address + "/first_available", one));
    }
    first_of(there, false, std::move(parts));
  }
  template <class Other>
  void parts_of(const Other& /*has no parts*/, const std::string& /*address*/) {}

  void levels(const LevelScheme& scheme) {
    std::vector<Band> bands;
    std::vector<std::size_t> parts;
    for (const LevelBand& band : scheme.bands) {
      parts.push_back(part(Kind::level, "levels/" + scheme.name, scheme.of + " is " + band.code));
      bands.push_back({band.interval, static_cast<double>(bands.size()), {}});
    }
    Probe& made = probe(Lookup{{scheme.of}, std::move(bands), ""}, std::move(parts));
    made.scale_of_levels = scheme.of;
    made.scheme = scheme.name;
  }

  const Instrument& instrument_;
  Probes probes_;
  std::vector<Probe>* into_ = nullptr;
  std::set<std::string> read_by_rules_of_use_;
  std::optional<Condition> applies_when_;
};

}  // namespace

Probes probes_of(const Instrument& instrument) { return Maker(instrument).make(); }

}  // namespace appraise::detail
