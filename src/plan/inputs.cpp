#include "plan/inputs.hpp"

namespace appraise::detail {

void mark_purposes(Plan& plan) {
  plan.serves.assign(plan.registers.size(), 0);
  const auto purposes = [&plan](Register of) -> std::uint8_t& { return plan.serves[static_cast<std::size_t>(of)]; };
  for (const PlannedScale& scale : plan.scales) {
    purposes(scale.value) |= for_value;
    if (scale.level != no_register) purposes(scale.level) |= for_level;
  }
  for (const PlannedContribution& one : plan.contributions) purposes(one.of) |= for_contributions;
  for (const PlannedCaution& one : plan.cautions) purposes(one.condition) |= for_cautions;
  for (auto operation = plan.operations.rbegin(); operation != plan.operations.rend(); ++operation) {
    std::uint8_t all = 0;
    each_output(*operation, [&](Register out) { all |= purposes(out); });
    if (const auto* apply = std::get_if<ApplyItem>(&*operation)) purposes(apply->fault) = all;  // read for reasons
    each_input(*operation, [&](Register in) { purposes(in) |= all; });
  }
}

}  // namespace appraise::detail
