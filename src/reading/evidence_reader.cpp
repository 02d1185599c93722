#include "reading/codes.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

/// "key" or "key: place in it"; the key must be one of the file's sources.
std::string read_citation(const Node& node) {
  const std::string text = read_text(node);
  const std::string key = text.substr(0, text.find(": "));
  if (!text.empty() && !node.reading.sources.contains(key)) {
    std::vector<std::string_view> known(node.reading.sources.begin(), node.reading.sources.end());
    const std::string_view near = nearest(key, known);
    node.fault("evidence.source-undefined", "the source " + in_quotes(key),
               near.empty() ? "a key of \"sources\", with \": \" before a place in it"
                            : in_quotes(near) + " perhaps; a key of \"sources\"");
  }
  return text;
}

}  // namespace

Evidence read_evidence(const Node& node) {
  Evidence evidence;
  const std::size_t before = node.reading.faults.size();
  read_object(node, [&](ObjectReader& object) {
    evidence.mark = object.required("mark", [](const Node& mark) {
      return read_word<Mark>(mark, {{"verified", Mark::verified},
                                    {"derived", Mark::derived},
                                    {"unverified", Mark::unverified},
                                    {"structure_only", Mark::structure_only}});
    });
    evidence.sources = object.optional("sources", list_of(read_citation, Least::none)).value_or(evidence.sources);
    evidence.note = object.optional("note", read_text).value_or("");
    if (node.reading.faults.size() != before) return;
    if (evidence.mark == Mark::verified && evidence.sources.empty()) {
      node.fault("evidence.no-source", "the mark \"verified\" without a source",
                 "the source in which every figure was seen, under \"sources\"");
    }
    if ((evidence.mark == Mark::derived || evidence.mark == Mark::unverified) && evidence.sources.empty() &&
        evidence.note.empty()) {
      node.fault("evidence.no-note", "the mark " + in_quotes(to_string(evidence.mark)) + " without note or source",
                 "a \"note\" that says how the figures came about, or a source");
    }
  });
  return evidence;
}

std::vector<Source> read_sources(const Node& node) {
  std::vector<Source> sources;
  read_names(node, is_label, "a key: letters, digits, _ - . ( )", [&](const std::string& key, const Node& value) {
    Source source{key, {}, {}};
    read_object(value, [&](ObjectReader& object) {
      source.citation = object.required("citation", read_text);
      const auto url = object.demand("url");
      if (url && !url->value.is(JsonValue::Kind::null)) source.url = read_text(*url);
    });
    node.reading.sources.insert(key);
    sources.push_back(std::move(source));
  });
  return sources;
}

}  // namespace appraise::detail::reading
