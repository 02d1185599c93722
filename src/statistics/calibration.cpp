#include "appraise/statistics/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "appraise/statistics/regression.hpp"
#include "statistics/predicted.hpp"

namespace appraise::statistics {

namespace detail {

void check_rates(std::string_view function, std::span<const double> rates, Rates allowed, std::string_view argument) {
  const auto wrong = std::find_if(rates.begin(), rates.end(), [&](double p) {
    return p < 0 || p > 1 || (allowed != Rates::any && p == 1) || (allowed == Rates::inside && p == 0);
  });
  if (wrong == rates.end()) return;
  refuse(function, argument, text_of(*wrong) + " in row " + std::to_string(std::distance(rates.begin(), wrong)),
         allowed == Rates::any
             ? "a proportion from 0 to 1"
             : (allowed == Rates::below_one ? "a proportion from 0 to below 1" : "a proportion above 0 and below 1"));
}

Tally tally_rates(std::string_view function, std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                  Rates allowed, std::string_view argument) {
  check_rates(function, predicted, allowed, argument);
  return tally(function, predicted, outcomes);
}

}  // namespace detail

namespace {

using detail::ScoreCount;
using detail::Tally;

double people_in(const ScoreCount& each) { return static_cast<double>(each.events + each.others); }

/// Log-likelihood of the outcomes under rates exp(x) / (1 + exp(x)), x = intercept + slope * logit(rate).
double likelihood(const Tally& tally, double intercept, double slope) {
  detail::Sum sum;
  for (const ScoreCount& each : tally.scores) {
    const double x = intercept + slope * std::log(each.score / (1 - each.score));
    const double softplus = std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    sum.add(static_cast<double>(each.events) * (x - softplus) - static_cast<double>(each.others) * softplus);
  }
  return sum.value();
}

}  // namespace

CalibrationLine calibration_line(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                                 double level) {
  const Tally tally = detail::tally_rates("calibration_line", predicted, outcomes, detail::Rates::inside);
  std::vector<double> logit, weights;
  std::vector<std::uint8_t> kinds;
  for (const ScoreCount& each : tally.scores) {
    for (const bool kind : {true, false}) {
      logit.push_back(std::log(each.score / (1 - each.score)));
      weights.push_back(static_cast<double>(kind ? each.events : each.others));
      kinds.push_back(kind ? 1 : 0);
    }
  }
  RegressionOptions options;
  options.level = level;
  options.weights = weights;
  const std::array columns = {std::span<const double>(logit)};
  const Regression line = logistic_regression(columns, kinds, options);
  options.offset = logit;
  const Regression large = logistic_regression({}, kinds, options);
  CalibrationLine result;
  result.sample = tally.sample;
  result.intercept = large.coefficients[0];
  result.slope = line.coefficients[1];
  result.test = line.status == Status::estimated
                    ? detail::chi_square_test(2 * (line.log_likelihood - likelihood(tally, 0, 1)), 2)
                    : detail::absent_test(line.status);
  return result;
}

Estimate calibration_slope_followed(std::span<const double> predicted, std::span<const double> times,
                                    std::span<const std::uint8_t> events, double level) {
  constexpr std::string_view name = "calibration_slope_followed";
  detail::check_length(name, "events", events.size(), predicted.size());
  detail::check_rates(name, predicted, detail::Rates::inside);
  std::vector<double> linear(predicted.size());
  std::transform(predicted.begin(), predicted.end(), linear.begin(),
                 [](double p) { return std::log(-std::log1p(-p)); });
  const std::array columns = {std::span<const double>(linear)};
  RegressionOptions options;
  options.level = level;
  return cox_regression(columns, times, events, options).coefficients[0];
}

Brier brier(std::span<const double> predicted, std::span<const std::uint8_t> outcomes, double level) {
  detail::check_level("brier", level);
  const Tally tally = detail::tally_rates("brier", predicted, outcomes);
  Brier result;
  result.sample = tally.sample;
  if (tally.sample.n == 0) {
    result.score = result.scaled = detail::absent(Status::no_data);
    return result;
  }
  const double n = static_cast<double>(tally.sample.n), rate = static_cast<double>(tally.sample.events) / n;
  const auto each_kind = [&](auto&& visit) {
    for (const ScoreCount& each : tally.scores) {
      visit(static_cast<double>(each.events), (1 - each.score) * (1 - each.score), 1 - rate);
      visit(static_cast<double>(each.others), each.score * each.score, -rate);
    }
  };
  detail::Sum total, squares, influences;
  each_kind([&](double count, double square, double) { total.add(count * square); });
  const double score = total.value() / n, reference = rate * (1 - rate);
  each_kind([&](double count, double square, double apart) {
    squares.add(count * (square - score) * (square - score));
    if (reference > 0) {
      const double influence = (square - score) / reference - score * (1 - 2 * rate) * apart / (reference * reference);
      influences.add(count * influence * influence);
    }
  });
  if (n < 2) {
    result.score = detail::without_interval(score, Status::too_few);
  } else {
    result.score = detail::with_interval_within(score, std::sqrt(squares.value() / (n - 1) / n), level, 0, 1);
  }
  result.scaled = reference > 0
                      ? detail::with_interval(1 - score / reference, std::sqrt(influences.value() / (n - 1) / n), level)
                      : detail::absent(Status::one_class);
  return result;
}

HosmerLemeshow hosmer_lemeshow(std::span<const double> predicted, std::span<const std::uint8_t> outcomes, int groups,
                               bool fitted) {
  if (groups < 2) detail::refuse("hosmer_lemeshow", "groups", std::to_string(groups), "two or more");
  const Tally tally = detail::tally_rates("hosmer_lemeshow", predicted, outcomes);
  HosmerLemeshow result;
  result.sample = tally.sample;
  result.warning =
      "Hosmer-Lemeshow depends on the number of groups, finds little in small samples and trifles in large ones, and "
      "does not say how rates are wrong. Report E/O and the calibration curve.";
  const double n = static_cast<double>(tally.sample.n);
  if (tally.sample.n == 0) return result;
  // Quantiles of type 7 of the sorted rates, found while walking over them.
  std::vector<double> cuts;
  std::size_t at = 0;
  double before = 0;
  const auto sorted = [&](double rank) {
    while (before + people_in(tally.scores[at]) <= rank) before += people_in(tally.scores[at++]);
    return tally.scores[at].score;
  };
  for (int g = 1; g < groups; ++g) {
    const double place = (n - 1) * g / groups, whole = std::floor(place);
    const double low = sorted(whole), kept_before = before;
    const std::size_t kept = at;
    const double high = place > whole ? sorted(whole + 1) : low;
    at = kept;
    before = kept_before;
    const double cut = low + (place - whole) * (high - low);
    if (cuts.empty() || cut > cuts.back()) cuts.push_back(cut);
  }
  std::size_t group = 0;
  double statistic = 0;
  for (const ScoreCount& each : tally.scores) {
    bool fresh = result.groups.empty();
    for (; group < cuts.size() && each.score > cuts[group]; ++group) fresh = true;
    if (fresh) result.groups.push_back({each.score, each.score, 0, 0, 0});
    CalibrationGroup& here = result.groups.back();
    here.highest = each.score;
    here.n += each.events + each.others;
    here.expected += each.score * people_in(each);
    here.observed += static_cast<double>(each.events);
  }
  for (const CalibrationGroup& each : result.groups) {
    const double m = static_cast<double>(each.n), apart = each.observed - each.expected;
    const double variance = each.expected * (1 - each.expected / m);
    if (!(variance > 0)) {
      result.test = detail::absent_test(Status::no_variance);
      return result;
    }
    statistic += apart * apart / variance;
  }
  const double freedom = static_cast<double>(result.groups.size()) - (fitted ? 2 : 0);
  result.test = freedom > 0 ? detail::chi_square_test(statistic, freedom) : detail::absent_test(Status::too_few);
  return result;
}

}  // namespace appraise::statistics
