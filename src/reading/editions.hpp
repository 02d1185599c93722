/// Reads editions with all of their files, and the editions that they use.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appraise/reading.hpp"
#include "reading/readers.hpp"
#include "reading/shelf.hpp"

namespace appraise::detail::reading {

class Editions {
 public:
  explicit Editions(Shelf& shelf) : shelf_(shelf) {}

  [[nodiscard]] bool has(std::string_view id, std::string_view edition);
  /// Reads one edition, once. It must be there.
  const Checked& read(const std::string& id, const std::string& edition);

 private:
  using Name = std::pair<std::string, std::string>;  ///< id and edition

  Checked read_anew(const Name& name);
  CodeList read_list(const Node& node, const Name& name);
  std::shared_ptr<const Instrument> read_use(const Node& node, const Use& use);
  void read_supply_into(Instrument& instrument, JsonValue& root, const Name& name, Faults& faults);
  void read_norms_into(Instrument& instrument, const Name& name, Faults& faults);
  void read_cases_into(Instrument& instrument, const Name& name, Faults& faults);

  Shelf& shelf_;
  std::map<Name, Checked> done_;
  std::vector<Name> open_;
};

}  // namespace appraise::detail::reading
