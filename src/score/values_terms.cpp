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

/// A weighted power, or 0 in rows in which the term's condition is not true.
HWY_INLINE Real counted(const std::int8_t* when, int row, Real x) {
  if (when == nullptr) return x;
  return hn::IfThenElseZero(any_bits(RealTag(), reinterpret_cast<const std::uint8_t*>(when) + row, 0xFF), x);
}

/// Adds the terms of a group to the sums of `vectors` vectors of rows.
template <int vectors>
HWY_INLINE void add_group(const Block& block, const Terms::Group& group, const Register* factors,
                          const Terms::Term* terms, int row, Real (&sums)[vectors]) {
  const RealTag d;
  const int lanes = lanes_of(d);
  Real x[vectors], power[vectors];
  if (group.factors == 0) {
    for (int i = 0; i < vectors; ++i) x[i] = hn::Set(d, 1.0);  // a weight times 1 is the weight
  } else {
    const Numbers first(block, factors[0]);
    for (int i = 0; i < vectors; ++i) x[i] = first.at(row + i * lanes);
  }
  for (std::size_t k = 1; k < group.factors; ++k) {
    const Numbers other(block, factors[k]);
    for (int i = 0; i < vectors; ++i) x[i] = hn::Mul(x[i], other.at(row + i * lanes));
  }
  for (int i = 0; i < vectors; ++i) power[i] = x[i];
  int raised = 1;
  for (const Terms::Term *term = terms, *end = terms + group.terms; term != end; ++term) {
    const std::int8_t* when = term->when == no_register ? nullptr : block.values<std::int8_t>(term->when);
    const Real weight = hn::Set(d, term->weight);
    if (term->power < raised) {
      for (int i = 0; i < vectors; ++i) power[i] = x[i];
      raised = 1;
    }
    for (; raised < term->power; ++raised) {
      for (int i = 0; i < vectors; ++i) power[i] = hn::Mul(power[i], x[i]);
    }
    for (int i = 0; i < vectors; ++i) {
      sums[i] = hn::Add(sums[i], counted(when, row + i * lanes, hn::Mul(weight, power[i])));
    }
  }
}

/// Whether a term of a row is too large to be held. It is invalid then, whatever the others are.
bool overflows(const Block& block, const Terms& terms, int row) {
  const Register* factor = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    double x = 1;
    bool given = true;
    for (const Register* end = factor + group.factors; factor != end; ++factor) {
      x *= block.number(*factor, row);
      given = given && block.usable(*factor, row);
    }
    for (const Terms::Term* end = term + group.terms; term != end; ++term) {
      double power = x;
      for (int i = 1; i < term->power; ++i) power *= x;
      const bool counts = term->when == no_register || block.is_true(term->when, row);
      if (given && counts && !(std::fabs(term->weight * power) <= std::numeric_limits<double>::max())) return true;
    }
  }
  return false;
}

/// Stores sums. One that cannot be held is rare, and looked into row by row.
HWY_INLINE void put_sums(const Block& block, const Terms& terms, int row, Real sums, const Results& results) {
  const RealTag d;
  const RealMask held = hn::Le(hn::Abs(sums), hn::Set(d, std::numeric_limits<double>::max()));
  if (HWY_UNLIKELY(!hn::AllTrue(d, held))) {
    for (int i = row; i < std::min(row + lanes_of(d), block.rows()); ++i) {
      if (overflows(block, terms, i)) results.flags()[i] |= flag_invalid;
    }
  }
  results.put_valid(row, sums, held);
}

template <int vectors>
HWY_INLINE void add_rows(const Block& block, const Terms& terms, double intercept, int row, const Results& results) {
  const RealTag d;
  Real sums[vectors];
  for (int i = 0; i < vectors; ++i) sums[i] = hn::Set(d, intercept);
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    add_group(block, group, factors, term, row, sums);
    factors += group.factors;
    term += group.terms;
  }
  for (int i = 0; i < vectors; ++i) put_sums(block, terms, row + i * lanes_of(d), sums[i], results);
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

void run(Block& block, const Terms& terms, double intercept, Register out) {
  const Results results(block, out);
  join_terms(block, terms, results.flags());
  const int rows = block.rows(), lanes = lanes_of(RealTag());
  int row = 0;
  for (; row + (many - 1) * lanes < rows; row += many * lanes) add_rows<many>(block, terms, intercept, row, results);
  for (; row < rows; row += lanes) add_rows<1>(block, terms, intercept, row, results);
}

void weigh(const Rows& rows, const Step& step) {
  run(rows.block, *step.terms, 0, std::get<WeighTerm>(*step.operation).out);
}

void add(const Rows& rows, const Step& step) {
  const auto& op = std::get<AddTerms>(*step.operation);
  run(rows.block, *step.terms, op.intercept, op.out);
}

}  // namespace

Kernel TermsKernel(const PlannedOperation& operation) {
  return std::holds_alternative<WeighTerm>(operation) ? weigh : add;
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TermsKernel);

Kernel terms_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(TermsKernel)(operation); }

}  // namespace appraise::detail
#endif
