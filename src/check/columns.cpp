#include "check/columns.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

namespace appraise::detail {
namespace {

using Kind = ColumnContent::Kind;
using ColumnUser = std::function<void(const std::string&, const ColumnContent&)>;

constexpr std::pair<const char*, std::optional<double> NormRow::*> figures[] = {
    {"_rate", &NormRow::rate},
    {"_rate_low", &NormRow::rate_low},
    {"_rate_high", &NormRow::rate_high},
    {"_percentile", &NormRow::percentile},
    {"_risk_ratio", &NormRow::risk_ratio},
};

void contributions(const Scale& scale, const ColumnUser& f) {
  const auto column = [&](const std::string& term) {
    f(scale.code + "_from_" + term, {Kind::number, &scale, nullptr});
  };
  if (const auto* sum = std::get_if<Sum>(&scale.operation))
    for (const Reference& of : sum->of) column(of);
  if (const auto* sum = std::get_if<WeightedSum>(&scale.operation))
    for (const Term& term : sum->terms) column(term.name);
}

void norm_columns(const Scale& scale, const Norms& norms, const ColumnUser& f) {
  for (const auto& [ending, figure] : figures) {
    const bool rate_of_formula = norms.logistic && figure == &NormRow::rate;
    if (rate_of_formula || std::any_of(norms.rows.begin(), norms.rows.end(),
                                       [of = figure](const NormRow& row) { return (row.*of).has_value(); }))
      f(scale.code + "_" + norms.id + ending, {Kind::number, &scale, &norms});
  }
}

}  // namespace

void for_each_column(const Instrument& instrument, const ColumnUser& f) {
  std::unordered_set<std::string_view> with_levels, explaining;
  for (const LevelScheme& scheme : instrument.levels) with_levels.insert(scheme.of);
  for (const Scale& scale : instrument.scales) explaining.insert(scale.explained_by.begin(), scale.explained_by.end());
  std::unordered_map<std::string_view, std::vector<const Norms*>> norms_of;
  for (const Norms& norms : instrument.norms) norms_of[norms.scale].push_back(&norms);

  f("reasons", {Kind::text, nullptr, nullptr});
  f("cautions", {Kind::text, nullptr, nullptr});
  for (const Scale& scale : instrument.scales) {
    if (scale.reported || explaining.contains(scale.code)) contributions(scale, f);
    if (!scale.reported) continue;
    const auto column = [&](const std::string& ending, Kind kind) { f(scale.code + ending, {kind, &scale, nullptr}); };
    column("", Kind::value);
    column("_status", Kind::status);
    if (scale.type != ValueType::category) {
      column("_lowest", Kind::value);
      column("_highest", Kind::value);
    }
    if (with_levels.contains(scale.code)) {
      for (const char* ending : {"_level", "_lowest_level", "_highest_level"}) column(ending, Kind::level);
      column("_standard_level", Kind::standard_level);
      column("_to_cut", Kind::number);
    }
    for (const Norms* norms : norms_of[scale.code]) norm_columns(scale, *norms, f);
  }
}

}  // namespace appraise::detail
