// Levels of numbers, for each instruction set.
#if defined(APPRAISE_SCORE_LEVELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_LEVELS_INL_HPP
#undef APPRAISE_SCORE_LEVELS_INL_HPP
#else
#define APPRAISE_SCORE_LEVELS_INL_HPP
#endif

#include <hwy/highway.h>

#include <array>
#include <cstddef>
#include <vector>

#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Bands each of which begins where the one before it ends, as those of most schemes of real numbers.
class JoinedBands {
 public:
  explicit JoinedBands(const std::vector<LevelBand>& bands)
      : are_joined_(bands.size() <= cuts_.size()),
        last_closed_(bands.back().interval.closed || !bands.back().interval.to),
        from_(bands.front().interval.from.value_or(-unbounded)),
        to_(bands.back().interval.to.value_or(unbounded)) {
    for (std::size_t i = 1; i < bands.size() && are_joined_; ++i) {
      const Interval &before = bands[i - 1].interval, &own = bands[i].interval;
      are_joined_ = before.to && own.from && *before.to == *own.from && !before.closed;
      if (are_joined_) cuts_[count_++] = *own.from;
    }
  }

  [[nodiscard]] bool are_joined() const { return are_joined_; }
  /// The position of the band that holds a number: as many cuts as it has reached.
  HWY_INLINE Real at(Real x) const {
    const RealTag d;
    const Real one = hn::Set(d, 1.0);
    Real level = hn::Zero(d);
    for (std::size_t i = 0; i < count_; ++i) {
      level = hn::Add(level, hn::IfThenElseZero(hn::Ge(x, hn::Set(d, cuts_[i])), one));
    }
    return level;
  }
  /// Whether some band does.
  HWY_INLINE RealMask hold(Real x) const {
    const RealTag d;
    const Real to = hn::Set(d, to_);
    return hn::And(hn::Ge(x, hn::Set(d, from_)), last_closed_ ? hn::Le(x, to) : hn::Lt(x, to));
  }

 private:
  std::array<double, 16> cuts_;
  std::size_t count_ = 0;
  bool are_joined_, last_closed_;
  double from_, to_;
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
