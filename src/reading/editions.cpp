#include "reading/editions.hpp"

#include <algorithm>
#include <tuple>

#include "check/prove.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

/// What a file says of itself must agree with where it stands.
void demand_identity(const Node& root, std::string_view field, std::string_view found, std::string_view expected) {
  if (found == expected || found.empty()) return;
  const JsonValue* value = root.value.find(field);
  root.child(value != nullptr ? *value : root.value, field)
      .fault("file.identity", in_quotes(found), in_quotes(expected) + ", as the folder or file is named");
}

std::string in_edition(const std::string& edition, std::string_view file) {
  return std::string(edition).append("/").append(file);
}

/// Whether a norm set says plainly that it is for other editions only.
bool for_other_editions(const JsonValue& root, const std::string& edition) {
  const JsonValue* scope = root.find("for");
  const JsonValue* editions = scope != nullptr ? scope->find("editions") : nullptr;
  if (editions == nullptr || editions->elements.empty()) return false;
  return std::all_of(editions->elements.begin(), editions->elements.end(),
                     [&](const JsonValue& one) { return one.is(JsonValue::Kind::text) && one.text != edition; });
}

void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
  });
}

bool has_error(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& one) { return one.severity == Severity::error; });
}

}  // namespace

bool Editions::has(std::string_view id, std::string_view edition) {
  return shelf_.find(id, in_edition(std::string(edition), "instrument.json")) != nullptr;
}

const Checked& Editions::read(const std::string& id, const std::string& edition) {
  const Name name{id, edition};
  if (const auto done = done_.find(name); done != done_.end()) return done->second;
  open_.push_back(name);
  Checked checked = read_anew(name);
  open_.pop_back();
  return done_.emplace(name, std::move(checked)).first->second;
}

Checked Editions::read_anew(const Name& name) {
  const auto& [id, edition] = name;
  const std::string path = in_edition(edition, "instrument.json");
  Faults faults;
  Reading reading{shelf_.shown(id, path), faults};
  auto instrument = std::make_shared<Instrument>();
  auto root = parse_json(*shelf_.find(id, path), reading);
  if (root) {
    const Node node{reading, *root, ""};
    *instrument = read_instrument(node, {[&](const Node& list) { return read_list(list, name); },
                                         [&](const Node& at, const Use& use) { return read_use(at, use); }});
    demand_identity(node, "id", instrument->id, id);
    demand_identity(node, "edition", instrument->edition, edition);
    read_supply_into(*instrument, *root, name, faults);
  }
  read_norms_into(*instrument, name, faults);
  instrument->cases = cases_of(name, faults);

  Checked checked;
  const bool well_formed = faults.size() == 0;
  checked.diagnostics = std::move(faults).take();
  if (well_formed) {
    instrument->parts = parts_of(*instrument, *root);
    prove(*instrument, checked.diagnostics);
  }
  sort_by_place(checked.diagnostics);
  if (!has_error(checked.diagnostics)) checked.instrument = std::move(instrument);
  return checked;
}

CodeList Editions::read_list(const Node& node, const Name& name) {
  std::string owner, file, digest;
  const std::size_t before = node.reading.faults.size();
  read_object(node, [&](ObjectReader& object) {
    owner = object.optional("instrument", read_id).value_or(name.first);
    file = object.required("file", read_id);
    digest = object.required("sha256", read_digest);
  });
  if (node.reading.faults.size() != before) return {};
  const std::string path = "lists/" + file + ".json";
  const std::string* text = shelf_.find(owner, path);
  if (text == nullptr) {
    node.fault("file.missing", "no file " + shelf_.shown(owner, path),
               "the code list in the folder \"lists\" of the instrument");
    return {};
  }
  const CodeList list = read_list_file(*text, file, {shelf_.shown(owner, path), node.reading.faults});
  if (!list.digest.empty() && list.digest != digest) {
    node.child(*node.value.find("sha256"), "sha256")
        .fault("list.digest", "a digest that is not that of " + shelf_.shown(owner, path),
               list.digest + ", after seeing to it that the list is the right one");
  }
  return list;
}

CodeList Editions::read_list_file(const std::string& text, const std::string& file, Reading reading) {
  const auto known = std::find_if(lists_.begin(), lists_.end(),
                                  [&](const KnownList& one) { return one.list.id == file && one.text == text; });
  if (known != lists_.end()) return known->list;
  const std::size_t before = reading.faults.size();
  const auto root = parse_json(text, reading);
  if (!root) return {};
  const Node node{reading, *root, ""};
  CodeList list = read_code_list(node);
  demand_identity(node, "id", list.id, file);
  list.digest = sha256(canonical(*root));
  if (reading.faults.size() == before) lists_.push_back({text, list});
  return list;
}

std::shared_ptr<const Instrument> Editions::read_use(const Node& node, const Use& use) {
  constexpr std::size_t deepest = 16;
  const std::string used = in_quotes(use.instrument) + ", edition " + in_quotes(use.edition);
  if (std::find(open_.begin(), open_.end(), Name{use.instrument, use.edition}) != open_.end()) {
    node.fault("use.cycle", used + " uses this instrument in turn",
               "instruments that do not use each other in a circle");
  } else if (!has(use.instrument, use.edition)) {
    node.fault("use.missing", "no definition of " + used, "an instrument and edition whose files are at hand");
  } else if (open_.size() >= deepest) {
    node.fault("use.depth", "instruments that use each other more than " + std::to_string(deepest) + " deep", "fewer");
  } else {
    const Checked& checked = read(use.instrument, use.edition);
    if (!checked.instrument) {
      const auto error = std::find_if(checked.diagnostics.begin(), checked.diagnostics.end(),
                                      [](const Diagnostic& one) { return one.severity == Severity::error; });
      node.fault("use.faulty", used + " has faults, the first: " + to_string(*error), "an instrument without faults");
    }
    return checked.instrument;
  }
  return nullptr;
}

void Editions::read_supply_into(Instrument& instrument, JsonValue& root, const Name& name, Faults& faults) {
  const std::string path = in_edition(name.second, "supply.json");
  const std::string* text = shelf_.find(name.first, path);
  if (text == nullptr) return;
  Reading reading{shelf_.shown(name.first, path), faults};
  const auto own = parse_json(*text, reading);
  if (!own) return;
  const Node node{reading, *own, ""};
  const Supplied supplied = read_supply(node, instrument, root);
  demand_identity(node, "instrument", supplied.instrument, name.first);
  demand_identity(node, "edition", supplied.edition, name.second);
}

void Editions::read_norms_into(Instrument& instrument, const Name& name, Faults& faults) {
  for (const std::string& path : shelf_.norms_of(name.first)) {
    Reading reading{shelf_.shown(name.first, path), faults};
    const auto root = parse_json(*shelf_.find(name.first, path), reading);
    if (!root || for_other_editions(*root, name.second)) continue;
    const Node node{reading, *root, ""};
    Norms norms = read_norms(node);
    constexpr std::string_view folder = "norms/", ending = ".json";
    demand_identity(node, "id", norms.id,
                    std::string_view(path).substr(folder.size(), path.size() - folder.size() - ending.size()));
    norms.digest = sha256(canonical(*root));
    instrument.norms.push_back(std::move(norms));
  }
}

CaseList Editions::cases_of(const Name& name, Faults& faults) {
  if (CaseList::Read read = deferral_ ? deferral_(name.first, name.second) : nullptr) return CaseList(std::move(read));
  std::vector<Case> all;
  // The cases of a definition whose figures are not public expect that there is no value; an agency works its own.
  const bool supplied = shelf_.find(name.first, in_edition(name.second, "supply.json")) != nullptr;
  const auto files = supplied ? std::vector<std::string_view>{"supplied_cases.json"}
                              : std::vector<std::string_view>{"cases.json", "boundaries.json"};
  for (const std::string_view file : files) {
    const std::string path = in_edition(name.second, file);
    const std::string* text = shelf_.find(name.first, path);
    if (text == nullptr) continue;
    Reading reading{shelf_.shown(name.first, path), faults};
    const auto root = parse_json(*text, reading);
    if (!root) continue;
    const Node node{reading, *root, ""};
    Cases cases = read_cases(node);
    demand_identity(node, "instrument", cases.instrument, name.first);
    demand_identity(node, "edition", cases.edition, name.second);
    std::move(cases.cases.begin(), cases.cases.end(), std::back_inserter(all));
  }
  return CaseList(std::move(all));
}

}  // namespace appraise::detail::reading
