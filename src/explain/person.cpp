#include "explain/person.hpp"

#include <algorithm>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/columns.hpp"
#include "plan/compiler.hpp"

namespace appraise::detail {

namespace {

Response response_at(const Column& column, std::int64_t row) {
  const std::int64_t at = column.offset + row;
  if (!is_valid(column, at)) return {};
  const double number =
      with_numbers(column, [at](const auto& number_at) { return static_cast<double>(number_at(at)); });
  if (column.coded) {
    const bool known = number >= 0 && number < static_cast<double>(column.dictionary.size());
    return {Response::Kind::text, 0,
            known ? column.dictionary[static_cast<std::size_t>(number)] : "code " + to_text(number)};
  }
  if (std::isnan(number)) return {};
  if (column.type == ColumnType::date32) return {Response::Kind::text, 0, format_date(static_cast<Days>(number))};
  return {Response::Kind::number, number, {}};
}

Response number_response(double number) { return {Response::Kind::number, number, {}}; }

/// A number in the band: its lower cut, or the upper one if it is open below.
double representative(const Band& band, ItemKind kind) {
  if (band.interval.from) return *band.interval.from;
  if (!band.interval.to) return 0;
  if (band.interval.closed) return *band.interval.to;
  return kind == ItemKind::count ? *band.interval.to - 1 : std::nextafter(*band.interval.to, -HUGE_VAL);
}

std::string shown(const Band& band) {
  const Interval& interval = band.interval;
  if (!interval.from && !interval.to) return "any number";
  if (!interval.to) return to_text(*interval.from) + " or more";
  const std::string end = (interval.closed ? "" : "under ") + to_text(*interval.to);
  if (!interval.from) return interval.closed ? end + " or less" : end;
  if (interval.closed && interval.from == interval.to) return to_text(*interval.from);
  return "from " + to_text(*interval.from) + " to " + end;
}

/// The response with the lowest points.
Response lowest(const Item& item) {
  if (!item.options.empty()) {
    const auto found = std::min_element(item.options.begin(), item.options.end(),
                                        [](const Option& a, const Option& b) { return *a.points < *b.points; });
    return {Response::Kind::text, 0, found->code};
  }
  const auto found = std::min_element(item.bands.begin(), item.bands.end(),
                                      [](const Band& a, const Band& b) { return a.value < b.value; });
  return number_response(representative(*found, item.kind));
}

void add_options(std::size_t position, const PlannedItem& planned, double response, std::vector<Variant>& variants) {
  for (std::size_t i = 0; i < planned.item->options.size(); ++i) {
    if (static_cast<double>(i) == response) continue;
    const std::string& code = planned.item->options[i].code;
    variants.push_back({position, {Response::Kind::text, 0, code}, code});
  }
}

void add_bands(std::size_t position, const PlannedItem& planned, double response, std::vector<Variant>& variants) {
  for (const Band& band : planned.item->bands) {
    if (band.interval.holds(response)) continue;
    variants.push_back({position, number_response(representative(band, planned.item->kind)), shown(band)});
  }
}

void add_counts(std::size_t position, const PlannedItem& planned, double response, std::vector<Variant>& variants) {
  constexpr int steps = 10;
  for (int step = -steps; step <= steps; ++step) {
    const double other = response + step;
    if (step == 0 || (planned.item->range && !planned.item->range->holds(other))) continue;
    variants.push_back({position, number_response(other), to_text(other)});
  }
}

}  // namespace

ResponseRow responses_of(const Plan& plan, const Caseload& caseload, std::int64_t row) {
  ResponseRow responses;
  for (const PlannedItem& item : plan.items) {
    if (const Column* column = caseload.find(item.column)) responses.emplace(item.column, response_at(*column, row));
  }
  return responses;
}

ResponseRow baseline_of(const Plan& plan, const ResponseRow& person) {
  ResponseRow baseline = person;
  for (const PlannedItem& planned : plan.items) {
    const Item& item = *planned.item;
    if (item.baseline.kind != Response::Kind::none) {
      baseline[planned.column] = item.baseline;
    } else if (item.has_points()) {
      baseline[planned.column] = lowest(item);
    }
  }
  return baseline;
}

std::vector<Variant> variants_of(const Plan& plan, const ResponseRow& person) {
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const PlannedItem& planned = plan.items[i];
    const auto found = person.find(planned.column);
    const auto response = found == person.end() ? std::nullopt : decode(planned, found->second);
    if (!response) continue;
    if (!planned.item->options.empty()) {
      add_options(i, planned, *response, variants);
    } else if (!planned.item->bands.empty()) {
      add_bands(i, planned, *response, variants);
    } else if (planned.item->kind == ItemKind::count) {
      add_counts(i, planned, *response, variants);
    }
  }
  return variants;
}

}  // namespace appraise::detail
