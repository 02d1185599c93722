// The steps of a plan for one row.
#include <algorithm>
#include <array>
#include <utility>

#include "plan/inputs.hpp"
#include "score/cells.hpp"
#include "score/row.hpp"

namespace appraise::detail {

namespace {

/// What a register holds in each piece of an item.
struct ByPiece {
  Register out = no_register;
  std::array<RowValue, Decoder::pieces> values = {};
};

/// Makes the steps. What is the same in every row is worked out on the way.
class RowMaker {
 public:
  RowMaker(const Layout& layout, const std::vector<Decoder>& decoders, Row& row, std::deque<RowItem>& items,
           std::deque<RowTerms>& terms)
      : layout_(layout),
        plan_(layout.plan),
        decoders_(decoders),
        row_(row),
        items_(items),
        terms_(terms),
        source_(plan_.registers.size(), fixed),
        source_of_flags_(source_),
        readers_(plan_.registers.size(), 0) {}

  std::vector<RowStep> make() {
    count_readers();
    for (const std::int32_t number : layout_.steps) {
      const PlannedOperation& operation = plan_.operations[static_cast<std::size_t>(number)];
      if (const auto* load = std::get_if<LoadItem>(&operation)) {
        add_item(*load);
      } else {
        add(number, operation);
      }
    }
    drop_unread();
    std::vector<RowStep> steps;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (fill_table(items_[i], by_piece_[i])) steps.push_back(row_step(items_[i]));
    }
    for (const Varying& one : varying_) steps.push_back(one.step);
    return steps;
  }

 private:
  /// What a register follows from, where it is not one item alone.
  static constexpr int fixed = -1, several = -2;

  struct Varying {
    RowStep step;
    std::vector<Register> inputs, outs;
  };

  [[nodiscard]] static std::size_t at(Register of) noexcept { return static_cast<std::size_t>(of); }

  /// Registers that results are written from are read too.
  void count_readers() {
    const auto read = [&](Register of) {
      if (layout_.live(of)) ++readers_[at(of)];
    };
    for (const PlannedScale& scale : plan_.scales) {
      read(scale.value);
      read(scale.level);
    }
    for (const PlannedContribution& one : plan_.contributions) read(one.of);
    needed_ = readers_;
    for (const std::int32_t number : layout_.steps) {
      each_input(plan_.operations[static_cast<std::size_t>(number)], read);
    }
  }

  void add_item(const LoadItem& load) {
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load.item)];
    if (decoder.way == Decoder::Way::absent) {
      for (const auto& [out, values] :
           {std::pair(load.response, &decoder.responses), std::pair(load.points, &decoder.points)}) {
        if (out != no_register) row_[out] = {values->front(), decoder.flags.front()};
      }
      return;
    }
    const auto number = static_cast<int>(items_.size());
    items_.push_back({.decoder = &decoder,
                      .planned = &plan_.items[static_cast<std::size_t>(load.item)],
                      .response = load.response,
                      .points = load.points});
    by_piece_.emplace_back();
    const bool few = decoder.way == Decoder::Way::few;
    for (const auto& [out, values] :
         {std::pair(load.response, &decoder.responses), std::pair(load.points, &decoder.points)}) {
      if (out == no_register) continue;
      const bool copied = decoder.copies && out == load.response;
      source_[at(out)] = few && !copied ? number : several;
      source_of_flags_[at(out)] = few ? number : several;
      if (!few) continue;
      if (copied) items_.back().copied = out;
      ByPiece& added = by_piece_.back().emplace_back(ByPiece{.out = out});
      for (std::size_t i = 0; i < Decoder::pieces; ++i) added.values[i] = {(*values)[i], decoder.flags[i]};
    }
  }

  /// What an operation does, and what it reads.
  Varying varying_of(const PlannedOperation& operation) {
    Varying made;
    each_output(operation, [&](Register out) { made.outs.push_back(out); });
    const auto* term = std::get_if<WeighTerm>(&operation);
    const auto* sum = std::get_if<AddTerms>(&operation);
    if (term == nullptr && sum == nullptr) {
      made.step = row_step(operation);
      each_input(operation, [&](Register in) { made.inputs.push_back(in); });
      return made;
    }
    RowTerms& terms = terms_.emplace_back();
    terms.out = made.outs.front();
    if (term != nullptr) {
      terms.terms.add(*term);
    } else {
      terms.intercept = sum->intercept;
      for (const Register one : sum->of) terms.terms.add(term_of(one));
    }
    made.step = row_step(terms);
    made.inputs = terms.terms.always;
    for (const Terms::Conditional& one : terms.terms.conditional) made.inputs.push_back(one.of);
    return made;
  }

  /// A term that nothing else reads is worked out in its sum.
  [[nodiscard]] WeighTerm term_of(Register of) const {
    const std::int32_t maker = plan_.made_by[at(of)];
    const auto* weigh = std::get_if<WeighTerm>(&plan_.operations[static_cast<std::size_t>(maker)]);
    if (weigh != nullptr && readers_[at(of)] == 1 && source_[at(of)] == several) return *weigh;
    return {.of = {of}, .power = 1, .weight = 1};
  }

  void add(std::int32_t number, const PlannedOperation& operation) {
    Varying made = varying_of(operation);
    const bool flags_only = std::holds_alternative<IsMissing>(operation);
    int source = fixed;
    for (const Register in : made.inputs) {
      const int one = (flags_only ? source_of_flags_ : source_)[at(in)];
      if (one != fixed) source = source == fixed || source == one ? one : several;
    }
    if (source == several && add_truths(number, operation)) return;
    for (const Register out : made.outs) source_[at(out)] = source_of_flags_[at(out)] = source;
    if (source == fixed) return made.step.run(row_);
    if (source == several) return varying_.push_back(std::move(made));
    tabulate(made, by_piece_[static_cast<std::size_t>(source)]);
  }

  /// A comparison of an item's number with constants, where these are among its cuts.
  bool add_truths(std::int32_t number, const PlannedOperation& operation) {
    const auto* compare = std::get_if<Compare>(&operation);
    if (compare == nullptr || compare->with != no_register) return false;
    const int item = source_of_flags_[at(compare->of)];
    if (item < 0) return false;
    const Decoder& decoder = *items_[static_cast<std::size_t>(item)].decoder;
    const std::vector<std::int32_t>& compares = items_[static_cast<std::size_t>(item)].planned->compares;
    const auto found = std::find(compares.begin(), compares.end(), number);
    const auto k = static_cast<std::size_t>(found - compares.begin());
    if (k >= decoder.truths.size()) return false;
    ByPiece& added = by_piece_[static_cast<std::size_t>(item)].emplace_back(ByPiece{.out = compare->out});
    for (std::size_t i = 0; i < Decoder::pieces; ++i) {
      added.values[i] = {static_cast<double>(decoder.truths[k][i]), decoder.flags[i]};
    }
    source_[at(compare->out)] = source_of_flags_[at(compare->out)] = item;
    return true;
  }

  /// Works a step out in every piece of its item.
  void tabulate(const Varying& made, std::vector<ByPiece>& known) {
    std::vector<ByPiece> added;
    for (const Register out : made.outs) added.push_back({.out = out});
    for (std::size_t piece = 0; piece < Decoder::pieces; ++piece) {
      for (const ByPiece& one : known) row_[one.out] = one.values[piece];
      made.step.run(row_);
      for (ByPiece& one : added) one.values[piece] = row_[one.out];
    }
    known.insert(known.end(), added.begin(), added.end());
  }

  /// Steps that no result follows from; what is left says which registers are needed.
  void drop_unread() {
    std::vector<Varying> kept;
    for (auto made = varying_.rbegin(); made != varying_.rend(); ++made) {
      if (std::none_of(made->outs.begin(), made->outs.end(), [&](Register out) { return needed_[at(out)] != 0; })) {
        continue;
      }
      for (const Register in : made->inputs) needed_[at(in)] = 1;
      kept.push_back(std::move(*made));
    }
    varying_.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
  }

  /// Gives whether the item is read at all.
  bool fill_table(RowItem& item, std::vector<ByPiece>& known) const {
    const auto needed = [&](Register of) { return of != no_register && needed_[at(of)] != 0; };
    if (item.decoder->way != Decoder::Way::few) return needed(item.response) || needed(item.points);
    std::erase_if(known, [&](const ByPiece& one) { return !needed(one.out); });
    if (!needed(item.copied)) item.copied = no_register;
    for (const ByPiece& one : known) item.outs.push_back(one.out);
    for (std::size_t piece = 0; piece < Decoder::pieces; ++piece) {
      for (const ByPiece& one : known) item.table.push_back(one.values[piece]);
    }
    return !known.empty();
  }

  const Layout& layout_;
  const Plan& plan_;
  const std::vector<Decoder>& decoders_;
  Row& row_;
  std::deque<RowItem>& items_;
  std::deque<RowTerms>& terms_;
  std::vector<std::vector<ByPiece>> by_piece_;  ///< of the items
  std::vector<Varying> varying_;
  std::vector<int> source_, source_of_flags_;  ///< number of an item, or
  std::vector<int> readers_, needed_;
};

}  // namespace

SingleRow::SingleRow(const Layout& layout, const std::vector<Decoder>& decoders)
    : row_(layout.plan), steps_(RowMaker(layout, decoders, row_, items_, terms_).make()) {}

void SingleRow::find_cells() {
  for (RowItem& item : items_) {
    const Column& column = *item.decoder->column;
    const auto* values = static_cast<const std::byte*>(column.values);
    item.bit = static_cast<unsigned>(column.offset & 7);
    item.cell = column.type == ColumnType::boolean_bits
                    ? values + (column.offset >> 3)
                    : values + static_cast<std::size_t>(column.offset) * width_of(column.type);
    item.validity = column.validity == nullptr ? nullptr : column.validity + (column.offset >> 3);
  }
}

}  // namespace appraise::detail
