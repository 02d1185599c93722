#include "score/results.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "score/bytes.hpp"
#include "score/result_maps.hpp"

namespace appraise::detail {

void ResultWriter::begin(std::int64_t rows, Scores& scores) {
  scores_ = &scores;
  if (scores.columns.empty()) scores = empty_;
  if (scores.rows != rows || rows == 0) resize(rows);
  memory_.clear();
  for (ScoreColumn& column : scores.columns) {
    if (column.kind != ScoreColumn::Kind::status) column.validity.resize(static_cast<std::size_t>(rows + 7) / 8);
    void* values = column.kind == ScoreColumn::Kind::real ? static_cast<void*>(column.reals.data())
                   : column.bytes.empty()                 ? static_cast<void*>(column.wholes.data())
                                                          : static_cast<void*>(column.bytes.data());
    memory_.push_back({values, column.validity.data()});
  }
}

void ResultWriter::resize(std::int64_t rows) {
  constexpr std::size_t large = std::size_t{4} << 20;  // of results: with the answers they would fill a cache
  std::size_t bytes = 0;
  const auto n = static_cast<std::size_t>(rows);
  scores_->rows = 0;  // should memory run out
  for (ScoreColumn& column : scores_->columns) {
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
    bytes += column.reals.size() * sizeof(double) + column.wholes.size() * sizeof(std::int32_t) + column.bytes.size();
  }
  scores_->rows = rows;
  stores_ = bytes >= large ? Stores::streaming : Stores::cached;
}

void ResultWriter::write_standard_level(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  ScoreColumn& out = at(columns.standard);
  std::uint8_t index[largest_block];
  index_values(block, columns.planned->level, 0, columns.levels, index);
  write_looked_up(block, index, columns.standards, first, stores_, out.bytes.data());
  write_held(block, index, columns.has_standard, first, out.validity.data());
}

void ResultWriter::work_out_derived(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  bool has_norms = false;
  for (const Derived& derived : columns.derived) {
    if (derived.bands.empty()) {
      has_norms = true;
    } else {
      const bool whole = at(derived.column).kind == ScoreColumn::Kind::whole;
      write_distances(block, columns.planned->value, derived.bands, whole, where(), derived.column, first);
    }
  }
  if (has_norms) work_out_norms(columns, block, first);
}

void ResultWriter::work_out_norms(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register value = columns.planned->value;
  const auto rows = static_cast<std::size_t>(block.rows());
  std::array<double, largest_block> values, figures;
  std::array<std::uint8_t, largest_block> held{};
  for (int row = 0; row < block.rows(); ++row) {
    values[static_cast<std::size_t>(row)] =
        block.usable(value, row) ? block.number(value, row) : std::numeric_limits<double>::quiet_NaN();
  }
  for (const Derived& derived : columns.derived) {
    if (!derived.bands.empty()) continue;
    ScoreColumn& out = at(derived.column);
    derived.function({values.data(), rows}, figures.data());
    double* const to = out.reals.data() + first;
    for (std::size_t i = 0; i < rows; ++i) {
      held[i] = std::isfinite(figures[i]) ? 1 : 0;
      to[i] = held[i] != 0 ? figures[i] + 0.0 : 0.0;  // 0, never -0
    }
    write_bits(held.data(), block.rows(), first, out.validity.data());
  }
}

void ResultWriter::write_derived(const ScaleColumns& columns, const Block& block, std::int64_t first) {
  const Register value = columns.planned->value;
  if (block.type(value) != RegisterType::byte) return work_out_derived(columns, block, first);
  std::uint8_t index[largest_block];
  index_values(block, value, columns.lowest_value, columns.values, index);
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

void ResultWriter::write(const Block& block, std::int64_t first) {
  write_columns(block, copied_, statuses, memory_.data(), first, stores_);
  for (const ScaleColumns& columns : scales_) {
    if (columns.levelled) {
      write_levelled_scale(columns, block, first);
    } else if (columns.standard >= 0) {
      write_standard_level(columns, block, first);
    }
    if (!columns.derived.empty()) write_derived(columns, block, first);
  }
}

void ResultWriter::write_bounds(const Block& block, End end, std::int64_t first) {
  write_columns(block, end == End::lowest ? lowest_ : highest_, statuses, memory_.data(), first, stores_);
}

void ResultWriter::finish() {
  const auto rows = static_cast<std::size_t>(scores_->rows);
  for (ScoreColumn& column : scores_->columns) {
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
