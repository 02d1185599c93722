#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/distances.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "score/distances.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// To the nearest cut; unbounded if no band holds a value. The first that does counts.
HWY_INLINE Real distance_of(std::span<const MeasuredBand> bands, Real x) {
  const RealTag d;
  Real distance = hn::Set(d, unbounded);
  for (std::size_t k = bands.size(); k-- > 0;) {
    const MeasuredBand& band = bands[k];
    const Real to = hn::Set(d, band.to);
    const RealMask before = band.closed ? hn::Le(x, to) : hn::Lt(x, to);
    const Real up = hn::Sub(hn::Set(d, band.next), x), down = hn::Sub(x, hn::Set(d, band.one_below));
    const RealMask holds = hn::And(hn::Ge(x, hn::Set(d, band.from)), before);
    distance = hn::IfThenElse(holds, hn::Min(down, up), distance);
  }
  return distance;
}

}  // namespace

void WriteDistances(const Block& block, Register of, std::span<const MeasuredBand> bands, bool whole,
                    const ResultMemory& results, int column, std::int64_t first) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Numbers values(block, of);
  const std::uint8_t* flags = block.flags(of);
  const Real most = hn::Set(d, whole ? whole_limit : std::numeric_limits<double>::max());
  const ColumnRows<double> reals(results, column, first, block.rows());
  auto* const wholes = static_cast<std::int32_t*>(results.columns[column].values) + first;
  const BitRows validity(results.columns[column].validity, first, block.rows());
  each_bytes(block, [&](int begin) HWY_ATTR {
    const auto held = truths_of(d, block.rows() - begin, [&](int number) HWY_ATTR {
      const int row = begin + number * lanes_of(d);
      const Real distance = distance_of(bands, values.at(row));
      const RealMask is_held = hn::AndNot(any_bits(d, flags + row, unusable_flags), hn::Le(hn::Abs(distance), most));
      const Real kept = hn::IfThenElseZero(is_held, distance);
      if (!whole) {
        reals.put(row, hn::Add(kept, hn::Zero(d)));  // 0, never -0
      } else if (row < block.rows()) {
        std::int32_t numbers[HWY_MAX_BYTES / sizeof(double)];
        hn::StoreU(hn::DemoteTo(words, kept), words, numbers);
        std::copy_n(numbers, std::min(lanes_of(d), block.rows() - row), wholes + row);
      }
      return is_held;
    });
    validity.put(begin, hn::Ne(held, hn::Zero(ByteTag())));
  });
}

void MeasureDistances(std::span<const MeasuredBand> bands, std::span<const double> values, double* distances) {
  const RealTag d;
  double numbers[HWY_MAX_BYTES / sizeof(double)] = {};
  for (std::size_t i = 0; i < values.size(); i += hn::Lanes(d)) {
    const std::size_t count = std::min(hn::Lanes(d), values.size() - i);
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i), count, numbers);
    hn::StoreU(distance_of(bands, hn::LoadU(d, numbers)), d, numbers);
    std::copy_n(numbers, count, distances + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(WriteDistances);
HWY_EXPORT(MeasureDistances);

std::vector<MeasuredBand> measured_bands(const LevelScheme& scheme, bool whole) {
  const auto& bands = scheme.bands;
  const auto cut = [&](std::size_t band) {
    const double from = *bands[band].interval.from;
    return whole ? std::ceil(from) : from;
  };
  std::vector<MeasuredBand> measured;
  for (std::size_t k = 0; k < bands.size(); ++k) {
    const Interval& interval = bands[k].interval;
    measured.push_back({.from = interval.from.value_or(-unbounded),
                        .to = interval.to.value_or(unbounded),
                        .closed = interval.closed || !interval.to,
                        .next = k + 1 < bands.size() ? cut(k + 1) : unbounded,
                        .one_below = k > 0 ? cut(k) - (whole ? 1 : 0) : -unbounded});
  }
  return measured;
}

void measure_distances(std::span<const MeasuredBand> bands, std::span<const double> values, double* distances) {
  HWY_DYNAMIC_DISPATCH(MeasureDistances)(bands, values, distances);
}

void write_distances(const Block& block, Register of, std::span<const MeasuredBand> bands, bool whole,
                     const ResultMemory& results, int column, std::int64_t first) {
  HWY_DYNAMIC_DISPATCH(WriteDistances)(block, of, bands, whole, results, column, first);
}

}  // namespace appraise::detail
#endif
