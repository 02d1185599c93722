#include <algorithm>

#include "appraise/reading.hpp"
#include "reading/readers.hpp"

namespace appraise::detail::reading {
namespace {

std::string digest_of(const JsonValue& value) { return sha256(canonical(value)); }

/// The members of the instrument file that say how responses become scores.
JsonValue scoring_part(const JsonValue& root) {
  JsonValue part;
  part.kind = JsonValue::Kind::object;
  for (const std::string_view name : {"items", "scales", "applies_when", "valid_when", "cautions", "code_lists", "uses",
                                      "evidence", "structured_judgment", "no_levels"}) {
    if (const JsonValue* value = root.find(name)) part.members.push_back({std::string(name), {}, *value});
  }
  return part;
}

Mark scoring_mark(const Instrument& instrument) {
  Mark weakest = Mark::verified;
  const auto weaken = [&](const auto& part) {
    weakest = std::max(weakest, part.evidence.value_or(instrument.evidence).mark);
  };
  std::for_each(instrument.items.begin(), instrument.items.end(), weaken);
  std::for_each(instrument.scales.begin(), instrument.scales.end(), weaken);
  return weakest;
}

Mark norms_mark(const Norms& norms) {
  Mark weakest = norms.evidence.mark;
  for (const NormRow& row : norms.rows) weakest = std::max(weakest, row.evidence.mark);
  return weakest;
}

}  // namespace

std::vector<Part> parts_of(const Instrument& instrument, const JsonValue& root) {
  std::vector<Part> parts = {{"scoring", instrument.edition, scoring_mark(instrument), digest_of(scoring_part(root))}};
  const auto add = [&](std::string_view kind, const auto& part) {
    const JsonValue* of_kind = root.find(kind);
    const JsonValue* value = of_kind != nullptr ? of_kind->find(part.name) : nullptr;
    if (value != nullptr) {
      parts.push_back({joined(kind, part.name), part.edition, part.evidence.mark, digest_of(*value)});
    }
  };
  for (const LevelScheme& scheme : instrument.levels) add("levels", scheme);
  for (const Table& table : instrument.tables) {
    add("tables", table);
    parts.back().supplied = table.supplied;
  }
  for (const Norms& norms : instrument.norms) {
    parts.push_back({joined("norms", norms.id), norms.edition, norms_mark(norms), norms.digest});
  }
  return parts;
}

}  // namespace appraise::detail::reading
