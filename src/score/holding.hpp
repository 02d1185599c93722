/// Comparisons with constants.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "appraise/detail/plan.hpp"
#include "appraise/detail/range.hpp"
#include "appraise/scale.hpp"

namespace appraise::detail {

/// The numbers of a type for which a comparison with a constant holds: those from `low` to `high`. No register of
/// whole numbers holds the lowest number of its type, so that none does where nothing can.
template <class Value>
struct Holding {
  static constexpr Value least = std::is_integral_v<Value> ? std::numeric_limits<Value>::lowest() : Value(-unbounded);
  static constexpr Value most = std::is_integral_v<Value> ? std::numeric_limits<Value>::max() : Value(unbounded);
  Value low = most, high = least;

  Holding(Condition::Kind kind, double constant) {
    double from = least, to = most;
    switch (kind) {
      case Condition::Kind::at_least:
        from = rounded_up(constant);
        break;
      case Condition::Kind::above:
        from = std::is_integral_v<Value> ? rounded_down(constant) + 1 : std::nextafter(constant, unbounded);
        break;
      case Condition::Kind::at_most:
        to = rounded_down(constant);
        break;
      case Condition::Kind::below:
        to = std::is_integral_v<Value> ? rounded_up(constant) - 1 : std::nextafter(constant, -unbounded);
        break;
      default:
        from = rounded_up(constant);
        to = rounded_down(constant);
    }
    if (from > most || to < least) return;
    low = static_cast<Value>(std::max<double>(from, least));
    high = static_cast<Value>(std::min<double>(to, most));
  }

 private:
  static double rounded_up(double x) { return -rounded_down(-x); }
  /// Most constants are small, and old processors have no instruction that rounds.
  static double rounded_down(double x) {
    if constexpr (!std::is_integral_v<Value>) return x;
    if (!(std::fabs(x) < whole_limit)) return std::floor(x);
    const auto toward_0 = static_cast<double>(static_cast<std::int32_t>(x));
    return toward_0 > x ? toward_0 - 1 : toward_0;
  }
};

}  // namespace appraise::detail
