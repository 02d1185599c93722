#include "statistics/common.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "appraise/diagnostic.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics {

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::estimated:
      return "estimated";
    case Status::no_data:
      return "no_data";
    case Status::one_class:
      return "one_class";
    case Status::no_events:
      return "no_events";
    case Status::too_few:
      return "too_few";
    case Status::constant:
      return "constant";
    case Status::no_variance:
      return "no_variance";
    case Status::separated:
      return "separated";
    case Status::collinear:
      return "collinear";
    case Status::not_converged:
      return "not_converged";
    case Status::suppressed:
      return "suppressed";
    case Status::by_resampling:
      return "by_resampling";
    case Status::not_reached:
      return "not_reached";
    case Status::certain:
      break;
  }
  return "certain";
}

namespace detail {

namespace bm = boost::math;

void refuse(std::string_view function, std::string_view argument, const std::string& found, std::string_view expected) {
  throw UsageError(std::string(function) + ": " + std::string(argument) + ": " + found + "; expected " +
                   std::string(expected));
}

void check_level(std::string_view function, double level) {
  if (!(level > 0 && level < 1)) refuse(function, "level", std::to_string(level), "a number between 0 and 1");
}

void check_length(std::string_view function, std::string_view argument, std::size_t found, std::size_t expected) {
  if (found != expected) {
    refuse(function, argument, std::to_string(found) + " values", std::to_string(expected) + ", one for each row");
  }
}

void check_outcomes(std::string_view function, std::string_view argument, std::span<const std::uint8_t> outcomes,
                    std::uint8_t highest) {
  const auto wrong = std::find_if(outcomes.begin(), outcomes.end(),
                                  [&](std::uint8_t o) { return o > highest && o != missing_outcome; });
  if (wrong == outcomes.end()) return;
  refuse(function, argument,
         std::to_string(int{*wrong}) + " in row " + std::to_string(std::distance(outcomes.begin(), wrong)),
         highest == 1 ? "0, 1 or missing (255)" : "0, 1, 2 or missing (255)");
}

void check_times(std::string_view function, std::span<const double> times) {
  const auto wrong = std::find_if(times.begin(), times.end(), [](double t) { return t < 0 || std::isinf(t); });
  if (wrong == times.end()) return;
  refuse(function, "times", std::to_string(*wrong) + " in row " + std::to_string(std::distance(times.begin(), wrong)),
         "a time that is not negative, or NaN where it is missing");
}

double normal_width(double level) { return bm::quantile(bm::complement(bm::normal(), (1 - level) / 2)); }

double normal_tails(double statistic) { return 2 * bm::cdf(bm::complement(bm::normal(), std::abs(statistic))); }

double t_tails(double statistic, double degrees_of_freedom) {
  return 2 * bm::cdf(bm::complement(bm::students_t(degrees_of_freedom), std::abs(statistic)));
}

double t_width(double level, double degrees_of_freedom) {
  return bm::quantile(bm::complement(bm::students_t(degrees_of_freedom), (1 - level) / 2));
}

double f_quantile(double probability, double first, double second) {
  return bm::quantile(bm::fisher_f(first, second), probability);
}

double f_upper_tail(double statistic, double first, double second) {
  return bm::cdf(bm::complement(bm::fisher_f(first, second), std::max(0.0, statistic)));
}

double chi_square_upper_tail(double statistic, double degrees_of_freedom) {
  return bm::cdf(bm::complement(bm::chi_squared(degrees_of_freedom), std::max(0.0, statistic)));
}

Estimate with_interval(double value, double standard_error, double level) {
  if (!(standard_error > 0)) return without_interval(value, Status::no_variance);
  const double width = normal_width(level) * standard_error;
  return {value, standard_error, value - width, value + width, Status::estimated, Status::estimated};
}

Estimate with_interval_within(double value, double standard_error, double level, double least, double most) {
  Estimate estimate = with_interval(value, standard_error, level);
  if (estimate.interval == Status::estimated) {
    estimate.low = std::max(estimate.low, least);
    estimate.high = std::min(estimate.high, most);
  }
  return estimate;
}

Estimate exponential(Estimate estimate) {
  estimate.value = std::exp(estimate.value);
  estimate.low = std::exp(estimate.low);
  estimate.high = std::exp(estimate.high);
  return estimate;
}

Estimate without_interval(double value, Status reason) {
  Estimate estimate;
  estimate.value = value;
  estimate.status = Status::estimated;
  estimate.interval = reason;
  return estimate;
}

Estimate absent(Status reason) {
  Estimate estimate;
  estimate.status = reason;
  estimate.interval = reason;
  return estimate;
}

Test normal_test(double difference, double standard_error) {
  if (!(standard_error > 0)) return absent_test(Status::no_variance);
  const double z = difference / standard_error;
  return {z, infinity, normal_tails(z), Status::estimated};
}

Test chi_square_test(double statistic, double degrees_of_freedom) {
  return {statistic, degrees_of_freedom, chi_square_upper_tail(statistic, degrees_of_freedom), Status::estimated};
}

Test absent_test(Status reason) {
  Test test;
  test.status = reason;
  return test;
}

Ends poisson_interval(double count, double level) {
  const double tail = (1 - level) / 2;
  const double low = count > 0 ? bm::quantile(bm::chi_squared(2 * count), tail) / 2 : 0;
  return {low, bm::quantile(bm::complement(bm::chi_squared(2 * count + 2), tail)) / 2};
}

Tally tally(std::string_view function, std::span<const double> scores, std::span<const std::uint8_t> outcomes) {
  check_length(function, "outcomes", outcomes.size(), scores.size());
  check_outcomes(function, "outcomes", outcomes);
  std::vector<std::uint64_t> events, others;
  others.reserve(scores.size());
  Tally result;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]) || outcomes[i] == missing_outcome) {
      ++result.sample.left_out;
    } else {
      (outcomes[i] == 1 ? events : others).push_back(key_of(scores[i]));
    }
  }
  sort_keys(events);
  sort_keys(others);
  std::size_t e = 0, o = 0;
  while (e < events.size() || o < others.size()) {
    const std::uint64_t key =
        o == others.size() || (e < events.size() && events[e] < others[o]) ? events[e] : others[o];
    ScoreCount& count = result.scores.emplace_back();
    count.score = number_of(key);
    for (; e < events.size() && events[e] == key; ++e) ++count.events;
    for (; o < others.size() && others[o] == key; ++o) ++count.others;
  }
  result.sample.n = static_cast<std::int64_t>(events.size() + others.size());
  result.sample.events = static_cast<std::int64_t>(events.size());
  return result;
}

}  // namespace detail
}  // namespace appraise::statistics
