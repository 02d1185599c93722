/// Every diagnostic code there is. docs/diagnostics.md explains each; tests/definitions/bad has a file for each.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "appraise/diagnostic.hpp"

namespace appraise::detail {

struct CodeMeaning {
  std::string_view code;
  Severity severity;
  std::string_view meaning;
};

/// Codes of what a definition states (src/check). Those of its shape are in src/reading.
inline constexpr std::array proved_codes = std::to_array<CodeMeaning>({
    {"attribute.undefined", Severity::error, "the code list has no attribute of that name"},
    {"bands.beyond-range", Severity::error, "bands of an item reach beyond its range"},
    {"bands.empty", Severity::error, "a band that no value lies in"},
    {"bands.gap", Severity::error, "values of the range that no band holds"},
    {"bands.overlap", Severity::error, "values that two bands hold"},
    {"case.column", Severity::error, "a case expects a result column that there is not"},
    {"case.duplicate-id", Severity::error, "two cases have one id"},
    {"case.expected", Severity::error, "a case expects a value its result column cannot have"},
    {"case.item", Severity::error, "a case answers an item that there is not"},
    {"case.levels", Severity::error, "a case selects levels that are not those of the scale"},
    {"case.norms", Severity::error, "a case selects a norm set that there is not"},
    {"case.response", Severity::error, "a case gives an item a response that is not one of its own"},
    {"clamp.order", Severity::error, "the lower end of a clamp lies above the upper one"},
    {"column.collision", Severity::error, "two results have one column name"},
    {"column.too-many-labels", Severity::error,
     "a category or level scheme has more labels than a result column holds"},
    {"condition.constant", Severity::warning, "a condition that always, or never, holds"},
    {"condition.date", Severity::error, "a date is compared with what is not a date"},
    {"condition.label", Severity::error, "a category is compared with what is not one of its labels"},
    {"condition.number", Severity::error, "a number is compared with what is not a number"},
    {"condition.unordered", Severity::error, "an ordered comparison of a category without an order"},
    {"condition.value-of", Severity::error, "two values are compared that are not of one type"},
    {"evidence.no-note", Severity::error, "derived or unverified figures with neither note nor source"},
    {"evidence.no-source", Severity::error, "verified figures without a source"},
    {"evidence.source-undefined", Severity::error, "evidence names a source that is not among the sources"},
    {"interval.closed", Severity::error, "an interval of real numbers that ends with `to`"},
    {"interval.empty", Severity::error, "a range that no value lies in"},
    {"item.applies-without-points", Severity::error, "an item with applies_when has no points"},
    {"item.baseline", Severity::error, "the baseline is not a response of the item"},
    {"item.duplicate-code", Severity::error, "two items have one code"},
    {"item.if-missing", Severity::error, "the response under if_missing is not one of the item"},
    {"item.list-undefined", Severity::error, "an item reads a code list that there is not"},
    {"item.monotone", Severity::error, "points that do not rise or fall as declared"},
    {"item.some-points", Severity::error, "some options have points and others have not"},
    {"item.unused", Severity::warning, "nothing reads the item"},
    {"judgment.operation", Severity::error, "a scale of a structured judgment that is worked out from the ratings"},
    {"judgment.points", Severity::error, "an item of a structured judgment that has points"},
    {"levels.beyond-range", Severity::error, "levels begin or end away from the scores that can be reached"},
    {"levels.duplicate-code", Severity::error, "two levels of a scheme have one code"},
    {"levels.empty", Severity::error, "a level that no value lies in"},
    {"levels.gap", Severity::error, "scores that no level holds"},
    {"levels.not-number", Severity::error, "levels of a scale that is not a number"},
    {"levels.of-undefined", Severity::error, "levels of a scale that there is not"},
    {"levels.other-scale", Severity::error, "a scale names levels that are those of another scale"},
    {"levels.overlap", Severity::error, "scores that two levels hold"},
    {"levels.refused", Severity::error, "levels of scores that, by their authors, have none"},
    {"levels.standard-order", Severity::error, "standard levels that fall while the levels rise"},
    {"levels.unreachable", Severity::warning, "a level that no score can reach"},
    {"list.unused", Severity::warning, "no item reads the code list"},
    {"lookup.empty", Severity::error, "a band of a look-up that no value lies in"},
    {"lookup.gap", Severity::error, "values that no band of a look-up holds"},
    {"lookup.key-count", Severity::error, "a look-up reads more or fewer values than its table has keys"},
    {"lookup.keys", Severity::error, "keys of a table that are not the labels of the value read"},
    {"lookup.overlap", Severity::error, "values that two bands of a look-up hold"},
    {"lookup.table-undefined", Severity::error, "a look-up in a table that there is not"},
    {"missing.at-most", Severity::error, "more answers may be missing than there are to miss"},
    {"missing.may-omit", Severity::error, "an answer may be missing that the scale does not read"},
    {"missing.prorate", Severity::error, "proration of what is not a whole sum"},
    {"name.collision", Severity::error, "an item, a scale or an alias has the code of another"},
    {"norms.follow-up", Severity::warning, "rates without a follow-up time"},
    {"norms.instrument", Severity::error, "norms of another instrument"},
    {"norms.interval", Severity::error, "an interval that does not contain its rate"},
    {"norms.order", Severity::error, "scores that are not in ascending order"},
    {"norms.percentile", Severity::error, "a percentile outside 0 to 100"},
    {"norms.percentile-order", Severity::error, "percentiles that fall while scores rise"},
    {"norms.rate", Severity::error, "a rate outside 0 to 1"},
    {"norms.risk-ratio", Severity::error, "a risk ratio that is not above zero"},
    {"norms.scale", Severity::error, "norms of a scale that there is not, or that is not a reported number"},
    {"norms.score", Severity::error, "norms of a score that cannot be reached"},
    {"option.code-is-value", Severity::error, "an option's code is another option's value"},
    {"option.duplicate-code", Severity::error, "two options of an item have one code"},
    {"option.duplicate-value", Severity::error, "two options of an item have one value"},
    {"reference.no-levels", Severity::error, "the level of a scale that has no levels"},
    {"reference.not-reported", Severity::error, "an intermediate scale of another instrument is read"},
    {"reference.undefined", Severity::error, "a reference to what there is not"},
    {"rule.duplicate-code", Severity::error, "two rules of use have one code"},
    {"rules.duplicate-value", Severity::error, "a decision table lists a label twice"},
    {"rules.gap", Severity::error, "cases that no row of a decision table decides"},
    {"rules.many-rows", Severity::note, "rows of a first-hit table hold together and differ; the first decides"},
    {"rules.otherwise-unreachable", Severity::warning, "the rows leave nothing for `otherwise`"},
    {"rules.overlap", Severity::error, "two rows hold together where at most one may"},
    {"rules.too-large", Severity::note, "a decision table has too many combinations to prove"},
    {"rules.unreachable-row", Severity::error, "a row that can never decide"},
    {"rules.value", Severity::error, "a result that is not among the labels of the decision table"},
    {"rules.value-unused", Severity::warning, "a label that no row of the decision table gives"},
    {"scale.cycle", Severity::error, "scales that read each other in a circle"},
    {"scale.depth", Severity::error, "scales that read each other too deep"},
    {"scale.digits", Severity::error, "rounding to fewer than 0 or more than 15 digits"},
    {"scale.duplicate-code", Severity::error, "two scales have one code"},
    {"scale.duplicate-reference", Severity::error, "a value is read twice where each counts once"},
    {"scale.explained-by", Severity::error, "explained_by names what is not a sum of this instrument"},
    {"scale.levels-undefined", Severity::error, "a scale names levels that there are not"},
    {"scale.overflow", Severity::error, "a whole value beyond 2147483647"},
    {"scale.probability", Severity::error, "a probability that can lie outside 0 to 1"},
    {"scale.range", Severity::error, "a declared range that is not the one the scale has"},
    {"scale.range-type", Severity::error, "a range of a scale that is not a number"},
    {"scale.unused", Severity::warning, "an intermediate scale that nothing reads"},
    {"table.duplicate-key", Severity::error, "a table lists a key twice"},
    {"table.duplicate-value", Severity::error, "a table lists a label twice"},
    {"table.null-cell", Severity::error, "an empty cell in a table whose figures are given"},
    {"table.structure-only", Severity::error, "a figure in a table whose figures are not public"},
    {"table.unused", Severity::warning, "no look-up reads the table"},
    {"term.duplicate-name", Severity::error, "two terms of a scale have one name"},
    {"term.power", Severity::error, "a power below 1 or above 4"},
    {"type.category", Severity::error, "a category was expected"},
    {"type.code", Severity::error, "an item of kind code was expected"},
    {"type.date", Severity::error, "a date was expected"},
    {"type.mixed", Severity::error, "values of different types where one type is needed"},
    {"type.not-a-value", Severity::error, "a code is read where only its attributes can be"},
    {"type.number", Severity::error, "a number was expected"},
    {"type.whole", Severity::error, "a whole number was expected"},
    {"use.unused", Severity::warning, "nothing reads the instrument used"},
});

/// A code of the table, looked up when compiled: a misspelt code does not build.
class Code {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): written as plain text where a fault is reported
  consteval Code(const char* text) : meaning_(find(text)) {}
  [[nodiscard]] constexpr std::string_view text() const noexcept { return meaning_->code; }
  [[nodiscard]] constexpr Severity severity() const noexcept { return meaning_->severity; }

 private:
  static consteval const CodeMeaning* find(std::string_view text) {
    const auto* found = std::find_if(proved_codes.begin(), proved_codes.end(),
                                     [&](const CodeMeaning& meaning) { return meaning.code == text; });
    if (found == proved_codes.end()) throw "not a diagnostic code";
    return found;
  }

  const CodeMeaning* meaning_;
};

}  // namespace appraise::detail
