#include "appraise/statistics/figures.hpp"

#include <algorithm>
#include <utility>

#include "appraise/statistics.hpp"
#include "statistics/common.hpp"

namespace appraise::statistics {
namespace {

/// The rows of one draw.
struct Drawn {
  std::vector<std::vector<double>> held;
  std::vector<std::span<const double>> numbers;
  std::vector<std::uint8_t> outcomes;
  double horizon = 0;
};

using Value = double (*)(const Drawn&);

struct Named {
  FigureKind kind;
  Value value;
};

constexpr FigureArgument scores = {"scores", FigureColumn::numbers};
constexpr FigureArgument predicted = {"predicted", FigureColumn::numbers};
constexpr FigureArgument times = {"times", FigureColumn::numbers};
constexpr FigureArgument first = {"first", FigureColumn::numbers};
constexpr FigureArgument second = {"second", FigureColumn::numbers};
constexpr FigureArgument outcomes = {"outcomes", FigureColumn::outcomes};
constexpr FigureArgument events = {"events", FigureColumn::outcomes};
constexpr FigureArgument kinds_of_events = {"events", FigureColumn::events};
constexpr FigureArgument ratings = {"ratings", FigureColumn::raters};
constexpr FigureArgument items = {"items", FigureColumn::raters};

template <KappaWeights Weights>
double kappa_of(const Drawn& d) {
  return kappa(d.numbers[0], d.numbers[1], Weights).kappa.value;
}
template <Measurement Kind>
double alpha_of(const Drawn& d) {
  return krippendorffs_alpha(d.numbers, Kind).alpha.value;
}
template <Icc IccTable::*Form>
double icc_of(const Drawn& d) {
  return (icc(d.numbers).*Form).value.value;
}
template <double CalibrationCurve::*Distance>
double distance_of(const Drawn& d) {
  return calibration_curve(d.numbers[0], d.outcomes).*Distance;
}

const std::vector<Named>& named() {
  static const std::vector<Named> all = {
      {{"auc", {scores, outcomes}}, [](const Drawn& d) { return auc(d.numbers[0], d.outcomes).auc.value; }},
      {{"cohens_d", {scores, outcomes}}, [](const Drawn& d) { return cohens_d(d.numbers[0], d.outcomes).value.value; }},
      {{"odds_ratio_per_point", {scores, outcomes}},
       [](const Drawn& d) { return odds_ratio_per_point(d.numbers[0], d.outcomes).value.value; }},
      {{"harrells_c", {scores, times, events}},
       [](const Drawn& d) { return harrells_c(d.numbers[0], d.numbers[1], d.outcomes).c.value; }},
      {{"unos_c", {scores, times, events}, true},
       [](const Drawn& d) { return unos_c(d.numbers[0], d.numbers[1], d.outcomes, d.horizon).c.value; }},
      {{"auc_at_horizon", {scores, times, kinds_of_events}, true},
       [](const Drawn& d) { return auc_at_horizon(d.numbers[0], d.numbers[1], d.outcomes, d.horizon).auc.value; }},
      {{"hazard_ratio_per_point", {scores, times, events}},
       [](const Drawn& d) { return hazard_ratio_per_point(d.numbers[0], d.numbers[1], d.outcomes).value.value; }},
      {{"expected_observed", {predicted, outcomes}},
       [](const Drawn& d) { return expected_observed(d.numbers[0], d.outcomes).ratio.value; }},
      {{"expected_observed_at", {predicted, times, kinds_of_events}, true},
       [](const Drawn& d) {
         return expected_observed_at(d.numbers[0], d.numbers[1], d.outcomes, d.horizon).ratio.value;
       }},
      {{"calibration_intercept", {predicted, outcomes}},
       [](const Drawn& d) { return calibration_line(d.numbers[0], d.outcomes).intercept.value; }},
      {{"calibration_slope", {predicted, outcomes}},
       [](const Drawn& d) { return calibration_line(d.numbers[0], d.outcomes).slope.value; }},
      {{"ici", {predicted, outcomes}}, distance_of<&CalibrationCurve::ici>},
      {{"e50", {predicted, outcomes}}, distance_of<&CalibrationCurve::e50>},
      {{"e90", {predicted, outcomes}}, distance_of<&CalibrationCurve::e90>},
      {{"emax", {predicted, outcomes}}, distance_of<&CalibrationCurve::emax>},
      {{"brier", {predicted, outcomes}}, [](const Drawn& d) { return brier(d.numbers[0], d.outcomes).score.value; }},
      {{"scaled_brier", {predicted, outcomes}},
       [](const Drawn& d) { return brier(d.numbers[0], d.outcomes).scaled.value; }},
      {{"kappa", {first, second}}, kappa_of<KappaWeights::none>},
      {{"linear_kappa", {first, second}}, kappa_of<KappaWeights::linear>},
      {{"quadratic_kappa", {first, second}}, kappa_of<KappaWeights::quadratic>},
      {{"exact_agreement", {first, second}},
       [](const Drawn& d) { return agreement(d.numbers[0], d.numbers[1]).exact.value; }},
      {{"agreement_within_one", {first, second}},
       [](const Drawn& d) { return agreement(d.numbers[0], d.numbers[1]).within_one.value; }},
      {{"icc_1_1", {ratings}}, icc_of<&IccTable::one>},
      {{"icc_2_1", {ratings}}, icc_of<&IccTable::two>},
      {{"icc_3_1", {ratings}}, icc_of<&IccTable::three>},
      {{"icc_1_k", {ratings}}, icc_of<&IccTable::one_mean>},
      {{"icc_2_k", {ratings}}, icc_of<&IccTable::two_mean>},
      {{"icc_3_k", {ratings}}, icc_of<&IccTable::three_mean>},
      {{"nominal_alpha", {ratings}}, alpha_of<Measurement::nominal>},
      {{"ordinal_alpha", {ratings}}, alpha_of<Measurement::ordinal>},
      {{"interval_alpha", {ratings}}, alpha_of<Measurement::interval>},
      {{"ratio_alpha", {ratings}}, alpha_of<Measurement::ratio>},
      {{"cronbachs_alpha", {items}}, [](const Drawn& d) { return reliability(d.numbers).alpha.value; }},
      {{"omega", {items}}, [](const Drawn& d) { return reliability(d.numbers).omega.value; }},
  };
  return all;
}

/// Whether the columns are those that the figure takes.
void check(const NamedFigure& figure, const FigureKind& kind) {
  constexpr std::string_view name = "statistic_of";
  std::size_t numbers = 0, kinds = 0;
  bool any_number = false;
  for (const FigureArgument& argument : kind.arguments) {
    any_number = any_number || argument.column == FigureColumn::raters;
    numbers += argument.column == FigureColumn::numbers;
    kinds += argument.column == FigureColumn::outcomes || argument.column == FigureColumn::events;
  }
  if (any_number ? figure.numbers.size() < numbers : figure.numbers.size() != numbers) {
    detail::refuse(name, "numbers", std::to_string(figure.numbers.size()) + " columns",
                   std::to_string(numbers) + " for " + std::string(kind.name));
  }
  const std::size_t rows = figure.numbers.empty() ? figure.outcomes.size() : figure.numbers.front().size();
  for (const auto& column : figure.numbers) detail::check_length(name, "numbers", column.size(), rows);
  detail::check_length(name, "outcomes", figure.outcomes.size(), kinds == 0 ? 0 : rows);
  if (figure.horizon.has_value() != kind.horizon) {
    detail::refuse(name, "horizon", figure.horizon ? detail::text_of(*figure.horizon) : "none",
                   (kind.horizon ? "a time for " : "none for ") + std::string(kind.name));
  }
}

}  // namespace

const std::vector<FigureKind>& figures() {
  static const std::vector<FigureKind> all = [] {
    std::vector<FigureKind> kinds;
    for (const Named& each : named()) kinds.push_back(each.kind);
    return kinds;
  }();
  return all;
}

Statistic statistic_of(const NamedFigure& figure) {
  const auto found =
      std::find_if(named().begin(), named().end(), [&](const Named& each) { return each.kind.name == figure.figure; });
  if (found == named().end()) {
    std::string known;
    for (const Named& each : named()) known += (known.empty() ? "" : ", ") + std::string(each.kind.name);
    detail::refuse("statistic_of", "figure", figure.figure, "one of " + known);
  }
  check(figure, found->kind);
  return [figure, value = found->value](std::span<const std::uint32_t> rows) {
    Drawn drawn;
    drawn.horizon = figure.horizon.value_or(0);
    for (const auto& column : figure.numbers) {
      auto& held = drawn.held.emplace_back(rows.size());
      std::transform(rows.begin(), rows.end(), held.begin(), [&](std::uint32_t row) { return column[row]; });
    }
    for (const auto& column : drawn.held) drawn.numbers.emplace_back(column);
    if (!figure.outcomes.empty()) {
      drawn.outcomes.resize(rows.size());
      std::transform(rows.begin(), rows.end(), drawn.outcomes.begin(),
                     [&](std::uint32_t row) { return figure.outcomes[row]; });
    }
    return value(drawn);
  };
}

Statistic difference_of(Statistic one, Statistic other) {
  return [one = std::move(one), other = std::move(other)](std::span<const std::uint32_t> rows) {
    return one(rows) - other(rows);
  };
}

}  // namespace appraise::statistics
