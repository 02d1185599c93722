// Weighted sums, their terms in the written order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_terms.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Vectors of rows that terms are added to at a time: as many as the registers of a processor hold.
constexpr int many = HWY_TARGET == HWY_AVX3 ? 8 : 4;

/// Sums of some vectors of rows, and the condition that was looked at last.
template <int vectors>
struct Sums {
  Real sums[vectors];
  RealMask holds[vectors];
  Register when = no_register;
};

/// Adds a term whose powers are there, 0 where its condition is not true.
template <int vectors>
HWY_INLINE void add_term(const Rows& rows, const Terms::Term& term, int row, const Real (&power)[vectors],
                         Sums<vectors>& to) {
  const RealTag d;
  const int lanes = lanes_of(d);
  const Real weight = hn::Set(d, term.weight);
  Real x[vectors];
  for (int i = 0; i < vectors; ++i) x[i] = hn::Mul(weight, power[i]);
  if (term.when != no_register) {
    if (term.when != to.when) {
      const auto* truths = rows.block.values<std::uint8_t>(term.when) + row;
      for (int i = 0; i < vectors; ++i) to.holds[i] = any_bits(d, truths + i * lanes, 0xFF);
      to.when = term.when;
    }
    for (int i = 0; i < vectors; ++i) x[i] = hn::IfThenElseZero(to.holds[i], x[i]);
  }
  for (int i = 0; i < vectors; ++i) to.sums[i] = hn::Add(to.sums[i], x[i]);
  if (term.column == Terms::no_column) return;
  const ColumnRows<double> column(rows.results, term.column, rows.first, rows.block.rows());
  for (int i = 0; i < vectors; ++i) column.put(row + i * lanes, hn::Add(x[i], hn::Zero(d)));  // 0, never -0
}

/// Adds the terms of a group to the sums of some vectors of rows.
template <int vectors>
HWY_INLINE void add_group(const Rows& rows, const Terms::Group& group, const Register* factors,
                          const Terms::Term* terms, int row, Sums<vectors>& to) {
  const RealTag d;
  Real x[vectors], power[vectors];
  if (group.factors == 0) {
    for (int i = 0; i < vectors; ++i) x[i] = hn::Set(d, 1.0);  // a weight times 1 is the weight
  } else {
    Numbers(rows.block, factors[0]).read(row, x);
  }
  for (std::size_t k = 1; k < group.factors; ++k) {
    Real other[vectors];
    Numbers(rows.block, factors[k]).read(row, other);
    for (int i = 0; i < vectors; ++i) x[i] = hn::Mul(x[i], other[i]);
  }
  for (int i = 0; i < vectors; ++i) power[i] = x[i];
  int raised = 1;
  for (const Terms::Term *term = terms, *end = terms + group.terms; term != end; ++term) {
    if (term->power < raised) {
      for (int i = 0; i < vectors; ++i) power[i] = x[i];
      raised = 1;
    }
    for (; raised < term->power; ++raised) {
      for (int i = 0; i < vectors; ++i) power[i] = hn::Mul(power[i], x[i]);
    }
    add_term(rows, *term, row, power, to);
  }
}

/// Looks into the terms of a row whose sum cannot be held: one that is itself too large is invalid, and so is the sum
/// then, whatever the others are.
void judge_row(const Rows& rows, const Terms& terms, int row, std::uint8_t* sum_flags) {
  const Block& block = rows.block;
  const Register* factor = terms.factors.data();
  std::size_t number = 0;
  for (const Terms::Group& group : terms.groups) {
    double x = 1;
    bool given = true;
    for (const Register* end = factor + group.factors; factor != end; ++factor) {
      x *= block.number(*factor, row);
      given = given && block.usable(*factor, row);
    }
    for (const std::size_t end = number + group.terms; number != end; ++number) {
      const Terms::Term& term = terms.terms[number];
      double power = x;
      for (int i = 1; i < term.power; ++i) power *= x;
      const bool counts = term.when == no_register || block.is_true(term.when, row);
      if (!counts || std::fabs(term.weight * power) <= std::numeric_limits<double>::max()) continue;
      if (given) sum_flags[row] |= flag_invalid;
      if (given && !terms.outs.empty()) rows.block.flags(terms.outs[number])[row] |= flag_invalid;
      if (term.column == Terms::no_column) continue;
      const ColumnMemory& to = rows.results.columns[term.column];
      const std::int64_t at = rows.first + row;
      static_cast<double*>(to.values)[at] = 0;
      to.validity[at >> 3] &= static_cast<std::uint8_t>(~(1U << (at & 7)));
    }
  }
}

/// Stores sums. One that cannot be held is rare, and looked into row by row.
HWY_INLINE void put_sums(const Rows& rows, const Terms& terms, int row, Real sums, const Results& results) {
  const RealTag d;
  const RealMask held = hn::Le(hn::Abs(sums), hn::Set(d, std::numeric_limits<double>::max()));
  if (HWY_UNLIKELY(!hn::AllTrue(d, held))) {
    const int end = std::min(row + lanes_of(d), rows.block.rows());
    for (int i = row; i < end; ++i) judge_row(rows, terms, i, results.flags());
  }
  results.put_valid(row, sums, held);
}

template <int vectors>
HWY_INLINE void add_rows(const Rows& rows, const Terms& terms, double intercept, int row, const Results& results) {
  const RealTag d;
  Sums<vectors> to;
  for (int i = 0; i < vectors; ++i) to.sums[i] = hn::Set(d, intercept);
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    add_group(rows, group, factors, term, row, to);
    factors += group.factors;
    term += group.terms;
  }
  for (int i = 0; i < vectors; ++i) put_sums(rows, terms, row + i * lanes_of(d), to.sums[i], results);
}

/// Flags of terms: those of a condition, and of what is multiplied where it is true.
void join_terms(const Block& block, const Terms& terms, std::uint8_t* out) {
  const ByteTag d;
  each_bytes(block, [&](int row) HWY_ATTR {
    auto all = hn::Zero(d);
    for (const Register of : terms.always) all = hn::Or(all, hn::LoadU(d, block.flags(of) + row));
    for (const Terms::Conditional& one : terms.conditional) {
      const auto holds = hn::Ne(hn::LoadU(d, block.values<std::uint8_t>(one.when) + row), hn::Zero(d));
      all = hn::Or(all, hn::IfThenElseZero(holds, hn::LoadU(d, block.flags(one.of) + row)));
    }
    hn::StoreU(all, d, out + row);
  });
}

/// The same of one of them.
HWY_INLINE hn::Vec<ByteTag> flags_of(const Block& block, const Terms::Flagged& one, const Register* factors, int row) {
  const ByteTag d;
  auto joined = hn::Zero(d);
  for (std::size_t k = 0; k < one.factors; ++k) {
    joined = hn::Or(joined, hn::LoadU(d, block.flags(factors[k]) + row));
  }
  if (one.when == no_register) return joined;
  const auto holds = hn::Ne(hn::LoadU(d, block.values<std::uint8_t>(one.when) + row), hn::Zero(d));
  return hn::Or(hn::LoadU(d, block.flags(one.when) + row), hn::IfThenElseZero(holds, joined));
}

/// Flags of each term, and the validity of its column.
void show_terms(const Rows& rows, const Terms& terms) {
  const ByteTag d;
  Block& block = rows.block;
  const Register *factors = terms.flagged_factors.data(), *outs = terms.outs.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Flagged& one : terms.flagged) {
    each_bytes(block, [&](int row) HWY_ATTR {
      const auto flags = flags_of(block, one, factors, row);
      const auto usable = is_usable(flags);
      for (std::size_t k = 0; k < one.terms; ++k) {
        hn::StoreU(flags, d, block.flags(outs[k]) + row);
        if (term[k].column == Terms::no_column) continue;
        BitRows(rows.results.columns[term[k].column].validity, rows.first, block.rows()).put(row, usable);
      }
    });
    factors += one.factors;
    outs += one.terms;
    term += one.terms;
  }
}

void add(const Rows& rows, const Step& step) {
  const auto& op = std::get<AddTerms>(*step.operation);
  const Terms& terms = *step.terms;
  const Results results(rows.block, op.out);
  join_terms(rows.block, terms, results.flags());
  if (!terms.flagged.empty()) show_terms(rows, terms);
  const int count = rows.block.rows(), lanes = lanes_of(RealTag());
  const int whole = terms.has_columns ? many * lanes : (many - 1) * lanes + 1;  // columns have no rows too many
  int row = 0;
  for (; row + whole <= count; row += many * lanes) add_rows<many>(rows, terms, op.intercept, row, results);
  for (; row < count; row += lanes) add_rows<1>(rows, terms, op.intercept, row, results);
}

}  // namespace

Kernel TermsKernel() { return add; }

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TermsKernel);

Kernel terms_kernel() { return HWY_DYNAMIC_DISPATCH(TermsKernel)(); }

}  // namespace appraise::detail
#endif
