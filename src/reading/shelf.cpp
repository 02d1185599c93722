#include "reading/shelf.hpp"

#include "appraise/library.hpp"

namespace appraise::detail::reading {
namespace {

std::string path_of(std::string_view id, std::string_view path) { return std::string(id).append("/").append(path); }

}  // namespace

Shelf::Shelf(std::filesystem::path root) : files_(fetched_), root_(std::move(root)) {}

void Shelf::fetch(std::string_view id) {
  if (root_.empty() || !known_.emplace(id).second) return;
  const std::filesystem::path folder = root_ / id;
  if (std::filesystem::is_directory(folder)) {
    below_root_.emplace(id);
    for (auto& [path, text] : read_files(folder)) fetched_.emplace(path_of(id, path), std::move(text));
    return;
  }
  const std::string prefix = path_of(id, "");
  const DefinitionFiles& built_in = built_in_files();
  for (auto at = built_in.lower_bound(prefix); at != built_in.end() && at->first.starts_with(prefix); ++at) {
    fetched_.insert(*at);
  }
}

const std::string* Shelf::find(std::string_view id, std::string_view path) {
  fetch(id);
  const auto at = files_.find(path_of(id, path));
  return at == files_.end() ? nullptr : &at->second;
}

std::vector<std::string> Shelf::norms_of(std::string_view id) {
  fetch(id);
  const std::string folder = path_of(id, "norms/");
  std::vector<std::string> result;
  for (auto at = files_.lower_bound(folder); at != files_.end() && at->first.starts_with(folder); ++at) {
    const std::string_view name = std::string_view(at->first).substr(folder.size());
    if (name.ends_with(".json") && name.find('/') == name.npos) result.emplace_back(at->first.substr(id.size() + 1));
  }
  return result;
}

std::string Shelf::shown(std::string_view id, std::string_view path) const {
  if (below_root_.contains(id)) return (root_ / id / path).generic_string();
  return path_of(id, path);
}

}  // namespace appraise::detail::reading
