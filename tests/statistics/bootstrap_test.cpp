#include "appraise/statistics/bootstrap.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "appraise/diagnostic.hpp"
#include "appraise/statistics.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::exact;
using test::expect_value;
using test::Json;

TEST(Bootstrap, IntervalsAgreeWithBoot) {
  const Json all = test::oracle("resampling");
  for (const auto& [name, r] : all.items()) {
    SCOPED_TRACE(name);
    const auto replicates = r["replicates"].get<std::vector<double>>();
    const auto influence = r["influence"].get<std::vector<double>>();
    for (const Json& expected : r["intervals"]) {
      const double level = expected["level"].get<double>();
      const Bootstrap percent = interval_of_replicates(r["value"].get<double>(), replicates, {}, level);
      expect_value(expected["percent"][0], percent.estimate.low, exact, "low");
      expect_value(expected["percent"][1], percent.estimate.high, exact, "high");
      const Bootstrap bca = interval_of_replicates(r["value"].get<double>(), replicates, influence, level);
      expect_value(expected["bca"][0], bca.estimate.low, exact, "low, BCa");
      expect_value(expected["bca"][1], bca.estimate.high, exact, "high, BCa");
    }
  }
}

double mean_of(const std::vector<double>& x, std::span<const std::uint32_t> rows, int power = 1) {
  double sum = 0;
  for (const std::uint32_t row : rows) sum += std::pow(x[row], power);
  return sum / static_cast<double>(rows.size());
}

TEST(Bootstrap, JackknifeAndStrataAgreeWithBoot) {
  const Json all = test::oracle("resampling");
  for (const auto& [name, r] : all.items()) {
    SCOPED_TRACE(name);
    const auto x = r["x"].get<std::vector<double>>();
    const auto strata = r["strata"].get<std::vector<std::int32_t>>();
    const Statistic statistic = [&, which = name](std::span<const std::uint32_t> rows) {
      if (which == "mean") return mean_of(x, rows);
      if (which == "stratified") return mean_of(x, rows, 2);
      const double mean = mean_of(x, rows), n = static_cast<double>(rows.size());
      double squares = 0;
      for (const std::uint32_t row : rows) squares += (x[row] - mean) * (x[row] - mean);
      return std::sqrt(squares / (n - 1)) / mean;
    };
    BootstrapOptions options;
    options.strata = strata;
    options.replicates = 4000;
    options.threads = 2;
    const Bootstrap found = bootstrap(x.size(), statistic, options);
    expect_value(r["value"], found.estimate.value, exact, "value");
    const auto influence = r["influence"].get<std::vector<double>>();
    double second = 0, third = 0;
    for (const double each : influence) {
      second += each * each;
      third += each * each * each;
    }
    expect_value(Json(third / (6 * std::pow(second, 1.5))), found.acceleration, exact, "acceleration");
    // Other draws, the same interval: the ends of boot's 999 replicates vary by a fifth of a standard error.
    const double error = found.estimate.standard_error;
    EXPECT_NEAR(found.estimate.low, r["intervals"][1]["bca"][0].get<double>(), 0.5 * error);
    EXPECT_NEAR(found.estimate.high, r["intervals"][1]["bca"][1].get<double>(), 0.5 * error);
  }
}

TEST(Bootstrap, DependsOnTheSeedAndNotOnTheThreads) {
  std::vector<double> x(257);
  std::iota(x.begin(), x.end(), 0.0);
  const Statistic mean = [&](std::span<const std::uint32_t> rows) {
    double sum = 0;
    for (const std::uint32_t row : rows) sum += x[row];
    return sum / static_cast<double>(rows.size());
  };
  BootstrapOptions options;
  options.replicates = 333;
  const Bootstrap one = bootstrap(x.size(), mean, options);
  options.threads = 4;
  const Bootstrap four = bootstrap(x.size(), mean, options);
  EXPECT_EQ(one.replicates, four.replicates);
  EXPECT_EQ(one.estimate.low, four.estimate.low);
  options.seed = 2;
  EXPECT_NE(bootstrap(x.size(), mean, options).replicates, one.replicates);
  // The standard deviation of a mean is known.
  EXPECT_NEAR(one.estimate.standard_error, std::sqrt((257.0 * 257 - 1) / 12 / 257), 0.6);
}

TEST(Bootstrap, DrawsEveryRowEquallyOften) {
  std::vector<double> counts(70000);
  const Statistic count = [&](std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) counts[row] += 1;
    return counts[0];
  };
  BootstrapOptions options;
  options.replicates = 100;
  options.bca = false;
  (void)bootstrap(counts.size(), count, options);
  double chi = 0;
  for (const double each : counts) chi += (each - 101) * (each - 101) / 100;
  // Each row once for the figure itself; then chi-square with 69 999 degrees of freedom: sd 374.
  EXPECT_NEAR(chi, 69999, 5 * 374);
}

TEST(Bootstrap, OfTheAucAgreesWithDeLong) {
  const auto sets = test::data_sets();
  for (const char* name : {"routine", "heavy_ties", "continuous", "reversed"}) {
    const auto& data = sets.at(name);
    BootstrapOptions options;
    options.threads = 2;
    const Bootstrap found = bootstrap_auc(data.score, data.outcome, options);
    const Auc delong = auc(data.score, data.outcome);
    EXPECT_EQ(found.estimate.value, delong.auc.value) << name;
    EXPECT_NEAR(found.estimate.standard_error, delong.auc.standard_error, 0.06 * delong.auc.standard_error) << name;
    EXPECT_NEAR(found.estimate.low, delong.auc.low, 0.015) << name;
    EXPECT_NEAR(found.estimate.high, delong.auc.high, 0.015) << name;
    // Counting and sorting anew are the same.
    std::vector<std::int32_t> strata(data.outcome.begin(), data.outcome.end());
    options.strata = strata;
    options.replicates = 500;
    const Bootstrap sorted = bootstrap_auc(data.score, data.outcome, options);
    EXPECT_NEAR(sorted.estimate.standard_error, delong.auc.standard_error, 0.12 * delong.auc.standard_error) << name;
    EXPECT_NEAR(sorted.acceleration, found.acceleration, 1e-9) << name;
  }
}

/// Every figure that has a name, of a data set.
std::map<std::string, NamedFigure> named_figures(const test::Data& data) {
  std::map<std::string, NamedFigure> result;
  for (const FigureKind& kind : figures()) {
    NamedFigure figure;
    figure.figure = kind.name;
    for (const FigureArgument& argument : kind.arguments) {
      if (argument.column == FigureColumn::outcomes) {
        figure.outcomes = argument.name == "events" ? data.event_only : data.outcome;
      } else if (argument.column == FigureColumn::events) {
        figure.outcomes = data.event;
      } else if (argument.column == FigureColumn::raters) {
        figure.numbers = {data.score, data.predicted, data.time};
      } else {
        figure.numbers.emplace_back(argument.name == "predicted" ? data.predicted
                                    : argument.name == "times"   ? data.time
                                    : argument.name == "second"  ? data.second
                                                                 : data.score);
      }
    }
    if (kind.horizon) figure.horizon = 3;
    result[figure.figure] = figure;
  }
  return result;
}

TEST(Figures, AreThoseOfTheirVerbs) {
  const auto sets = test::data_sets();
  const test::Data& d = sets.at("routine");
  const auto named = named_figures(d);
  std::vector<std::uint32_t> all(d.score.size());
  std::iota(all.begin(), all.end(), 0u);
  const auto value = [&](const char* name) { return statistic_of(named.at(name))(all); };
  const std::vector<std::span<const double>> raters = {d.score, d.predicted, d.time};
  EXPECT_EQ(value("auc"), auc(d.score, d.outcome).auc.value);
  EXPECT_EQ(value("cohens_d"), cohens_d(d.score, d.outcome).value.value);
  EXPECT_EQ(value("harrells_c"), harrells_c(d.score, d.time, d.event_only).c.value);
  EXPECT_EQ(value("unos_c"), unos_c(d.score, d.time, d.event_only, 3).c.value);
  EXPECT_EQ(value("auc_at_horizon"), auc_at_horizon(d.score, d.time, d.event, 3).auc.value);
  EXPECT_EQ(value("hazard_ratio_per_point"), hazard_ratio_per_point(d.score, d.time, d.event_only).value.value);
  EXPECT_EQ(value("expected_observed"), expected_observed(d.predicted, d.outcome).ratio.value);
  EXPECT_EQ(value("expected_observed_at"), expected_observed_at(d.predicted, d.time, d.event, 3).ratio.value);
  EXPECT_EQ(value("calibration_slope"), calibration_line(d.predicted, d.outcome).slope.value);
  EXPECT_EQ(value("ici"), calibration_curve(d.predicted, d.outcome).ici);
  EXPECT_EQ(value("scaled_brier"), brier(d.predicted, d.outcome).scaled.value);
  EXPECT_EQ(value("quadratic_kappa"), kappa(d.score, d.second, KappaWeights::quadratic).kappa.value);
  EXPECT_EQ(value("icc_2_1"), icc(raters).two.value.value);
  EXPECT_EQ(value("interval_alpha"), krippendorffs_alpha(raters, Measurement::interval).alpha.value);
  EXPECT_EQ(value("cronbachs_alpha"), reliability(raters).alpha.value);
}

TEST(Figures, AreTheSameOnAnyNumberOfThreads) {
  const auto sets = test::data_sets();
  for (const auto& [name, figure] : named_figures(sets.at("extreme_weights"))) {
    SCOPED_TRACE(name);
    BootstrapOptions options;
    options.replicates = 20;
    const Statistic statistic = statistic_of(figure);
    const Bootstrap one = bootstrap(figure.numbers[0].size(), statistic, options);
    options.threads = 3;
    const Bootstrap three = bootstrap(figure.numbers[0].size(), statistic, options);
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    EXPECT_TRUE(std::equal(one.replicates.begin(), one.replicates.end(), three.replicates.begin(), same));
    EXPECT_TRUE(same(one.acceleration, three.acceleration));
    EXPECT_TRUE(same(one.estimate.low, three.estimate.low));
  }
}

TEST(Figures, RefuseWhatTheyDoNotTake) {
  const std::vector<double> x = {1, 2, 3};
  const std::vector<std::uint8_t> y = {0, 1, 0}, short_y = {0, 1};
  EXPECT_THROW((void)statistic_of({"aucc", {x}, y}), UsageError);
  EXPECT_THROW((void)statistic_of({"auc", {x, x}, y}), UsageError);
  EXPECT_THROW((void)statistic_of({"auc", {x}, short_y}), UsageError);
  EXPECT_THROW((void)statistic_of({"auc", {x}, y, 5.0}), UsageError);
  EXPECT_THROW((void)statistic_of({"unos_c", {x, x}, y}), UsageError);
  EXPECT_THROW((void)statistic_of({"kappa", {x, x}, y}), UsageError);
}

TEST(Figures, DifferencesOfTwoScoresAgreeWithDeLong) {
  const auto sets = test::data_sets();
  const test::Data& d = sets.at("routine");
  const Statistic first = statistic_of({"auc", {d.score}, d.outcome}),
                  second = statistic_of({"auc", {d.second}, d.outcome});
  BootstrapOptions options;
  options.threads = 2;
  options.bca = false;
  const std::vector<std::int32_t> strata(d.outcome.begin(), d.outcome.end());
  options.strata = strata;
  const Bootstrap found = bootstrap(d.score.size(), difference_of(first, second), options);
  const AucDifference delong = auc_difference(d.score, d.second, d.outcome);
  EXPECT_DOUBLE_EQ(found.estimate.value, delong.difference.value);
  EXPECT_NEAR(found.estimate.standard_error, delong.difference.standard_error, 0.06 * delong.difference.standard_error);
}

TEST(Bootstrap, CountsTheJackknifeInItsProgress) {
  std::vector<std::int64_t> seen;
  BootstrapOptions options;
  options.replicates = 20;
  options.progress = [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(all, 20 + 40);
    seen.push_back(done);
  };
  (void)bootstrap(
      40, [](std::span<const std::uint32_t> rows) { return static_cast<double>(rows[0]); }, options);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), 60);
}

TEST(Bootstrap, ReportsProgressPassesOnExceptionsAndCountsFailures) {
  std::int64_t last = 0;
  BootstrapOptions options;
  options.replicates = 100;
  options.bca = false;
  options.progress = [&](std::int64_t done, std::int64_t all) {
    EXPECT_LE(done, all);
    last = done;
  };
  const Statistic half = [](std::span<const std::uint32_t> rows) { return rows[0] == 0 ? not_available : rows[0]; };
  const Bootstrap found = bootstrap(
      2, [&](auto rows) { return half(rows) + 0.0 * rows[1]; }, options);
  EXPECT_EQ(last, 100);
  EXPECT_GT(found.failed, 20);
  EXPECT_LT(found.failed, 80);
  options.threads = 2;
  EXPECT_THROW((void)bootstrap(
                   3, [](auto) -> double { throw std::runtime_error("no"); }, options),
               std::runtime_error);
  options.replicates = 1;
  EXPECT_THROW((void)bootstrap(3, half, options), UsageError);
  EXPECT_EQ(bootstrap_auc(std::vector<double>{1, 2}, std::vector<std::uint8_t>{0, 0}).estimate.status,
            Status::one_class);
}

}  // namespace
}  // namespace appraise::statistics
