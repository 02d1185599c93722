#include "appraise/score.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "appraise/diagnostic.hpp"
#include "score/reasons.hpp"
#include "score/results.hpp"
#include "score/run.hpp"

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

/// What one thread needs to score rows by one plan.
struct Worker {
  Worker(const Layout& layout, const ScoreOptions& options) : block(layout), reasons(layout), cautions(layout) {
    if (!options.bounds) return;
    byte_bounds.emplace(layout);
    if (byte_bounds->applies()) return;
    byte_bounds.reset();
    bounds.emplace(layout);
  }

  Block block;
  std::optional<BoundedBytes> byte_bounds;  ///< or
  std::optional<BoundedRows> bounds;
  ReasonWriter reasons;
  CautionWriter cautions;
  bool prepared = false;  ///< fixed steps have been run
};

/// One plan over caseload after caseload.
class PlanScorer {
 public:
  PlanScorer(ScoringPlan plan, const ScoreOptions& options)
      : plan_(std::move(plan)),
        options_(options),
        layout_(plan_.detail(), purposes_of(options)),
        results_(layout_, options) {
    for (int i = 0; i < options.threads; ++i) workers_.push_back(std::make_unique<Worker>(layout_, options));
  }

  [[nodiscard]] int block_rows() const noexcept { return layout_.rows; }

  void begin(const Caseload& caseload) {
    const bool bound_before = std::exchange(bound_, false);
    const bool changed = bind(plan_.detail(), caseload, decoders_);
    if (changed || !bound_before) {
      const bool lean = !options_.bounds && !options_.reasons && !options_.contributions;
      steps_ = steps_of(layout_, decoders_, lean);
      for (const auto& worker : workers_) worker->prepared = false;
    }
    bound_ = true;
    results_.begin(caseload.rows());
    swap_texts();
  }

  /// Before the first rows of a thread.
  void begin_rows(int thread, std::int64_t rows) {
    Worker& worker = *workers_[static_cast<std::size_t>(thread)];
    if (options_.reasons) {
      worker.reasons.begin(rows);
      worker.cautions.begin(rows);
    }
    if (worker.prepared) return;
    worker.block.set_rows(layout_.rows);
    run_values({worker.block, decoders_, 0}, steps_.fixed);
    worker.prepared = true;
  }

  void score_rows(int thread, std::int64_t first, int rows) {
    Worker& worker = *workers_[static_cast<std::size_t>(thread)];
    worker.block.set_rows(rows);
    run_values({worker.block, decoders_, first}, steps_.varying);
    results_.write(worker.block, first);
    if (worker.byte_bounds) {
      worker.byte_bounds->run(worker.block);
      results_.write_bounds(*worker.byte_bounds, worker.block, first);
    }
    if (worker.bounds) {
      results_.write_own_bounds(worker.block, first);
      const std::vector<std::int32_t>& selected = worker.bounds->select(worker.block);
      const auto most = static_cast<std::size_t>(worker.bounds->most());
      for (std::size_t i = 0; i < selected.size(); i += most) {
        const auto count = static_cast<int>(std::min(most, selected.size() - i));
        worker.bounds->run(worker.block, &selected[i], count);
        results_.write_bounds(*worker.bounds, &selected[i], first);
      }
    }
    if (!options_.reasons) return;
    worker.reasons.write(worker.block);
    worker.cautions.write(worker.block);
  }

  void finish(int threads) {
    results_.finish();
    if (!options_.reasons) return;
    swap_texts();
    Scores& scores = results_.scores();
    for (int i = 1; i < threads; ++i) {
      append(workers_[static_cast<std::size_t>(i)]->reasons.lists(), scores.reasons);
      append(workers_[static_cast<std::size_t>(i)]->cautions.lists(), scores.cautions);
    }
  }

  [[nodiscard]] Scores& scores() noexcept { return results_.scores(); }

 private:
  /// The first thread writes into the memory of the results.
  void swap_texts() {
    std::swap(results_.scores().reasons, workers_.front()->reasons.lists());
    std::swap(results_.scores().cautions, workers_.front()->cautions.lists());
  }

  ScoringPlan plan_;
  ScoreOptions options_;
  Layout layout_;
  std::vector<Decoder> decoders_;
  Steps steps_;
  ResultWriter results_;
  std::vector<std::unique_ptr<Worker>> workers_;
  bool bound_ = false;
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
  ScoreOptions options;
  std::vector<std::unique_ptr<detail::PlanScorer>> plans;
  std::vector<Scores> results;
  int block_rows = detail::largest_block;

  void run_all(std::int64_t rows) {
    const int threads = static_cast<int>(std::clamp<std::int64_t>(rows / block_rows, 1, options.threads));
    if (threads == 1) {
      run(0, 0, rows);
    } else {
      run_parallel(threads, rows);
    }
    for (const auto& plan : plans) plan->finish(threads);
  }

 private:
  /// Scores the rows of one thread: every plan scores a block of rows while it is in the caches.
  void run(int thread, std::int64_t begin, std::int64_t end) {
    for (const auto& plan : plans) plan->begin_rows(thread, end - begin);
    for (std::int64_t first = begin; first < end; first += block_rows) {
      const auto rows = static_cast<int>(std::min<std::int64_t>(block_rows, end - first));
      for (const auto& plan : plans) plan->score_rows(thread, first, rows);
    }
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
};

Scorer::Scorer(std::vector<ScoringPlan> plans, const ScoreOptions& options) : inside_(std::make_unique<Inside>()) {
  if (plans.empty()) throw UsageError("score: there is no plan");
  if (options.threads < 1)
    throw UsageError("score: threads is " + std::to_string(options.threads) + "; expected 1 or more");
  inside_->options = options;
  for (ScoringPlan& plan : plans) {
    inside_->plans.push_back(std::make_unique<detail::PlanScorer>(std::move(plan), options));
    inside_->block_rows = std::min(inside_->block_rows, inside_->plans.back()->block_rows());
  }
  inside_->results.resize(plans.size());
}

Scorer::Scorer(const ScoringPlan& plan, const ScoreOptions& options)
    : Scorer(std::vector<ScoringPlan>{plan}, options) {}
Scorer::~Scorer() = default;
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;

const std::vector<Scores>& Scorer::score(const Caseload& caseload) {
  for (std::size_t i = 0; i < inside_->plans.size(); ++i) {
    if (inside_->results[i].columns.empty()) continue;
    std::swap(inside_->plans[i]->scores(), inside_->results[i]);  // the memory of the last call
  }
  for (const auto& plan : inside_->plans) plan->begin(caseload);
  inside_->run_all(caseload.rows());
  for (std::size_t i = 0; i < inside_->plans.size(); ++i) {
    std::swap(inside_->plans[i]->scores(), inside_->results[i]);
  }
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
