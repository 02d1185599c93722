#include <cmath>

#include "appraise/statistics/agreement.hpp"
#include "statistics/common.hpp"
#include "statistics/complete.hpp"

namespace appraise::statistics {

namespace detail {

Complete complete(std::string_view function, std::string_view argument,
                  std::span<const std::span<const double>> columns) {
  Complete result;
  if (columns.empty()) return result;
  const std::size_t n = columns.front().size();
  for (const auto& column : columns) check_length(function, argument, column.size(), n);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < n; ++i) {
    bool whole = true;
    for (const auto& column : columns) whole = whole && std::isfinite(column[i]);
    if (whole) kept.push_back(i);
  }
  result.values.resize(static_cast<Eigen::Index>(kept.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      result.values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = columns[j][kept[i]];
    }
  }
  result.left_out = static_cast<std::int64_t>(n - kept.size());
  return result;
}

}  // namespace detail

namespace {

/// Lower and upper limit of a ratio of mean squares, then of the correlation of one rating and of the mean of k.
struct Limits {
  double low, high;
};

Icc form(double value, Limits limits, double ratio, double first, double second) {
  Icc result;
  result.denominator_degrees = second;
  result.value = detail::without_interval(value, Status::estimated);
  result.value.low = limits.low;
  result.value.high = limits.high;
  result.test = {ratio, first, detail::f_upper_tail(ratio, first, second), Status::estimated};
  return result;
}

void fill(IccTable& table, Status status) {
  for (Icc* each : {&table.one, &table.two, &table.three, &table.one_mean, &table.two_mean, &table.three_mean}) {
    each->value = detail::absent(status);
    each->test = detail::absent_test(status);
  }
}

/// Limits of ICC(2,1), whose distribution is approximated by F with Satterthwaite's degrees of freedom.
Limits second_form(const IccTable& t, double icc, double n, double k, double tail) {
  const double b = t.people_mean_square, j = t.raters_mean_square, e = t.error_mean_square;
  const double ratio = j / e, rest = n * (1 + (k - 1) * icc) - k * icc;
  const double top = (k - 1) * (n - 1) * std::pow(k * icc * ratio + rest, 2);
  const double degrees = top / ((n - 1) * k * k * icc * icc * ratio * ratio + rest * rest);
  const double upper = detail::f_quantile(1 - tail, n - 1, degrees),
               lower = detail::f_quantile(1 - tail, degrees, n - 1);
  const double others = k * j + (k * n - k - n) * e;
  return {n * (b - upper * e) / (upper * others + n * b), n * (lower * b - e) / (others + n * lower * b)};
}

}  // namespace

IccTable icc(Ratings ratings, double level) {
  detail::check_level("icc", level);
  const detail::Complete rows = detail::complete("icc", "ratings", ratings);
  IccTable table;
  table.n = rows.values.rows();
  table.raters = static_cast<std::int64_t>(ratings.size());
  table.left_out = rows.left_out;
  if (table.n < 2 || table.raters < 2) {
    fill(table, table.n == 0 ? Status::no_data : Status::too_few);
    return table;
  }
  const double n = static_cast<double>(table.n), k = static_cast<double>(table.raters);
  const Eigen::MatrixXd x = rows.values.array() - rows.values.mean();
  const Eigen::VectorXd person = x.rowwise().mean(), rater = x.colwise().mean();
  const Eigen::MatrixXd within = x.colwise() - person;
  const Eigen::MatrixXd residual = within.rowwise() - rater.transpose();
  table.people_mean_square = k * person.squaredNorm() / (n - 1);
  table.raters_mean_square = n * rater.squaredNorm() / (k - 1);
  table.error_mean_square = residual.squaredNorm() / ((n - 1) * (k - 1));
  table.within_mean_square = within.squaredNorm() / (n * (k - 1));
  const double b = table.people_mean_square, j = table.raters_mean_square, e = table.error_mean_square;
  const double w = table.within_mean_square, scale = rows.values.squaredNorm() * 1e-28;
  if (b <= scale && w <= scale) {
    fill(table, Status::constant);
    return table;
  }
  if (b <= scale) {  // the means of people are all the same: there is nothing that a mean of ratings could tell
    fill(table, Status::constant);
    table.one.value = table.three.value = detail::without_interval(-1 / (k - 1), Status::no_variance);
    table.two.value = detail::without_interval(-e / ((k - 1) * e + k * (j - e) / n), Status::no_variance);
    return table;
  }
  if (w <= scale || e <= scale) {
    fill(table, Status::no_variance);
    table.three.value = table.three_mean.value = detail::without_interval(1, Status::no_variance);
    if (w <= scale) {
      for (Icc* each : {&table.one, &table.two, &table.one_mean, &table.two_mean}) each->value = table.three.value;
    } else {
      table.one.value = detail::without_interval((b - w) / (b + (k - 1) * w), Status::no_variance);
      table.two.value = detail::without_interval(b / (b + k * j / n), Status::no_variance);
      table.one_mean.value = detail::without_interval((b - w) / b, Status::no_variance);
      table.two_mean.value = detail::without_interval(b / (b + j / n), Status::no_variance);
    }
    return table;
  }
  const double tail = (1 - level) / 2, d = n - 1, d1 = n * (k - 1), d3 = (n - 1) * (k - 1);
  const double f1 = b / w, f3 = b / e;
  const double low1 = f1 / detail::f_quantile(1 - tail, d, d1), high1 = f1 * detail::f_quantile(1 - tail, d1, d);
  const double low3 = f3 / detail::f_quantile(1 - tail, d, d3), high3 = f3 * detail::f_quantile(1 - tail, d3, d);
  const auto single = [k](double f) { return (f - 1) / (f + k - 1); };
  const double two = (b - e) / (b + (k - 1) * e + k * (j - e) / n);
  const Limits limits = second_form(table, two, n, k, tail);
  const auto of_mean = [k](double r) { return r * k / (1 + r * (k - 1)); };
  table.one = form(single(f1), {single(low1), single(high1)}, f1, d, d1);
  table.two = form(two, limits, f3, d, d3);
  table.three = form(single(f3), {single(low3), single(high3)}, f3, d, d3);
  table.one_mean = form((b - w) / b, {1 - 1 / low1, 1 - 1 / high1}, f1, d, d1);
  table.two_mean = form((b - e) / (b + (j - e) / n), {of_mean(limits.low), of_mean(limits.high)}, f3, d, d3);
  table.three_mean = form((b - e) / b, {1 - 1 / low3, 1 - 1 / high3}, f3, d, d3);
  return table;
}

}  // namespace appraise::statistics
