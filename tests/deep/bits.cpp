/// The same bits in every way of scoring, on all built-in instruments and on random ones.
///
///   appraise_bits --cells 100000000 --instruments 500 --seed 1
///
/// Half of the cells are answers to the built-in instruments. One row of fifty is compared with the reference scorer.
/// Exit code: 0 no difference, 1 a difference, 2 wrong arguments.
#include "reference/bits.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "appraise/library.hpp"
#include "reference/random_instrument.hpp"

namespace {

using namespace appraise::testing;

struct Settings {
  long cells = 100'000'000;
  long instruments = 500;
  long seed = 1;
};

bool parse(int count, char** words, Settings& settings) {
  const std::map<std::string, long*> names{
      {"--cells", &settings.cells}, {"--instruments", &settings.instruments}, {"--seed", &settings.seed}};
  for (int i = 1; i < count; i += 2) {
    const auto found = names.find(words[i]);
    if (found == names.end() || i + 1 == count) return false;
    *found->second = std::strtol(words[i + 1], nullptr, 10);
  }
  return settings.cells > 0 && settings.instruments > 0;
}

/// What has been done so far.
class Progress {
 public:
  [[nodiscard]] long cells() const { return cells_; }
  [[nodiscard]] bool failed() const { return failed_; }

  /// Scores a caseload of about that many cells in every way; prints what differs.
  void check(Random& random, const std::shared_ptr<const appraise::Instrument>& instrument,
             const appraise::reference::Choices& choices, long wanted, const std::string& what) {
    const auto items = static_cast<long>(items_of(*instrument).size());
    const std::vector<Mood> moods = moods_in_stretches(random, std::max(100L, wanted / std::max(1L, items)));
    const RandomCaseload caseload(random, *instrument, moods);
    const std::string found = Bits(random, instrument, choices, caseload).difference_found(50);
    if (!found.empty()) std::printf("%s: %s\n", what.c_str(), found.c_str());
    failed_ = failed_ || !found.empty();
    cells_ += static_cast<long>(caseload.columns().size() * moods.size());
    const auto now = std::chrono::steady_clock::now();
    std::fprintf(stderr, "\r%ld million cells, %lld s ", cells_ / 1'000'000,
                 static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(now - start_).count()));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  long cells_ = 0;
  bool failed_ = false;
};

void check_random(const Settings& settings, Progress& progress) {
  for (long number = 0; number < settings.instruments && !progress.failed(); ++number) {
    Random random(static_cast<std::uint64_t>(settings.seed * 1000003 + number));
    const bool additive = number % 3 == 0;
    const RandomInstrument made = additive ? random_additive_instrument(random) : random_instrument(random);
    progress.check(random, made.instrument, random_choices(random, *made.instrument),
                   settings.cells / 2 / settings.instruments, "random instrument " + std::to_string(number));
    if (!progress.failed()) continue;
    for (const auto& [path, text] : made.files) std::printf("--- %s\n%s\n", path.c_str(), text.c_str());
  }
}

void check_built_in(const Settings& settings, Progress& progress) {
  Random random(static_cast<std::uint64_t>(settings.seed));
  while (progress.cells() < settings.cells && !progress.failed()) {
    for (const appraise::Edition& one : appraise::built_in_instruments()) {
      const auto instrument = appraise::load(one.id, one.edition);
      progress.check(random, instrument, random_choices(random, *instrument), 200'000, one.id + " " + one.edition);
    }
  }
}

}  // namespace

int main(int count, char** words) {
  Settings settings;
  if (!parse(count, words, settings)) {
    std::fprintf(stderr, "usage: %s [--cells n] [--instruments n] [--seed n]\n", words[0]);
    return 2;
  }
  for (const Target& target : targets()) std::printf("instruction set: %s\n", target.name.c_str());
  Progress progress;
  check_random(settings, progress);
  check_built_in(settings, progress);
  std::fprintf(stderr, "\n");
  std::printf("%ld cells: %s\n", progress.cells(), progress.failed() ? "DIFFERENT" : "the same bits in every way");
  return progress.failed() ? 1 : 0;
}
