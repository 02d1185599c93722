#include <algorithm>

#include "reading/codes.hpp"
#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

bool any_text(std::string_view text) { return !text.empty(); }

/// The label of each attribute, as its number.
std::vector<std::int32_t> read_labels(const Node& node, const CodeList& list) {
  const auto labels = read_list(node, Least::none, read_label);
  std::vector<std::int32_t> numbers(list.attributes.size());
  if (labels.size() != numbers.size()) {
    node.fault("list.labels", found_at(node), counted(numbers.size(), "label") + ", one for each attribute");
    return numbers;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& known = list.attributes[i].labels;
    const auto at = std::find(known.begin(), known.end(), labels[i]);
    if (at == known.end()) {
      node.fault("list.labels", "the label " + in_quotes(labels[i]),
                 "a label of the attribute " + list.attributes[i].name);
    } else {
      numbers[i] = static_cast<std::int32_t>(at - known.begin());
    }
  }
  return numbers;
}

}  // namespace

CodeList read_code_list(const Node& node) {
  CodeList list;
  read_object(node, [&](ObjectReader& object) {
    read_format(object);
    list.id = object.required("id", read_id);
    list.title = object.required("title", read_text);
    list.source = object.required("source", read_text);
    if (const auto attributes = object.demand("attributes")) {
      read_names(*attributes, is_code, code_form, [&](const std::string& name, const Node& labels) {
        list.attributes.push_back({name, read_list(labels, Least::one, read_label)});
      });
    }
    if (const auto codes = object.demand("codes")) {
      read_names(*codes, any_text, "the text of a code", [&](const std::string& code, const Node& labels) {
        list.codes.emplace(code, read_labels(labels, list));
      });
    }
  });
  return list;
}

}  // namespace appraise::detail::reading
