#include "score/sweep_maker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "score/result_maps.hpp"

namespace appraise::detail {

namespace {

/// A sweep with more slots would not stay in the nearest caches.
constexpr Slot most_slots = 1024;

bool is_usable(std::uint8_t flags) { return (flags & unusable_flags) == 0; }

/// What a rule of use adds to the gate where its condition has these flags and this truth.
std::uint8_t flags_of(const Gate::Rule& rule, std::uint8_t own, bool is_true) {
  const bool undecided = rule.applicability && !rule.applies_if_unknown;
  if (is_usable(own)) return is_true ? std::uint8_t{0} : rule.applicability ? flag_inapplicable : flag_invalid;
  const int joined = own & (undecided ? unusable_flags : flag_invalid);
  return static_cast<std::uint8_t>(joined | (undecided ? flag_missing : 0));
}

/// Of the first register that has a value or is invalid: with one register, its flags; those of a fallback are dropped.
constexpr ByteMap only_reference = map_of([](std::uint8_t flags) {
  const bool taken = (flags & unusable_flags) == 0 || (flags & flag_invalid) != 0;
  return taken ? flags : flags & unusable_flags;
});

/// Flags of what may be left out, where so few may be missing that they never are too many.
constexpr ByteMap omitted_flags =
    map_of([](std::uint8_t flags) { return (flags & unusable_flags) == flag_missing ? flag_omitted : flags; });

/// Adds flags to those that a fold joins: one table for all that comes of the same slot.
void join_flags(Fold& fold, const TileByte& term) {
  if (term.slot == no_slot) {
    fold.flag |= term.table[0];
  } else if (!term.looked_up) {
    if (std::find(fold.flags.begin(), fold.flags.end(), term.slot) == fold.flags.end()) fold.flags.push_back(term.slot);
  } else {
    auto own =
        std::find_if(fold.terms.begin(), fold.terms.end(), [&](const auto& one) { return one.slot == term.slot; });
    if (own == fold.terms.end()) own = fold.terms.insert(own, FoldTerm{term.slot});
    for (std::size_t i = 0; i < term.table.size(); ++i) own->flags[i] |= term.table[i];
  }
}

bool is_zero(const TileByte& of) {
  return (of.slot == no_slot && of.table[0] == 0) || (of.looked_up && of.table == ByteMap{});
}

}  // namespace

SweepMaker::SweepMaker(const Layout& layout, const std::vector<Decoder>& decoders, bool bounds)
    : plan_(layout.plan), pieces_(layout, decoders, bounds) {}

bool SweepMaker::is_byte(Register of) const {
  return plan_.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
}
const PlannedOperation& SweepMaker::maker(Register of) const {
  return plan_.operations[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])];
}
const std::optional<ByteTable>& SweepMaker::table(Register of) const {
  return plan_.tables[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])];
}

TileByte SweepMaker::refused() noexcept {
  fits_ = false;
  return {};
}

TileByte SweepMaker::constant(std::uint8_t byte) const {
  TileByte made;
  made.table[0] = byte;
  return made;
}

Slot SweepMaker::add(TileOperation operation, int slots) {
  for (const TileStep& step : sweep_.steps) {
    if (step.out != no_slot && step.operation == operation) return step.out;
  }
  const Slot out = sweep_.slots;
  sweep_.slots += slots;
  fits_ = fits_ && sweep_.slots <= most_slots;
  sweep_.steps.push_back({std::move(operation), out});
  return out;
}

TileByte SweepMaker::add_flags(Fold fold) {
  if (fold.terms.empty() && fold.flags.empty()) return constant(fold.flag);
  if (fold.flag == 0 && fold.terms.size() + fold.flags.size() == 1) {
    return fold.terms.empty() ? plain(fold.flags.front())
                              : TileByte{fold.terms.front().slot, true, fold.terms.front().flags};
  }
  for (const TileStep& step : sweep_.steps) {
    if (step.flags != no_slot && step.operation == TileOperation(fold)) return plain(step.flags);
  }
  fits_ = fits_ && sweep_.slots < most_slots;
  sweep_.steps.push_back({std::move(fold), no_slot, sweep_.slots});
  return plain(sweep_.slots++);
}

Slot SweepMaker::pieces_of(std::int32_t item) {
  for (const ReadPieces& read : sweep_.reads) {
    if (read.item == item) return read.out;
  }
  fits_ = fits_ && sweep_.slots < most_slots;
  sweep_.reads.push_back({item, sweep_.slots});
  return sweep_.slots++;
}

TileByte SweepMaker::map(const TileByte& of, const ByteMap& map) {
  if (of.slot == no_slot) return constant(map[of.table[0] & 15]);
  if (!of.looked_up) return {of.slot, true, map};
  TileByte made = of;
  for (std::uint8_t& byte : made.table) byte = map[byte & 15];
  const bool same = std::all_of(made.table.begin(), made.table.end(), [&](auto byte) { return byte == made.table[0]; });
  return same ? constant(made.table[0]) : made;
}

TileByte SweepMaker::mask(Register of, const ByteMap& kept) {
  ByteMap bits{};
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = kept[i] != 0 ? 0xFF : 0;
  return map(flags(of), bits);
}

TileByte SweepMaker::look_up(const TileByte& index, int lowest, const std::vector<std::uint8_t>& given) {
  const auto at = [&](std::uint8_t byte) {
    const auto i = static_cast<std::size_t>(static_cast<std::uint8_t>(byte - lowest));
    return i < given.size() ? given[i] : std::uint8_t{0};
  };
  if (index.slot == no_slot) return constant(at(index.table[0]));
  if (index.looked_up) {
    TileByte made = index;
    for (std::uint8_t& byte : made.table) byte = at(byte);
    return made;
  }
  LookUpTile made{index, static_cast<std::uint8_t>(lowest), given};
  made.table.resize((given.size() + 15) / 16 * 16);
  if (lowest == 0 && made.table.size() == 16) {
    TileByte simple{index.slot, true, {}};
    std::copy(made.table.begin(), made.table.end(), simple.table.begin());
    return simple;
  }
  return plain(add(std::move(made)));
}

TileByte SweepMaker::keep(const TileByte& of, const TileByte& mask, int lowest, int otherwise) {
  return plain(add(KeepTile{of, mask, static_cast<std::uint8_t>(lowest), static_cast<std::uint8_t>(otherwise)}));
}

TileByte SweepMaker::sum(const std::vector<TileByte>& terms) {
  Fold fold;
  for (const TileByte& term : terms) {
    if (term.slot == no_slot) {
      fold.value = static_cast<std::uint8_t>(fold.value + term.table[0]);
    } else if (!term.looked_up) {
      fold.values.push_back(term.slot);
    } else if (!is_zero(term)) {
      fold.terms.push_back({term.slot, term.table});
    }
  }
  if (fold.terms.empty() && fold.values.empty()) return constant(fold.value);
  if (fold.value == 0 && fold.terms.size() + fold.values.size() == 1) {
    return fold.terms.empty() ? plain(fold.values.front())
                              : TileByte{fold.terms.front().slot, true, fold.terms.front().value};
  }
  return plain(add(std::move(fold)));
}

TileByte SweepMaker::extreme(const std::vector<TileByte>& terms, bool highest) {
  std::int8_t value = highest ? std::int8_t{-128} : std::int8_t{127};
  Fold fold;
  fold.kind = highest ? Fold::Kind::highest : Fold::Kind::lowest;
  for (const TileByte& term : terms) {
    if (term.slot == no_slot) {
      const auto one = static_cast<std::int8_t>(term.table[0]);
      value = highest ? std::max(value, one) : std::min(value, one);
    } else if (!term.looked_up) {
      fold.values.push_back(term.slot);
    } else {
      fold.terms.push_back({term.slot, term.table});
    }
  }
  fold.value = static_cast<std::uint8_t>(value);
  if (fold.terms.empty() && fold.values.empty()) return constant(fold.value);
  return plain(add(std::move(fold)));
}

TileByte SweepMaker::join(const std::vector<TileByte>& terms) {
  Fold fold;
  for (const TileByte& term : terms) {
    if (!is_zero(term)) join_flags(fold, term);
  }
  return add_flags(std::move(fold));
}

/// Flags of a value behind a gate: those of a sum or extreme are joined together with the gate's.
TileByte SweepMaker::pass(const PassGate& op) {
  const TileByte gate = flags(op.gate);
  Register of = op.of;
  for (bool looks_up = true; looks_up && pieces_.origin(of).count >= 2;) {  // a level has the flags of its value
    const auto* level = std::get_if<FindLevel>(&maker(of));
    const auto& made = table(of);
    looks_up = made ? made->flags.empty() : level != nullptr && !is_byte(level->of);
    if (looks_up) of = made ? made->of : level->of;
  }
  if (!is_zero(gate) && pieces_.origin(of).count >= 2) {
    if (const auto* sum = std::get_if<SumValues>(&maker(of)); sum != nullptr && !sum->prorate) {
      return join(*sum, {gate});
    }
    if (const auto* extreme = std::get_if<ExtremeValue>(&maker(of))) return join(*extreme, {gate});
  }
  return join({flags(of), gate});
}

/// With a missing rule, and flags that stand beside it.
template <class Operation>
TileByte SweepMaker::join(const Operation& op, std::vector<TileByte> terms) {
  if (op.of.size() >= most_operands) return refused();
  std::vector<TileByte> may_omit;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    const TileByte own = flags(op.of[i]);
    if (op.may_omit[i] == 0) {
      terms.push_back(own);
    } else if (own.slot != no_slot) {
      may_omit.push_back(own);
    } else if ((own.table[0] & unusable_flags) == flag_missing) {
      ++left_out;
    } else {
      terms.push_back(own);
    }
  }
  const std::size_t most = may_omit.size() + left_out;
  const std::size_t at_most = std::min<std::size_t>(static_cast<std::size_t>(op.at_most), op.of.size());
  if (most <= at_most && most < op.of.size()) {
    for (const TileByte& own : may_omit) terms.push_back(map(own, omitted_flags));
    if (left_out > 0) terms.push_back(constant(flag_omitted));
    return join(terms);
  }
  CountOmitted counted{join(terms), std::move(may_omit)};
  counted.left_out = static_cast<std::uint8_t>(left_out);
  counted.operands = static_cast<std::uint8_t>(op.of.size());
  counted.at_most = static_cast<std::uint8_t>(at_most);
  return plain(add(std::move(counted)));
}

TileByte SweepMaker::raise(const TileByte& own, const TileByte& raised) {
  if (is_zero(raised)) return own;
  if (is_zero(own)) return raised;
  return plain(add(RaiseFlags{own, raised}));
}

TileByte SweepMaker::pair_index(const Origin& origin, const std::vector<std::uint32_t>& held,
                                std::vector<std::size_t>& rows) {
  constexpr std::size_t n = Decoder::pieces;
  // Pieces that hold the same beside every piece of the other item are of one class.
  const auto classes = [&](auto at) {
    std::vector<std::size_t> first;  // piece of each class
    ByteMap of{};
    for (std::size_t piece = 0; piece < n; ++piece) {
      const auto same = std::find_if(first.begin(), first.end(), [&](std::size_t other) {
        for (std::size_t i = 0; i < n; ++i) {
          if (held[at(piece, i)] != held[at(other, i)]) return false;
        }
        return true;
      });
      of[piece] = static_cast<std::uint8_t>(same - first.begin());
      if (same == first.end()) first.push_back(piece);
    }
    return std::pair(of, first);
  };
  auto [of_first, firsts] = classes([](std::size_t piece, std::size_t other) { return piece * n + other; });
  const auto [of_second, seconds] = classes([](std::size_t piece, std::size_t other) { return other * n + piece; });
  for (std::uint8_t& one : of_first) one = static_cast<std::uint8_t>(one * seconds.size());
  for (const std::size_t a : firsts) {
    for (const std::size_t b : seconds) rows.push_back(a * n + b);
  }
  const Slot first = pieces_of(origin.items[0]), second = pieces_of(origin.items[1]);
  return sum({TileByte{first, true, of_first}, TileByte{second, true, of_second}});
}

SweepMaker::Form SweepMaker::make_form(Register of) {
  const Origin& origin = pieces_.origin(of);
  const Block& block = pieces_.block(origin);
  std::vector<Range> ranges;
  if (is_byte(of)) ranges = pieces_.ranges(of);
  const auto fits = [](double x) { return std::fabs(x) <= byte_limit; };
  // Ends that are no bytes are refused where they are read.
  if (!std::all_of(ranges.begin(), ranges.end(), [&](Range one) { return fits(one.low) && fits(one.high); }))
    ranges.clear();
  const auto value_at = [&](std::size_t row) {
    return is_byte(of) ? block.values<std::uint8_t>(of)[row] : std::uint8_t{0};
  };
  const auto byte = [](double x) { return static_cast<std::uint8_t>(static_cast<std::int8_t>(x)); };
  Form form;
  std::vector<std::size_t> rows;
  if (origin.count == 2) {
    std::vector<std::uint32_t> held;
    for (std::size_t row = 0; row < PieceTables::rows; ++row) {
      std::uint32_t all = value_at(row) | static_cast<std::uint32_t>(block.flags(of)[row]) << 8;
      if (!ranges.empty()) {
        all |= static_cast<std::uint32_t>(byte(ranges[row].low)) << 16;
        all |= static_cast<std::uint32_t>(byte(ranges[row].high)) << 24;
      }
      held.push_back(all);
    }
    form.index = pair_index(origin, held, rows);
  } else {
    form.index = origin.count == 0 ? constant(0) : plain(pieces_of(origin.items[0]));
    for (int row = 0; row < pieces_.count(origin); ++row) rows.push_back(static_cast<std::size_t>(row));
  }
  for (const std::size_t row : rows) {
    form.values.push_back(value_at(row));
    form.flags.push_back(block.flags(of)[row]);
    if (ranges.empty()) continue;
    form.lows.push_back(byte(ranges[row].low));
    form.highs.push_back(byte(ranges[row].high));
  }
  return form;
}

const SweepMaker::Form* SweepMaker::form(Register of) {
  const Origin& origin = pieces_.origin(of);
  if (!pieces_.holds(origin)) return nullptr;
  const auto found = forms_.find(of);
  return found != forms_.end() ? &found->second : &forms_.emplace(of, make_form(of)).first->second;
}

TileByte SweepMaker::rule_flags(const Gate::Rule& rule) {
  const Form* condition = form(rule.condition);
  if (condition == nullptr) return refused();
  std::vector<std::uint8_t> raised;
  for (std::size_t i = 0; i < condition->flags.size(); ++i) {
    raised.push_back(flags_of(rule, condition->flags[i], condition->values[i] != 0));
  }
  return look_up(condition->index, 0, raised);
}

TileByte SweepMaker::gate_flags(const Gate& op) {
  std::vector<TileByte> terms;
  for (const Gate::Rule& rule : op.rules) terms.push_back(rule_flags(rule));
  return join(terms);
}

TileByte SweepMaker::value(Register of) {
  const auto found = values_.find(of);
  if (found != values_.end()) return found->second;
  const TileByte made = fits_ && is_byte(of) ? make_value(of) : refused();
  values_.emplace(of, made);
  return made;
}

TileByte SweepMaker::flags(Register of) {
  const auto found = flags_.find(of);
  if (found != flags_.end()) return found->second;
  const TileByte made = fits_ ? make_flags(of) : refused();
  flags_.emplace(of, made);
  return made;
}

TileByte SweepMaker::end(Register of, End which) {
  auto& ends = which == End::lowest ? lows_ : highs_;
  const auto found = ends.find(of);
  if (found != ends.end()) return found->second;
  const TileByte made = fits_ && is_byte(of) ? make_end(of, which) : refused();
  ends.emplace(of, made);
  return made;
}

/// The value where it is usable, else another byte.
TileByte SweepMaker::operand(Register of, std::int8_t none) {
  const auto otherwise = static_cast<std::uint8_t>(none);
  if (const Form* known = pieces_.origin(of).count < 2 ? form(of) : nullptr) {
    std::vector<std::uint8_t> values = known->values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!is_usable(known->flags[i])) values[i] = otherwise;
    }
    return look_up(known->index, 0, values);
  }
  const TileByte usable = mask(of, usable_rows);
  const TileByte own = value(of);
  if (usable.slot != no_slot) return keep(own, usable, 0, none);
  return usable.table[0] != 0 ? own : constant(otherwise);
}

/// Of a cell in a table of two keys.
TileByte SweepMaker::position(const LookUpTable& op) {
  const Range rows = plan_.spans[static_cast<std::size_t>(op.row)];
  if (rows.low < 0 || rows.high > 15 || op.cells.size() > 256) return refused();
  ByteMap first_of_row{};
  for (std::size_t i = 0; i < first_of_row.size(); ++i) {
    first_of_row[i] = static_cast<std::uint8_t>(i * static_cast<std::size_t>(op.columns));
  }
  return sum({map(value(op.row), first_of_row), value(op.column)});
}

TileByte SweepMaker::make_value(Register of) {
  const PlannedOperation& operation = maker(of);
  if (pieces_.origin(of).count >= 2) {
    if (const auto* op = std::get_if<SumValues>(&operation); op != nullptr && adds_bytes(plan_, *op)) {
      std::vector<TileByte> terms;
      for (std::size_t i = 0; i < op->of.size(); ++i) {
        terms.push_back(op->may_omit[i] != 0 ? operand(op->of[i], 0) : value(op->of[i]));
      }
      return sum(terms);
    }
    if (const auto* op = std::get_if<ExtremeValue>(&operation); op != nullptr && compares_bytes(plan_, *op)) {
      std::vector<TileByte> terms;
      for (const Register one : op->of) terms.push_back(operand(one, op->highest ? -128 : 127));
      return extreme(terms, op->highest);
    }
    if (const auto* op = std::get_if<CountTrue>(&operation)) {
      std::vector<TileByte> terms;
      for (const Register one : op->of) terms.push_back(value(one));
      return sum(terms);
    }
    if (const auto* op = std::get_if<PassGate>(&operation)) return value(op->of);
    if (const auto* op = std::get_if<TakeFirst>(&operation); op != nullptr && op->of.size() == 1) {
      return value(op->of.front());
    }
    if (const auto& made = table(of)) return look_up(value(made->of), made->lowest, made->values);
    if (const auto* op = std::get_if<LookUpTable>(&operation); op != nullptr && op->column != no_register) {
      std::vector<std::uint8_t> cells;
      for (const double cell : op->cells) {
        cells.push_back(static_cast<std::uint8_t>(std::isnan(cell) ? 0 : static_cast<std::int8_t>(cell)));
      }
      return look_up(position(*op), 0, cells);
    }
    if (const auto* op = std::get_if<FindLevel>(&operation); op != nullptr && !is_byte(op->of)) return wide_level(*op);
  }
  const Form* known = form(of);
  return known == nullptr ? refused() : look_up(known->index, 0, known->values);
}

TileByte SweepMaker::make_flags(Register of) {
  const PlannedOperation& operation = maker(of);
  if (const auto* op = std::get_if<Gate>(&operation)) return gate_flags(*op);
  if (pieces_.origin(of).count >= 2) {
    if (const auto* op = std::get_if<SumValues>(&operation)) {
      return op->prorate ? refused() : join(*op, {});
    }
    if (const auto* op = std::get_if<ExtremeValue>(&operation)) return join(*op, {});
    if (const auto* op = std::get_if<CountTrue>(&operation)) {
      std::vector<TileByte> terms;
      for (const Register one : op->of) terms.push_back(flags(one));
      return join(terms);
    }
    if (const auto* op = std::get_if<PassGate>(&operation)) return pass(*op);
    if (const auto* op = std::get_if<TakeFirst>(&operation); op != nullptr && op->of.size() == 1) {
      return map(flags(op->of.front()), only_reference);
    }
    if (const auto& made = table(of)) {
      const TileByte own = flags(made->of);
      return made->flags.empty() ? own : raise(own, look_up(value(made->of), made->lowest, made->flags));
    }
    if (const auto* op = std::get_if<LookUpTable>(&operation); op != nullptr && op->column != no_register) {
      std::vector<std::uint8_t> raised;
      for (const double cell : op->cells) raised.push_back(std::isnan(cell) ? flag_missing : std::uint8_t{0});
      return raise(join({flags(op->row), flags(op->column)}), look_up(position(*op), 0, raised));
    }
    if (const auto* op = std::get_if<FindLevel>(&operation); op != nullptr && !is_byte(op->of)) return flags(op->of);
  }
  const Form* known = form(of);
  return known == nullptr ? refused() : look_up(known->index, 0, known->flags);
}

TileByte SweepMaker::make_end(Register of, End which) {
  const PlannedOperation& operation = maker(of);
  const bool lowest = which == End::lowest;
  const auto ends = [&](const std::vector<Register>& registers) {
    std::vector<TileByte> found;
    for (const Register one : registers) found.push_back(end(one, which));
    return found;
  };
  if (const auto* op = std::get_if<PassGate>(&operation)) return end(op->of, which);
  if (pieces_.origin(of).count >= 2) {
    if (const auto* op = std::get_if<SumValues>(&operation)) return sum(ends(op->of));
    if (const auto* op = std::get_if<CountTrue>(&operation)) return sum(ends(op->of));
    if (const auto* op = std::get_if<ExtremeValue>(&operation)) return extreme(ends(op->of), op->highest);
    if (const auto* op = std::get_if<TakeFirst>(&operation); op != nullptr && op->of.size() == 1) {
      return end(op->of.front(), which);
    }
    if (const auto* op = std::get_if<FindLevel>(&operation); op != nullptr && is_byte(op->of)) {
      const Range span = hull(plan_.spans[static_cast<std::size_t>(op->of)], exactly(0));
      const std::size_t otherwise = lowest ? 0 : op->scheme->bands.size() - 1;
      std::vector<std::uint8_t> levels;
      for (double x = span.low; x <= span.high; ++x) {
        levels.push_back(static_cast<std::uint8_t>(band_of(*op->scheme, x, otherwise)));
      }
      return look_up(end(op->of, which), static_cast<int>(span.low), levels);
    }
  }
  const Form* known = form(of);
  if (known == nullptr || known->lows.empty()) return refused();
  return look_up(known->index, 0, lowest ? known->lows : known->highs);
}

/// A sum that no byte holds: of sums that one does.
Slot SweepMaker::wide(Register of) {
  const PlannedOperation& operation = maker(of);
  if (const auto* gated = std::get_if<PassGate>(&operation)) return wide(gated->of);
  const auto* op = std::get_if<SumValues>(&operation);
  if (op == nullptr || op->prorate || op->of.size() >= most_operands) return refused().slot;
  AddWide made;
  std::vector<TileByte> some;
  int low = 0, high = 0;  // that the sum of some may come to
  const auto carry = [&] {
    const TileByte term = sum(some);
    if (term.slot != no_slot) {
      made.terms.push_back(term);
    } else {
      made.base = static_cast<std::int16_t>(made.base + static_cast<std::int8_t>(term.table[0]));
    }
    some.clear();
    low = high = 0;
  };
  for (const Register one : op->of) {
    const TileByte term = is_byte(one) ? operand(one, 0) : refused();
    if (!fits_) return no_slot;
    const Range span = hull(plan_.spans[static_cast<std::size_t>(one)], exactly(0));
    if (low + span.low < -128 || high + span.high > 127) carry();
    low += static_cast<int>(span.low);
    high += static_cast<int>(span.high);
    some.push_back(term);
  }
  carry();
  return add(std::move(made), 2);
}

TileByte SweepMaker::wide_level(const FindLevel& op) {
  FindWideLevel found{wide(op.of), {}};
  const Range span = hull(plan_.spans[static_cast<std::size_t>(op.of)], exactly(0));
  if (!fits_) return {};
  std::size_t last = 0;
  for (double x = span.low; x <= span.high; ++x) {
    const std::size_t band = band_of(*op.scheme, x, op.scheme->bands.size());
    // Each level follows the one before, and one of them holds every number.
    if (x == span.low ? band != 0 : band != last && band != last + 1) return refused();
    if (band == last + 1) found.reached.push_back(static_cast<std::int16_t>(x));
    last = band;
  }
  return last < op.scheme->bands.size() ? plain(add(std::move(found))) : refused();
}

void SweepMaker::write_bytes(int column, const TileByte& of, const TileByte& mask) {
  const bool nothing = is_zero(mask);
  sweep_.writes.emplace_back(WriteTileBytes{column, nothing ? constant(0) : of, nothing ? always : mask});
}

void SweepMaker::write_wholes(int column, const TileByte& of, const TileByte& mask) {
  const bool nothing = is_zero(mask);
  sweep_.writes.emplace_back(WriteTileWholes{column, nothing ? constant(0) : of, nothing ? always : mask, false});
}

void SweepMaker::write_wide(int column, Register of, const TileByte& mask) {
  if (const Slot sums = wide(of); fits_) sweep_.writes.emplace_back(WriteTileWholes{column, plain(sums), mask, true});
}

void SweepMaker::write_reals(int column, const TileByte& index, const std::vector<double>& table) {
  sweep_.writes.emplace_back(WriteTileFigures{column, index, &table, nullptr});
}

void SweepMaker::write_wholes(int column, const TileByte& index, const std::vector<std::int32_t>& table) {
  sweep_.writes.emplace_back(WriteTileFigures{column, index, nullptr, &table});
}

void SweepMaker::write_validity(int column, const TileByte& of) {
  for (TileWrite& write : sweep_.writes) {
    auto* bits = std::get_if<WriteTileBits>(&write);
    if (bits != nullptr && bits->of == of) return bits->columns.push_back(column);
  }
  sweep_.writes.emplace_back(WriteTileBits{{column}, of});
}

std::optional<Sweep> SweepMaker::sweep() && {
  if (!fits_) return std::nullopt;
  join_folds(sweep_);
  return std::move(sweep_);
}

}  // namespace appraise::detail
