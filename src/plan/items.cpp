#include <algorithm>
#include <charconv>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "plan/compiler.hpp"

namespace appraise::detail {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double whole_limit = std::numeric_limits<std::int32_t>::max();

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

}  // namespace

PlannedItem plan_item(const Instrument& instrument, const Item& item, const std::string& prefix) {
  PlannedItem planned;
  planned.column = prefix + item.code;
  planned.item = &item;
  std::int32_t position = 0;
  for (const Option& option : item.options) {
    planned.texts.emplace(option.code, position);
    planned.values.emplace(option.value, position);
    ++position;
  }
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
  return planned;
}

std::optional<double> decode(const PlannedItem& planned, const Response& response) {
  const Item& item = *planned.item;
  if (response.kind == Response::Kind::none) return std::nullopt;
  const bool text = response.kind == Response::Kind::text;
  double value = response.number;
  switch (item.kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
      if (text) {
        const auto found = planned.texts.find(response.text);
        if (found != planned.texts.end()) return found->second;
        std::int64_t number = 0;  // the decimal text of an option's value
        const auto [end, error] =
            std::from_chars(response.text.data(), response.text.data() + response.text.size(), number);
        if (error != std::errc{} || end != response.text.data() + response.text.size()) return std::nullopt;
        const auto by_value = planned.values.find(number);
        return by_value == planned.values.end() ? std::nullopt : std::optional<double>(by_value->second);
      } else {
        if (!(std::fabs(value) <= whole_limit) || value != std::trunc(value)) return std::nullopt;
        const auto found = planned.values.find(static_cast<std::int64_t>(value));
        return found == planned.values.end() ? std::nullopt : std::optional<double>(found->second);
      }
    case ItemKind::code: {
      if (!text) return std::nullopt;
      const auto found = planned.texts.find(response.text);
      return found == planned.texts.end() ? std::nullopt : std::optional<double>(found->second);
    }
    case ItemKind::date: {
      if (text) {
        const auto days = parse_date(response.text);
        if (!days) return std::nullopt;
        value = *days;
      }
      if (!(value >= first_day && value <= last_day_of_years)) return std::nullopt;
      break;
    }
    case ItemKind::count:
    case ItemKind::number:
      if (text) {
        const char* end = response.text.data() + response.text.size();
        const auto [rest, error] = std::from_chars(response.text.data(), end, value);
        if (error != std::errc{} || rest != end) return std::nullopt;
      }
      if (!std::isfinite(value)) return std::nullopt;
      if (item.kind == ItemKind::count && (std::fabs(value) > whole_limit || value != std::trunc(value)))
        return std::nullopt;
      break;
  }
  if (item.range && !item.range->holds(value)) return std::nullopt;
  return value;
}

double points_of(const PlannedItem& planned, double response) {
  if (!planned.option_points.empty()) return planned.option_points[static_cast<std::size_t>(response)];
  for (const Band& band : planned.item->bands) {
    if (band.interval.holds(response)) return band.value;
  }
  return 0;  // unreachable: the bands tile the range
}

}  // namespace appraise::detail
