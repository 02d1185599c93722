#include "plan/inputs.hpp"
#include "score/bounds.hpp"

namespace appraise::detail {

namespace {

/// Calls `use` with every register whose range an operation reads: gates and declared conditions play no part.
template <class Use>
void each_bounding_input(const PlannedOperation& operation, Use use) {
  if (const auto* gated = std::get_if<PassGate>(&operation)) return use(gated->of);
  if (const auto* declared = std::get_if<ApplyWhen>(&operation)) return use(declared->of);
  if (!std::holds_alternative<Gate>(operation)) each_input(operation, use);
}

}  // namespace

BoundingSteps::BoundingSteps(const Layout& layout) {
  const Plan& plan = layout.plan;
  std::vector<std::uint8_t> read(plan.registers.size(), 0);
  for (const PlannedScale& scale : plan.scales) {
    read[static_cast<std::size_t>(scale.value)] = 1;
    if (layout.live(scale.level)) read[static_cast<std::size_t>(scale.level)] = 1;
  }
  for (auto step = layout.steps.rbegin(); step != layout.steps.rend(); ++step) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(*step)];
    bool wanted = false;
    each_output(operation, [&](Register out) { wanted = wanted || read[static_cast<std::size_t>(out)] != 0; });
    if (!wanted) continue;
    steps.insert(steps.begin(), *step);
    each_bounding_input(operation, [&](Register in) { read[static_cast<std::size_t>(in)] = 1; });
  }
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (read[i] != 0) registers.push_back(static_cast<Register>(i));
  }
}

}  // namespace appraise::detail
