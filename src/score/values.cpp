// One kernel per operation. Every loop runs across rows: row i never reads another row.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "score/bytes.hpp"
#include "score/rows.hpp"
#include "score/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = std::array<std::uint8_t, largest_block>;
using Reals = std::array<double, largest_block>;

inline bool unusable(std::uint8_t flags) { return (flags & unusable_flags) != 0; }

/// `flag` where a condition holds.
inline std::uint8_t flag_if(bool condition, std::uint8_t flag) {
  return static_cast<std::uint8_t>(condition ? flag : 0);
}

/// Calls `use` with a register's values at their own type.
template <class Use>
void with_values(const Block& block, Register of, Use use) {
  switch (block.type(of)) {
    case RegisterType::byte:
      return use(block.values<std::int8_t>(of));
    case RegisterType::whole:
      return use(block.values<std::int32_t>(of));
    case RegisterType::real:
      return use(block.values<double>(of));
  }
}
template <class Use>
void with_out(Block& block, Register out, Use use) {
  switch (block.type(out)) {
    case RegisterType::byte:
      return use(block.values<std::int8_t>(out));
    case RegisterType::whole:
      return use(block.values<std::int32_t>(out));
    case RegisterType::real:
      return use(block.values<double>(out));
  }
}

/// A register's values as doubles: its own, or converted into `copy`.
const double* reals(const Block& block, Register of, Reals& copy) {
  const int rows = block.padded();
  if (block.type(of) == RegisterType::real) return block.values<double>(of);
  with_values(block, of, [&](const auto* x) {
    for (int row = 0; row < rows; ++row) copy[static_cast<std::size_t>(row)] = static_cast<double>(x[row]);
  });
  return copy.data();
}

/// Flags of the first, then those of the others joined to it.
void join(const Block& block, std::initializer_list<Register> of, std::uint8_t* out) {
  const int rows = block.padded();
  std::fill_n(out, rows, std::uint8_t{0});
  for (const Register one : of) {
    if (one == no_register) continue;
    const std::uint8_t* from = block.flags(one);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] = static_cast<std::uint8_t>(out[row] | from[row]);
  }
}
void join(const Block& block, const std::vector<Register>& of, std::uint8_t* out) {
  const int rows = block.padded();
  std::fill_n(out, rows, std::uint8_t{0});
  for (const Register one : of) {
    const std::uint8_t* from = block.flags(one);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] = static_cast<std::uint8_t>(out[row] | from[row]);
  }
}

/// Unusable values become 0.
template <class Value>
void clear_unusable(const Block& block, const std::uint8_t* flags, Value* values) {
  const int rows = block.padded();
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Value value = values[row];
    const std::uint8_t own = flags[row];
    values[row] = unusable(own) ? Value{0} : value;
  }
}

/// Marks results that cannot be held as invalid.
template <class Number>
void mark_unheld(const Number* x, Number most, int rows, std::uint8_t* flags) {
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Number value = x[row];
    const std::uint8_t own = flags[row];
    const bool held = (value >= -most) & (value <= most);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & !held, flag_invalid));
  }
}

/// Results, or 0 where they are not usable.
template <class Number, class Value>
void keep_usable(const Number* x, const std::uint8_t* flags, int rows, Value* out) {
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const Number value = x[row];
    const std::uint8_t own = flags[row];
    out[row] = static_cast<Value>(unusable(own) ? Number{0} : value);
  }
}

/// Stores results; one that cannot be held is invalid. Flags are there already.
void store(Block& block, Register out, const double* x) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(out);
  const bool real = block.type(out) == RegisterType::real;
  mark_unheld(x, real ? std::numeric_limits<double>::max() : whole_limit, rows, flags);
  with_out(block, out, [&](auto* values) { keep_usable(x, flags, rows, values); });
}

/// The same for whole numbers that may be more than int32 holds.
void store(Block& block, Register out, const std::int64_t* x) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(out);
  mark_unheld(x, static_cast<std::int64_t>(whole_limit), rows, flags);
  with_out(block, out, [&](auto* values) { keep_usable(x, flags, rows, values); });
}

void run(Block& block, const Constant& op) {
  const int rows = block.padded();
  Reals constant;
  std::fill_n(constant.begin(), rows, op.value);
  std::fill_n(block.flags(op.out), block.padded(), std::uint8_t{0});
  store(block, op.out, constant.data());
}

/// The numbers of a type for which a comparison with a constant holds: [low, high], or none.
template <class Value>
struct Holding {
  Value low = 1, high = 0;

  Holding(Condition::Kind kind, double constant) {
    constexpr double least = std::numeric_limits<Value>::lowest(), most = std::numeric_limits<Value>::max();
    double from = least, to = most;
    if constexpr (std::is_integral_v<Value>) {
      if (kind == Condition::Kind::at_least) from = std::ceil(constant);
      if (kind == Condition::Kind::above) from = std::floor(constant) + 1;
      if (kind == Condition::Kind::at_most) to = std::floor(constant);
      if (kind == Condition::Kind::below) to = std::ceil(constant) - 1;
    } else {
      if (kind == Condition::Kind::at_least) from = constant;
      if (kind == Condition::Kind::above) from = std::nextafter(constant, unbounded);
      if (kind == Condition::Kind::at_most) to = constant;
      if (kind == Condition::Kind::below) to = std::nextafter(constant, -unbounded);
    }
    if (kind == Condition::Kind::equals || kind == Condition::Kind::in) {
      if (std::is_integral_v<Value> && constant != std::trunc(constant)) return;
      from = to = constant;
    }
    from = std::max(from, least);
    to = std::min(to, most);
    if (from > to) return;
    low = static_cast<Value>(from);
    high = static_cast<Value>(to);
  }
};

void compare_registers(const Block& block, const Compare& op, std::int8_t* out) {
  const int rows = block.padded();
  Reals of_copy, with_copy;
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.with, with_copy);
  const auto compare = [&](auto holds) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] = holds(x[row], y[row]) ? 1 : 0;
  };
  switch (op.kind) {
    case Condition::Kind::at_least:
      return compare([](double a, double b) { return a >= b; });
    case Condition::Kind::above:
      return compare([](double a, double b) { return a > b; });
    case Condition::Kind::at_most:
      return compare([](double a, double b) { return a <= b; });
    case Condition::Kind::below:
      return compare([](double a, double b) { return a < b; });
    default:
      return compare([](double a, double b) { return a == b; });
  }
}

void run(Block& block, const Compare& op) {
  const int rows = block.padded();
  auto* out = block.values<std::int8_t>(op.out);
  join(block, {op.of, op.with}, block.flags(op.out));
  if (op.with != no_register) {
    compare_registers(block, op, out);
  } else {
    std::fill_n(out, rows, std::int8_t{0});
    with_values(block, op.of, [&](const auto* x) {
      for (const double constant : op.constants) {
        const Holding<std::decay_t<decltype(*x)>> holding(op.kind, constant);
        const auto low = holding.low, high = holding.high;
        APPRAISE_ROWS
        for (int row = 0; row < rows; ++row) {
          const auto value = x[row];
          const std::int8_t before = out[row];
          out[row] = (value >= low) & (value <= high) ? std::int8_t{1} : before;
        }
      }
    });
  }
  clear_unusable(block, block.flags(op.out), out);
}

void run(Block& block, const IsMissing& op) {
  const int rows = block.padded();
  const std::uint8_t* from = block.flags(op.of);
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::int8_t>(op.out);
  const bool missing = op.missing;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t own = from[row];
    const bool invalid = (own & flag_invalid) != 0;
    out[row] = !invalid & (unusable(own) == missing) ? 1 : 0;
    flags[row] = own & flag_invalid;
  }
}

void run(Block& block, const Join& op) {
  const int rows = block.padded();
  Bytes all_flags, any_true, any_false;
  for (Bytes* bytes : {&all_flags, &any_true, &any_false}) std::fill_n(bytes->begin(), rows, std::uint8_t{0});
  for (const Register part : op.of) {
    const std::uint8_t* flags = block.flags(part);
    const auto* truth = block.values<std::uint8_t>(part);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const std::uint8_t own = flags[row], is_true = truth[row];  // 0 where unknown
      const std::uint8_t is_false = unusable(own) ? std::uint8_t{0} : static_cast<std::uint8_t>(is_true ^ 1);
      all_flags[i] = static_cast<std::uint8_t>(all_flags[i] | own);
      any_true[i] = static_cast<std::uint8_t>(any_true[i] | is_true);
      any_false[i] = static_cast<std::uint8_t>(any_false[i] | is_false);
    }
  }
  std::uint8_t* flags = block.flags(op.out);
  auto* out = block.values<std::uint8_t>(op.out);
  if (op.kind == Condition::Kind::negation) {
    std::copy_n(all_flags.data(), rows, flags);
    std::copy_n(any_false.data(), rows, out);
    return;
  }
  const bool all = op.kind == Condition::Kind::all;
  const std::uint8_t* decisive = all ? any_false.data() : any_true.data();
  const std::uint8_t decided_truth = all ? 0 : 1;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t joined = all_flags[static_cast<std::size_t>(row)];
    const bool decided = decisive[row] != 0;
    const std::uint8_t left = unusable(joined) ? std::uint8_t{0} : static_cast<std::uint8_t>(decided_truth ^ 1);
    flags[row] = decided ? static_cast<std::uint8_t>(joined & flag_omitted) : joined;
    out[row] = decided ? decided_truth : left;
  }
}

/// Which operands of a row are left out under a missing rule, and the flags that result.
template <class Operation>
void omit(const Block& block, const Operation& op, std::uint16_t* left_out, std::uint8_t* flags) {
  const int rows = block.padded();
  std::fill_n(left_out, rows, std::uint16_t{0});
  std::fill_n(flags, rows, std::uint8_t{0});
  bool may_omit = false;
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    const std::uint8_t* from = block.flags(op.of[i]);
    if (op.may_omit[i] == 0) {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) flags[row] = static_cast<std::uint8_t>(flags[row] | from[row]);
      continue;
    }
    may_omit = true;
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t own = from[row], before = flags[row];
      const std::uint16_t count = left_out[row];
      const bool left = (own & unusable_flags) == flag_missing;
      left_out[row] = static_cast<std::uint16_t>(count + (left ? 1 : 0));
      flags[row] = static_cast<std::uint8_t>(before | (left ? 0 : own));
    }
  }
  if (!may_omit) return;
  const auto operands = static_cast<std::uint16_t>(op.of.size());
  const auto at_most =
      static_cast<std::uint16_t>(std::min<std::size_t>(static_cast<std::size_t>(op.at_most), operands));
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint16_t count = left_out[row];
    const std::uint8_t before = flags[row];
    const bool too_many = (count > at_most) | (count == operands);
    const std::uint8_t mark = too_many ? flag_missing : flag_omitted;
    flags[row] = static_cast<std::uint8_t>(before | (count == 0 ? 0 : mark));
  }
}

void sum_reals(Block& block, const SumValues& op) {
  const int rows = block.padded();
  std::array<std::uint16_t, largest_block> left_out;
  omit(block, op, left_out.data(), block.flags(op.out));
  Reals sums;
  std::fill_n(sums.begin(), rows, 0.0);
  for (const Register one : op.of) {
    const std::uint8_t* own = block.flags(one);
    with_values(block, one, [&](const auto* x) {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        const double before = sums[i], after = before + static_cast<double>(x[row]);
        const std::uint8_t flags = own[row];
        sums[i] = unusable(flags) ? before : after;
      }
    });
  }
  store(block, op.out, sums.data());
}

void sum_wholes(Block& block, const SumValues& op) {
  const int rows = block.padded();
  std::array<std::uint16_t, largest_block> left_out;
  omit(block, op, left_out.data(), block.flags(op.out));
  std::array<std::int64_t, largest_block> sums;
  std::fill_n(sums.begin(), rows, std::int64_t{0});
  for (const Register one : op.of) {
    with_values(block, one, [&](const auto* x) {
      for (int row = 0; row < rows; ++row) {
        sums[static_cast<std::size_t>(row)] += static_cast<std::int64_t>(x[row]);
      }
    });
  }
  if (op.prorate) {
    const std::uint8_t* flags = block.flags(op.out);
    const auto all = static_cast<std::int64_t>(op.of.size());
    for (int row = 0; row < block.rows(); ++row) {
      const auto i = static_cast<std::size_t>(row);
      if (left_out[i] == 0 || unusable(flags[row])) continue;
      sums[i] = round_quotient(sums[i] * all, all - left_out[i], *op.prorate);
    }
  }
  store(block, op.out, sums.data());
}

void run(Block& block, const SumValues& op) {
  if (block.type(op.out) == RegisterType::real) return sum_reals(block, op);
  sum_wholes(block, op);
}

void run(Block& block, const ExtremeValue& op) {
  const int rows = block.padded();
  std::array<std::uint16_t, largest_block> left_out;
  std::uint8_t* flags = block.flags(op.out);
  omit(block, op, left_out.data(), flags);
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    Bytes any;
    std::fill_n(any.begin(), rows, std::uint8_t{0});
    std::fill_n(out, rows, Value{0});
    for (const Register one : op.of) {
      const std::uint8_t* own = block.flags(one);
      with_values(block, one, [&](const auto* x) {
        const bool highest = op.highest;
        APPRAISE_ROWS
        for (int row = 0; row < rows; ++row) {
          const auto i = static_cast<std::size_t>(row);
          const auto value = static_cast<Value>(x[row]);
          const Value before = out[row];
          const std::uint8_t usable = unusable(own[row]) ? 0 : 1, had = any[i];
          const bool beyond = highest ? value > before : value < before;
          out[row] = (usable != 0) & ((had == 0) | beyond) ? value : before;
          any[i] = static_cast<std::uint8_t>(had | usable);
        }
      });
    }
    clear_unusable(block, flags, out);
  });
}

/// weight * product^power of the rows.
void weigh(const Block& block, const WeighTerm& op, double* result) {
  const int rows = block.padded();
  if (op.of.empty()) {
    std::fill_n(result, rows, op.weight);
    return;
  }
  Reals product, copy;
  const double* x = reals(block, op.of.front(), product);
  for (std::size_t i = 1; i < op.of.size(); ++i) {
    const double* y = reals(block, op.of[i], copy);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) product[static_cast<std::size_t>(row)] = x[row] * y[row];
    x = product.data();
  }
  const double weight = op.weight;
  const auto weigh_powers = [&](auto power) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) result[row] = weight * power(x[row]);
  };
  switch (op.power) {
    case 1:
      return weigh_powers([](double one) { return one; });
    case 2:
      return weigh_powers([](double one) { return one * one; });
    case 3:
      return weigh_powers([](double one) { return one * one * one; });
    default:
      return weigh_powers([](double one) { return one * one * one * one; });
  }
}

void run(Block& block, const WeighTerm& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  weigh(block, op, result.data());
  if (op.when == no_register) {
    join(block, op.of, flags);
    return store(block, op.out, result.data());
  }
  const std::uint8_t* when_flags = block.flags(op.when);
  const auto* when = block.values<std::int8_t>(op.when);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double value = result[static_cast<std::size_t>(row)];
    result[static_cast<std::size_t>(row)] = when[row] != 0 ? value : 0;  // an unknown condition is 0
  }
  if (op.of.empty()) {
    std::copy_n(when_flags, rows, flags);
  } else {
    join(block, op.of, flags);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t own = flags[row], of_when = when_flags[row];
      flags[row] = static_cast<std::uint8_t>(of_when | flag_if(when[row] != 0, own));
    }
  }
  store(block, op.out, result.data());
}

/// Adds a term that no register holds.
void add_term(const Block& block, const WeighTerm& term, double* sum, std::uint8_t* flags) {
  constexpr double most = std::numeric_limits<double>::max();
  const int rows = block.padded();
  const bool always = term.when == no_register;
  const std::uint8_t* when_flags = always ? nullptr : block.flags(term.when);
  const auto* when = always ? nullptr : block.values<std::int8_t>(term.when);
  if (term.of.empty() && !always) {
    const double weight = term.weight;
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t before = flags[row], of_when = when_flags[row];
      const double added = when[row] != 0 ? weight : 0, so_far = sum[row];
      sum[row] = so_far + added;
      flags[row] = static_cast<std::uint8_t>(before | of_when);
    }
    return;
  }
  Reals values;
  Bytes own, held, added;
  weigh(block, term, values.data());
  join(block, term.of, own.data());
  const double* x = values.data();
  std::uint8_t* is_held = held.data();
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double value = x[row];
    is_held[row] = (value >= -most) & (value <= most) ? 1 : 0;
  }
  const std::uint8_t* read = own.data();
  std::uint8_t* is_added = added.data();
  if (always) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t before = flags[row], one = read[row], fits = is_held[row];
      const auto all = static_cast<std::uint8_t>(one | flag_if(!unusable(one) & (fits == 0), flag_invalid));
      is_added[row] = unusable(all) ? 0 : 1;
      flags[row] = static_cast<std::uint8_t>(before | all);
    }
  } else {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t before = flags[row], one = read[row], fits = is_held[row], of_when = when_flags[row];
      const bool counts = when[row] != 0;
      const auto joined = static_cast<std::uint8_t>(of_when | flag_if(counts, one));
      const auto all =
          static_cast<std::uint8_t>(joined | flag_if(counts & !unusable(joined) & (fits == 0), flag_invalid));
      is_added[row] = counts & !unusable(all) ? 1 : 0;
      flags[row] = static_cast<std::uint8_t>(before | all);
    }
  }
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double value = x[row], so_far = sum[row];
    const std::uint8_t counts = is_added[row];
    sum[row] = so_far + (counts != 0 ? value : 0);
  }
}

/// `terms`: operations that weigh the terms which no register holds, or -1; empty: every term has a register.
void add_terms(Block& block, const AddTerms& op, const std::vector<std::int32_t>& terms) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  Reals sum;
  std::fill_n(sum.begin(), rows, op.intercept);
  std::fill_n(flags, rows, std::uint8_t{0});
  for (std::size_t i = 0; i < op.of.size(); ++i) {
    if (!terms.empty() && terms[i] >= 0) {
      add_term(block, std::get<WeighTerm>(block.plan().operations[static_cast<std::size_t>(terms[i])]), sum.data(),
               flags);
      continue;
    }
    const auto* x = block.values<double>(op.of[i]);
    const std::uint8_t* own = block.flags(op.of[i]);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::uint8_t before = flags[row], one = own[row];
      sum[static_cast<std::size_t>(row)] += x[row];
      flags[row] = static_cast<std::uint8_t>(before | one);
    }
  }
  store(block, op.out, sum.data());
}

void run(Block& block, const Subtract& op) {
  const int rows = block.padded();
  join(block, {op.of, op.minus}, block.flags(op.out));
  Reals of_copy, minus_copy;
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.minus, minus_copy);
  for (int row = 0; row < rows; ++row) of_copy[static_cast<std::size_t>(row)] = x[row] - y[row];
  store(block, op.out, of_copy.data());
}

void run(Block& block, const CountTrue& op) {
  const int rows = block.padded();
  join(block, op.of, block.flags(op.out));
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    std::fill_n(out, rows, Value{0});
    for (const Register one : op.of) {
      const auto* truth = block.values<std::int8_t>(one);
      for (int row = 0; row < rows; ++row) out[row] = static_cast<Value>(out[row] + truth[row]);
    }
    clear_unusable(block, block.flags(op.out), out);
  });
}

void run(Block& block, const Multiply& op) {
  const int rows = block.padded();
  join(block, op.of, block.flags(op.out));
  Reals product, copy;
  const double* first = reals(block, op.of.front(), copy);
  std::copy_n(first, rows, product.data());
  for (std::size_t i = 1; i < op.of.size(); ++i) {
    const double* x = reals(block, op.of[i], copy);
    for (int row = 0; row < rows; ++row) product[static_cast<std::size_t>(row)] *= x[row];
  }
  store(block, op.out, product.data());
}

void run(Block& block, const Divide& op) {
  const int rows = block.padded();
  Reals of_copy, over_copy;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of, op.over}, flags);
  const double* x = reals(block, op.of, of_copy);
  const double* y = reals(block, op.over, over_copy);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double divisor = y[row];
    const std::uint8_t own = flags[row];
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & (divisor == 0), flag_invalid));
    of_copy[static_cast<std::size_t>(row)] = x[row] / (divisor == 0 ? 1 : divisor);
  }
  store(block, op.out, of_copy.data());
}

void run(Block& block, const Logarithm& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  const double* x = reals(block, op.of, result);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double value = x[row];
    const std::uint8_t own = flags[row];
    const std::uint8_t all = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & !(value > 0), flag_invalid));
    flags[row] = all;
    result[static_cast<std::size_t>(row)] = unusable(all) ? 1 : value;
  }
  logarithm(result.data(), result.data(), block.rows());
  store(block, op.out, result.data());
}

void run(Block& block, const LogisticFunction& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  const double* x = reals(block, op.of, result);
  for (int row = 0; row < rows; ++row) result[static_cast<std::size_t>(row)] = -x[row];
  exponential(result.data(), result.data(), block.rows());
  for (int row = 0; row < rows; ++row) {
    const auto i = static_cast<std::size_t>(row);
    result[i] = 1 / (1 + result[i]);
  }
  store(block, op.out, result.data());
}

/// The value of the first interval that holds x; nothing holds it: invalid.
template <class Intervals, class IntervalOf, class ValueOf>
void look_up_bands(Block& block, Register of, const Intervals& bands, Register out, IntervalOf interval_of,
                   ValueOf value_of) {
  const int rows = block.padded();
  Reals value, copy;
  Bytes found;
  std::fill_n(found.begin(), rows, std::uint8_t{0});
  std::fill_n(value.begin(), rows, 0.0);
  const double* x = reals(block, of, copy);
  for (std::size_t band = bands.size(); band-- > 0;) {
    const Interval& interval = interval_of(bands[band]);
    const double from = interval.from.value_or(-unbounded), to = interval.to.value_or(unbounded);
    const bool closed = interval.closed || !interval.to;
    const double given = value_of(band);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const double one = x[row], before = value[i];
      const std::uint8_t was_found = found[i];
      const bool holds = (one >= from) & ((one < to) | (closed & (one == to)));
      value[i] = holds ? given : before;
      found[i] = holds ? std::uint8_t{1} : was_found;
    }
  }
  std::uint8_t* flags = block.flags(out);
  join(block, {of}, flags);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t own = flags[row];
    const bool lost = !unusable(own) & (found[static_cast<std::size_t>(row)] == 0);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(lost, flag_invalid));
  }
  store(block, out, value.data());
}

void run(Block& block, const LookUpBand& op) {
  look_up_bands(
      block, op.of, op.bands, op.out, [](const Band& band) -> const Interval& { return band.interval; },
      [&](std::size_t band) { return op.bands[band].value; });
}

void run(Block& block, const FindLevel& op) {
  look_up_bands(
      block, op.of, op.scheme->bands, op.out, [](const LevelBand& band) -> const Interval& { return band.interval; },
      [](std::size_t band) { return static_cast<double>(band); });
}

void run(Block& block, const LookUpTable& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.row, op.column}, flags);
  const auto look = [&](auto row_at, auto column_at) {
    for (int row = 0; row < rows; ++row) {
      result[static_cast<std::size_t>(row)] =
          op.cells[static_cast<std::size_t>(row_at(row) * op.columns + column_at(row))];
    }
  };
  with_values(block, op.row, [&](const auto* position) {
    const auto row_at = [position](int row) { return static_cast<std::int32_t>(position[row]); };
    if (op.column == no_register) return look(row_at, [](int) { return 0; });
    with_values(block, op.column, [&](const auto* columns) {
      look(row_at, [columns](int row) { return static_cast<std::int32_t>(columns[row]); });
    });
  });
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double cell = result[static_cast<std::size_t>(row)];
    const std::uint8_t own = flags[row];
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & (cell != cell), flag_missing));
  }
  store(block, op.out, result.data());
}

/// Takes the values of a register in the rows selected, and joins its flags there.
template <class Value>
void take(const Block& block, Register from, const Bytes& selected, Value* out, std::uint8_t* flags) {
  const int rows = block.padded();
  const std::uint8_t* own = block.flags(from);
  with_values(block, from, [&](const auto* x) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto value = static_cast<Value>(x[row]);
      const Value before = out[row];
      const bool taken = selected[static_cast<std::size_t>(row)] != 0;
      out[row] = taken ? value : before;
    }
  });
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t one = own[row], before = flags[row];
    flags[row] = static_cast<std::uint8_t>(before | flag_if(selected[static_cast<std::size_t>(row)] != 0, one));
  }
}

void run(Block& block, const Decide& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  std::fill_n(flags, rows, std::uint8_t{0});
  Bytes open, selected;  // rows that no condition has decided yet, and those that one decides
  std::fill_n(open.begin(), rows, std::uint8_t{1});
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    std::fill_n(out, rows, Value{0});
    for (std::size_t k = 0; k < op.when.size(); ++k) {
      const std::uint8_t* when_flags = block.flags(op.when[k]);
      const auto* when = block.values<std::uint8_t>(op.when[k]);
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        const std::uint8_t one = when_flags[row], is_true = when[row], is_open = open[i], before = flags[row];
        const auto decided = static_cast<std::uint8_t>(is_true | (unusable(one) ? 1 : 0));
        flags[row] = static_cast<std::uint8_t>(before | flag_if(is_open != 0, one));
        selected[i] = static_cast<std::uint8_t>(is_open & is_true);
        open[i] = static_cast<std::uint8_t>(is_open & (decided ^ 1));
      }
      take(block, op.take[k], selected, out, flags);
    }
    if (op.otherwise != no_register) {
      take(block, op.otherwise, open, out, flags);
    } else {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const std::uint8_t before = flags[row];
        flags[row] =
            static_cast<std::uint8_t>(before | flag_if(open[static_cast<std::size_t>(row)] != 0, flag_invalid));
      }
    }
    clear_unusable(block, flags, out);
  });
}

void run(Block& block, const TakeFirst& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  std::fill_n(flags, rows, std::uint8_t{0});
  Bytes open, selected, passed;
  std::fill_n(passed.begin(), rows, std::uint8_t{0});
  std::fill_n(open.begin(), rows, std::uint8_t{1});
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    std::fill_n(out, rows, Value{0});
    for (std::size_t k = 0; k < op.of.size(); ++k) {
      const std::uint8_t* from = block.flags(op.of[k]);
      const std::uint8_t fallback = k > 0 && op.flag ? flag_omitted : std::uint8_t{0};
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        const std::uint8_t own = from[row], is_open = open[i], skipped = passed[i], before = flags[row];
        const bool usable = !unusable(own), invalid = (own & flag_invalid) != 0;
        const std::uint8_t taken = usable | invalid ? is_open : std::uint8_t{0};
        selected[i] = taken;
        open[i] = static_cast<std::uint8_t>(is_open ^ taken);
        passed[i] = static_cast<std::uint8_t>(skipped | flag_if(taken == 0, own & unusable_flags));
        flags[row] = static_cast<std::uint8_t>(before | flag_if((taken != 0) & usable, fallback));
      }
      take(block, op.of[k], selected, out, flags);
    }
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const std::uint8_t before = flags[row], skipped = passed[i];
      flags[row] = static_cast<std::uint8_t>(before | flag_if(open[i] != 0, skipped));
    }
    clear_unusable(block, flags, out);
  });
}

void run(Block& block, const ClampValue& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  Reals result;
  const double* x = reals(block, op.of, result);
  const double from = op.from.value_or(-unbounded), to = op.to.value_or(unbounded);
  for (int row = 0; row < rows; ++row) {
    const double value = x[row], raised = value < from ? from : value;
    result[static_cast<std::size_t>(row)] = raised > to ? to : raised;
  }
  store(block, op.out, result.data());
}

void run(Block& block, const RoundValue& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.of}, flags);
  Reals result;
  const double* x = reals(block, op.of, result);
  for (int row = 0; row < rows; ++row) {
    result[static_cast<std::size_t>(row)] = unusable(flags[row]) ? 0 : round_decimal(x[row], op.digits, op.mode);
  }
  store(block, op.out, result.data());
}

/// Months since the year 0 and day of the month. Days are those of the years 1 to 9999.
void civil_dates(const std::int32_t* days, int n, std::int32_t* months, std::int32_t* day_of_month) {
  for (int i = 0; i < n; ++i) {
    // Counted from 0000-03-01, in eras of 400 years (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    const auto since = static_cast<std::uint32_t>(days[i] + 719468);
    const std::uint32_t era = since / 146097, day = since - era * 146097;
    const std::uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const std::uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
    const std::uint32_t month = (5 * day_of_year + 2) / 153;  // 0: March
    day_of_month[i] = static_cast<std::int32_t>(day_of_year - (153 * month + 2) / 5 + 1);
    months[i] = static_cast<std::int32_t>(12 * (year + era * 400) + month + 2);
  }
}

void months_between(const std::int32_t* from, const std::int32_t* to, int n, std::int32_t* out) {
  std::array<std::int32_t, largest_block> from_months, from_day, to_months, to_day;
  civil_dates(from, n, from_months.data(), from_day.data());
  civil_dates(to, n, to_months.data(), to_day.data());
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int32_t months = to_months[at] - from_months[at], days = to_day[at] - from_day[at];
    out[i] = months - ((months > 0) & (days < 0)) + ((months < 0) & (days > 0));
  }
}

void run(Block& block, const MeasureTime& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.from, op.to}, flags);
  const auto* from = block.values<std::int32_t>(op.from);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  if (op.in == TimeUnit::days) {
    for (int row = 0; row < rows; ++row) out[row] = to[row] - from[row];
  } else if (op.no_such_day == NoSuchDay::last_day) {
    for (int row = 0; row < rows; ++row) out[row] = time_between(from[row], to[row], op.in, op.no_such_day);
  } else {
    months_between(from, to, rows, out);
    if (op.in == TimeUnit::years) {
      for (int row = 0; row < rows; ++row) out[row] /= 12;
    }
  }
  clear_unusable(block, flags, out);
}

/// Days of the date `day` of a month, counted as civil_dates counts them; a day that the month does not have is the
/// last, or the day after it.
void move_dates(std::int32_t* months, const std::int32_t* day_of_month, bool next_day, int n, std::int32_t* days) {
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const auto month = static_cast<std::uint32_t>(months[i]);  // of the years 1 to 9999
    const auto day = static_cast<std::uint32_t>(day_of_month[i]);
    const std::uint32_t year = month / 12, of_year = month - 12 * year;  // 0: January
    const bool leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0));
    const std::uint32_t february = leap ? 29 : 28;
    const std::uint32_t other = 30 + (((of_year + 1) ^ ((of_year + 1) >> 3)) & 1);
    const std::uint32_t last = of_year == 1 ? february : other;
    const std::uint32_t kept = day < last ? day : last, after = next_day & (day > last) ? 1 : 0;
    // From March, in eras of 400 years, as in civil_dates.
    const std::uint32_t before_march = of_year < 2 ? 1 : 0, from_march = of_year + 12 * before_march - 2;
    const std::uint32_t years = year - before_march, era = years / 400, of_era = years - 400 * era;
    const std::uint32_t day_of_year = (153 * from_march + 2) / 5 + kept - 1;
    const std::uint32_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    days[i] = static_cast<std::int32_t>(era * 146097 + day_of_era + after) - 719468;
  }
}

void run(Block& block, const MoveTime& op) {
  constexpr double farthest = 4e6;  // units, which lead out of the years 1 to 9999 from any date in them
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.to, op.amount}, flags);
  const auto* to = block.values<std::int32_t>(op.to);
  auto* out = block.values<std::int32_t>(op.out);
  Reals copy;
  const double* amounts = reals(block, op.amount, copy);
  std::array<std::int32_t, largest_block> months, day;
  civil_dates(to, rows, months.data(), day.data());
  const std::int32_t months_in_unit = op.in == TimeUnit::years ? 12 : 1;
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double amount = amounts[row], near = amount < farthest ? amount : farthest;
    out[row] = static_cast<std::int32_t>(near > -farthest ? near : -farthest);
  }
  if (op.in == TimeUnit::days) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) out[row] += to[row];
  } else {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const std::int32_t moved = months[static_cast<std::size_t>(row)] + out[row] * months_in_unit;
      const std::uint8_t own = flags[row];
      const bool outside = (moved < 12) | (moved >= 12 * 10000);
      months[static_cast<std::size_t>(row)] = outside ? 12 : moved;
      flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & outside, flag_invalid));
    }
    move_dates(months.data(), day.data(), op.no_such_day == NoSuchDay::next_day, rows, out);
  }
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::int32_t moved = out[row];
    const std::uint8_t own = flags[row];
    const bool outside = (moved < first_day) | (moved > last_day_of_years);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & outside, flag_invalid));
  }
  clear_unusable(block, flags, out);
}

void run(Block& block, const ReadAttribute& op) {
  const int rows = block.padded();
  join(block, {op.of}, block.flags(op.out));
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    with_values(block, op.of, [&](const auto* code) {
      for (int row = 0; row < rows; ++row) {
        out[row] = static_cast<Value>(op.labels[static_cast<std::size_t>(code[row])]);
      }
    });
    clear_unusable(block, block.flags(op.out), out);
  });
}

/// Copies values; flags are there already.
void copy(Block& block, Register of, Register out) {
  const int rows = block.padded();
  with_out(block, out, [&](auto* values) {
    with_values(block, of, [&](const auto* x) { keep_usable(x, block.flags(out), rows, values); });
  });
}

void run(Block& block, const ApplyWhen& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  const std::uint8_t* own = block.flags(op.of);
  const std::uint8_t* when_flags = block.flags(op.when);
  const auto* when = block.values<std::int8_t>(op.when);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t one = own[row], of_when = when_flags[row];
    const std::uint8_t decided = when[row] != 0 ? one : flag_inapplicable;
    flags[row] = static_cast<std::uint8_t>(of_when | flag_if(!unusable(of_when), decided));
  }
  copy(block, op.of, op.out);
}

void run(Block& block, const PassGate& op) {
  join(block, {op.of, op.gate}, block.flags(op.out));
  copy(block, op.of, op.out);
}

/// The values that the answers stand for.
void take_answers(Block& block, Register given, Register out, const std::uint8_t* answer, double otherwise,
                  double substitute) {
  if (!block.layout().live(out)) return;
  const int rows = block.padded();
  with_out(block, out, [&](auto* values) {
    using Value = std::decay_t<decltype(*values)>;
    const auto other = static_cast<Value>(otherwise), prescribed = static_cast<Value>(substitute);
    with_values(block, given, [&](const auto* x) {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto value = static_cast<Value>(x[row]);
        const std::uint8_t which = answer[row];
        const Value not_given = which == answer_otherwise ? other : which == answer_substitute ? prescribed : Value{0};
        values[row] = which == answer_given ? value : not_given;
      }
    });
  });
}

void run(Block& block, const ApplyItem& op) {
  const int rows = block.padded();
  const PlannedItem& item = block.plan().items[static_cast<std::size_t>(op.item)];
  const double otherwise = item.item->points_if_not_applicable;
  Bytes differs, response_flags, points_flags, fault, answer;
  with_values(block, op.given_points, [&](const auto* points) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      differs[static_cast<std::size_t>(row)] = static_cast<double>(points[row]) != otherwise ? 1 : 0;
    }
  });
  judge_answers(block, op, differs.data(), item.substitute.has_value(),
                {response_flags.data(), points_flags.data(), fault.data(), answer.data()});
  const auto put_flags = [&](Register out, const Bytes& flags) {
    if (block.layout().live(out)) std::copy_n(flags.begin(), rows, block.flags(out));
  };
  take_answers(block, op.given_points, op.points, answer.data(), otherwise, item.substitute_points);
  take_answers(block, op.given_response, op.response, answer.data(), 0, item.substitute.value_or(0));
  put_flags(op.points, points_flags);
  put_flags(op.response, response_flags);
  put_flags(op.fault, fault);
}

}  // namespace

void RunStep(Block& block, const PlannedOperation& operation, const Step& step) {
  std::visit(
      [&](const auto& op) {
        using Operation = std::decay_t<decltype(op)>;
        constexpr bool elsewhere = std::is_same_v<Operation, LoadItem> || std::is_same_v<Operation, Gate>;
        if constexpr (std::is_same_v<Operation, AddTerms>) {
          add_terms(block, op, step.parts);
        } else if constexpr (!elsewhere) {
          run(block, op);
        }
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunStep);

void run_values(Block& block, const std::vector<Step>& steps, const std::vector<Decoder>& decoders,
                std::int64_t first) {
  const auto run_step = HWY_DYNAMIC_DISPATCH(RunStep);
  const auto is_byte = [&](Register of) { return block.type(of) == RegisterType::byte; };
  for (const Step& step : steps) {
    const PlannedOperation& operation = block.plan().operations[static_cast<std::size_t>(step.operation)];
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      load_item(block, *load, step, decoders[static_cast<std::size_t>(load->item)], first);
    } else if (const auto& table = block.plan().tables[static_cast<std::size_t>(step.operation)]) {
      map_bytes(block, *table);
    } else if (step.flags_only) {
      join_unknown(block, std::get<Compare>(operation));
    } else if (const auto* gate = std::get_if<Gate>(&operation)) {
      judge_gate(block, *gate, step);
    } else if (const auto* gated = std::get_if<PassGate>(&operation); gated != nullptr && is_byte(gated->of)) {
      pass_gate(block, *gated);
    } else if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && adds_bytes(block.plan(), *sum)) {
      sum_bytes(block, *sum, step, decoders, first);
    } else if (const auto* extreme = std::get_if<ExtremeValue>(&operation);
               extreme != nullptr && compares_bytes(block.plan(), *extreme)) {
      extreme_of_bytes(block, *extreme);
    } else {
      run_step(block, operation, step);
    }
  }
}

}  // namespace appraise::detail
#endif
