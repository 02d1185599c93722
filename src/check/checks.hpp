/// The proofs, one for each concept. Each reports all that it finds.
#pragma once

#include "check/domains.hpp"
#include "check/report.hpp"
#include "check/types.hpp"

namespace appraise::detail {

/// What later proofs rest on.
struct Ground {
  const Names& names;
  const Types& types;
  const Domains& domains;
  const Order& order;

  [[nodiscard]] const Instrument& instrument() const noexcept { return names.instrument(); }
  /// The scales whose types are known, in an order in which they can be worked out.
  template <class F>
  void for_each_sound_scale(const F& f) const {
    const std::size_t items = instrument().items.size();
    for (const std::size_t node : order.nodes) {
      if (node < items) continue;
      const Scale& scale = instrument().scales[node - items];
      if (types.value(scale.code).kind != Value::Kind::unknown) f(scale);
    }
  }
};

/// Codes that stand twice.
void check_duplicates(const Instrument& instrument, Report& report);
/// Result columns of one name; the types of scales are known.
void check_columns(const Instrument& instrument, Report& report);
/// Names of tables, level schemes and explaining scales.
void check_links(const Names& names, Report& report);
/// What is there and read by nothing.
void check_usage(const Names& names, Report& report);
/// What the authors rule out: totals of structured judgment, levels of scores.
void check_refusals(const Instrument& instrument, Report& report);
/// Exponents, digits, ends, missing rules.
void check_settings(const Ground& ground, Report& report);
/// Bands and tables of look-ups.
void check_lookups(const Ground& ground, Report& report);
/// Declared ranges, probabilities, whole numbers within bounds.
void check_ranges(const Ground& ground, Report& report);
/// Every score in exactly one level.
void check_levels(const Ground& ground, Report& report);
/// Decision tables: rows that cannot be reached, gaps, overlaps; conditions that never change.
void check_decisions(const Ground& ground, Report& report);
void check_norms(const Ground& ground, Report& report);
void check_cases(const Ground& ground, Report& report);

}  // namespace appraise::detail
