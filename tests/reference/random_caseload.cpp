#include "reference/random_caseload.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/calendar.hpp"

namespace appraise::testing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Response number(double x) { return {Response::Kind::number, x, {}}; }
Response text(std::string text) { return {Response::Kind::text, 0, std::move(text)}; }

void collect(const Condition& condition, Edges& edges) {
  for (const Operand& operand : condition.operands) {
    if (operand.kind == Operand::Kind::number) edges.numbers.push_back(operand.number);
    if (operand.kind != Operand::Kind::text) continue;
    if (const auto date = reference::parse_date(operand.text)) edges.dates.push_back(*date);
  }
  for (const Condition& part : condition.parts) collect(part, edges);
}

void collect(const Interval& interval, std::vector<double>& numbers) {
  if (interval.from) numbers.push_back(*interval.from);
  if (interval.to) numbers.push_back(*interval.to);
}

void collect(const Scale& scale, Edges& edges) {
  if (scale.applies_when) collect(*scale.applies_when, edges);
  if (const auto* const lookup = std::get_if<Lookup>(&scale.operation))
    for (const Band& band : lookup->bands) collect(band.interval, edges.numbers);
  if (const auto* const count = std::get_if<Count>(&scale.operation))
    for (const Condition& condition : count->of) collect(condition, edges);
  if (const auto* const rules = std::get_if<Rules>(&scale.operation))
    for (const DecisionRow& row : rules->rows) collect(row.when, edges);
  if (const auto* const choose = std::get_if<Choose>(&scale.operation))
    for (const Choose::Row& row : choose->rows) collect(row.when, edges);
  if (const auto* const sum = std::get_if<WeightedSum>(&scale.operation))
    for (const Term& term : sum->terms)
      if (term.when) collect(*term.when, edges);
}

/// A number at an edge, beside one, in between, or far outside.
double random_number(Random& random, const Item& item, const Edges& edges, Mood mood) {
  static const std::vector<double> far{0,         -0.0, 0.5,         1e18,        -1e18,       1e300,        infinity,
                                       -infinity, 1e-9, 2147483647., 2147483648., 4294967296., -2147483648., 9.5e15};
  static const std::vector<double> steps{0, 0, 1, -1, 0.5, -0.5};
  const int way = random.between(1, 100);
  if (way <= 10 && mood != Mood::complete) return random.pick(far);
  std::vector<double> own;
  if (item.range) collect(*item.range, own);
  for (const Band& band : item.bands) collect(band.interval, own);
  const std::vector<double>& from = own.empty() || random.chance(40) ? edges.numbers : own;
  if (way <= 50 && !from.empty()) {
    const double edge = random.pick(from);
    return random.chance(15) ? std::nextafter(edge, random.chance(50) ? infinity : -infinity)
                             : edge + random.pick(steps);
  }
  const double low = item.range && item.range->from ? *item.range->from : -30;
  const double high = item.range && item.range->to ? *item.range->to : low + 120;
  const double x = low + random.unit() * (high - low);
  if (item.kind == ItemKind::count || random.chance(50)) return std::floor(x);
  return random.chance(50) ? std::round(x * 100) / 100 : x;
}

std::string random_date(Random& random, const Item& item, const Edges& edges, Mood mood) {
  static const std::vector<std::string> wrong{"2001-02-29", "2001-2-3",   "0000-01-01", "20010203",  "1999-13-01",
                                              "today",      "2001-04-31", "2001-01-00", "2001-01-1 "};
  static const std::vector<std::string> special{"2000-02-29", "1996-02-29", "2001-01-31", "2001-02-28", "2001-03-01",
                                                "0001-01-01", "9999-12-31", "1900-02-28", "1999-12-31", "2010-04-30"};
  if (mood != Mood::complete && random.chance(10)) return random.pick(wrong);
  if (random.chance(30)) return random.pick(special);
  std::vector<double> own = edges.dates;
  if (item.range) collect(*item.range, own);
  static const std::vector<double> steps{0, 1, -1, 28, 31, 365, 366, -365};
  const double date =
      !own.empty() && random.chance(60) ? random.pick(own) + random.pick(steps) : random.between(-20000, 25000);
  return reference::date_text(date);
}

/// The text of a number as people write it, or what is none.
std::string as_written(Random& random, double x) {
  static const std::vector<std::string> wrong{"x",   "1,5", "+5", " 5",  "5 ",    "0x10",
                                              "nan", "inf", "1e", "--1", "1e999", "-"};
  static const std::vector<std::string> odd{"007", "-0", "3.50", "1e1", "2E+0", ".5", "5.", "25e-1"};
  const int way = random.between(1, 100);
  if (way <= 6) return random.pick(wrong);
  if (way <= 12) return random.pick(odd);
  return x == std::trunc(x) && std::fabs(x) < 1e9 ? std::to_string(static_cast<long>(x)) : std::to_string(x);
}

std::string random_code(Random& random, const CodeList& list) {
  return std::next(list.codes.begin(), static_cast<std::ptrdiff_t>(random.below(list.codes.size())))->first;
}

Response random_choice(Random& random, const Item& item, Mood mood) {
  static const std::vector<Response> wrong{text("unknown"), text("Yes"), number(99),   number(0.5),
                                           number(-1e18),   text("1"),   text("true"), text("0"),
                                           text("1.0"),     text("-3"),  text("false")};
  if (mood != Mood::complete && random.chance(12)) return random.pick(wrong);
  const Option& option = random.pick(item.options);
  return random.chance(50) ? text(option.code) : number(option.value);
}

bool in_range(const Item& item, double x) {
  return std::isfinite(x) && (!item.range || item.range->holds(x)) &&
         (item.kind != ItemKind::count || (x == std::trunc(x) && std::fabs(x) <= 2147483647));
}

Response draw(Random& random, const Instrument& owner, const Item& item, const Edges& edges, Mood mood) {
  switch (item.kind) {
    case ItemKind::choice:
    case ItemKind::yes_no:
      return random_choice(random, item, mood);
    case ItemKind::code:
      if (mood != Mood::complete && random.chance(12)) return text("no such code");
      return text(random_code(random, owner.code_lists.at(item.list)));
    case ItemKind::date:
      return text(random_date(random, item, edges, mood));
    default:
      break;
  }
  const double x = random_number(random, item, edges, mood);
  return mood != Mood::complete && random.chance(15) ? text(as_written(random, x)) : number(x);
}

bool valid(const Item& item, const Response& response) {
  if (item.kind == ItemKind::date) {
    const auto date = reference::parse_date(response.text);
    return date && in_range(item, *date);
  }
  const bool numeric = item.kind == ItemKind::count || item.kind == ItemKind::number;
  return !numeric || in_range(item, response.number);
}

Mood random_mood(Random& random) {
  const int way = random.between(1, 100);
  return way <= 55 ? Mood::complete : way <= 80 ? Mood::gaps : way <= 93 ? Mood::faults : Mood::wild;
}

std::vector<Mood> random_moods(Random& random, std::int64_t rows) {
  std::vector<Mood> moods;
  for (std::int64_t i = 0; i < rows; ++i) moods.push_back(random_mood(random));
  return moods;
}

}  // namespace

std::vector<NamedItem> items_of(const Instrument& instrument, const std::string& prefix) {
  std::vector<NamedItem> items;
  for (const Item& item : instrument.items) items.push_back({prefix + item.code, &item, &instrument});
  for (const Use& use : instrument.uses) {
    const std::vector<NamedItem> used = items_of(*use.definition, prefix + use.alias + ".");
    items.insert(items.end(), used.begin(), used.end());
  }
  return items;
}

Edges edges_of(const Instrument& instrument) {
  Edges edges;
  for (const Item& item : instrument.items) {
    std::vector<double>& own = item.kind == ItemKind::date ? edges.dates : edges.numbers;
    if (item.range) collect(*item.range, own);
    for (const Band& band : item.bands) collect(band.interval, own);
    if (item.applies_when) collect(*item.applies_when, edges);
  }
  for (const Scale& scale : instrument.scales) collect(scale, edges);
  for (const auto* const rules : {&instrument.applies_when, &instrument.valid_when, &instrument.cautions})
    for (const UseRule& rule : *rules) collect(rule.condition, edges);
  for (const LevelScheme& scheme : instrument.levels)
    for (const LevelBand& band : scheme.bands) collect(band.interval, edges.numbers);
  return edges;
}

Response random_response(Random& random, const NamedItem& of, const Edges& edges, Mood mood) {
  if (mood == Mood::wild ? random.chance(50) : mood != Mood::complete && random.chance(12)) return {};
  const bool only_valid = mood == Mood::complete || mood == Mood::gaps;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const Response response = draw(random, *of.owner, *of.item, edges, only_valid ? Mood::complete : mood);
    if (!only_valid || valid(*of.item, response)) return response;
  }
  return {};
}

RandomCaseload::RandomCaseload(Random& random, const Instrument& instrument, std::int64_t rows)
    : RandomCaseload(random, instrument, random_moods(random, rows)) {}

RandomCaseload::RandomCaseload(Random& random, const Instrument& instrument, const std::vector<Mood>& moods) {
  const Edges edges = edges_of(instrument);
  for (const NamedItem& of : items_of(instrument)) {
    const Item& item = *of.item;
    if (item.optional && random.chance(20)) continue;
    const Form form = random.pick(forms_of(item));
    std::vector<Response> responses;
    for (const Mood mood : moods) {
      Response response = random_response(random, of, edges, mood);
      if (form.type == ColumnType::float32 && !form.coded && item.kind == ItemKind::number)
        response.number = static_cast<double>(static_cast<float>(response.number));
      responses.push_back(held(form, item, response).value_or(Response{}));
    }
    columns_.push_back(column_of(random, of.column, form, std::move(responses)));
  }
  if (columns_.empty()) columns_.push_back(column_of(random, "not_an_item", {}, std::vector<Response>(moods.size())));
  std::vector<Column> columns;
  for (const auto& owned : columns_) columns.push_back(owned->column);
  caseload_ = Caseload(random.some(columns, columns.size()));
}

reference::Row RandomCaseload::row(std::int64_t number) const {
  reference::Row row;
  for (const auto& owned : columns_) row[owned->column.name] = owned->responses[static_cast<std::size_t>(number)];
  return row;
}

}  // namespace appraise::testing
