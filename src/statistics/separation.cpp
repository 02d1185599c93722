#include "statistics/separation.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "statistics/common.hpp"

namespace appraise::statistics::detail {
namespace {

using Rational = boost::multiprecision::cpp_rational;
using Vector = std::vector<Rational>;
using Eigen::Index;
using Eigen::VectorXd;

/// A person, by the row that was given; `origin` is where all covariates are zero.
using Person = std::uint32_t;
constexpr Person origin = 0xffffffff;
using Pair = std::pair<Person, Person>;

/// How near to level two people must be to be taken for level, as a share of the widest distance. The first asks nobody
/// to be.
constexpr double nearness[] = {-1, 1e-12, 1e-9, 1e-6};
constexpr std::size_t most_pairs = 1000;

double value(std::span<const double> column, Person person) { return person == origin ? 0 : column[person]; }

/// Where people lie along a direction.
class Along {
 public:
  Along(Covariates covariates, Vector direction) : covariates_(covariates), exact_(std::move(direction)) {
    for (const Rational& each : exact_) near_.push_back(each.convert_to<double>());
  }

  /// The sign of the way from `b` to `a`: in doubles where their rounding cannot matter, otherwise exactly.
  [[nodiscard]] int compare(Person a, Person b) const {
    double sum = 0, size = 0;
    bool same = true;
    for (std::size_t j = 0; j < exact_.size(); ++j) {
      const double apart = value(covariates_[j], a) - value(covariates_[j], b);
      same = same && apart == 0;
      sum += apart * near_[j];
      size += std::abs(apart * near_[j]);
    }
    if (same) return 0;
    const double bound = size * static_cast<double>(exact_.size() + 4) * std::numeric_limits<double>::epsilon();
    if (std::isnormal(bound) && std::abs(sum) > bound) return sum > 0 ? 1 : -1;
    Rational total = 0;
    for (std::size_t j = 0; j < exact_.size(); ++j) {
      total += (Rational(value(covariates_[j], a)) - Rational(value(covariates_[j], b))) * exact_[j];
    }
    return total.sign();
  }

 private:
  Covariates covariates_;
  Vector exact_;
  std::vector<double> near_;
};

Vector exactly(const VectorXd& direction) {
  Vector result;
  for (const double each : direction) result.emplace_back(each);
  return result;
}

/// The direction near `direction` along which each pair is exactly level; nothing if only zero is one. Each pair that
/// does not follow from those before decides one part of the direction, the one that it changes least.
std::optional<Vector> level(Covariates covariates, const VectorXd& direction, std::span<const Pair> pairs) {
  const std::size_t p = covariates.size();
  std::vector<std::pair<std::size_t, Vector>> decided;  // reduced equations, each 1 at its own part
  const std::size_t stride = pairs.size() / most_pairs + 1;
  for (std::size_t k = 0; k < pairs.size(); k += stride) {
    Vector equation(p);
    for (std::size_t j = 0; j < p; ++j) {
      equation[j] = Rational(value(covariates[j], pairs[k].first)) - Rational(value(covariates[j], pairs[k].second));
    }
    for (const auto& [part, known] : decided) {
      const Rational factor = equation[part];
      for (std::size_t j = 0; factor != 0 && j < p; ++j) equation[j] -= factor * known[j];
    }
    std::size_t part = p;
    double most = -1;
    for (std::size_t j = 0; j < p; ++j) {
      if (equation[j] == 0) continue;
      const double size = std::abs(equation[j].convert_to<double>() * direction[static_cast<Index>(j)]);
      if (size > most) {
        most = size;
        part = j;
      }
    }
    if (part == p) continue;
    const Rational scale = equation[part];
    for (Rational& each : equation) each /= scale;
    for (auto& [other, known] : decided) {
      const Rational factor = known[part];
      for (std::size_t j = 0; factor != 0 && j < p; ++j) known[j] -= factor * equation[j];
    }
    decided.emplace_back(part, std::move(equation));
    if (decided.size() == p) return {};
  }
  Vector result = exactly(direction);
  for (const auto& [part, known] : decided) result[part] = 0;
  Vector found = result;
  for (const auto& [part, known] : decided) {
    for (std::size_t j = 0; j < p; ++j) found[part] -= known[j] * result[j];
  }
  return found;
}

/// The people of some rows with what they have in doubles along the direction.
struct Placed {
  std::vector<Person> people;
  std::vector<double> along;
  std::vector<bool> event;
};

Placed place(Covariates covariates, const Rows& rows, const VectorXd& direction) {
  Placed placed;
  placed.people = rows.given;
  for (std::size_t i = 0; i < rows.given.size(); ++i) {
    double along = 0;
    for (std::size_t j = 0; j < covariates.size(); ++j) {
      along += covariates[j][rows.given[i]] * direction[static_cast<Index>(j)];
    }
    placed.along.push_back(along);
    placed.event.push_back(rows.outcomes[i] == 1);
  }
  return placed;
}

bool apart_along(const Along& line, const Placed& placed, bool intercept) {
  Person lowest = origin, highest = origin;  // of those with the outcome; of those without
  for (std::size_t i = 0; intercept && i < placed.people.size(); ++i) {
    Person& end = placed.event[i] ? lowest : highest;
    if (end == origin || line.compare(placed.people[i], end) * (placed.event[i] ? 1 : -1) < 0) end = placed.people[i];
  }
  if (intercept && line.compare(lowest, highest) < 0) return false;
  bool somebody = false;
  for (std::size_t i = 0; i < placed.people.size(); ++i) {
    const int side = placed.event[i] ? line.compare(placed.people[i], highest) : line.compare(lowest, placed.people[i]);
    if (side < 0) return false;
    somebody = somebody || side > 0;
  }
  return somebody;
}

/// `rows` are in descending order of time.
bool first_along(const Along& line, const Placed& placed, const Rows& rows) {
  Person furthest = origin, nearest = origin;
  bool somebody = false;
  for (std::size_t first = 0, end = 0; first < placed.people.size(); first = end) {
    const double time = rows.times[static_cast<Index>(first)];
    for (end = first; end < placed.people.size() && rows.times[static_cast<Index>(end)] == time; ++end) {
      const Person person = placed.people[end];
      if (furthest == origin || line.compare(person, furthest) > 0) furthest = person;
      if (nearest == origin || line.compare(person, nearest) < 0) nearest = person;
    }
    for (std::size_t i = first; i < end; ++i) {
      if (!placed.event[i]) continue;
      if (line.compare(placed.people[i], furthest) < 0) return false;
      somebody = somebody || line.compare(placed.people[i], nearest) > 0;
    }
  }
  return somebody;
}

/// Pairs that should be level: everybody who lies about where the two kinds meet.
std::vector<Pair> meeting(const Placed& placed, bool intercept, double near) {
  double lowest = infinity, highest = -infinity, reach = 0;
  for (std::size_t i = 0; i < placed.along.size(); ++i) {
    (placed.event[i] ? lowest : highest) =
        placed.event[i] ? std::min(lowest, placed.along[i]) : std::max(highest, placed.along[i]);
  }
  const double middle = intercept ? (lowest + highest) / 2 : 0;
  for (const double along : placed.along) reach = std::max(reach, std::abs(along - middle));
  std::vector<Pair> pairs;
  Person with = origin;
  for (std::size_t i = 0; i < placed.people.size(); ++i) {
    if (!(std::abs(placed.along[i] - middle) <= near * reach)) continue;
    if (intercept && with == origin) {
      with = placed.people[i];
    } else {
      pairs.emplace_back(placed.people[i], with);
    }
  }
  return pairs;
}

/// Pairs that should be level: who had an event, and who lies furthest of those at risk, if that is about as far.
std::vector<Pair> leading(const Placed& placed, const Rows& rows, double near) {
  const auto [least, most] = std::minmax_element(placed.along.begin(), placed.along.end());
  const double reach = *most - *least;
  std::vector<Pair> pairs;
  std::size_t furthest = 0;
  for (std::size_t first = 0, end = 0; first < placed.people.size(); first = end) {
    const double time = rows.times[static_cast<Index>(first)];
    for (end = first; end < placed.people.size() && rows.times[static_cast<Index>(end)] == time; ++end) {
      if (placed.along[end] > placed.along[furthest]) furthest = end;
    }
    for (std::size_t i = first; i < end; ++i) {
      if (!placed.event[i] || !(placed.along[furthest] - placed.along[i] <= near * reach)) continue;
      if (i != furthest) pairs.emplace_back(placed.people[i], placed.people[furthest]);
    }
  }
  return pairs;
}

}  // namespace

bool proved_apart(Covariates covariates, const Rows& rows, const VectorXd& direction, bool intercept) {
  if (!direction.allFinite()) return false;
  const Placed placed = place(covariates, rows, direction);
  return std::any_of(std::begin(nearness), std::end(nearness), [&](double near) {
    const auto found = level(covariates, direction, meeting(placed, intercept, near));
    return found && apart_along(Along(covariates, *found), placed, intercept);
  });
}

bool proved_first(Covariates covariates, const Rows& rows, const VectorXd& direction) {
  if (!direction.allFinite()) return false;
  const Placed placed = place(covariates, rows, direction);
  return std::any_of(std::begin(nearness), std::end(nearness), [&](double near) {
    const auto found = level(covariates, direction, leading(placed, rows, near));
    return found && first_along(Along(covariates, *found), placed, rows);
  });
}

VectorXd as_given(const Rows& rows, const VectorXd& standard) {
  return standard.tail(rows.covariates.cols()).cwiseQuotient(rows.spread);
}

}  // namespace appraise::statistics::detail
