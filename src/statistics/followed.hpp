/// People with their times of follow-up, in order of time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "statistics/common.hpp"

namespace appraise::statistics::detail {

/// Complete rows in ascending order of time; at one time those with event 1 come first.
struct Followed {
  std::vector<double> scores;   ///< empty if none were given
  std::vector<double> weights;  ///< empty if none were given
  std::vector<double> times;
  std::vector<std::uint8_t> events;
  Sample sample;  ///< its events are those of kind 1
};

/// Errors: UsageError for lengths that differ, negative times, weights or events above `highest`
[[nodiscard]] Followed by_time(std::string_view function, std::span<const double> scores, std::span<const double> times,
                               std::span<const std::uint8_t> events, std::uint8_t highest,
                               std::span<const double> weights = {}, bool scored = true);

/// Of each person, the share still followed just before their time: the Kaplan-Meier curve of censoring. At one time
/// events come before censoring.
[[nodiscard]] std::vector<double> still_followed_before(const Followed& people);
/// The same curve at a time, drops at that time included.
[[nodiscard]] double still_followed_at(const Followed& people, double time);

}  // namespace appraise::statistics::detail
