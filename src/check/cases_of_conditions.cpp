#include "check/cases_of_conditions.hpp"

#include <algorithm>
#include <cmath>

#include "appraise/detail/calendar.hpp"

namespace appraise::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t most_cases = 2'000'000;
constexpr std::uint64_t most_truths = 4'000'000;
constexpr std::size_t most_told = 6;

/// `kind` with its two sides exchanged.
Condition::Kind exchanged(Condition::Kind kind) {
  switch (kind) {
    case Condition::Kind::at_least:
      return Condition::Kind::at_most;
    case Condition::Kind::at_most:
      return Condition::Kind::at_least;
    case Condition::Kind::above:
      return Condition::Kind::below;
    case Condition::Kind::below:
      return Condition::Kind::above;
    default:
      return kind;
  }
}

bool holds(double x, Condition::Kind kind, double with) {
  switch (kind) {
    case Condition::Kind::at_least:
      return x >= with;
    case Condition::Kind::at_most:
      return x <= with;
    case Condition::Kind::above:
      return x > with;
    case Condition::Kind::below:
      return x < with;
    default:
      return x == with;
  }
}

/// The number of the level that holds `x`; bands stand in ascending order.
double level_of(const LevelScheme& scheme, double x) {
  const auto after = std::partition_point(scheme.bands.begin(), scheme.bands.end(), [&](const LevelBand& band) {
    return band.interval.from.value_or(-infinity) <= x;
  });
  return static_cast<double>(after - scheme.bands.begin()) - 1;
}

std::size_t size_of(const Condition& condition) {
  std::size_t size = 1 + condition.operands.size();
  for (const Condition& part : condition.parts) size += size_of(part);
  return size;
}

}  // namespace

CasesOfConditions::CasesOfConditions(const Ground& ground, const std::vector<const Condition*>& conditions,
                                     Budget& budget)
    : ground_(ground) {
  for (const Condition* condition : conditions) size_ += size_of(*condition);
  for (const Condition* condition : conditions) collect(*condition);
  if (state_ != State::ready) return;
  for (Variable& variable : variables_) split(variable);
  if (state_ != State::ready) return;
  if (!affordable(budget)) {
    state_ = State::too_large;
    return;
  }
  for (const Condition* condition : conditions) conditions_.push_back(compile(*condition));
}

std::size_t CasesOfConditions::variable(const Reference& reference, const Referent& referent) {
  std::string name = reference;
  if (referent.kind == Referent::Kind::level) name.resize(name.size() - std::string_view(".level").size());
  const auto [found, added] = numbers_.emplace(name, variables_.size());
  if (added) {
    Referent base = referent;
    if (base.kind == Referent::Kind::level) base.kind = Referent::Kind::scale;
    Variable next;
    next.name = std::move(name);
    next.value = ground_.types.response(base);
    next.domain = &ground_.domains.response(base);
    variables_.push_back(std::move(next));
  }
  return found->second;
}

std::optional<double> CasesOfConditions::number(const Value& value, const Operand& operand) const {
  const bool text = operand.kind == Operand::Kind::text;
  if (value.number()) return text ? std::nullopt : std::optional(operand.number);
  if (!text) return std::nullopt;
  if (value.kind == Value::Kind::date) {
    const auto days = parse_date(operand.text);
    return days ? std::optional<double>(*days) : std::nullopt;
  }
  if (value.kind != Value::Kind::category) return std::nullopt;
  const auto found = ground_.types.position(*value.labels, operand.text);
  return found ? std::optional(static_cast<double>(*found)) : std::nullopt;
}

std::optional<CasesOfConditions::Comparison> CasesOfConditions::comparison(const Condition& condition,
                                                                           const Operand& operand) {
  const Referent of = ground_.names.find(condition.of);
  const Value value = ground_.types.response(of);
  if (value.kind == Value::Kind::unknown) return std::nullopt;
  const Condition::Kind kind = condition.kind == Condition::Kind::in ? Condition::Kind::equals : condition.kind;
  if (operand.kind != Operand::Kind::reference) {
    const auto with = number(value, operand);
    const std::size_t read = variable(condition.of, of);
    if (!with || variables_[read].value.kind == Value::Kind::unknown) return std::nullopt;
    return Comparison{read, of.kind == Referent::Kind::level ? of.scheme : nullptr, kind, *with};
  }
  const Referent other = ground_.names.find(operand.text);
  const Value other_value = ground_.types.response(other);
  if (other_value.kind == Value::Kind::unknown || (other_value.number() != value.number())) return std::nullopt;
  const bool exchange = operand.text < condition.of;
  const std::string &first = exchange ? operand.text : condition.of, &second = exchange ? condition.of : operand.text;
  const auto [found, added] = numbers_.emplace(first + " " + second, variables_.size());
  if (added) {
    Variable pair;
    pair.name = first;
    pair.other = second;
    variables_.push_back(std::move(pair));
  }
  return Comparison{found->second, nullptr, exchange ? exchanged(kind) : kind, 0};
}

void CasesOfConditions::collect(const Condition& condition) {
  for_each_comparison(condition, [&](const Condition& each) {
    if (each.kind == Condition::Kind::is_missing) {
      const Referent of = ground_.names.find(each.of);
      if (ground_.types.response(of).kind == Value::Kind::unknown) {
        state_ = State::faulty;
      } else {
        variables_[variable(each.of, of)].may_be_missing = true;
      }
      return;
    }
    for (const Operand& operand : each.operands) {
      if (const auto found = comparison(each, operand)) {
        add_breaks(*found);
      } else {
        state_ = State::faulty;
      }
    }
  });
}

void CasesOfConditions::add_breaks(const Comparison& comparison) {
  Variable& variable = variables_[comparison.variable];
  if (variable.domain == nullptr) return;
  const bool whole = variable.domain->whole;
  const auto before = [&](double x) { variable.breaks.push_back({whole ? std::ceil(x) : x, false}); };
  const auto behind = [&](double x) {
    variable.breaks.push_back(whole ? Break{std::floor(x) + 1, false} : Break{x, true});
  };
  if (comparison.scheme != nullptr) {
    if (!levels_split_.emplace(comparison.variable, comparison.scheme).second) return;
    for (const LevelBand& band : comparison.scheme->bands) {
      if (band.interval.from) before(*band.interval.from);
      if (band.interval.to && band.interval.closed) behind(*band.interval.to);
      if (band.interval.to && !band.interval.closed) before(*band.interval.to);
    }
    return;
  }
  switch (comparison.kind) {
    case Condition::Kind::at_least:
    case Condition::Kind::below:
      return before(comparison.with);
    case Condition::Kind::above:
    case Condition::Kind::at_most:
      return behind(comparison.with);
    default:
      before(comparison.with);
      behind(comparison.with);
  }
}

void CasesOfConditions::split(Variable& variable) {
  if (variable.domain == nullptr) {
    variable.samples = {-1, 0, 1};
    return;
  }
  auto& breaks = variable.breaks;
  std::sort(breaks.begin(), breaks.end());
  breaks.erase(std::unique(breaks.begin(), breaks.end()), breaks.end());
  const Domain& domain = *variable.domain;
  const auto sample_in = [&](std::size_t cell, double start) {
    const auto sample = domain.next(start);
    const bool inside = sample && (cell == breaks.size() || *sample < breaks[cell].at ||
                                   (breaks[cell].after && *sample == breaks[cell].at));
    if (inside) variable.samples.push_back(*sample);
    return inside;
  };
  // In the lowest cell a value near its upper end is the more telling example.
  if (breaks.empty() || !sample_in(0, breaks[0].at - 1)) (void)sample_in(0, -infinity);
  for (std::size_t i = 1; i <= breaks.size(); ++i) {
    const Break& begin = breaks[i - 1];
    (void)sample_in(i, begin.after ? std::nextafter(begin.at, infinity) : begin.at);
  }
  if (variable.samples.empty()) state_ = State::faulty;
}

bool CasesOfConditions::affordable(Budget& budget) const {
  std::uint64_t cases = 1, widest = 1;
  for (const Variable& variable : variables_) {
    cases *= variable.cells();
    widest = std::max<std::uint64_t>(widest, variable.cells());
    if (cases > most_cases) return false;
  }
  return widest * size_ <= most_truths && budget.spend((widest + cases) * size_);
}

CasesOfConditions::Node CasesOfConditions::compile(const Condition& condition) {
  Node node;
  node.kind = condition.kind;
  if (condition.kind == Condition::Kind::is_missing) {
    node.kind = Condition::Kind::equals;
    node.variable = variable(condition.of, ground_.names.find(condition.of));
    const Variable& of = variables_[node.variable];
    const bool asks_missing = condition.operands.front().number != 0;
    node.truths.assign(of.cells(), asks_missing ? Truth::no : Truth::yes);
    node.truths.back() = asks_missing ? Truth::yes : Truth::no;
    return node;
  }
  for (const Condition& part : condition.parts) node.parts.push_back(compile(part));
  if (condition.operands.empty()) return node;
  if (condition.operands.size() == 1) return compile_comparison(condition, condition.operands.front());
  node.kind = Condition::Kind::any;
  for (const Operand& operand : condition.operands) node.parts.push_back(compile_comparison(condition, operand));
  return node;
}

CasesOfConditions::Node CasesOfConditions::compile_comparison(const Condition& condition, const Operand& operand) {
  const Comparison found = *comparison(condition, operand);
  const Variable& of = variables_[found.variable];
  Node node;
  node.kind = Condition::Kind::equals;
  node.variable = found.variable;
  for (const double sample : of.samples) {
    const double x = found.scheme != nullptr ? level_of(*found.scheme, sample) : sample;
    node.truths.push_back(holds(x, found.kind, found.with) ? Truth::yes : Truth::no);
  }
  if (of.may_be_missing) node.truths.push_back(Truth::unknown);
  if (of.domain == nullptr) {
    for (const Reference& side : {of.name, of.other}) {
      const auto read = numbers_.find(side.ends_with(".level") ? side.substr(0, side.size() - 6) : side);
      if (read != numbers_.end()) node.missing.push_back(read->second);
    }
  }
  return node;
}

Truth CasesOfConditions::truth(std::size_t condition) const { return truth(conditions_[condition]); }

Truth CasesOfConditions::truth(const Node& node) const {
  switch (node.kind) {
    case Condition::Kind::all:
    case Condition::Kind::any: {
      const Truth deciding = node.kind == Condition::Kind::all ? Truth::no : Truth::yes;
      Truth result = node.kind == Condition::Kind::all ? Truth::yes : Truth::no;
      for (const Node& part : node.parts) {
        const Truth next = truth(part);
        if (next == deciding) return deciding;
        if (next == Truth::unknown) result = Truth::unknown;
      }
      return result;
    }
    case Condition::Kind::negation: {
      const Truth part = truth(node.parts.front());
      if (part == Truth::unknown) return part;
      return part == Truth::yes ? Truth::no : Truth::yes;
    }
    default:
      for (const std::size_t each : node.missing)
        if (variables_[each].missing()) return Truth::unknown;
      return node.truths[variables_[node.variable].cell];
  }
}

bool CasesOfConditions::next() {
  for (Variable& variable : variables_) {
    if (++variable.cell < variable.cells()) return true;
    variable.cell = 0;
  }
  return false;
}

std::string CasesOfConditions::text() const {
  std::string text;
  std::size_t told = 0;
  for (const Variable& variable : variables_) {
    if (variable.cells() < 2) continue;
    if (++told > most_told) return text + " ...";
    if (told > 1) text += ", ";
    text += variable.name + " is ";
    if (variable.missing()) {
      text += "missing";
      continue;
    }
    const double sample = variable.samples[variable.cell];
    if (variable.domain == nullptr) {
      text += (sample < 0 ? "below " : sample > 0 ? "above " : "equal to ") + variable.other;
    } else if (variable.value.kind == Value::Kind::category) {
      text += (*variable.value.labels)[static_cast<std::size_t>(sample)];
    } else if (variable.value.kind == Value::Kind::date && sample >= first_day && sample <= last_day_of_years) {
      text += format_date(static_cast<Days>(sample));
    } else {
      text += number_text(sample);
    }
  }
  return text;
}

}  // namespace appraise::detail
