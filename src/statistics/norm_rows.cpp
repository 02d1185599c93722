#include "statistics/norm_rows.hpp"

#include <cmath>

namespace appraise::statistics::detail {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

/// How fast the logarithm of the rate changes with the linked rate.
double log_rate_change(Link link, double eta, double rate) {
  return link == Link::logit ? 1 - rate : std::exp(eta) * (1 - rate) / rate;
}

/// Whole scores between those seen get a row too: nobody had them by chance.
void fill_gaps(Tally& tally) {
  bool whole = !tally.scores.empty();
  for (const ScoreCount& each : tally.scores) whole = whole && std::floor(each.score) == each.score;
  if (!whole || tally.scores.back().score - tally.scores.front().score > 1000) return;
  std::vector<ScoreCount> filled;
  for (const ScoreCount& each : tally.scores) {
    while (!filled.empty() && filled.back().score + 1 < each.score) filled.push_back({filled.back().score + 1, 0, 0});
    filled.push_back(each);
  }
  tally.scores = std::move(filled);
}

/// Linked published rates of the scores; the others, and their people, are left out.
std::vector<double> published_lines(std::string_view function, Tally& tally, const Norms& norms, Link link) {
  std::vector<double> lines;
  std::vector<ScoreCount> kept;
  for (const ScoreCount& each : tally.scores) {
    const auto row = look_up(norms, each.score);
    if (!row || !row->rate) {
      const std::int64_t people = each.events + each.others;
      tally.sample.n -= people;
      tally.sample.events -= each.events;
      tally.sample.left_out += people;
      continue;
    }
    if (!(*row->rate > 0 && *row->rate < 1)) {
      refuse(function, "published", "a rate of " + std::to_string(*row->rate), "rates above 0 and below 1");
    }
    kept.push_back(each);
    lines.push_back(linked(link, *row->rate));
  }
  tally.scores = std::move(kept);
  return lines;
}

}  // namespace

double linked(Link link, double rate) {
  return link == Link::logit ? std::log(rate / (1 - rate)) : std::log(-std::log1p(-rate));
}

double unlinked(Link link, double eta) {
  if (link == Link::log_hazard) return -std::expm1(-std::exp(eta));
  return eta < 0 ? std::exp(eta) / (1 + std::exp(eta)) : 1 / (1 + std::exp(-eta));
}

bool on_published(const LocalNormsOptions& options) {
  return options.updating == Updating::intercept || options.updating == Updating::intercept_and_slope;
}

void check(std::string_view name, const LocalNormsOptions& options) {
  check_level(name, options.level);
  if (on_published(options) && options.published == nullptr) {
    refuse(name, "published", "none", "the norms that are to be updated");
  }
  if (options.updating != Updating::pooled) return;
  if (!options.prior) refuse(name, "prior", "none", "the published curve with its standard errors");
  if (!(options.prior->intercept_error > 0 && options.prior->slope_error > 0) ||
      !(std::abs(options.prior->correlation) < 1)) {
    refuse(name, "prior", "a standard error that is not positive, or a correlation of 1", "standard errors above 0");
  }
}

double median_of(const Tally& tally) {
  std::int64_t below = 0;
  for (const ScoreCount& each : tally.scores) {
    below += each.events + each.others;
    if (2 * below >= tally.sample.n) return each.score;
  }
  return not_available;
}

std::vector<Line> lines_of(std::string_view function, Tally& tally, const LocalNormsOptions& options, double median,
                           Link link) {
  std::vector<Line> lines;
  if (on_published(options)) {
    const bool moved = options.updating == Updating::intercept;
    for (const double each : published_lines(function, tally, *options.published, link)) {
      lines.push_back({moved ? each : 0, each});
    }
    return lines;
  }
  fill_gaps(tally);
  for (const ScoreCount& each : tally.scores) lines.push_back({0, each.score - median});
  return lines;
}

Prior moved_to(const PublishedCurve& curve, double median) {
  // intercept + slope * (median - centre)
  Matrix2d move = Matrix2d::Identity(), covariance;
  move(0, 1) = median - curve.centre;
  const double shared = curve.correlation * curve.intercept_error * curve.slope_error;
  covariance << curve.intercept_error * curve.intercept_error, shared, shared, curve.slope_error * curve.slope_error;
  return {move * Vector2d(curve.intercept, curve.slope), move * covariance * move.transpose()};
}

void write_norms(const Tally& tally, const std::vector<Line>& lines, const NormCurve& curve, Link link,
                 LocalNorms& result) {
  result.sample = tally.sample;
  result.status = curve.status;
  if (result.status != Status::estimated) {
    result.intercept = result.slope = absent(result.status);
    return;
  }
  const bool one = result.updating == Updating::intercept;
  result.intercept = with_interval(curve.coefficients[0], std::sqrt(curve.covariance(0, 0)), result.level);
  result.slope = one ? absent(Status::constant)
                     : with_interval(curve.coefficients[1], std::sqrt(curve.covariance(1, 1)), result.level);
  const double z = normal_width(result.level), n = static_cast<double>(tally.sample.n);
  const auto vector_of = [&](const Line& line) { return Vector2d(1, one ? 0 : line.basis); };
  const auto eta_of = [&](const Line& line) { return line.offset + vector_of(line).dot(curve.coefficients); };
  std::size_t centre = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (tally.scores[i].score <= result.median) centre = i;
  }
  // How log(rate) changes with the coefficients.
  const auto change_of = [&](const Line& line) -> Vector2d {
    const double eta = eta_of(line);
    return log_rate_change(link, eta, unlinked(link, eta)) * vector_of(line);
  };
  const Vector2d change_of_centre = change_of(lines[centre]);
  const double rate_of_centre = unlinked(link, eta_of(lines[centre]));
  double below = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LocalNormRow& row = result.rows.emplace_back();
    const ScoreCount& here = tally.scores[i];
    const double people = static_cast<double>(here.events + here.others);
    row.score = here.score;
    row.n = here.events + here.others;
    row.events = here.events;
    const Vector2d x = vector_of(lines[i]);
    const double eta = eta_of(lines[i]), error_of_eta = std::sqrt(x.dot(curve.covariance * x));
    row.rate = {unlinked(link, eta),
                error_of_eta,
                unlinked(link, eta - z * error_of_eta),
                unlinked(link, eta + z * error_of_eta),
                Status::estimated,
                Status::estimated};
    row.percentile = 100 * (below + people / 2) / n;
    below += people;
    const Vector2d change = change_of(lines[i]) - change_of_centre;
    const double ratio = row.rate.value / rate_of_centre, error = std::sqrt(change.dot(curve.covariance * change));
    row.risk_ratio = without_interval(ratio, Status::no_variance);
    if (i != centre) {
      row.risk_ratio = exponential(with_interval(std::log(ratio), error, result.level));
      row.risk_ratio.value = ratio;
    }
  }
}

}  // namespace appraise::statistics::detail
