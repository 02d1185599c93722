// Runs sweeps: pieces of cells, operations on bytes, result columns.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/sweep.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/sweep_operations-inl.hpp"
#include "score/sweep_writing-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Asks for a line that will be read once.
HWY_INLINE void ask_once(const std::byte* line) { __builtin_prefetch(line, 0, 0); }

/// Asks for what is read later while a tile is scored, a few lines at a time: a processor can wait for so many only.
class Asking {
 public:
  /// In so many parts, beside a tile that begins at a row, for its share of the next stretch.
  HWY_INLINE Asking(const Sources& sources, std::int64_t row, std::size_t parts) : parts_(parts) {
    const ReadAhead& ahead = sources.ahead;
    const std::int64_t next = row / ahead.rows + 1;
    if (next * ahead.rows >= sources.rows) return;
    const auto tile = static_cast<std::size_t>(row % ahead.rows / tile_rows);
    const auto tiles = static_cast<std::size_t>(ahead.rows / tile_rows);
    stretch_ = static_cast<std::size_t>(next * (ahead.rows / 8));
    const std::size_t first = ahead.lines.size() * tile / tiles;
    all_ = ahead.lines.size() * (tile + 1) / tiles - first;
    at_ = ahead.lines.data() + first;
    end_ = at_ + all_;
  }

  HWY_INLINE void part() {
    for (due_ += all_; due_ >= parts_ && at_ != end_; due_ -= parts_, ++at_) {
      const std::byte* from = at_->column + stretch_ * at_->bits + at_->first;
      for (std::size_t i = 0; i < ReadAhead::together; ++i) ask_once(from + i * ReadAhead::line);
    }
  }

 private:
  std::size_t parts_, stretch_ = 0, all_ = 0, due_ = 0;
  const ReadAhead::Lines *at_ = nullptr, *end_ = nullptr;
};

/// Fills the slot of a source.
void read_source(const TileSource& source, std::int64_t first, int rows, std::uint8_t* piece) {
  const auto narrow = [&](auto number) HWY_ATTR {
    if (!read_narrow<decltype(number)>(source, first, piece)) {
      read_pieces(*source.decoder, first, rows, tile_rows, piece);
    }
  };
  switch (rows == tile_rows ? source.kind : TileSource::Cells::other) {
    case TileSource::Cells::bytes:
    case TileSource::Cells::capped:
    case TileSource::Cells::bits: {
      const auto lanes = static_cast<int>(hn::Lanes(TileTag()));
      for (int row = 0; row < tile_rows; row += together * lanes) {
        auto a = hn::Zero(TileTag()), b = a, c = a, e = a;
        read_pieces(source, first + row, a, b, c, e);
        store(a, b, c, e, piece + row);
      }
      break;
    }
    case TileSource::Cells::int16:
      return narrow(std::int16_t{});
    case TileSource::Cells::int32:
      return narrow(std::int32_t{});
    case TileSource::Cells::int64:
      return narrow(std::int64_t{});
    case TileSource::Cells::float64:
      return narrow(double{});
    case TileSource::Cells::other:
      return read_pieces(*source.decoder, first, rows, tile_rows, piece);
  }
}

}  // namespace

void RunSweep(const Sweep& sweep, std::uint8_t* memory, const Sources& sources, std::int64_t first, std::int64_t rows,
              Stores stores, const ColumnMemory* columns) {
  Operations tile(memory, sources.all.data());
  const std::size_t parts = std::max<std::size_t>(1, sources.read + sweep.steps.size() + sweep.writes.size());
  for (const std::int64_t end = first + rows; first < end; first += tile_rows) {
    Asking asking(sources, first, parts);
    const auto count = static_cast<int>(std::min<std::int64_t>(tile_rows, end - first));
    const bool whole = count == tile_rows;
    for (const TileSource& source : sources.all) {
      if (whole && source.is_direct()) continue;
      asking.part();
      read_source(source, first, count, tile.at(source.out));
    }
    tile.set_rows(first, whole);
    for (const TileStep& step : sweep.steps) {
      asking.part();
      std::visit([&](const auto& op) { tile.run(op, step); }, step.operation);
    }
    const Writing writing(tile, first, count, stores, columns);
    for (const TileWrite& write : sweep.writes) {
      asking.part();
      std::visit([&](const auto& one) { writing.write(one); }, write);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunSweep);

void run_sweep(const Sweep& sweep, const Tile& tile, const Sources& sources, std::int64_t first, std::int64_t rows,
               Stores stores, const std::vector<ColumnMemory>& columns) {
  HWY_DYNAMIC_DISPATCH(RunSweep)(sweep, tile.data(), sources, first, rows, stores, columns.data());
}

}  // namespace appraise::detail
#endif
