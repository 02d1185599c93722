// Binding of items to columns: how each column is read is settled once, before the rows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "appraise/detail/calendar.hpp"
#include "appraise/diagnostic.hpp"
#include "plan/compiler.hpp"
#include "score/run.hpp"

namespace appraise::detail {

namespace {

std::string_view name_of(ItemKind kind) {
  switch (kind) {
    case ItemKind::choice:
      return "a choice (option codes as text, or their values as whole numbers)";
    case ItemKind::yes_no:
      return "yes/no (text, Boolean, or 0 and 1)";
    case ItemKind::count:
      return "a count (whole numbers)";
    case ItemKind::number:
      return "a number";
    case ItemKind::date:
      return "a date";
    case ItemKind::code:
      return "a code (text)";
  }
  return "";
}

/// Whether an item can be given in a column of this type.
bool accepts(ItemKind kind, const Column& column) {
  if (column.coded) return true;
  const bool date = column.type == ColumnType::date32;
  switch (kind) {
    case ItemKind::date:
      return date;
    case ItemKind::code:
      return false;
    case ItemKind::yes_no:
      return !date;
    default:
      return !date && !is_boolean(column.type);
  }
}

/// Lowest and highest number of a column type.
Range range_of(ColumnType type) {
  const auto of = [](auto zero) {
    using Number = decltype(zero);
    return Range{static_cast<double>(std::numeric_limits<Number>::lowest()),
                 static_cast<double>(std::numeric_limits<Number>::max())};
  };
  switch (type) {
    case ColumnType::int8:
      return of(std::int8_t{});
    case ColumnType::int16:
      return of(std::int16_t{});
    case ColumnType::int32:
    case ColumnType::date32:
      return of(std::int32_t{});
    case ColumnType::int64:
      return of(std::int64_t{});
    case ColumnType::uint8:
      return of(std::uint8_t{});
    case ColumnType::uint16:
      return of(std::uint16_t{});
    case ColumnType::uint32:
      return of(std::uint32_t{});
    case ColumnType::uint64:
      return of(std::uint64_t{});
    case ColumnType::float32:
    case ColumnType::float64:
      return {};
    case ColumnType::boolean_bits:
    case ColumnType::boolean_bytes:
      break;
  }
  return {0, 1};
}

/// What a cell holds, points included.
struct Meaning {
  Cell cell;
  double points = 0;
  std::uint64_t truths = 0;  ///< of the item's comparisons

  friend bool operator==(const Meaning& a, const Meaning& b) {
    return a.cell.flags == b.cell.flags && a.points == b.points && a.cell.response == b.cell.response &&
           a.truths == b.truths;
  }
};

/// What cells hold, with the truth of the item's comparisons where these are wanted.
class Meanings {
 public:
  Meanings(const Plan& plan, const PlannedItem& item, bool compared) : plan_(plan), item_(item), compared_(compared) {}

  [[nodiscard]] const PlannedItem& item() const noexcept { return item_; }
  [[nodiscard]] bool compared() const noexcept { return compared_; }
  [[nodiscard]] const Compare& compare(std::size_t number) const {
    return std::get<Compare>(plan_.operations[static_cast<std::size_t>(item_.compares[number])]);
  }

  [[nodiscard]] Meaning of(Cell cell) const {
    if (cell.flags != 0) return {{0, cell.flags}, 0};
    Meaning meaning{cell, item_.item->has_points() ? points_of(item_, cell.response) : 0};
    for (std::size_t i = 0; compared_ && i < item_.compares.size(); ++i) {
      if (compares(compare(i), cell.response)) meaning.truths |= std::uint64_t{1} << i;
    }
    return meaning;
  }
  /// What is held where nothing is given.
  [[nodiscard]] Meaning of_missing() const {
    if (!item_.substitute || item_.item->applies_when) return {{0, flag_missing}, 0};
    Meaning meaning = of({*item_.substitute, 0});
    meaning.cell.flags = flag_omitted;
    return meaning;
  }

 private:
  const Plan& plan_;
  const PlannedItem& item_;
  bool compared_;
};

/// Numbers at which the meaning of a cell can change: a number that has reached a cut is in the next piece.
std::vector<double> cuts_of(const Meanings& meanings, bool real_column) {
  const PlannedItem& item = meanings.item();
  std::vector<double> cuts;
  cuts.reserve(Decoder::pieces);
  const bool whole = item.item->kind != ItemKind::number;
  const auto add_end = [&](double end, bool next) {
    if (!real_column || whole) {
      cuts.push_back(next ? std::floor(end) + 1 : std::ceil(end));
    } else {
      cuts.push_back(next ? std::nextafter(end, unbounded) : end);
    }
  };
  const auto add = [&](const Interval& interval) {
    if (interval.from) add_end(*interval.from, false);
    if (interval.to) add_end(*interval.to, interval.closed);
  };
  if (!item.positions.empty()) {
    for (std::size_t i = 0; i <= item.positions.size(); ++i) cuts.push_back(item.lowest_value + static_cast<double>(i));
  } else {
    for (std::size_t i = 0; meanings.compared() && i < item.compares.size(); ++i) {
      for (const double constant : meanings.compare(i).constants) add({constant, constant, true});
    }
    if (item.item->range) add(*item.item->range);
    for (const Band& band : item.item->bands) add(band.interval);
    if (item.item->kind == ItemKind::date) {
      add_end(first_day, false);
      add_end(last_day_of_years, true);
    } else if (item.item->kind == ItemKind::count) {
      add_end(-whole_limit, false);
      add_end(whole_limit, true);
    } else {
      cuts.push_back(std::numeric_limits<double>::lowest());
      cuts.push_back(unbounded);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

void clear_tables(Decoder& decoder) {
  const auto clear = [](auto& table) {
    table.clear();
    table.reserve(Decoder::pieces);
  };
  clear(decoder.flags);
  clear(decoder.responses);
  clear(decoder.points);
  decoder.truths.clear();
}

void add_piece(Decoder& decoder, const Meaning& meaning) {
  decoder.flags.push_back(meaning.cell.flags);
  decoder.responses.push_back(meaning.cell.response);
  decoder.points.push_back(meaning.points);
}

/// The tables of few pieces, as bytes.
void set_bytes(Decoder& decoder, const Meanings& meanings, const std::vector<std::uint64_t>& truths) {
  const auto byte = [](double x) { return static_cast<std::int8_t>(std::fabs(x) <= byte_limit ? x : 0); };
  for (std::size_t i = 0; i < Decoder::pieces; ++i) {
    decoder.flag_bytes[i] = decoder.flags[i];
    decoder.response_bytes[i] = byte(decoder.responses[i]);
    decoder.point_bytes[i] = byte(decoder.points[i]);
  }
  if (meanings.compared()) decoder.truths.resize(meanings.item().compares.size());
  for (std::size_t k = 0; k < decoder.truths.size(); ++k) {
    for (std::size_t i = 0; i < Decoder::pieces; ++i) {
      decoder.truths[k][i] = static_cast<std::int8_t>((truths[i] >> k) & 1);
    }
  }
}

constexpr Meaning invalid{{0, flag_invalid}, 0};

/// Adds the whole numbers between cuts as cuts of their own, if they are few; gives whether they are.
bool fill_gaps(std::vector<double>& cuts, std::vector<Meaning>& pieces) {
  if (cuts.back() - cuts.front() >= Decoder::most_cuts) return false;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] == cuts[i - 1] + 1) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    cuts.insert(cuts.begin() + at, cuts[i - 1] + 1);
    const Meaning same = pieces[i];
    pieces.insert(pieces.begin() + at, same);
  }
  return true;
}

/// Settles whether numbers can be told apart as bytes.
void narrow_cuts(Decoder& decoder, std::vector<double>& cuts, std::vector<Meaning>& pieces) {
  decoder.narrow = decoder.neighbours = decoder.ends_alike = decoder.byte_cuts = decoder.far_cut = false;
  if (decoder.type == ColumnType::float32 || decoder.type == ColumnType::float64) {
    decoder.far_cut = !cuts.empty() && cuts.back() > whole_limit;
    decoder.byte_cuts = std::all_of(cuts.begin(), cuts.end() - (decoder.far_cut ? 1 : 0), [](double cut) {
      return cut == std::trunc(cut) && cut >= -byte_limit && cut < byte_limit;
    });
    return;
  }
  decoder.narrow = std::all_of(cuts.begin(), cuts.end(), [](double cut) {
    return cut >= -byte_limit && (cut < byte_limit || cut == whole_limit + 1);
  });
  if (!decoder.narrow) return;
  decoder.beyond = static_cast<std::int8_t>(byte_limit) - 1;  // as any large number
  if (!cuts.empty() && cuts.back() == whole_limit + 1) {
    decoder.beyond = std::numeric_limits<std::int8_t>::max();
    if (pieces.back() == pieces.front()) {  // as any number below the cuts
      decoder.beyond = std::numeric_limits<std::int8_t>::min();
      cuts.pop_back();
      pieces.pop_back();
    }
  }
  decoder.neighbours = !cuts.empty() && cuts.back() < byte_limit && fill_gaps(cuts, pieces);
  if (!decoder.neighbours) return;
  decoder.lowest = static_cast<std::int8_t>(cuts.front() - 1);
  decoder.highest = static_cast<std::int8_t>(cuts.back());
  decoder.ends_alike = pieces.front() == pieces.back();
}

/// The pieces of a column of numbers; gives whether they are few.
bool cut_numbers(Decoder& decoder, const Meanings& meanings) {
  const PlannedItem& item = meanings.item();
  const bool real_column = decoder.type == ColumnType::float32 || decoder.type == ColumnType::float64;
  decoder.whole = real_column && item.item->kind != ItemKind::number;
  decoder.copies = item.positions.empty();
  const Range numbers = range_of(decoder.type);
  // The response of a piece is that of any of its numbers; where it is the number itself, it does not tell pieces
  // apart.
  const auto piece_from = [&](double number) {
    Meaning meaning = meanings.of(decode_cell(item, number));
    if (decoder.copies) meaning.cell.response = 0;
    return meaning;
  };
  std::vector<Meaning> pieces;
  pieces.reserve(Decoder::pieces);
  pieces.push_back(piece_from(-unbounded));
  std::vector<double> cuts;
  cuts.reserve(Decoder::pieces);
  for (const double cut : cuts_of(meanings, real_column)) {
    const Meaning next = piece_from(cut);
    if (next == pieces.back()) continue;
    if (cut <= numbers.low) {
      pieces.back() = next;
    } else if (cut <= numbers.high) {
      cuts.push_back(cut);
      pieces.push_back(next);
    }
  }
  if (cuts.size() > Decoder::most_cuts) return false;
  decoder.way = Decoder::Way::few;
  narrow_cuts(decoder, cuts, pieces);
  decoder.cuts = static_cast<int>(cuts.size());
  std::copy(cuts.begin(), cuts.end(), decoder.cut.begin());
  if (!real_column && numbers.high <= whole_limit) {
    std::transform(cuts.begin(), cuts.end(), decoder.below.begin(),
                   [&](double cut) { return static_cast<std::int32_t>(std::min(cut, numbers.high) - 1); });
  }
  pieces.resize(Decoder::missing_piece, invalid);
  pieces.push_back(meanings.of_missing());
  std::vector<std::uint64_t> truths;
  truths.reserve(pieces.size());
  for (const Meaning& piece : pieces) {
    add_piece(decoder, piece);
    truths.push_back(piece.truths);
  }
  set_bytes(decoder, meanings, truths);
  return true;
}

void bind_numbers(Decoder& decoder, const Plan& plan, const PlannedItem& item) {
  constexpr std::size_t most_compares = 64;
  if (item.compares.size() <= most_compares && cut_numbers(decoder, {plan, item, true})) return;
  const Meanings meanings(plan, item, false);
  if (cut_numbers(decoder, meanings)) return;
  decoder.way = Decoder::Way::singly;
  add_piece(decoder, meanings.of_missing());
}

/// The pieces of a dictionary-coded column: its entries, then what is no entry, then what is missing.
void bind_entries(Decoder& decoder, const Meanings& meanings, const Column& column) {
  const std::size_t entries = column.dictionary.size();
  decoder.way = entries <= Decoder::invalid_piece ? Decoder::Way::few : Decoder::Way::entries;
  decoder.copies = false;
  decoder.cuts = static_cast<int>(entries);
  const Meaning missing = meanings.of_missing();
  for (const std::string& text : column.dictionary) {
    const auto response = decode(meanings.item(), text);
    add_piece(decoder, text.empty() ? missing : response ? meanings.of({*response, 0}) : invalid);
  }
  const std::size_t before_missing = std::max<std::size_t>(entries + 1, Decoder::missing_piece);
  while (decoder.flags.size() < before_missing) add_piece(decoder, invalid);
  add_piece(decoder, missing);
  if (decoder.way == Decoder::Way::few) set_bytes(decoder, meanings, {});
}

/// The column of an item, looked for first where it was found before.
const Column* find_column(const Caseload& caseload, const PlannedItem& item, Decoder& decoder) {
  const std::vector<Column>& columns = caseload.columns();
  if (decoder.position < columns.size() && columns[decoder.position].name == item.column) {
    return &columns[decoder.position];
  }
  const Column* found = caseload.find(item.column);
  if (found != nullptr) decoder.position = static_cast<std::size_t>(found - columns.data());
  return found;
}

/// Up to so many entries of a dictionary, tables that were made of a decoder hold those entries themselves.
constexpr std::size_t most_few_entries = 256;

/// What became of a decoder: it is as it was, or tables that were made of it still hold, or must be made anew.
enum class Rebound : std::uint8_t { kept, tables_hold, tables_changed };

Rebound bind_one(const Plan& plan, const PlannedItem& item, const Caseload& caseload, Decoder& decoder) {
  decoder.column = find_column(caseload, item, decoder);
  if (decoder.column == nullptr) {
    if (!item.item->optional) {
      throw UsageError("column '" + item.column + "' is absent; it is needed for: " + item.item->label);
    }
    if (decoder.way == Decoder::Way::absent) return Rebound::kept;
    decoder.way = Decoder::Way::absent;
    clear_tables(decoder);
    add_piece(decoder, Meanings(plan, item, false).of_missing());
    return Rebound::tables_changed;
  }
  const Column& column = *decoder.column;
  if (!accepts(item.item->kind, column)) {
    throw UsageError("column '" + item.column + "' has a type that its item cannot be given in; expected " +
                     std::string(name_of(item.item->kind)));
  }
  const bool alike = decoder.way != Decoder::Way::none && decoder.way != Decoder::Way::absent &&
                     decoder.coded == column.coded && decoder.type == column.type;
  if (alike && decoder.dictionary_known && decoder.dictionary == column.dictionary) return Rebound::kept;
  const bool few = column.dictionary.size() <= most_few_entries;
  const bool were_few = !alike || !decoder.coded || decoder.cuts <= static_cast<int>(most_few_entries);
  // A dictionary of codes or options is likely to come again; one of dates or numbers may be of any size.
  const std::size_t most_remembered = std::max(most_few_entries, 2 * item.texts.size());
  decoder.dictionary_known = column.dictionary.size() <= most_remembered;
  decoder.dictionary = decoder.dictionary_known ? column.dictionary : std::vector<std::string>{};
  decoder.type = column.type;
  decoder.coded = column.coded;
  clear_tables(decoder);
  if (column.coded) {
    bind_entries(decoder, {plan, item, false}, column);
  } else {
    bind_numbers(decoder, plan, item);
  }
  return few || were_few ? Rebound::tables_changed : Rebound::tables_hold;
}

/// What steps depend on; the words in dictionaries are none of it.
auto shape_of(const Decoder& decoder) {
  return std::tuple(decoder.way, decoder.type, decoder.coded, decoder.copies, decoder.narrow, decoder.neighbours,
                    decoder.truths.data(), decoder.truths.size());
}

}  // namespace

Cell decode_cell(const PlannedItem& item, double number) {
  if (std::isnan(number)) return {0, flag_missing};
  if (item.positions.empty()) {
    return is_response(item, number) ? Cell{number, 0} : Cell{0, flag_invalid};
  }
  const auto position = position_of_value(item, number);
  return position ? Cell{*position, 0} : Cell{0, flag_invalid};
}

bool bind(const Plan& plan, const Caseload& caseload, std::vector<Decoder>& decoders) {
  decoders.resize(plan.items.size());
  bool changed = false;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const auto before = shape_of(decoders[i]);
    const Rebound rebound = bind_one(plan, plan.items[i], caseload, decoders[i]);
    if (rebound == Rebound::kept) continue;
    changed = changed || rebound == Rebound::tables_changed || before != shape_of(decoders[i]);
  }
  return changed;
}

}  // namespace appraise::detail
