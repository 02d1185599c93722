/// What every statistic is made of: an estimate, a test, and the reason where there is none.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace appraise::statistics {

/// The value of an outcome that is not known. Its row is left out, and counted.
inline constexpr std::uint8_t missing_outcome = 255;

/// Why a figure is there, or is not.
enum class Status : std::uint8_t {
  estimated,      ///< it is there
  no_data,        ///< no row is complete
  one_class,      ///< every outcome is the same: there is nothing to tell apart
  no_events,      ///< nobody had the outcome
  too_few,        ///< fewer observations than the figure needs
  constant,       ///< the scores do not vary
  no_variance,    ///< the observations show no variation, which says nothing of how sure the figure is
  separated,      ///< a score tells the outcomes apart without error: no finite estimate is most likely
  collinear,      ///< one column follows from the others
  not_converged,  ///< the iterations did not settle
  suppressed,     ///< so few people that they might be recognised
  by_resampling,  ///< no formula gives an interval; bootstrap() does
  not_reached,    ///< the curve does not get there, or nobody was followed that long
  out_of_range,   ///< the numbers are too large, or too small, to be worked with
  certain,        ///< a predicted rate is 0 or 1, which one person could refute: it has no logit
};

[[nodiscard]] std::string_view to_string(Status status) noexcept;
/// The status of that name; nothing if there is none.
[[nodiscard]] std::optional<Status> status_named(std::string_view name) noexcept;

inline constexpr double not_available = std::numeric_limits<double>::quiet_NaN();

/// A figure with its interval. `value` is NaN exactly where `status` is not `estimated`; `low` and `high` are NaN
/// exactly where `interval` is not, except that one end may be known without the other: then the unknown end is
/// infinite. `standard_error` is NaN there too, and where the interval is not made of one: F intervals and those of
/// quantiles.
struct Estimate {
  double value = not_available;
  double standard_error = not_available;  ///< on the scale on which the interval is symmetric
  double low = not_available;
  double high = not_available;
  Status status = Status::no_data;
  Status interval = Status::no_data;
};

/// A test of "no difference". Figures are NaN exactly where `status` is not `estimated`.
struct Test {
  double statistic = not_available;
  double degrees_of_freedom = not_available;  ///< infinite for a normal statistic, 0 for an exact test of counts
  double p_value = not_available;             ///< two-sided, or upper tail of a chi-square
  Status status = Status::no_data;
};

/// How one figure differs from another: the first less the second, or the first over it where that is said.
struct Difference {
  Estimate value;
  Test test;
};

/// Whom a figure is about.
struct Sample {
  std::int64_t n = 0;         ///< rows used
  std::int64_t events = 0;    ///< of them with the outcome
  std::int64_t left_out = 0;  ///< rows with a missing value
};

}  // namespace appraise::statistics
