// Lowest and highest possible values: which rows need them, and the operations that work them out.
#include "score/bounds.hpp"

#include <algorithm>
#include <cstring>

#include "plan/inputs.hpp"
#include "score/bytes.hpp"

namespace appraise::detail {

std::size_t band_of(const LevelScheme& scheme, double value, std::size_t otherwise) {
  const auto& bands = scheme.bands;
  const auto found =
      std::find_if(bands.begin(), bands.end(), [&](const LevelBand& band) { return band.interval.holds(value); });
  return found == bands.end() ? otherwise : static_cast<std::size_t>(found - bands.begin());
}

namespace {

/// The register that an operation hands on as it is, but for flags; or none.
Register handed_on(const PlannedOperation& operation) {
  if (const auto* gated = std::get_if<PassGate>(&operation)) return gated->of;
  if (const auto* declared = std::get_if<ApplyWhen>(&operation)) return declared->of;
  return no_register;
}

}  // namespace

BoundedRows::BoundedRows(const Layout& layout) : slots_(layout.plan.registers.size(), -1) {
  const Plan& plan = layout.plan;
  const BoundingSteps bounding(layout);
  for (const Register of : bounding.registers) {
    const auto maker = static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(of)]);
    const bool gated = std::holds_alternative<PassGate>(plan.operations[maker]);
    (gated ? gated_ : watched_).push_back(of);
  }
  // In the order of operations: what is handed on has its slot by then, and is the same range.
  std::int32_t registers = 0;
  for (const std::int32_t step : bounding.steps) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(step)];
    const Register of = handed_on(operation);
    each_output(operation, [&](Register out) {
      if (std::find(bounding.registers.begin(), bounding.registers.end(), out) == bounding.registers.end()) return;
      slots_[static_cast<std::size_t>(out)] = of == no_register ? registers++ : slots_[static_cast<std::size_t>(of)];
    });
    if (of == no_register) steps_.push_back(step);
  }
  most_ = std::clamp(static_cast<int>(layout.spare / sizeof(Range) / static_cast<std::size_t>(std::max(registers, 1))),
                     16, std::min(layout.rows, 256));
  most_ = most_ / 8 * 8;  // whole vectors
  ends_.resize(2 * static_cast<std::size_t>(registers) * static_cast<std::size_t>(most_));
  any_.resize(static_cast<std::size_t>(layout.rows));
  selected_.reserve(static_cast<std::size_t>(layout.rows));
}

const std::vector<std::int32_t>& BoundedRows::select(const Block& block) {
  join_flags(block, watched_, any_.data());
  mark_missing(block, gated_, any_.data());
  selected_.clear();
  const int rows = block.rows();
  for (int row = 0; row < rows; row += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, any_.data() + row, sizeof eight);
    if (eight == 0) continue;
    for (int i = row; i < std::min(row + 8, rows); ++i) {
      if (any_[static_cast<std::size_t>(i)] != 0) selected_.push_back(i);
    }
  }
  return selected_;
}

void BoundedRows::run(const Block& block, const std::int32_t* rows, int count) {
  block_ = &block;
  rows_ = rows;
  count_ = count;
  bound_all(*this, steps_);
}

}  // namespace appraise::detail
