// Sums, extremes and counts.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_sums.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <limits>

#include "appraise/detail/decimal.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

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

/// Stores whole numbers that may be more than int32 holds.
void store(Block& block, Register out, const std::int64_t* x) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(out);
  mark_unheld(x, static_cast<std::int64_t>(whole_limit), rows, flags);
  with_out(block, out, [&](auto* values) { keep_usable(x, flags, rows, values); });
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
    is_held[row] = ((value >= -most) & (value <= most)) ? 1 : 0;
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
      is_added[row] = (counts & !unusable(all)) ? 1 : 0;
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

}  // namespace

void RunSum(Block& block, const PlannedOperation& operation, const Step& step) {
  std::visit(
      [&](const auto& op) {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (std::is_same_v<Operation, AddTerms>) {
          add_terms(block, op, step.parts);
        } else if constexpr (is_sum<Operation>) {
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

HWY_EXPORT(RunSum);

void run_sum(Block& block, const PlannedOperation& operation, const Step& step) {
  HWY_DYNAMIC_DISPATCH(RunSum)(block, operation, step);
}

}  // namespace appraise::detail
#endif
