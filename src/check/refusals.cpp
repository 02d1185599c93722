// What the authors of an instrument rule out: totals of structured judgment, and levels of scores.

#include "check/checks.hpp"

namespace appraise::detail {
namespace {

/// The rater decides, and nothing is worked out from the ratings.
void check_judgment(const Instrument& instrument, Report& report) {
  const std::string why = ", and the instrument is one of structured judgment (" + instrument.structured_judgment + ")";
  for (const Item& item : instrument.items)
    if (item.has_points())
      report.add("judgment.points", item.place, "items/" + item.code, quoted(item.code) + " has points" + why,
                 "ratings without points");
  for (const Scale& scale : instrument.scales)
    if (!std::holds_alternative<FirstAvailable>(scale.operation))
      report.add("judgment.operation", scale.place, "scales/" + scale.code, quoted(scale.code) + " is worked out" + why,
                 "`first_available`, which hands on what the rater gave; the final judgment is an item");
}

}  // namespace

void check_refusals(const Instrument& instrument, Report& report) {
  if (!instrument.structured_judgment.empty()) check_judgment(instrument, report);
  if (instrument.no_levels.empty()) return;
  for (const LevelScheme& scheme : instrument.levels)
    report.add("levels.refused", scheme.place, "levels/" + scheme.name,
               "levels of " + quoted(scheme.of) + ", and the instrument has none (" + instrument.no_levels + ")",
               "scores without levels");
}

}  // namespace appraise::detail
