/// Items: responses, applicability, substitution, points. docs/semantics.md, "Items".
#include <algorithm>
#include <iterator>

#include "reference/calendar.hpp"
#include "reference/decimal.hpp"
#include "reference/row_scorer.hpp"

namespace appraise::reference {
namespace {

/// By code; else by value, which may be given as text.
std::optional<double> option_position(const Item& item, const Response& response) {
  const bool text = response.kind == Response::Kind::text;
  for (std::size_t i = 0; i < item.options.size() && text; ++i)
    if (item.options[i].code == response.text) return static_cast<double>(i);
  const std::optional<double> value = text ? parse_decimal(response.text) : response.number;
  for (std::size_t i = 0; i < item.options.size() && value; ++i)
    if (item.options[i].value == *value) return static_cast<double>(i);
  return std::nullopt;
}

std::optional<double> yes_or_no(const Item& item, const Response& response) {
  if (response.text == "false") return 0;
  if (response.text == "true") return 1;
  return option_position(item, response);
}

std::optional<double> number(const Response& response) {
  const std::optional<double> x =
      response.kind == Response::Kind::text ? parse_decimal(response.text) : std::optional(response.number);
  return x && std::isfinite(*x) ? x : std::nullopt;
}

std::optional<double> whole_number(const Response& response) {
  const std::optional<double> x = number(response);
  return x && *x == std::trunc(*x) && std::fabs(*x) <= largest_whole ? x : std::nullopt;
}

std::optional<double> code_position(const CodeList& list, const Response& response) {
  const auto found = response.kind == Response::Kind::text ? list.codes.find(response.text) : list.codes.end();
  if (found == list.codes.end()) return std::nullopt;
  return static_cast<double>(std::distance(list.codes.begin(), found));
}

/// The value that a response gives, or nothing if it is invalid.
std::optional<double> decode(const Instrument& instrument, const Item& item, const Response& response) {
  std::optional<double> x;
  switch (item.kind) {
    case ItemKind::choice:
      return option_position(item, response);
    case ItemKind::yes_no:
      return yes_or_no(item, response);
    case ItemKind::code:
      return code_position(instrument.code_lists.at(item.list), response);
    case ItemKind::count:
      x = whole_number(response);
      break;
    case ItemKind::number:
      x = number(response);
      break;
    case ItemKind::date:
      x = response.kind == Response::Kind::text ? parse_date(response.text) : std::nullopt;
      break;
  }
  return x && item.range && !item.range->holds(*x) ? std::nullopt : x;
}

bool unanswered(const Response& response) {
  return response.kind == Response::Kind::none ||
         (response.kind == Response::Kind::text ? response.text.empty() : std::isnan(response.number));
}

double points_of(const Item& item, double response) {
  if (!item.options.empty()) return *item.options[static_cast<std::size_t>(response)].points;
  return std::find_if(item.bands.begin(), item.bands.end(),
                      [&](const Band& band) { return band.interval.holds(response); })
      ->value;
}

/// Lowest and highest points that any response gives.
Span all_points(const Item& item) {
  Hull hull;
  for (const Option& option : item.options) hull.add(only(*option.points));
  for (const Band& band : item.bands) hull.add(only(band.value));
  return hull.span();
}

/// Every response that the item allows.
Span all_responses(const Instrument& instrument, const Item& item) {
  if (item.kind == ItemKind::code)
    return {0, static_cast<double>(instrument.code_lists.at(item.list).codes.size()) - 1};
  if (!item.options.empty()) return {0, static_cast<double>(item.options.size()) - 1};
  if (!item.range) return {};
  const Interval& range = *item.range;
  const double beyond = item.kind == ItemKind::number || range.closed ? 0 : 1;
  return {range.from.value_or(-infinity), range.to ? *range.to - beyond : infinity};
}

}  // namespace

Value RowScorer::decoded(const Item& item) const {
  const auto column = row_.find(named(item.code));
  const Response response = column == row_.end() ? Response{} : column->second;
  Value value;
  value.span = all_responses(instrument_, item);
  if (unanswered(response)) {
    value.flags.missing.insert("missing: " + named(item.code));
  } else if (const std::optional<double> x = decode(instrument_, item, response)) {
    value.number = *x;
    value.span = only(*x);
  } else {
    value.flags.invalid.insert("invalid: " + named(item.code));
  }
  return value;
}

RowScorer::Scored RowScorer::score_item(const Item& item) {
  Value response = decoded(item);
  const Value given = response;
  const Truth applies = item.applies_when ? truth(*item.applies_when) : Truth{Verdict::yes, {}, certainly};

  if (applies.verdict == Verdict::yes && !given.flags.missing.empty() && item.if_missing.kind != Response::Kind::none) {
    response.number = *decode(instrument_, item, item.if_missing);
    response.flags = {};
    response.flags.omitted.insert("substituted: " + named(item.code));
  }
  if (!item.has_points()) return {{}, response};

  Value points;
  points.flags = response.flags;
  if (response.flags.usable()) points.number = points_of(item, response.number);
  points.span = given.flags.usable() ? only(points.number) : all_points(item);

  const bool contradicts = given.flags.usable() && points.number != item.points_if_not_applicable;
  if (applies.verdict == Verdict::no) {
    points.number = item.points_if_not_applicable;
    points.flags = {};
    points.flags.invalid = given.flags.invalid;
    if (contradicts) points.flags.invalid.insert("answered though not applicable: " + named(item.code));
    response.flags = points.flags;
    if (response.flags.usable()) response.flags.missing.insert("missing: " + named(item.code));
    response.span = all_responses(instrument_, item);
  }
  if (applies.verdict == Verdict::unknown) {
    points.flags = {};
    points.flags.join_obstacles(applies.flags);
    points.flags.missing.insert("missing: " + named(item.code));
    points.flags.invalid.insert(given.flags.invalid.begin(), given.flags.invalid.end());
    response.flags = points.flags;
    response.span = all_responses(instrument_, item);
  }

  const Span if_not_applicable = only(item.points_if_not_applicable);
  Hull hull;
  if (applies.span.high == 1) hull.add(points.span);
  if (applies.span.low == 0) hull.add(if_not_applicable);
  points.span = hull.span();
  return {points, response};
}

}  // namespace appraise::reference
