// Runs sweeps: pieces of cells, operations on bytes, result columns.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/sweep.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/sweep_operations-inl.hpp"
#include "score/sweep_reading-inl.hpp"
#include "score/sweep_writing-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Asks for what is read later while a tile is scored, a few lines at a time: a processor can wait for so many only.
class Asking {
 public:
  /// For nothing.
  Asking() = default;
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
  std::size_t parts_ = 1, stretch_ = 0, all_ = 0, due_ = 0;
  const ReadAhead::Lines *at_ = nullptr, *end_ = nullptr;
};

/// Scores a tile whose cells are read already, but for those that folds take from their columns.
HWY_INLINE void score_tile(const Sweep& sweep, Operations& tile, std::int64_t first, int rows, Stores stores,
                           const ColumnMemory* columns, Asking& asking) {
  tile.set_rows(first, rows == tile_rows);
  for (const TileStep& step : sweep.steps) {
    asking.part();
    std::visit([&](const auto& op) { tile.run(op, step); }, step.operation);
  }
  const Writing writing(tile, first, rows, stores, columns);
  for (const TileWrite& write : sweep.writes) {
    asking.part();
    std::visit([&](const auto& one) { writing.write(one); }, write);
  }
}

/// Calls `use` with the first row and the number of rows of each tile of [first, end).
template <class Use>
HWY_INLINE void each_tile(std::int64_t first, std::int64_t end, Use use) {
  for (; first < end; first += tile_rows) use(first, static_cast<int>(std::min<std::int64_t>(tile_rows, end - first)));
}

/// Reads and scores tile after tile.
void run_tiles(const Sweep& sweep, Tile& memory, const Sources& sources, std::int64_t begin, std::int64_t end,
               Stores stores, const ColumnMemory* columns) {
  Operations tile(memory.slots(), sources.all.data());
  const std::size_t parts = std::max<std::size_t>(1, sources.read + sweep.steps.size() + sweep.writes.size());
  each_tile(begin, end, [&](std::int64_t first, int rows) HWY_ATTR {
    Asking asking(sources, first, parts);
    for (const TileSource& source : sources.all) {
      if (rows == tile_rows && source.is_direct()) continue;
      asking.part();
      read_source(source, first, rows, tile.at(source.out));
    }
    score_tile(sweep, tile, first, rows, stores, columns, asking);
  });
}

/// Reads a strip of every column, then scores the tiles of these rows.
void run_strips(const Sweep& sweep, Tile& memory, const Sources& sources, std::int64_t begin, std::int64_t end,
                Stores stores, const ColumnMemory* columns) {
  Operations tile(memory.slots(), sources.all.data());
  Asking nothing;
  const TileSource& front = sources.all.front();
  for (; begin < end; begin += sources.strip_rows) {
    const std::int64_t stop = std::min(begin + sources.strip_rows, end);
    for (std::size_t i = 0; i < sources.all.size(); ++i) {
      const bool last = i + 1 == sources.all.size();
      const TileSource& next = last ? front : sources.all[i + 1];
      const std::byte* then = next.cells_from(last && stop < sources.rows ? stop : begin);
      read_strip({sources.all[i], begin, stop - begin, then, next.bits}, memory.strip(i));
    }
    const bool ask = front.bits == 64 && stop < sources.rows;  // for the next strip
    each_tile(begin, stop, [&](std::int64_t first, int rows) HWY_ATTR {
      if (ask) ask_tile(front.cells_from(first + (stop - begin)));
      memory.go_to(sources, first - begin);
      score_tile(sweep, tile, first, rows, stores, columns, nothing);
    });
  }
}

}  // namespace

void RunSweep(const Sweep& sweep, Tile& memory, const Sources& sources, std::int64_t first, std::int64_t rows,
              Stores stores, const ColumnMemory* columns) {
  const auto run = sources.strip_rows > 0 ? run_strips : run_tiles;
  run(sweep, memory, sources, first, first + rows, stores, columns);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunSweep);

void run_sweep(const Sweep& sweep, Tile& tile, const Sources& sources, std::int64_t first, std::int64_t rows,
               Stores stores, const std::vector<ColumnMemory>& columns) {
  HWY_DYNAMIC_DISPATCH(RunSweep)(sweep, tile, sources, first, rows, stores, columns.data());
}

}  // namespace appraise::detail
#endif
