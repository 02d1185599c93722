#include <algorithm>
#include <charconv>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "plan/compiler.hpp"

namespace appraise::detail {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The least and greatest response that the item can have.
std::pair<double, double> domain(const Instrument& instrument, const Item& item) {
  switch (item.kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
      return {0, static_cast<double>(item.options.size()) - 1};
    case ItemKind::code:
      return {0, static_cast<double>(instrument.code_lists.at(item.list).codes.size()) - 1};
    case ItemKind::count:
    case ItemKind::number:
    case ItemKind::date:
      break;
  }
  if (!item.range) return {-infinity, infinity};
  const double low = item.range->from.value_or(-infinity);
  double high = item.range->to.value_or(infinity);
  if (item.range->to && !item.range->closed && item.kind != ItemKind::number) high = std::ceil(high) - 1;
  return {low, high};
}

void plan_points(PlannedItem& planned, const Item& item) {
  if (!item.has_points()) return;
  std::vector<double> points;
  for (const Option& option : item.options) points.push_back(option.points.value_or(0));
  planned.option_points = points;
  for (const Band& band : item.bands) points.push_back(band.value);
  const auto [low, high] = std::minmax_element(points.begin(), points.end());
  planned.points_low = *low;
  planned.points_high = *high;
}

/// Option values are few and close together (a definition is refused otherwise), so a table holds them.
void plan_values(PlannedItem& planned, const Item& item) {
  if (item.options.empty()) return;
  const auto by_value = [](const Option& a, const Option& b) { return a.value < b.value; };
  const auto [low, high] = std::minmax_element(item.options.begin(), item.options.end(), by_value);
  planned.lowest_value = low->value;
  planned.positions.assign(static_cast<std::size_t>(std::int64_t{high->value} - low->value) + 1, -1);
  std::int32_t position = 0;
  for (const Option& option : item.options) {
    planned.positions[static_cast<std::size_t>(std::int64_t{option.value} - planned.lowest_value)] = position++;
  }
}

}  // namespace

PlannedItem plan_item(const Instrument& instrument, const Item& item, const std::string& prefix) {
  PlannedItem planned;
  planned.column = prefix + item.code;
  planned.item = &item;
  std::int32_t position = 0;
  for (const Option& option : item.options) {
    planned.texts.emplace(option.code, position);
    ++position;
  }
  plan_values(planned, item);
  if (item.kind == ItemKind::yes_no) {
    planned.texts.emplace("false", 0);
    planned.texts.emplace("true", 1);
  }
  if (item.kind == ItemKind::code) {
    for (const auto& [code, labels] : instrument.code_lists.at(item.list).codes)
      planned.texts.emplace(code, position++);
  }
  std::tie(planned.response_low, planned.response_high) = domain(instrument, item);
  plan_points(planned, item);
  planned.substitute = decode(planned, item.if_missing);
  if (planned.substitute && item.has_points()) planned.substitute_points = points_of(planned, *planned.substitute);
  return planned;
}

std::optional<double> position_of_value(const PlannedItem& planned, double value) {
  const double offset = value - planned.lowest_value;
  if (!(offset >= 0 && offset < static_cast<double>(planned.positions.size())) || offset != std::trunc(offset))
    return std::nullopt;
  const std::int32_t position = planned.positions[static_cast<std::size_t>(offset)];
  return position < 0 ? std::nullopt : std::optional<double>(position);
}

bool is_response(const PlannedItem& planned, double number) {
  const Item& item = *planned.item;
  if (!std::isfinite(number)) return false;
  if (item.kind == ItemKind::date && !(number >= first_day && number <= last_day_of_years)) return false;
  if (item.kind == ItemKind::count && (std::fabs(number) > whole_limit || number != std::trunc(number))) return false;
  return !item.range || item.range->holds(number);
}

std::optional<double> decode(const PlannedItem& planned, double number) {
  if (planned.item->kind == ItemKind::code) return std::nullopt;
  if (!planned.positions.empty()) return position_of_value(planned, number);
  return is_response(planned, number) ? std::optional(number) : std::nullopt;
}

std::optional<double> decode(const PlannedItem& planned, const std::string& text) {
  if (const auto found = planned.texts.find(text); found != planned.texts.end()) return found->second;
  if (planned.item->kind == ItemKind::date) {
    const auto days = parse_date(text);
    return days ? decode(planned, static_cast<double>(*days)) : std::nullopt;
  }
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end ? decode(planned, number) : std::nullopt;
}

std::optional<double> decode(const PlannedItem& planned, const Response& response) {
  switch (response.kind) {
    case Response::Kind::none:
      break;
    case Response::Kind::number:
      return decode(planned, response.number);
    case Response::Kind::text:
      return decode(planned, response.text);
  }
  return std::nullopt;
}

double points_of(const PlannedItem& planned, double response) {
  if (!planned.option_points.empty()) return planned.option_points[static_cast<std::size_t>(response)];
  for (const Band& band : planned.item->bands) {
    if (band.interval.holds(response)) return band.value;
  }
  return 0;  // unreachable: the bands tile the range
}

}  // namespace appraise::detail
