// Lowest and highest possible values: the operations of a plan over ranges, across rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_bounds.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "appraise/detail/range.hpp"
#include "score/bounds.hpp"
#include "score/dates-inl.hpp"
#include "score/rows.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

constexpr int most_rows = 256;
using Ends = std::array<double, most_rows>;

/// Where the ranges of a register lie. A truth is from 0 to 1.
struct Lying {
  double* low;
  double* high;

  Lying(BoundedRows& rows, Register of) : low(rows.lows(of)), high(rows.highs(of)) {}
  [[nodiscard]] bool exact(int i) const { return low[i] == high[i]; }
  [[nodiscard]] Range at(int i) const { return {low[i], high[i]}; }
  void put(int i, Range range) const {
    low[i] = range.low;
    high[i] = range.high;
  }
};

/// The same function of every row's range, or of two.
template <class Function>
void each(BoundedRows& rows, Register out, Function function) {
  const Lying to(rows, out);
  const int n = rows.count();
  for (int i = 0; i < n; ++i) to.put(i, function(i));
}

void copy(BoundedRows& rows, Register of, Register out) {
  const Lying x(rows, of), to(rows, out);
  std::copy_n(x.low, rows.count(), to.low);
  std::copy_n(x.high, rows.count(), to.high);
}

/// The response or points given, or else what they could be.
template <class IsGiven>
void bound_given(BoundedRows& rows, Register of, Range domain, IsGiven is_given) {
  const Lying to(rows, of);
  const int n = rows.count();
  const auto from = [&](const auto* x) {
    for (int i = 0; i < n; ++i) {
      const auto value = static_cast<double>(x[rows.row(i)]);
      const bool given = is_given(i);
      to.low[i] = given ? value : domain.low;
      to.high[i] = given ? value : domain.high;
    }
  };
  const Block& block = rows.block();
  if (block.type(of) == RegisterType::byte) return from(block.values<std::int8_t>(of));
  if (block.type(of) == RegisterType::whole) return from(block.values<std::int32_t>(of));
  from(block.values<double>(of));
}

const PlannedItem& item_of(const BoundedRows& rows, std::int32_t number) {
  return rows.block().plan().items[static_cast<std::size_t>(number)];
}

void bound(BoundedRows& rows, const LoadItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  const auto bound_one = [&](Register of, Range domain) {
    if (rows.read(of)) bound_given(rows, of, domain, [&](int i) { return rows.flags(of, i) == 0; });
  };
  bound_one(op.response, {item.response_low, item.response_high});
  bound_one(op.points, {item.points_low, item.points_high});
}

void bound(BoundedRows& rows, const ApplyItem& op) {
  const PlannedItem& item = item_of(rows, op.item);
  if (rows.read(op.response)) {
    bound_given(rows, op.response, {item.response_low, item.response_high},
                [&](int i) { return rows.flags(op.response, i) == 0; });
  }
  if (!rows.read(op.points)) return;
  const Range otherwise = exactly(item.item->points_if_not_applicable);
  const Lying own(rows, op.given_points), applies(rows, op.applies);
  each(rows, op.points, [&](int i) {
    const Range given = own.at(i);
    return applies.high[i] == 0 ? otherwise : applies.low[i] == 1 ? given : hull(given, otherwise);
  });
}

void bound(BoundedRows& rows, const Constant& op) {
  each(rows, op.out, [&](int) { return exactly(op.value); });
}

/// Whether a comparison holds for every pair of numbers of two ranges (low), and whether it does for some (high).
Range compared(Condition::Kind kind, Range x, Range y) {
  const auto truths = [](bool always, bool sometimes) { return Range{always ? 1.0 : 0.0, sometimes ? 1.0 : 0.0}; };
  switch (kind) {
    case Condition::Kind::at_least:
      return truths(x.low >= y.high, x.high >= y.low);
    case Condition::Kind::above:
      return truths(x.low > y.high, x.high > y.low);
    case Condition::Kind::at_most:
      return truths(x.high <= y.low, x.low <= y.high);
    case Condition::Kind::below:
      return truths(x.high < y.low, x.low < y.high);
    default:
      return truths((x.low == x.high) & (y.low == y.high) & (x.low == y.low), (x.high >= y.low) & (y.high >= x.low));
  }
}

void bound(BoundedRows& rows, const Compare& op) {
  const Lying x(rows, op.of), to(rows, op.out);
  const int n = rows.count();
  const auto by_kind = [&](auto kind) {
    if (op.with != no_register) {
      const Lying y(rows, op.with);
      APPRAISE_ROWS
      for (int i = 0; i < n; ++i) to.put(i, compared(kind(), x.at(i), y.at(i)));
      return;
    }
    std::fill_n(to.low, n, 0.0);
    std::fill_n(to.high, n, 0.0);
    for (const double constant : op.constants) {
      APPRAISE_ROWS
      for (int i = 0; i < n; ++i) {
        const Range one = compared(kind(), x.at(i), {constant, constant}), before = to.at(i);
        to.put(i, {before.low > one.low ? before.low : one.low, before.high > one.high ? before.high : one.high});
      }
    }
  };
  switch (op.kind) {
    case Condition::Kind::at_least:
      return by_kind([] { return Condition::Kind::at_least; });
    case Condition::Kind::above:
      return by_kind([] { return Condition::Kind::above; });
    case Condition::Kind::at_most:
      return by_kind([] { return Condition::Kind::at_most; });
    case Condition::Kind::below:
      return by_kind([] { return Condition::Kind::below; });
    default:
      return by_kind([] { return Condition::Kind::equals; });
  }
}

void bound(BoundedRows& rows, const IsMissing& op) {
  const double if_given = op.missing ? 0 : 1;
  each(rows, op.out, [&](int i) { return rows.flags(op.of, i) == 0 ? exactly(if_given) : Range{0, 1}; });
}

/// The greatest of a number and the ends of ranges, or the least.
void extend(BoundedRows& rows, double start, const std::vector<Register>& of, bool highest, Register out) {
  const Lying to(rows, out);
  const int n = rows.count();
  std::fill_n(to.low, n, start);
  std::fill_n(to.high, n, start);
  const auto extend_all = [&](auto beyond) {
    for (const Register one : of) {
      const Lying x(rows, one);
      APPRAISE_ROWS
      for (int i = 0; i < n; ++i) {
        const Range next = x.at(i), before = to.at(i);
        to.put(i, {beyond(next.low, before.low) ? next.low : before.low,
                   beyond(next.high, before.high) ? next.high : before.high});
      }
    }
  };
  if (highest) return extend_all([](double a, double b) { return a > b; });
  extend_all([](double a, double b) { return a < b; });
}

void bound(BoundedRows& rows, const Join& op) {
  if (op.kind == Condition::Kind::negation) {
    const Lying x(rows, op.of.front());
    return each(rows, op.out, [&](int i) { return Range{1 - x.high[i], 1 - x.low[i]}; });
  }
  const bool any = op.kind == Condition::Kind::any;
  extend(rows, any ? 0 : 1, op.of, any, op.out);
}

/// A sum or difference of infinities says nothing: the end is open.
Range sum_of(Range x, Range y) {
  const double low = x.low + y.low, high = x.high + y.high;
  return {low == low ? low : -unbounded, high == high ? high : unbounded};
}

void add_all(BoundedRows& rows, double start, const std::vector<Register>& of, Register out) {
  const Lying to(rows, out);
  const int n = rows.count();
  std::fill_n(to.low, n, start);
  std::fill_n(to.high, n, start);
  for (const Register one : of) {
    const Lying x(rows, one);
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) to.put(i, sum_of(to.at(i), x.at(i)));
  }
}

void bound(BoundedRows& rows, const SumValues& op) { add_all(rows, 0, op.of, op.out); }
void bound(BoundedRows& rows, const ExtremeValue& op) {
  extend(rows, op.highest ? -unbounded : unbounded, op.of, op.highest, op.out);
}
void bound(BoundedRows& rows, const AddTerms& op) { add_all(rows, op.intercept, op.of, op.out); }
void bound(BoundedRows& rows, const CountTrue& op) { add_all(rows, 0, op.of, op.out); }

/// The ranges of a product, into its register.
void multiply_all(BoundedRows& rows, const std::vector<Register>& of, Register out) {
  copy(rows, of.front(), out);
  const Lying to(rows, out);
  for (std::size_t k = 1; k < of.size(); ++k) {
    const Lying x(rows, of[k]);
    for (int i = 0; i < rows.count(); ++i) to.put(i, multiply(to.at(i), x.at(i)));
  }
}

void bound(BoundedRows& rows, const Multiply& op) { multiply_all(rows, op.of, op.out); }

/// Powers of ranges, weighed, into the register that the ranges may be in already.
void weigh(const Lying& of, const WeighTerm& op, int n, const Lying& to) {
  const double weight = op.weight;
  const bool even = op.power % 2 == 0, weightless = weight == 0;
  Ends lows, highs;
  const double *least = of.low, *most = of.high;
  if (op.power > 1) {
    std::copy_n(of.low, n, lows.data());
    std::copy_n(of.high, n, highs.data());
    least = lows.data();
    most = highs.data();
  }
  for (int k = 1; k < op.power; ++k) {
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      lows[static_cast<std::size_t>(i)] *= of.low[i];
      highs[static_cast<std::size_t>(i)] *= of.high[i];
    }
  }
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const double x = of.low[i], y = of.high[i], low = least[i], high = most[i];
    const double lesser = low < high ? low : high, greater = low < high ? high : low;
    const bool straddles = (x < 0) & (y > 0);
    const double from = even ? (straddles ? 0.0 : lesser) : low, until = even ? greater : high;
    // Nothing times anything is nothing, even where the other is unbounded.
    const double a = ((from == 0) | weightless) ? 0.0 : weight * from;
    const double b = ((until == 0) | weightless) ? 0.0 : weight * until;
    to.low[i] = a < b ? a : b;
    to.high[i] = a < b ? b : a;
  }
}

void bound(BoundedRows& rows, const WeighTerm& op) {
  const Lying to(rows, op.out);
  const int n = rows.count();
  if (op.of.empty()) {
    std::fill_n(to.low, n, op.weight);
    std::fill_n(to.high, n, op.weight);
  } else if (op.of.size() == 1) {
    weigh(Lying(rows, op.of.front()), op, n, to);
  } else {
    multiply_all(rows, op.of, op.out);
    weigh(to, op, n, to);
  }
  if (op.when == no_register) return;
  const Lying when(rows, op.when);
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const double low = to.low[i], high = to.high[i];
    const bool always = when.low[i] == 1, sometimes = when.high[i] == 1;
    const double wider_low = low < 0 ? low : 0.0, wider_high = high > 0 ? high : 0.0;
    to.low[i] = always ? low : sometimes ? wider_low : 0.0;
    to.high[i] = always ? high : sometimes ? wider_high : 0.0;
  }
}

void bound(BoundedRows& rows, const Subtract& op) {
  const Lying x(rows, op.of), y(rows, op.minus), to(rows, op.out);
  const int n = rows.count();
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) to.put(i, sum_of(x.at(i), {-y.high[i], -y.low[i]}));
}

void bound(BoundedRows& rows, const Divide& op) {
  const Lying x(rows, op.of), y(rows, op.over);
  each(rows, op.out, [&](int i) { return divide(x.at(i), y.at(i)); });
}

/// A function that never falls, of both ends. Where what it is of is known, so is the result.
template <class Function>
void rising(BoundedRows& rows, Register of, Register out, Function function) {
  const Lying x(rows, of);
  each(rows, out, [&](int i) {
    if (x.exact(i) && rows.flags(out, i) == 0) return exactly(rows.block().number(out, rows.row(i)));
    return Range{function(x.low[i]), function(x.high[i])};
  });
}

void bound(BoundedRows& rows, const Logarithm& op) {
  rising(rows, op.of, op.out, [](double x) { return x <= 0 ? -unbounded : logarithm(x); });
}

void bound(BoundedRows& rows, const LogisticFunction& op) {
  rising(rows, op.of, op.out, [](double x) { return 1 / (1 + exponential(-x)); });
}

void bound(BoundedRows& rows, const ClampValue& op) {
  const double from = op.from.value_or(-unbounded), until = op.to.value_or(unbounded);
  const Lying x(rows, op.of);
  each(rows, op.out, [&](int i) {
    const auto clamp = [&](double value) {
      const double raised = value < from ? from : value;
      return raised > until ? until : raised;
    };
    return Range{clamp(x.low[i]), clamp(x.high[i])};
  });
}

void bound(BoundedRows& rows, const RoundValue& op) {
  rising(rows, op.of, op.out, [&](double x) { return round_decimal(x, op.digits, op.mode); });
}

/// Collects what values could be; nothing collected leaves them unbounded.
class Hulls {
 public:
  Hulls(BoundedRows& rows, Register out) : to_(rows, out), n_(rows.count()) {
    std::fill_n(to_.low, n_, unbounded);
    std::fill_n(to_.high, n_, -unbounded);
  }
  /// The ranges given, in rows that are possible.
  template <class Possible, class Given>
  void add(Possible possible, Given given) const {
    APPRAISE_ROWS
    for (int i = 0; i < n_; ++i) {
      const Range one = given(i), before = to_.at(i);
      const bool taken = possible(i);
      to_.put(i, {(taken & (one.low < before.low)) ? one.low : before.low,
                  (taken & (one.high > before.high)) ? one.high : before.high});
    }
  }
  void close() const {
    APPRAISE_ROWS
    for (int i = 0; i < n_; ++i) {
      const Range one = to_.at(i);
      const bool none = one.low > one.high;
      to_.put(i, {none ? -unbounded : one.low, none ? unbounded : one.high});
    }
  }

 private:
  Lying to_;
  int n_;
};

void bound(BoundedRows& rows, const LookUpBand& op) {
  const Lying x(rows, op.of);
  const Hulls hulls(rows, op.out);
  for (const Band& band : op.bands) {
    // Whether some number of the range lies in the interval.
    const double from = band.interval.from.value_or(-unbounded), to = band.interval.to.value_or(unbounded);
    const bool closed = band.interval.closed || !band.interval.to;
    hulls.add([&](int i) { return (x.high[i] >= from) & ((x.low[i] < to) | (closed & (x.low[i] == to))); },
              [&](int) { return exactly(band.value); });
  }
  hulls.close();
}

/// Whole numbers of a range, from 0 to below a limit: the first, and the one after the last.
struct Positions {
  std::size_t begin, end;

  Positions(Range range, std::size_t limit)
      : begin(static_cast<std::size_t>(std::clamp(std::ceil(range.low), 0.0, static_cast<double>(limit)))),
        end(static_cast<std::size_t>(std::clamp(std::floor(range.high) + 1, 0.0, static_cast<double>(limit)))) {}
};

void bound(BoundedRows& rows, const LookUpTable& op) {
  const Lying r(rows, op.row), c(rows, op.column == no_register ? op.row : op.column);
  const bool pairs = op.column != no_register;
  const auto width = static_cast<std::size_t>(op.columns);
  const std::size_t height = op.cells.size() / width;
  each(rows, op.out, [&](int i) {
    const Positions at_rows(r.at(i), height), at_columns(pairs ? c.at(i) : Range(), width);
    Range found{unbounded, -unbounded};
    for (std::size_t row = at_rows.begin; row < at_rows.end; ++row) {
      for (std::size_t column = at_columns.begin; column < at_columns.end; ++column) {
        const double cell = op.cells[row * width + column];
        if (!std::isnan(cell)) found = hull(found, exactly(cell));
      }
    }
    return found.low > found.high ? Range() : found;
  });
}

void bound(BoundedRows& rows, const Decide& op) {
  const int n = rows.count();
  const Hulls hulls(rows, op.out);
  Ends open;  // 1 where no condition has surely held yet
  std::fill_n(open.data(), n, 1.0);
  for (std::size_t k = 0; k < op.when.size(); ++k) {
    const Lying when(rows, op.when[k]), take(rows, op.take[k]);
    hulls.add([&](int i) { return (open[static_cast<std::size_t>(i)] != 0) & (when.high[i] == 1); },
              [&](int i) { return take.at(i); });
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double before = open[at];
      open[at] = when.low[i] == 1 ? 0.0 : before;
    }
  }
  if (op.otherwise != no_register) {
    const Lying take(rows, op.otherwise);
    hulls.add([&](int i) { return open[static_cast<std::size_t>(i)] != 0; }, [&](int i) { return take.at(i); });
  }
  hulls.close();
}

void bound(BoundedRows& rows, const TakeFirst& op) {
  const int n = rows.count();
  const Hulls hulls(rows, op.out);
  Ends open;
  std::fill_n(open.data(), n, 1.0);
  for (const Register one : op.of) {
    const Lying x(rows, one);
    hulls.add([&](int i) { return open[static_cast<std::size_t>(i)] != 0; }, [&](int i) { return x.at(i); });
    for (int i = 0; i < n; ++i) {
      if (rows.flags(one, i) == 0) open[static_cast<std::size_t>(i)] = 0;
    }
  }
  hulls.close();
}

/// What two ranges make. Where both are known, so is the result.
template <class Function>
void pairwise(BoundedRows& rows, Register a, Register b, Register out, Function function) {
  const Lying x(rows, a), y(rows, b);
  each(rows, out, [&](int i) {
    if (x.exact(i) && y.exact(i) && rows.flags(out, i) == 0) {
      return exactly(rows.block().number(out, rows.row(i)));
    }
    return function(x.at(i), y.at(i));
  });
}

void bound(BoundedRows& rows, const MeasureTime& op) {
  pairwise(rows, op.from, op.to, op.out, [&](Range from, Range to) {
    const auto between = [&](double a, double b, double open) {
      if (std::isinf(a) || std::isinf(b)) return open;
      return static_cast<double>(time_between(static_cast<Days>(a), static_cast<Days>(b), op.in, op.no_such_day));
    };
    return Range{between(from.high, to.low, -unbounded), between(from.low, to.high, unbounded)};
  });
}

/// Dates moved by amounts, where both are known and the result is a date; else open.
void move_ends(const double* dates, const double* amounts, const MoveTime& op, double open, int n, double* out) {
  const WholeTag d;
  std::array<std::int32_t, most_rows> days, by, moved, outside;
  APPRAISE_ROWS
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double date = dates[i], amount = amounts[i];
    const double far = amount < farthest_move ? amount : farthest_move;
    days[at] = static_cast<std::int32_t>(std::isinf(date) ? 0.0 : date);
    by[at] = static_cast<std::int32_t>(far > -farthest_move ? far : -farthest_move);
  }
  const int filled = (n + lanes_of(d) - 1) / lanes_of(d) * lanes_of(d);
  for (auto* given : {&days, &by}) std::fill_n(given->data() + n, filled - n, 0);
  for (int i = 0; i < n; i += lanes_of(d)) {
    const MovedDates ends(hn::LoadU(d, days.data() + i), hn::LoadU(d, by.data() + i), op.in, op.no_such_day);
    hn::StoreU(ends.days, d, moved.data() + i);
    hn::StoreU(hn::VecFromMask(d, ends.outside), d, outside.data() + i);
  }
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool known = !std::isinf(dates[i]) && !std::isinf(amounts[i]) && outside[at] == 0;
    out[i] = known ? moved[at] : open;
  }
}

void bound(BoundedRows& rows, const MoveTime& op) {
  const Lying date(rows, op.to), amount(rows, op.amount), to(rows, op.out);
  move_ends(date.low, amount.low, op, -unbounded, rows.count(), to.low);
  move_ends(date.high, amount.high, op, unbounded, rows.count(), to.high);
}

void bound(BoundedRows& rows, const ReadAttribute& op) {
  const Lying code(rows, op.of);
  each(rows, op.out, [&](int i) {
    return code.exact(i) && rows.flags(op.of, i) == 0 ? exactly(op.labels[static_cast<std::size_t>(code.low[i])])
                                                      : Range{0, static_cast<double>(op.label_count) - 1};
  });
}

void bound(BoundedRows& rows, const FindLevel& op) {
  const Lying x(rows, op.of);
  const std::size_t last = op.scheme->bands.size() - 1;
  each(rows, op.out, [&](int i) {
    const auto low = static_cast<double>(band_of(*op.scheme, x.low[i], 0));
    return x.exact(i) && rows.flags(op.out, i) == 0
               ? exactly(low)
               : Range{low, static_cast<double>(band_of(*op.scheme, x.high[i], last))};
  });
}

// These hand on a range, or have only flags.
void bound(BoundedRows&, const ApplyWhen&) {}
void bound(BoundedRows&, const PassGate&) {}
void bound(BoundedRows&, const Gate&) {}

}  // namespace

void BoundAll(BoundedRows& rows, const std::vector<std::int32_t>& operations) {
  for (const std::int32_t operation : operations) {
    std::visit([&](const auto& op) { bound(rows, op); },
               rows.block().plan().operations[static_cast<std::size_t>(operation)]);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(BoundAll);

void bound_all(BoundedRows& rows, const std::vector<std::int32_t>& operations) {
  HWY_DYNAMIC_DISPATCH(BoundAll)(rows, operations);
}

}  // namespace appraise::detail
#endif
