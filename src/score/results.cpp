#include "score/results.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "appraise/norms.hpp"
#include "score/bytes.hpp"

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

template <class Function>
constexpr ByteMap map_of(Function function) {
  ByteMap map{};
  for (std::size_t flags = 0; flags < map.size(); ++flags) {
    map[flags] = static_cast<std::uint8_t>(function(static_cast<std::uint8_t>(flags)));
  }
  return map;
}

constexpr ByteMap usable_rows = map_of([](std::uint8_t flags) { return (flags & unusable_flags) == 0; });
constexpr ByteMap bounded_rows =
    map_of([](std::uint8_t flags) { return (flags & (flag_invalid | flag_inapplicable)) == 0; });
constexpr ByteMap usable_or_left_out = map_of(
    [](std::uint8_t flags) { return (flags & unusable_flags) == 0 || (flags & unusable_flags) == flag_missing; });
constexpr ByteMap statuses = map_of([](std::uint8_t flags) {
  if ((flags & flag_inapplicable) != 0) return Status::not_applicable;
  if ((flags & flag_invalid) != 0) return Status::invalid;
  if ((flags & flag_missing) != 0) return Status::incomplete;
  return (flags & flag_omitted) != 0 ? Status::scored_with_omissions : Status::scored;
});

/// Whether a column can hold a number.
bool holds(const ScoreColumn& column, double number) {
  return column.kind == ScoreColumn::Kind::real ? std::isfinite(number) : std::fabs(number) <= whole_limit;
}

void set(ScoreColumn& column, std::int64_t row, std::optional<double> number) {
  const auto at = static_cast<std::size_t>(row);
  const bool held = number && holds(column, *number);
  const double value = held ? *number + 0.0 : 0;  // 0, never -0
  if (column.kind == ScoreColumn::Kind::real) {
    column.reals[at] = value;
  } else if (column.kind == ScoreColumn::Kind::label) {
    column.bytes[at] = static_cast<std::uint8_t>(value);
  } else {
    column.wholes[at] = static_cast<std::int32_t>(value);
  }
  const auto bit = static_cast<std::uint8_t>(1U << (row & 7));
  std::uint8_t& byte = column.validity[at >> 3];
  byte = static_cast<std::uint8_t>(held ? byte | bit : byte & ~bit);
}

/// From a value to the nearest cut between levels; nothing if no level holds it.
std::optional<double> distance_to_cut(const LevelScheme& scheme, bool whole, double value) {
  const auto& bands = scheme.bands;
  const auto found =
      std::find_if(bands.begin(), bands.end(), [&](const LevelBand& band) { return band.interval.holds(value); });
  if (found == bands.end()) return std::nullopt;
  const auto cut = [&](std::vector<LevelBand>::const_iterator band) {
    const double from = *band->interval.from;
    return whole ? std::ceil(from) : from;
  };
  double distance = unbounded;
  if (found + 1 != bands.end()) distance = cut(found + 1) - value;
  if (found != bands.begin()) distance = std::min(distance, value - cut(found) + (whole ? 1 : 0));
  return distance;
}

}  // namespace

ResultWriter::ResultWriter(const Layout& layout, const ScoreOptions& options) : layout_(layout), options_(options) {
  for (const PlannedScale& scale : layout.plan.scales) add_scale(scale);
  if (options.contributions) {
    for (const PlannedContribution& one : layout.plan.contributions) {
      const bool real = layout.plan.registers[static_cast<std::size_t>(one.of)] == RegisterType::real;
      contributions_.push_back({&one, add(one.name, real ? ScoreColumn::Kind::real : ScoreColumn::Kind::whole)});
    }
  }
  empty_.metadata = layout.plan.metadata;
  scores_ = empty_;
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
  scales_.push_back(std::move(columns));
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
    columns.derived.push_back({add(name + "_to_cut", whole ? ScoreColumn::Kind::whole : ScoreColumn::Kind::real),
                               [scheme, whole](double value) { return distance_to_cut(*scheme, whole, value); },
                               {},
                               {},
                               {}});
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
    columns.derived.push_back({position, look, {}, {}, {}});
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
    for (int i = 0; i <= columns.values; ++i) {
      std::optional<double> figure;
      if (i < columns.values) figure = derived.function(columns.lowest_value + i);
      const bool held = figure && holds(column, *figure);
      derived.held.push_back(held ? 1 : 0);
      derived.reals.push_back(held ? *figure + 0.0 : 0);
      derived.wholes.push_back(held && column.kind == ScoreColumn::Kind::whole ? static_cast<std::int32_t>(*figure)
                                                                               : 0);
    }
    derived.held.resize((derived.held.size() + 15) / 16 * 16);
  }
}

void ResultWriter::begin(std::int64_t rows) {
  constexpr std::size_t large = std::size_t{32} << 20;  // of results that no cache is to hold
  if (scores_.columns.empty()) scores_ = empty_;
  scores_.rows = rows;
  std::size_t bytes = 0;
  const auto n = static_cast<std::size_t>(rows);
  for (ScoreColumn& column : scores_.columns) {
    switch (column.kind) {
      case ScoreColumn::Kind::real:
        column.reals.resize(n);
        break;
      case ScoreColumn::Kind::whole:
      case ScoreColumn::Kind::date:
        column.wholes.resize(n);
        break;
      case ScoreColumn::Kind::label:
      case ScoreColumn::Kind::status:
        column.bytes.resize(n);
        break;
    }
    if (column.kind != ScoreColumn::Kind::status) column.validity.resize((n + 7) / 8);
    bytes += column.reals.size() * sizeof(double) + column.wholes.size() * sizeof(std::int32_t) + column.bytes.size();
  }
  stores_ = bytes >= large ? Stores::streaming : Stores::cached;
}

void ResultWriter::write_numbers(int column, const Block& block, Register of, const ByteMap& valid,
                                 std::int64_t first) {
  ScoreColumn& out = at(column);
  if (out.kind == ScoreColumn::Kind::real) {
    write_reals(block, of, first, out.reals.data());
  } else if (out.kind == ScoreColumn::Kind::label) {
    write_labels(block, of, first, stores_, out.bytes.data());
  } else {
    write_wholes(block, of, first, stores_, out.wholes.data());
  }
  write_validity(block, of, valid, first, out.validity.data());
}

void ResultWriter::write_levels(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register level = columns.planned->level;
  if (columns.level >= 0) write_numbers(columns.level, block, level, usable_rows, first);
  if (columns.standard >= 0) {
    ScoreColumn& out = at(columns.standard);
    std::uint8_t index[largest_block];
    index_values(block, level, 0, columns.levels, index);
    write_looked_up(block, index, columns.standards, first, stores_, out.bytes.data());
    write_held(block, index, columns.has_standard, first, out.validity.data());
  }
}

void ResultWriter::write_derived(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register value = columns.planned->value;
  if (block.type(value) != RegisterType::byte) {
    for (const Derived& derived : columns.derived) {
      for (int row = 0; row < block.rows(); ++row) {
        set(at(derived.column), first + row,
            block.usable(value, row) ? derived.function(block.number(value, row)) : std::nullopt);
      }
    }
    return;
  }
  std::uint8_t index[largest_block];
  if (!columns.derived.empty()) index_values(block, value, columns.lowest_value, columns.values, index);
  const Derived* last = nullptr;
  for (const Derived& derived : columns.derived) {
    ScoreColumn& out = at(derived.column);
    if (out.kind == ScoreColumn::Kind::real) {
      write_looked_up(block, index, derived.reals, first, stores_, out.reals.data());
    } else {
      write_looked_up(block, index, derived.wholes, first, stores_, out.wholes.data());
    }
    if (last != nullptr && last->held == derived.held) {  // as most figures of a norm set
      const auto bytes = static_cast<std::size_t>(block.rows() + 7) / 8;
      std::memcpy(out.validity.data() + first / 8, at(last->column).validity.data() + first / 8, bytes);
    } else {
      write_held(block, index, derived.held, first, out.validity.data());
    }
    last = &derived;
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

void ResultWriter::write_levelled_scale(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register value = columns.planned->value;
  std::uint8_t* standard = columns.standard < 0 ? nullptr : at(columns.standard).bytes.data();
  write_levelled(
      block, value, columns.planned->level, statuses, columns.standards.data(), first, stores_,
      {at(columns.value).wholes.data(), at(columns.status).bytes.data(), at(columns.level).bytes.data(), standard});
  const std::uint8_t* validity = at(columns.value).validity.data() + first / 8;
  write_validity(block, value, usable_rows, first, at(columns.value).validity.data());
  for (const int column : {columns.level, columns.standard}) {
    if (column < 0) continue;
    std::memcpy(at(column).validity.data() + first / 8, validity, static_cast<std::size_t>(block.rows() + 7) / 8);
  }
}

void ResultWriter::write_scale(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register value = columns.planned->value;
  if (columns.levelled) {
    write_levelled_scale(columns, block, first);
  } else {
    write_numbers(columns.value, block, value, usable_rows, first);
    write_flags(block, value, statuses, first, stores_, at(columns.status).bytes.data());
    write_levels(columns, block, first);
  }
  write_derived(columns, block, first);
}

void ResultWriter::write(const Block& block, std::int64_t first) {
  for (const ScaleColumns& columns : scales_) write_scale(columns, block, first);
  for (const Contribution& one : contributions_) {
    write_numbers(one.column, block, one.planned->of, one.planned->left_out_is_zero ? usable_or_left_out : usable_rows,
                  first);
  }
}

void ResultWriter::write_own_bounds(const Block& block, std::int64_t first) {
  for (const ScaleColumns& columns : scales_) {
    for (const int column : {columns.lowest, columns.highest}) {
      if (column >= 0) write_numbers(column, block, columns.planned->value, bounded_rows, first);
    }
    for (const int column : {columns.lowest_level, columns.highest_level}) {
      if (column >= 0) write_numbers(column, block, columns.planned->level, bounded_rows, first);
    }
  }
}

void ResultWriter::write_bounds(const BoundedBytes& bounded, const Block& block, std::int64_t first) {
  const int rows = block.rows();
  for (const ScaleColumns& columns : scales_) {
    const std::uint8_t* flags = block.flags(columns.planned->value);
    std::int8_t written[largest_block];
    const auto put = [&](int column, const std::int8_t* ends) {
      if (column < 0) return;
      select_unflagged(ends, flags, flag_invalid | flag_inapplicable, block.padded(), written);
      ScoreColumn& out = at(column);
      if (out.kind == ScoreColumn::Kind::label) {
        write_labels(reinterpret_cast<const std::uint8_t*>(written), rows, first, stores_, out.bytes.data());
      } else {
        write_wholes(written, rows, first, stores_, out.wholes.data());
      }
      write_validity(block, columns.planned->value, bounded_rows, first, out.validity.data());
    };
    const Register value = columns.planned->value, level = columns.planned->level;
    put(columns.lowest, bounded.lows(value));
    put(columns.highest, bounded.highs(value));
    if (columns.lowest_level < 0) continue;
    put(columns.lowest_level, bounded.lows(level));
    put(columns.highest_level, bounded.highs(level));
  }
}

void ResultWriter::write_bounds(const BoundedRows& bounded, const std::int32_t* rows, std::int64_t first) {
  for (const ScaleColumns& columns : scales_) {
    const auto put = [&](int column, Register of, auto end) {
      if (column < 0) return;
      for (int i = 0; i < bounded.count(); ++i) {
        const bool written = bounded_rows[bounded.flags(columns.planned->value, i)] != 0;
        set(at(column), first + rows[i], written ? std::optional(end(bounded.range(of, i))) : std::nullopt);
      }
    };
    const auto low = [](Range range) { return range.low; };
    const auto high = [](Range range) { return range.high; };
    put(columns.lowest, columns.planned->value, low);
    put(columns.highest, columns.planned->value, high);
    put(columns.lowest_level, columns.planned->level, low);
    put(columns.highest_level, columns.planned->level, high);
  }
}

void ResultWriter::finish() {
  const auto rows = static_cast<std::size_t>(scores_.rows);
  for (ScoreColumn& column : scores_.columns) {
    if (column.kind == ScoreColumn::Kind::status) continue;  // never null
    const std::uint8_t* bits = column.validity.data();
    std::size_t byte = 0;
    for (std::uint64_t word = 0; byte + sizeof word <= rows / 8; byte += sizeof word) {
      std::memcpy(&word, bits + byte, sizeof word);
      if (~word != 0) break;
    }
    while (byte < rows / 8 && bits[byte] == 0xFF) ++byte;
    if (byte == rows / 8 && (rows % 8 == 0 || bits[byte] == (1U << (rows % 8)) - 1)) column.validity.clear();
  }
}

}  // namespace appraise::detail
