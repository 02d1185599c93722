// Ranges of weighted sums: those of their terms, added in the written order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_terms.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Vectors of rows that terms are added to at a time: as many as the registers of a processor hold.
constexpr int together = HWY_TARGET == HWY_AVX3 ? 4 : 2;
using Together = RealRange[together];

/// Ranges of the numbers that a group of terms weighs powers of.
HWY_INLINE void multiply_factors(BoundedRows& rows, const Terms::Group& group, const Register* factors, int row,
                                 Together& x) {
  const RealTag d;
  if (group.factors == 0) {
    for (RealRange& one : x) one = {hn::Set(d, 1.0), hn::Set(d, 1.0)};  // a weight times 1 is the weight
    return;
  }
  for (std::size_t k = 0; k < group.factors; ++k) {
    const Ranges<RealTag> factor(rows, factors[k]);
    for (int i = 0; i < together; ++i) {
      const int at = row + i * lanes_of(d);
      const RealRange own{factor.low.at(at), factor.high.at(at)};
      x[i] = k == 0 ? own : multiply(x[i], own);
    }
  }
}

/// The range of an even power, of whose numbers and their powers the ends are given.
HWY_INLINE RealRange even(RealRange x, RealRange power) {
  const Real zero = hn::Zero(RealTag());
  const RealMask straddles = hn::And(hn::Lt(x.low, zero), hn::Gt(x.high, zero));
  return {hn::IfThenZeroElse(straddles, hn::Min(power.low, power.high)), hn::Max(power.low, power.high)};
}

/// What a term that does not always count may add.
HWY_INLINE RealRange counted(RealRange x, const Truths& when, int row) {
  const RealTag d;
  const Real zero = hn::Zero(d);
  const RealMask always = when.always(d, row), sometimes = when.sometimes(d, row);
  return {hn::IfThenElseZero(sometimes, hn::IfThenElse(always, x.low, hn::Min(x.low, zero))),
          hn::IfThenElseZero(sometimes, hn::IfThenElse(always, x.high, hn::Max(x.high, zero)))};
}

/// Adds weighed ranges to sums.
HWY_INLINE void add_term(BoundedRows& rows, const Terms::Term& term, int row, const Together& x, Together& sums) {
  const RealTag d;
  const Real weight = hn::Set(d, term.weight);
  const auto add = [&](auto falls, auto when) HWY_ATTR {
    for (int i = 0; i < together; ++i) {
      const Real a = hn::Mul(weight, x[i].low), b = hn::Mul(weight, x[i].high);
      RealRange added{falls() ? b : a, falls() ? a : b};
      if constexpr (!std::is_same_v<decltype(when), std::nullptr_t>)
        added = counted(added, when, row + i * lanes_of(d));
      sums[i] = {hn::Add(sums[i].low, added.low), hn::Add(sums[i].high, added.high)};
    }
  };
  const auto add_any = [&](auto when) HWY_ATTR {
    if (term.weight < 0) return add(std::true_type(), when);
    add(std::false_type(), when);
  };
  if (term.weight == 0) return;  // adds nothing, even times infinity
  if (term.when == no_register) return add_any(nullptr);
  add_any(Truths(rows, term.when));
}

HWY_INLINE void add_group(BoundedRows& rows, const Terms::Group& group, const Terms::Term* terms, int row,
                          const Together& x, Together& sums) {
  Together power, ends;
  std::copy_n(x, together, power);
  int raised = 1;
  for (const Terms::Term *term = terms, *end = terms + group.terms; term != end; ++term) {
    if (term->power < raised) {
      std::copy_n(x, together, power);
      raised = 1;
    }
    for (; raised < term->power; ++raised) {
      for (int i = 0; i < together; ++i) {
        power[i] = {hn::Mul(power[i].low, x[i].low), hn::Mul(power[i].high, x[i].high)};
      }
    }
    if (term->power % 2 != 0) {
      add_term(rows, *term, row, power, sums);
    } else {
      for (int i = 0; i < together; ++i) ends[i] = even(x[i], power[i]);
      add_term(rows, *term, row, ends, sums);
    }
  }
}

void add_rows(BoundedRows& rows, const Terms& terms, double intercept, int row, const Ranges<RealTag>& out) {
  const RealTag d;
  Together sums, x;
  for (RealRange& sum : sums) sum = {hn::Set(d, intercept), hn::Set(d, intercept)};
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    multiply_factors(rows, group, factors, row, x);
    add_group(rows, group, term, row, x, sums);
    factors += group.factors;
    term += group.terms;
  }
  for (int i = 0; i < together; ++i) {
    out.put(row + i * lanes_of(d), opened(sums[i].low, -unbounded), opened(sums[i].high, unbounded));
  }
}

/// Of a sum, or of one term.
void add(BoundedRows& rows, const BoundingStep& step) {
  const auto* sum = std::get_if<AddTerms>(step.operation);
  const Register out = sum != nullptr ? sum->out : std::get_if<WeighTerm>(step.operation)->out;
  const Ranges<RealTag> to(rows, out);
  for (int row = 0; row < rows.count(); row += together * lanes_of(RealTag())) {
    add_rows(rows, *step.terms, sum != nullptr ? sum->intercept : 0, row, to);
  }
}

}  // namespace

BoundingKernel TermsBoundingKernel() { return add; }

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TermsBoundingKernel);

BoundingKernel terms_bounding_kernel() { return HWY_DYNAMIC_DISPATCH(TermsBoundingKernel)(); }

}  // namespace appraise::detail
#endif
