#include "appraise/statistics/agreement.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "appraise/statistics/cuts.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

struct Pair {
  double first, second;
};

std::vector<Pair> complete_pairs(std::string_view name, std::span<const double> first, std::span<const double> second) {
  detail::check_length(name, "second", second.size(), first.size());
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (std::isfinite(first[i]) && std::isfinite(second[i])) pairs.push_back({first[i], second[i]});
  }
  return pairs;
}

std::vector<double> distinct(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

Eigen::Index place_of(const std::vector<double>& values, double value) {
  return std::lower_bound(values.begin(), values.end(), value) - values.begin();
}

double agreement_of(double a, double b, double range, KappaWeights weights) {
  if (weights == KappaWeights::none) return a == b ? 1 : 0;
  const double apart = std::abs(a - b) / range;
  return 1 - (weights == KappaWeights::linear ? apart : apart * apart);
}

/// Disagreement of two values; `counts` are of the pairable ratings, values ascending.
double apart(const std::vector<double>& values, const Eigen::VectorXd& counts, Eigen::Index c, Eigen::Index k,
             Measurement measurement) {
  if (c == k) return 0;
  const double a = values[static_cast<std::size_t>(c)], b = values[static_cast<std::size_t>(k)];
  switch (measurement) {
    case Measurement::nominal:
      return 1;
    case Measurement::ordinal: {
      const Eigen::Index low = std::min(c, k), high = std::max(c, k);
      const double between = counts.segment(low, high - low + 1).sum() - (counts[low] + counts[high]) / 2;
      return between * between;
    }
    case Measurement::interval:
      return (a - b) * (a - b);
    case Measurement::ratio:
      break;
  }
  return std::pow((a - b) / (a + b), 2);
}

}  // namespace

Kappa kappa(std::span<const double> first, std::span<const double> second, KappaWeights weights, double level) {
  detail::check_level("kappa", level);
  const std::vector<Pair> pairs = complete_pairs("kappa", first, second);
  Kappa result;
  result.n = static_cast<std::int64_t>(pairs.size());
  result.left_out = static_cast<std::int64_t>(first.size() - pairs.size());
  if (pairs.empty()) {
    result.kappa = detail::absent(Status::no_data);
    return result;
  }
  std::vector<double> values;
  for (const Pair& pair : pairs) values.insert(values.end(), {pair.first, pair.second});
  values = distinct(std::move(values));
  if (values.size() == 1) {
    result.observed = result.expected = 1;
    result.kappa = detail::absent(Status::constant);
    return result;
  }
  const auto c = static_cast<Eigen::Index>(values.size());
  const double n = static_cast<double>(pairs.size()), range = values.back() - values.front();
  Eigen::MatrixXd p = Eigen::MatrixXd::Zero(c, c), w(c, c);
  for (const Pair& pair : pairs) p(place_of(values, pair.first), place_of(values, pair.second)) += 1 / n;
  for (Eigen::Index i = 0; i < c; ++i) {
    for (Eigen::Index j = 0; j < c; ++j) {
      w(i, j) = agreement_of(values[static_cast<std::size_t>(i)], values[static_cast<std::size_t>(j)], range, weights);
    }
  }
  const Eigen::VectorXd rows = p.rowwise().sum(), columns = p.colwise().sum();
  result.observed = (w.array() * p.array()).sum();
  result.expected = rows.dot(w * columns);
  const double value = (result.observed - result.expected) / (1 - result.expected);
  const Eigen::VectorXd of_row = w * columns, of_column = w.transpose() * rows;
  double sum = 0;
  for (Eigen::Index i = 0; i < c; ++i) {
    for (Eigen::Index j = 0; j < c; ++j) {
      sum += p(i, j) * std::pow(w(i, j) - (of_row[i] + of_column[j]) * (1 - value), 2);
    }
  }
  const double centre = value - result.expected * (1 - value);
  const double variance = (sum - centre * centre) / (n * std::pow(1 - result.expected, 2));
  result.kappa = sum - centre * centre > 1e-12 * sum
                     ? detail::with_interval_within(value, std::sqrt(variance), level, -1, 1)
                     : detail::without_interval(value, Status::no_variance);
  return result;
}

Krippendorff krippendorffs_alpha(Ratings ratings, Measurement measurement) {
  constexpr std::string_view name = "krippendorffs_alpha";
  Krippendorff result;
  const std::size_t people = ratings.empty() ? 0 : ratings.front().size();
  std::vector<std::vector<double>> pairable;
  std::vector<double> all;
  for (const auto& column : ratings) detail::check_length(name, "ratings", column.size(), people);
  for (std::size_t i = 0; i < people; ++i) {
    std::vector<double> mine;
    for (const auto& column : ratings) {
      if (std::isfinite(column[i])) mine.push_back(column[i]);
    }
    if (mine.size() < 2) {
      ++result.left_out;
      continue;
    }
    all.insert(all.end(), mine.begin(), mine.end());
    pairable.push_back(std::move(mine));
  }
  result.n = static_cast<std::int64_t>(pairable.size());
  result.ratings = static_cast<std::int64_t>(all.size());
  if (pairable.empty()) {
    result.alpha = detail::absent(ratings.size() < 2 && people > 0 ? Status::too_few : Status::no_data);
    return result;
  }
  const double total = static_cast<double>(all.size());
  const std::vector<double> values = distinct(std::move(all));
  if (measurement == Measurement::ratio && values.front() < 0) {
    detail::refuse(name, "ratings", detail::text_of(values.front()), "ratios, which are not negative");
  }
  if (values.size() == 1) {
    result.observed = result.expected = 0;
    result.alpha = detail::absent(Status::constant);
    return result;
  }
  const auto c = static_cast<Eigen::Index>(values.size());
  Eigen::VectorXd counts = Eigen::VectorXd::Zero(c);
  for (const auto& mine : pairable) {
    for (const double value : mine) counts[place_of(values, value)] += 1;
  }
  detail::Sum observed, expected;
  for (const auto& mine : pairable) {
    double sum = 0;
    for (const double a : mine) {
      for (const double b : mine) sum += apart(values, counts, place_of(values, a), place_of(values, b), measurement);
    }
    observed.add(sum / static_cast<double>(mine.size() - 1));
  }
  for (Eigen::Index a = 0; a < c; ++a) {
    for (Eigen::Index b = 0; b < c; ++b) expected.add(counts[a] * counts[b] * apart(values, counts, a, b, measurement));
  }
  result.observed = observed.value() / total;
  result.expected = expected.value() / (total * (total - 1));
  result.alpha = detail::without_interval(1 - result.observed / result.expected, Status::by_resampling);
  return result;
}

Agreement agreement(std::span<const double> first, std::span<const double> second, double level) {
  detail::check_level("agreement", level);
  const std::vector<Pair> pairs = complete_pairs("agreement", first, second);
  Agreement result;
  result.n = static_cast<std::int64_t>(pairs.size());
  result.left_out = static_cast<std::int64_t>(first.size() - pairs.size());
  if (pairs.empty()) {
    result.exact = result.within_one = result.difference = detail::absent(Status::no_data);
    return result;
  }
  std::int64_t same = 0, near = 0;
  detail::Sum sum, squares;
  result.largest = 0;
  for (const Pair& pair : pairs) {
    const double apart = pair.first - pair.second;
    same += apart == 0;
    near += std::abs(apart) <= 1;
    result.largest = std::max(result.largest, std::abs(apart));
    sum.add(apart);
  }
  result.exact = proportion(same, result.n, level);
  result.within_one = proportion(near, result.n, level);
  const double n = static_cast<double>(pairs.size()), mean = sum.value() / n;
  for (const Pair& pair : pairs) squares.add(std::pow(pair.first - pair.second - mean, 2));
  if (pairs.size() < 2 || !(squares.value() > 0)) {
    result.difference = detail::without_interval(mean, pairs.size() < 2 ? Status::too_few : Status::no_variance);
    return result;
  }
  const double error = std::sqrt(squares.value() / (n - 1) / n), width = detail::t_width(level, n - 1) * error;
  result.difference = {mean, error, mean - width, mean + width, Status::estimated, Status::estimated};
  return result;
}

std::vector<Disagreement> disagreements(Ratings first, Ratings second) {
  constexpr std::string_view name = "disagreements";
  if (first.size() != second.size()) {
    detail::refuse(name, "second", std::to_string(second.size()) + " items", std::to_string(first.size()));
  }
  std::vector<Disagreement> found;
  const std::size_t n = first.empty() ? 0 : first.front().size();
  for (std::size_t j = 0; j < first.size(); ++j) {
    detail::check_length(name, "first", first[j].size(), n);
    detail::check_length(name, "second", second[j].size(), n);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < first.size(); ++j) {
      const double a = first[j][i], b = second[j][i];
      if (a != b && !(std::isnan(a) && std::isnan(b))) found.push_back({i, j, a, b});
    }
  }
  return found;
}

}  // namespace appraise::statistics
