/// Result columns of a row. docs/semantics.md, "Rules of use and status"; docs/definition-format.md, "Results".
#include <algorithm>

#include "reference/elementary.hpp"
#include "reference/reference_scorer.hpp"
#include "reference/row_scorer.hpp"

namespace appraise::reference {
namespace {

/// No result is a negative zero.
Cell number(double x) { return x == 0 ? 0.0 : x; }

Cell finite(double x, ValueType type) {
  const bool too_large = type == ValueType::whole && std::fabs(x) > largest_whole;
  return std::isfinite(x) && !too_large ? number(x) : Cell{};
}

Cell text(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

std::string status(const Flags& flags) {
  if (!flags.not_applicable.empty()) return "not_applicable";
  if (!flags.invalid.empty()) return "invalid";
  if (!flags.missing.empty()) return "incomplete";
  return flags.omitted.empty() ? "scored" : "scored_with_omissions";
}

/// Smallest change of the value that leads to the band above or below.
Cell to_cut(const LevelScheme& scheme, std::size_t band, double value, ValueType type) {
  const bool whole = type == ValueType::whole;
  const auto lower_cut = [&](std::size_t i) {
    const double cut = *scheme.bands[i].interval.from;
    return whole ? std::ceil(cut) : cut;
  };
  std::vector<double> changes;
  if (band + 1 < scheme.bands.size()) changes.push_back(lower_cut(band + 1) - value);
  if (band > 0) changes.push_back(value - lower_cut(band) + (whole ? 1 : 0));
  return changes.empty() ? Cell{} : finite(*std::min_element(changes.begin(), changes.end()), type);
}

/// Writes the result columns of one row.
class Writer {
 public:
  Writer(RowScorer& row, const Choices& choices, Result& result, std::set<std::string>& reasons)
      : row_(row), choices_(choices), result_(result), reasons_(reasons) {}

  void write() {
    std::set<std::string> explaining;
    for (const Scale& scale : row_.instrument().scales) {
      if (!scale.reported) continue;
      write(scale);
      explaining.insert(scale.code);
      explaining.insert(scale.explained_by.begin(), scale.explained_by.end());
    }
    for (const std::string& code : explaining) write_contributions(*row_.instrument().find_scale(code));
  }

 private:
  void put(const Scale& scale, const std::string& suffix, Cell cell) {
    result_.columns[scale.code + suffix] = std::move(cell);
  }

  void write(const Scale& scale) {
    Value value = row_.scale(scale.code);
    value.flags.join(row_.gate());
    if (status(value.flags) != "scored")
      for (const Reasons* reasons :
           {&value.flags.missing, &value.flags.invalid, &value.flags.not_applicable, &value.flags.omitted})
        reasons_.insert(reasons->begin(), reasons->end());

    const bool usable = value.flags.usable();
    const bool bounded = value.flags.invalid.empty() && value.flags.not_applicable.empty();
    put(scale, "_status", status(value.flags));
    if (scale.type == ValueType::category) {
      put(scale, "", usable ? text(scale.labels[static_cast<std::size_t>(value.number)]) : Cell{});
    } else {
      put(scale, "", usable ? number(value.number) : Cell{});
      put(scale, "_lowest", bounded ? finite(value.span.low, scale.type) : Cell{});
      put(scale, "_highest", bounded ? finite(value.span.high, scale.type) : Cell{});
    }
    if (const LevelScheme* const scheme = scheme_of(scale)) write_level(scale, *scheme, value, bounded);
    for (const std::string& id : choices_.norms) {
      const Norms* const norms = row_.instrument().find_norms(id);
      if (norms != nullptr && norms->scale == scale.code) write_norms(scale, *norms, value);
    }
  }

  const LevelScheme* scheme_of(const Scale& scale) const {
    const auto chosen = choices_.levels.find(scale.code);
    return row_.instrument().find_levels(chosen != choices_.levels.end() ? chosen->second : scale.levels);
  }

  void write_level(const Scale& scale, const LevelScheme& scheme, const Value& value, bool bounded) {
    const Value level = row_.level(scale, scheme, value);
    const auto code = [&](double i) { return text(scheme.bands[static_cast<std::size_t>(i)].code); };
    const bool usable = level.flags.usable();
    const std::size_t band = usable ? static_cast<std::size_t>(level.number) : 0;
    put(scale, "_level", usable ? code(level.number) : Cell{});
    put(scale, "_standard_level", usable ? text(scheme.bands[band].standard) : Cell{});
    put(scale, "_to_cut", usable ? to_cut(scheme, band, value.number, scale.type) : Cell{});
    put(scale, "_lowest_level", bounded ? code(level.span.low) : Cell{});
    put(scale, "_highest_level", bounded ? code(level.span.high) : Cell{});
  }

  void write_contributions(const Scale& scale) {
    const auto contribution = [](const Value& term) { return term.flags.usable() ? number(term.number) : Cell{}; };
    if (const auto* const sum = std::get_if<Sum>(&scale.operation))
      for (const Reference& of : sum->of)
        put(scale, "_from_" + of, row_.left_out(sum->missing, of) ? Cell{0.0} : contribution(row_.read(of)));
    if (const auto* const sum = std::get_if<WeightedSum>(&scale.operation))
      for (const Term& term : sum->terms) put(scale, "_from_" + term.name, contribution(row_.term(scale, term)));
  }

  void write_norms(const Scale& scale, const Norms& norms, const Value& value) {
    NormRow found;
    for (const NormRow& row : norms.rows)
      if (value.flags.usable() && row.score == value.number) found = row;
    if (value.flags.usable() && norms.logistic) {
      const Norms::Logistic& curve = *norms.logistic;
      found.rate = logistic(curve.intercept + curve.slope * (value.number - curve.centre));
    }
    const auto figure = [&](const char* name, const std::optional<double>& x) {
      put(scale, "_" + norms.id + name, x ? number(*x) : Cell{});
    };
    figure("_rate", found.rate);
    figure("_rate_low", found.rate_low);
    figure("_rate_high", found.rate_high);
    figure("_percentile", found.percentile);
    figure("_risk_ratio", found.risk_ratio);
  }

  RowScorer& row_;
  const Choices& choices_;
  Result& result_;
  std::set<std::string>& reasons_;
};

void add_cautions(RowScorer& row, std::vector<std::string>& cautions) {
  for (const UseRule& rule : row.instrument().cautions)
    if (row.truth(rule.condition).verdict == Verdict::yes) cautions.push_back(row.named(rule.code));
  for (auto& [alias, other] : row.used()) add_cautions(*other, cautions);
}

}  // namespace

Result score(const Instrument& instrument, const Choices& choices, const Row& row) {
  Result result;
  std::set<std::string> reasons;
  RowScorer scorer(instrument, "", row);
  Writer(scorer, choices, result, reasons).write();
  add_cautions(scorer, result.cautions);
  result.reasons.assign(reasons.begin(), reasons.end());
  std::sort(result.cautions.begin(), result.cautions.end());
  return result;
}

}  // namespace appraise::reference
