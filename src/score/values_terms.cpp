// Weighted sums, their terms in the written order.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_terms.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <type_traits>

#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Rows whose terms are worked out one term after the other, so that little is decided for every vector of rows: what
/// is made in between stays in the nearest cache, and a result column is written in one stretch.
constexpr int stretch = 512;
using Stretch = double[stretch];
static_assert(stretch % lane_rows == 0);

/// What becomes of a term beside being added.
enum class Shown : std::uint8_t { no, cached, streaming };

/// A term times its weight in whole lots of lane_rows, from what it weighs: added to the sums, and written to its
/// column.
template <bool conditional, Shown shown, class Read>
void add_term(const Rows& rows, const Terms::Term& term, int first, int count, Read read, double* sums) {
  const RealTag d;
  const Real weight = hn::Set(d, term.weight);
  const std::uint8_t* truths = conditional ? rows.block.values<std::uint8_t>(term.when) + first : nullptr;
  [[maybe_unused]] double* column = nullptr;
  if constexpr (shown != Shown::no) {
    column = static_cast<double*>(rows.results.columns[term.column].values) + rows.first + first;
  }
  for (int lot = 0; lot < count; lot += lane_rows) {
    [[maybe_unused]] const LotMask<RealTag> holds(conditional ? truths + lot : nullptr);
    for (int i = 0; i < lane_rows; i += lanes_of(d)) {
      const int row = lot + i;
      Real x = hn::Mul(weight, read(row));
      if constexpr (conditional) x = hn::IfThenElseZero(holds.at(i), x);
      hn::StoreU(hn::Add(hn::LoadU(d, sums + row), x), d, sums + row);
      if constexpr (shown == Shown::no) continue;
      const Real written = hn::Add(x, hn::Zero(d));  // 0, never -0
      if constexpr (shown == Shown::streaming) hn::Stream(written, d, column + row);
      if constexpr (shown == Shown::cached) hn::StoreU(written, d, column + row);
    }
  }
}

template <class Read>
HWY_INLINE void add_term_of(const Rows& rows, const Terms::Term& term, int first, int count, Read read, double* sums) {
  const auto add = [&](auto conditional) HWY_ATTR {
    if (term.column == Terms::no_column) {
      add_term<conditional(), Shown::no>(rows, term, first, count, read, sums);
    } else if (rows.results.stores == Stores::streaming) {
      add_term<conditional(), Shown::streaming>(rows, term, first, count, read, sums);
    } else {
      add_term<conditional(), Shown::cached>(rows, term, first, count, read, sums);
    }
  };
  if (term.when != no_register) return add(std::true_type());
  add(std::false_type());
}

/// Adds the terms of a group to the sums of some rows.
void add_group(const Rows& rows, const Terms::Group& group, const Register* factors, const Terms::Term* terms,
               int first, int count, double* sums) {
  const RealTag d;
  const int lanes = lanes_of(d);
  const Terms::Term* const end = terms + group.terms;
  if (group.factors == 0) {
    // A weight times 1 is the weight.
    const auto one = [](int) HWY_ATTR { return hn::Set(RealTag(), 1.0); };
    for (; terms != end; ++terms) add_term_of(rows, *terms, first, count, one, sums);
    return;
  }
  const Numbers factor(rows.block, factors[0]);
  if (group.factors == 1 && group.terms == 1 && terms->power == 1) {
    return factor.read([&](auto at) HWY_ATTR {
      add_term_of(
          rows, *terms, first, count, [&](int i) HWY_ATTR { return at(first + i); }, sums);
    });
  }
  Stretch x, power;
  const auto raise = [&](const double* from) HWY_ATTR {
    for (int i = 0; i < count; i += lanes)
      hn::StoreU(hn::Mul(hn::LoadU(d, from + i), hn::LoadU(d, x + i)), d, power + i);
  };
  for (int i = 0; i < count; i += lanes) {
    Real product = factor.at(first + i);
    for (std::size_t k = 1; k < group.factors; ++k) {
      product = hn::Mul(product, Numbers(rows.block, factors[k]).at(first + i));
    }
    hn::StoreU(product, d, x + i);
  }
  const double* raised = x;
  int to = 1;
  for (; terms != end; ++terms) {
    if (terms->power < to) {
      raised = x;
      to = 1;
    }
    for (; to < terms->power; ++to, raised = power) raise(raised);
    add_term_of(
        rows, *terms, first, count, [&](int i) HWY_ATTR { return hn::LoadU(d, raised + i); }, sums);
  }
}

/// The sum of a vector of rows, of few of which there are.
Real sum_of(const Rows& rows, const Terms& terms, double intercept, int row) {
  const RealTag d;
  Real sum = hn::Set(d, intercept);
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    Real x = hn::Set(d, 1.0);
    for (std::size_t k = 0; k < group.factors; ++k) {
      const Real other = Numbers(rows.block, *factors++).at(row);
      x = k == 0 ? other : hn::Mul(x, other);
    }
    Real power = x;
    int raised = 1;
    for (const Terms::Term* const end = term + group.terms; term != end; ++term) {
      if (term->power < raised) {
        power = x;
        raised = 1;
      }
      for (; raised < term->power; ++raised) power = hn::Mul(power, x);
      Real weighed = hn::Mul(hn::Set(d, term->weight), power);
      if (term->when != no_register) {
        const auto* truths = rows.block.values<std::uint8_t>(term->when) + row;
        weighed = hn::IfThenElseZero(any_bits(d, truths, 0xFF), weighed);
      }
      sum = hn::Add(sum, weighed);
      if (term->column == Terms::no_column) continue;
      const ColumnRows<double> column(rows.results, term->column, rows.first, rows.block.rows());
      column.put(row, hn::Add(weighed, hn::Zero(d)));  // 0, never -0
    }
  }
  return sum;
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

/// Sums of a stretch of rows.
void add_stretch(const Rows& rows, const Terms& terms, double intercept, int first, int count, const Results& results) {
  const RealTag d;
  Stretch sums;
  std::fill_n(sums, count, intercept);
  const Register* factors = terms.factors.data();
  const Terms::Term* term = terms.terms.data();
  for (const Terms::Group& group : terms.groups) {
    add_group(rows, group, factors, term, first, count, sums);
    factors += group.factors;
    term += group.terms;
  }
  for (int i = 0; i < count; i += lanes_of(d)) put_sums(rows, terms, first + i, hn::LoadU(d, sums + i), results);
}

/// Flags of terms: those of a condition, and of what is multiplied where it is true. Gives whether there are any.
bool join_terms(const Block& block, const Terms& terms, std::uint8_t* out) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  auto any = zero;
  each_bytes(block, [&](int row) HWY_ATTR {
    auto all = zero, sometimes = zero;
    for (const Register of : terms.always) all = hn::Or(all, hn::LoadU(d, block.flags(of) + row));
    for (const Register of : terms.sometimes) sometimes = hn::Or(sometimes, hn::LoadU(d, block.flags(of) + row));
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Eq(sometimes, zero)))) {
      for (const Terms::Conditional& one : terms.conditional) {
        const auto holds = hn::Ne(hn::LoadU(d, block.values<std::uint8_t>(one.when) + row), zero);
        all = hn::Or(all, hn::IfThenElseZero(holds, hn::LoadU(d, block.flags(one.of) + row)));
      }
    }
    hn::StoreU(all, d, out + row);
    any = hn::Or(any, all);
  });
  return !hn::AllTrue(d, hn::Eq(any, zero));
}

/// Bits of the rows of a block, 0 behind the last.
class RowBits {
 public:
  HWY_INLINE void put(int row, int rows, hn::Mask<ByteTag> holds) { BitRows(bits_, 0, rows).put(row, holds); }
  void write(int rows, std::uint8_t* validity, std::int64_t first) const {
    const auto whole = static_cast<std::size_t>(rows / lane_rows);
    std::uint8_t* const out = validity + first / 8;
    for (std::size_t i = 0; i < whole; ++i) std::memcpy(out + 8 * i, bits_ + 8 * i, 8);
    const auto bytes = static_cast<std::size_t>(rows + 7) / 8;
    if (rows % lane_rows != 0) std::copy(bits_ + 8 * whole, bits_ + bytes, out + 8 * whole);
  }

 private:
  std::uint8_t bits_[largest_block / 8];
};

/// The validity of the columns of some terms.
void write_validity(const Rows& rows, const RowBits& usable, std::span<const Terms::Term> terms) {
  for (const Terms::Term& term : terms) {
    if (term.column == Terms::no_column) continue;
    usable.write(rows.block.rows(), rows.results.columns[term.column].validity, rows.first);
  }
}

/// Flags of terms that have the same, where they are read, and where they are usable.
void find_usable(Block& block, const Terms::Flagged& one, const Register* factors, std::span<const Register> outs,
                 RowBits& usable) {
  const ByteTag d;
  const auto show = [&](auto flags_of) HWY_ATTR {
    each_bytes(block, [&](int row) HWY_ATTR {
      const auto own = flags_of(row);
      for (const Register out : outs) hn::StoreU(own, d, block.flags(out) + row);
      usable.put(row, block.rows(), is_usable(own));
    });
  };
  // Nearly all terms weigh one number, or none.
  const std::uint8_t* of_first = one.factors == 0 ? nullptr : block.flags(factors[0]);
  const auto joined = [=, &block, &one](int row) HWY_ATTR {
    auto all = of_first == nullptr ? hn::Zero(d) : hn::LoadU(d, of_first + row);
    for (std::size_t k = 1; k < one.factors; ++k) all = hn::Or(all, hn::LoadU(d, block.flags(factors[k]) + row));
    return all;
  };
  if (one.when == no_register) return show(joined);
  const std::uint8_t *of_when = block.flags(one.when), *when = block.values<std::uint8_t>(one.when);
  show([=](int row) HWY_ATTR {
    const auto holds = hn::Ne(hn::LoadU(d, when + row), hn::Zero(d));
    return hn::Or(hn::LoadU(d, of_when + row), hn::IfThenElseZero(holds, joined(row)));
  });
}

/// Flags and validity of terms. Bits of several are found before any are written: what was just stored byte by byte
/// cannot be read as a vector before it has reached the cache, where it waits for columns that are far away.
void show_terms(const Rows& rows, const Terms& terms) {
  constexpr std::size_t most = 16;
  RowBits usable[most];
  const Register* factors = terms.flagged_factors.data();
  std::size_t found = 0, written = 0;
  for (std::size_t first = 0; first < terms.flagged.size(); first += most) {
    const std::span some(&terms.flagged[first], std::min(most, terms.flagged.size() - first));
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto outs = terms.outs.empty() ? std::span<const Register>() : std::span(&terms.outs[found], some[i].terms);
      find_usable(rows.block, some[i], factors, outs, usable[i]);
      factors += some[i].factors;
      found += some[i].terms;
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      write_validity(rows, usable[i], {&terms.terms[written], some[i].terms});
      written += some[i].terms;
    }
  }
}

/// The same of terms that have no flags in any row.
void show_unflagged(const Rows& rows, const Terms& terms) {
  const ByteTag d;
  const Block& block = rows.block;
  RowBits all;
  each_bytes(block, [&](int row) HWY_ATTR { all.put(row, block.rows(), is_usable(hn::Zero(d))); });
  write_validity(rows, all, terms.terms);
  for (const Register out : terms.outs) std::fill_n(rows.block.flags(out), block.padded(), std::uint8_t{0});
}

void add(const Rows& rows, const Step& step) {
  const auto& op = std::get<AddTerms>(*step.operation);
  const Terms& terms = *step.terms;
  const Results results(rows.block, op.out);
  const bool flagged = join_terms(rows.block, terms, results.flags());
  if (!terms.flagged.empty()) (flagged ? show_terms : show_unflagged)(rows, terms);
  const int count = rows.block.rows(), whole = count / lane_rows * lane_rows;
  for (int row = 0; row < whole; row += stretch) {
    add_stretch(rows, terms, op.intercept, row, std::min(whole - row, stretch), results);
  }
  for (int row = whole; row < count; row += lanes_of(RealTag())) {
    put_sums(rows, terms, row, sum_of(rows, terms, op.intercept, row), results);
  }
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
