// Whatever the text of a definition file, check gives diagnostics or an instrument, and throws nothing that it does not
// state. The text is an instrument file, a norm set, a file of cases or a code list, by the fields it has.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/reading.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t largest);

namespace {

using Json = nlohmann::ordered_json;

std::string corpus_file(const char* name) {
  std::ifstream in(std::filesystem::path(APPRAISE_CORPUS) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A small instrument with all of its files; the fuzzed text stands for one of them.
appraise::DefinitionFiles base() {
  static const appraise::DefinitionFiles files = {{"small/1/instrument.json", corpus_file("instrument.json")},
                                                  {"small/1/cases.json", corpus_file("cases.json")},
                                                  {"small/norms/all-5y.json", corpus_file("norms.json")},
                                                  {"small/lists/offence-codes.json", corpus_file("list.json")},
                                                  {"user/1/instrument.json", corpus_file("user.json")}};
  return files;
}

std::string text_of(const Json& json, const char* name, const char* otherwise) {
  if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return otherwise;
  return json[name].get<std::string>();
}

void check_text(const std::string& text) {
  auto files = base();
  std::string id = "small", edition = "1";
  if (text.find("\"attributes\"") != text.npos) {
    files["small/lists/offence-codes.json"] = text;
  } else if (text.find("\"rate_unit\"") != text.npos) {
    files["small/norms/all-5y.json"] = text;
  } else if (text.find("\"cases\"") != text.npos) {
    files["small/1/cases.json"] = text;
  } else {
    const Json json = Json::parse(text, nullptr, false);
    id = text_of(json, "id", "small");
    edition = text_of(json, "edition", "1");
    files[id + '/' + edition + "/instrument.json"] = text;
  }
  const appraise::Checked checked = appraise::check(files, id, edition);
  const bool errors = std::any_of(checked.diagnostics.begin(), checked.diagnostics.end(),
                                  [](const auto& one) { return one.severity == appraise::Severity::error; });
  if (errors == (checked.instrument != nullptr)) std::abort();
  for (const auto& one : checked.diagnostics) {
    if (one.code.empty() || one.place.line == 0 || one.found.empty() || one.expected.empty()) std::abort();
    if (appraise::to_string(one).empty()) std::abort();
  }
}

void collect(Json& json, std::vector<Json*>& nodes) {
  nodes.push_back(&json);
  for (auto& child : json) {
    if (json.is_structured()) collect(child, nodes);
  }
}

/// Changes one value of the document: to another of its values, to an extreme, or by taking a part away or doubling it.
void mutate(Json& json, std::minstd_rand& random) {
  std::vector<Json*> nodes;
  collect(json, nodes);
  const auto any = [&](std::size_t count) { return static_cast<std::size_t>(random()) % count; };
  Json& node = *nodes[any(nodes.size())];
  static const Json extremes[] = {0,           1,    -1,    2,       0.5, -0.0,  1e308, 5e-324,        2147483647,
                                  -2147483648, true, false, nullptr, "",  "yes", "no",  Json::array(), Json::object()};
  switch (any(6)) {
    case 0:
      node = extremes[any(std::size(extremes))];
      break;
    case 1:
    case 2:
      node = Json(*nodes[any(nodes.size())]);
      break;
    case 3:
      if (node.is_number()) node = node.get<double>() + (any(2) != 0 ? 1 : -1);
      break;
    case 4:
      if (node.is_structured() && !node.empty()) {
        node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(any(node.size()))));
      }
      break;
    default:
      if (node.is_array() && !node.empty()) node.push_back(Json(node[any(node.size())]));
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_text(text);
  try {
    (void)appraise::canonical_json(text);
  } catch (const appraise::DefinitionError&) {
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t largest,
                                               unsigned int seed) {
  std::minstd_rand random(seed);
  Json json = Json::parse(data, data + size, nullptr, false);
  if (json.is_discarded() || random() % 4 == 0) return LLVMFuzzerMutate(data, size, largest);
  for (auto changes = random() % 3 + 1; changes > 0; --changes) mutate(json, random);
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > largest) return LLVMFuzzerMutate(data, size, largest);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
