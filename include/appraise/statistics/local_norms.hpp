/// Local norms: the rates of one's own people, as a norm set that scoring can use.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "appraise/norms.hpp"
#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/regression.hpp"

namespace appraise::statistics {

/// How local rates follow from local people and published norms.
enum class Updating : std::uint8_t {
  refit,                ///< regression on the score; published norms are not used
  intercept,            ///< the linked published rate moved up or down
  intercept_and_slope,  ///< the same, and stretched
  pooled,               ///< the published curve, with its standard errors, as the prior of a refit
};

/// What is published, as the prior of `pooled`: link(rate) = intercept + slope * (score - centre). The link is
/// log(rate / (1 - rate)); of local_norms_followed() it is log(-log(1 - rate)), so that the slope is a log hazard
/// ratio.
struct PublishedCurve {
  double centre = 0;
  double intercept = 0;
  double intercept_error = 0;
  double slope = 0;
  double slope_error = 0;
  double correlation = 0;  ///< of the two estimates
};

struct LocalNormsOptions {
  Updating updating = Updating::refit;
  const Norms* published = nullptr;     ///< for `intercept` and `intercept_and_slope`
  std::optional<PublishedCurve> prior;  ///< for `pooled`
  double level = 0.95;
};

/// What the local norms say of one score.
struct LocalNormRow {
  double score = 0;
  std::int64_t n = 0;       ///< people with the score
  std::int64_t events = 0;  ///< of them with the outcome, by the horizon if there is one
  Estimate rate;            ///< fitted; standard error and interval of the linked rate
  double percentile = 0;    ///< share below and half of those at the score, in percent
  Estimate risk_ratio;      ///< fitted rate over that of the median score; standard error of its logarithm
};

struct LocalNorms {
  std::vector<LocalNormRow> rows;  ///< whole scores: every one from lowest to highest seen; else those seen
  double median = not_available;   ///< the score on which the curve is centred
  Estimate intercept;              ///< refit, pooled: linked rate at the median; otherwise the shift of linked rates
  Estimate slope;                  ///< refit, pooled: of the linked rate per point; otherwise on the published one
  double horizon = not_available;  ///< where people were followed for different times
  Updating updating = Updating::refit;
  double level = 0.95;
  Sample sample;
  Status status = Status::no_data;
};

/// Local norms of people who were all followed for one time.
///
/// Shape:    n scores, n outcomes
/// Missing:  NaN scores and missing outcomes are left out, and counted; so are scores without a published rate where
///           `updating` needs one
/// Errors:   UsageError if lengths differ, an outcome is none of 0, 1, missing, `updating` lacks what it needs, or a
///           published rate is 0 or 1
/// Cost:     O(n log n)
/// Accuracy: 1e-9 relative
/// Source:   Steyerberg et al. (2004), Statistics in Medicine 23, 2567-2586 (updating); pooled: the mode of the
///           posterior with a normal prior, Gelman et al. (2013); ratios to the median score: Hanson, Babchishin,
///           Helmus & Thornton (2013), Sexual Abuse 25, 482-515; percentiles by the midpoint rule: Hanson, Lloyd,
///           Helmus & Thornton (2012), Int. J. Forensic Mental Health 11, 9-23
[[nodiscard]] LocalNorms local_norms(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                     const LocalNormsOptions& options = {});

/// Local norms at `horizon` of people who were followed for different times: Cox regression on the score with Efron's
/// ties, and the hazard that its baseline has gathered by the horizon. Updating moves the baseline of the published
/// rates, or stretches them too; `pooled` weights the fitted curve and the prior by their precision.
///
/// Shape:    n scores, n times, n events (0 followed without, 1 event, missing). Competing events that are counted as
///           censoring make the rates too high: they are those of a world without competing events
/// Missing:  as local_norms(); status `not_reached` if nobody was followed to the horizon, `no_events` if nobody had
/// the
///           event by then, or as cox_regression()
/// Errors:   as local_norms(); UsageError if a time is negative or `horizon` not positive
/// Cost:     O(n log n)
/// Accuracy: 1e-9 relative
/// Source:   as survival::survfit(coxph, newdata, conf.type = "log-log"); Therneau & Grambsch (2000), Modeling Survival
///           Data; the variance of the hazard: Tsiatis (1981), Annals of Statistics 9, 93-108
[[nodiscard]] LocalNorms local_norms_followed(std::span<const double> scores, std::span<const double> times,
                                              std::span<const std::uint8_t> events, double horizon,
                                              const LocalNormsOptions& options = {});

/// What a norm set must say of itself.
struct NormsDescription {
  std::string id;  ///< lower-case letters, digits and hyphens
  std::string edition;
  std::string title;
  std::string instrument;
  std::vector<std::string> editions;
  std::string scale;
  std::string sample;
  std::string country;  ///< empty if not to be named
  std::string outcome;
  std::optional<double> follow_up_years;
  std::string citation;  ///< where the figures are published; empty: nowhere
};

/// A file of the definition format.
struct NormsFile {
  std::string path;    ///< below the instruments folder
  std::string text;    ///< JSON
  std::string digest;  ///< SHA-256 of its canonical form: the digest that results will name
};

/// The norms as a file that scoring reads. The mark is `unverified`, since no public source has confirmed the figures:
/// whoever publishes them and has them checked may raise it.
///
/// Errors: UsageError if the norms were not estimated, or a field is empty that the format requires: a rate without
///         sample and outcome is not a norm
[[nodiscard]] NormsFile norms_file(const LocalNorms& norms, const NormsDescription& description);

}  // namespace appraise::statistics
