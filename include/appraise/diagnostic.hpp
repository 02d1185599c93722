/// What is wrong with a definition, and the exceptions of the library.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace appraise {

/// How much a diagnostic matters: an error refuses the definition, a warning or a note does not.
enum class Severity : std::uint8_t { error, warning, note };

/// A place in a definition file. Lines and columns count from 1; 0 means "not from a file".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// One thing wrong with a definition. `code` is public and stable; docs/diagnostics.md lists them all.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;      ///< "levels.gap"
  Place place;           ///< where
  std::string address;   ///< "levels/standardised_2016/bands/2"
  std::string found;     ///< what is there
  std::string expected;  ///< what was expected

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// "file:line:column: error: code: address: what is there; expected ..."
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// A definition that cannot be used. Carries every diagnostic found, not only the first.
class DefinitionError : public std::runtime_error {
 public:
  explicit DefinitionError(std::vector<Diagnostic> diagnostics);
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A call that cannot be carried out: a column is absent or has the wrong length, an unknown instrument or scale.
class UsageError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace appraise
