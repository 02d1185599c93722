/// The definitions built into the library.
#pragma once

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
};

/// The definition files built into the library, by path relative to the instruments folder.
[[nodiscard]] const DefinitionFiles& built_in_files();

/// Every built-in edition, by id and then edition.
[[nodiscard]] std::vector<Edition> built_in_instruments();

/// A built-in instrument, read and checked. Without `edition`, the last one by name.
///
/// Errors:  UsageError if there is none of that name, with the names there are
/// Threads: safe to call concurrently
[[nodiscard]] std::shared_ptr<const Instrument> load(std::string_view id, std::string_view edition = {});

}  // namespace appraise
