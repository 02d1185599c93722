#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "appraise/statistics/expected_observed.hpp"
#include "statistics/common.hpp"
#include "statistics/order.hpp"

namespace appraise::statistics {
namespace {

/// Two-sided p value of a binomial count: what is no more likely than the count. Source: as stats::binom.test.
double binomial_tails(double count, double n, double share) {
  if (share <= 0 || share >= 1) return 1;
  const boost::math::binomial_distribution<> binomial(n, share);
  const double own = pdf(binomial, count) * (1 + 1e-7), middle = n * share;
  if (count == middle) return 1;
  // The probabilities fall away from the middle on either side, so that the far tail's edge can be found by halving.
  const bool below = count < middle;
  double near = below ? std::ceil(middle) : std::floor(middle), far = below ? n + 1 : -1;
  if (pdf(binomial, near) <= own) {
    far = near;
  } else {
    while (std::abs(far - near) > 1) {
      const double between = std::floor((near + far) / 2);
      (pdf(binomial, between) <= own ? far : near) = between;
    }
  }
  const double at = below ? cdf(binomial, count) : cdf(complement(binomial, count - 1));
  if (far < 0 || far > n) return at;
  return std::min(1.0, at + (below ? cdf(complement(binomial, far - 1)) : cdf(binomial, far)));
}

void check_whole(std::string_view argument, double observed) {
  if (observed >= 0 && std::floor(observed) == observed) return;
  detail::refuse("expected_observed_ratio", argument, std::to_string(observed) + " observed",
                 "an index of counted people");
}

/// The columns of some rows.
struct Rows {
  std::vector<double> predicted, times, shares;
  std::vector<std::uint8_t> outcomes;

  void add(std::span<const double> rates, std::span<const std::uint8_t> kinds, const ExpectedObservedOptions& options,
           std::size_t row) {
    predicted.push_back(rates[row]);
    outcomes.push_back(kinds[row]);
    if (!options.times.empty()) times.push_back(options.times[row]);
    if (!options.shares.empty()) shares.push_back(options.shares[row]);
  }
};

ExpectedObserved index_of(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                          const ExpectedObservedOptions& options) {
  if (options.times.empty()) return expected_observed(predicted, outcomes, options.level);
  return expected_observed_followed(predicted, options.times, outcomes, options.horizon, options.shares, options.level);
}

ExpectedObserved index_of(const Rows& rows, ExpectedObservedOptions options) {
  options.times = rows.times;
  options.shares = rows.shares;
  return index_of(rows.predicted, rows.outcomes, options);
}

void check(std::span<const double> by, std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
           const ExpectedObservedOptions& options) {
  constexpr std::string_view name = "expected_observed_by";
  detail::check_length(name, "predicted", predicted.size(), by.size());
  detail::check_length(name, "outcomes", outcomes.size(), by.size());
  if (!options.times.empty()) detail::check_length(name, "times", options.times.size(), by.size());
  if (!options.shares.empty()) detail::check_length(name, "shares", options.shares.size(), by.size());
  if (options.times.empty() && !options.shares.empty()) {
    detail::refuse(name, "shares", "shares without times", "the times of follow-up that they are shares of");
  }
  if (options.smallest < 1) detail::refuse(name, "smallest", std::to_string(options.smallest), "1 or more");
}

}  // namespace

Difference expected_observed_ratio(const ExpectedObserved& first, const ExpectedObserved& second, double level) {
  detail::check_level("expected_observed_ratio", level);
  for (const ExpectedObserved* each : {&first, &second}) {
    if (each->expected > 0) continue;
    const Status why = each->ratio.status == Status::estimated ? Status::constant : each->ratio.status;
    return {detail::absent(why), detail::absent_test(why)};
  }
  check_whole("first", first.observed);
  check_whole("second", second.observed);
  const double a = first.observed, n = a + second.observed, tail = (1 - level) / 2;
  if (n == 0) return {detail::absent(Status::no_events), detail::absent_test(Status::no_events)};
  // Of all who were observed, the share that the first group's would be at one E/O is its share of the expected.
  const double odds_expected = first.expected / second.expected;
  const auto ratio_at = [&](double share) { return odds_expected * (1 - share) / share; };
  using boost::math::beta_distribution;
  const double least = a == 0 ? 0 : quantile(beta_distribution<>(a, n - a + 1), tail);
  const double most = a == n ? 1 : quantile(complement(beta_distribution<>(a + 1, n - a), tail));
  Difference result;
  Estimate& ratio = result.value;
  ratio.low = ratio_at(most);
  ratio.high = least > 0 ? ratio_at(least) : detail::infinity;
  ratio.standard_error = a > 0 && a < n ? std::sqrt(1 / a + 1 / (n - a)) : detail::infinity;
  ratio.interval = Status::estimated;
  ratio.status = a > 0 && a < n ? Status::estimated : Status::no_events;
  if (ratio.status == Status::estimated) ratio.value = odds_expected * (n - a) / a;
  const double share = first.expected / (first.expected + second.expected);
  result.test = {a, 0, binomial_tails(a, n, share), Status::estimated};
  return result;
}

Test equal_expected_observed(std::span<const ExpectedObserved> groups) {
  double expected = 0, observed = 0, count = 0;
  for (const ExpectedObserved& each : groups) {
    if (!(each.expected > 0)) continue;
    expected += each.expected;
    observed += each.observed;
    ++count;
  }
  if (count < 2) return detail::absent_test(Status::too_few);
  if (!(observed > 0)) return detail::absent_test(Status::no_events);
  double chi = 0;
  for (const ExpectedObserved& each : groups) {
    if (!(each.expected > 0)) continue;
    const double share = observed * each.expected / expected, apart = each.observed - share;
    chi += apart * apart / share;
  }
  return detail::chi_square_test(chi, count - 1);
}

ExpectedObservedTable expected_observed_by(std::span<const double> by, std::span<const double> predicted,
                                           std::span<const std::uint8_t> outcomes,
                                           const ExpectedObservedOptions& options) {
  check(by, predicted, outcomes, options);
  std::vector<std::size_t> known;
  std::vector<double> labels;
  for (std::size_t i = 0; i < by.size(); ++i) {
    if (std::isnan(by[i])) continue;
    known.push_back(i);
    labels.push_back(by[i]);
  }
  const std::vector<std::uint32_t> order = detail::order_of(labels);
  ExpectedObservedTable result;
  std::vector<ExpectedObserved> shown;
  Rows of_shown;
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    ExpectedObservedGroup& group = result.groups.emplace_back();
    group.group = labels[order[first]];
    Rows rows;
    for (end = first; end < order.size() && labels[order[end]] == group.group; ++end) {
      rows.add(predicted, outcomes, options, known[order[end]]);
    }
    const ExpectedObserved index = index_of(rows, options);
    group.suppressed = index.sample.n > 0 && index.sample.n < options.smallest;
    if (group.suppressed) {
      group.index.ratio = group.index.by_logarithm = detail::absent(Status::suppressed);
      continue;
    }
    group.index = index;
    shown.push_back(index);
    if (options.smallest == 1) continue;
    for (std::size_t k = first; k < end; ++k) of_shown.add(predicted, outcomes, options, known[order[k]]);
  }
  const bool all_shown = shown.size() == result.groups.size();
  result.total = all_shown ? index_of(predicted, outcomes, options) : index_of(of_shown, options);
  result.equal = equal_expected_observed(shown);
  return result;
}

}  // namespace appraise::statistics
