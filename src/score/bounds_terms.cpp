// Ranges of weighted sums: those of their terms, added in the written order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_terms.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <span>

#include "score/bounds-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Ends of numbers of all rows in hand. Terms are added one after the other, so that little is decided for every vector
/// of rows.
struct Stretch {
  alignas(lane_rows) double low[most_bounded_rows];
  alignas(lane_rows) double high[most_bounded_rows];

  HWY_INLINE RealRange at(int row) const {
    const RealTag d;
    return {hn::LoadU(d, low + row), hn::LoadU(d, high + row)};
  }
  HWY_INLINE void put(int row, RealRange x) {
    const RealTag d;
    hn::StoreU(x.low, d, low + row);
    hn::StoreU(x.high, d, high + row);
  }
};

/// What a vector of rows of a term that does not always count may add; it is 0 where the term never does.
HWY_INLINE RealRange counted(RealRange x, RealMask always) {
  const Real zero = hn::Zero(RealTag());
  return {hn::IfThenElse(always, x.low, hn::Min(x.low, zero)), hn::IfThenElse(always, x.high, hn::Max(x.high, zero))};
}

/// Adds weighed ranges to sums, of whole lots of lane_rows.
template <bool falls, bool conditional, class Read>
void add_term(const BoundedRows& rows, const Terms::Term& term, Read read, Stretch& sums) {
  const RealTag d;
  const Real weight = hn::Set(d, term.weight);
  const auto truths = [&](End end) { return conditional ? rows.ends<std::uint8_t>(term.when, end) : nullptr; };
  const std::uint8_t *low = truths(End::lowest), *high = truths(End::highest);
  for (int lot = 0; lot < rows.count(); lot += lane_rows) {
    const LotMask<RealTag> always(conditional ? low + lot : nullptr), sometimes(conditional ? high + lot : nullptr);
    for (int i = 0; i < lane_rows; i += lanes_of(d)) {
      const int row = lot + i;
      const RealRange x = read(row);
      Real a = hn::Mul(weight, x.low), b = hn::Mul(weight, x.high);
      if constexpr (conditional) {
        const RealMask counts = sometimes.at(i);
        a = hn::IfThenElseZero(counts, a);
        b = hn::IfThenElseZero(counts, b);
      }
      RealRange added{falls ? b : a, falls ? a : b};
      if constexpr (conditional) added = counted(added, always.at(i));
      const RealRange before = sums.at(row);
      sums.put(row, {hn::Add(before.low, added.low), hn::Add(before.high, added.high)});
    }
  }
}

template <class Read>
HWY_INLINE void add_term_of(const BoundedRows& rows, const Terms::Term& term, Read read, Stretch& sums) {
  if (term.weight == 0) return;  // adds nothing, even times infinity
  const bool falls = term.weight < 0, conditional = term.when != no_register;
  if (falls && conditional) return add_term<true, true>(rows, term, read, sums);
  if (falls) return add_term<true, false>(rows, term, read, sums);
  if (conditional) return add_term<false, true>(rows, term, read, sums);
  add_term<false, false>(rows, term, read, sums);
}

/// The range of an even power, of whose numbers and their powers the ends are given.
HWY_INLINE RealRange even(RealRange x, RealRange power) {
  const Real zero = hn::Zero(RealTag());
  const RealMask straddles = hn::And(hn::Lt(x.low, zero), hn::Gt(x.high, zero));
  return {hn::IfThenZeroElse(straddles, hn::Min(power.low, power.high)), hn::Max(power.low, power.high)};
}

/// Ranges of the product of some registers.
void multiply_factors(const BoundedRows& rows, std::span<const Register> factors, Stretch& out) {
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const Ranges<RealTag> factor(rows, factors[k]);
    each_vector(rows, RealTag(), [&](int row) HWY_ATTR {
      const RealRange own{factor.low.at(row), factor.high.at(row)};
      out.put(row, k == 0 ? own : multiply(out.at(row), own));
    });
  }
}

void add_powers(const BoundedRows& rows, std::span<const Register> factors, std::span<const Terms::Term> terms,
                Stretch& sums) {
  Stretch x, power;
  multiply_factors(rows, factors, x);
  const Stretch* raised = &x;
  int to = 1;
  for (const Terms::Term& term : terms) {
    if (term.power < to) {
      raised = &x;
      to = 1;
    }
    for (; to < term.power; ++to, raised = &power) {
      each_vector(rows, RealTag(), [&](int row) HWY_ATTR {
        const RealRange before = raised->at(row), own = x.at(row);
        power.put(row, {hn::Mul(before.low, own.low), hn::Mul(before.high, own.high)});
      });
    }
    if (term.power % 2 != 0) {
      add_term_of(
          rows, term, [&](int row) HWY_ATTR { return raised->at(row); }, sums);
    } else {
      add_term_of(
          rows, term, [&](int row) HWY_ATTR { return even(x.at(row), raised->at(row)); }, sums);
    }
  }
}

/// Adds the terms of a group.
void add_group(const BoundedRows& rows, std::span<const Register> factors, std::span<const Terms::Term> terms,
               Stretch& sums) {
  if (factors.empty()) {
    // A weight times 1 is the weight.
    const auto one = [](int) HWY_ATTR { return RealRange{hn::Set(RealTag(), 1.0), hn::Set(RealTag(), 1.0)}; };
    for (const Terms::Term& term : terms) add_term_of(rows, term, one, sums);
    return;
  }
  if (factors.size() > 1 || terms.size() > 1 || terms.front().power != 1) {
    return add_powers(rows, factors, terms, sums);
  }
  const Ranges<RealTag> x(rows, factors.front());
  x.read([&](auto at) HWY_ATTR { add_term_of(rows, terms.front(), at, sums); });
}

/// Of a sum, or of one term.
void add(const BoundedRows& rows, const BoundingStep& step) {
  const auto* sum = std::get_if<AddTerms>(step.operation);
  const Terms& terms = *step.terms;
  Stretch sums;
  const int padded = (rows.count() + lane_rows - 1) / lane_rows * lane_rows;
  std::fill_n(sums.low, padded, sum != nullptr ? sum->intercept : 0);
  std::copy_n(sums.low, padded, sums.high);
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    add_group(rows, {factors, group.factors}, {term, group.terms}, sums);
    factors += group.factors;
    term += group.terms;
  }
  const Ranges<RealTag> to(rows, sum != nullptr ? sum->out : std::get_if<WeighTerm>(step.operation)->out);
  each_vector(rows, RealTag(), [&](int row) HWY_ATTR {
    const RealRange x = sums.at(row);
    to.put(row, opened(x.low, -unbounded), opened(x.high, unbounded));
  });
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
