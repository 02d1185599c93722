#include "appraise/library.hpp"

#include <algorithm>
#include <mutex>
#include <span>
#include <tuple>
#include <utility>

#include "reading/editions.hpp"
#include "reading/shelf.hpp"

namespace appraise {
namespace detail {

/// Made from the definitions when the library is built (cmake/embed.cmake).
extern const std::span<const std::pair<std::string_view, std::string_view>> built_in_data;

}  // namespace detail

namespace {

constexpr std::string_view definition_file = "/instrument.json", supply_file = "/supply.json";

std::string known_names(const std::vector<Edition>& editions) {
  std::string names;
  for (const Edition& one : editions) names += (names.empty() ? "" : ", ") + one.id + " (" + one.edition + ")";
  return names;
}

/// The editions among `files`; those that are not among `built_in` are the agency's own.
std::vector<Edition> editions_of(const DefinitionFiles& files, const DefinitionFiles& built_in) {
  std::vector<Edition> result;
  for (const auto& [path, text] : files) {
    if (!path.ends_with(definition_file)) continue;
    const std::size_t slash = path.find('/');
    const std::string folder = path.substr(0, path.size() - definition_file.size());
    if (slash >= folder.size()) continue;  // not a folder of an edition
    result.push_back({folder.substr(0, slash), folder.substr(slash + 1), !built_in.contains(path),
                      files.contains(folder + std::string(supply_file))});
  }
  std::sort(result.begin(), result.end(),
            [](const Edition& a, const Edition& b) { return std::tie(a.id, a.edition) < std::tie(b.id, b.edition); });
  return result;
}

/// Built-in files and those of a folder.
DefinitionFiles with_built_in(const std::filesystem::path& folder) {
  DefinitionFiles files = read_files(folder);
  for (const auto& [path, text] : built_in_files()) {
    if (!files.emplace(path, text).second) {
      throw UsageError((folder / path).generic_string() +
                       " stands in the place of a built-in file; give it an id or edition of its own");
    }
  }
  for (const auto& [path, text] : files) {
    if (!path.ends_with(supply_file)) continue;
    const std::string of = path.substr(0, path.size() - supply_file.size()) + std::string(definition_file);
    if (!files.contains(of)) {
      throw UsageError((folder / path).generic_string() + " supplies figures for " + of + ", which there is not");
    }
  }
  return files;
}

/// Cases of built-in definitions were verified when the library was built. An agency's own are read with the
/// definition.
CaseList::Read later_cases(const DefinitionFiles& files, const std::string& id, const std::string& edition) {
  const std::string folder = id + '/' + edition;
  const bool built_in = built_in_files().contains(folder + std::string(definition_file));
  if (!built_in || files.contains(folder + std::string(supply_file))) return nullptr;
  return [id, edition] { return read(built_in_files(), id, edition)->cases.all(); };
}

const Library& built_in_library() {
  static const Library library;
  return library;
}

}  // namespace

struct Library::Inside {
  explicit Inside(const DefinitionFiles& all) : files(all), editions(editions_of(files, built_in_files())) {}
  explicit Inside(DefinitionFiles&& all)
      : own(std::move(all)), files(own), editions(editions_of(files, built_in_files())) {}

  /// The edition to load, or null.
  const Edition* find(std::string_view id, std::string_view edition) const {
    const auto wanted = std::find_if(editions.rbegin(), editions.rend(), [&](const Edition& one) {
      return one.id == id && (edition.empty() || one.edition == edition);
    });
    return wanted == editions.rend() ? nullptr : &*wanted;
  }

  /// Without a name for the edition, it must be clear whose is meant.
  void demand_clear(std::string_view id) const {
    std::vector<Edition> of_id;
    std::copy_if(editions.begin(), editions.end(), std::back_inserter(of_id),
                 [&](const Edition& one) { return one.id == id; });
    const auto own_ones = std::count_if(of_id.begin(), of_id.end(), [](const Edition& one) { return one.own; });
    if (own_ones == 0 || own_ones == static_cast<std::ptrdiff_t>(of_id.size())) return;
    throw UsageError("there are built-in editions of " + std::string(id) +
                     " and your own; name the edition: " + known_names(of_id));
  }

  const DefinitionFiles own;
  const DefinitionFiles& files;
  const std::vector<Edition> editions;
  std::mutex mutex;
  detail::reading::Shelf shelf{files};
  detail::reading::Editions reading{
      shelf, [this](const std::string& id, const std::string& edition) { return later_cases(files, id, edition); }};
};

Library::Library() : inside_(std::make_unique<Inside>(built_in_files())) {}
Library::Library(const std::filesystem::path& folder) : inside_(std::make_unique<Inside>(with_built_in(folder))) {}
Library::~Library() = default;
Library::Library(Library&&) noexcept = default;
Library& Library::operator=(Library&&) noexcept = default;

const std::vector<Edition>& Library::editions() const noexcept { return inside_->editions; }

std::shared_ptr<const Instrument> Library::load(std::string_view id, std::string_view edition) const {
  if (edition.empty()) inside_->demand_clear(id);
  const Edition* wanted = inside_->find(id, edition);
  if (wanted == nullptr) {
    throw UsageError("no instrument " + std::string(id) + (edition.empty() ? "" : ", edition ") + std::string(edition) +
                     "; there are " + known_names(inside_->editions));
  }
  const std::lock_guard lock(inside_->mutex);
  const Checked& checked = inside_->reading.read(wanted->id, wanted->edition);
  if (!checked.instrument) throw DefinitionError(checked.diagnostics);
  return checked.instrument;
}

const DefinitionFiles& built_in_files() {
  static const DefinitionFiles files(detail::built_in_data.begin(), detail::built_in_data.end());
  return files;
}

const std::vector<Edition>& built_in_instruments() { return built_in_library().editions(); }

std::shared_ptr<const Instrument> load(std::string_view id, std::string_view edition) {
  return built_in_library().load(id, edition);
}

}  // namespace appraise
