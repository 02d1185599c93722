// The result columns of a sweep.
#include <algorithm>

#include "score/result_maps.hpp"
#include "score/results.hpp"

namespace appraise::detail {

void ResultWriter::add_levels_to(SweepMaker& sweep, const ScaleColumns& columns) const {
  if (columns.level < 0) return;
  const Register level = columns.planned->level;
  const TileByte own = sweep.value(level), usable = sweep.mask(level, usable_rows);
  sweep.write_bytes(columns.level, own, usable);
  sweep.write_validity(columns.level, usable);
  if (columns.standard < 0) return;
  const auto some = columns.has_standard.begin(), end = some + columns.levels;
  if (std::find(some, end, 0) == end) {
    sweep.write_bytes(columns.standard, sweep.look_up(own, 0, columns.standards), usable);
    return sweep.write_validity(columns.standard, usable);
  }
  const TileByte index = sweep.keep(own, usable, 0, columns.levels);
  sweep.write_bytes(columns.standard, sweep.look_up(index, 0, columns.standards), usable);
  sweep.write_validity(columns.standard, sweep.look_up(index, 0, columns.has_standard));
}

void ResultWriter::add_bounds_to(SweepMaker& sweep, const ScaleColumns& columns) const {
  const Register value = columns.planned->value, level = columns.planned->level;
  const auto put = [&](int column, Register of, End which) {
    if (column < 0) return;
    const TileByte mask = sweep.mask(value, bounded_rows);
    if (at(column).kind == ScoreColumn::Kind::label) {
      sweep.write_bytes(column, sweep.end(of, which), mask);
    } else {
      sweep.write_wholes(column, sweep.end(of, which), mask);
    }
    sweep.write_validity(column, mask);
  };
  put(columns.lowest, value, End::lowest);
  put(columns.highest, value, End::highest);
  put(columns.lowest_level, level, End::lowest);
  put(columns.highest_level, level, End::highest);
}

void ResultWriter::add_derived_to(SweepMaker& sweep, const ScaleColumns& columns) const {
  if (columns.derived.empty()) return;
  const Register value = columns.planned->value;
  if (layout_.plan.registers[static_cast<std::size_t>(value)] != RegisterType::byte || columns.values > 255) {
    return sweep.refuse();
  }
  const TileByte index =
      sweep.keep(sweep.value(value), sweep.mask(value, usable_rows), columns.lowest_value, columns.values);
  for (const Derived& derived : columns.derived) {
    if (at(derived.column).kind == ScoreColumn::Kind::real) {
      sweep.write_reals(derived.column, index, derived.reals);
    } else {
      sweep.write_wholes(derived.column, index, derived.wholes);
    }
    sweep.write_validity(derived.column, sweep.look_up(index, 0, derived.held));
  }
}

void ResultWriter::add_to(SweepMaker& sweep) const {
  for (const ScaleColumns& columns : scales_) {
    const Register value = columns.planned->value;
    const TileByte usable = sweep.mask(value, usable_rows);
    switch (at(columns.value).kind) {
      case ScoreColumn::Kind::label:
        sweep.write_bytes(columns.value, sweep.value(value), usable);
        break;
      case ScoreColumn::Kind::whole:
        if (layout_.plan.registers[static_cast<std::size_t>(value)] == RegisterType::byte) {
          sweep.write_wholes(columns.value, sweep.value(value), usable);
        } else {
          sweep.write_wide(columns.value, value, usable);
        }
        break;
      default:
        return sweep.refuse();
    }
    sweep.write_validity(columns.value, usable);
    sweep.write_bytes(columns.status, sweep.map(sweep.flags(value), statuses), always);
    add_levels_to(sweep, columns);
    add_bounds_to(sweep, columns);
    add_derived_to(sweep, columns);
  }
  for (const Contribution& one : contributions_) {
    const ByteMap& valid = one.planned->left_out_is_zero ? usable_or_left_out : usable_rows;
    if (at(one.column).kind != ScoreColumn::Kind::whole) return sweep.refuse();
    sweep.write_wholes(one.column, sweep.value(one.planned->of), sweep.mask(one.planned->of, usable_rows));
    sweep.write_validity(one.column, sweep.mask(one.planned->of, valid));
  }
}

std::optional<Sweep> ResultWriter::make_sweep(const std::vector<Decoder>& decoders) const {
  constexpr std::size_t most_bytes = 384 * 1024;  // for as long as tables are made; others have more operations anyway
  const Layout small(layout_.plan, layout_.purposes, {.rows = PieceTables::rows});
  if (empty_.columns.empty() || options_.reasons) return std::nullopt;
  if (small.rows < PieceTables::rows || small.bytes > most_bytes) return std::nullopt;
  SweepMaker maker(small, decoders, options_.bounds);
  add_to(maker);
  return std::move(maker).sweep();
}

}  // namespace appraise::detail
