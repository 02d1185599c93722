/// What local norms share, however they are fitted: people by score, the curve, and the rows that follow from it.
#pragma once

#include <Eigen/Dense>
#include <string_view>
#include <vector>

#include "appraise/statistics/local_norms.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics::detail {

/// The scale on which a curve is a straight line.
enum class Link : std::uint8_t {
  logit,       ///< log(rate / (1 - rate))
  log_hazard,  ///< log(-log(1 - rate)): the logarithm of the cumulative hazard
};

[[nodiscard]] double linked(Link link, double rate);
[[nodiscard]] double unlinked(Link link, double eta);

/// link(rate) = offset + (1, basis) . coefficients; the second coefficient may be held at 0.
struct Line {
  double offset = 0;
  double basis = 0;
};

struct NormCurve {
  Eigen::Vector2d coefficients = Eigen::Vector2d::Zero();
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  Status status = Status::no_data;
};

/// Whether the curve starts from published rates.
[[nodiscard]] bool on_published(const LocalNormsOptions& options);

/// Errors: UsageError if `updating` lacks what it needs
void check(std::string_view function, const LocalNormsOptions& options);

/// The score in the middle; between two, the lower one, so that it is a score.
[[nodiscard]] double median_of(const Tally& tally);

/// The lines of all scores of `tally`, which loses those without a published rate, with their people, or gains those
/// between.
///
/// Errors: UsageError if a published rate is 0 or 1
[[nodiscard]] std::vector<Line> lines_of(std::string_view function, Tally& tally, const LocalNormsOptions& options,
                                         double median, Link link);

/// A normal prior moved from its centre to the median.
struct Prior {
  Eigen::Vector2d mean;
  Eigen::Matrix2d covariance;
};
[[nodiscard]] Prior moved_to(const PublishedCurve& curve, double median);

/// Sample, status, coefficients and rows of `result`, whose median, level and updating are known; no rows where the
/// curve is not estimated. Each line is that of a score.
void write_norms(const Tally& tally, const std::vector<Line>& lines, const NormCurve& curve, Link link,
                 LocalNorms& result);

}  // namespace appraise::statistics::detail
