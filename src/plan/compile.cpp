#include <algorithm>
#include <set>
#include <utility>

#include "appraise/plan.hpp"
#include "appraise/version.hpp"
#include "plan/compiler.hpp"
#include "plan/inputs.hpp"

namespace appraise {

namespace detail {

Compiler::Compiler(Plan& plan, const Instrument& instrument, std::string prefix)
    : plan_(plan), instrument_(instrument), prefix_(std::move(prefix)) {}

Register Compiler::add_register(RegisterType type, Range span) {
  const bool narrow = type == RegisterType::whole && span.low >= -byte_limit && span.high <= byte_limit;
  plan_.registers.push_back(narrow ? RegisterType::byte : type);
  plan_.spans.push_back(span);
  plan_.made_by.push_back(-1);
  plan_.owner.push_back(owner_);
  return static_cast<Register>(plan_.registers.size()) - 1;
}

void Compiler::add(PlannedOperation operation, std::initializer_list<Register> outs) {
  for (const Register out : outs) {
    if (out != no_register)
      plan_.made_by[static_cast<std::size_t>(out)] = static_cast<std::int32_t>(plan_.operations.size());
  }
  plan_.operations.push_back(std::move(operation));
}

Register Compiler::constant(double value, RegisterType type) { return emit_once(Constant{.value = value}, type); }

void Compiler::compile_all() {
  for (const Use& use : instrument_.uses) {
    auto [position, _] = used_.emplace(use.alias, Compiler{plan_, *use.definition, prefix_ + use.alias + "."});
    position->second.compile_all();
  }
  for (const Item& item : instrument_.items) load(item);
  for (const Scale& one : instrument_.scales) {
    scale(one);
    if (!one.levels.empty()) level(one);
  }
  owner_.clear();
  Gate gate;
  const auto add_rules = [&](const std::vector<UseRule>& rules, bool applicability) {
    for (const UseRule& rule : rules) {
      gate.rules.push_back({prefix_ + rule.code, condition(rule.condition), applicability, rule.applies_if_unknown});
    }
  };
  add_rules(instrument_.applies_when, true);
  add_rules(instrument_.valid_when, false);
  for (const UseRule& rule : instrument_.cautions) {
    plan_.cautions.push_back({prefix_ + rule.code, condition(rule.condition)});
  }
  gate_ = emit(std::move(gate), RegisterType::whole);
}

Register Compiler::gated(Register of) {
  const auto found = gated_.find(of);
  if (found != gated_.end()) return found->second;
  const Register out = emit(PassGate{.gate = gate_, .of = of}, plan_.registers[static_cast<std::size_t>(of)]);
  gated_.emplace(of, out);
  return out;
}

Variable Compiler::exported(std::string_view reference) {
  constexpr std::string_view suffix = ".level";
  const bool wants_level = reference.ends_with(suffix);
  const std::string_view code = wants_level ? reference.substr(0, reference.size() - suffix.size()) : reference;
  const Scale& wanted = *instrument_.find_scale(code);
  Variable variable = wants_level ? level(wanted) : scale(wanted);
  variable.of = gated(variable.of);
  return variable;
}

void Compiler::report(const CompileOptions& options) {
  for (const Scale& one : instrument_.scales) {
    if (!one.reported) continue;
    PlannedScale planned;
    planned.name = prefix_ + one.code;
    planned.scale = &one;
    const Variable value = scale(one);
    planned.value = gated(value.of);
    const auto chosen = options.levels.find(one.code);
    const std::string& scheme = chosen == options.levels.end() ? one.levels : chosen->second;
    if (!scheme.empty()) {
      planned.scheme = instrument_.find_levels(scheme);
      planned.level = gated(scheme == one.levels ? level(one).of : find_level(one, *planned.scheme));
    }
    for (const std::string& id : options.norms) {
      const Norms* norms = instrument_.find_norms(id);
      if (norms != nullptr && norms->scale == one.code) planned.norms.push_back(norms);
    }
    plan_.scale_names.push_back(planned.name);
    plan_.scales.push_back(std::move(planned));
  }
  std::set<std::string> explaining;
  for (const Scale& one : instrument_.scales) {
    if (!one.reported) continue;
    explaining.insert(one.code);
    explaining.insert(one.explained_by.begin(), one.explained_by.end());
  }
  for (const Scale& one : instrument_.scales) {
    if (explaining.contains(one.code)) report_contributions(one);
  }
}

void Compiler::report_contributions(const Scale& of) {
  Register made = scale(of).of;
  const auto maker = [this](Register one) -> const PlannedOperation& {
    return plan_.operations[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(one)])];
  };
  if (of.applies_when) made = std::get<ApplyWhen>(maker(made)).of;
  const auto add_one = [&](const std::string& term, Register from, bool left_out_is_zero) {
    const std::string name = prefix_ + of.code;
    plan_.contributions.push_back({name + "_from_" + term, name, term, from, left_out_is_zero});
  };
  if (const auto* sum = std::get_if<SumValues>(&maker(made))) {
    const auto& references = std::get<Sum>(of.operation).of;
    for (std::size_t i = 0; i < sum->of.size(); ++i) add_one(references[i], sum->of[i], sum->may_omit[i] != 0);
  } else if (const auto* weighted = std::get_if<AddTerms>(&maker(made))) {
    const auto& terms = std::get<WeightedSum>(of.operation).terms;
    for (std::size_t i = 0; i < terms.size(); ++i) add_one(terms[i].name, weighted->of[i], false);
  }
}

namespace {

/// Weakest mark of the figures in use, over the instrument and those it uses.
Mark weakest(const Instrument& instrument, const CompileOptions& options) {
  Mark mark = Mark::verified;
  const auto weigh = [&mark](Mark other) { mark = std::max(mark, other); };
  for (const Part& part : instrument.parts) {
    if (part.name == "scoring" || part.name.starts_with("tables/")) weigh(part.mark);
  }
  for (const Scale& scale : instrument.scales) {
    const auto chosen = options.levels.find(scale.code);
    const LevelScheme* scheme = instrument.find_levels(chosen == options.levels.end() ? scale.levels : chosen->second);
    if (scheme != nullptr) weigh(scheme->evidence.mark);
  }
  for (const std::string& id : options.norms) {
    const Norms& norms = *instrument.find_norms(id);
    weigh(norms.evidence.mark);
    for (const NormRow& row : norms.rows) weigh(row.evidence.mark);
  }
  for (const Use& use : instrument.uses) weigh(weakest(*use.definition, {}));
  return mark;
}

/// Every block that may not be used without the opt-in.
void list_unverified(const Instrument& instrument, const CompileOptions& options, const std::string& prefix,
                     std::vector<Diagnostic>& out) {
  const auto refuse = [&](Mark mark, const Place& place, const std::string& address) {
    if (mark != Mark::unverified) return;
    out.push_back({Severity::error, "evidence.unverified", place, prefix + address,
                   "figures that no public source has confirmed",
                   "the explicit opt-in to unverified figures (accept_unverified), or verified figures"});
  };
  // One by one: the mark of a part is its weakest, and a block without figures would hide one that is not confirmed.
  const auto scores = [&](const auto& block) {
    return block.evidence.value_or(instrument.evidence).mark == Mark::unverified;
  };
  if (std::any_of(instrument.items.begin(), instrument.items.end(), scores) ||
      std::any_of(instrument.scales.begin(), instrument.scales.end(), scores)) {
    refuse(Mark::unverified, instrument.place, "scoring");
  }
  for (const Table& table : instrument.tables) refuse(table.evidence.mark, table.place, "tables/" + table.name);
  for (const Scale& scale : instrument.scales) {
    const auto chosen = options.levels.find(scale.code);
    const LevelScheme* scheme = instrument.find_levels(chosen == options.levels.end() ? scale.levels : chosen->second);
    if (scheme != nullptr) refuse(scheme->evidence.mark, scheme->place, "levels/" + scheme->name);
  }
  for (const std::string& id : options.norms) {
    const Norms& norms = *instrument.find_norms(id);
    Mark mark = norms.evidence.mark;
    for (const NormRow& row : norms.rows) mark = std::max(mark, row.evidence.mark);
    refuse(mark, norms.place, "norms/" + id);
  }
  for (const Use& use : instrument.uses) list_unverified(*use.definition, {}, prefix + use.alias + ": ", out);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

void check_options(const Instrument& instrument, const CompileOptions& options) {
  for (const auto& [scale, scheme] : options.levels) {
    if (instrument.find_scale(scale) == nullptr) {
      throw UsageError("levels: " + instrument.id + " has no scale '" + scale + "'");
    }
    const LevelScheme* found = instrument.find_levels(scheme);
    if (found == nullptr || found->of != scale) {
      std::vector<std::string> names;
      for (const LevelScheme& one : instrument.levels) {
        if (one.of == scale) names.push_back(one.name);
      }
      throw UsageError("levels: scale '" + scale + "' has no level scheme '" + scheme +
                       "'; there are: " + listed(names));
    }
  }
  for (const std::string& id : options.norms) {
    if (instrument.find_norms(id) != nullptr) continue;
    std::vector<std::string> names;
    for (const Norms& norms : instrument.norms) names.push_back(norms.id);
    throw UsageError("norms: " + instrument.id + " has no norm set '" + id + "'; there are: " + listed(names));
  }
}

void describe(const Instrument& instrument, const std::string& prefix,
              std::vector<std::pair<std::string, std::string>>& out) {
  out.emplace_back(prefix + "instrument", instrument.id);
  out.emplace_back(prefix + "edition", instrument.edition);
  for (const Part& part : instrument.parts) {
    out.emplace_back(prefix + part.name + ".edition", part.edition);
    out.emplace_back(prefix + part.name + ".sha256", part.digest);
    if (part.supplied) out.emplace_back(prefix + part.name + ".supplied", "by the agency");
  }
  for (const Use& use : instrument.uses) describe(*use.definition, prefix + use.alias + ".", out);
}

}  // namespace
}  // namespace detail

const Instrument& ScoringPlan::instrument() const noexcept { return *plan_->instrument; }
const std::vector<std::string>& ScoringPlan::items() const noexcept { return plan_->item_names; }
const std::vector<std::string>& ScoringPlan::scales() const noexcept { return plan_->scale_names; }
Mark ScoringPlan::mark() const noexcept { return plan_->mark; }

ScoringPlan compile(std::shared_ptr<const Instrument> instrument, const CompileOptions& options) {
  if (instrument == nullptr) throw UsageError("compile: there is no instrument");
  detail::check_options(*instrument, options);
  if (!options.accept_unverified) {
    std::vector<Diagnostic> unverified;
    detail::list_unverified(*instrument, options, "", unverified);
    if (!unverified.empty()) throw DefinitionError(std::move(unverified));
  }
  auto plan = std::make_shared<detail::Plan>();
  plan->instrument = instrument;
  plan->mark = detail::weakest(*instrument, options);
  detail::Compiler compiler(*plan, *instrument, "");
  compiler.compile_all();
  compiler.report(options);
  detail::mark_purposes(*plan);
  detail::tabulate(*plan);
  for (const detail::PlannedItem& item : plan->items) plan->item_names.push_back(item.column);
  plan->metadata.emplace_back("engine", "appraise " + std::string(version()));
  plan->metadata.emplace_back("evidence", std::string(to_string(plan->mark)));
  detail::describe(*instrument, "", plan->metadata);
  return ScoringPlan(std::move(plan));
}

}  // namespace appraise
