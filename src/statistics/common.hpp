/// What the statistics share: checks of what was given, complete rows, intervals, sums.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics::detail {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Throws UsageError "function: argument: found; expected".
[[noreturn]] void refuse(std::string_view function, std::string_view argument, const std::string& found,
                         std::string_view expected);
/// A number as it was written, or nearly: as few digits as tell it from its neighbours.
[[nodiscard]] std::string text_of(double number);
void check_level(std::string_view function, double level);
void check_length(std::string_view function, std::string_view argument, std::size_t found, std::size_t expected);
/// Outcomes are 0 ... `highest` or missing.
void check_outcomes(std::string_view function, std::string_view argument, std::span<const std::uint8_t> outcomes,
                    std::uint8_t highest = 1);
/// Times are not negative; NaN is missing.
void check_times(std::string_view function, std::span<const double> times);

/// z so that `level` of a normal distribution lies within +- z.
[[nodiscard]] double normal_width(double level);
[[nodiscard]] double normal_tails(double statistic);  ///< two-sided p value
[[nodiscard]] double t_tails(double statistic, double degrees_of_freedom);
[[nodiscard]] double t_width(double level, double degrees_of_freedom);
[[nodiscard]] double f_quantile(double probability, double first, double second);
[[nodiscard]] double f_upper_tail(double statistic, double first, double second);
[[nodiscard]] double chi_square_upper_tail(double statistic, double degrees_of_freedom);

/// value +- z * standard error; `no_variance` if the standard error is 0.
[[nodiscard]] Estimate with_interval(double value, double standard_error, double level);
/// The same, ends cut at `least` and `most`.
[[nodiscard]] Estimate with_interval_within(double value, double standard_error, double level, double least,
                                            double most);
/// exp of an estimate and its ends; the standard error stays that of the logarithm.
[[nodiscard]] Estimate exponential(Estimate estimate);
/// The logarithm of an estimate and its ends; the standard error already is that of the logarithm.
[[nodiscard]] Estimate logarithm(Estimate estimate);
/// Two independent estimates: the first less the second, by their standard errors.
[[nodiscard]] Difference wald_difference(const Estimate& first, const Estimate& second, double level);
/// A value whose uncertainty is not known, for `reason`.
[[nodiscard]] Estimate without_interval(double value, Status reason);
[[nodiscard]] Estimate absent(Status reason);
[[nodiscard]] Test normal_test(double difference, double standard_error);
[[nodiscard]] Test chi_square_test(double statistic, double degrees_of_freedom);
[[nodiscard]] Test absent_test(Status reason);

/// Interval of the mean of a Poisson count. Source: Garwood (1936), Biometrika 28, 437-442.
struct Ends {
  double low = 0;
  double high = 0;
};
[[nodiscard]] Ends poisson_interval(double count, double level);

/// A sum with the error of each addition carried along. Source: Neumaier (1974), ZAMM 54, 39-51.
class Sum {
 public:
  void add(double value) noexcept {
    const double next = sum_ + value;
    lost_ += (sum_ < 0 ? -sum_ : sum_) >= (value < 0 ? -value : value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const noexcept { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

/// People with the same score.
struct ScoreCount {
  double score = 0;
  std::uint32_t events = 0;
  std::uint32_t others = 0;
};

/// Each score that occurs, ascending, with how many had the outcome and how many had not.
struct Tally {
  std::vector<ScoreCount> scores;
  Sample sample;
};
/// Errors: UsageError for lengths that differ and outcomes above 1, by the names that the caller knows them by
[[nodiscard]] Tally tally(std::string_view function, std::span<const double> scores,
                          std::span<const std::uint8_t> outcomes, std::string_view outcomes_name = "outcomes");

}  // namespace appraise::statistics::detail
