/// What operations read.
#pragma once

#include "appraise/detail/plan.hpp"

namespace appraise::detail {

namespace inputs {

template <class Use>
void each(const std::vector<Register>& of, Use& use) {
  for (const Register one : of) use(one);
}
template <class Use>
void each(const LoadItem&, Use&) {}
template <class Use>
void each(const ApplyItem& op, Use& use) {
  use(op.applies);
  use(op.given_response);
  use(op.given_points);
}
template <class Use>
void each(const Constant&, Use&) {}
template <class Use>
void each(const Compare& op, Use& use) {
  use(op.of);
  use(op.with);
}
template <class Use>
void each(const WeighTerm& op, Use& use) {
  use(op.when);
  each(op.of, use);
}
template <class Use>
void each(const Subtract& op, Use& use) {
  use(op.of);
  use(op.minus);
}
template <class Use>
void each(const Divide& op, Use& use) {
  use(op.of);
  use(op.over);
}
template <class Use>
void each(const LookUpTable& op, Use& use) {
  use(op.row);
  use(op.column);
}
template <class Use>
void each(const Decide& op, Use& use) {
  each(op.when, use);
  each(op.take, use);
  use(op.otherwise);
}
template <class Use>
void each(const MeasureTime& op, Use& use) {
  use(op.from);
  use(op.to);
}
template <class Use>
void each(const MoveTime& op, Use& use) {
  use(op.to);
  use(op.amount);
}
template <class Use>
void each(const ApplyWhen& op, Use& use) {
  use(op.when);
  use(op.of);
}
template <class Use>
void each(const PassGate& op, Use& use) {
  use(op.gate);
  use(op.of);
}
template <class Use>
void each(const Gate& op, Use& use) {
  for (const Gate::Rule& rule : op.rules) use(rule.condition);
}
/// The others read `of`: one register, or several.
template <class Operation, class Use>
void each(const Operation& op, Use& use) {
  if constexpr (std::is_same_v<decltype(op.of), Register>) {
    use(op.of);
  } else {
    each(op.of, use);
  }
}

}  // namespace inputs

/// Calls `use` with every register that an operation reads.
template <class Use>
void each_input(const PlannedOperation& operation, Use use) {
  const auto existing = [&](Register of) {
    if (of != no_register) use(of);
  };
  std::visit([&](const auto& op) { inputs::each(op, existing); }, operation);
}

/// Calls `use` with every register that an operation fills.
template <class Use>
void each_output(const PlannedOperation& operation, Use use) {
  const auto existing = [&](Register of) {
    if (of != no_register) use(of);
  };
  if (const auto* load = std::get_if<LoadItem>(&operation)) {
    existing(load->response);
    existing(load->points);
  } else if (const auto* apply = std::get_if<ApplyItem>(&operation)) {
    existing(apply->response);
    existing(apply->points);
    existing(apply->fault);
  } else {
    std::visit(
        [&](const auto& op) {
          if constexpr (requires { op.out; }) use(op.out);
        },
        operation);
  }
}

/// The operation that fills a register.
[[nodiscard]] inline const PlannedOperation& maker_of(const Plan& plan, Register of) {
  return plan.operations[static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(of)])];
}

/// Fills Plan::serves.
void mark_purposes(Plan& plan);

/// Fills Plan::tables.
void tabulate(Plan& plan);

}  // namespace appraise::detail
