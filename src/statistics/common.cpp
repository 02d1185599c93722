#include "statistics/common.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <charconv>
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
    case Status::out_of_range:
      return "out_of_range";
    case Status::certain:
      break;
  }
  return "certain";
}

std::optional<Status> status_named(std::string_view name) noexcept {
  for (int code = 0; code <= static_cast<int>(Status::certain); ++code) {
    if (to_string(static_cast<Status>(code)) == name) return static_cast<Status>(code);
  }
  return std::nullopt;
}

namespace detail {

namespace bm = boost::math;

void refuse(std::string_view function, std::string_view argument, const std::string& found, std::string_view expected) {
  throw UsageError(std::string(function) + ": " + std::string(argument) + ": " + found + "; expected " +
                   std::string(expected));
}

std::string text_of(double number) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

namespace {

/// The first that is wrong. All are looked at before one is sought: without an early exit that takes a fraction of the
/// time.
template <class Value, class Wrong>
auto find_wrong(std::span<const Value> values, Wrong wrong) {
  unsigned any = 0;
  for (const Value value : values) any |= static_cast<unsigned>(wrong(value));
  return any == 0 ? values.end() : std::find_if(values.begin(), values.end(), wrong);
}

}  // namespace

void check_level(std::string_view function, double level) {
  if (!(level > 0 && level < 1)) refuse(function, "level", text_of(level), "a number between 0 and 1");
}

void check_length(std::string_view function, std::string_view argument, std::size_t found, std::size_t expected) {
  if (found != expected) {
    refuse(function, argument, std::to_string(found) + " values", std::to_string(expected) + ", one for each row");
  }
}

void check_outcomes(std::string_view function, std::string_view argument, std::span<const std::uint8_t> outcomes,
                    std::uint8_t highest) {
  const auto wrong = find_wrong(outcomes, [&](std::uint8_t o) { return (o > highest) & (o != missing_outcome); });
  if (wrong == outcomes.end()) return;
  refuse(function, argument,
         std::to_string(int{*wrong}) + " in row " + std::to_string(std::distance(outcomes.begin(), wrong)),
         highest == 1 ? "0, 1 or missing (255)" : "0, 1, 2 or missing (255)");
}

void check_times(std::string_view function, std::span<const double> times) {
  constexpr double longest = std::numeric_limits<double>::max();
  const auto wrong = find_wrong(times, [](double t) { return (t < 0) | (t > longest); });
  if (wrong == times.end()) return;
  refuse(function, "times", text_of(*wrong) + " in row " + std::to_string(std::distance(times.begin(), wrong)),
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
  if (std::isnan(value)) return absent(Status::out_of_range);
  const double width = normal_width(level) * standard_error;
  if (std::isnan(value - width) || std::isnan(value + width)) return without_interval(value, Status::out_of_range);
  if (!(standard_error > 0)) return without_interval(value, Status::no_variance);
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

Estimate logarithm(Estimate estimate) {
  if (estimate.status != Status::estimated) return estimate;
  estimate.value = std::log(estimate.value);
  estimate.low = std::log(estimate.low);
  estimate.high = std::log(estimate.high);
  return estimate;
}

Difference wald_difference(const Estimate& first, const Estimate& second, double level) {
  for (const Estimate* each : {&first, &second}) {
    if (each->status != Status::estimated) return {absent(each->status), absent_test(each->status)};
    if (each->interval != Status::estimated) return {absent(each->interval), absent_test(each->interval)};
  }
  const double difference = first.value - second.value, error = std::hypot(first.standard_error, second.standard_error);
  return {with_interval(difference, error, level), normal_test(difference, error)};
}

Estimate without_interval(double value, Status reason) {
  if (std::isnan(value)) return absent(Status::out_of_range);
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
  if (std::isnan(difference) || std::isnan(standard_error)) return absent_test(Status::out_of_range);
  if (!(standard_error > 0)) return absent_test(Status::no_variance);
  const double z = difference / standard_error;
  return {z, infinity, normal_tails(z), Status::estimated};
}

Test chi_square_test(double statistic, double degrees_of_freedom) {
  if (std::isnan(statistic)) return absent_test(Status::out_of_range);
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

namespace {

/// Counts the complete rows by score if there are few scores; otherwise false.
bool count_few(std::span<const double> scores, std::span<const std::uint8_t> outcomes, Tally& result) {
  FewNumbers few(scores.size());
  std::vector<std::array<std::uint32_t, 2>> counts(few.most());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]) || outcomes[i] == missing_outcome) continue;
    const std::uint32_t place = few.place(scores[i]);
    if (place == FewNumbers::none) return false;
    ++counts[place][outcomes[i] == 1];
  }
  const std::vector<std::uint32_t> ranks = few.ranks();
  result.scores.resize(ranks.size());
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    result.scores[ranks[k]] = {few.values()[k], counts[k][1], counts[k][0]};
  }
  return true;
}

/// The same for many: the scores of each kind are sorted.
void count_sorted(std::span<const double> scores, std::span<const std::uint8_t> outcomes, Tally& result) {
  std::vector<std::uint64_t> events, others;
  const auto with_event = std::count(outcomes.begin(), outcomes.end(), std::uint8_t{1});
  events.reserve(static_cast<std::size_t>(with_event));
  others.reserve(scores.size() - events.capacity());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]) || outcomes[i] == missing_outcome) continue;
    (outcomes[i] == 1 ? events : others).push_back(key_of(scores[i]));
  }
  sort_keys(events);
  sort_keys(others);
  result.scores.reserve(events.size() + others.size());
  std::size_t e = 0, o = 0;
  while (e < events.size() || o < others.size()) {
    const std::uint64_t key =
        o == others.size() || (e < events.size() && events[e] < others[o]) ? events[e] : others[o];
    ScoreCount& count = result.scores.emplace_back();
    count.score = number_of(key);
    for (; e < events.size() && events[e] == key; ++e) ++count.events;
    for (; o < others.size() && others[o] == key; ++o) ++count.others;
  }
}

}  // namespace

Tally tally(std::string_view function, std::span<const double> scores, std::span<const std::uint8_t> outcomes,
            std::string_view outcomes_name) {
  check_length(function, outcomes_name, outcomes.size(), scores.size());
  check_outcomes(function, outcomes_name, outcomes);
  if (scores.size() > 0xffffffff) refuse(function, "scores", std::to_string(scores.size()) + " rows", "less than 2^32");
  Tally result;
  if (!count_few(scores, outcomes, result)) count_sorted(scores, outcomes, result);
  for (const ScoreCount& each : result.scores) {
    result.sample.events += each.events;
    result.sample.n += each.events + each.others;
  }
  result.sample.left_out = static_cast<std::int64_t>(scores.size()) - result.sample.n;
  return result;
}

}  // namespace detail
}  // namespace appraise::statistics
