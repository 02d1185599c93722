// One kernel per operation. Every loop runs across rows: row i never reads another row.
#include <algorithm>
#include <array>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "score/run.hpp"

namespace appraise::detail {

namespace {

constexpr std::int64_t whole_limit = std::numeric_limits<std::int32_t>::max();
using Flags = std::array<std::uint8_t, block_rows>;

bool unusable(std::uint8_t flags) { return (flags & unusable_flags) != 0; }

/// Stores a value, or 0 where it is not usable; a value that cannot be held is invalid.
void store(Block& block, Register out, int row, double value, std::uint8_t flags) {
  if (!unusable(flags) &&
      !(block.is_real(out) ? std::isfinite(value) : std::fabs(value) <= static_cast<double>(whole_limit))) {
    flags |= flag_invalid;
  }
  const bool usable = !unusable(flags);
  if (block.is_real(out)) {
    block.reals(out)[row] = usable ? value : 0;
  } else {
    block.wholes(out)[row] = usable ? static_cast<std::int32_t>(value) : 0;
  }
  block.flags(out)[row] = flags;
}

/// Truth of a condition; flags hold whether it is unknown.
void store_truth(Block& block, Register out, int row, bool truth, std::uint8_t flags) {
  const bool known = !unusable(flags);
  block.wholes(out)[row] = known && truth ? 1 : 0;
  block.flags(out)[row] = flags;
}

void join(const Block& block, const std::vector<Register>& of, Flags& flags) {
  flags.fill(0);
  for (const Register one : of) {
    const std::uint8_t* from = block.flags(one);
    for (int row = 0; row < block.rows(); ++row) flags[static_cast<std::size_t>(row)] |= from[row];
  }
}

std::uint8_t joined(const Block& block, Register a, Register b, int row) {
  return static_cast<std::uint8_t>(block.flags(a)[row] | (b == no_register ? 0 : block.flags(b)[row]));
}

bool compares(Condition::Kind kind, double x, double y) {
  switch (kind) {
    case Condition::Kind::at_least:
      return x >= y;
    case Condition::Kind::above:
      return x > y;
    case Condition::Kind::at_most:
      return x <= y;
    case Condition::Kind::below:
      return x < y;
    default:
      return x == y;
  }
}

void run(Block& block, const Constant& op) {
  for (int row = 0; row < block.rows(); ++row) store(block, op.out, row, op.value, 0);
}

void run(Block& block, const Compare& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const double x = block.number(op.of, row);
    const bool truth = op.with != no_register ? compares(op.kind, x, block.number(op.with, row))
                                              : std::any_of(op.constants.begin(), op.constants.end(),
                                                            [&](double y) { return compares(op.kind, x, y); });
    store_truth(block, op.out, row, truth, joined(block, op.of, op.with, row));
  }
}

void run(Block& block, const IsMissing& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const std::uint8_t flags = block.flags(op.of)[row];
    const bool invalid = (flags & flag_invalid) != 0;
    store_truth(block, op.out, row, unusable(flags) == op.missing,
                static_cast<std::uint8_t>(invalid ? flag_invalid : 0));
  }
}

void run(Block& block, const Join& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = 0;
    bool any_true = false, any_false = false;
    for (const Register part : op.of) {
      const std::uint8_t own = block.flags(part)[row];
      flags |= own;
      if (!unusable(own)) (block.wholes(part)[row] != 0 ? any_true : any_false) = true;
    }
    if (op.kind == Condition::Kind::negation) {
      store_truth(block, op.out, row, any_false, flags);
      continue;
    }
    const bool decided = op.kind == Condition::Kind::all ? any_false : any_true;
    if (decided) flags &= flag_omitted;
    store_truth(block, op.out, row, op.kind == Condition::Kind::all ? !any_false : any_true, flags);
  }
}

/// Which operands of a row are left out under a missing rule, and the flags that result.
struct Omission {
  int left_out = 0;
  std::uint8_t flags = 0;
};

template <class Operation>
bool is_left_out(const Operation& op, std::size_t operand, std::uint8_t flags) {
  return op.may_omit[operand] != 0 && (flags & unusable_flags) == flag_missing;
}

template <class Operation>
Omission omit(const Block& block, const Operation& op, int row) {
  Omission omission;
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    const std::uint8_t own = block.flags(op.of[i])[row];
    if (is_left_out(op, i, own)) {
      ++omission.left_out;
    } else {
      omission.flags |= own;
    }
  }
  if (omission.left_out == 0) return omission;
  const bool too_many = omission.left_out > op.at_most || omission.left_out == static_cast<int>(op.of.size());
  omission.flags |= too_many ? flag_missing : flag_omitted;
  return omission;
}

void run(Block& block, const SumValues& op) {
  const bool real = block.is_real(op.out);
  for (int row = 0; row < block.rows(); ++row) {
    const Omission omission = omit(block, op, row);
    double sum = 0;
    std::int64_t whole_sum = 0;
    for (const Register one : op.of) {
      if (real) {
        if (block.usable(one, row)) sum += block.number(one, row);
      } else {
        whole_sum += block.wholes(one)[row];
      }
    }
    if (!real && op.prorate && omission.left_out > 0 && !unusable(omission.flags)) {
      const auto all = static_cast<std::int64_t>(op.of.size());
      whole_sum = round_quotient(whole_sum * all, all - omission.left_out, *op.prorate);
    }
    store(block, op.out, row, real ? sum : static_cast<double>(whole_sum), omission.flags);
  }
}

void run(Block& block, const ExtremeValue& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const Omission omission = omit(block, op, row);
    bool first = true;
    double extreme = 0;
    for (const Register one : op.of) {
      if (!block.usable(one, row)) continue;
      const double x = block.number(one, row);
      if (first || (op.highest ? x > extreme : x < extreme)) extreme = x;
      first = false;
    }
    store(block, op.out, row, extreme, omission.flags);
  }
}

void run(Block& block, const WeighTerm& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = 0;
    if (op.when != no_register) {
      flags = block.flags(op.when)[row];
      if (unusable(flags) || block.wholes(op.when)[row] == 0) {
        store(block, op.out, row, 0, flags);
        continue;
      }
    }
    double product = 1;
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      const double x = block.number(op.of[i], row);
      product = i == 0 ? x : product * x;
      flags |= block.flags(op.of[i])[row];
    }
    double power = product;
    for (int i = 1; i < op.power; ++i) power *= product;
    store(block, op.out, row, op.of.empty() ? op.weight : op.weight * power, flags);
  }
}

void run(Block& block, const AddTerms& op) {
  Flags flags;
  join(block, op.of, flags);
  for (int row = 0; row < block.rows(); ++row) {
    double sum = op.intercept;
    for (const Register term : op.of) sum += block.reals(term)[row];
    store(block, op.out, row, sum, flags[static_cast<std::size_t>(row)]);
  }
}

void run(Block& block, const Subtract& op) {
  for (int row = 0; row < block.rows(); ++row) {
    store(block, op.out, row, block.number(op.of, row) - block.number(op.minus, row),
          joined(block, op.of, op.minus, row));
  }
}

void run(Block& block, const CountTrue& op) {
  Flags flags;
  join(block, op.of, flags);
  for (int row = 0; row < block.rows(); ++row) {
    int count = 0;
    for (const Register one : op.of) count += block.wholes(one)[row];
    store(block, op.out, row, count, flags[static_cast<std::size_t>(row)]);
  }
}

void run(Block& block, const Multiply& op) {
  Flags flags;
  join(block, op.of, flags);
  for (int row = 0; row < block.rows(); ++row) {
    double product = block.number(op.of.front(), row);
    for (std::size_t i = 1; i < op.of.size(); ++i) product *= block.number(op.of[i], row);
    store(block, op.out, row, product, flags[static_cast<std::size_t>(row)]);
  }
}

void run(Block& block, const Divide& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = joined(block, op.of, op.over, row);
    const double divisor = block.number(op.over, row);
    if (!unusable(flags) && divisor == 0) flags |= flag_invalid;
    store(block, op.out, row, unusable(flags) ? 0 : block.number(op.of, row) / divisor, flags);
  }
}

void run(Block& block, const Logarithm& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = block.flags(op.of)[row];
    const double x = block.number(op.of, row);
    if (!unusable(flags) && !(x > 0)) flags |= flag_invalid;
    store(block, op.out, row, unusable(flags) ? 0 : std::log(x), flags);
  }
}

void run(Block& block, const LogisticFunction& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const std::uint8_t flags = block.flags(op.of)[row];
    store(block, op.out, row, unusable(flags) ? 0 : 1 / (1 + std::exp(-block.number(op.of, row))), flags);
  }
}

void run(Block& block, const LookUpBand& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = block.flags(op.of)[row];
    const double x = block.number(op.of, row);
    const auto found =
        std::find_if(op.bands.begin(), op.bands.end(), [&](const Band& band) { return band.interval.holds(x); });
    if (!unusable(flags) && found == op.bands.end()) flags |= flag_invalid;
    store(block, op.out, row, unusable(flags) ? 0 : found->value, flags);
  }
}

void run(Block& block, const LookUpTable& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = joined(block, op.row, op.column, row);
    double value = 0;
    if (!unusable(flags)) {
      const std::int32_t column = op.column == no_register ? 0 : block.wholes(op.column)[row];
      value = op.cells[static_cast<std::size_t>(block.wholes(op.row)[row] * op.columns + column)];
      if (std::isnan(value)) flags |= flag_missing;
    }
    store(block, op.out, row, value, flags);
  }
}

void run(Block& block, const Decide& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = 0;
    Register chosen = op.otherwise;
    bool unknown = false;
    for (std::size_t i = 0; i < op.when.size(); ++i) {
      flags |= block.flags(op.when[i])[row];
      unknown = unusable(flags);
      if (unknown) break;
      if (block.wholes(op.when[i])[row] != 0) {
        chosen = op.take[i];
        break;
      }
    }
    if (unknown) {
      store(block, op.out, row, 0, flags);
    } else if (chosen == no_register) {
      store(block, op.out, row, 0, static_cast<std::uint8_t>(flags | flag_invalid));
    } else {
      store(block, op.out, row, block.number(chosen, row), static_cast<std::uint8_t>(flags | block.flags(chosen)[row]));
    }
  }
}

void run(Block& block, const TakeFirst& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t passed = 0;
    bool done = false;
    for (std::size_t i = 0; i < op.of.size() && !done; ++i) {
      const std::uint8_t own = block.flags(op.of[i])[row];
      if ((own & flag_invalid) != 0) {
        store(block, op.out, row, 0, own);
        done = true;
      } else if (!unusable(own)) {
        const auto fallback = static_cast<std::uint8_t>(i > 0 && op.flag ? flag_omitted : 0);
        store(block, op.out, row, block.number(op.of[i], row), static_cast<std::uint8_t>(own | fallback));
        done = true;
      } else {
        passed |= static_cast<std::uint8_t>(own & unusable_flags);
      }
    }
    if (!done) store(block, op.out, row, 0, passed);
  }
}

void run(Block& block, const ClampValue& op) {
  for (int row = 0; row < block.rows(); ++row) {
    double x = block.number(op.of, row);
    if (op.from && x < *op.from) x = *op.from;
    if (op.to && x > *op.to) x = *op.to;
    store(block, op.out, row, x, block.flags(op.of)[row]);
  }
}

void run(Block& block, const RoundValue& op) {
  for (int row = 0; row < block.rows(); ++row) {
    store(block, op.out, row, round_decimal(block.number(op.of, row), op.digits, op.mode), block.flags(op.of)[row]);
  }
}

void run(Block& block, const MeasureTime& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const std::uint8_t flags = joined(block, op.from, op.to, row);
    const Days from = block.wholes(op.from)[row], to = block.wholes(op.to)[row];
    store(block, op.out, row, time_between(from, to, op.in, op.no_such_day), flags);
  }
}

void run(Block& block, const MoveTime& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = joined(block, op.to, op.amount, row);
    const auto moved = add_time(block.wholes(op.to)[row], block.wholes(op.amount)[row], op.in, op.no_such_day);
    if (!unusable(flags) && !moved) flags |= flag_invalid;
    store(block, op.out, row, moved.value_or(0), flags);
  }
}

void run(Block& block, const ReadAttribute& op) {
  for (int row = 0; row < block.rows(); ++row) {
    const std::uint8_t flags = block.flags(op.of)[row];
    store(block, op.out, row, unusable(flags) ? 0 : op.labels[static_cast<std::size_t>(block.wholes(op.of)[row])],
          flags);
  }
}

void run(Block& block, const FindLevel& op) {
  const auto& bands = op.scheme->bands;
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = block.flags(op.of)[row];
    const double x = block.number(op.of, row);
    const auto found =
        std::find_if(bands.begin(), bands.end(), [&](const LevelBand& band) { return band.interval.holds(x); });
    if (!unusable(flags) && found == bands.end()) flags |= flag_invalid;
    store(block, op.out, row, static_cast<double>(found - bands.begin()), flags);
  }
}

void run(Block& block, const ApplyWhen& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = block.flags(op.when)[row];
    if (!unusable(flags)) {
      flags |= block.wholes(op.when)[row] != 0 ? block.flags(op.of)[row] : std::uint8_t{flag_inapplicable};
    }
    store(block, op.out, row, block.number(op.of, row), flags);
  }
}

void run(Block& block, const Gate& op) {
  for (int row = 0; row < block.rows(); ++row) {
    std::uint8_t flags = 0;
    for (const Gate::Rule& rule : op.rules) {
      const std::uint8_t own = block.flags(rule.condition)[row];
      if (unusable(own)) {
        const bool undecided = rule.applicability && !rule.applies_if_unknown;
        flags |= undecided ? static_cast<std::uint8_t>((own & unusable_flags) | flag_missing)
                           : static_cast<std::uint8_t>(own & flag_invalid);
      } else if (block.wholes(rule.condition)[row] == 0) {
        flags |= rule.applicability ? flag_inapplicable : flag_invalid;
      }
    }
    block.flags(op.out)[row] = flags;
  }
}

void run(Block& block, const PassGate& op) {
  for (int row = 0; row < block.rows(); ++row) {
    store(block, op.out, row, block.number(op.of, row), joined(block, op.of, op.gate, row));
  }
}

}  // namespace

void run_values(Block& block, const std::vector<BoundColumn>& columns, std::int64_t first) {
  for (const PlannedOperation& operation : block.plan().operations) {
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      load_item(block, *load, columns[static_cast<std::size_t>(load->item)], first);
    } else {
      std::visit(
          [&](const auto& op) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(op)>, LoadItem>) run(block, op);
          },
          operation);
    }
  }
}

}  // namespace appraise::detail
