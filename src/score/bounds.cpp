// Lowest and highest possible values: the operations of a plan over ranges.
#include "score/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/detail/elementary.hpp"
#include "appraise/detail/range.hpp"
#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

constexpr Range either{0, 1};

Range truth(bool is) { return exactly(is ? 1 : 0); }

/// x below y for every pair, for none, or for some.
Range is_below(Range x, Range y) {
  if (x.high < y.low) return truth(true);
  if (x.low >= y.high) return truth(false);
  return either;
}
Range is_not(Range x) { return {1 - x.high, 1 - x.low}; }
Range is_equal(Range x, Range y) {
  if (x.low == x.high && x == y) return truth(true);
  if (x.high < y.low || y.high < x.low) return truth(false);
  return either;
}

Range compared(Condition::Kind kind, Range x, Range y) {
  switch (kind) {
    case Condition::Kind::at_least:
      return is_not(is_below(x, y));
    case Condition::Kind::above:
      return is_below(y, x);
    case Condition::Kind::at_most:
      return is_not(is_below(y, x));
    case Condition::Kind::below:
      return is_below(x, y);
    default:
      return is_equal(x, y);
  }
}

/// The same function of both ends of a range, for one that never falls.
template <class Function>
void rising(BoundedRows& block, Register of, Register out, Function function) {
  for (int row = 0; row < block.count(); ++row) {
    const Range x = block.range(of, row);
    block.put(out, row, {function(x.low), function(x.high)});
  }
}

template <class Function>
void pairwise(BoundedRows& block, Register a, Register b, Register out, Function function) {
  for (int row = 0; row < block.count(); ++row) block.put(out, row, function(block.range(a, row), block.range(b, row)));
}

void bound(BoundedRows& block, const LoadItem& op) {
  const PlannedItem& item = block.item(op.item);
  const auto bound_one = [&](Register of, Range domain) {
    if (!block.read(of)) return;
    for (int row = 0; row < block.count(); ++row) {
      block.put(of, row, block.flags(of, row) == 0 ? exactly(block.number(of, row)) : domain);
    }
  };
  bound_one(op.response, {item.response_low, item.response_high});
  bound_one(op.points, {item.points_low, item.points_high});
}

void bound(BoundedRows& block, const ApplyItem& op) {
  const PlannedItem& item = block.item(op.item);
  const Range otherwise = exactly(item.item->points_if_not_applicable);
  for (int row = 0; row < block.count(); ++row) {
    if (block.read(op.response)) {
      const bool given = block.flags(op.response, row) == 0;
      block.put(op.response, row,
                given ? exactly(block.number(op.response, row)) : Range{item.response_low, item.response_high});
    }
    if (!block.read(op.points)) continue;
    const Range own = block.range(op.given_points, row), applies = block.range(op.applies, row);
    block.put(op.points, row, applies.high == 0 ? otherwise : applies.low == 1 ? own : hull(own, otherwise));
  }
}

void bound(BoundedRows& block, const Constant& op) {
  for (int row = 0; row < block.count(); ++row) block.put(op.out, row, exactly(op.value));
}

void bound(BoundedRows& block, const Compare& op) {
  for (int row = 0; row < block.count(); ++row) {
    const Range x = block.range(op.of, row);
    if (op.with != no_register) {
      block.put(op.out, row, compared(op.kind, x, block.range(op.with, row)));
      continue;
    }
    Range result{0, 0};  // any of the constants
    for (const double y : op.constants) {
      const Range one = compared(op.kind, x, exactly(y));
      result = {std::max(result.low, one.low), std::max(result.high, one.high)};
    }
    block.put(op.out, row, result);
  }
}

void bound(BoundedRows& block, const IsMissing& op) {
  for (int row = 0; row < block.count(); ++row) {
    block.put(op.out, row, block.flags(op.of, row) == 0 ? truth(!op.missing) : either);
  }
}

void bound(BoundedRows& block, const Join& op) {
  for (int row = 0; row < block.count(); ++row) {
    const bool all = op.kind == Condition::Kind::all;
    if (op.kind == Condition::Kind::negation) {
      block.put(op.out, row, is_not(block.range(op.of.front(), row)));
      continue;
    }
    Range result = truth(all);
    for (const Register part : op.of) {
      const Range one = block.range(part, row);
      result = all ? Range{std::min(result.low, one.low), std::min(result.high, one.high)}
                   : Range{std::max(result.low, one.low), std::max(result.high, one.high)};
    }
    block.put(op.out, row, result);
  }
}

void bound(BoundedRows& block, const SumValues& op) {
  for (int row = 0; row < block.count(); ++row) {
    Range sum = exactly(0);
    for (const Register one : op.of) sum = add(sum, block.range(one, row));
    block.put(op.out, row, sum);
  }
}

void bound(BoundedRows& block, const ExtremeValue& op) {
  for (int row = 0; row < block.count(); ++row) {
    Range extreme = block.range(op.of.front(), row);
    for (const Register one : op.of) {
      const Range x = block.range(one, row);
      extreme = op.highest ? Range{std::max(extreme.low, x.low), std::max(extreme.high, x.high)}
                           : Range{std::min(extreme.low, x.low), std::min(extreme.high, x.high)};
    }
    block.put(op.out, row, extreme);
  }
}

void bound(BoundedRows& block, const WeighTerm& op) {
  for (int row = 0; row < block.count(); ++row) {
    const Range when = op.when == no_register ? truth(true) : block.range(op.when, row);
    if (when == truth(false)) {
      block.put(op.out, row, exactly(0));
      continue;
    }
    Range term = exactly(op.weight);
    if (!op.of.empty()) {
      Range product = block.range(op.of.front(), row);
      for (std::size_t i = 1; i < op.of.size(); ++i) product = multiply(product, block.range(op.of[i], row));
      term = multiply(exactly(op.weight), raise(product, op.power));
    }
    block.put(op.out, row, when == truth(true) ? term : hull(exactly(0), term));
  }
}

void bound(BoundedRows& block, const AddTerms& op) {
  for (int row = 0; row < block.count(); ++row) {
    Range sum = exactly(op.intercept);
    for (const Register term : op.of) sum = add(sum, block.range(term, row));
    block.put(op.out, row, sum);
  }
}

void bound(BoundedRows& block, const Subtract& op) { pairwise(block, op.of, op.minus, op.out, subtract); }

void bound(BoundedRows& block, const CountTrue& op) {
  for (int row = 0; row < block.count(); ++row) {
    Range count = exactly(0);
    for (const Register one : op.of) count = add(count, block.range(one, row));
    block.put(op.out, row, count);
  }
}

void bound(BoundedRows& block, const Multiply& op) {
  for (int row = 0; row < block.count(); ++row) {
    Range product = block.range(op.of.front(), row);
    for (std::size_t i = 1; i < op.of.size(); ++i) product = multiply(product, block.range(op.of[i], row));
    block.put(op.out, row, product);
  }
}

void bound(BoundedRows& block, const Divide& op) { pairwise(block, op.of, op.over, op.out, divide); }

void bound(BoundedRows& block, const Logarithm& op) {
  rising(block, op.of, op.out, [](double x) { return x <= 0 ? -unbounded : logarithm(x); });
}

void bound(BoundedRows& block, const LogisticFunction& op) {
  rising(block, op.of, op.out, [](double x) { return 1 / (1 + exponential(-x)); });
}

/// Whether some number of the range lies in the interval.
bool meets(const Interval& interval, Range x) {
  if (interval.from && x.high < *interval.from) return false;
  return !interval.to || x.low < *interval.to || (interval.closed && x.low == *interval.to);
}

/// Collects what a value could be; nothing collected leaves it unbounded.
class Hull {
 public:
  void add(Range range) {
    range_ = empty_ ? range : hull(range_, range);
    empty_ = false;
  }
  [[nodiscard]] Range range() const { return empty_ ? Range{} : range_; }

 private:
  Range range_;
  bool empty_ = true;
};

void bound(BoundedRows& block, const LookUpBand& op) {
  for (int row = 0; row < block.count(); ++row) {
    Hull hull;
    for (const Band& band : op.bands) {
      if (meets(band.interval, block.range(op.of, row))) hull.add(exactly(band.value));
    }
    block.put(op.out, row, hull.range());
  }
}

void bound(BoundedRows& block, const LookUpTable& op) {
  for (int row = 0; row < block.count(); ++row) {
    const Range r = block.range(op.row, row);
    const Range c = op.column == no_register ? exactly(0) : block.range(op.column, row);
    Hull hull;
    for (std::size_t i = 0; i < op.cells.size(); ++i) {
      const auto at_row = static_cast<double>(i / static_cast<std::size_t>(op.columns));
      const auto at_column = static_cast<double>(i % static_cast<std::size_t>(op.columns));
      const bool possible = at_row >= r.low && at_row <= r.high && at_column >= c.low && at_column <= c.high;
      if (possible && !std::isnan(op.cells[i])) hull.add(exactly(op.cells[i]));
    }
    block.put(op.out, row, hull.range());
  }
}

void bound(BoundedRows& block, const Decide& op) {
  for (int row = 0; row < block.count(); ++row) {
    Hull hull;
    bool decided = false;
    for (std::size_t i = 0; i < op.when.size() && !decided; ++i) {
      const Range when = block.range(op.when[i], row);
      if (when.high == 1) hull.add(block.range(op.take[i], row));
      decided = when.low == 1;
    }
    if (!decided && op.otherwise != no_register) hull.add(block.range(op.otherwise, row));
    block.put(op.out, row, hull.range());
  }
}

void bound(BoundedRows& block, const TakeFirst& op) {
  for (int row = 0; row < block.count(); ++row) {
    Hull hull;
    for (const Register one : op.of) {
      hull.add(block.range(one, row));
      if (block.flags(one, row) == 0) break;
    }
    block.put(op.out, row, hull.range());
  }
}

void bound(BoundedRows& block, const ClampValue& op) {
  rising(block, op.of, op.out, [&](double x) {
    if (op.from && x < *op.from) x = *op.from;
    if (op.to && x > *op.to) x = *op.to;
    return x;
  });
}

void bound(BoundedRows& block, const RoundValue& op) {
  rising(block, op.of, op.out, [&](double x) { return round_decimal(x, op.digits, op.mode); });
}

void bound(BoundedRows& block, const MeasureTime& op) {
  pairwise(block, op.from, op.to, op.out, [&](Range from, Range to) {
    const auto between = [&](double a, double b, double open) {
      if (std::isinf(a) || std::isinf(b)) return open;
      return static_cast<double>(time_between(static_cast<Days>(a), static_cast<Days>(b), op.in, op.no_such_day));
    };
    return Range{between(from.high, to.low, -unbounded), between(from.low, to.high, unbounded)};
  });
}

void bound(BoundedRows& block, const MoveTime& op) {
  pairwise(block, op.to, op.amount, op.out, [&](Range date, Range amount) {
    const auto moved = [&](double from, double by, double open) {
      if (std::isinf(from) || std::isinf(by)) return open;
      const auto days = add_time(static_cast<Days>(from), static_cast<std::int64_t>(by), op.in, op.no_such_day);
      return days ? static_cast<double>(*days) : open;
    };
    return Range{moved(date.low, amount.low, -unbounded), moved(date.high, amount.high, unbounded)};
  });
}

void bound(BoundedRows& block, const ReadAttribute& op) {
  for (int row = 0; row < block.count(); ++row) {
    const Range code = block.range(op.of, row);
    block.put(op.out, row,
              code.low == code.high && block.flags(op.of, row) == 0
                  ? exactly(op.labels[static_cast<std::size_t>(code.low)])
                  : Range{0, static_cast<double>(op.label_count) - 1});
  }
}

void bound(BoundedRows& block, const FindLevel& op) {
  const auto position = [&](double x, std::size_t otherwise) {
    return static_cast<double>(band_of(*op.scheme, x, otherwise));
  };
  for (int row = 0; row < block.count(); ++row) {
    const Range x = block.range(op.of, row);
    block.put(op.out, row, {position(x.low, 0), position(x.high, op.scheme->bands.size() - 1)});
  }
}

void bound(BoundedRows& block, const ApplyWhen& op) {
  for (int row = 0; row < block.count(); ++row) block.put(op.out, row, block.range(op.of, row));
}
void bound(BoundedRows& block, const PassGate& op) {
  for (int row = 0; row < block.count(); ++row) block.put(op.out, row, block.range(op.of, row));
}
void bound(BoundedRows&, const Gate&) {}  // flags only

}  // namespace

std::size_t band_of(const LevelScheme& scheme, double value, std::size_t otherwise) {
  const auto& bands = scheme.bands;
  const auto found =
      std::find_if(bands.begin(), bands.end(), [&](const LevelBand& band) { return band.interval.holds(value); });
  return found == bands.end() ? otherwise : static_cast<std::size_t>(found - bands.begin());
}

BoundedRows::BoundedRows(const Layout& layout) : slots_(layout.plan.registers.size(), -1) {
  BoundingSteps bounding(layout);
  steps_ = std::move(bounding.steps);
  std::int32_t registers = 0;
  for (const Register of : bounding.registers) {
    slots_[static_cast<std::size_t>(of)] = registers++;
    const auto maker = static_cast<std::size_t>(layout.plan.made_by[static_cast<std::size_t>(of)]);
    const bool gated = std::holds_alternative<PassGate>(layout.plan.operations[maker]);
    (gated ? gated_ : watched_).push_back(of);
  }
  constexpr std::size_t bytes = 64 * 1024;  // of ranges, where the registers are few
  most_ =
      std::clamp(static_cast<int>(bytes / sizeof(Range) / static_cast<std::size_t>(std::max(registers, 1))), 16, 256);
  ranges_.resize(static_cast<std::size_t>(registers) * static_cast<std::size_t>(most_));
  any_.resize(static_cast<std::size_t>(layout.rows));
  selected_.reserve(static_cast<std::size_t>(layout.rows));
}

const std::vector<std::int32_t>& BoundedRows::select(const Block& block) {
  join_flags(block, watched_, any_.data());
  mark_missing(block, gated_, any_.data());
  selected_.clear();
  const int rows = block.rows();
  for (int row = 0; row < rows; row += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, any_.data() + row, sizeof eight);
    if (eight == 0) continue;
    for (int i = row; i < std::min(row + 8, rows); ++i) {
      if (any_[static_cast<std::size_t>(i)] != 0) selected_.push_back(i);
    }
  }
  return selected_;
}

void BoundedRows::run(const Block& block, const std::int32_t* rows, int count) {
  block_ = &block;
  rows_ = rows;
  count_ = count;
  for (const std::int32_t step : steps_) {
    std::visit([&](const auto& op) { bound(*this, op); }, block.plan().operations[static_cast<std::size_t>(step)]);
  }
}

}  // namespace appraise::detail
