// Ranges of weighted sums: those of their terms, added in the written order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_terms.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Vectors of rows that terms are added to at a time.
constexpr int together = 4;

/// Ranges of the numbers that a group of terms weighs powers of.
void multiply_factors(BoundedRows& rows, const Terms::Group& group, const Register* factors, int row,
                      RealRange (&x)[together]) {
  const RealTag d;
  const int lanes = lanes_of(d);
  if (group.factors == 0) {
    for (RealRange& one : x) one = {hn::Set(d, 1.0), hn::Set(d, 1.0)};  // a weight times 1 is the weight
    return;
  }
  for (std::size_t k = 0; k < group.factors; ++k) {
    const Ranges<RealTag> factor(rows, factors[k]);
    for (int i = 0; i < together; ++i) {
      const RealRange own{factor.low.at(row + i * lanes), factor.high.at(row + i * lanes)};
      x[i] = k == 0 ? own : multiply(x[i], own);
    }
  }
}

HWY_INLINE RealRange raise(RealRange x, int power) {
  if (power == 1) return x;
  RealRange ends = x;
  for (int i = 1; i < power; ++i) ends = {hn::Mul(ends.low, x.low), hn::Mul(ends.high, x.high)};
  if (power % 2 != 0) return ends;
  const Real zero = hn::Zero(RealTag());
  const RealMask straddles = hn::And(hn::Lt(x.low, zero), hn::Gt(x.high, zero));
  return {hn::IfThenZeroElse(straddles, hn::Min(ends.low, ends.high)), hn::Max(ends.low, ends.high)};
}

HWY_INLINE RealRange weigh(RealRange x, double weight) {
  const Real by = hn::Set(RealTag(), weight), zero = hn::Zero(RealTag());
  if (weight == 0) return {zero, zero};  // of infinity too
  if (weight < 0) return {hn::Mul(by, x.high), hn::Mul(by, x.low)};
  return {hn::Mul(by, x.low), hn::Mul(by, x.high)};
}

/// What a term that does not always count may add.
HWY_INLINE RealRange counted(RealRange x, const Truths& when, int row) {
  const RealTag d;
  const Real zero = hn::Zero(d);
  const RealMask always = when.always(d, row), sometimes = when.sometimes(d, row);
  return {hn::IfThenElseZero(sometimes, hn::IfThenElse(always, x.low, hn::Min(x.low, zero))),
          hn::IfThenElseZero(sometimes, hn::IfThenElse(always, x.high, hn::Max(x.high, zero)))};
}

void add_rows(BoundedRows& rows, const Terms& terms, double intercept, int row, const Ranges<RealTag>& out) {
  const RealTag d;
  const int lanes = lanes_of(d);
  RealRange sums[together], x[together];
  for (RealRange& sum : sums) sum = {hn::Set(d, intercept), hn::Set(d, intercept)};
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    multiply_factors(rows, group, factors, row, x);
    factors += group.factors;
    for (const Terms::Term* end = term + group.terms; term != end; ++term) {
      for (int i = 0; i < together; ++i) {
        RealRange added = weigh(raise(x[i], term->power), term->weight);
        if (term->when != no_register) added = counted(added, Truths(rows, term->when), row + i * lanes);
        sums[i] = {hn::Add(sums[i].low, added.low), hn::Add(sums[i].high, added.high)};
      }
    }
  }
  for (int i = 0; i < together; ++i) {
    out.put(row + i * lanes, opened(sums[i].low, -unbounded), opened(sums[i].high, unbounded));
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
