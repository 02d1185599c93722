#include "check/prove.hpp"

#include "check/types.hpp"

namespace appraise::detail {

void prove(Instrument& instrument, std::vector<Diagnostic>& diagnostics) {
  Report report(diagnostics);
  const Names names(instrument);
  check_references(names, report);
  const Order order = order_of(names, &report);
  Types types(names);
  types.infer(instrument, order, report);
  check_operand_types(names, types, report);
  check_comparisons(names, types, report);
}

}  // namespace appraise::detail
