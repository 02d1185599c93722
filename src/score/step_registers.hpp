/// What steps read and make, and what else reads registers.
#pragma once

#include <algorithm>

#include "plan/inputs.hpp"
#include "score/values.hpp"

namespace appraise::detail {

/// Calls `use` with every register that a step reads, or with none: a table its root, a weighted sum what its terms
/// read, and what is asked is asked of the registers of tests.
template <class Use>
void each_read(const Plan& plan, const Step& step, Use use) {
  if (step.made_of != no_register) return use(step.made_of);
  if (step.table != nullptr) return use(step.table->of);
  for (const Test& test : step.tests) use(test.of);
  if (const auto* rules = std::get_if<Decide>(step.operation); rules != nullptr && !step.tests.empty()) {
    for (const Register one : rules->take) use(one);
    return use(rules->otherwise);
  }
  if (!step.tests.empty()) return;
  const auto* sum = std::get_if<AddTerms>(step.operation);
  if (sum == nullptr) return each_input(*step.operation, use);
  for (const Register one : sum->of) inputs::each(std::get<WeighTerm>(maker_of(plan, one)), use);
}

/// Calls `use` with every register that a step fills: a sum fills its terms too, an item the comparisons that are read
/// from its pieces.
template <class Use>
void each_filled(const Plan& plan, const Step& step, Use use) {
  if (step.made_of != no_register) return;
  each_output(*step.operation, use);
  if (const auto* sum = std::get_if<AddTerms>(step.operation)) std::for_each(sum->of.begin(), sum->of.end(), use);
  const auto* load = std::get_if<LoadItem>(step.operation);
  if (load == nullptr) return;
  const std::vector<std::int32_t>& compares = plan.items[static_cast<std::size_t>(load->item)].compares;
  for (const std::int32_t part : step.parts) {
    const std::int32_t compare = compares[static_cast<std::size_t>(part)];
    each_output(plan.operations[static_cast<std::size_t>(compare)], use);
  }
}

/// Calls `use` with the forms of registers that a step reads.
template <class Use>
void each_form_read(const Plan& plan, const Step& step, Use use) {
  if (step.made_of != no_register) return;
  if (step.table != nullptr) {
    if (reads_narrow(plan, *step.table)) use(Form::narrow, step.table->of);
    return;
  }
  for (const Test& test : step.tests) {
    if (plan.registers[static_cast<std::size_t>(test.of)] != RegisterType::byte) use(Form::narrow, test.of);
  }
  each_split_date(*step.operation, [&](Register date) { use(Form::split, date); });
}

/// Calls `use` with every register that something else than steps reads, or with none: results, and what lowest and
/// highest values are worked out from. `readers.all` is not looked at.
template <class Use>
void each_read_after(const Layout& layout, const OtherReaders& readers, Use use) {
  const Plan& plan = layout.plan;
  const std::vector<Register>& passing = readers.passing;
  for (const PlannedScale& scale : plan.scales) {
    if (std::find(passing.begin(), passing.end(), scale.value) == passing.end()) use(scale.value);
    use(scale.level);
  }
  for (const Register one : passing) each_input(maker_of(plan, one), use);
  if ((layout.purposes & for_contributions) != 0) {
    for (const PlannedContribution& one : plan.contributions) use(one.of);
  }
  if (!readers.ranges) return;
  // Operations that ranges are not worked out from ranges alone by: from answers, or flags of rows.
  using ReadRows = Kind<LoadItem, ApplyItem, IsMissing, TakeFirst, ReadAttribute>;
  for (const std::int32_t step : layout.steps) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(step)];
    if (!is_of<ReadRows>(operation)) continue;
    each_input(operation, use);
    each_output(operation, use);
  }
}

}  // namespace appraise::detail
