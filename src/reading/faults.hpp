/// Faults of a definition: where they are gathered, and the words they are told in.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/diagnostic.hpp"
#include "reading/shape_codes.hpp"

namespace appraise::detail::reading {

/// A place in the text of one file. Columns count characters.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// The faults of one edition, over all of its files. Bounded, since a hostile file could hold millions.
class Faults {
 public:
  void add(Diagnostic diagnostic);
  [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
  [[nodiscard]] std::vector<Diagnostic> take() && { return std::move(list_); }

 private:
  std::vector<Diagnostic> list_;
};

/// The reading of one file.
struct Reading {
  std::string file;
  Faults& faults;
  std::set<std::string, std::less<>> sources = {};  ///< keys of the file's `sources`

  [[nodiscard]] Place place(Position position) const { return {file, position.line, position.column}; }
  void fault(ShapeCode code, Position position, std::string address, std::string found, std::string expected);
};

/// Text in quotation marks, shortened.
[[nodiscard]] std::string in_quotes(std::string_view text);
/// `parent/step`, or `step` at the top.
[[nodiscard]] std::string joined(std::string_view parent, std::string_view step);
/// "1 fault", "3 faults"
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);
/// The candidate that differs least from `text` in letters, or empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace appraise::detail::reading
