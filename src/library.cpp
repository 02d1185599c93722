#include "appraise/library.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <span>
#include <tuple>
#include <utility>

namespace appraise {
namespace detail {

/// Made from the definitions when the library is built (cmake/embed.cmake).
extern const std::span<const std::pair<std::string_view, std::string_view>> built_in_data;

}  // namespace detail

namespace {

std::string known_names(const std::vector<Edition>& editions) {
  std::string names;
  for (const Edition& one : editions) names += (names.empty() ? "" : ", ") + one.id + " (" + one.edition + ")";
  return names;
}

}  // namespace

const DefinitionFiles& built_in_files() {
  static const DefinitionFiles files(detail::built_in_data.begin(), detail::built_in_data.end());
  return files;
}

std::vector<Edition> built_in_instruments() {
  constexpr std::string_view ending = "/instrument.json";
  std::vector<Edition> result;
  for (const auto& [path, text] : built_in_files()) {
    if (!path.ends_with(ending)) continue;
    const std::size_t slash = path.find('/');
    result.push_back({path.substr(0, slash), path.substr(slash + 1, path.size() - slash - 1 - ending.size())});
  }
  std::sort(result.begin(), result.end(),
            [](const Edition& a, const Edition& b) { return std::tie(a.id, a.edition) < std::tie(b.id, b.edition); });
  return result;
}

std::shared_ptr<const Instrument> load(std::string_view id, std::string_view edition) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Instrument>> loaded;  // by path
  const auto known = built_in_instruments();
  const auto wanted = std::find_if(known.rbegin(), known.rend(), [&](const Edition& one) {
    return one.id == id && (edition.empty() || one.edition == edition);
  });
  if (wanted == known.rend()) {
    throw UsageError("no built-in instrument " + std::string(id) + (edition.empty() ? "" : ", edition ") +
                     std::string(edition) + "; there are " + known_names(known));
  }
  const std::lock_guard lock(mutex);
  auto& instrument = loaded[wanted->id + '/' + wanted->edition];
  if (!instrument) instrument = read(built_in_files(), wanted->id, wanted->edition);
  return instrument;
}

}  // namespace appraise
