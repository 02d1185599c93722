// Reading faulty definitions: every fault is found, at its place.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "appraise/reading.hpp"
#include "reading/shape_codes.hpp"
#include "support/small_definition.hpp"

namespace {

using namespace appraise;
using namespace appraise::small;

TEST(Reading, TellsThePlaceOfAFault) {
  const Checked checked = check_small(replaced(pinned(instrument_text), "\"unit\": \"years\"", "\"unti\": \"years\""));
  EXPECT_FALSE(checked.instrument);
  const Diagnostic fault = only(checked, "field.unknown");
  EXPECT_EQ(fault.place, (Place{"small/1/instrument.json", 10, 52}));
  EXPECT_EQ(fault.address, "items/age/unti");
  EXPECT_NE(fault.expected.find("\"unit\""), std::string::npos);
  EXPECT_EQ(to_string(fault).find("small/1/instrument.json:10:52: error: field.unknown: items/age/unti: "), 0U);
}

TEST(Reading, CountsColumnsInCharacters) {
  const Checked checked = check_small(replaced(pinned(instrument_text), "\"Age\", \"kind\"", "\"Äge\", \"kinn\""));
  EXPECT_EQ(only(checked, "field.unknown").place.column, 35U);
}

TEST(Reading, ReportsEveryFaultAtOnce) {
  std::string text = pinned(instrument_text);
  text = replaced(text, "\"title\": \"Small\"", "\"title\": \"\"");
  text = replaced(text, "\"years\"", "3");
  text = replaced(text, "\"below\": 35", "\"below\": 35.5");
  text = replaced(text, "\"kind\": \"yes_no\"", "\"kind\": \"yesno\"");
  text = replaced(text, "\"sum\": [\"age\"", "\"sum\": [\"age!\"");
  text = replaced(text, "\"status\": \"current\"", "\"status\": \"now\"");
  text = replaced(text, "\"from\": 2, ", "");
  DefinitionFiles files = files_with(text);
  files["small/norms/all-5y.json"] = replaced(norms_text, "\"percent\"", "\"per cent\"");
  files["small/1/cases.json"] = replaced(cases_text, "\"id\": \"one\", ", "");
  const Checked checked = check(files, "small", "1");
  std::vector<std::string> codes;
  for (const Diagnostic& one : checked.diagnostics) codes.push_back(one.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"field.missing", "text.empty", "field.type", "value.whole", "value.word",
                                             "reference.form", "value.word", "field.missing", "value.word"}))
      << listed(checked.diagnostics);
  EXPECT_THROW((void)read(files, "small", "1"), DefinitionError);
}

TEST(Reading, DefinitionErrorCarriesEveryDiagnostic) {
  try {
    (void)read(files_with("{}"), "small", "1");
    FAIL();
  } catch (const DefinitionError& error) {
    EXPECT_GT(error.diagnostics().size(), 10U);
    EXPECT_NE(std::string(error.what()).find("field.missing"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(" more"), std::string::npos);
  }
}

struct Fault {
  std::string from, to;  ///< the change to the instrument file
  std::string code;
  unsigned line;
  std::string address;
};

TEST(Reading, GivesEachFaultOfShapeItsCodeAndPlace) {
  const std::vector<Fault> faults = {
      {"\"format\": 1", "\"format\": 2", "file.format", 1, "format"},
      {"\"id\": \"small\"", "\"id\": \"other\"", "file.identity", 1, "id"},
      {"\"edition\": \"1\"", "\"edition\": \"2\"", "file.identity", 1, "edition"},
      {"\"id\": \"small\"", "\"id\": \"Small\"", "id.form", 1, "id"},
      {"\"family\": \"sexual recidivism\", ", "", "field.missing", 1, ""},
      {"[\"A. Author\"]", "[]", "list.empty", 2, "authors"},
      {"[\"A. Author\"]", "\"A. Author\"", "field.type", 2, "authors"},
      {"\"url\": null", "\"url\": \" \"", "text.empty", 4, "sources/manual/url"},
      {"manual: p. 3", "manul: p. 3", "evidence.source-undefined", 5, "evidence/sources/0"},
      {"[\"manual: p. 3\"]", "[]", "evidence.no-source", 5, "evidence"},
      {", \"note\": \"by hand\"", "", "evidence.no-note", 24, "levels/bands_1/evidence"},
      {"\"mark\": \"derived\"", "\"mark\": \"sure\"", "value.word", 24, "levels/bands_1/evidence/mark"},
      {"\"file\": \"offence-codes\"", "\"file\": \"other-codes\"", "file.missing", 6, "code_lists/offences"},
      {"\"if_unknown\": \"applies\"", "\"if_unknown\": \"no\"", "value.word", 7, "applies_when/adult/if_unknown"},
      {"\"too long ago\"", "\"too long ago\", \"if_unknown\": \"applies\"", "field.misplaced", 8,
       "valid_when/order/if_unknown"},
      {"\"at_least\": 18", "\"atleast\": 18", "condition.empty", 7, "applies_when/adult/require"},
      {"\"at_least\": 18", "\"at_least\": true", "field.type", 7, "applies_when/adult/require/at_least"},
      {"\"at_least\": 18", "\"at_least\": 18, \"not\": []", "condition.mixed", 7, "applies_when/adult/require"},
      {"{\"of\": \"age\", \"at_least\": 18}", "{\"any\": []}", "list.empty", 7, "applies_when/adult/require/any"},
      {"\"code\": \"age\"", "\"code\": \"1age\"", "code.form", 10, "items/1age/code"},
      {"\"from\": 0, \"to\": 120", "\"from\": 0", "interval.ends", 10, "items/age/range"},
      {"\"from\": 0, \"to\": 120", "\"from\": 0, \"to\": 120, \"below\": 120", "interval.ends", 10, "items/age/range"},
      {"\"from\": 0, \"to\": 120", "\"from\": 0, \"to\": 3000000000", "value.range", 10, "items/age/range/to"},
      {"\"range\": {\"from\": 0, \"to\": 120},", "", "field.missing", 10, "items/age"},
      {"\"value\": 1,", "\"value\": 1.5,", "value.whole", 14, "items/victim/options/any/value"},
      {"\"code\": \"any\"", "\"code\": \"any one\"", "label.form", 14, "items/victim/options/1/code"},
      {", \"points_if_not_applicable\": 0", "", "field.missing", 12, "items/victim"},
      {"\"if_missing\": \"no\"", "\"range\": {}", "field.misplaced", 16, "items/partner/range"},
      {"\"if_missing\": \"no\"", "\"if_missing\": []", "field.type", 16, "items/partner/if_missing"},
      {"\"no\": 1, ", "", "field.missing", 16, "items/partner/points"},
      {"1900-01-01", "1900-02-29", "date.form", 17, "items/released/range/from"},
      {"\"list\": \"offences\"", "\"list\": \"offences\", \"points\": {\"no\": 0, \"yes\": 1}", "field.misplaced", 18,
       "items/offence/points"},
      {"\"sum\": [\"age\", \"victim\", \"partner\"], ", "", "scale.no-operation", 20, "scales/total"},
      {"\"sum\": [\"age\"", "\"log\": \"age\", \"sum\": [\"age\"", "scale.operations", 20, "scales/total"},
      {"\"victim\", \"partner\"]", "\"victim.a.b\"]", "reference.form", 20, "scales/total/sum/1"},
      {"\"label\": \"Category\"", "\"label\": \"Category\", \"missing\": {}", "field.misplaced", 22,
       "scales/category/missing"},
      {"\"sum\": [\"age\", \"victim\", \"partner\"]", "\"maximum\": [\"age\", \"victim\", \"partner\"]",
       "field.misplaced", 21, "scales/total/missing/prorate"},
      {"{\"of\": \"offence\", \"name\": \"group\"}", "3", "field.type", 22, "scales/category/attribute"},
      {"\"attribute\": {\"of\": \"offence\", \"name\": \"group\"}", "\"difference\": [\"age\"]", "list.length", 22,
       "scales/category/difference"},
      {"\"attribute\": {\"of\": \"offence\", \"name\": \"group\"}", "\"lookup\": {\"of\": \"age\"}", "lookup.source",
       22, "scales/category/lookup"},
      {"\"attribute\": {\"of\": \"offence\", \"name\": \"group\"}",
       "\"add_time\": {\"to\": \"released\", \"years\": 1, \"days\": 1, \"if_no_such_day\": \"next_day\"}",
       "add-time.unit", 22, "scales/category/add_time"},
      {"\"standard\": \"II\"", "\"standard\": \"VI\"", "value.word", 25, "levels/bands_1/bands/0/standard"},
      {"\"levels\": {\"bands_1\":", "\"levels\": {\"bands-1\":", "code.form", 23, "levels/bands-1"},
  };
  const std::string good_text = pinned(instrument_text);
  for (const Fault& fault : faults) {
    const Checked checked = check_small(replaced(good_text, fault.from, fault.to));
    SCOPED_TRACE(fault.to);
    EXPECT_FALSE(checked.instrument);
    const auto found = std::find_if(checked.diagnostics.begin(), checked.diagnostics.end(),
                                    [&](const Diagnostic& one) { return one.code == fault.code; });
    ASSERT_NE(found, checked.diagnostics.end()) << listed(checked.diagnostics);
    EXPECT_EQ(found->place.line, fault.line) << to_string(*found);
    EXPECT_EQ(found->address, fault.address) << to_string(*found);
    EXPECT_FALSE(found->found.empty() || found->expected.empty());
  }
}

TEST(Reading, GivesEachFaultOfTextItsCodeAndPlace) {
  const std::string text = pinned(instrument_text);
  const Diagnostic syntax =
      only(check_small(replaced(text, "\"unit\": \"years\",", "\"unit\": \"years\"")), "json.syntax");
  EXPECT_EQ(syntax.place.line, 10U);
  EXPECT_EQ(syntax.address, "items/age/unit");
  EXPECT_EQ(only(check_small(text + "{}"), "json.trailing").place.line, 28U);
  EXPECT_EQ(only(check_small(replaced(text, "\"to\": 120}", "\"to\": NaN}")), "json.syntax").place.line, 10U);
  EXPECT_EQ(only(check_small(replaced(text, "\"to\": 120}", "\"to\": 1e999}")), "json.number").place,
            (Place{"small/1/instrument.json", 10, 96}));
  EXPECT_EQ(only(check_small(replaced(text, "\"to\": 120}", "\"to\": 1e-999}")), "json.number").address,
            "items/age/range/to");
  EXPECT_EQ(only(check_small(""), "json.syntax").place.line, 1U);
  EXPECT_EQ(only(check_small("\xff"), "json.syntax").place.line, 1U);
  EXPECT_EQ(only(check_small("[]"), "field.type").found, "a list of 0 elements");
}

TEST(Reading, RefusesEveryDuplicateKey) {
  std::string text =
      replaced(pinned(instrument_text), "\"label\": \"Age\"", "\"label\": \"Age\", \"code\": \"x\", \"label\": 3");
  text = replaced(text, "\"bands_1\": {\"edition\"", "\"bands_1\": {},\n \"bands_1\": {\"edition\"");
  const Checked checked = check_small(text);
  std::vector<std::string> addresses;
  for (const Diagnostic& one : checked.diagnostics) {
    if (one.code == "json.duplicate-key") addresses.push_back(one.address);
  }
  EXPECT_EQ(addresses, (std::vector<std::string>{"items/age/code", "items/age/label", "levels/bands_1"}))
      << listed(checked.diagnostics);
}

TEST(Reading, BoundsDepthSizeValuesAndFaults) {
  EXPECT_EQ(only(check_small(std::string(100000, '[')), "json.depth").place.column, 65U);
  EXPECT_EQ(only(check_small(std::string((std::size_t{16} << 20) + 1, ' ')), "json.size").place.line, 1U);
  std::string many = "[";
  for (int i = 0; i < 1'000'001; ++i) many += "0,";
  EXPECT_EQ(only(check_small(many + "0]"), "json.values").place.line, 1U);
  std::string unknown = "{";
  for (int i = 0; i < 5000; ++i) unknown += "\"x" + std::to_string(i) + "\":0,";
  const Checked checked = check_small(unknown + "\"y\":0}");
  EXPECT_LT(checked.diagnostics.size(), 1100U);
  (void)only(checked, "file.too-many-faults");
}

TEST(Reading, PinsCodeListsByDigest) {
  DefinitionFiles files = good_files();
  files["small/lists/offence-codes.json"] = replaced(list_text, "\"002\": [\"THEFT\"]", "\"002\": [\"FRAUD\"]");
  const Diagnostic fault = only(check(files, "small", "1"), "list.digest");
  EXPECT_EQ(fault.address, "code_lists/offences/sha256");
  EXPECT_EQ(fault.place.line, 6U);
}

TEST(Reading, RefusesListsWithoutALabelForEachAttribute) {
  for (const std::string labels : {"[]", "[\"THEFT\", \"FRAUD\"]", "[\"ARSON\"]"}) {
    const std::string list = replaced(list_text, "[\"FRAUD\"], ", labels + ", ");
    DefinitionFiles files = files_with(pinned(instrument_text, list));
    files["small/lists/offence-codes.json"] = list;
    const Diagnostic fault = only(check(files, "small", "1"), "list.labels");
    EXPECT_EQ(fault.place.file, "small/lists/offence-codes.json");
    EXPECT_EQ(fault.address, "codes/001");
  }
}

TEST(Reading, RefusesNormsWithoutFigures) {
  const auto check_norms = [](const std::string& from, const std::string& to) {
    DefinitionFiles files = good_files();
    files["small/norms/all-5y.json"] = replaced(norms_text, from, to);
    return check(files, "small", "1");
  };
  EXPECT_EQ(only(check_norms("\"percentile\": 50}", "\"percentile\": 50}, {\"score\": 3}"), "norms.figures").address,
            "rows/2");
  const std::string logistic = "\"logistic\": {\"centre\": 2, \"intercept\": -2, \"slope\": 0.3}, ";
  (void)only(check_norms("\"rows\"", logistic + "\"rows\""), "norms.figures");
  EXPECT_EQ(only(check_norms("[0.6, 1.3]", "[0.6]"), "list.length").address, "rows/0/interval");
  EXPECT_EQ(only(check_norms("\"id\": \"all-5y\"", "\"id\": \"all\""), "file.identity").address, "id");
  EXPECT_EQ(only(check_norms("\"country\": null, ", ""), "field.missing").address, "sample");
}

TEST(Reading, RefusesCasesOfAnotherInstrument) {
  DefinitionFiles files = good_files();
  files["small/1/boundaries.json"] = replaced(cases_text, "\"instrument\": \"small\"", "\"instrument\": \"other\"");
  EXPECT_EQ(only(check(files, "small", "1"), "file.identity").place.file, "small/1/boundaries.json");
}

TEST(ShapeCodes, AreSortedAndEachOnce) {
  const auto& codes = detail::shape_codes;
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end(), [](const auto& a, const auto& b) { return a.code < b.code; }));
  EXPECT_EQ(
      std::adjacent_find(codes.begin(), codes.end(), [](const auto& a, const auto& b) { return a.code == b.code; }),
      codes.end());
  for (const auto& one : codes) {
    EXPECT_TRUE(std::none_of(detail::proved_codes.begin(), detail::proved_codes.end(), [&](const auto& proved) {
      return proved.code == one.code;
    })) << one.code;
  }
}

}  // namespace
