#include "workload.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace appraise::benchmarks {
namespace {

/// A fast generator (splitmix64): a caseload has hundreds of millions of answers.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

/// Calls `use` with `count` numbers below `below`.
template <class Use>
void draw(Random& random, std::int64_t count, std::size_t below, Use use) {
  std::uint64_t bits = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    bits = i % 2 == 0 ? random.next() : bits >> 32;
    use(i, static_cast<std::size_t>(((bits & 0xFFFFFFFF) * below) >> 32));
  }
}

template <class T>
void fill(Random& random, std::uint8_t* bytes, std::int64_t rows, const std::vector<double>& answers) {
  const std::vector<T> cells(answers.begin(), answers.end());
  T* const out = reinterpret_cast<T*>(bytes);
  draw(random, rows, cells.size(), [&](std::int64_t row, std::size_t answer) { out[row] = cells[answer]; });
}

void fill_bits(Random& random, std::uint8_t* bytes, std::int64_t rows, const std::vector<double>& answers) {
  const int always = answers.size() > 1 ? 0 : answers[0] != 0 ? 0xFF : 0;
  const int varies = answers.size() > 1 ? 0xFF : 0;
  for (std::int64_t i = 0; i < (rows + 7) / 8; ++i)
    bytes[i] = static_cast<std::uint8_t>((static_cast<int>(random.next() & 0xFF) & varies) | always);
}

/// One bit a row, one in fifty cleared.
void fill_validity(Random& random, std::uint8_t* bytes, std::int64_t rows) {
  std::fill_n(bytes, (rows + 7) / 8, std::uint8_t{0xFF});
  // The distance to the next missing answer is drawn, not every bit.
  std::int64_t row = 0;
  while (true) {
    const double unit = static_cast<double>((random.next() >> 11) + 1) * 0x1p-53;
    row += static_cast<std::int64_t>(std::floor(std::log(unit) / std::log(1 - 0.02)));
    if (row >= rows) return;
    bytes[row >> 3] &= static_cast<std::uint8_t>(~(1U << (row & 7)));
    ++row;
  }
}

/// The valid answers of an item as the numbers that stand for them.
std::vector<double> answers_to(const NamedItem& of, const Windows& windows) {
  const Item& item = *of.item;
  const auto window = windows.find(of.column);
  std::vector<double> answers;
  if (item.kind == ItemKind::code) {
    for (std::size_t i = 0; i < of.owner->code_lists.at(item.list).codes.size(); ++i)
      answers.push_back(static_cast<double>(i));
    return answers;
  }
  if (!item.options.empty()) {
    for (const Option& option : item.options) answers.push_back(option.value);
    if (window == windows.end()) return answers;
    std::erase_if(answers, [&](double x) { return x < window->second.first || x > window->second.second; });
    return answers;
  }
  const auto [from, to] = window == windows.end() ? std::pair(0.0, 100.0) : window->second;
  for (double x = from; x <= to; ++x)
    if (!item.range || item.range->holds(x)) answers.push_back(x);
  return answers;
}

/// The texts of a dictionary for those answers.
std::vector<std::string> texts_of(const NamedItem& of, const std::vector<double>& answers) {
  std::vector<std::string> texts;
  if (of.item->kind == ItemKind::code) {
    for (const auto& [code, labels] : of.owner->code_lists.at(of.item->list).codes) texts.push_back(code);
    texts.resize(answers.size());
    return texts;
  }
  for (const double answer : answers) {
    const auto option = std::find_if(of.item->options.begin(), of.item->options.end(),
                                     [&](const Option& one) { return one.value == answer; });
    texts.push_back(option == of.item->options.end() ? std::to_string(static_cast<long>(answer)) : option->code);
  }
  return texts;
}

struct Form {
  ColumnType type;
  bool coded = false;
};

Form form_of(const Item& item, Width width) {
  if (item.kind == ItemKind::date) return {ColumnType::date32};
  const bool wide = width == Width::int32 || width == Width::int64 || width == Width::dictionary32;
  if (item.kind == ItemKind::code) return {wide ? ColumnType::int32 : ColumnType::int16, true};
  const bool yes_no = item.kind == ItemKind::yes_no;
  switch (width) {
    case Width::int8:
      return {ColumnType::int8};
    case Width::int16:
      return {ColumnType::int16};
    case Width::int32:
      return {ColumnType::int32};
    case Width::int64:
      return {ColumnType::int64};
    case Width::float64:
      return {ColumnType::float64};
    case Width::boolean_bytes:
      return {yes_no ? ColumnType::boolean_bytes : ColumnType::int8};
    case Width::boolean_bits:
      return {yes_no ? ColumnType::boolean_bits : ColumnType::int8};
    case Width::dictionary8:
      return {ColumnType::int8, true};
    case Width::dictionary32:
      break;
  }
  return {ColumnType::int32, true};
}

/// Bytes that a row takes in a column of that type.
std::size_t bytes_of(ColumnType type, std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  switch (type) {
    case ColumnType::boolean_bits:
      return (count + 7) / 8;
    case ColumnType::int16:
      return 2 * count;
    case ColumnType::int32:
    case ColumnType::date32:
      return 4 * count;
    case ColumnType::int64:
    case ColumnType::float64:
      return 8 * count;
    default:
      return count;
  }
}

void fill(Random& random, ColumnType type, std::uint8_t* bytes, std::int64_t rows, const std::vector<double>& answers) {
  switch (type) {
    case ColumnType::boolean_bits:
      return fill_bits(random, bytes, rows, answers);
    case ColumnType::int16:
      return fill<std::int16_t>(random, bytes, rows, answers);
    case ColumnType::int32:
    case ColumnType::date32:
      return fill<std::int32_t>(random, bytes, rows, answers);
    case ColumnType::int64:
      return fill<std::int64_t>(random, bytes, rows, answers);
    case ColumnType::float64:
      return fill<double>(random, bytes, rows, answers);
    default:
      return fill<std::int8_t>(random, bytes, rows, answers);
  }
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

RandomCaseload::RandomCaseload(const std::vector<NamedItem>& items, Width width, std::int64_t rows,
                               const Windows& windows) {
  for (const NamedItem& item : items) add(item, width, rows, windows);
  complete_ = Caseload(columns_);
  with_missing_ = Caseload(columns_with_missing_);
}

void RandomCaseload::add(const NamedItem& of, Width width, std::int64_t rows, const Windows& windows) {
  const auto named =
      std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) { return column.name == of.column; });
  if (named) return;  // two instruments ask the same: the first one's answers
  const auto [known, is_new] = drawn_.emplace(of.owner->id + "." + of.item->code, columns_.size());
  if (!is_new) {
    for (std::vector<Column>* columns : {&columns_, &columns_with_missing_}) {
      columns->push_back((*columns)[known->second]);
      columns->back().name = of.column;
    }
    return;
  }
  const Form form = form_of(*of.item, width);
  std::vector<double> answers = answers_to(of, windows);
  // A dictionary holds what rows have.
  if (form.coded && static_cast<std::int64_t>(answers.size()) > rows)
    answers.erase(answers.begin() + static_cast<std::ptrdiff_t>(rows), answers.end());
  if (answers.empty()) throw std::logic_error("no valid answers to " + of.column);
  Column column;
  column.name = of.column;
  column.type = form.type;
  column.length = rows;
  column.coded = form.coded;
  if (form.coded) {
    column.dictionary = texts_of(of, answers);
    for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = static_cast<double>(i);
  }
  Random random(99 + columns_.size());
  fill(random, form.type, memory_.emplace_back(bytes_of(form.type, rows)).data(), rows, answers);
  column.values = memory_.back().data();
  columns_.push_back(column);
  fill_validity(random, memory_.emplace_back(bytes_of(ColumnType::boolean_bits, rows)).data(), rows);
  column.validity = memory_.back().data();
  columns_with_missing_.push_back(std::move(column));
}

}  // namespace appraise::benchmarks
