// Ranges of what is looked up, or taken from one register or another.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bounds_choices.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "score/bounds-inl.hpp"
#include "score/holding.hpp"
#include "score/levels-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Collects what the values of a vector of rows could be. Nothing collected leaves them unbounded, which no byte is.
template <class Tag>
class Hull {
 public:
  using Vec = hn::Vec<Tag>;
  using Mask = hn::Mask<Tag>;

  HWY_INLINE Hull() : low_(hn::Set(Tag(), greatest)), high_(hn::Set(Tag(), least)) {}

  /// The ranges given, in rows that are possible.
  HWY_INLINE void add(Mask possible, Vec low, Vec high) {
    low_ = hn::IfThenElse(possible, hn::Min(low_, low), low_);
    high_ = hn::IfThenElse(possible, hn::Max(high_, high), high_);
  }
  HWY_INLINE void put(int row, const Ranges<Tag>& to) const {
    if constexpr (of_bytes<Tag>) {
      to.put(row, low_, high_);
    } else {
      const Mask none = hn::Gt(low_, high_);
      to.put(row, hn::IfThenElse(none, high_, low_), hn::IfThenElse(none, low_, high_));
    }
  }

 private:
  static constexpr hn::TFromD<Tag> least = Holding<hn::TFromD<Tag>>::least, greatest = Holding<hn::TFromD<Tag>>::most;

  Vec low_, high_;
};

/// Whether some number of a range lies in an interval.
class Meeting {
 public:
  explicit Meeting(const Interval& interval)
      : from_(interval.from.value_or(-unbounded)),
        to_(interval.to.value_or(unbounded)),
        closed_(interval.closed || !interval.to) {}

  HWY_INLINE RealMask meets(Real low, Real high) const {
    const RealTag d;
    const Real to = hn::Set(d, to_);
    return hn::And(hn::Ge(high, hn::Set(d, from_)), closed_ ? hn::Le(low, to) : hn::Lt(low, to));
  }

 private:
  double from_, to_;
  bool closed_;
};

void bound(const BoundedRows& rows, const LookUpBand& op) {
  const RealTag d;
  const Ranges<RealTag> x(rows, op.of), to(rows, op.out);
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const Real low = x.low.at(row), high = x.high.at(row);
    Hull<RealTag> hull;
    for (const Band& band : op.bands) {
      const Real value = hn::Set(d, band.value);
      hull.add(Meeting(band.interval).meets(low, high), value, value);
    }
    hull.put(row, to);
  });
}

/// The band that holds each end, or else the first, or the last.
void bound(const BoundedRows& rows, const FindLevel& op) {
  const RealTag d;
  const auto& bands = op.scheme->bands;
  const JoinedBands joined(bands);
  for (const End end : {End::lowest, End::highest}) {
    const Ends<RealTag> x(rows, op.of, end), to(rows, op.out, end);
    const double otherwise = end == End::lowest ? 0 : static_cast<double>(bands.size() - 1);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      const Real own = x.at(row);
      Real level = hn::Set(d, otherwise);
      if (joined.are_joined()) return to.put(row, hn::IfThenElse(joined.hold(own), joined.at(own), level));
      for (std::size_t band = bands.size(); band-- > 0;) {
        level =
            hn::IfThenElse(Meeting(bands[band].interval).meets(own, own), hn::Set(d, static_cast<double>(band)), level);
      }
      to.put(row, level);
    });
  }
}

/// Whole numbers of a range, from 0 to below a limit: the first, and the one after the last.
struct Positions {
  std::size_t begin, end;

  Positions(double low, double high, std::size_t limit)
      : begin(static_cast<std::size_t>(std::clamp(std::ceil(low), 0.0, static_cast<double>(limit)))),
        end(static_cast<std::size_t>(std::clamp(std::floor(high) + 1, 0.0, static_cast<double>(limit)))) {}
};

/// Cells between positions; those not supplied are passed over.
Range hull_of(const LookUpTable& op, Positions at_rows, Positions at_columns) {
  Range found{unbounded, -unbounded};
  for (std::size_t row = at_rows.begin; row < at_rows.end; ++row) {
    for (std::size_t column = at_columns.begin; column < at_columns.end; ++column) {
      const double cell = op.cells[row * static_cast<std::size_t>(op.columns) + column];
      if (cell < found.low) found.low = cell;  // NaN is not
      if (cell > found.high) found.high = cell;
    }
  }
  return found.low > found.high ? Range() : found;
}

/// Mostly one cell of a row is in question; where there are several, they are gone through. The ends are doubles.
void bound(const BoundedRows& rows, const LookUpTable& op) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const hn::RebindToSigned<RealTag> longs;
  const bool pairs = op.column != no_register;
  const Ranges<RealTag> r(rows, op.row), c(rows, pairs ? op.column : op.row), to(rows, op.out);
  const auto width = static_cast<std::size_t>(op.columns), height = op.cells.size() / width;
  const auto is_one = [&](Real low, Real high, std::size_t limit) HWY_ATTR {
    const Real last = hn::Set(d, static_cast<double>(limit - 1));
    return hn::And(hn::Eq(low, high), hn::And(hn::Ge(low, hn::Zero(d)), hn::Le(low, last)));
  };
  std::pair<Range, Range> searched(exactly(-1), exactly(-1));  // what found was found for
  Range found = hull_of(op, {-1, -1, height}, {-1, -1, width});
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const Real at_row = r.low.at(row);
    RealMask one = is_one(at_row, r.high.at(row), height);
    Real at = hn::Mul(at_row, hn::Set(d, op.columns));
    if (pairs) {
      one = hn::And(one, is_one(c.low.at(row), c.high.at(row), width));
      at = hn::Add(at, c.low.at(row));
    }
    const auto index = hn::PromoteTo(longs, hn::DemoteTo(words, hn::IfThenElseZero(one, at)));
    const Real cell = hn::GatherIndex(d, op.cells.data(), index);
    const RealMask known = hn::And(one, hn::Eq(cell, cell));
    to.put(row, hn::IfThenElse(known, cell, hn::Set(d, -unbounded)),
           hn::IfThenElse(known, cell, hn::Set(d, unbounded)));
    if (HWY_LIKELY(hn::AllTrue(d, known))) return;
    double several[HWY_MAX_BYTES / sizeof(double)];
    hn::StoreU(hn::IfThenZeroElse(one, hn::Set(d, 1.0)), d, several);
    for (int i = 0; i < lanes_of(d); ++i) {
      if (several[i] == 0 || row + i >= rows.count()) continue;
      const Range at_rows = rows.range(op.row, row + i), at_columns = pairs ? rows.range(op.column, row + i) : Range();
      // Rows of which nothing is known have the same positions.
      if (std::exchange(searched, {at_rows, at_columns}) != std::pair(at_rows, at_columns))
        found = hull_of(op, {at_rows.low, at_rows.high, height}, {at_columns.low, at_columns.high, width});
      rows.ends<double>(op.out, End::lowest)[row + i] = found.low;
      rows.ends<double>(op.out, End::highest)[row + i] = found.high;
    }
  });
}

template <class Tag>
HWY_INLINE void decide(const BoundedRows& rows, const Decide& op, Tag d) {
  const Ranges<Tag> to(rows, op.out);
  const auto add = [&](Hull<Tag>& hull, int row, hn::Mask<Tag> possible, Register take) HWY_ATTR {
    const Ranges<Tag> x(rows, take);
    hull.add(possible, x.low.at(row), x.high.at(row));
  };
  each_vector(rows, d, [&](int row) HWY_ATTR {
    Hull<Tag> hull;
    auto open = hn::Eq(hn::Zero(d), hn::Zero(d));  // rows in which no condition has surely held yet
    for (std::size_t k = 0; k < op.when.size() && !hn::AllFalse(d, open); ++k) {
      const Truths when(rows, op.when[k]);
      add(hull, row, hn::And(open, when.sometimes(d, row)), op.take[k]);
      open = hn::AndNot(when.always(d, row), open);
    }
    if (op.otherwise != no_register) add(hull, row, open, op.otherwise);
    hull.put(row, to);
  });
}

void bound(const BoundedRows& rows, const Decide& op) {
  by_type(rows, {op.otherwise, op.out}, op.take, [&](auto d) HWY_ATTR { decide(rows, op, d); });
}

/// Values up to the first that has no flag.
template <class Tag>
HWY_INLINE void take_first(const BoundedRows& rows, const TakeFirst& op, Tag d) {
  const ByteTag bytes;
  const Ranges<Tag> to(rows, op.out);
  std::array<std::uint8_t, most_bounded_rows> open;  // not 0 in rows in which none before this one is without flags
  for (std::size_t k = 0; k < op.of.size(); ++k) {
    const Ranges<Tag> x(rows, op.of[k]);
    each_vector(rows, d, [&](int row) HWY_ATTR {
      auto low = x.low.at(row), high = x.high.at(row);
      if (k > 0) {
        const auto before_low = to.low.at(row), before_high = to.high.at(row);
        const auto possible = nonzero(d, open.data() + row);
        low = hn::IfThenElse(possible, hn::Min(before_low, low), before_low);
        high = hn::IfThenElse(possible, hn::Max(before_high, high), before_high);
      }
      to.put(row, low, high);
    });
    const std::uint8_t* flags = rows.given().flags(op.of[k]);
    each_vector(rows, bytes, [&](int row) HWY_ATTR {
      const auto flagged = hn::LoadU(bytes, flags + row);
      const auto before = k == 0 ? flagged : hn::LoadU(bytes, open.data() + row);
      hn::StoreU(hn::IfThenZeroElse(hn::Eq(before, hn::Zero(bytes)), flagged), bytes, open.data() + row);
    });
  }
}

void bound(const BoundedRows& rows, const TakeFirst& op) {
  by_type(rows, {op.out}, op.of, [&](auto d) HWY_ATTR { take_first(rows, op, d); });
}

void bound(const BoundedRows& rows, const ReadAttribute& op) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Ranges<RealTag> code(rows, op.of), to(rows, op.out);
  const std::uint8_t* flags = rows.given().flags(op.of);
  const Real last = hn::Set(d, static_cast<double>(op.label_count) - 1);
  const Real codes = hn::Set(d, static_cast<double>(op.labels.size()));
  each_vector(rows, d, [&](int row) HWY_ATTR {
    const Real own = code.low.at(row);
    const RealMask within = hn::And(hn::Ge(own, hn::Zero(d)), hn::Lt(own, codes));
    const RealMask known = hn::And(hn::And(within, hn::Eq(own, code.high.at(row))), hn::Not(nonzero(d, flags + row)));
    const auto index = hn::DemoteTo(words, hn::IfThenElseZero(known, own));
    const Real label = hn::PromoteTo(d, hn::GatherIndex(words, op.labels.data(), index));
    to.put(row, hn::IfThenElseZero(known, label), hn::IfThenElse(known, label, last));
  });
}

}  // namespace

BoundingKernel ChoiceBoundingKernel(const PlannedOperation& operation) {
  return kernel_among<BoundedChoices, const BoundedRows&, BoundingStep>(
      operation, [](const BoundedRows& rows, const auto& op) { bound(rows, op); });
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ChoiceBoundingKernel);

BoundingKernel choice_bounding_kernel(const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ChoiceBoundingKernel)(operation);
}

}  // namespace appraise::detail
#endif
