// tests/definitions/bad has a file for each diagnostic code, named after it. The file stands in for one file of
// tests/definitions/good (`as` in expected.json), in which it makes exactly one fault.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "appraise/reading.hpp"
#include "diagnostic_codes.hpp"
#include "reading/shape_codes.hpp"

namespace appraise {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path source = APPRAISE_SOURCE_DIR;
const fs::path bad = source / "tests/definitions/bad";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const Json& expectations() {
  static const Json all = Json::parse(text_of(bad / "expected.json"));
  return all;
}

void replace(std::string& text, std::string_view mark, const std::string& with) {
  const auto at = text.find(mark);
  ASSERT_NE(at, std::string::npos) << mark;
  text.replace(at, mark.size(), with);
}

/// What is too large to be kept as a file is put in here: `pad` spaces, `repeat` elements, a `ladder` of scales, a
/// `chain` of instruments.
void enlarge(std::string& text, const Json& expected, DefinitionFiles& files) {
  if (expected.contains("pad")) replace(text, "@pad@", std::string(expected["pad"].get<std::size_t>(), ' '));
  if (expected.contains("repeat")) {
    std::string elements;
    for (std::size_t i = 0; i < expected["repeat"].get<std::size_t>(); ++i) elements += ",0";
    replace(text, "@repeat@", elements);
  }
  if (expected.contains("ladder")) {
    std::string scales, below = "charges";
    for (int i = 1; i <= expected["ladder"].get<int>(); ++i) {
      const std::string code = "step_" + std::to_string(i);
      scales += R"({"code": ")" + code + R"(", "label": "a step", "reported": false, "sum": [")" + below + R"("]}, )";
      below = code;
    }
    replace(text, "@ladder@", scales);
  }
  for (int i = 1; i <= expected.value("chain", 0); ++i) {
    const std::string id = "chain-" + std::to_string(i);
    std::string link = std::regex_replace(text, std::regex("chain-1\""), "chain-" + std::to_string(i + 1) + "\"");
    replace(link, "\"id\": \"sample\"", "\"id\": \"" + id + "\"");
    files[id + "/1/instrument.json"] = link;
    files[id + "/lists/offences.json"] = files["sample/lists/offences.json"];
  }
}

std::vector<Diagnostic> diagnostics_of(const std::string& file) {
  const Json& expected = expectations()[file];
  DefinitionFiles files = read_files(source / "tests/definitions/good");
  std::string text = text_of(bad / file);
  enlarge(text, expected, files);
  const std::string as = expected["as"];
  EXPECT_TRUE(files.contains(as)) << as;
  files[as] = text;
  const std::string read = expected.value("reads", as);
  return check(files, read.substr(0, read.find('/')), "1").diagnostics;
}

bool is_error(const std::string& code) {
  const auto same = [&](const detail::CodeMeaning& meaning) { return meaning.code == code; };
  const auto found = std::find_if(detail::proved_codes.begin(), detail::proved_codes.end(), same);
  return found == detail::proved_codes.end() || found->severity == Severity::error;
}

std::set<std::string> all_codes() {
  std::set<std::string> codes;
  for (const detail::CodeMeaning& meaning : detail::proved_codes) codes.emplace(meaning.code);
  for (const detail::CodeMeaning& meaning : detail::shape_codes) codes.emplace(meaning.code);
  return codes;
}

/// A sentence or part of one: words, no line breaks, no doubled spaces, no empty quotes left over.
bool is_plain(const std::string& text) {
  return text.size() >= 3 && text.find('\n') == std::string::npos && text.find("  ") == std::string::npos &&
         text.find("nan") != 0 && text.back() != ' ' && text.front() != ' ';
}

class BadDefinition : public testing::TestWithParam<std::string> {};

TEST_P(BadDefinition, GivesItsOwnCodeAtTheRightLine) {
  const Json& expected = expectations()[GetParam()];
  const std::string code = expected["code"];
  std::set<std::string> allowed = {code};
  if (expected.contains("also")) expected["also"].get_to(allowed), allowed.insert(code);
  bool found = false;
  for (const Diagnostic& diagnostic : diagnostics_of(GetParam())) {
    const std::string shown = to_string(diagnostic).substr(0, 600);
    EXPECT_TRUE(allowed.contains(diagnostic.code)) << shown;
    EXPECT_TRUE(is_plain(diagnostic.found)) << shown;
    EXPECT_TRUE(is_plain(diagnostic.expected)) << shown;
    if (diagnostic.code != code) continue;
    EXPECT_EQ(diagnostic.severity == Severity::error, is_error(code)) << shown;
    if (found) continue;
    found = true;
    EXPECT_EQ(diagnostic.place.line, expected["line"].get<std::uint32_t>()) << shown;
    const std::string message = diagnostic.address + ": " + diagnostic.found + "; " + diagnostic.expected;
    EXPECT_NE(message.find(expected["phrase"].get<std::string>()), std::string::npos) << shown;
  }
  EXPECT_TRUE(found) << "no " << code;
}

std::vector<std::string> bad_files() {
  std::vector<std::string> files;
  for (const auto& [file, expected] : expectations().items()) files.push_back(file);
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, BadDefinition, testing::ValuesIn(bad_files()), [](const auto& tested) {
  return std::regex_replace(tested.param.substr(0, tested.param.rfind('.')), std::regex("[^A-Za-z0-9]"), "_");
});

TEST(Diagnostics, EveryCodeHasABadFileAndEveryBadFileACode) {
  std::set<std::string> of_files;
  for (const auto& entry : fs::directory_iterator(bad)) {
    const std::string name = entry.path().filename().string();
    if (name == "expected.json") continue;
    EXPECT_TRUE(expectations().contains(name)) << name << " is not in expected.json";
    of_files.insert(entry.path().stem().string());
  }
  EXPECT_EQ(of_files, all_codes());
}

TEST(Diagnostics, EveryCodeIsExplainedWithItsSeverity) {
  const std::string page = text_of(source / "docs/diagnostics.md");
  std::map<std::string, std::string> rows;
  const std::regex row(R"(\n\| `([a-z-]+\.[a-z-]+)` \| ([a-z]+) \|)");
  for (auto at = std::sregex_iterator(page.begin(), page.end(), row); at != std::sregex_iterator(); ++at)
    EXPECT_TRUE(rows.emplace((*at)[1], (*at)[2]).second) << (*at)[1] << " is explained twice";
  std::map<std::string, std::string> codes;
  const auto add = [&](const auto& table) {
    for (const detail::CodeMeaning& meaning : table)
      codes.emplace(meaning.code, meaning.severity == Severity::error     ? "error"
                                  : meaning.severity == Severity::warning ? "warning"
                                                                          : "note");
  };
  add(detail::proved_codes);
  add(detail::shape_codes);
  EXPECT_EQ(rows, codes);
}

}  // namespace
}  // namespace appraise
