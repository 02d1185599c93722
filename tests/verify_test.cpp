#include "appraise/verify.hpp"

#include <gtest/gtest.h>

#include "support/example.hpp"

namespace appraise {
namespace {

Verification verified(const std::string& cases) {
  const DefinitionFiles files{
      {"example-5/1.0/instrument.json", std::string(test::example_definition)},
      {"example-5/1.0/cases.json",
       R"({"format": 1, "instrument": "example-5", "edition": "1.0", "cases": [)" + cases + "]}"}};
  return verify(read(files, "example-5", "1.0"));
}

TEST(Verify, PassesCasesThatHold) {
  const Verification verification = verified(
      R"({"id": "a", "source": "worked by hand", "responses": {"age": 24, "violence": "one", "misuse": "yes"},
          "expect": {"total": 4, "total_level": "medium", "total_status": "scored", "reasons": "", "probability": 0.5}},
         {"id": "b", "source": "worked by hand", "responses": {"age": 90, "violence": "none"},
          "expect": {"total": -1, "total_highest": 0, "cautions": "old", "reasons": "omitted: misuse"}})");
  EXPECT_EQ(verification.cases, 2U);
  EXPECT_EQ(verification.comparisons, 9U);
  EXPECT_TRUE(verification.mismatches.empty());
}

TEST(Verify, NamesEveryResultThatDiffers) {
  const Verification verification = verified(
      R"({"id": "wrong", "source": "worked by hand", "responses": {"age": 24, "violence": "one", "misuse": "yes"},
          "expect": {"total": 5, "total_level": "high", "total_status": "scored", "probability": null}})");
  ASSERT_EQ(verification.mismatches.size(), 3U);
  EXPECT_EQ(verification.mismatches[0].column, "total");
  EXPECT_EQ(verification.mismatches[0].expected, "5");
  EXPECT_EQ(verification.mismatches[0].found, "4");
  EXPECT_EQ(verification.mismatches[2].expected, "no value");
  EXPECT_GT(verification.mismatches[0].place.line, 0U);
}

std::size_t cases_of(const std::vector<CoveredPart>& parts, const std::string& what) {
  for (const CoveredPart& part : parts) {
    if (part.what == what) return part.cases;
  }
  ADD_FAILURE() << "no part: " << what;
  return 0;
}

TEST(Coverage, CountsWhatCasesReachInRowsThatAreNotRefused) {
  const DefinitionFiles files{{"tiny/1/instrument.json", R"({"format": 1, "id": "tiny", "edition": "1", "title": "Tiny",
      "family": "f", "authors": ["A"], "language": "en", "population": "p", "outcome": "o", "licence": "l",
      "training": "t", "sources": {"s": {"citation": "c", "url": null}}, "evidence": {"mark": "verified", "sources": ["s"]},
      "applies_when": [{"code": "adult", "require": {"of": "age", "at_least": 18}, "reason": "adults"}],
      "items": [
        {"code": "age", "label": "age", "kind": "count", "range": {"from": 0, "to": 99},
         "bands": [{"from": 0, "below": 18, "points": 0}, {"from": 18, "to": 99, "points": 1}]},
        {"code": "answer", "label": "answer", "kind": "choice", "options": [
          {"code": "a", "value": 0, "label": "a", "points": 0}, {"code": "b", "value": 1, "label": "b", "points": 1},
          {"code": "c", "value": 2, "label": "c", "points": 2}]}],
      "scales": [
        {"code": "total", "label": "total", "sum": ["age", "answer"], "levels": "two"},
        {"code": "kind", "label": "kind", "rules": {"values": ["x", "y", "z"], "hit": "first", "rows": [
          {"when": {"of": "answer", "equals": "a"}, "then": "x", "source": "s"},
          {"when": {"of": "answer", "equals": "b"}, "then": "y", "source": "s"}], "otherwise": "z"}},
        {"code": "either", "label": "either", "first_available": {"of": ["answer", "age"], "flag": true}},
        {"code": "looked_up", "label": "looked up", "lookup": {"of": "kind", "table": "of_kind"}}],
      "levels": {"two": {"edition": "1", "of": "total", "status": "current",
        "evidence": {"mark": "verified", "sources": ["s"]},
        "bands": [{"from": 0, "to": 1, "code": "low", "label": "low"}, {"from": 2, "to": 3, "code": "high", "label": "high"}]}},
      "tables": {"of_kind": {"edition": "1", "evidence": {"mark": "verified", "sources": ["s"]},
        "keys": [["x", "y", "z"]], "values": null, "cells": [1, 2, 3]}}})"},
                              {"tiny/1/cases.json", R"({"format": 1, "instrument": "tiny", "edition": "1", "cases": [
      {"id": "1", "source": "s", "responses": {"age": 20, "answer": "a"}, "expect": {"total": 1}},
      {"id": "2", "source": "s", "responses": {"age": 30, "answer": 0}, "expect": {"total": 1}},
      {"id": "3", "source": "s", "responses": {"age": 17, "answer": "b"}, "expect": {"total": null}},
      {"id": "4", "source": "s", "responses": {"age": 18}, "expect": {"total": null}}]})"}};
  const std::vector<CoveredPart> parts = coverage(read(files, "tiny", "1"));
  EXPECT_EQ(cases_of(parts, "answer is a"), 2U);
  EXPECT_EQ(cases_of(parts, "answer is b"), 0U);  // only where the rule of use refuses
  EXPECT_EQ(cases_of(parts, "answer is c"), 0U);
  EXPECT_EQ(cases_of(parts, "age 0 to below 18"), 1U);  // a rule of use reads the age
  EXPECT_EQ(cases_of(parts, "age 18 to 99"), 3U);
  EXPECT_EQ(cases_of(parts, "holds: age at least 18"), 3U);
  EXPECT_EQ(cases_of(parts, "does not hold: age at least 18"), 1U);
  EXPECT_EQ(cases_of(parts, "total is low"), 2U);
  EXPECT_EQ(cases_of(parts, "total is high"), 0U);
  EXPECT_EQ(cases_of(parts, "row 1"), 2U);
  EXPECT_EQ(cases_of(parts, "row 2"), 0U);
  EXPECT_EQ(cases_of(parts, "otherwise"), 0U);
  EXPECT_EQ(cases_of(parts, "answer"), 2U);
  EXPECT_EQ(cases_of(parts, "age"), 1U);
  EXPECT_EQ(cases_of(parts, "x"), 2U);
  EXPECT_EQ(cases_of(parts, "y"), 0U);
  EXPECT_EQ(cases_of(parts, "does not hold: answer equals b"), 2U);
}

TEST(Coverage, CasesOfEveryBuiltInInstrumentExerciseAllButSomeComparisons) {
  for (const Edition& edition : built_in_instruments()) {
    for (const CoveredPart& part : coverage(load(edition.id, edition.edition))) {
      if (part.kind == CoveredPart::Kind::condition) continue;
      EXPECT_GT(part.cases, 0U) << edition.id << " " << edition.edition << ": " << part.address << ": " << part.what;
    }
  }
}

TEST(Verify, EveryBuiltInInstrumentHoldsItsCases) {
  for (const Edition& edition : built_in_instruments()) {
    const auto instrument = load(edition.id, edition.edition);
    const Verification verification = verify(instrument);
    EXPECT_GT(verification.cases, 0U) << edition.id;
    for (const Mismatch& mismatch : verification.mismatches) {
      ADD_FAILURE() << edition.id << ": " << mismatch.id << ": " << mismatch.column << " is " << mismatch.found
                    << ", expected " << mismatch.expected << " (" << mismatch.source << ")";
    }
  }
}

}  // namespace
}  // namespace appraise
