/// Where instruments come from: the definitions built in, and an agency's own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/instrument.hpp"
#include "appraise/reading.hpp"

namespace appraise {

/// Names one edition.
struct Edition {
  std::string id;
  std::string edition;
  bool own = false;       ///< a definition of the agency
  bool supplied = false;  ///< built in, with figures that the agency supplies
};

/// The built-in definitions, and with them those of a folder of the agency. docs/writing-an-instrument.md tells what
/// the folder holds: whole definitions, norm sets for built-in ones, and figures that are not public (supply.json).
///
/// Nothing in the folder stands in for what is built in: a file in the place of a built-in one is an error, and where
/// an id has built-in editions and the agency's own, the edition must be named.
/// Threads: safe to use concurrently
class Library {
 public:
  /// The built-in definitions alone.
  Library();
  /// Errors: UsageError if `folder` is not a folder, cannot be read, or has a file in the place of a built-in one
  explicit Library(const std::filesystem::path& folder);
  ~Library();
  Library(Library&&) noexcept;
  Library& operator=(Library&&) noexcept;

  /// Every edition, by id and then edition.
  [[nodiscard]] const std::vector<Edition>& editions() const noexcept;
  /// An instrument, read and checked, once. Without `edition`, the last one by name.
  ///
  /// Errors: DefinitionError if the definition has faults; UsageError if there is none of that name, with the names
  ///         there are, or if the edition must be named
  [[nodiscard]] std::shared_ptr<const Instrument> load(std::string_view id, std::string_view edition = {}) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// The definition files built into the library, by path relative to the instruments folder.
[[nodiscard]] const DefinitionFiles& built_in_files();

/// Every built-in edition, by id and then edition.
[[nodiscard]] const std::vector<Edition>& built_in_instruments();

/// A built-in instrument, read and checked. Without `edition`, the last one by name.
///
/// Errors:  UsageError if there is none of that name, with the names there are
/// Threads: safe to call concurrently
[[nodiscard]] std::shared_ptr<const Instrument> load(std::string_view id, std::string_view edition = {});

}  // namespace appraise
