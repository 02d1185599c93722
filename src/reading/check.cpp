#include <fstream>
#include <system_error>

#include "appraise/reading.hpp"
#include "reading/editions.hpp"
#include "reading/shelf.hpp"

namespace appraise {
namespace {

namespace fs = std::filesystem;
using detail::reading::Editions;
using detail::reading::Shelf;

/// One byte more than a definition may have, so that the reader sees that it is too large.
constexpr std::size_t most_bytes = (std::size_t{16} << 20) + 1;

std::string read_text_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const auto size = in ? fs::file_size(path) : 0;
  std::string text(static_cast<std::size_t>(std::min<std::uintmax_t>(size, most_bytes)), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in) throw UsageError("cannot read " + path.string());
  return text;
}

bool is_definition(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".json") && !name.ends_with(".schema.json");
}

Checked check_on(Shelf& shelf, const std::string& id, const std::string& edition) {
  Editions editions(shelf);
  if (!editions.has(id, edition)) {
    throw UsageError("there is no definition " + id + "/" + edition + "/instrument.json");
  }
  return editions.read(id, edition);
}

std::shared_ptr<const Instrument> or_throw(Checked checked) {
  if (!checked.instrument) throw DefinitionError(std::move(checked.diagnostics));
  return std::move(checked.instrument);
}

}  // namespace

DefinitionFiles read_files(const std::filesystem::path& folder) {
  DefinitionFiles files;
  try {
    if (!fs::is_directory(folder)) throw UsageError(folder.string() + " is not a folder");
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || !is_definition(entry.path())) continue;
      files.emplace(entry.path().lexically_relative(folder).generic_string(), read_text_file(entry.path()));
    }
  } catch (const fs::filesystem_error& error) {
    throw UsageError(error.what());
  }
  return files;
}

Checked check(const DefinitionFiles& files, std::string_view id, std::string_view edition) {
  Shelf shelf(files);
  return check_on(shelf, std::string(id), std::string(edition));
}

Checked check(const std::filesystem::path& path) {
  fs::path edition = fs::absolute(path).lexically_normal();
  if (edition.filename() == "instrument.json") edition = edition.parent_path();
  if (edition.filename().empty()) edition = edition.parent_path();  // ended with a slash
  std::error_code no_such_file;
  if (!fs::is_regular_file(edition / "instrument.json", no_such_file)) {
    throw UsageError(path.string() + " is neither a folder with an instrument.json in it nor that file");
  }
  const fs::path instrument = edition.parent_path(), root = instrument.parent_path();
  Shelf shelf(path.is_absolute() ? root : fs::proximate(root));
  return check_on(shelf, instrument.filename().string(), edition.filename().string());
}

std::shared_ptr<const Instrument> read(const DefinitionFiles& files, std::string_view id, std::string_view edition) {
  return or_throw(check(files, id, edition));
}

std::shared_ptr<const Instrument> read(const std::filesystem::path& path) { return or_throw(check(path)); }

}  // namespace appraise
