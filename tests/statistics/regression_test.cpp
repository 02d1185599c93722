#include "appraise/statistics/regression.hpp"

#include <array>

#include "appraise/diagnostic.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::at;
using test::Data;
using test::expect_value;
using test::has;
using test::iterated;
using test::Json;

using Column = std::span<const double>;

void expect_fit(const Json& r, const Regression& found) {
  ASSERT_EQ(found.status, Status::estimated);
  const std::size_t p = found.coefficients.size();
  for (std::size_t i = 0; i < p; ++i) {
    expect_value(r["coefficients"][i], found.coefficients[i].value, iterated, "coefficient");
    for (std::size_t j = 0; j < p; ++j) {
      expect_value(r["covariance"][i * p + j], found.covariance[i * p + j], iterated, "covariance");
    }
  }
  expect_value(r["likelihood"], found.log_likelihood, iterated, "log-likelihood");
}

TEST(Regression, WithWeightsAndOffsetsAgreesWithGlmAndCoxph) {
  const Json all = test::oracle("regression");
  const auto sets = test::data_sets();
  for (const auto& [name, r] : all.items()) {
    SCOPED_TRACE(name);
    const Data& data = sets.at(name);
    const std::array both = {Column(data.score), Column(data.second)};
    const auto weights = r["weights"].get<std::vector<double>>();
    RegressionOptions options;
    options.weights = weights;
    if (has(r, "logistic")) expect_fit(r["logistic"], logistic_regression(both, data.outcome, options));
    if (has(r, "cox")) {
      const Regression cox = cox_regression(both, data.time, data.event_only, options);
      expect_fit(r["cox"], cox);
      expect_value(r["cox"]["null"], cox.null_log_likelihood, iterated, "null log-likelihood");
    }
    expect_fit(r["plain_cox"], cox_regression(both, data.time, data.event_only));
    std::vector<double> offset;
    for (const double each : data.second) offset.push_back(0.1 * each);
    RegressionOptions shifted;
    shifted.offset = offset;
    const std::array one = {Column(data.score)};
    const Regression logistic = logistic_regression(one, data.outcome, shifted);
    expect_value(r["offset"]["logistic"][0], logistic.coefficients[0].value, iterated, "intercept");
    expect_value(r["offset"]["logistic"][1], logistic.coefficients[1].value, iterated, "slope");
    expect_value(at(r["offset"]["cox"], 0),
                 cox_regression(one, data.time, data.event_only, shifted).coefficients[0].value, iterated, "Cox");
  }
}

TEST(Regression, SaysWhyThereIsNone) {
  const std::vector<double> x = {1, 2, 3, 4, 5, 6}, twice = {2, 4, 6, 8, 10, 12}, z = {3, 1, 4, 1, 5, 9};
  const std::vector<std::uint8_t> y = {0, 1, 0, 1, 0, 1}, apart = {0, 0, 1, 1, 1, 1};
  EXPECT_EQ(logistic_regression(std::array{Column(x), Column(twice)}, y).status, Status::collinear);
  EXPECT_EQ(logistic_regression(std::array{Column(x), Column(z)}, apart).status, Status::separated);
  EXPECT_EQ(cox_regression(std::array{Column(x), Column(z)}, std::vector<double>{6, 5, 4, 3, 2, 1},
                           std::vector<std::uint8_t>{1, 1, 1, 1, 1, 1})
                .status,
            Status::separated);
  EXPECT_EQ(logistic_regression({}, std::vector<std::uint8_t>{}).status, Status::no_data);
  EXPECT_TRUE(std::isnan(logistic_regression(std::array{Column(x)}, apart).coefficients[1].value));
  RegressionOptions negative;
  const std::vector<double> weights = {1, 1, 1, 1, 1, -1};
  negative.weights = weights;
  EXPECT_THROW((void)logistic_regression(std::array{Column(x)}, y, negative), UsageError);
}

using Two = std::array<std::vector<double>, 2>;

Status status_of(const Two& x, const std::vector<std::uint8_t>& y) {
  return logistic_regression(std::array{Column(x[0]), Column(x[1])}, y).status;
}

TEST(Regression, DoesNotDependOnTheUnitOfTheWeights) {
  const auto sets = test::data_sets();
  const Data& data = sets.at("routine");
  const std::array both = {Column(data.score), Column(data.second)};
  for (const double unit : {1e-15, 1e15}) {
    const std::vector<double> weights(data.score.size(), unit);
    RegressionOptions options;
    options.weights = weights;
    const Regression cox = cox_regression(both, data.time, data.event_only, options);
    const Regression logistic = logistic_regression(both, data.outcome, options);
    ASSERT_EQ(cox.status, Status::estimated);
    ASSERT_EQ(logistic.status, Status::estimated);
    const Regression cox_of_ones = cox_regression(both, data.time, data.event_only);
    const Regression logistic_of_ones = logistic_regression(both, data.outcome);
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_NEAR(cox.coefficients[j].value, cox_of_ones.coefficients[j].value, 1e-10);
      EXPECT_NEAR(logistic.coefficients[j].value, logistic_of_ones.coefficients[j].value, 1e-10);
    }
  }
}

TEST(Separation, IsProvedWithSeveralCovariates) {
  // Along (3, 1) the two kinds meet in a line with three people on it, whose thirds no double holds.
  Two x;
  std::vector<std::uint8_t> y;
  const auto add = [&](double a, double b, int outcome) {
    x[0].push_back(a);
    x[1].push_back(b);
    y.push_back(static_cast<std::uint8_t>(outcome));
  };
  add(1.0 / 3, 0, 0), add(0, 1, 1), add(2.0 / 3, -1, 1);
  for (int i = 1; i <= 20; ++i) add(-0.1 * i, -0.7 * (i % 5), 0);
  for (int i = 1; i <= 20; ++i) add(1 + 0.1 * i, 0.7 * (i % 7), 1);
  const double rest = 3 * x[0][0] + x[1][0] - 1, other = 3 * x[0][2] + x[1][2] - 1;
  ASSERT_EQ(rest, 0);
  ASSERT_EQ(other, 0);  // in doubles; 1/3 and 2/3 themselves lie a little below the line
  EXPECT_EQ(status_of(x, y), Status::separated);
}

TEST(Separation, IsNotClaimedOfPeopleWhoOverlapByABit) {
  // All but separated along the first covariate, with an overlap of one bit of a double on both sides.
  for (const bool overlap : {false, true}) {
    Two x;
    std::vector<std::uint8_t> y;
    for (int i = 0; i < 40; ++i) {
      x[0].push_back(i < 20 ? 1 + i / 20.0 : 2 + (i - 20) / 20.0);
      x[1].push_back(i * 7 % 11);
      y.push_back(i < 20 ? 0 : 1);
    }
    // The two kinds meet at 2, with the same second covariates, so that no other direction tells them apart.
    for (const double second : {0.0, 3.0, 10.0}) {
      for (const std::uint8_t kind : {std::uint8_t{0}, std::uint8_t{1}}) {
        x[0].push_back(kind == 0 && overlap ? std::nextafter(2.0, 3.0) : 2);
        x[1].push_back(second);
        y.push_back(kind);
      }
    }
    const Status status = status_of(x, y);
    EXPECT_EQ(status, overlap ? Status::not_converged : Status::separated);
  }
}

TEST(Separation, OfPeopleFollowedIsProvedToo) {
  for (const bool overlap : {false, true}) {
    Two x;
    std::vector<double> times;
    std::vector<std::uint8_t> events;
    for (int i = 0; i < 30; ++i) {  // the higher the first covariate, the earlier; two and two of the same
      x[0].push_back((i / 2) / 3.0);
      x[1].push_back(i % 2 == 0 ? 1 : i % 7);
      times.push_back(30 - i / 2 * 2);
      events.push_back(1);
    }
    if (overlap) x[0][29] = std::nextafter(x[0][29], 0);
    const std::array both = {Column(x[0]), Column(x[1])};
    EXPECT_EQ(cox_regression(both, times, events).status, overlap ? Status::not_converged : Status::separated);
  }
}

TEST(LikelihoodRatioTest, NeedsNestedFitsOfTheSameRows) {
  const auto sets = test::data_sets();
  const Data& data = sets.at("routine");
  const Regression one = logistic_regression(std::array{Column(data.score)}, data.outcome);
  const Regression two = logistic_regression(std::array{Column(data.score), Column(data.second)}, data.outcome);
  const statistics::Test test = likelihood_ratio_test(two, one);
  EXPECT_EQ(test.degrees_of_freedom, 1);
  EXPECT_NEAR(test.statistic, 2 * (two.log_likelihood - one.log_likelihood), 1e-12);
  EXPECT_THROW((void)likelihood_ratio_test(one, two), UsageError);
}

}  // namespace
}  // namespace appraise::statistics
