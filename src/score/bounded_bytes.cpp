#include "score/bounded_bytes.hpp"

#include <algorithm>

#include "score/bounds.hpp"
#include "score/bytes.hpp"
#include "score/run.hpp"

namespace appraise::detail {

BoundedBytes::BoundedBytes(const Layout& layout)
    : rows_(static_cast<std::size_t>(layout.rows)), slots_(layout.plan.registers.size(), -1) {
  const BoundingSteps bounding(layout);
  std::int32_t registers = 0;
  for (const Register of : bounding.registers) {
    applies_ = applies_ && layout.plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
    slots_[static_cast<std::size_t>(of)] = registers++;
  }
  for (const std::int32_t operation : bounding.steps) applies_ = applies_ && add(layout, operation);
  if (applies_) ends_.resize(static_cast<std::size_t>(registers) * 2 * rows_);
}

bool BoundedBytes::add(const Layout& layout, std::int32_t number) {
  const Plan& plan = layout.plan;
  const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(number)];
  Step& step = steps_.emplace_back(Step{number, {}, {}});
  if (const auto* level = std::get_if<FindLevel>(&operation)) {
    for (int value = -128; value < 128; ++value) {
      const auto at = static_cast<std::size_t>(value + 128);
      step.low[at] = static_cast<std::int8_t>(band_of(*level->scheme, value, 0));
      step.high[at] = static_cast<std::int8_t>(band_of(*level->scheme, value, level->scheme->bands.size() - 1));
    }
    return true;
  }
  if (const auto* sum = std::get_if<SumValues>(&operation)) return adds_bytes(plan, *sum);
  return std::holds_alternative<LoadItem>(operation) || std::holds_alternative<ExtremeValue>(operation) ||
         std::holds_alternative<PassGate>(operation);
}

void BoundedBytes::bound(const Block& block, const LoadItem& op) {
  const PlannedItem& item = block.plan().items[static_cast<std::size_t>(op.item)];
  const int rows = block.padded();
  const auto bound_one = [&](Register of, double from, double to) {
    if (of == no_register || slots_[static_cast<std::size_t>(of)] < 0) return;
    const auto* x = block.values<std::int8_t>(of);
    const std::uint8_t* flags = block.flags(of);
    select_given(x, flags, static_cast<std::int8_t>(from), rows, end(of, 0));
    select_given(x, flags, static_cast<std::int8_t>(to), rows, end(of, 1));
  };
  bound_one(op.response, item.response_low, item.response_high);
  bound_one(op.points, item.points_low, item.points_high);
}

void BoundedBytes::bound(const Block& block, const SumValues& op) {
  const int rows = block.padded();
  for (std::size_t which = 0; which < 2; ++which) {
    std::int8_t* sum = end(op.out, which);
    std::fill_n(sum, rows, std::int8_t{0});
    for (const Register one : op.of) add_bytes(end(one, which), rows, sum);
  }
}

void BoundedBytes::bound(const Block& block, const ExtremeValue& op) {
  const int rows = block.padded();
  for (std::size_t which = 0; which < 2; ++which) {
    std::int8_t* extreme = end(op.out, which);
    std::copy_n(end(op.of.front(), which), rows, extreme);
    for (const Register one : op.of) extend_bytes(end(one, which), op.highest, rows, extreme);
  }
}

void BoundedBytes::bound(const Block& block, const PassGate& op) {
  for (std::size_t which = 0; which < 2; ++which) std::copy_n(end(op.of, which), block.padded(), end(op.out, which));
}

void BoundedBytes::bound_level(const Block& block, const FindLevel& op, const Step& step) {
  for (std::size_t which = 0; which < 2; ++which) {
    const Positions& positions = which == 0 ? step.low : step.high;
    const std::int8_t* x = end(op.of, which);
    std::int8_t* out = end(op.out, which);
    const int rows = block.rows();
    for (int row = 0; row < rows; ++row) out[row] = positions[static_cast<std::size_t>(x[row] + 128)];
  }
}

void BoundedBytes::run(const Block& block) {
  for (const Step& step : steps_) {
    const PlannedOperation& operation = block.plan().operations[static_cast<std::size_t>(step.operation)];
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      bound(block, *load);
    } else if (const auto* sum = std::get_if<SumValues>(&operation)) {
      bound(block, *sum);
    } else if (const auto* extreme = std::get_if<ExtremeValue>(&operation)) {
      bound(block, *extreme);
    } else if (const auto* gated = std::get_if<PassGate>(&operation)) {
      bound(block, *gated);
    } else {
      bound_level(block, std::get<FindLevel>(operation), step);
    }
  }
}

}  // namespace appraise::detail
