/// Where the files of definitions are looked for.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/reading.hpp"

namespace appraise::detail::reading {

/// Definition files by path relative to an instruments folder: those of a map, or those below a folder and then the
/// built-in ones. The files of an instrument come all from one place.
class Shelf {
 public:
  explicit Shelf(const DefinitionFiles& files) : files_(files) {}
  explicit Shelf(std::filesystem::path root);
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  /// The text of a file of the instrument `id`, or null.
  [[nodiscard]] const std::string* find(std::string_view id, std::string_view path);
  /// Paths of the instrument's norm sets, in order, relative to its folder.
  [[nodiscard]] std::vector<std::string> norms_of(std::string_view id);
  /// How a path is shown in places.
  [[nodiscard]] std::string shown(std::string_view id, std::string_view path) const;

 private:
  void fetch(std::string_view id);

  DefinitionFiles fetched_;
  const DefinitionFiles& files_;
  std::filesystem::path root_;
  std::set<std::string, std::less<>> below_root_, known_;
};

}  // namespace appraise::detail::reading
