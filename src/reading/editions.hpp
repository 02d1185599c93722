/// Reads editions with all of their files, and the editions that they use.
#pragma once

#include <functional>
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
  /// How the cases of an edition are read when they are asked for; nothing if they are to be read with it.
  using Deferral = std::function<CaseList::Read(const std::string& id, const std::string& edition)>;

  explicit Editions(Shelf& shelf, Deferral deferral = {}) : shelf_(shelf), deferral_(std::move(deferral)) {}

  [[nodiscard]] bool has(std::string_view id, std::string_view edition);
  /// Reads one edition, once. It must be there.
  const Checked& read(const std::string& id, const std::string& edition);

 private:
  using Name = std::pair<std::string, std::string>;  ///< id and edition

  /// A list that was read before, by its text.
  struct KnownList {
    std::string text;
    CodeList list;
  };

  Checked read_anew(const Name& name);
  CodeList read_list_file(const std::string& text, const std::string& file, Reading reading);
  CodeList read_list(const Node& node, const Name& name);
  std::shared_ptr<const Instrument> read_use(const Node& node, const Use& use);
  void read_supply_into(Instrument& instrument, JsonValue& root, const Name& name, Faults& faults);
  void read_norms_into(Instrument& instrument, const Name& name, Faults& faults);
  CaseList cases_of(const Name& name, Faults& faults);

  Shelf& shelf_;
  Deferral deferral_;
  std::map<Name, Checked> done_;
  std::vector<Name> open_;
  std::vector<KnownList> lists_;
};

}  // namespace appraise::detail::reading
