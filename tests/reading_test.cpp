// Reading definitions: what is written is what is read, and every fault is found at its place.
#include "appraise/reading.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "appraise/library.hpp"
#include "reading/shape_codes.hpp"

namespace {

using namespace appraise;
namespace fs = std::filesystem;

// Line numbers matter: the tests name them.
const std::string instrument_text = R"({"format": 1, "id": "small", "edition": "1",
 "title": "Small", "family": "sexual recidivism", "authors": ["A. Author"], "language": "en",
 "population": "adults", "outcome": "recidivism", "licence": "free", "training": "none",
 "sources": {"manual": {"citation": "The manual", "url": null}},
 "evidence": {"mark": "verified", "sources": ["manual: p. 3"]},
 "code_lists": {"offences": {"file": "offence-codes", "sha256": "LIST"}},
 "applies_when": [{"code": "adult", "require": {"of": "age", "at_least": 18}, "reason": "adults only", "if_unknown": "applies"}],
 "valid_when": [{"code": "order", "require": {"of": "released", "above": "1990-01-02"}, "reason": "too long ago"}],
 "items": [
  {"code": "age", "label": "Age", "kind": "count", "unit": "years", "range": {"from": 0, "to": 120},
   "bands": [{"from": 0, "below": 35, "points": 1}, {"from": 35, "to": 120, "points": -1}]},
  {"code": "victim", "label": "Victim", "kind": "choice", "monotone": "rising", "baseline": "none",
   "options": [{"code": "none", "value": 0, "label": "none", "points": 0},
               {"code": "any", "value": 1, "label": "any", "points": 2}],
   "applies_when": {"of": "partner", "equals": "yes"}, "points_if_not_applicable": 0},
  {"code": "partner", "label": "Partner", "kind": "yes_no", "points": {"no": 1, "yes": 0}, "if_missing": "no"},
  {"code": "released", "label": "Released", "kind": "date", "optional": true, "range": {"from": "1900-01-01", "to": null}},
  {"code": "offence", "label": "Offence", "kind": "code", "list": "offences"}],
 "scales": [
  {"code": "total", "label": "Total", "sum": ["age", "victim", "partner"], "levels": "bands_1",
   "missing": {"may_omit": ["victim"], "prorate": "half_up"}, "range": {"from": -2, "to": 4}},
  {"code": "category", "label": "Category", "attribute": {"of": "offence", "name": "group"}}],
 "levels": {"bands_1": {"edition": "1", "of": "total", "status": "current",
  "evidence": {"mark": "derived", "note": "by hand"},
  "bands": [{"from": -2, "to": 1, "code": "low", "label": "low", "standard": "II"},
            {"from": 2, "to": 4, "code": "high", "label": "high"}]}}
}
)";
const std::string list_text = R"({"format": 1, "id": "offence-codes", "title": "Offences", "source": "here",
 "attributes": {"group": ["THEFT", "FRAUD"]}, "codes": {"001": ["FRAUD"], "002": ["THEFT"]}})";
const std::string norms_text = R"({"format": 1, "id": "all-5y", "edition": "2015", "title": "All",
 "for": {"instrument": "small", "editions": ["1"], "scale": "total"},
 "sample": {"name": "All", "country": null, "n": 100, "samples": null}, "outcome": "recidivism", "follow_up_years": 5,
 "sources": {}, "evidence": {"mark": "unverified", "note": "from memory"},
 "rate_unit": "percent", "interval_level": 0.95,
 "rows": [{"score": 0, "rate": 0.9, "interval": [0.6, 1.3], "percentile": 1.3, "risk_ratio": 0.19},
          {"score": 1, "rate": 2.9e0, "interval": [1.9, 29E-1], "percentile": 50}]})";
const std::string cases_text = R"({"format": 1, "instrument": "small", "edition": "1", "cases": [
 {"id": "one", "source": "p. 9", "responses": {"age": 20, "victim": "none", "partner": true, "released": null},
  "expect": {"total": 1, "total_level": "low"}, "norms": ["all-5y"], "levels": {"total": "bands_1"}, "tolerance": 0.01}]})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string pinned(const std::string& instrument, const std::string& list = list_text) {
  return replaced(instrument, "LIST", sha256(canonical_json(list)));
}

DefinitionFiles files_with(const std::string& instrument) {
  return {{"small/1/instrument.json", instrument},
          {"small/1/cases.json", cases_text},
          {"small/norms/all-5y.json", norms_text},
          {"small/lists/offence-codes.json", list_text}};
}

DefinitionFiles good_files() { return files_with(pinned(instrument_text)); }

std::string listed(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics) text += to_string(one) + '\n';
  return text;
}

/// The only diagnostic of that code.
Diagnostic only(const Checked& checked, const std::string& code) {
  std::vector<Diagnostic> found;
  std::copy_if(checked.diagnostics.begin(), checked.diagnostics.end(), std::back_inserter(found),
               [&](const Diagnostic& one) { return one.code == code; });
  EXPECT_EQ(found.size(), 1U) << code << " in:\n" << listed(checked.diagnostics);
  return found.empty() ? Diagnostic{} : found.front();
}

Checked check_small(const std::string& instrument) { return check(files_with(instrument), "small", "1"); }

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
  ASSERT_EQ(instrument->cases.size(), 1U);
  const Case& one = instrument->cases[0];
  EXPECT_EQ(one.responses[2].second.text, "yes");
  EXPECT_EQ(one.responses[3].second.kind, Response::Kind::none);
  EXPECT_EQ(one.expect[0].second.number, 1);
  EXPECT_EQ(one.levels.at("total"), "bands_1");
  EXPECT_EQ(one.tolerance, 0.01);
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
      {"\"standard\": \"II\"", "\"standard\": \"VI\"", "value.word", 25, "levels/bands_1/bands/low/standard"},
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

TEST(Reading, PassesOverNormsOfOtherEditions) {
  DefinitionFiles files = good_files();
  files["small/norms/old.json"] = R"({"for": {"editions": ["0"]}, "anything": 1})";
  EXPECT_TRUE(check(files, "small", "1").instrument);
  files["small/norms/old.json"] = R"({"for": {"editions": ["0", "1"]}})";
  EXPECT_FALSE(check(files, "small", "1").instrument);
}

TEST(Reading, RefusesCasesOfAnotherInstrument) {
  DefinitionFiles files = good_files();
  files["small/1/boundaries.json"] = replaced(cases_text, "\"instrument\": \"small\"", "\"instrument\": \"other\"");
  EXPECT_EQ(only(check(files, "small", "1"), "file.identity").place.file, "small/1/boundaries.json");
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
  const auto& [id, edition] = built_in.front();
  const std::string text =
      replaced(replaced(using_text("own", id), "base.total", "base." + load(id, edition)->scales.back().code),
               "\"" + id + "\", \"edition\": \"1\"", "\"" + id + "\", \"edition\": \"" + edition + "\"");
  write({{"own/1/instrument.json", text}});
  const Checked checked = check(root_ / "own/1");
  for (const Diagnostic& one : checked.diagnostics) EXPECT_NE(one.code.substr(0, 3), "use") << to_string(one);
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
