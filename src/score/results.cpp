#include "score/results.hpp"

#include <algorithm>
#include <cmath>

#include "appraise/norms.hpp"

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

}  // namespace

Status status_of(std::uint8_t flags) noexcept {
  if ((flags & flag_inapplicable) != 0) return Status::not_applicable;
  if ((flags & flag_invalid) != 0) return Status::invalid;
  if ((flags & flag_missing) != 0) return Status::incomplete;
  return (flags & flag_omitted) != 0 ? Status::scored_with_omissions : Status::scored;
}

ColumnWriter::ColumnWriter(std::string name, ScoreColumn::Kind kind, std::int64_t rows) : rows_(rows) {
  column_.name = std::move(name);
  column_.kind = kind;
  const auto n = static_cast<std::size_t>(rows);
  if (kind == ScoreColumn::Kind::real) {
    column_.reals.resize(n);
  } else if (kind == ScoreColumn::Kind::status) {
    column_.bytes.resize(n);
    set_ = rows;
    for (const Status status :
         {Status::scored, Status::scored_with_omissions, Status::incomplete, Status::invalid, Status::not_applicable}) {
      column_.labels.emplace_back(to_string(status));
    }
    return;
  } else {
    column_.wholes.resize(n);
  }
  column_.validity.resize((n + 7) / 8);
}

void ColumnWriter::set(std::int64_t row, double value) {
  const auto at = static_cast<std::size_t>(row);
  if (column_.kind == ScoreColumn::Kind::status) {
    column_.bytes[at] = static_cast<std::uint8_t>(value);
    return;
  }
  if (column_.kind == ScoreColumn::Kind::real) {
    column_.reals[at] = value + 0.0;  // 0, never -0
  } else {
    column_.wholes[at] = static_cast<std::int32_t>(value);
  }
  column_.validity[at >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
  ++set_;
}

void ColumnWriter::set_if_held(std::int64_t row, double value) {
  constexpr double limit = std::numeric_limits<std::int32_t>::max();
  if (column_.kind == ScoreColumn::Kind::real ? std::isfinite(value) : std::fabs(value) <= limit) set(row, value);
}

ScoreColumn ColumnWriter::finish() {
  if (set_ == rows_) column_.validity.clear();
  return std::move(column_);
}

ScaleWriter::ScaleWriter(const PlannedScale& scale, const ScoreOptions& options, std::int64_t rows)
    : scale_(scale), rows_(rows), whole_(scale.scale->type == ValueType::whole) {
  const auto position = [this] { return static_cast<int>(columns_.size()) - 1; };
  const ScoreColumn::Kind kind = kind_of(scale.scale->type);
  ColumnWriter& value = add("", kind);
  value.column().labels = scale.scale->labels;
  value_ = position();
  if (!scale.scale->unit.empty()) value.column().metadata.emplace_back("unit", scale.scale->unit);
  value.column().metadata.emplace_back("label", scale.scale->label);
  add("_status", ScoreColumn::Kind::status);
  status_ = position();
  add_levels(options);
  if (options.bounds && kind != ScoreColumn::Kind::label) {
    add("_lowest", kind);
    lowest_ = position();
    add("_highest", kind);
    highest_ = position();
  }
  if (options.norms) {
    for (const Norms* norms : scale.norms) add_norms(*norms);
  }
}

ColumnWriter& ScaleWriter::add(const std::string& suffix, ScoreColumn::Kind kind) {
  return columns_.emplace_back(scale_.name + suffix, kind, rows_);
}

void ScaleWriter::add_levels(const ScoreOptions& options) {
  if (scale_.scheme == nullptr) return;
  std::vector<std::string> codes, standards;
  for (const LevelBand& band : scale_.scheme->bands) {
    codes.push_back(band.code);
    const auto found = std::find(standards.begin(), standards.end(), band.standard);
    standards_.push_back(band.standard.empty() ? -1 : static_cast<std::int32_t>(found - standards.begin()));
    if (!band.standard.empty() && found == standards.end()) standards.push_back(band.standard);
  }
  const auto add_level = [&](const std::string& suffix, const std::vector<std::string>& labels) {
    ColumnWriter& column = add(suffix, ScoreColumn::Kind::label);
    column.column().labels = labels;
    column.column().metadata.emplace_back("levels", scale_.scheme->name);
    column.column().metadata.emplace_back("edition", scale_.scheme->edition);
    column.column().metadata.emplace_back("evidence", to_string(scale_.scheme->evidence.mark));
    return static_cast<int>(columns_.size()) - 1;
  };
  if (options.levels) {
    level_ = add_level("_level", codes);
    if (!standards.empty()) standard_ = add_level("_standard_level", standards);
  }
  if (options.levels && options.bounds) {
    lowest_level_ = add_level("_lowest_level", codes);
    highest_level_ = add_level("_highest_level", codes);
  }
  if (options.distance && codes.size() > 1) {
    add("_to_cut", whole_ ? ScoreColumn::Kind::whole : ScoreColumn::Kind::real);
    to_cut_ = static_cast<int>(columns_.size()) - 1;
  }
}

void ScaleWriter::add_norms(const Norms& norms) {
  NormWriter writer{&norms, {}, {}, {}};
  for (const NormRow& row : norms.rows) writer.rows.emplace(row.score, row);
  const auto add_figure = [&](const std::string& name, std::optional<double> NormRow::*figure) {
    const bool given = std::any_of(norms.rows.begin(), norms.rows.end(),
                                   [&](const NormRow& row) { return (row.*figure).has_value(); });
    if (!given && !(norms.logistic && name == "rate")) return;
    ColumnWriter& column =
        writer.columns.emplace_back(scale_.name + "_" + norms.id + "_" + name, ScoreColumn::Kind::real, rows_);
    auto& metadata = column.column().metadata;
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
    writer.figures.push_back(figure);
  };
  add_figure("rate", &NormRow::rate);
  add_figure("rate_low", &NormRow::rate_low);
  add_figure("rate_high", &NormRow::rate_high);
  add_figure("percentile", &NormRow::percentile);
  add_figure("risk_ratio", &NormRow::risk_ratio);
  norms_.push_back(std::move(writer));
}

void ScaleWriter::write(const Block& block, std::int64_t first) {
  const std::uint8_t* flags = block.flags(scale_.value);
  for (int row = 0; row < block.rows(); ++row) {
    const std::int64_t at = first + row;
    const std::uint8_t own = flags[row];
    columns_[static_cast<std::size_t>(status_)].set(at, static_cast<double>(status_of(own)));
    if ((own & unusable_flags) == 0) {
      const double value = block.number(scale_.value, row);
      columns_[static_cast<std::size_t>(value_)].set(at, value);
      if (scale_.scheme != nullptr) write_level(block, row, at, value);
      if (!norms_.empty()) write_norms(at, value);
    }
    if ((own & (flag_invalid | flag_inapplicable)) == 0) write_bounds(block, row, at);
  }
}

void ScaleWriter::write_level(const Block& block, int row, std::int64_t at, double value) {
  if (!block.usable(scale_.level, row)) return;
  const std::int32_t level = block.wholes(scale_.level)[row];
  if (level_ >= 0) columns_[static_cast<std::size_t>(level_)].set(at, level);
  if (standard_ >= 0 && standards_[static_cast<std::size_t>(level)] >= 0) {
    columns_[static_cast<std::size_t>(standard_)].set(at, standards_[static_cast<std::size_t>(level)]);
  }
  if (to_cut_ < 0) return;
  const auto& bands = scale_.scheme->bands;
  const auto position = static_cast<std::size_t>(level);
  const auto cut = [&](std::size_t band) {
    const double from = *bands[band].interval.from;
    return whole_ ? std::ceil(from) : from;
  };
  double distance = std::numeric_limits<double>::infinity();
  if (position + 1 < bands.size()) distance = cut(position + 1) - value;
  if (position > 0) distance = std::min(distance, value - cut(position) + (whole_ ? 1 : 0));
  columns_[static_cast<std::size_t>(to_cut_)].set_if_held(at, distance);
}

void ScaleWriter::write_bounds(const Block& block, int row, std::int64_t at) {
  if (lowest_ >= 0) {
    columns_[static_cast<std::size_t>(lowest_)].set_if_held(at, block.lows(scale_.value)[row]);
    columns_[static_cast<std::size_t>(highest_)].set_if_held(at, block.highs(scale_.value)[row]);
  }
  if (lowest_level_ >= 0) {
    columns_[static_cast<std::size_t>(lowest_level_)].set(at, block.lows(scale_.level)[row]);
    columns_[static_cast<std::size_t>(highest_level_)].set(at, block.highs(scale_.level)[row]);
  }
}

void ScaleWriter::write_norms(std::int64_t at, double value) {
  for (NormWriter& writer : norms_) {
    std::optional<NormRow> computed;
    if (writer.norms->logistic) computed = look_up(*writer.norms, value);
    const auto found = writer.rows.find(value);
    const NormRow* row = computed ? &*computed : found == writer.rows.end() ? nullptr : &found->second;
    if (row == nullptr) continue;
    for (std::size_t i = 0; i < writer.columns.size(); ++i) {
      if (const auto& figure = row->*writer.figures[i]) writer.columns[i].set(at, *figure);
    }
  }
}

void ScaleWriter::finish(std::vector<ScoreColumn>& columns) {
  for (ColumnWriter& column : columns_) columns.push_back(column.finish());
  for (NormWriter& writer : norms_) {
    for (ColumnWriter& column : writer.columns) columns.push_back(column.finish());
  }
}

ContributionWriter::ContributionWriter(const Plan& plan, std::int64_t rows) {
  columns_.reserve(plan.contributions.size());
  for (const PlannedContribution& one : plan.contributions) {
    const bool real = plan.registers[static_cast<std::size_t>(one.of)] == RegisterType::real;
    columns_.emplace_back(one.name, real ? ScoreColumn::Kind::real : ScoreColumn::Kind::whole, rows);
  }
}

void ContributionWriter::write(const Block& block, std::int64_t first) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const PlannedContribution& one = block.plan().contributions[i];
    for (int row = 0; row < block.rows(); ++row) {
      const std::uint8_t flags = block.flags(one.of)[row];
      const bool left_out = one.left_out_is_zero && (flags & unusable_flags) == flag_missing;
      if ((flags & unusable_flags) == 0 || left_out) columns_[i].set(first + row, block.number(one.of, row));
    }
  }
}

void ContributionWriter::finish(std::vector<ScoreColumn>& columns) {
  for (ColumnWriter& column : columns_) columns.push_back(column.finish());
}

}  // namespace appraise::detail
