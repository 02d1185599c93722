// The steps of a plan for one row.
#include <algorithm>
#include <array>
#include <utility>

#include "plan/inputs.hpp"
#include "score/cells.hpp"
#include "score/one_row.hpp"

namespace appraise::detail {

namespace {

/// What a register holds in each piece of an item.
struct ByPiece {
  std::size_t item = 0;
  Register out = no_register;
  std::array<RowValue, Decoder::pieces> values = {};
};

/// Makes the steps. What is the same in every row is worked out on the way.
class RowMaker {
 public:
  RowMaker(const Layout& layout, const std::vector<Decoder>& decoders, RowParts& parts)
      : layout_(layout),
        plan_(layout.plan),
        decoders_(decoders),
        parts_(parts),
        row_(parts.row),
        source_(plan_.registers.size(), fixed),
        source_of_flags_(source_),
        table_of_(source_),
        needed_(plan_.registers.size(), 0),
        in_sums_(needed_),
        readers_(plan_.registers.size(), 0) {}

  void make() {
    count_readers();
    for (const std::int32_t number : layout_.steps) {
      const PlannedOperation& operation = plan_.operations[static_cast<std::size_t>(number)];
      if (const auto* load = std::get_if<LoadItem>(&operation)) {
        add_item(*load);
      } else if (!is_of_sum(operation)) {
        add(number, operation);
      }
    }
    const std::vector<Varying> kept = read_ones();
    fill_tables();
    parts_.steps.reserve(parts_.items.size() + kept.size());
    for (const RowItem& item : parts_.items) {
      const bool few = item.decoder->way == Decoder::Way::few;
      if (few ? item.count > 0 : needs(item.response) || needs(item.points)) parts_.steps.push_back(row_step(item));
    }
    for (auto one = kept.rbegin(); one != kept.rend(); ++one) parts_.steps.push_back(one->step);
  }

 private:
  /// What a register follows from, where it is not one item alone.
  static constexpr int fixed = -1, several = -2;

  struct Varying {
    RowStep step;
    const PlannedOperation* operation;
    const Terms* terms;  ///< of a sum of terms, or null

    /// Calls `use` with every register that it reads.
    template <class Use>
    void each_read(Use use) const {
      if (terms == nullptr) return each_input(*operation, use);
      for (const Register of : terms->always) use(of);
      for (const Terms::Conditional& one : terms->conditional) use(one.of);
    }
  };

  [[nodiscard]] static std::size_t at(Register of) noexcept { return static_cast<std::size_t>(of); }
  [[nodiscard]] bool needs(Register of) const { return of != no_register && needed_[at(of)] != 0; }

  /// Registers that results are written from are needed whatever else reads them.
  void count_readers() {
    const auto need = [&](Register of) {
      if (layout_.live(of)) needed_[at(of)] = 1;
    };
    for (const PlannedScale& scale : plan_.scales) {
      need(scale.value);
      need(scale.level);
    }
    if ((layout_.purposes & for_contributions) != 0) {
      for (const PlannedContribution& one : plan_.contributions) need(one.of);
    }
    std::size_t items = 0, terms = 0;
    for (const std::int32_t number : layout_.steps) {
      const PlannedOperation& operation = plan_.operations[static_cast<std::size_t>(number)];
      each_input(operation, [&](Register in) { ++readers_[at(in)]; });
      if (const auto* sum = std::get_if<AddTerms>(&operation)) {
        for (const Register one : sum->of) in_sums_[at(one)] = 1;
      }
      items += std::holds_alternative<LoadItem>(operation) ? 1 : 0;
      terms += std::holds_alternative<WeighTerm>(operation) || std::holds_alternative<AddTerms>(operation) ? 1 : 0;
    }
    parts_.items.reserve(items);  // steps point to them
    parts_.terms.reserve(terms);
    tables_.reserve(2 * items);
  }

  /// Whether a term is worked out in its sum: nothing else reads it.
  [[nodiscard]] bool is_of_sum(const PlannedOperation& operation) const {
    const auto* term = std::get_if<WeighTerm>(&operation);
    return term != nullptr && readers_[at(term->out)] == 1 && !needs(term->out) && in_sums_[at(term->out)] != 0;
  }

  void add_item(const LoadItem& load) {
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load.item)];
    const bool few = decoder.way == Decoder::Way::few, absent = decoder.way == Decoder::Way::absent;
    const std::size_t number = parts_.items.size();
    const auto put = [&](Register out, const std::vector<double>& values, bool copied) {
      if (out == no_register) return;
      if (absent) {
        row_[out] = {values.front(), decoder.flags.front()};
      } else if (few) {
        ByPiece& added = add_table(number, out);
        for (std::size_t i = 0; i < Decoder::pieces; ++i) added.values[i] = {values[i], decoder.flags[i]};
        if (copied) source_[at(out)] = several;
      } else {
        source_[at(out)] = source_of_flags_[at(out)] = several;
      }
    };
    put(load.response, decoder.responses, decoder.copies);
    put(load.points, decoder.points, false);
    if (absent) return;
    RowItem& item = parts_.items.emplace_back();
    item.decoder = &decoder;
    item.planned = &plan_.items[static_cast<std::size_t>(load.item)];
    item.response = load.response;
    item.points = load.points;
    item.lowest = decoder.lowest;
    item.highest = decoder.highest;
  }

  ByPiece& add_table(std::size_t item, Register out) {
    source_[at(out)] = source_of_flags_[at(out)] = static_cast<int>(item);
    table_of_[at(out)] = static_cast<int>(tables_.size());
    return tables_.emplace_back(ByPiece{.item = item, .out = out});
  }

  /// What an operation does.
  Varying varying_of(const PlannedOperation& operation) {
    const auto* term = std::get_if<WeighTerm>(&operation);
    const auto* sum = std::get_if<AddTerms>(&operation);
    if (term == nullptr && sum == nullptr) return {row_step(operation), &operation, nullptr};
    Terms written;
    if (term != nullptr) {
      written.add(*term);
    } else {
      for (const Register one : sum->of) written.add(term_of(one));
    }
    const RowTerms& terms = parts_.terms.emplace_back(row_, std::move(written), sum == nullptr ? 0 : sum->intercept,
                                                      sum == nullptr ? term->out : sum->out);
    return {row_step(terms), &operation, &terms.terms};
  }

  [[nodiscard]] WeighTerm term_of(Register of) const {
    const PlannedOperation& maker = plan_.operations[static_cast<std::size_t>(plan_.made_by[at(of)])];
    if (is_of_sum(maker)) return std::get<WeighTerm>(maker);
    return {.of = {of}, .power = 1, .weight = 1};
  }

  void add(std::int32_t number, const PlannedOperation& operation) {
    const Varying made = varying_of(operation);
    const bool flags_only = std::holds_alternative<IsMissing>(operation);
    int source = fixed;
    made.each_read([&](Register in) {
      const int one = (flags_only ? source_of_flags_ : source_)[at(in)];
      if (one != fixed) source = source == fixed || source == one ? one : several;
    });
    if (source == several && add_truths(number, operation)) return;
    if (source == fixed) return made.step.run(row_);
    if (source != several) return tabulate(made, static_cast<std::size_t>(source));
    each_output(operation, [&](Register out) { source_[at(out)] = source_of_flags_[at(out)] = several; });
    varying_.push_back(made);
  }

  /// A comparison of an item's number with constants, where these are among its cuts.
  bool add_truths(std::int32_t number, const PlannedOperation& operation) {
    const auto* compare = std::get_if<Compare>(&operation);
    if (compare == nullptr || compare->with != no_register || source_of_flags_[at(compare->of)] < 0) return false;
    const auto source = static_cast<std::size_t>(source_of_flags_[at(compare->of)]);
    const Decoder& decoder = *parts_.items[source].decoder;
    const std::vector<std::int32_t>& compares = parts_.items[source].planned->compares;
    const auto found = std::find(compares.begin(), compares.end(), number);
    const auto k = static_cast<std::size_t>(found - compares.begin());
    if (k >= decoder.truths.size()) return false;
    ByPiece& added = add_table(source, compare->out);
    for (std::size_t i = 0; i < Decoder::pieces; ++i) {
      added.values[i] = {static_cast<double>(decoder.truths[k][i]), decoder.flags[i]};
    }
    return true;
  }

  /// Works a step out in every piece of its item.
  void tabulate(const Varying& made, std::size_t source) {
    const std::size_t first = tables_.size();
    each_output(*made.operation, [&](Register out) { add_table(source, out); });
    for (std::size_t piece = 0; piece < Decoder::pieces; ++piece) {
      made.each_read([&](Register in) {
        if (table_of_[at(in)] >= 0) row_[in] = tables_[static_cast<std::size_t>(table_of_[at(in)])].values[piece];
      });
      made.step.run(row_);
      for (std::size_t i = first; i < tables_.size(); ++i) tables_[i].values[piece] = row_[tables_[i].out];
    }
  }

  /// The steps that results follow from, the last one first; what they read is needed.
  std::vector<Varying> read_ones() {
    std::vector<Varying> kept;
    kept.reserve(varying_.size());
    for (auto made = varying_.rbegin(); made != varying_.rend(); ++made) {
      bool read = false;
      each_output(*made->operation, [&](Register out) { read = read || needs(out); });
      if (!read) continue;
      made->each_read([&](Register in) { needed_[at(in)] = 1; });
      kept.push_back(*made);
    }
    return kept;
  }

  /// Piece by piece, for each item, what is needed.
  void fill_tables() {
    std::erase_if(tables_, [&](const ByPiece& one) { return !needs(one.out); });
    std::stable_sort(tables_.begin(), tables_.end(),
                     [](const ByPiece& a, const ByPiece& b) { return a.item < b.item; });
    parts_.outs.reserve(tables_.size());
    parts_.held.reserve(tables_.size() * Decoder::pieces);
    for (auto begin = tables_.begin(); begin != tables_.end();) {
      const auto end = std::find_if(begin, tables_.end(), [&](const ByPiece& one) { return one.item != begin->item; });
      RowItem& item = parts_.items[begin->item];
      item.count = static_cast<int>(end - begin);
      item.outs = parts_.outs.data() + parts_.outs.size();
      item.held = parts_.held.data() + parts_.held.size();
      if (item.decoder->copies && needs(item.response)) item.copied = item.response;
      for (auto one = begin; one != end; ++one) parts_.outs.push_back(one->out);
      for (std::size_t piece = 0; piece < Decoder::pieces; ++piece) {
        for (auto one = begin; one != end; ++one) parts_.held.push_back(one->values[piece]);
      }
      begin = end;
    }
  }

  const Layout& layout_;
  const Plan& plan_;
  const std::vector<Decoder>& decoders_;
  RowParts& parts_;
  Row& row_;
  std::vector<ByPiece> tables_;
  std::vector<Varying> varying_;
  std::vector<int> source_, source_of_flags_;  ///< number of an item, or
  std::vector<int> table_of_;                  ///< of each register, or -1
  std::vector<std::uint8_t> needed_, in_sums_;
  std::vector<int> readers_;
};

}  // namespace

SingleRow::SingleRow(const Layout& layout, const std::vector<Decoder>& decoders) : parts_(layout.plan) {
  RowMaker(layout, decoders, parts_).make();
}

void SingleRow::find_cells() {
  for (RowItem& item : parts_.items) {
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
