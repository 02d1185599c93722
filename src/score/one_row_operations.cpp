// Operations on the registers of one row.
#include <algorithm>
#include <bit>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "plan/compiler.hpp"
#include "score/one_row.hpp"

namespace appraise::detail {

namespace {

/// Flags of all registers named.
std::uint64_t joined(const Row& row, const std::vector<Register>& of) {
  std::uint64_t flags = 0;
  for (const Register one : of) flags |= row[one].flags;
  return flags;
}

void run(Row& row, const Constant& op) { row.put_held(op.out, op.value, 0); }

void run(Row& row, const Compare& op) {
  const RowValue& x = row[op.of];
  if (op.with == no_register) return row.put(op.out, compares(op, x.value) ? 1 : 0, x.flags);
  const RowValue& y = row[op.with];
  row.put(op.out, compares(op.kind, x.value, y.value) ? 1 : 0, x.flags | y.flags);
}

void run(Row& row, const IsMissing& op) {
  const RowValue& x = row[op.of];
  row.put(op.out, x.usable() != op.missing ? 1 : 0, x.flags & flag_invalid);
}

/// A true part decides whether any is true, a false one whether all are.
void run(Row& row, const Join& op) {
  std::uint64_t flags = 0;
  bool any_true = false, any_false = false;
  for (const Register one : op.of) {
    const RowValue& part = row[one];
    flags |= part.flags;
    any_true |= part.is_true();
    any_false |= part.usable() && !part.is_true();
  }
  if (op.kind == Condition::Kind::negation) return row.put(op.out, any_false ? 1 : 0, flags);
  const bool any = op.kind == Condition::Kind::any, decided = any ? any_true : any_false;
  row.put(op.out, any == decided ? 1 : 0, decided ? flags & flag_omitted : flags);
}

/// Operands that a missing rule leaves out, and the flags of a sum or an extreme.
struct Omission {
  std::uint64_t flags = 0;
  std::size_t left_out = 0;
};

template <class Operation>
Omission omit(const Row& row, const Operation& op) {
  Omission all;
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    const RowValue& one = row[op.of[i]];
    if (op.may_omit[i] != 0 && (one.flags & unusable_flags) == flag_missing) {
      ++all.left_out;
    } else {
      all.flags |= one.flags;
    }
  }
  if (all.left_out == 0) return all;
  const bool too_many = all.left_out > static_cast<std::size_t>(op.at_most) || all.left_out == op.of.size();
  all.flags |= too_many ? flag_missing : flag_omitted;
  return all;
}

void run(Row& row, const SumValues& op) {
  const Omission omission = omit(row, op);
  double sum = 0;
  for (const Register one : op.of) sum += row[one].value;
  if (op.prorate && omission.left_out != 0 && (omission.flags & unusable_flags) == 0) {
    const auto all = static_cast<std::int64_t>(op.of.size());
    sum = static_cast<double>(round_quotient(static_cast<std::int64_t>(sum) * all,
                                             all - static_cast<std::int64_t>(omission.left_out), *op.prorate));
  }
  row.put_held(op.out, sum, omission.flags);
}

void run(Row& row, const ExtremeValue& op) {
  double extreme = op.highest ? -unbounded : unbounded;
  for (const Register one : op.of) {
    const RowValue& x = row[one];
    if (x.usable() && (op.highest ? x.value > extreme : x.value < extreme)) extreme = x.value;
  }
  row.put(op.out, extreme, omit(row, op).flags);
}

void run(Row& row, const CountTrue& op) {
  double count = 0;
  for (const Register one : op.of) count += row[one].value;
  row.put(op.out, count, joined(row, op.of));
}

/// All bits where a condition is true, else none.
std::uint64_t mask_of(const RowValue& condition) noexcept { return condition.is_true() ? ~std::uint64_t{0} : 0; }

/// Whether a term is too large to be held. It is invalid then, whatever the others are.
bool overflows(const Row& row, const RowTerms& op) {
  const Register* factor = op.terms.factors.data();
  const RowTerms::Weighed* weighed = op.weighed.data();
  for (const Terms::Group& group : op.terms.groups) {
    const Register* end = factor + group.factors;
    const bool given = std::all_of(factor, end, [&](Register of) { return row[of].usable(); });
    factor = end;
    for (const auto* last = weighed + group.terms; weighed != last; ++weighed) {
      const bool held = std::isfinite(weighed->weight * row[weighed->of].value);
      if (given && row[weighed->when].is_true() && !held) return true;
    }
  }
  return false;
}

void run(Row& row, const RowTerms& op) {
  for (const RowTerms::Product& one : op.products) row[one.out].value = row[one.of].value * row[one.by].value;
  double sum = op.intercept;
  for (const RowTerms::Weighed& one : op.weighed) {
    const auto bits = std::bit_cast<std::uint64_t>(one.weight * row[one.of].value);
    sum += std::bit_cast<double>(bits & mask_of(row[one.when]));
  }
  std::uint64_t flags = joined(row, op.terms.always);
  for (const Terms::Conditional& one : op.terms.conditional) {
    flags |= row[one.of].flags & mask_of(row[one.when]);
  }
  const bool held = std::isfinite(sum);
  if (!held && overflows(row, op)) flags |= flag_invalid;
  row.put_valid(op.out, sum, flags, held);
}

void run(Row& row, const Subtract& op) {
  const RowValue &x = row[op.of], &y = row[op.minus];
  row.put_held(op.out, x.value - y.value, x.flags | y.flags);
}

void run(Row& row, const Multiply& op) {
  double product = 1;
  for (const Register one : op.of) product *= row[one].value;
  row.put_held(op.out, product, joined(row, op.of));
}

/// What is divided by 0 cannot be held.
void run(Row& row, const Divide& op) {
  const RowValue &x = row[op.of], &y = row[op.over];
  row.put_held(op.out, x.value / y.value, x.flags | y.flags);
}

/// The logarithm of a number that is not above 0 cannot be held.
void run(Row& row, const Logarithm& op) {
  const RowValue& x = row[op.of];
  row.put_held(op.out, x.usable() ? logarithm(x.value) : 0, x.flags);
}

void run(Row& row, const LogisticFunction& op) {
  const RowValue& x = row[op.of];
  row.put(op.out, x.usable() ? 1 / (1 + exponential(-x.value)) : 0, x.flags);
}

/// The value of the first interval that holds x; nothing holds it: invalid.
template <class Bands, class ValueOf>
void look_up_bands(Row& row, Register of, const Bands& bands, Register out, ValueOf value_of) {
  const RowValue& x = row[of];
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (bands[i].interval.holds(x.value)) return row.put(out, value_of(i), x.flags);
  }
  row.put_valid(out, 0, x.flags, false);
}

void run(Row& row, const LookUpBand& op) {
  look_up_bands(row, op.of, op.bands, op.out, [&](std::size_t band) { return op.bands[band].value; });
}

void run(Row& row, const FindLevel& op) {
  look_up_bands(row, op.of, op.scheme->bands, op.out, [](std::size_t band) { return static_cast<double>(band); });
}

/// A cell that is not supplied is missing.
void run(Row& row, const LookUpTable& op) {
  const RowValue& line = row[op.row];
  std::uint64_t flags = line.flags;
  auto at = static_cast<std::size_t>(line.value) * static_cast<std::size_t>(op.columns);
  if (op.column != no_register) {
    const RowValue& column = row[op.column];
    flags |= column.flags;
    at += static_cast<std::size_t>(column.value);
  }
  const double cell = op.cells[at];
  if (std::isnan(cell) && (flags & unusable_flags) == 0) flags |= flag_missing;
  row.put_held(op.out, cell, flags);
}

void run(Row& row, const Decide& op) {
  std::uint64_t flags = 0;
  for (std::size_t k = 0; k < op.when.size(); ++k) {
    const RowValue& condition = row[op.when[k]];
    flags |= condition.flags;
    if (condition.is_true()) return row.put(op.out, row[op.take[k]].value, flags | row[op.take[k]].flags);
    if (!condition.usable()) return row.put(op.out, 0, flags);
  }
  if (op.otherwise == no_register) return row.put(op.out, 0, flags | flag_invalid);
  row.put(op.out, row[op.otherwise].value, flags | row[op.otherwise].flags);
}

void run(Row& row, const TakeFirst& op) {
  std::uint64_t passed = 0;
  for (std::size_t k = 0; k < op.of.size(); ++k) {
    const RowValue& x = row[op.of[k]];
    const bool usable = x.usable();
    if (usable || (x.flags & flag_invalid) != 0) {
      return row.put(op.out, x.value, x.flags | (k > 0 && op.flag && usable ? flag_omitted : 0));
    }
    passed |= x.flags & unusable_flags;
  }
  row.put(op.out, 0, passed);
}

void run(Row& row, const ClampValue& op) {
  const RowValue& x = row[op.of];
  double value = x.value;
  if (op.from && value < *op.from) value = *op.from;
  if (op.to && value > *op.to) value = *op.to;
  row.put_held(op.out, value, x.flags);
}

void run(Row& row, const RoundValue& op) {
  const RowValue& x = row[op.of];
  row.put_held(op.out, round_decimal(x.value, op.digits, op.mode), x.flags);
}

void run(Row& row, const MeasureTime& op) {
  const RowValue &from = row[op.from], &to = row[op.to];
  row.put(op.out, time_between(static_cast<Days>(from.value), static_cast<Days>(to.value), op.in, op.no_such_day),
          from.flags | to.flags);
}

void run(Row& row, const MoveTime& op) {
  const RowValue &to = row[op.to], &amount = row[op.amount];
  const auto moved =
      add_time(static_cast<Days>(to.value), static_cast<std::int64_t>(amount.value), op.in, op.no_such_day);
  row.put_valid(op.out, moved.value_or(0), to.flags | amount.flags, moved.has_value());
}

void run(Row& row, const ReadAttribute& op) {
  const RowValue& code = row[op.of];
  row.put(op.out, op.labels[static_cast<std::size_t>(code.value)], code.flags);
}

void run(Row& row, const ApplyWhen& op) {
  const RowValue &when = row[op.when], &x = row[op.of];
  std::uint64_t flags = when.flags;
  if (when.usable()) flags |= when.is_true() ? x.flags : flag_inapplicable;
  row.put(op.out, x.value, flags);
}

void run(Row& row, const PassGate& op) {
  const RowValue& x = row[op.of];
  row.put(op.out, x.value, row[op.gate].flags | x.flags);
}

void run(Row& row, const Gate& op) {
  std::uint64_t flags = 0;
  for (const Gate::Rule& rule : op.rules) {
    const RowValue& condition = row[rule.condition];
    if (!condition.usable()) {
      const bool undecided = rule.applicability && !rule.applies_if_unknown;
      flags |= undecided ? (condition.flags & unusable_flags) | flag_missing : condition.flags & flag_invalid;
    } else if (!condition.is_true()) {
      flags |= rule.applicability ? flag_inapplicable : flag_invalid;
    }
  }
  row.put(op.out, 0, flags);
}

/// An answer to an item that does not always apply. docs/semantics.md
void run(Row& row, const ApplyItem& op) {
  const PlannedItem& item = row.plan().items[static_cast<std::size_t>(op.item)];
  const RowValue condition = row[op.applies], points = row[op.given_points];
  const double response = op.given_response == no_register ? 0 : row[op.given_response].value;
  const auto put = [&](Register out, double x, std::uint64_t flags) {
    if (out != no_register) row.put(out, x, flags);
  };
  if (!condition.usable()) {
    const std::uint64_t lost = flag_missing | (points.flags & flag_invalid);
    put(op.response, 0, (condition.flags & unusable_flags) | lost);
    put(op.points, 0, (condition.flags & unusable_flags) | lost);
    put(op.fault, 0, lost);
  } else if (!condition.is_true()) {
    const double otherwise = item.item->points_if_not_applicable;
    const bool answered = points.flags == 0 && points.value != otherwise;
    const bool wrong = answered || (points.flags & flag_invalid) != 0;
    const std::uint64_t absent = wrong ? flag_invalid : flag_missing;
    put(op.response, 0, absent);
    put(op.points, otherwise, wrong ? flag_invalid : 0);
    put(op.fault, 0, answered ? flag_inapplicable : absent);
  } else {
    const bool replaced = item.substitute && points.flags == flag_missing;
    const std::uint64_t flags = replaced ? flag_omitted : points.flags;
    put(op.response, replaced ? *item.substitute : response, flags);
    put(op.points, replaced ? item.substitute_points : points.value, flags);
    put(op.fault, 0, flags);
  }
}

template <class Operation>
RowStep step_of(const Operation& operation) {
  return {[](Row& row, const void* of) { run(row, *static_cast<const Operation*>(of)); }, &operation};
}

}  // namespace

RowTerms::RowTerms(Row& row, Terms of, double constant, Register to)
    : terms(std::move(of)), intercept(constant), out(to) {
  const auto multiply = [&](Register x, Register by) {
    products.push_back({row.between() + static_cast<Register>(products.size()), x, by});
    return products.back().out;
  };
  const Register* factor = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    const Register* end = factor + group.factors;
    Register x = factor == end ? row.one() : *factor++;
    for (; factor != end; ++factor) x = multiply(x, *factor);
    std::vector<Register> powers{x};
    for (const Terms::Term* last = term + group.terms; term != last; ++term) {
      while (powers.size() < static_cast<std::size_t>(term->power)) powers.push_back(multiply(powers.back(), x));
      const Register power = powers[static_cast<std::size_t>(term->power) - 1];
      weighed.push_back({term->weight, power, term->when == no_register ? row.one() : term->when});
    }
  }
  row.make_room_between(products.size());
}

RowStep row_step(const RowTerms& terms) { return step_of(terms); }

RowStep row_step(const PlannedOperation& operation) {
  return std::visit(
      [](const auto& op) -> RowStep {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (!std::is_same_v<Operation, LoadItem> && !std::is_same_v<Operation, WeighTerm> &&
                      !std::is_same_v<Operation, AddTerms>) {
          return step_of(op);
        }
        return {};
      },
      operation);
}

}  // namespace appraise::detail
