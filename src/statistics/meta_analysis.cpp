#include "appraise/statistics/meta_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

constexpr std::string_view name = "pool";

/// The samples that have a figure, on the scale that is pooled.
struct Studies {
  std::vector<double> values, variances;
  std::vector<std::int64_t> rows;
  [[nodiscard]] std::size_t size() const { return values.size(); }
};

double pooled_scale(PoolScale scale, double value) {
  if (scale == PoolScale::ratio) return std::log(value);
  return scale == PoolScale::proportion ? std::log(value / (1 - value)) : value;
}

double given_scale(PoolScale scale, double value) {
  if (scale == PoolScale::ratio) return std::exp(value);
  if (scale == PoolScale::as_given) return value;
  return value < 0 ? std::exp(value) / (1 + std::exp(value)) : 1 / (1 + std::exp(-value));
}

/// Value and ends on the scale given; the standard error stays.
Estimate as_given(PoolScale scale, Estimate estimate) {
  estimate.value = given_scale(scale, estimate.value);
  if (estimate.interval == Status::estimated) {
    estimate.low = given_scale(scale, estimate.low);
    estimate.high = given_scale(scale, estimate.high);
  }
  return estimate;
}

Studies studies_of(std::span<const double> values, std::span<const double> errors, PoolScale scale) {
  detail::check_length(name, "standard_errors", errors.size(), values.size());
  Studies studies;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool proportion = scale == PoolScale::proportion;
    const bool certain = proportion && (values[i] == 0 || values[i] == 1);
    if (!std::isfinite(values[i]) || !std::isfinite(errors[i]) || certain) continue;
    if (!(errors[i] > 0)) detail::refuse(name, "standard_errors", std::to_string(errors[i]), "a positive number");
    if ((scale == PoolScale::ratio || proportion) && !(values[i] > 0)) {
      detail::refuse(name, "values", std::to_string(values[i]), proportion ? "proportions above 0" : "ratios above 0");
    }
    if (proportion && !(values[i] < 1)) {
      detail::refuse(name, "values", std::to_string(values[i]), "proportions below 1");
    }
    const double error = proportion ? errors[i] / (values[i] * (1 - values[i])) : errors[i];
    studies.rows.push_back(static_cast<std::int64_t>(i));
    studies.values.push_back(pooled_scale(scale, values[i]));
    studies.variances.push_back(error * error);
  }
  return studies;
}

struct Mean {
  double value = 0;
  double total = 0;  ///< of the weights
  std::vector<double> weights;
};

Mean weighted(const Studies& studies, double between) {
  Mean mean;
  double sum = 0;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const double weight = 1 / (studies.variances[i] + between);
    mean.weights.push_back(weight);
    mean.total += weight;
    sum += weight * studies.values[i];
  }
  mean.value = sum / mean.total;
  return mean;
}

/// Sum of weight^power, or of weight^power times the squared distance from the mean.
double sum_of_weights(const Mean& mean, int power) {
  double sum = 0;
  for (const double weight : mean.weights) sum += std::pow(weight, power);
  return sum;
}
double sum_of_squares(const Studies& studies, const Mean& mean, int power) {
  double sum = 0;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const double apart = studies.values[i] - mean.value;
    sum += std::pow(mean.weights[i], power) * apart * apart;
  }
  return sum;
}

/// Fisher's scoring of the restricted likelihood, from `start`; 0 where it rises towards 0.
double reml(const Studies& studies, double start, bool& settled) {
  double between = start;
  settled = false;
  for (int i = 0; i < 1000 && !settled; ++i) {
    const Mean mean = weighted(studies, between);
    const double second = sum_of_weights(mean, 2) / mean.total, third = sum_of_weights(mean, 3) / mean.total;
    const double trace = mean.total - second, trace_of_square = sum_of_weights(mean, 2) - 2 * third + second * second;
    double step = (sum_of_squares(studies, mean, 2) - trace) / trace_of_square;
    if (between + step < 0) step = between > 1e-14 / mean.total ? -between / 2 : -between;
    between += step;
    settled = std::abs(step) <= 1e-12 * (between + 1 / mean.total);
  }
  return between;
}

/// Mean of figures that differ, and where the figure of a new sample lies.
void random_effect(const Studies& studies, const PoolOptions& options, Pooled& result) {
  const double k = static_cast<double>(studies.size());
  const Mean mean = weighted(studies, result.tau_squared);
  result.random_weights = mean.weights;
  for (double& weight : result.random_weights) weight /= mean.total;
  double error = std::sqrt(1 / mean.total), width = detail::normal_width(options.level);
  if (options.hartung_knapp) {
    error = std::sqrt(sum_of_squares(studies, mean, 1) / (k - 1) / mean.total);
    width = detail::t_width(options.level, k - 1);
  }
  const auto with_width = [&](double e, double w) {
    if (!(e > 0)) return detail::without_interval(given_scale(options.scale, mean.value), Status::no_variance);
    return as_given(options.scale,
                    {mean.value, e, mean.value - w * e, mean.value + w * e, Status::estimated, Status::estimated});
  };
  result.random = with_width(error, width);
  if (studies.size() < 3) {
    result.prediction = detail::without_interval(given_scale(options.scale, mean.value), Status::too_few);
    return;
  }
  result.prediction =
      with_width(std::hypot(std::sqrt(result.tau_squared), error), detail::t_width(options.level, k - 2));
}

}  // namespace

Pooled pool(std::span<const double> values, std::span<const double> standard_errors, const PoolOptions& options) {
  detail::check_level(name, options.level);
  const Studies studies = studies_of(values, standard_errors, options.scale);
  Pooled result;
  result.rows = studies.rows;
  result.samples = static_cast<std::int64_t>(studies.size());
  result.left_out = static_cast<std::int64_t>(values.size() - studies.size());
  for (std::size_t i = 0; i < studies.size(); ++i) {
    result.each.push_back(as_given(
        options.scale, detail::with_interval(studies.values[i], std::sqrt(studies.variances[i]), options.level)));
  }
  if (studies.size() == 0) return result;
  const Mean fixed = weighted(studies, 0);
  result.fixed = as_given(options.scale, detail::with_interval(fixed.value, std::sqrt(1 / fixed.total), options.level));
  result.fixed_weights = fixed.weights;
  for (double& weight : result.fixed_weights) weight /= fixed.total;
  if (studies.size() < 2) {
    result.random = result.prediction = detail::absent(Status::too_few);
    result.q = detail::absent_test(Status::too_few);
    return result;
  }
  const double k = static_cast<double>(studies.size()), q = sum_of_squares(studies, fixed, 1);
  const double squares = sum_of_weights(fixed, 2);
  result.q = detail::chi_square_test(q, k - 1);
  result.tau_squared = std::max(0.0, (q - (k - 1)) / (fixed.total - squares / fixed.total));
  if (options.between == BetweenSamples::reml) {
    bool settled = false;
    const double between = reml(studies, result.tau_squared, settled);
    result.tau_squared = settled ? between : not_available;
    if (!settled) {
      result.random = result.prediction = detail::absent(Status::not_converged);
      return result;
    }
  }
  // Share of variation by the typical within-sample variance, as metafor has it.
  const double typical = (k - 1) * fixed.total / (fixed.total * fixed.total - squares);
  result.i_squared = result.tau_squared / (result.tau_squared + typical);
  random_effect(studies, options, result);
  return result;
}

}  // namespace appraise::statistics
