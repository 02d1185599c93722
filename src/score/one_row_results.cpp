// Result columns of one row.
#include <cmath>
#include <limits>

#include "score/one_row.hpp"
#include "score/result_maps.hpp"
#include "score/results.hpp"

namespace appraise::detail {

namespace {

void set_valid(ScoreColumn& column, bool valid) {
  if (!valid) {
    column.validity.assign(1, std::uint8_t{0});
  } else if (!column.validity.empty()) {
    column.validity.clear();
  }
}

/// A register as it is.
void copy(const RowValue& x, CopiedColumn::As as, const ByteMap& valid, ScoreColumn& out) {
  switch (as) {
    case CopiedColumn::As::wholes:
      out.wholes.front() = static_cast<std::int32_t>(x.value);
      break;
    case CopiedColumn::As::reals:
      out.reals.front() = x.value + 0.0;  // 0, never -0
      break;
    case CopiedColumn::As::labels:
      out.bytes.front() = static_cast<std::uint8_t>(x.value);
      break;
  }
  set_valid(out, valid[x.flags] != 0);
}

/// Never null.
void set_status(const RowValue& x, ScoreColumn& out) { out.bytes.front() = statuses[x.flags]; }

}  // namespace

void ResultWriter::begin_row(Scores& scores) {
  scores_ = &scores;
  if (scores.columns.empty()) scores = empty_;
  if (scores.rows == 1) return;
  resize(1);
  for (ScoreColumn& column : scores.columns) column.validity.reserve(1);
}

void ResultWriter::write_row(const Row& row) {
  for (const auto* columns : {&copied_, &terms_}) {
    for (const CopiedColumn& column : *columns) {
      copy(row[column.of], column.as, *column.valid, at(column.column));
      if (column.status >= 0) set_status(row[column.of], at(column.status));
    }
  }
  for (const ScaleColumns& columns : scales_) {
    const RowValue& value = row[columns.planned->value];
    if (columns.levelled) {
      copy(value, CopiedColumn::As::wholes, usable_rows, at(columns.value));
      set_status(value, at(columns.status));
      copy(row[columns.planned->level], CopiedColumn::As::labels, usable_rows, at(columns.level));
    }
    if (columns.standard >= 0) {
      const RowValue& level = row[columns.planned->level];
      const auto which =
          level.usable() ? static_cast<std::size_t>(level.value) : static_cast<std::size_t>(columns.levels);
      ScoreColumn& out = at(columns.standard);
      out.bytes.front() = columns.standards[which];
      set_valid(out, columns.has_standard[which] != 0);
    }
    const double given = value.usable() ? value.value : std::numeric_limits<double>::quiet_NaN();
    for (const Derived& derived : columns.derived) put_derived(derived, given);
  }
}

void ResultWriter::put_derived(const Derived& derived, double value) {
  ScoreColumn& out = at(derived.column);
  double figure = 0;
  derived.function({&value, 1}, &figure);
  const bool real = out.kind == ScoreColumn::Kind::real;
  const bool held = std::fabs(figure) <= (real ? std::numeric_limits<double>::max() : whole_limit);
  if (!held) figure = 0;
  if (real) {
    out.reals.front() = figure + 0.0;  // 0, never -0
  } else {
    out.wholes.front() = static_cast<std::int32_t>(figure);
  }
  set_valid(out, held);
}

}  // namespace appraise::detail
