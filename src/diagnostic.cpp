#include "appraise/diagnostic.hpp"

#include <algorithm>

namespace appraise {
namespace {

std::string_view word(Severity severity) noexcept {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

std::string summary(const std::vector<Diagnostic>& diagnostics) {
  constexpr std::size_t most = 5;
  std::string text = "the definition cannot be used";
  for (std::size_t i = 0; i < std::min(most, diagnostics.size()); ++i) text += "\n  " + to_string(diagnostics[i]);
  if (diagnostics.size() > most) text += "\n  and " + std::to_string(diagnostics.size() - most) + " more";
  return text;
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
  const Place& place = diagnostic.place;
  std::string text;
  if (!place.file.empty()) text += place.file + ':';
  if (place.line != 0) text += std::to_string(place.line) + ':' + std::to_string(place.column) + ':';
  if (!text.empty()) text += ' ';
  text += std::string(word(diagnostic.severity)) + ": " + diagnostic.code + ": ";
  if (!diagnostic.address.empty()) text += diagnostic.address + ": ";
  text += diagnostic.found;
  if (!diagnostic.expected.empty()) text += "; expected " + diagnostic.expected;
  return text;
}

DefinitionError::DefinitionError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(summary(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace appraise
