// Values, flags and ends of registers as steps of a sweep, by the kind of operation that makes them.
#include <algorithm>
#include <cmath>
#include <utility>

#include "score/result_maps.hpp"
#include "score/sweep_maker.hpp"

namespace appraise::detail {

namespace {

/// Position of the band that holds a value, or another.
std::size_t band_of(const LevelScheme& scheme, double value, std::size_t otherwise) {
  const auto& bands = scheme.bands;
  const auto found =
      std::find_if(bands.begin(), bands.end(), [&](const LevelBand& band) { return band.interval.holds(value); });
  return found == bands.end() ? otherwise : static_cast<std::size_t>(found - bands.begin());
}

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

}  // namespace

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
    if (const auto& made = table(of)) return look_up(value(made->of), made->lowest, made->bytes);
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

}  // namespace appraise::detail
