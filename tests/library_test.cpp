// The definitions built into the library.
#include "appraise/library.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <tuple>
#include <vector>

#include "appraise/version.hpp"

namespace {

using namespace appraise;

TEST(Library, HoldsTheFilesOfTheInstrumentsFolder) {
  const std::filesystem::path folder = std::filesystem::path(APPRAISE_SOURCE_DIR) / "instruments";
  EXPECT_TRUE(built_in_files() == read_files(folder));  // too long to print
}

TEST(Library, NamesEditionsByIdAndEdition) {
  const auto editions = built_in_instruments();
  EXPECT_FALSE(editions.empty());
  EXPECT_TRUE(std::is_sorted(editions.begin(), editions.end(), [](const Edition& a, const Edition& b) {
    return std::tie(a.id, a.edition) < std::tie(b.id, b.edition);
  }));
}

TEST(Library, HasOnlyInstrumentsWithoutFault) {
  for (const auto& [id, edition] : built_in_instruments()) {
    const Checked checked = check(built_in_files(), id, edition);
    for (const Diagnostic& one : checked.diagnostics) EXPECT_NE(one.severity, Severity::error) << to_string(one);
    EXPECT_TRUE(checked.instrument) << id;
  }
}

TEST(Library, LoadsTheLastEditionByDefault) {
  for (const auto& [id, edition] : built_in_instruments()) {
    const auto named = load(id, edition);
    EXPECT_EQ(named->id, id);
    EXPECT_EQ(named->edition, edition);
    EXPECT_GE(load(id)->edition, edition);
  }
}

TEST(Library, LoadsAnInstrumentOnceForAllThreads) {
  const auto known = built_in_instruments();
  ASSERT_FALSE(known.empty());
  std::vector<std::shared_ptr<const Instrument>> seen(8);
  std::vector<std::thread> threads;
  for (auto& one : seen) threads.emplace_back([&] { one = load(known.front().id, known.front().edition); });
  for (auto& thread : threads) thread.join();
  for (const auto& one : seen) EXPECT_EQ(one, seen.front());
}

TEST(Library, NamesWhatThereIsWhereNothingIsFound) {
  const auto known = built_in_instruments();
  ASSERT_FALSE(known.empty());
  try {
    (void)load("no-such-instrument");
    FAIL();
  } catch (const UsageError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("no-such-instrument"), std::string::npos) << what;
    EXPECT_NE(what.find(known.front().id), std::string::npos) << what;
  }
  EXPECT_THROW((void)load(known.front().id, "no such edition"), UsageError);
}

TEST(Library, EveryPartHasADigest) {
  for (const auto& [id, edition] : built_in_instruments()) {
    const auto instrument = load(id, edition);
    ASSERT_FALSE(instrument->parts.empty());
    EXPECT_EQ(instrument->parts.front().name, "scoring");
    EXPECT_EQ(instrument->parts.size(),
              1 + instrument->levels.size() + instrument->tables.size() + instrument->norms.size());
    for (const Part& part : instrument->parts) EXPECT_EQ(part.digest.size(), 64U) << part.name;
  }
}

TEST(Version, IsThatOfTheHeader) {
  EXPECT_EQ(version(), std::to_string(APPRAISE_VERSION_MAJOR) + '.' + std::to_string(APPRAISE_VERSION_MINOR) + '.' +
                           std::to_string(APPRAISE_VERSION_PATCH));
}

}  // namespace
