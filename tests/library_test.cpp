// The definitions built into the library.
#include "appraise/library.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>
#include <tuple>
#include <vector>

#include "appraise/score.hpp"
#include "appraise/version.hpp"

namespace {

using namespace appraise;
namespace fs = std::filesystem;

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
  for (const Edition& edition : built_in_instruments()) {
    const Checked checked = check(built_in_files(), edition.id, edition.edition);
    for (const Diagnostic& one : checked.diagnostics) EXPECT_NE(one.severity, Severity::error) << to_string(one);
    EXPECT_TRUE(checked.instrument) << edition.id;
  }
}

TEST(Library, LoadsTheLastEditionByDefault) {
  for (const Edition& edition : built_in_instruments()) {
    const auto named = load(edition.id, edition.edition);
    EXPECT_EQ(named->id, edition.id);
    EXPECT_EQ(named->edition, edition.edition);
    EXPECT_GE(load(edition.id)->edition, edition.edition);
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
  for (const Edition& edition : built_in_instruments()) {
    const auto instrument = load(edition.id, edition.edition);
    ASSERT_FALSE(instrument->parts.empty());
    EXPECT_EQ(instrument->parts.front().name, "scoring");
    EXPECT_EQ(instrument->parts.size(),
              1 + instrument->levels.size() + instrument->tables.size() + instrument->norms.size());
    for (const Part& part : instrument->parts) EXPECT_EQ(part.digest.size(), 64U) << part.name;
  }
}

/// A folder of an agency's own definitions, gone with the test.
class OwnLibrary : public testing::Test {
 protected:
  OwnLibrary() : folder_(fs::temp_directory_path() / ("appraise-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~OwnLibrary() override { fs::remove_all(folder_); }

  void write(const fs::path& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }
  /// A file of tests/definitions/good, with one text in place of another.
  void copy(const fs::path& from, const fs::path& to, std::string_view text, std::string_view in_place) const {
    std::ifstream in(good / from, std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(in)), {});
    const auto at = all.find(text);
    ASSERT_NE(at, std::string::npos) << text;
    write(to, all.replace(at, text.size(), in_place));
  }
  [[nodiscard]] std::string refusal() const {
    try {
      Library library(folder_);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  const fs::path good = fs::path(APPRAISE_SOURCE_DIR) / "tests/definitions/good";
  fs::path folder_;
};

TEST_F(OwnLibrary, HoldsBuiltInAndOwnEditions) {
  copy("steps/1/instrument.json", "steps/1/instrument.json", "made up", "made up");
  const Library library(folder_);
  EXPECT_EQ(library.editions().size(), built_in_instruments().size() + 1);
  const auto& editions = library.editions();
  const auto own = std::find_if(editions.begin(), editions.end(), [](const Edition& one) { return one.own; });
  ASSERT_NE(own, editions.end());
  EXPECT_EQ(own->id, "steps");
  EXPECT_EQ(library.load("steps")->edition, "1");
  EXPECT_EQ(library.load("static-99r")->parts.front().digest, load("static-99r")->parts.front().digest);
}

TEST_F(OwnLibrary, RefusesAFileInThePlaceOfABuiltInOne) {
  write("static-99r/2016/instrument.json", "{}");
  EXPECT_NE(refusal().find("static-99r/2016/instrument.json stands in the place of a built-in file"), std::string::npos)
      << refusal();
}

TEST_F(OwnLibrary, AsksForTheEditionWhereOwnAndBuiltInOnesAreAtHand) {
  copy("steps/1/instrument.json", "acute-2007/county/instrument.json", "\"steps\"", "\"acute-2007\"");
  const Library library(folder_);
  try {
    (void)library.load("acute-2007");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("acute-2007 (2007), acute-2007 (county)"), std::string::npos)
        << error.what();
  }
  EXPECT_EQ(library.load("acute-2007", "2007")->parts.front().digest, load("acute-2007")->parts.front().digest);
}

TEST_F(OwnLibrary, RefusesFiguresForADefinitionThatThereIsNot) {
  write("vasor-9/1/supply.json", "{}");
  EXPECT_NE(refusal().find("vasor-9/1/instrument.json, which there is not"), std::string::npos) << refusal();
}

TEST(Supply, FillsTheTableAndMarksItsPart) {
  DefinitionFiles files = read_files(fs::path(APPRAISE_SOURCE_DIR) / "tests/definitions/good");
  const auto supplied = read(files, "supplied", "1");
  files.erase("supplied/1/supply.json");
  files.erase("supplied/1/supplied_cases.json");
  const auto bare = read(files, "supplied", "1");

  const Table& table = supplied->tables.front();
  EXPECT_TRUE(table.supplied);
  EXPECT_EQ(table.cells, (std::vector<double>{0, 1, 1, 2}));
  EXPECT_EQ(table.edition, "workbook 3");
  EXPECT_EQ(table.evidence.mark, Mark::verified);
  EXPECT_EQ(supplied->sources.back().key, "workbook");
  ASSERT_EQ(supplied->parts.size(), bare->parts.size());
  EXPECT_EQ(supplied->parts[0].digest, bare->parts[0].digest);  // scoring
  EXPECT_TRUE(supplied->parts[1].supplied);
  EXPECT_FALSE(bare->parts[1].supplied);
  EXPECT_NE(supplied->parts[1].digest, bare->parts[1].digest);
}

TEST(Supply, GivesScoresThatSayWhoseFiguresTheyAre) {
  const DefinitionFiles files = read_files(fs::path(APPRAISE_SOURCE_DIR) / "tests/definitions/good");
  const std::int8_t answers[] = {0, 1};
  std::vector<Column> columns(2);
  columns[0].name = "history";
  columns[1].name = "change";
  for (Column& column : columns) {
    column.type = ColumnType::int8;
    column.values = answers;
    column.length = 2;
  }
  const Scores scores = score(compile(read(files, "supplied", "1")), Caseload(columns));
  const ScoreColumn& priority = *scores.find("priority");
  EXPECT_EQ(priority.labels[priority.bytes[0]], "low");
  EXPECT_EQ(priority.labels[priority.bytes[1]], "high");
  const std::pair<std::string, std::string> mark{"tables/matrix.supplied", "by the agency"};
  EXPECT_NE(std::find(scores.metadata.begin(), scores.metadata.end(), mark), scores.metadata.end());
}

TEST(Version, IsThatOfTheHeader) {
  EXPECT_EQ(version(), std::to_string(APPRAISE_VERSION_MAJOR) + '.' + std::to_string(APPRAISE_VERSION_MINOR) + '.' +
                           std::to_string(APPRAISE_VERSION_PATCH));
}

TEST(Library, CasesAreThoseOfTheFilesWhenTheyAreAskedFor) {
  const auto loaded = load("acute-2007");
  const auto all = read(built_in_files(), loaded->id, loaded->edition);
  ASSERT_FALSE(all->cases.all().empty());
  ASSERT_EQ(loaded->cases.all().size(), all->cases.all().size());
  EXPECT_EQ(loaded->cases.all().back().id, all->cases.all().back().id);
  EXPECT_EQ(&loaded->cases.all(), &Instrument(*loaded).cases.all());
}

}  // namespace
