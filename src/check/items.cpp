#include "check/items.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "appraise/detail/calendar.hpp"
#include "check/bands.hpp"

namespace appraise::detail {
namespace {

constexpr double largest_count = 2147483647;

std::string text_of(const Response& response) {
  return response.kind == Response::Kind::text ? quoted(response.text) : number_text(response.number);
}

bool numeric(const Item& item) { return item.kind == ItemKind::count || item.kind == ItemKind::number; }

std::optional<double> as_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class ItemCheck {
 public:
  ItemCheck(const Instrument& instrument, const Item& item, Report& report)
      : instrument_(instrument), item_(item), report_(report) {}

  void run() {
    check_options();
    check_points();
    check_range_and_bands();
    check_monotone();
    check_response(item_.if_missing, "item.if-missing", "if_missing");
    check_response(item_.baseline, "item.baseline", "baseline");
    if (item_.kind == ItemKind::code && !instrument_.code_lists.contains(item_.list))
      add("item.list-undefined", "list", "there is no code list " + quoted(item_.list), "a name under `code_lists`");
  }

 private:
  void add(Code code, std::string_view part, std::string found, std::string expected) {
    add_at(code, item_.place, part, std::move(found), std::move(expected));
  }
  void add_at(Code code, const Place& place, std::string_view part, std::string found, std::string expected) {
    report_.add(code, place, "items/" + item_.code + "/" + std::string(part), std::move(found), std::move(expected));
  }

  void check_options() {
    if (item_.kind != ItemKind::choice) return;
    std::unordered_map<std::string_view, const Option*> codes;
    std::unordered_map<std::int32_t, const Option*> values;
    for (const Option& option : item_.options) {
      const std::string part = "options/" + option.code;
      if (!codes.emplace(option.code, &option).second)
        add_at("option.duplicate-code", option.place, part, "a second option " + quoted(option.code),
               "a code of its own for each option of " + quoted(item_.code));
      const auto [same, added] = values.emplace(option.value, &option);
      if (!added)
        add_at("option.duplicate-value", option.place, part,
               "the value " + std::to_string(option.value) + " is also that of " + quoted(same->second->code),
               "a value of its own for each option, since it stands for the option in numeric columns");
    }
    for (const Option& option : item_.options) {
      const auto written = as_number(option.code);
      if (!written || std::trunc(*written) != *written || std::fabs(*written) > largest_count) continue;
      const auto other = values.find(static_cast<std::int32_t>(*written));
      if (other != values.end() && other->second->code != option.code && option.value != other->first)
        add_at("option.code-is-value", option.place, "options/" + option.code,
               "the code " + quoted(option.code) + " reads like the value of " + quoted(other->second->code),
               "codes that are words, or equal to the option's own value");
    }
  }

  void check_points() {
    const auto scored = std::count_if(item_.options.begin(), item_.options.end(),
                                      [](const Option& option) { return option.points.has_value(); });
    if (scored != 0 && static_cast<std::size_t>(scored) != item_.options.size()) {
      const auto without =
          std::find_if(item_.options.begin(), item_.options.end(), [](const Option& option) { return !option.points; });
      add_at("item.some-points", without->place, "options/" + without->code,
             quoted(without->code) + " has no points, and other options have", "points on all options, or on none");
    }
    if (item_.applies_when && scored == 0 && item_.bands.empty())
      add("item.applies-without-points", "applies_when", quoted(item_.code) + " has `applies_when` but no points",
          "points on its options or bands, so that `points_if_not_applicable` can stand for them");
  }

  void check_range_and_bands() {
    const bool whole = item_.kind != ItemKind::number;
    if (item_.range &&
        !check_interval(*item_.range, whole, "interval.empty", item_.place, "items/" + item_.code + "/range", report_))
      return;
    if (item_.bands.empty()) return;
    Domain domain;
    domain.whole = whole;
    if (item_.range) domain.span = span_of(*item_.range, whole);
    domain.below_highest = !whole;
    Bands bands{{}, "items/" + item_.code + "/bands", quoted(item_.code)};
    for (const Band& band : item_.bands) bands.all.push_back({&band.interval, &band.place});
    if (check_bands(bands, domain, {"bands.empty", "bands.gap", "bands.overlap"}, report_)) check_beyond(domain.span);
  }

  void check_beyond(const Span& range) {
    const auto tell = [&](std::size_t number, std::string_view end, double at, double limit) {
      add_at("bands.beyond-range", item_.bands[number].place, "bands/" + std::to_string(number),
             "the band " + std::string(end) + " at " + number_text(at) + ", beyond the range, which " +
                 std::string(end) + " at " + number_text(limit),
             "bands that begin and end with the range, or an open end (null)");
    };
    const Span first = span_of(item_.bands.front().interval, item_.kind != ItemKind::number);
    const Span last = span_of(item_.bands.back().interval, item_.kind != ItemKind::number);
    if (item_.bands.front().interval.from && first.lowest < range.lowest) tell(0, "begins", first.lowest, range.lowest);
    if (item_.bands.back().interval.to && last.highest > range.highest)
      tell(item_.bands.size() - 1, "ends", last.highest, range.highest);
  }

  void check_monotone() {
    if (item_.monotone == Item::Monotone::not_declared) return;
    const bool rising = item_.monotone == Item::Monotone::rising;
    std::vector<std::pair<double, const Place*>> points;
    for (const Option& option : item_.options)
      if (option.points) points.emplace_back(*option.points, &option.place);
    for (const Band& band : item_.bands) points.emplace_back(band.value, &band.place);
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (rising ? points[i].first >= points[i - 1].first : points[i].first <= points[i - 1].first) continue;
      add_at(
          "item.monotone", *points[i].second, item_.bands.empty() ? "options" : "bands",
          "the points go from " + number_text(points[i - 1].first) + " to " + number_text(points[i].first),
          std::string("points that never ") + (rising ? "fall" : "rise") + ", as the item declares under `monotone`");
    }
  }

  void check_response(const Response& response, Code code, std::string_view field) {
    if (response.kind == Response::Kind::none || is_response(instrument_, item_, response)) return;
    add(code, field, text_of(response) + " is not a response of " + quoted(item_.code), responses_text(item_));
  }

  const Instrument& instrument_;
  const Item& item_;
  Report& report_;
};

bool is_option(const Item& item, const Response& response) {
  return std::any_of(item.options.begin(), item.options.end(), [&](const Option& option) {
    return response.kind == Response::Kind::text ? option.code == response.text
                                                 : static_cast<double>(option.value) == response.number;
  });
}

}  // namespace

bool is_response(const Instrument& instrument, const Item& item, const Response& response) {
  const bool text = response.kind == Response::Kind::text;
  switch (item.kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
      return is_option(item, response);
    case ItemKind::count:
    case ItemKind::number: {
      const auto number = text ? as_number(response.text) : std::optional(response.number);
      if (!number || !std::isfinite(*number)) return false;
      if (item.kind == ItemKind::count && (std::trunc(*number) != *number || std::fabs(*number) > largest_count))
        return false;
      return !item.range || item.range->holds(*number);
    }
    case ItemKind::date: {
      const auto days = text ? parse_date(response.text) : std::nullopt;
      return days && (!item.range || item.range->holds(*days));
    }
    case ItemKind::code: {
      const auto list = instrument.code_lists.find(item.list);
      return list == instrument.code_lists.end() || (text && list->second.codes.contains(response.text));
    }
  }
  return false;
}

std::string responses_text(const Item& item) {
  if (numeric(item)) {
    const Span span = item.range ? span_of(*item.range, item.kind == ItemKind::count) : Span{};
    return std::string(item.kind == ItemKind::count ? "a whole number" : "a number") + " in its range (" +
           number_text(span.lowest) + ", " + number_text(span.highest) + ")";
  }
  if (item.kind == ItemKind::date) return "a date written \"2006-07-27\", in its range";
  if (item.kind == ItemKind::code) return "a code of the list " + quoted(item.list);
  std::vector<std::string> codes;
  for (const Option& option : item.options) codes.push_back(option.code);
  return "one of " + list_text(codes);
}

void check_items(const Instrument& instrument, Report& report) {
  for (const Item& item : instrument.items) ItemCheck(instrument, item, report).run();
}

}  // namespace appraise::detail
