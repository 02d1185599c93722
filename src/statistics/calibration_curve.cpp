#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "appraise/statistics/calibration.hpp"
#include "statistics/predicted.hpp"

namespace appraise::statistics {
namespace {

constexpr std::size_t most_points = 2000;
constexpr std::size_t fewest_points = 4;

/// People with one predicted rate, or a group of neighbours with its mean.
struct Point {
  double predicted = 0;
  double people = 0;
  double observed = 0;  ///< share of them
};

std::vector<Point> points_of(const detail::Tally& tally) {
  const std::size_t distinct = tally.scores.size();
  const double each = static_cast<double>(tally.sample.n) / most_points;
  std::vector<Point> points;
  double done = 0;
  for (const auto& score : tally.scores) {
    const double m = static_cast<double>(score.events + score.others);
    const bool fresh = distinct <= most_points || points.empty() || done >= each * static_cast<double>(points.size());
    if (fresh) points.emplace_back();
    Point& point = points.back();
    point.predicted += score.score * m;
    point.observed += static_cast<double>(score.events);
    point.people += m;
    done += m;
  }
  for (Point& point : points) {
    point.predicted /= point.people;
    point.observed /= point.people;
  }
  return points;
}

/// Distance to the `wanted`-th nearest person, counting all people of a point; points are ascending.
double reach(const std::vector<Point>& points, std::size_t at, double wanted) {
  std::size_t left = at, right = at + 1;
  double people = 0, distance = 0;
  while (people < wanted) {
    const double to_left = left < points.size() ? points[at].predicted - points[left].predicted : INFINITY;
    const double to_right = right < points.size() ? points[right].predicted - points[at].predicted : INFINITY;
    if (to_left <= to_right) {
      distance = to_left;
      people += points[left].people;
      left = left == 0 ? points.size() : left - 1;
    } else {
      distance = to_right;
      people += points[right++].people;
    }
  }
  return distance;
}

/// Weighted quadratic through the points within `width` of points[at], read off there.
double local_quadratic(const std::vector<Point>& points, std::size_t at, double width) {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right = Eigen::Vector3d::Zero();
  for (const Point& point : points) {
    const double u = (point.predicted - points[at].predicted) / width, distance = std::abs(u);
    if (distance >= 0.999) continue;
    const double tricube = distance > 0.001 ? std::pow(1 - distance * distance * distance, 3) : 1;
    const Eigen::Vector3d row(1, u, u * u);
    normal += tricube * point.people * row * row.transpose();
    right += tricube * point.people * point.observed * row;
  }
  // Fewer than three points within reach leave the quadratic open: the smallest solution, as loess.
  Eigen::CompleteOrthogonalDecomposition<Eigen::Matrix3d> solver;
  solver.setThreshold(1e-13);
  solver.compute(normal);
  return solver.solve(right)[0];
}

/// Quantile of type 7 of sorted distances with numbers of people.
double quantile(const std::vector<std::pair<double, double>>& distances, double people, double probability) {
  const double place = (people - 1) * probability, whole = std::floor(place);
  const auto at = [&](double rank) {
    double before = 0;
    for (const auto& [distance, count] : distances) {
      before += count;
      if (before > rank) return distance;
    }
    return distances.back().first;
  };
  const double low = at(whole);
  return place > whole ? low + (place - whole) * (at(whole + 1) - low) : low;
}

}  // namespace

CalibrationCurve calibration_curve(std::span<const double> predicted, std::span<const std::uint8_t> outcomes,
                                   double span) {
  constexpr std::string_view name = "calibration_curve";
  if (!(span > 0 && span <= 1)) detail::refuse(name, "span", detail::text_of(span), "a share above 0, at most 1");
  const detail::Tally tally = detail::tally_rates(name, predicted, outcomes);
  CalibrationCurve result;
  result.sample = tally.sample;
  if (tally.sample.n == 0) return result;
  result.status = Status::estimated;
  const std::vector<Point> points = points_of(tally);
  const double people = static_cast<double>(tally.sample.n);
  const double wanted = std::max(1.0, std::floor(people * span + 1e-5));
  detail::Sum sum;
  std::vector<std::pair<double, double>> distances;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double width = reach(points, i, wanted);
    const bool alone = points.size() < fewest_points || !(width > 0);
    const double curve = alone ? points[i].observed : local_quadratic(points, i, width);
    result.predicted.push_back(points[i].predicted);
    result.observed.push_back(curve);
    result.people.push_back(points[i].people);
    const double apart = std::abs(curve - points[i].predicted);
    sum.add(apart * points[i].people);
    distances.emplace_back(apart, points[i].people);
  }
  std::sort(distances.begin(), distances.end());
  result.ici = sum.value() / people;
  result.e50 = quantile(distances, people, 0.5);
  result.e90 = quantile(distances, people, 0.9);
  result.emax = distances.back().first;
  return result;
}

}  // namespace appraise::statistics
