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
