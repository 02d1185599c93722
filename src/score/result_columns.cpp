// The result columns of a plan, and what is worked out for them once.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "appraise/norms.hpp"
#include "plan/inputs.hpp"
#include "score/result_maps.hpp"
#include "score/results.hpp"

namespace appraise::detail {

namespace {

ScoreColumn::Kind kind_of(ValueType type) {
  switch (type) {
    case ValueType::whole:
      return ScoreColumn::Kind::whole;
    case ValueType::real:
      return ScoreColumn::Kind::real;
    case ValueType::date:
      return ScoreColumn::Kind::date;
    case ValueType::category:
      return ScoreColumn::Kind::label;
  }
  return ScoreColumn::Kind::real;
}

std::string text_of(double number) {
  std::string text = std::to_string(number);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Whether a column can hold a number.
bool holds(const ScoreColumn& column, double number) noexcept {
  return column.kind == ScoreColumn::Kind::real ? std::isfinite(number) : std::fabs(number) <= whole_limit;
}

}  // namespace

ResultWriter::ResultWriter(const Layout& layout, const ScoreOptions& options)
    : layout_(layout), options_(options), is_read_(layout.plan.registers.size(), 0) {
  const auto mark_read = [&](Register of) { is_read_[static_cast<std::size_t>(of)] = 1; };
  for (const PlannedContribution& one : layout.plan.contributions) mark_read(one.of);
  for (const std::int32_t step : layout.steps) {
    each_input(layout.plan.operations[static_cast<std::size_t>(step)], mark_read);
  }
  for (const PlannedScale& scale : layout.plan.scales) add_scale(scale);
  if (options.contributions) {
    for (const PlannedContribution& one : layout.plan.contributions) add_contribution(one);
  }
  empty_.metadata = layout.plan.metadata;
}

void ResultWriter::add_contribution(const PlannedContribution& one) {
  const Plan& plan = layout_.plan;
  const auto of = static_cast<std::size_t>(one.of);
  const bool real = plan.registers[of] == RegisterType::real;
  const int column = add(one.name, real ? ScoreColumn::Kind::real : ScoreColumn::Kind::whole);
  contributions_.push_back({&one, column});
  const bool of_term = std::holds_alternative<WeighTerm>(plan.operations[static_cast<std::size_t>(plan.made_by[of])]);
  (of_term ? terms_ : copied_)
      .push_back(copied(column, one.of, one.left_out_is_zero ? usable_or_left_out : usable_rows));
  if (!of_term) return;
  term_columns_.resize(plan.registers.size(), Terms::no_column);
  term_columns_[of] = column;
}

int ResultWriter::add(const std::string& name, ScoreColumn::Kind kind) {
  ScoreColumn& column = empty_.columns.emplace_back();
  column.name = name;
  column.kind = kind;
  return static_cast<int>(empty_.columns.size()) - 1;
}

void ResultWriter::add_scale(const PlannedScale& scale) {
  ScaleColumns columns;
  columns.planned = &scale;
  const ScoreColumn::Kind kind = kind_of(scale.scale->type);
  columns.value = add(scale.name, kind);
  ScoreColumn& value = empty_.columns.back();
  value.labels = scale.scale->labels;
  if (!scale.scale->unit.empty()) value.metadata.emplace_back("unit", scale.scale->unit);
  value.metadata.emplace_back("label", scale.scale->label);
  columns.status = add(scale.name + "_status", ScoreColumn::Kind::status);
  for (const Status status :
       {Status::scored, Status::scored_with_omissions, Status::incomplete, Status::invalid, Status::not_applicable}) {
    empty_.columns.back().labels.emplace_back(to_string(status));
  }
  add_levels(columns);
  if (options_.bounds && kind != ScoreColumn::Kind::label) {
    columns.lowest = add(scale.name + "_lowest", kind);
    columns.highest = add(scale.name + "_highest", kind);
  }
  if (options_.norms) {
    for (const Norms* norms : scale.norms) add_norms(columns, *norms);
  }
  tabulate(columns);
  columns.levelled = is_levelled(columns);
  if (!columns.levelled) {
    copied_.push_back(copied(columns.value, scale.value, usable_rows));
    copied_.back().status = columns.status;
    if (columns.derived.empty()) pass_gate(copied_.back());
    if (columns.level >= 0) copied_.push_back(copied(columns.level, scale.level, usable_rows));
  }
  if (columns.lowest >= 0) {
    lowest_.push_back(copied(columns.lowest, scale.value, bounded_rows));
    highest_.push_back(copied(columns.highest, scale.value, bounded_rows));
  }
  if (columns.lowest_level >= 0) {
    lowest_.push_back(copied(columns.lowest_level, scale.level, bounded_rows));
    highest_.push_back(copied(columns.highest_level, scale.level, bounded_rows));
  }
  scales_.push_back(std::move(columns));
}

/// A value behind a gate that is read nowhere else passes it as it is written.
void ResultWriter::pass_gate(CopiedColumn& column) {
  const Plan& plan = layout_.plan;
  const auto of = static_cast<std::size_t>(column.of);
  const auto* gated = std::get_if<PassGate>(&maker_of(plan, column.of));
  const bool bounded = options_.bounds && column.as != CopiedColumn::As::labels;
  if (gated == nullptr || bounded || options_.reasons || column.as == CopiedColumn::As::reals || is_read_[of] != 0)
    return;
  column.before = gated->of;
  column.gate = gated->gate;
  passing_.push_back(column.of);
}

CopiedColumn ResultWriter::copied(int column, Register of, const ByteMap& valid) const {
  const ScoreColumn::Kind kind = empty_.columns[static_cast<std::size_t>(column)].kind;
  const CopiedColumn::As as = kind == ScoreColumn::Kind::real    ? CopiedColumn::As::reals
                              : kind == ScoreColumn::Kind::label ? CopiedColumn::As::labels
                                                                 : CopiedColumn::As::wholes;
  return {.column = column, .as = as, .of = of, .valid = &valid};
}

void ResultWriter::add_levels(ScaleColumns& columns) {
  const LevelScheme* scheme = columns.planned->scheme;
  if (scheme == nullptr) return;
  std::vector<std::string> codes, standards;
  for (const LevelBand& band : scheme->bands) {
    codes.push_back(band.code);
    const auto found = std::find(standards.begin(), standards.end(), band.standard);
    columns.has_standard.push_back(band.standard.empty() ? 0 : 1);
    columns.standards.push_back(band.standard.empty() ? std::uint8_t{0}
                                                      : static_cast<std::uint8_t>(found - standards.begin()));
    if (!band.standard.empty() && found == standards.end()) standards.push_back(band.standard);
  }
  columns.levels = static_cast<int>(columns.standards.size());
  const std::size_t filled = (columns.standards.size() / 16 + 1) * 16;  // one more at least: rows without a level
  columns.has_standard.resize(filled);
  columns.standards.resize(filled);
  const std::string& name = columns.planned->name;
  const auto add_level = [&](const std::string& suffix, const std::vector<std::string>& labels) {
    const int position = add(name + suffix, ScoreColumn::Kind::label);
    ScoreColumn& column = empty_.columns.back();
    column.labels = labels;
    column.metadata.emplace_back("levels", scheme->name);
    column.metadata.emplace_back("edition", scheme->edition);
    column.metadata.emplace_back("evidence", to_string(scheme->evidence.mark));
    return position;
  };
  if (options_.levels) {
    columns.level = add_level("_level", codes);
    if (!standards.empty()) columns.standard = add_level("_standard_level", standards);
  }
  if (options_.levels && options_.bounds) {
    columns.lowest_level = add_level("_lowest_level", codes);
    columns.highest_level = add_level("_highest_level", codes);
  }
  if (options_.distance && codes.size() > 1) {
    const bool whole = columns.planned->scale->type == ValueType::whole;
    Derived& distance = columns.derived.emplace_back();
    distance.column = add(name + "_to_cut", whole ? ScoreColumn::Kind::whole : ScoreColumn::Kind::real);
    distance.bands = measured_bands(*scheme, whole);
    distance.function = [bands = distance.bands](std::span<const double> values, double* figures) {
      measure_distances(bands, values, figures);
    };
  }
}

void ResultWriter::add_norms(ScaleColumns& columns, const Norms& norms) {
  auto rows = std::make_shared<std::map<double, NormRow>>();
  for (const NormRow& row : norms.rows) rows->emplace(row.score, row);
  const auto add_figure = [&](const std::string& name, std::optional<double> NormRow::*figure) {
    const bool given = std::any_of(norms.rows.begin(), norms.rows.end(),
                                   [&](const NormRow& row) { return (row.*figure).has_value(); });
    if (!given && !(norms.logistic && name == "rate")) return;
    const int position = add(columns.planned->name + "_" + norms.id + "_" + name, ScoreColumn::Kind::real);
    auto& metadata = empty_.columns.back().metadata;
    metadata = {{"norms", norms.id},
                {"edition", norms.edition},
                {"sample", norms.sample},
                {"country", norms.country},
                {"outcome", norms.outcome}};
    if (norms.n) metadata.emplace_back("n", std::to_string(*norms.n));
    if (norms.follow_up_years) metadata.emplace_back("follow_up_years", text_of(*norms.follow_up_years));
    if (norms.interval_level && name.starts_with("rate_"))
      metadata.emplace_back("interval_level", text_of(*norms.interval_level));
    Mark mark = norms.evidence.mark;
    for (const NormRow& row : norms.rows) mark = std::max(mark, row.evidence.mark);
    metadata.emplace_back("evidence", to_string(mark));
    const auto look = [&norms, rows, figure](double value) -> std::optional<double> {
      if (norms.logistic) {
        const std::optional<NormRow> computed = look_up(norms, value);
        return computed ? (*computed).*figure : std::nullopt;
      }
      const auto found = rows->find(value);
      return found == rows->end() ? std::nullopt : found->second.*figure;
    };
    const auto look_all = [look](std::span<const double> values, double* figures) {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      for (const double value : values) *figures++ = std::isnan(value) ? none : look(value).value_or(none);
    };
    Derived& derived = columns.derived.emplace_back();
    derived.column = position;
    derived.function = look_all;
  };
  add_figure("rate", &NormRow::rate);
  add_figure("rate_low", &NormRow::rate_low);
  add_figure("rate_high", &NormRow::rate_high);
  add_figure("percentile", &NormRow::percentile);
  add_figure("risk_ratio", &NormRow::risk_ratio);
}

/// Where values are bytes, derived columns are looked up by value. The last entry of a table is for rows without one.
void ResultWriter::tabulate(ScaleColumns& columns) {
  const auto of = static_cast<std::size_t>(columns.planned->value);
  if (layout_.plan.registers[of] != RegisterType::byte) return;
  const Range span = hull(layout_.plan.spans[of], exactly(0));
  columns.lowest_value = static_cast<int>(span.low);
  columns.values = static_cast<int>(span.high) - columns.lowest_value + 1;
  for (Derived& derived : columns.derived) {
    const ScoreColumn& column = empty_.columns[static_cast<std::size_t>(derived.column)];
    std::vector<double> values(static_cast<std::size_t>(columns.values) + 1, std::numeric_limits<double>::quiet_NaN());
    std::iota(values.begin(), values.end() - 1, columns.lowest_value);
    std::vector<double> figures(values.size());
    derived.function(values, figures.data());
    for (const double figure : figures) {
      const bool held = holds(column, figure);
      derived.held.push_back(held ? 1 : 0);
      derived.reals.push_back(held ? figure + 0.0 : 0);
      derived.wholes.push_back(held && column.kind == ScoreColumn::Kind::whole ? static_cast<std::int32_t>(figure) : 0);
    }
    derived.held.resize((derived.held.size() + 15) / 16 * 16);
  }
}

bool ResultWriter::is_levelled(const ScaleColumns& columns) const {
  const Plan& plan = layout_.plan;
  const Register value = columns.planned->value, level = columns.planned->level;
  if (columns.level < 0 || columns.levels > static_cast<int>(ByteMap().size()) ||
      columns.planned->scale->type != ValueType::whole ||
      plan.registers[static_cast<std::size_t>(value)] != RegisterType::byte) {
    return false;
  }
  const auto maker = [&plan](Register of) {
    return static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(of)]);
  };
  const auto* gated_value = std::get_if<PassGate>(&plan.operations[maker(value)]);
  const auto* gated_level = std::get_if<PassGate>(&plan.operations[maker(level)]);
  if (gated_value == nullptr || gated_level == nullptr) return false;
  const auto& table = plan.tables[maker(gated_level->of)];
  const bool same_flags = table && table->of == gated_value->of && table->flags.empty();
  const auto some = columns.has_standard.begin(), end = some + columns.levels;
  return same_flags && (columns.standard < 0 || std::find(some, end, 0) == end);
}

}  // namespace appraise::detail
