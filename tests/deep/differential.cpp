/// The long comparison of the plan with the reference scorer, on random instruments and random rows.
///
///   appraise_differential --instruments 2000 --rows 5000 --seed 1 --threads 2
///
/// Exit code: 0 no difference, 1 differences, 2 wrong arguments.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reference/compare.hpp"
#include "reference/random_instrument.hpp"

namespace {

using appraise::testing::Difference;

struct Settings {
  long instruments = 2000;
  long rows = 5000;
  long seed = 1;
  long threads = 2;
};

/// What all threads have done so far.
struct Progress {
  std::atomic<long> next{0};
  std::atomic<long> done{0};
  std::atomic<long> made{0};
  std::atomic<long> rows{0};
  std::atomic<long> differences{0};
  std::mutex printing;
};

bool parse(int count, char** words, Settings& settings) {
  const std::map<std::string, long*> names{{"--instruments", &settings.instruments},
                                           {"--rows", &settings.rows},
                                           {"--seed", &settings.seed},
                                           {"--threads", &settings.threads}};
  for (int i = 1; i < count; i += 2) {
    const auto found = names.find(words[i]);
    if (found == names.end() || i + 1 == count) return false;
    *found->second = std::strtol(words[i + 1], nullptr, 10);
  }
  return settings.instruments > 0 && settings.rows > 0 && settings.threads > 0;
}

void print(Progress& progress, long number, const appraise::testing::RandomInstrument& made,
           const appraise::reference::Choices& choices, const std::vector<Difference>& differences,
           const appraise::testing::RandomCaseload& caseload) {
  const std::lock_guard lock(progress.printing);
  std::printf("instrument %ld:\n", number);
  for (const auto& [path, text] : made.files) std::printf("--- %s\n%s\n", path.c_str(), text.c_str());
  for (const auto& [scale, scheme] : choices.levels) std::printf("levels of %s: %s\n", scale.c_str(), scheme.c_str());
  for (const std::string& id : choices.norms) std::printf("norms: %s\n", id.c_str());
  for (const Difference& difference : differences)
    std::printf("%s", appraise::testing::describe(difference, caseload).c_str());
}

void compare_one(const Settings& settings, Progress& progress, long number) {
  appraise::testing::Random random(static_cast<std::uint64_t>(settings.seed * 1000003 + number));
  const auto made = number % 3 == 0 ? appraise::testing::random_additive_instrument(random)
                                    : appraise::testing::random_instrument(random);
  const auto choices = appraise::testing::random_choices(random, *made.instrument);
  const appraise::testing::RandomCaseload caseload(random, *made.instrument, settings.rows);
  const appraise::Scores scores = appraise::testing::score_all(made.instrument, choices, caseload.caseload());
  auto differences = appraise::testing::compare(scores, *made.instrument, choices, caseload, 3, 1);
  const std::string alone =
      appraise::testing::difference_alone(made.instrument, choices, caseload.caseload(), scores, 7);
  if (!alone.empty()) differences.push_back({0, alone, "", ""});
  if (!differences.empty()) print(progress, number, made, choices, differences, caseload);
  progress.differences += static_cast<long>(differences.size());
  progress.made += made.attempts;
  progress.rows += settings.rows;
  ++progress.done;
}

void work(const Settings& settings, Progress& progress) {
  for (long number = progress.next++; number < settings.instruments; number = progress.next++)
    compare_one(settings, progress, number);
}

/// Prints how far it has come, until all is done.
void watch(const Settings& settings, const Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  while (progress.done < settings.instruments) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    std::fprintf(stderr, "\r%ld of %ld instruments, %ld rows, %ld differences, %ld s ", progress.done.load(),
                 settings.instruments, progress.rows.load(), progress.differences.load(),
                 static_cast<long>(seconds.count()));
  }
  std::fprintf(stderr, "\n");
}

}  // namespace

int main(int count, char** words) {
  Settings settings;
  if (!parse(count, words, settings)) {
    std::fprintf(stderr, "usage: %s [--instruments n] [--rows n] [--seed n] [--threads n]\n", words[0]);
    return 2;
  }
  Progress progress;
  std::vector<std::thread> threads;
  for (long i = 0; i < settings.threads; ++i) threads.emplace_back([&] { work(settings, progress); });
  watch(settings, progress);
  for (std::thread& thread : threads) thread.join();
  std::printf("%ld definitions made, of which %ld were valid\n", progress.made.load(), settings.instruments);
  std::printf("%ld rows, %ld instruments, %ld differences\n", progress.rows.load(), settings.instruments,
              progress.differences.load());
  return progress.differences == 0 ? 0 : 1;
}
