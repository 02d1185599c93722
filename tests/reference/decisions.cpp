/// Operations that decide. docs/semantics.md, "Operations" and "Lowest and highest".
#include <algorithm>

#include "reference/worker.hpp"

namespace appraise::reference {
namespace {

double position(const std::vector<std::string>& labels, const std::string& label) {
  return static_cast<double>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

bool meets(const Interval& band, const Span& span) {
  const double to = band.to.value_or(infinity);
  return band.from.value_or(-infinity) <= span.high && (band.closed || !band.to ? to >= span.low : to > span.low);
}

}  // namespace

Value Worker::operator()(const Lookup& lookup) { return lookup.table.empty() ? in_bands(lookup) : in_table(lookup); }

Value Worker::operator()(const Rules& rules) {
  const auto entry = [&](const DecisionRow& row) {
    const double x = rules.values.empty() ? row.number : position(rules.values, row.label);
    return Value{x, {}, only(x)};
  };
  std::vector<Possibility> rows;
  for (const DecisionRow& row : rules.rows) rows.push_back({&row.when, entry(row)});
  if (rules.otherwise) rows.push_back({nullptr, entry(*rules.otherwise)});
  return decide(rows);
}

Value Worker::operator()(const Choose& choose) {
  std::vector<Possibility> rows;
  for (const Choose::Row& row : choose.rows) rows.push_back({&row.when, taken(row.take)});
  rows.push_back({nullptr, taken(choose.otherwise)});
  return decide(rows);
}

Value Worker::operator()(const FirstAvailable& first) {
  Hull hull;
  for (const Reference& of : first.of) {
    hull.add(row_.read(of).span);
    if (row_.read(of).flags.none()) break;
  }
  result_.span = hull.span();
  Flags passed;
  for (std::size_t i = 0; i < first.of.size(); ++i) {
    const Value& value = row_.read(first.of[i]);
    const bool fell_back = i > 0 && first.flag && value.flags.invalid.empty();
    if (value.flags.usable() || !value.flags.invalid.empty()) {
      result_.number = value.number;
      result_.flags = value.flags;
      if (fell_back) keep_as_omitted(passed);
      return result_;
    }
    passed.join(value.flags);
  }
  result_.flags.join_obstacles(passed);
  return result_;
}

void Worker::keep_as_omitted(const Flags& passed) {
  for (const Reasons* reasons : {&passed.missing, &passed.not_applicable, &passed.omitted})
    result_.flags.omitted.insert(reasons->begin(), reasons->end());
  result_.flags.omitted.insert("fallback: " + row_.named(scale_.code));
}

Value Worker::taken(const Taken& taken) {
  return taken.number ? Value{*taken.number, {}, only(*taken.number)} : row_.read(taken.of);
}

Value Worker::decide(const std::vector<Possibility>& rows) {
  result_.span = span_of(rows);
  for (const Possibility& row : rows) {
    const Truth truth = row.when != nullptr ? row_.truth(*row.when) : Truth{Verdict::yes, {}, certainly};
    result_.flags.join(truth.flags);
    if (truth.verdict == Verdict::no) continue;
    if (truth.verdict == Verdict::yes) {
      result_.number = row.value.number;
      result_.flags.join(row.value.flags);
    }
    return result_;
  }
  return undefined();
}

Span Worker::span_of(const std::vector<Possibility>& rows) {
  Hull hull;
  for (const Possibility& row : rows) {
    const Span truth = row.when != nullptr ? row_.truth(*row.when).span : certainly;
    if (truth.high == 1) hull.add(row.value.span);
    if (truth == certainly) break;
  }
  return hull.span();
}

Value Worker::in_bands(const Lookup& lookup) {
  const Value& x = row_.respond(lookup.of[0]);
  result_.flags = x.flags;
  Hull hull;
  for (const Band& band : lookup.bands)
    if (meets(band.interval, x.span)) hull.add(only(band.value));
  result_.span = hull.span();
  if (!x.flags.usable()) return result_;
  for (const Band& band : lookup.bands) {
    if (!band.interval.holds(x.number)) continue;
    result_.number = band.value;
    return result_;
  }
  return undefined();
}

double Worker::cell(const Table& table, const Lookup& lookup, double row, double column) {
  const auto place = [&](std::size_t key, double of) {
    return static_cast<std::size_t>(
        position(table.keys[key], row_.labels(lookup.of[key])[static_cast<std::size_t>(of)]));
  };
  if (table.keys.size() == 1) return table.cells[place(0, row)];
  return table.cells[place(0, row) * table.keys[1].size() + place(1, column)];
}

Value Worker::in_table(const Lookup& lookup) {
  const Table& table = *row_.instrument().find_table(lookup.table);
  const Value& row = row_.respond(lookup.of[0]);
  const Value one_column{0, {}, only(0)};
  const Value& column = lookup.of.size() == 2 ? row_.respond(lookup.of[1]) : one_column;
  result_.flags = row.flags;
  result_.flags.join(column.flags);
  Hull hull;
  const auto last = [&](std::size_t key) {
    return key < table.keys.size() ? static_cast<double>(table.keys[key].size()) - 1 : 0;
  };
  for (double r = std::max(0.0, row.span.low); r <= std::min(last(0), row.span.high); ++r)
    for (double c = std::max(0.0, column.span.low); c <= std::min(last(1), column.span.high); ++c)
      if (const double x = cell(table, lookup, r, c); !std::isnan(x)) hull.add(only(x));
  result_.span = hull.span();
  if (!result_.flags.usable()) return result_;
  result_.number = cell(table, lookup, row.number, column.number);
  if (std::isnan(result_.number)) result_.flags.missing.insert("not supplied: " + row_.named(table.name));
  return result_;
}

}  // namespace appraise::reference
