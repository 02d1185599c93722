/// Predicted rates with the outcomes they are of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "statistics/common.hpp"

namespace appraise::statistics::detail {

enum class Rates : std::uint8_t { any, below_one, inside };

/// Errors: UsageError if a rate is outside [0, 1]; or 1; or 0 or 1. NaN is missing
void check_rates(std::string_view function, std::span<const double> rates, Rates allowed = Rates::any,
                 std::string_view argument = "predicted");

/// Each rate that occurs, ascending, with its people; `score` is the rate.
[[nodiscard]] Tally tally_rates(std::string_view function, std::span<const double> predicted,
                                std::span<const std::uint8_t> outcomes, Rates allowed = Rates::any,
                                std::string_view argument = "predicted");

}  // namespace appraise::statistics::detail
