/// One scoring beside the streaming limit of its bytes, in turns: each measurement is one run of either, one after the
/// other, so that whatever else the machine does meets both.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workload.hpp"

namespace appraise::benchmarks {

enum class Memory : std::uint8_t { reused, anew };

struct Measured {
  std::vector<ScoringPlan> plans;
  ScoreOptions options;
  Memory memory = Memory::reused;
};

/// A caseload that stays in memory while benchmarks ask for the same one.
struct Population {
  std::string name;
  std::function<std::unique_ptr<RandomCaseload>()> make;
  bool missing = false;

  [[nodiscard]] const Caseload& caseload() const;
};

/// Whether a measurement has that many rows, or fewer if they are more than enough to measure.
enum class RowsAre : std::uint8_t { exact, at_most };

void register_beside_limit(const std::string& name, const Population& population, std::function<Measured()> make,
                           std::int64_t rows, RowsAre are = RowsAre::at_most);

/// The bytes of a measurement, in and out; set on the command line (--megabytes).
[[nodiscard]] std::int64_t& wanted_bytes() noexcept;

/// Seconds that `work` takes.
[[nodiscard]] double seconds_of(const std::function<void()>& work);

/// The registration of all benchmarks, by file.
void register_instruments();
void register_growth();
void register_latency();
void register_memory();

}  // namespace appraise::benchmarks
