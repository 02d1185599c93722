#include "reading/codes.hpp"
#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

std::vector<std::pair<std::string, Response>> read_responses(const Node& node) {
  std::vector<std::pair<std::string, Response>> result;
  if (!node.demand(JsonValue::Kind::object, "an object of names { \"name\": ... }")) return result;
  result.reserve(node.value.members.size());
  for (const JsonMember& member : node.value.members) {
    result.emplace_back(member.key, read_response(node.child(member.value, member.key)));
  }
  return result;
}

Case read_case(const Node& node) {
  Case result;
  result.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    result.id = object.required("id", read_text);
    result.source = object.required("source", read_text);
    result.responses = object.required("responses", read_responses);
    result.expect = object.required("expect", read_responses);
    result.norms = object.optional("norms", list_of(read_id)).value_or(result.norms);
    if (const auto levels = object.find("levels")) {
      read_names(*levels, is_code, code_form, [&](const std::string& scale, const Node& scheme) {
        result.levels.emplace(scale, read_code(scheme));
      });
    }
    const auto tolerance = [](const Node& value) { return read_number(value, 0, 1); };
    result.tolerance = object.optional("tolerance", tolerance).value_or(result.tolerance);
  });
  return result;
}

}  // namespace

Cases read_cases(const Node& node) {
  Cases result;
  read_object(node, [&](ObjectReader& object) {
    read_format(object);
    result.instrument = object.required("instrument", read_id);
    result.edition = object.required("edition", read_text);
    result.cases = object.required("cases", list_of(read_case));
  });
  return result;
}

}  // namespace appraise::detail::reading
