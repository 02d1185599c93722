#include "check/prove.hpp"

#include "check/checks.hpp"
#include "check/items.hpp"

namespace appraise::detail {

void prove(Instrument& instrument, std::vector<Diagnostic>& diagnostics) {
  Report report(diagnostics);
  const Names names(instrument);
  check_duplicates(instrument, report);
  const bool distinct = report.errors() == 0;
  check_references(names, report);
  check_links(names, report);
  check_items(instrument, report);
  check_refusals(instrument, report);
  const Order order = order_of(names, &report);
  Types types(names);
  types.infer(instrument, order, report);
  if (distinct) check_columns(instrument, report);
  check_operand_types(names, types, report);
  check_comparisons(names, types, report);
  const Domains domains(names, order);
  const Ground ground{names, types, domains, order};
  check_settings(ground, report);
  check_lookups(ground, report);
  check_ranges(ground, report);
  check_levels(ground, report);
  check_decisions(ground, report);
  check_norms(ground, report);
  check_cases(ground, report);
  if (report.errors() == 0) check_usage(names, report);
}

}  // namespace appraise::detail
