/// Rows that lack nothing, of columns of equal length.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <string_view>

namespace appraise::statistics::detail {

struct Complete {
  Eigen::MatrixXd values;
  std::int64_t left_out = 0;
};

/// Errors: UsageError if columns differ in length
[[nodiscard]] Complete complete(std::string_view function, std::string_view argument,
                                std::span<const std::span<const double>> columns);

}  // namespace appraise::statistics::detail
