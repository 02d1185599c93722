#include "appraise/statistics/meta_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

struct Mean {
  double value = 0;
  double error = 0;
  std::vector<double> weights;
};

Mean weighted(const std::vector<double>& values, const std::vector<double>& variances, double between) {
  Mean mean;
  double total = 0, sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = 1 / (variances[i] + between);
    mean.weights.push_back(weight);
    total += weight;
    sum += weight * values[i];
  }
  mean.value = sum / total;
  mean.error = std::sqrt(1 / total);
  for (double& weight : mean.weights) weight /= total;
  return mean;
}

}  // namespace

Pooled pool(std::span<const double> values, std::span<const double> standard_errors, double level) {
  constexpr std::string_view name = "pool";
  detail::check_level(name, level);
  detail::check_length(name, "standard_errors", standard_errors.size(), values.size());
  std::vector<double> y, v;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || !std::isfinite(standard_errors[i])) continue;
    if (!(standard_errors[i] > 0)) {
      detail::refuse(name, "standard_errors", std::to_string(standard_errors[i]), "a positive number");
    }
    y.push_back(values[i]);
    v.push_back(standard_errors[i] * standard_errors[i]);
  }
  Pooled result;
  result.samples = static_cast<std::int64_t>(y.size());
  result.left_out = static_cast<std::int64_t>(values.size() - y.size());
  if (y.empty()) return result;
  const double k = static_cast<double>(y.size());
  const Mean fixed = weighted(y, v, 0);
  result.fixed = detail::with_interval(fixed.value, fixed.error, level);
  result.fixed_weights = fixed.weights;
  if (y.size() < 2) {
    result.random = result.prediction = detail::absent(Status::too_few);
    result.q = detail::absent_test(Status::too_few);
    return result;
  }
  double q = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    q += (y[i] - fixed.value) * (y[i] - fixed.value) / v[i];
    first += 1 / v[i];
    second += 1 / (v[i] * v[i]);
  }
  result.q = detail::chi_square_test(q, k - 1);
  result.tau_squared = std::max(0.0, (q - (k - 1)) / (first - second / first));
  // Share of variation by the typical within-sample variance, as metafor has it.
  const double typical = (k - 1) * first / (first * first - second);
  result.i_squared = result.tau_squared / (result.tau_squared + typical);
  const Mean random = weighted(y, v, result.tau_squared);
  result.random = detail::with_interval(random.value, random.error, level);
  result.random_weights = random.weights;
  if (y.size() < 3) {
    result.prediction = detail::without_interval(random.value, Status::too_few);
    return result;
  }
  const double error = std::sqrt(result.tau_squared + random.error * random.error);
  const double width = detail::t_width(level, k - 2) * error;
  result.prediction = {random.value,     error, random.value - width, random.value + width, Status::estimated,
                       Status::estimated};
  return result;
}

}  // namespace appraise::statistics
