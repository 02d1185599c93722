// Runs the steps of a plan, each by the kernel that is made for it.
#include "score/values.hpp"

#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

/// By the kind of an operation, which has to have one.
void run_any(Block& block, const PlannedOperation& operation, const Step& step) {
  std::visit(
      [&](const auto& op) {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_condition<Operation>) {
          run_condition(block, operation);
        } else if constexpr (is_sum<Operation>) {
          run_sum(block, operation, step);
        } else if constexpr (is_arithmetic<Operation>) {
          run_arithmetic(block, operation);
        } else if constexpr (is_choice<Operation>) {
          run_choice(block, operation);
        } else if constexpr (is_time<Operation>) {
          run_time(block, operation);
        } else {
          static_assert(is_one_of<Operation, LoadItem, Gate>, "these are run by load_item and judge_gate");
        }
      },
      operation);
}

}  // namespace

void run_values(Block& block, const std::vector<Step>& steps, const std::vector<Decoder>& decoders,
                std::int64_t first) {
  const auto is_byte = [&](Register of) { return block.type(of) == RegisterType::byte; };
  for (const Step& step : steps) {
    const PlannedOperation& operation = block.plan().operations[static_cast<std::size_t>(step.operation)];
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      load_item(block, *load, step, decoders[static_cast<std::size_t>(load->item)], first);
    } else if (const auto& table = block.plan().tables[static_cast<std::size_t>(step.operation)]) {
      map_bytes(block, *table);
    } else if (step.flags_only) {
      join_unknown(block, std::get<Compare>(operation));
    } else if (const auto* gate = std::get_if<Gate>(&operation)) {
      judge_gate(block, *gate, step);
    } else if (const auto* gated = std::get_if<PassGate>(&operation); gated != nullptr && is_byte(gated->of)) {
      pass_gate(block, *gated);
    } else if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && adds_bytes(block.plan(), *sum)) {
      sum_bytes(block, *sum, step, decoders, first);
    } else if (const auto* extreme = std::get_if<ExtremeValue>(&operation);
               extreme != nullptr && compares_bytes(block.plan(), *extreme)) {
      extreme_of_bytes(block, *extreme);
    } else {
      run_any(block, operation, step);
    }
  }
}

}  // namespace appraise::detail
