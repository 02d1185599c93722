/// Readers of the parts of a definition.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/instrument.hpp"
#include "reading/node.hpp"

namespace appraise::detail::reading {

[[nodiscard]] Item read_item(const Node& node);
[[nodiscard]] Scale read_scale(const Node& node);
/// The names of all operations, and one of them read.
[[nodiscard]] const std::vector<std::string_view>& operation_names();
[[nodiscard]] Operation read_operation(std::string_view name, const Node& node);
[[nodiscard]] std::vector<LevelScheme> read_levels(const Node& node);
[[nodiscard]] std::vector<Table> read_tables(const Node& node);
/// Edition, evidence and cells of a table whose keys and labels are known.
void read_table_figures(ObjectReader& object, Table& table);

/// What the instrument file names in other files: given its node, the list or instrument itself.
struct Links {
  std::function<CodeList(const Node&)> list;
  std::function<std::shared_ptr<const Instrument>(const Node&, const Use&)> use;
};
/// The instrument file itself.
[[nodiscard]] Instrument read_instrument(const Node& node, const Links& links);

[[nodiscard]] Norms read_norms(const Node& node);
[[nodiscard]] CodeList read_code_list(const Node& node);

/// A file of worked or boundary cases, and what it says it belongs to.
struct Cases {
  std::string instrument;
  std::string edition;
  std::vector<Case> cases;
};
[[nodiscard]] Cases read_cases(const Node& node);

/// Puts an agency's own figures into the tables of an instrument whose figures are not public. `root`, the tree of the
/// instrument's file, then holds them too. What the file says it belongs to is the result.
struct Supplied {
  std::string instrument;
  std::string edition;
};
Supplied read_supply(const Node& node, Instrument& instrument, JsonValue& root);

/// The parts of an instrument that has been read without fault; `root` is the tree of its file.
[[nodiscard]] std::vector<Part> parts_of(const Instrument& instrument, const JsonValue& root);

}  // namespace appraise::detail::reading
