/// Norms: what a score meant in a reference sample.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "appraise/diagnostic.hpp"
#include "appraise/evidence.hpp"

namespace appraise {

/// What a norm set says of one score. Rates and intervals are proportions.
struct NormRow {
  double score = 0;
  std::optional<double> rate;
  std::optional<double> rate_low;
  std::optional<double> rate_high;
  std::optional<double> percentile;
  std::optional<double> risk_ratio;
  Evidence evidence;
  Place place;
};

/// A reference sample: score -> rate with interval, percentile, risk ratio.
struct Norms {
  /// Logistic norms: rate = 1 / (1 + exp(-(intercept + slope * (score - centre)))).
  struct Logistic {
    double centre = 0;
    double intercept = 0;
    double slope = 0;
  };
  std::string id;
  std::string edition;
  std::string title;
  std::string instrument;
  std::vector<std::string> editions;
  std::string scale;
  std::string sample;
  std::string country;                  ///< empty if not known
  std::optional<std::int64_t> n;        ///< people
  std::optional<std::int64_t> samples;  ///< samples pooled
  std::string outcome;
  std::optional<double> follow_up_years;
  std::optional<double> interval_level;
  std::vector<NormRow> rows;  ///< ascending by score
  std::optional<Logistic> logistic;
  std::vector<Source> sources;
  Evidence evidence;
  std::string digest;
  Place place;
};

/// What the sample says of `score`, or nothing if it has no row for it.
///
/// Units:   rates in [0, 1]; percentile in [0, 100]
/// Missing: a figure the norm set does not give is empty
[[nodiscard]] std::optional<NormRow> look_up(const Norms& norms, double score);

}  // namespace appraise
