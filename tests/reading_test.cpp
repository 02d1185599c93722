// Reading definitions: what is written is what is read.
#include "appraise/reading.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "appraise/library.hpp"
#include "support/small_definition.hpp"

namespace {

using namespace appraise;
using namespace appraise::small;
namespace fs = std::filesystem;

std::shared_ptr<const Instrument> good() {
  const Checked checked = check(good_files(), "small", "1");
  EXPECT_TRUE(checked.instrument) << listed(checked.diagnostics);
  return checked.instrument;
}

TEST(Reading, GivesItemsAsTheyAreWritten) {
  const auto instrument = good();
  ASSERT_TRUE(instrument);
  ASSERT_EQ(instrument->items.size(), 5U);
  const Item& age = *instrument->find_item("age");
  EXPECT_EQ(age.kind, ItemKind::count);
  EXPECT_EQ(age.unit, "years");
  EXPECT_TRUE(age.range->closed);
  EXPECT_EQ(age.range->to, 120);
  ASSERT_EQ(age.bands.size(), 2U);
  EXPECT_FALSE(age.bands[0].interval.closed);
  EXPECT_EQ(age.bands[1].value, -1);
  EXPECT_TRUE(age.has_points());
  const Item& victim = *instrument->find_item("victim");
  EXPECT_EQ(victim.monotone, Item::Monotone::rising);
  EXPECT_EQ(victim.baseline.text, "none");
  EXPECT_EQ(victim.options[1].points, 2);
  EXPECT_EQ(victim.applies_when->kind, Condition::Kind::equals);
  const Item& partner = *instrument->find_item("partner");
  ASSERT_EQ(partner.options.size(), 2U);
  EXPECT_EQ(partner.options[0].code, "no");
  EXPECT_EQ(partner.options[0].points, 1);
  EXPECT_EQ(partner.options[1].value, 1);
  EXPECT_EQ(partner.if_missing.text, "no");
  const Item& released = *instrument->find_item("released");
  EXPECT_TRUE(released.optional);
  EXPECT_EQ(released.range->from, -25567);
  EXPECT_FALSE(released.range->to);
  EXPECT_FALSE(released.has_points());
}

TEST(Reading, GivesRulesScalesAndLevelsAsTheyAreWritten) {
  const auto instrument = good();
  ASSERT_TRUE(instrument);
  EXPECT_TRUE(instrument->applies_when[0].applies_if_unknown);
  EXPECT_FALSE(instrument->valid_when[0].applies_if_unknown);
  EXPECT_EQ(instrument->valid_when[0].condition.operands[0].text, "1990-01-02");
  const auto& sum = std::get<Sum>(instrument->find_scale("total")->operation);
  EXPECT_EQ(sum.of, (std::vector<Reference>{"age", "victim", "partner"}));
  EXPECT_EQ(sum.missing->at_most, 1);
  EXPECT_EQ(sum.missing->prorate, RoundingMode::half_up);
  EXPECT_EQ(instrument->find_scale("total")->type, ValueType::whole);
  const LevelScheme& levels = *instrument->find_levels("bands_1");
  EXPECT_EQ(levels.bands[0].standard, "II");
  EXPECT_EQ(levels.bands[1].standard, "");
  EXPECT_EQ(levels.evidence.note, "by hand");
}

TEST(Reading, GivesListsNormsAndCasesOfOtherFiles) {
  const auto instrument = good();
  ASSERT_TRUE(instrument);
  const CodeList& list = instrument->code_lists.at("offences");
  EXPECT_EQ(list.codes.at("001"), std::vector<std::int32_t>{1});
  EXPECT_EQ(list.digest, sha256(canonical_json(list_text)));
  const Norms& norms = *instrument->find_norms("all-5y");
  EXPECT_EQ(norms.country, "");
  EXPECT_EQ(norms.n, 100);
  EXPECT_FALSE(norms.samples);
  EXPECT_EQ(norms.rows[0].evidence.note, "from memory");
  ASSERT_EQ(instrument->cases.all().size(), 1U);
  const Case& one = instrument->cases.all()[0];
  EXPECT_EQ(one.responses[2].second.text, "yes");
  EXPECT_EQ(one.responses[3].second.kind, Response::Kind::none);
  EXPECT_EQ(one.expect[0].second.number, 1);
  EXPECT_EQ(one.levels.at("total"), "bands_1");
  EXPECT_EQ(one.tolerance, 0.01);
}

TEST(Reading, TakesAListFromTheFolderOfAnotherInstrument) {
  DefinitionFiles files = good_files();
  auto list = files.extract("small/lists/offence-codes.json");
  list.key() = "owner/lists/offence-codes.json";
  files.insert(std::move(list));
  const Checked missing = check(files, "small", "1");
  ASSERT_FALSE(missing.instrument);
  std::string& text = files.at("small/1/instrument.json");
  text = replaced(text, R"("file": "offence-codes")", R"("instrument": "owner", "file": "offence-codes")");
  const Checked shared = check(files, "small", "1");
  ASSERT_TRUE(shared.instrument) << listed(shared.diagnostics);
  EXPECT_EQ(shared.instrument->code_lists.at("offences").digest, sha256(canonical_json(list_text)));
}

TEST(Reading, ShiftsPercentInTheDecimalText) {
  const auto instrument = good();
  ASSERT_TRUE(instrument);
  const auto& rows = instrument->find_norms("all-5y")->rows;
  EXPECT_EQ(rows[0].rate, 0.009);  // 0.9 / 100 is another double
  EXPECT_EQ(rows[0].rate_low, 0.006);
  EXPECT_EQ(rows[0].rate_high, 0.013);
  EXPECT_EQ(rows[0].percentile, 1.3);
  EXPECT_EQ(rows[1].rate, 0.029);
  EXPECT_EQ(rows[1].rate_high, 0.029);
}

TEST(Reading, NamesThePartsWithTheirMarksAndDigests) {
  const auto instrument = good();
  ASSERT_TRUE(instrument);
  ASSERT_EQ(instrument->parts.size(), 3U);
  EXPECT_EQ(instrument->parts[0].name, "scoring");
  EXPECT_EQ(instrument->parts[0].mark, Mark::verified);
  EXPECT_EQ(instrument->parts[1].name, "levels/bands_1");
  EXPECT_EQ(instrument->parts[1].mark, Mark::derived);
  EXPECT_EQ(instrument->parts[2].name, "norms/all-5y");
  EXPECT_EQ(instrument->parts[2].edition, "2015");
  EXPECT_EQ(instrument->parts[2].digest, sha256(canonical_json(norms_text)));
}

TEST(Reading, DigestsChangeWithTheFiguresAndNotWithTheLayout) {
  const auto before = good();
  const std::string text = pinned(instrument_text);
  const auto spaced = check_small(replaced(text, "\"from\": 0, \"below\"", "\"from\" : 0.0,\n \"below\"")).instrument;
  const auto changed = check_small(replaced(text, "\"any\", \"points\": 2", "\"any\", \"points\": 1")).instrument;
  const auto retitled = check_small(replaced(text, "\"Small\"", "\"Larger\"")).instrument;
  ASSERT_TRUE(before && spaced && changed && retitled);
  EXPECT_EQ(before->parts[0].digest, spaced->parts[0].digest);
  EXPECT_EQ(before->parts[0].digest, retitled->parts[0].digest);
  EXPECT_NE(before->parts[0].digest, changed->parts[0].digest);
  EXPECT_EQ(before->parts[1].digest, changed->parts[1].digest);
}

TEST(Reading, PassesOverNormsOfOtherEditions) {
  DefinitionFiles files = good_files();
  files["small/norms/old.json"] = R"({"for": {"editions": ["0"]}, "anything": 1})";
  EXPECT_TRUE(check(files, "small", "1").instrument);
  files["small/norms/old.json"] = R"({"for": {"editions": ["0", "1"]}})";
  EXPECT_FALSE(check(files, "small", "1").instrument);
}

std::string using_text(const std::string& id, const std::string& used) {
  return R"({"format": 1, "id": ")" + id + R"(", "edition": "1", "title": "t", "family": "f", "authors": ["a"],
 "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t", "sources": {},
 "evidence": {"mark": "derived", "note": "n"}, "items": [],
 "uses": {"base": {"instrument": ")" +
         used + R"(", "edition": "1"}},
 "scales": [{"code": "twice", "label": "Twice", "sum": ["base.total"]}]})";
}

TEST(Reading, FollowsTheInstrumentsThatAreUsed) {
  DefinitionFiles files = good_files();
  files["big/1/instrument.json"] = using_text("big", "small");
  const Checked checked = check(files, "big", "1");
  ASSERT_TRUE(checked.instrument) << listed(checked.diagnostics);
  EXPECT_EQ(checked.instrument->find_use("base")->definition->id, "small");

  files["big/1/instrument.json"] = using_text("big", "absent");
  EXPECT_EQ(only(check(files, "big", "1"), "use.missing").address, "uses/base");

  files["big/1/instrument.json"] = using_text("big", "small");
  files["small/1/instrument.json"] = "{}";
  const Diagnostic faulty = only(check(files, "big", "1"), "use.faulty");
  EXPECT_EQ(faulty.place.line, 4U);
  EXPECT_NE(faulty.found.find("small/1/instrument.json:1:1: error: field.missing"), std::string::npos);
}

TEST(Reading, RefusesInstrumentsThatUseEachOther) {
  DefinitionFiles files = {{"a/1/instrument.json", using_text("a", "b")},
                           {"b/1/instrument.json", using_text("b", "a")}};
  const Diagnostic fault = only(check(files, "a", "1"), "use.faulty");
  EXPECT_NE(fault.found.find("use.cycle"), std::string::npos);
  files["c/1/instrument.json"] = using_text("c", "c");
  (void)only(check(files, "c", "1"), "use.cycle");
}

TEST(Reading, BoundsHowDeepInstrumentsUseEachOther) {
  DefinitionFiles files;
  for (int i = 0; i < 1000; ++i) {
    files["n" + std::to_string(i) + "/1/instrument.json"] =
        using_text("n" + std::to_string(i), "n" + std::to_string(i + 1));
  }
  EXPECT_FALSE(check(files, "n0", "1").instrument);
  EXPECT_EQ(only(check(files, "n980", "1"), "use.faulty").severity, Severity::error);
}

TEST(Reading, RefusesAnEditionThatIsNotThere) {
  EXPECT_THROW((void)check(good_files(), "small", "2"), UsageError);
  EXPECT_THROW((void)check(DefinitionFiles{}, "", ""), UsageError);
  EXPECT_THROW((void)check(fs::path("no/such/folder")), UsageError);
  EXPECT_THROW((void)read_files("no/such/folder"), UsageError);
}

/// A folder of its own for the files of a test.
class ReadingFolders : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() /
            (std::string("appraise-") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  void write(const DefinitionFiles& files) const {
    for (const auto& [path, text] : files) {
      fs::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path, std::ios::binary) << text;
    }
  }
  fs::path root_;
};

TEST_F(ReadingFolders, ReadsAFolderOrItsInstrumentFile) {
  write(good_files());
  EXPECT_EQ(read_files(root_), good_files());
  for (const fs::path& path :
       {root_ / "small/1", root_ / "small/1/", root_ / "small/1/instrument.json", root_ / "small/norms/../1"}) {
    const Checked checked = check(path);
    ASSERT_TRUE(checked.instrument) << path << '\n' << listed(checked.diagnostics);
    EXPECT_EQ(checked.instrument->norms.size(), 1U);
    EXPECT_EQ(checked.instrument->place.file, (root_ / "small/1/instrument.json").generic_string());
  }
  EXPECT_THROW((void)check(root_ / "small"), UsageError);
  EXPECT_THROW((void)check(root_ / "small/norms/all-5y.json"), UsageError);
}

TEST_F(ReadingFolders, FallsBackOnBuiltInInstruments) {
  const auto built_in = built_in_instruments();
  ASSERT_FALSE(built_in.empty());
  const std::string id = built_in.front().id, edition = built_in.front().edition;
  const std::string text =
      replaced(replaced(using_text("own", id), "base.total", "base." + load(id, edition)->scales.back().code),
               "\"" + id + "\", \"edition\": \"1\"", "\"" + id + "\", \"edition\": \"" + edition + "\"");
  write({{"own/1/instrument.json", text}});
  const Checked checked = check(root_ / "own/1");
  for (const Diagnostic& one : checked.diagnostics) EXPECT_NE(one.code.substr(0, 3), "use") << to_string(one);
}

}  // namespace
