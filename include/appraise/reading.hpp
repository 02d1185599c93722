/// Reading definitions: files in, an Instrument or every fault out.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/diagnostic.hpp"
#include "appraise/instrument.hpp"

namespace appraise {

/// Definition files by path relative to the instruments folder: "<id>/<edition>/instrument.json" -> text.
using DefinitionFiles = std::map<std::string, std::string, std::less<>>;

/// The definition files below a folder (*.json, each up to 16 MiB), by path relative to it.
///
/// Errors: UsageError if `folder` is not a folder or a file cannot be read
[[nodiscard]] DefinitionFiles read_files(const std::filesystem::path& folder);

/// What reading and checking found. `instrument` is empty if there is any error.
struct Checked {
  std::shared_ptr<const Instrument> instrument;
  std::vector<Diagnostic> diagnostics;  ///< errors, warnings and notes, in the order of file, line, column
};

/// Reads one edition and proves what it declares.
///
/// Every fault of the instrument file, its norm sets, code lists and cases is reported at once. Instruments it uses are
/// read from `files` too; they must be without fault. Definitions are untrusted: depth, size and counts are bounded.
///
/// Errors: none for a faulty definition, whose faults are the result; UsageError if `files` has no such edition
[[nodiscard]] Checked check(const DefinitionFiles& files, std::string_view id, std::string_view edition);

/// The same for a folder `<id>/<edition>` with instrument.json in it, or that file itself. Lists and norms are looked
/// for in the folder's parent; instruments it uses beside it, then among the built-in ones.
[[nodiscard]] Checked check(const std::filesystem::path& path);

/// `check`, but throws.
///
/// Errors: DefinitionError with all diagnostics; UsageError as above
[[nodiscard]] std::shared_ptr<const Instrument> read(const DefinitionFiles& files, std::string_view id,
                                                     std::string_view edition);
[[nodiscard]] std::shared_ptr<const Instrument> read(const std::filesystem::path& path);

/// The text of a JSON document in the canonical form of RFC 8785, whose SHA-256 is a part's digest.
///
/// Errors: DefinitionError if `json` is not one JSON value
[[nodiscard]] std::string canonical_json(std::string_view json);

/// SHA-256 as 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace appraise
