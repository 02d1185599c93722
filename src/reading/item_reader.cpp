#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

double read_points(const Node& node) { return read_number(node); }

/// Small, so that a table from values to options is.
double read_option_value(const Node& node) { return read_whole(node, -9999, 9999); }

Option read_option(const Node& node) {
  Option option;
  option.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    option.code = object.required("code", read_label);
    option.value = static_cast<std::int32_t>(object.required("value", read_option_value));
    option.label = object.required("label", read_text);
    option.points = object.optional("points", read_points);
  });
  return option;
}

/// Yes/no has the same two options everywhere; a definition may give them points.
std::vector<Option> yes_no_options(ObjectReader& object) {
  std::vector<Option> options = {{"no", 0, "no", std::nullopt, object.node().place()},
                                 {"yes", 1, "yes", std::nullopt, object.node().place()}};
  if (const auto points = object.find("points")) {
    read_object(*points, [&](ObjectReader& answers) {
      for (Option& option : options) {
        option.points = answers.required(option.code, read_points);
        option.place = points->place();
      }
    });
  }
  return options;
}

ItemKind read_kind(const Node& node) {
  return read_word<ItemKind>(node, {{"choice", ItemKind::choice},
                                    {"yes_no", ItemKind::yes_no},
                                    {"count", ItemKind::count},
                                    {"number", ItemKind::number},
                                    {"date", ItemKind::date},
                                    {"code", ItemKind::code}});
}

/// The fields that only some kinds of item have.
void read_kind_fields(ObjectReader& object, Item& item) {
  const ItemKind kind = item.kind;
  const bool numeric = kind == ItemKind::count || kind == ItemKind::number;
  double (*const end)(const Node&) =
      kind == ItemKind::date
          ? read_date
          : (kind == ItemKind::count ? read_count : static_cast<double (*)(const Node&)>(read_number));
  const auto range = [&](const Node& node) { return read_interval(node, end); };
  const auto bands = list_of([&](const Node& node) { return read_band(node, end, "points"); });

  if (numeric) {
    item.range = object.required("range", range);
    item.bands = object.optional("bands", bands).value_or(item.bands);
  } else {
    object.refuse("bands", "bands only on items of kind count or number");
    if (kind == ItemKind::date) {
      item.range = object.optional("range", range);
    } else {
      object.refuse("range", "a range only on items of kind count, number or date");
    }
  }
  if (kind == ItemKind::choice) {
    item.options = object.required("options", list_of(read_option));
  } else {
    object.refuse("options", "options only on items of kind choice");
  }
  if (kind == ItemKind::yes_no) {
    item.options = yes_no_options(object);
  } else {
    object.refuse("points", "points only on items of kind yes_no, on options, and on bands");
  }
  if (kind == ItemKind::code) {
    item.list = object.required("list", read_code);
  } else {
    object.refuse("list", "a list only on items of kind code");
  }
}

/// The fields that speak of points.
void read_point_fields(ObjectReader& object, Item& item) {
  item.applies_when = object.optional("applies_when", read_condition);
  if (item.applies_when) {
    item.points_if_not_applicable = object.required("points_if_not_applicable", read_points);
  } else {
    object.refuse("points_if_not_applicable", "points_if_not_applicable only together with applies_when");
  }
  if (const auto monotone = object.find("monotone")) {
    item.monotone = read_word<Item::Monotone>(
        *monotone, {{"rising", Item::Monotone::rising}, {"falling", Item::Monotone::falling}});
  }
}

}  // namespace

Item read_item(const Node& node) {
  Item item;
  item.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    item.code = object.required("code", read_code);
    item.label = object.required("label", read_text);
    item.unit = object.optional("unit", read_text).value_or("");
    item.optional = object.optional("optional", read_boolean).value_or(false);
    item.if_missing = object.optional("if_missing", read_response).value_or(Response{});
    item.baseline = object.optional("baseline", read_response).value_or(Response{});
    item.evidence = object.optional("evidence", read_evidence);
    const std::size_t before = node.reading.faults.size();
    item.kind = object.required("kind", read_kind);
    if (node.reading.faults.size() == before) {
      read_kind_fields(object, item);
      read_point_fields(object, item);
    } else {
      (void)object.among(
          {"range", "options", "points", "bands", "list", "applies_when", "points_if_not_applicable", "monotone"});
    }
  });
  return item;
}

}  // namespace appraise::detail::reading
