/// Every code of a fault in the shape of a definition. docs/diagnostics.md explains each.
#pragma once

#include "diagnostic_codes.hpp"

namespace appraise::detail {

/// Codes of the files and their shape (src/reading). All are errors. Those of what a definition states are
/// proved_codes.
inline constexpr std::array shape_codes = std::to_array<CodeMeaning>({
    {"add-time.unit", Severity::error, "no unit of time to add, or several"},
    {"code.form", Severity::error, "a code with letters that codes do not have"},
    {"condition.empty", Severity::error, "a condition that compares with nothing"},
    {"condition.mixed", Severity::error, "several kinds of condition in one object"},
    {"date.form", Severity::error, "a text that is not a date"},
    {"digest.form", Severity::error, "a text that is not a SHA-256 digest"},
    {"field.misplaced", Severity::error, "a known field where it has no meaning"},
    {"field.missing", Severity::error, "a required field is not there"},
    {"field.type", Severity::error, "a value of the wrong kind: a text where a number belongs"},
    {"field.unknown", Severity::error, "a field that the format does not have"},
    {"file.format", Severity::error, "a file in a format that this version does not read"},
    {"file.identity", Severity::error, "a file says it is another than its folder or name says"},
    {"file.missing", Severity::error, "a file that the definition names is not there"},
    {"file.too-many-faults", Severity::error, "more faults than are listed"},
    {"id.form", Severity::error, "an id with letters that ids do not have"},
    {"interval.ends", Severity::error, "both `to` and `below`, or neither"},
    {"json.depth", Severity::error, "lists and objects inside each other too deep"},
    {"json.duplicate-key", Severity::error, "a key twice in one object"},
    {"json.number", Severity::error, "a number too large or too small to be held"},
    {"json.size", Severity::error, "a file larger than any definition"},
    {"json.syntax", Severity::error, "the text is not JSON"},
    {"json.trailing", Severity::error, "something stands after the end of the document"},
    {"json.values", Severity::error, "a file of more values than any definition"},
    {"label.form", Severity::error, "a label with letters that labels do not have"},
    {"list.digest", Severity::error, "a code list is not the one that the definition was made with"},
    {"list.empty", Severity::error, "a list without elements where one is needed"},
    {"list.labels", Severity::error, "a code without one known label for each attribute"},
    {"list.length", Severity::error, "a list of more or fewer elements than belong there"},
    {"lookup.source", Severity::error, "both bands and a table, or neither"},
    {"norms.figures", Severity::error, "norms without rows or formula, or with both, or a row without figures"},
    {"reference.form", Severity::error, "a text that cannot name an item, a scale or a level"},
    {"scale.no-operation", Severity::error, "a scale without an operation"},
    {"scale.operations", Severity::error, "a scale with several operations"},
    {"supply.mark", Severity::error, "figures are supplied and marked as not public"},
    {"supply.not-structure-only", Severity::error, "figures are supplied for a table that has its own"},
    {"supply.source", Severity::error, "a supplied source has the key of a source of the definition"},
    {"supply.table-undefined", Severity::error, "figures are supplied for a table that there is not"},
    {"table.shape", Severity::error, "cells that do not fit the keys of the table"},
    {"table.value", Severity::error, "a cell that is not one of the table's labels"},
    {"text.empty", Severity::error, "an empty text"},
    {"use.cycle", Severity::error, "instruments that use each other in a circle"},
    {"use.depth", Severity::error, "instruments that use each other too deep"},
    {"use.faulty", Severity::error, "an instrument that is used has faults of its own"},
    {"use.missing", Severity::error, "an instrument that is used is not there"},
    {"value.range", Severity::error, "a number outside the values it can have"},
    {"value.whole", Severity::error, "a number with decimals where a whole number belongs"},
    {"value.word", Severity::error, "a word that is not one of those known there"},
});

/// A code of the reader, looked up when compiled: a misspelt code does not build.
class ShapeCode {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): written as plain text where a fault is reported
  consteval ShapeCode(const char* text) : text_(text) {
    const auto same = [&](const CodeMeaning& meaning) { return meaning.code == text_; };
    if (std::none_of(shape_codes.begin(), shape_codes.end(), same) &&
        std::none_of(proved_codes.begin(), proved_codes.end(), same)) {
      throw "not a diagnostic code";
    }
  }
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

}  // namespace appraise::detail
