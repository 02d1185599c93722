// Worked cases: items and result columns that there are, values that they can have.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "appraise/detail/calendar.hpp"
#include "check/checks.hpp"
#include "check/columns.hpp"
#include "check/items.hpp"

namespace appraise::detail {
namespace {

constexpr std::array<std::string_view, 5> statuses = {"scored", "scored_with_omissions", "incomplete", "invalid",
                                                      "not_applicable"};

std::string text_of(const Response& response) {
  return response.kind == Response::Kind::text ? quoted(response.text) : number_text(response.number);
}

/// The items of an instrument and of those it uses: "age", "static.age".
class ItemsByPath {
 public:
  struct Found {
    const Instrument* owner = nullptr;
    const Item* item = nullptr;
    bool unavailable = false;  ///< of an instrument that could not be read
  };

  Found find(const Instrument& instrument, std::string_view path) {
    auto& items = items_[&instrument];
    if (items.empty())
      for (const Item& item : instrument.items) items.emplace(item.code, &item);
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
      const auto found = items.find(path);
      return {&instrument, found == items.end() ? nullptr : found->second, false};
    }
    const auto use = std::find_if(instrument.uses.begin(), instrument.uses.end(),
                                  [&](const Use& each) { return each.alias == path.substr(0, dot); });
    if (use == instrument.uses.end()) return {};
    if (!use->definition) return {nullptr, nullptr, true};
    return find(*use->definition, path.substr(dot + 1));
  }

 private:
  std::unordered_map<const Instrument*, std::unordered_map<std::string_view, const Item*>> items_;
};

class CaseCheck {
 public:
  CaseCheck(const Ground& ground, Report& report) : ground_(ground), report_(report) {
    for_each_column(ground.instrument(),
                    [&](const std::string& name, const ColumnContent& content) { columns_.emplace(name, content); });
    for (const Norms& norms : ground.instrument().norms) norms_.emplace(norms.id, &norms);
  }

  void check(const Case& one) {
    case_ = &one;
    for (const auto& [item, response] : one.responses) check_response(item, response);
    for (const std::string& id : one.norms)
      if (!norms_.contains(id))
        add("case.norms", "norms", "there is no norm set " + quoted(id), "the id of a norm set for this edition");
    for (const auto& [scale, name] : one.levels) check_scheme(scale, name);
    for (const auto& [column, value] : one.expect) check_expected(column, value);
  }

 private:
  void add(Code code, const std::string& part, std::string found, std::string expected) {
    report_.add(code, case_->place, "cases/" + case_->id + "/" + part, std::move(found), std::move(expected));
  }

  void check_response(const std::string& path, const Response& response) {
    const auto found = items_.find(ground_.instrument(), path);
    if (found.unavailable) return;
    if (found.item == nullptr)
      return add("case.item", "responses", "there is no item " + quoted(path), "the code of an item");
    if (response.kind == Response::Kind::none || is_response(*found.owner, *found.item, response)) return;
    const bool meant = std::any_of(case_->expect.begin(), case_->expect.end(), [](const auto& each) {
      return each.second.kind == Response::Kind::none || each.second.text == "invalid" ||
             each.second.text == "not_applicable";
    });
    if (!meant)
      add("case.response", "responses/" + path, text_of(response) + " is not a response of " + quoted(path),
          responses_text(*found.item) + "; or a result expected to be null or \"invalid\"");
  }

  void check_scheme(const std::string& scale, const std::string& name) {
    const LevelScheme* scheme = ground_.names.levels(name);
    if (scheme == nullptr || scheme->of != scale)
      add("case.levels", "levels/" + scale, quoted(name) + " is not a level scheme of " + quoted(scale),
          "the name of a level scheme whose `of` is the scale");
  }

  void check_expected(const std::string& column, const Response& value) {
    const auto found = columns_.find(column);
    if (found == columns_.end())
      return add("case.column", "expect", "there is no result column " + quoted(column),
                 "a scale that is reported, or one of its columns, such as `total_status` or `total_level`");
    const ColumnContent& content = found->second;
    if (content.norms != nullptr &&
        std::find(case_->norms.begin(), case_->norms.end(), content.norms->id) == case_->norms.end())
      return add("case.column", "expect", quoted(column) + " is a column of norms that the case does not select",
                 quoted(content.norms->id) + " under `norms` of the case");
    if (value.kind == Response::Kind::none) return;
    const std::string expected = faulty(content, value);
    if (!expected.empty())
      add("case.expected", "expect/" + column, quoted(column) + " cannot be " + text_of(value), expected);
  }

  /// What the column can hold, if it is not `value`; empty if it is.
  [[nodiscard]] std::string faulty(const ColumnContent& content, const Response& value) const {
    const bool text = value.kind == Response::Kind::text;
    switch (content.kind) {
      case ColumnContent::Kind::text:
        return text ? "" : "a text";
      case ColumnContent::Kind::number:
        return text ? "a number" : "";
      case ColumnContent::Kind::status: {
        const bool known = text && std::find(statuses.begin(), statuses.end(), value.text) != statuses.end();
        return known ? "" : "one of " + list_text({statuses.begin(), statuses.end()});
      }
      case ColumnContent::Kind::level:
      case ColumnContent::Kind::standard_level:
        return faulty_level(content, value);
      case ColumnContent::Kind::value:
        break;
    }
    const Value type = ground_.types.value(content.scale->code);
    bool good = true;
    if (type.number()) good = !text && (type.kind == Value::Kind::real || std::trunc(value.number) == value.number);
    if (type.kind == Value::Kind::date) good = text && parse_date(value.text);
    if (type.kind == Value::Kind::category) good = text && ground_.types.position(*type.labels, value.text);
    return good ? "" : to_text(type);
  }

  [[nodiscard]] std::string faulty_level(const ColumnContent& content, const Response& value) const {
    const auto chosen = case_->levels.find(content.scale->code);
    const LevelScheme* scheme =
        ground_.names.levels(chosen != case_->levels.end() ? chosen->second : content.scale->levels);
    if (scheme == nullptr) return "no level, since the scale has no levels of its own and the case selects none";
    const auto label = [&](const LevelBand& band) {
      return content.kind == ColumnContent::Kind::level ? band.code : band.standard;
    };
    std::vector<std::string> known;
    for (const LevelBand& band : scheme->bands) {
      if (label(band) == value.text && value.kind == Response::Kind::text) return "";
      if (!label(band).empty()) known.push_back(label(band));
    }
    return "one of " + list_text(known);
  }

  const Ground& ground_;
  Report& report_;
  ItemsByPath items_;
  std::unordered_map<std::string, ColumnContent> columns_;
  std::unordered_map<std::string_view, const Norms*> norms_;
  const Case* case_ = nullptr;
};

}  // namespace

void check_cases(const Ground& ground, Report& report) {
  if (ground.instrument().cases.deferred()) return;
  CaseCheck check(ground, report);
  for (const Case& one : ground.instrument().cases.all()) check.check(one);
}

}  // namespace appraise::detail
