// What takes another way where rows or distinct values are many: sorting instead of counting, fits that begin near
// their end. Each is set against the definition, or against a property that only the right answer has.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "appraise/statistics.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

struct People {
  std::vector<double> scores, second, times;
  std::vector<std::uint8_t> outcomes, events;
};

/// `distinct` scores and times; 0: nearly all differ.
People people(std::size_t n, std::uint64_t distinct) {
  std::mt19937_64 random(distinct + n);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const double steps = distinct == 0 ? 1e9 : static_cast<double>(distinct);
  People p;
  for (std::size_t i = 0; i < n; ++i) {
    const double score = std::floor(uniform(random) * steps) / steps * 6 - 3;
    p.scores.push_back(score);
    p.second.push_back(0.5 * score + normal(random));
    p.outcomes.push_back(uniform(random) < 1 / (1 + std::exp(1 - 0.6 * score)) ? 1 : 0);
    const double event = -std::log(1 - uniform(random)) / (0.2 * std::exp(0.4 * score)), end = 10 * uniform(random);
    p.times.push_back(std::ceil(std::min(event, end) * steps) / steps);
    p.events.push_back(event <= end ? 1 : 0);
  }
  return p;
}

TEST(ManyRows, HarrellsCIsThatOfEveryPairLookedAt) {
  for (const std::uint64_t distinct : {std::uint64_t{0}, std::uint64_t{12}}) {
    const People p = people(6000, distinct);
    std::uint64_t concordant = 0, discordant = 0, tied = 0;
    for (std::size_t i = 0; i < p.scores.size(); ++i) {
      if (p.events[i] != 1) continue;
      for (std::size_t j = 0; j < p.scores.size(); ++j) {
        if (p.times[j] < p.times[i] || (p.times[j] == p.times[i] && p.events[j] == 1)) continue;
        concordant += p.scores[j] < p.scores[i];
        discordant += p.scores[j] > p.scores[i];
        tied += p.scores[j] == p.scores[i];
      }
    }
    const Concordance found = harrells_c(p.scores, p.times, p.events);
    EXPECT_EQ(found.concordant, static_cast<double>(concordant));
    EXPECT_EQ(found.discordant, static_cast<double>(discordant));
    EXPECT_EQ(found.tied, static_cast<double>(tied));
  }
}

TEST(ManyRows, KaplanMeierIsTheProductOfItsFactors) {
  const People p = people(9000, 0);
  std::vector<std::pair<double, std::uint8_t>> rows;
  for (std::size_t i = 0; i < p.times.size(); ++i) rows.emplace_back(p.times[i], p.events[i]);
  std::sort(rows.begin(), rows.end());
  const Curve found = kaplan_meier(p.times, p.events);
  double value = 1;
  std::size_t step = 0;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end, ++step) {
    double events = 0;
    for (end = first; end < rows.size() && rows[end].first == rows[first].first; ++end) events += rows[end].second;
    const double at_risk = static_cast<double>(rows.size() - first);
    value *= (at_risk - events) / at_risk;
    ASSERT_EQ(found.steps[step].time, rows[first].first);
    ASSERT_EQ(found.steps[step].at_risk, at_risk);
    if (value > 0) {
      ASSERT_NEAR(found.steps[step].estimate.value, value, 1e-12);
    }
  }
  EXPECT_EQ(step, found.steps.size());
  EXPECT_GT(step, 4096u);
}

TEST(ManyRows, AucOfMoreScoresThanAreCountedIsThatOfItsReverse) {
  const People p = people(20000, 0);
  std::vector<double> reversed = p.scores;
  for (double& score : reversed) score = -score;
  const Auc found = auc(p.scores, p.outcomes), back = auc(reversed, p.outcomes);
  EXPECT_EQ(found.concordant + found.tied, found.pairs - back.concordant);
  EXPECT_NEAR(found.auc.standard_error, back.auc.standard_error, 1e-12);
}

/// Sum of residuals and of residuals times each covariate, per row: zero at the most likely coefficients and nowhere
/// else.
void expect_solved(const Regression& fit, const std::vector<std::span<const double>>& columns,
                   const std::vector<std::uint8_t>& outcomes) {
  ASSERT_EQ(fit.status, Status::estimated);
  std::vector<long double> sums(columns.size() + 1);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    long double eta = fit.coefficients[0].value;
    for (std::size_t j = 0; j < columns.size(); ++j) eta += fit.coefficients[j + 1].value * columns[j][i];
    const long double residual = outcomes[i] - 1 / (1 + std::exp(-eta));
    sums[0] += residual;
    for (std::size_t j = 0; j < columns.size(); ++j) sums[j + 1] += residual * columns[j][i];
  }
  for (const long double sum : sums) {
    EXPECT_LT(std::abs(sum), 1e-11L * static_cast<long double>(outcomes.size()));
  }
}

TEST(ManyRows, LogisticFitsSolveTheirEquations) {
  for (const std::uint64_t distinct : {std::uint64_t{0}, std::uint64_t{9}}) {
    const People p = people(80000, distinct);
    const std::vector<std::span<const double>> one = {p.scores}, two = {p.scores, p.second};
    expect_solved(logistic_regression(one, p.outcomes), one, p.outcomes);
    expect_solved(logistic_regression(two, p.outcomes), two, p.outcomes);
  }
}

TEST(ManyRows, PeopleWhoShareARowAreWorthAsManyAsTheyAre) {
  const People p = people(5000, 9);
  std::vector<double> weights(p.scores.size(), 3);
  RegressionOptions weighted;
  weighted.weights = weights;
  const std::array column = {std::span<const double>(p.scores)};
  const Regression grouped = logistic_regression(column, p.outcomes);
  const Regression heavy = logistic_regression(column, p.outcomes, weighted);
  // A second covariate keeps rows apart; an offset too.
  std::vector<double> nothing(p.scores.size());
  RegressionOptions apart;
  apart.offset = nothing;
  const Regression rows = logistic_regression(column, p.outcomes, apart);
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(grouped.coefficients[j].value, rows.coefficients[j].value, 1e-12);
    EXPECT_NEAR(grouped.coefficients[j].standard_error, rows.coefficients[j].standard_error, 1e-10);
    EXPECT_NEAR(heavy.coefficients[j].standard_error, rows.coefficients[j].standard_error / std::sqrt(3.0), 1e-10);
  }
  EXPECT_NEAR(grouped.log_likelihood, rows.log_likelihood, 1e-8);
  EXPECT_NEAR(grouped.null_log_likelihood, rows.null_log_likelihood, 1e-8);
  EXPECT_EQ(grouped.sample.n, rows.sample.n);
  EXPECT_EQ(heavy.sample.events, rows.sample.events);
}

TEST(ManyRows, CoxFitsLeaveNothingToFit) {
  for (const std::uint64_t distinct : {std::uint64_t{0}, std::uint64_t{40}}) {
    const People p = people(80000, distinct);
    const std::array both = {std::span<const double>(p.scores), std::span<const double>(p.second)};
    const Regression fit = cox_regression(both, p.times, p.events);
    ASSERT_EQ(fit.status, Status::estimated);
    std::vector<double> linear(p.scores.size());
    for (std::size_t i = 0; i < linear.size(); ++i) {
      linear[i] = fit.coefficients[0].value * p.scores[i] + fit.coefficients[1].value * p.second[i];
    }
    RegressionOptions with;
    with.offset = linear;
    const Regression again = cox_regression(both, p.times, p.events, with);
    EXPECT_NEAR(again.coefficients[0].value, 0, 1e-10);
    EXPECT_NEAR(again.coefficients[1].value, 0, 1e-10);
    EXPECT_NEAR(again.null_log_likelihood, fit.log_likelihood, 1e-9 * std::abs(fit.log_likelihood));
  }
}

}  // namespace
}  // namespace appraise::statistics
