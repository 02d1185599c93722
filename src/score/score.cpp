#include "appraise/score.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <thread>

#include "appraise/diagnostic.hpp"
#include "score/one_row.hpp"
#include "score/reasons.hpp"
#include "score/results.hpp"
#include "score/run.hpp"
#include "score/sweep.hpp"

namespace appraise {

namespace detail {
namespace {

std::uint8_t purposes_of(const ScoreOptions& options) {
  int purposes = for_value;
  if (options.levels) purposes |= for_level;
  if (options.contributions) purposes |= for_contributions;
  if (options.reasons) purposes |= for_cautions;
  return static_cast<std::uint8_t>(purposes);
}

/// What one thread needs to score blocks of rows by one plan.
struct Worker {
  Worker(const Layout& layout, const ScoreOptions& options) : block(layout) {
    if (options.reasons) {
      reasons.emplace(layout);
      cautions.emplace(layout);
    }
    if (options.bounds) bounds.emplace(layout);
  }

  Block block;
  std::optional<BoundedRows> bounds;
  std::optional<ReasonWriter> reasons;
  std::optional<CautionWriter> cautions;
  bool prepared = false;  ///< fixed steps have been run
};

/// One plan over caseload after caseload.
class PlanScorer {
 public:
  /// `arranges`: caseloads have so many rows that it is worth while to arrange steps for them.
  PlanScorer(ScoringPlan plan, const ScoreOptions& options, const BlockLimits& limits, bool arranges)
      : plan_(std::move(plan)),
        options_(options),
        arranges_(arranges),
        layout_(plan_.detail(), purposes_of(options), limits),
        results_(layout_, options),
        workers_(static_cast<std::size_t>(options.threads)),
        tiles_(workers_.size()) {
    if (options.reasons) static_cast<void>(worker(0));
  }

  /// `scores`: results of this plan before, whose memory is used again, or nothing.
  void begin(const Caseload& caseload, Scores& scores) {
    bind_to(caseload);
    alone_ = caseload.rows() == 1 && !options_.bounds && !options_.reasons;
    sweeping_ = false;
    if (alone_) return begin_row(scores);
    results_.begin(caseload.rows(), scores);
    if (options_.reasons) swap_texts();
    sweeping_ = caseload.rows() >= least_swept_rows && has_sweep();
    if (sweeping_) return find_sources(*sweep_, decoders_, 2 * layout_.spare, sources_);
    if (steps_) return;
    const OtherReaders readers{.items = options_.bounds || options_.reasons || options_.contributions,
                               .terms = options_.reasons,
                               .ranges = options_.bounds,
                               .all = options_.reasons,
                               .passing = results_.passing()};
    steps_ = arranges_ ? arranged_steps_of(layout_, decoders_, readers, results_.term_columns())
                       : steps_of(layout_, decoders_, readers, results_.term_columns());
    for (auto& worker : workers_) {
      if (worker) make_room(worker);
    }
  }

  [[nodiscard]] bool is_sweeping() const noexcept { return sweeping_; }

  /// Before the first rows of a thread.
  void begin_rows(int thread, std::int64_t rows) {
    if (alone_) return;
    if (sweeping_) {
      auto& tile = tiles_[static_cast<std::size_t>(thread)];
      if (!tile) tile.emplace(*sweep_);
      return tile->begin(sources_);
    }
    Worker& own = worker(thread);
    if (own.bounds) own.bounds->clear();  // should the last call have come to no end
    if (options_.reasons) {
      own.reasons->begin(rows);
      own.cautions->begin(rows);
    }
    if (own.prepared) return;
    own.block.set_rows(layout_.rows);
    run_values({own.block, decoders_, 0}, steps_->fixed);
    own.prepared = true;
  }

  void score_rows(int thread, std::int64_t first, int rows) {
    if (alone_) return results_.write_row(single_->run());
    if (sweeping_) {
      Tile& tile = *tiles_[static_cast<std::size_t>(thread)];
      return run_sweep(*sweep_, tile, sources_, first, rows, results_.stores(), results_.memory());
    }
    Worker& own = worker(thread);
    own.block.set_rows(rows);
    run_values({own.block, decoders_, first, results_.where()}, steps_->varying);
    results_.write(own.block, first);
    if (own.bounds) bound(*own.bounds, own.block, first);
    if (!options_.reasons) return;
    own.reasons->write(own.block);
    own.cautions->write(own.block);
  }

  /// After the last rows of a thread, which end before `end`.
  void finish_rows(int thread, std::int64_t end) {
    if (alone_ || sweeping_) return;
    Worker& own = worker(thread);
    if (own.bounds && own.bounds->rows() > 0) write_bounds(*own.bounds, end);
  }

  void finish(int threads) {
    if (alone_) return;
    results_.finish();
    if (!options_.reasons) return;
    swap_texts();
    Scores& scores = results_.scores();
    for (int i = 1; i < threads; ++i) {
      append(worker(i).reasons->lists(), scores.reasons);
      append(worker(i).cautions->lists(), scores.cautions);
    }
  }

 private:
  /// A caseload of fewer rows is not worth the making of a sweep.
  static constexpr std::int64_t least_swept_rows = 512;

  /// What caseload the decoders are bound to, and where its columns lie.
  struct Bound {
    std::uint64_t caseload;
    const Column* columns;
    friend bool operator==(const Bound&, const Bound&) = default;
  };

  void bind_to(const Caseload& caseload) {
    const Bound now{caseload.identity(), caseload.columns().data()};
    if (bound_ == now) return;
    const bool bound_before = std::exchange(bound_, std::nullopt).has_value();
    const bool changed = bind(plan_.detail(), caseload, decoders_);
    if (changed || !bound_before) {
      steps_.reset();
      forget_sweep();
      single_.reset();
    }
    if (single_) single_->find_cells();
    bound_ = now;
  }

  /// Registers may lie elsewhere than before.
  void make_room(std::unique_ptr<Worker>& worker) {
    if (worker->block.size() < layout_.bytes) {
      worker.reset();
    } else {
      worker->block.clear();
      worker->prepared = false;
    }
  }

  void begin_row(Scores& scores) {
    if (!single_) {
      single_.emplace(layout_, decoders_);
      single_->find_cells();
    }
    results_.begin_row(scores);
  }

  void bound(BoundedRows& bounds, const Block& block, std::int64_t first) {
    if (!bounds.find(block) && bounds.rows() == 0) {
      for (const End end : {End::lowest, End::highest}) results_.write_bounds(block, end, first);
      return;
    }
    for (int row = 0; row < block.rows();) {
      row = bounds.add(block, row);
      if (row < block.rows() || bounds.is_full()) write_bounds(bounds, first + row);
    }
  }

  /// Of a stretch of rows before `end`.
  void write_bounds(BoundedRows& bounds, std::int64_t end) {
    bounds.finish();
    for (const End one : {End::lowest, End::highest}) {
      results_.write_bounds(bounds.report(one), one, end - bounds.rows());
    }
    bounds.clear();
  }

  /// The first thread writes into the memory of the results.
  void swap_texts() {
    std::swap(results_.scores().reasons, workers_.front()->reasons->lists());
    std::swap(results_.scores().cautions, workers_.front()->cautions->lists());
  }

  [[nodiscard]] Worker& worker(int thread) {
    auto& one = workers_[static_cast<std::size_t>(thread)];
    if (!one) one = std::make_unique<Worker>(layout_, options_);
    return *one;
  }

  void forget_sweep() {
    sweep_.reset();
    for (auto& tile : tiles_) tile.reset();
    is_tried_ = false;
  }

  /// Makes it if it is not there yet; gives whether there is one.
  [[nodiscard]] bool has_sweep() {
    if (!std::exchange(is_tried_, true)) sweep_ = results_.make_sweep(decoders_);
    return sweep_.has_value();
  }

  ScoringPlan plan_;
  ScoreOptions options_;
  bool arranges_;
  Layout layout_;
  std::vector<Decoder> decoders_;
  std::optional<Steps> steps_;       ///< when it scores blocks
  std::optional<SingleRow> single_;  ///< when it scores one row
  ResultWriter results_;
  std::vector<std::unique_ptr<Worker>> workers_;  ///< of each thread, when it scores blocks
  std::optional<Sweep> sweep_;
  std::vector<std::optional<Tile>> tiles_;  ///< of each thread, when it sweeps
  Sources sources_;
  std::optional<Bound> bound_;
  bool is_tried_ = false, sweeping_ = false, alone_ = false;
};

/// Rows that a thread takes at a time begin at whole bytes of validity in any block size.
std::int64_t chunk_of(std::int64_t rows, int threads, int thread) {
  return rows * thread / threads / lane_rows * lane_rows;
}

}  // namespace
}  // namespace detail

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::scored:
      return "scored";
    case Status::scored_with_omissions:
      return "scored_with_omissions";
    case Status::incomplete:
      return "incomplete";
    case Status::invalid:
      return "invalid";
    case Status::not_applicable:
      return "not_applicable";
  }
  return "";
}

const ScoreColumn* Scores::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const ScoreColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

struct Scorer::Inside {
  Inside(std::vector<ScoringPlan> all, const ScoreOptions& how)
      : plans(std::move(all)), options(how), results(plans.size()) {}

  std::vector<ScoringPlan> plans;
  ScoreOptions options;
  std::vector<Scores> results;

  /// Takes the scratch for a few rows, or for some, until there are more: little of it is cleared and read then.
  void make_room(std::int64_t rows) {
    constexpr int some_rows = 512;
    const int wanted = rows <= detail::lane_rows    ? detail::lane_rows
                       : rows < least_arranged_rows ? some_rows
                                                    : detail::largest_block;
    if (wanted <= room_) return;
    // Plans share what a thread may have, and take as many rows at a time as each has room for.
    detail::BlockLimits limits{.rows = wanted, .bytes = detail::BlockLimits{}.bytes / plans.size()};
    for (const ScoringPlan& plan : plans) {
      limits.rows = std::min(limits.rows, detail::Layout(plan.detail(), detail::purposes_of(options), limits).rows);
    }
    room_ = 0;  // should memory run out
    scorers_.clear();
    for (const ScoringPlan& plan : plans) {
      scorers_.push_back(std::make_unique<detail::PlanScorer>(plan, options, limits, rows >= least_arranged_rows));
    }
    block_rows_ = limits.rows;
    room_ = wanted;
  }

  void score(const Caseload& caseload) {
    try {
      make_room(caseload.rows());
      for (std::size_t i = 0; i < scorers_.size(); ++i) scorers_[i]->begin(caseload, results[i]);
      run_all(caseload.rows());
    } catch (...) {
      results.clear();
      results.resize(plans.size());
      throw;
    }
  }

 private:
  /// Steps for fewer rows are not worth arranging.
  static constexpr std::int64_t least_arranged_rows = 2048;

  void run_all(std::int64_t rows) {
    const int threads = static_cast<int>(std::clamp<std::int64_t>(rows / block_rows_, 1, options.threads));
    if (threads == 1) {
      run(0, 0, rows);
    } else {
      run_parallel(threads, rows);
    }
    for (const auto& scorer : scorers_) scorer->finish(threads);
  }

  /// Scores the rows of one thread: every plan scores a block of rows while it is in the caches.
  void run(int thread, std::int64_t begin, std::int64_t end) {
    for (const auto& scorer : scorers_) scorer->begin_rows(thread, end - begin);
    const bool sweeping =
        std::all_of(scorers_.begin(), scorers_.end(), [](const auto& one) { return one->is_sweeping(); });
    const int most_rows = sweeping ? detail::swept_rows : block_rows_;
    for (std::int64_t first = begin; first < end; first += most_rows) {
      const auto rows = static_cast<int>(std::min<std::int64_t>(most_rows, end - first));
      for (const auto& scorer : scorers_) scorer->score_rows(thread, first, rows);
    }
    for (const auto& scorer : scorers_) scorer->finish_rows(thread, end);
    detail::finish_stores();
  }

  void run_parallel(int threads, std::int64_t rows) {
    std::vector<std::exception_ptr> errors(static_cast<std::size_t>(threads));
    std::vector<std::thread> started;
    const auto run_one = [&](int thread) {
      try {
        const std::int64_t end = thread + 1 == threads ? rows : detail::chunk_of(rows, threads, thread + 1);
        run(thread, detail::chunk_of(rows, threads, thread), end);
      } catch (...) {
        errors[static_cast<std::size_t>(thread)] = std::current_exception();
      }
    };
    for (int thread = 1; thread < threads; ++thread) started.emplace_back(run_one, thread);
    run_one(0);
    for (std::thread& thread : started) thread.join();
    for (const std::exception_ptr& error : errors) {
      if (error) std::rethrow_exception(error);
    }
  }

  std::vector<std::unique_ptr<detail::PlanScorer>> scorers_;
  int block_rows_ = 0, room_ = 0;  ///< room: rows that the scratch was asked for
};

Scorer::Scorer(std::vector<ScoringPlan> plans, const ScoreOptions& options) {
  if (plans.empty()) throw UsageError("score: there is no plan");
  if (options.threads < 1)
    throw UsageError("score: threads is " + std::to_string(options.threads) + "; expected 1 or more");
  inside_ = std::make_unique<Inside>(std::move(plans), options);
}

Scorer::Scorer(const ScoringPlan& plan, const ScoreOptions& options)
    : Scorer(std::vector<ScoringPlan>{plan}, options) {}
Scorer::~Scorer() = default;
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;

const std::vector<Scores>& Scorer::score(const Caseload& caseload) {
  inside_->score(caseload);
  return inside_->results;
}

std::vector<Scores> Scorer::take() {
  return std::exchange(inside_->results, std::vector<Scores>(inside_->plans.size()));
}

Scores score(const ScoringPlan& plan, const Caseload& caseload, const ScoreOptions& options) {
  Scorer scorer(plan, options);
  scorer.score(caseload);
  return std::move(scorer.take().front());
}

std::vector<Scores> score(const std::vector<ScoringPlan>& plans, const Caseload& caseload,
                          const ScoreOptions& options) {
  Scorer scorer(plans, options);
  scorer.score(caseload);
  return scorer.take();
}

}  // namespace appraise
