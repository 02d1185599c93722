/// Ranges that the values of operations lie in, whatever the answers: what lets a register be a byte wide.
#pragma once

#include "appraise/detail/plan.hpp"

namespace appraise::detail {

[[nodiscard]] Range span_of(const Plan& plan, const Constant& op);
[[nodiscard]] Range span_of(const Plan& plan, const Compare& op);
[[nodiscard]] Range span_of(const Plan& plan, const IsMissing& op);
[[nodiscard]] Range span_of(const Plan& plan, const Join& op);
[[nodiscard]] Range span_of(const Plan& plan, const SumValues& op);
[[nodiscard]] Range span_of(const Plan& plan, const ExtremeValue& op);
[[nodiscard]] Range span_of(const Plan& plan, const Subtract& op);
[[nodiscard]] Range span_of(const Plan& plan, const CountTrue& op);
[[nodiscard]] Range span_of(const Plan& plan, const LookUpBand& op);
[[nodiscard]] Range span_of(const Plan& plan, const LookUpTable& op);
[[nodiscard]] Range span_of(const Plan& plan, const Decide& op);
[[nodiscard]] Range span_of(const Plan& plan, const TakeFirst& op);
[[nodiscard]] Range span_of(const Plan& plan, const ClampValue& op);
[[nodiscard]] Range span_of(const Plan& plan, const RoundValue& op);
[[nodiscard]] Range span_of(const Plan& plan, const ReadAttribute& op);
[[nodiscard]] Range span_of(const Plan& plan, const FindLevel& op);
[[nodiscard]] Range span_of(const Plan& plan, const ApplyWhen& op);
[[nodiscard]] Range span_of(const Plan& plan, const PassGate& op);
[[nodiscard]] Range span_of(const Plan& plan, const Gate& op);
/// The others may have any value.
template <class Operation>
[[nodiscard]] Range span_of(const Plan&, const Operation&) {
  return {};
}

}  // namespace appraise::detail
