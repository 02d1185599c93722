#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/bytes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/bytes.hpp"
#include "score/values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

using SignedTag = hn::ScalableTag<std::int8_t>;

}  // namespace

void JoinFlags(const Block& block, const std::vector<Register>& of, std::uint8_t* out) {
  const ByteTag d;
  const int rows = block.padded();
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    auto all = hn::Zero(d);
    for (const Register one : of) all = hn::Or(all, hn::LoadU(d, block.flags(one) + row));
    hn::StoreU(all, d, out + row);
  }
}

bool FindUncertain(const Block& block, const std::vector<ReportedEnds>& reported, const std::vector<Register>& watched,
                   std::uint8_t* out) {
  const ByteTag d;
  const int rows = block.padded();
  const auto zero = hn::Zero(d), one = hn::Set(d, 1), hiding = hn::Set(d, hiding_flags);
  auto marked = zero;
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    auto shown = zero, flagged = zero, seen = zero;
    for (const ReportedEnds& ends : reported) {
      const auto status = hn::LoadU(d, block.flags(ends.status) + row), own = hn::LoadU(d, block.flags(ends.of) + row);
      const auto here = hn::VecFromMask(d, hn::Eq(hn::And(status, hiding), zero));
      shown = hn::Or(shown, here);
      flagged = hn::Or(flagged, hn::And(here, hn::Or(status, own)));
    }
    for (const Register of : watched) seen = hn::Or(seen, hn::LoadU(d, block.flags(of) + row));
    const auto certain = hn::Eq(hn::Or(flagged, hn::And(shown, seen)), zero);
    const auto mark = hn::IfThenZeroElse(certain, one);
    marked = hn::Or(marked, mark);
    hn::StoreU(mark, d, out + row);
  }
  return !hn::AllTrue(d, hn::Eq(marked, zero));
}

int ListMarked(const std::uint8_t* marks, int count, std::int32_t* out) {
  const WholeTag words;
  std::int32_t* next = out;
  auto number = hn::Iota(words, 0);
  const auto lanes = hn::Set(words, lanes_of(words)), end = hn::Set(words, count);
  for (int row = 0; row < count; row += lanes_of(words)) {
    const auto here = hn::And(any_bits(words, marks + row, 0xFF), hn::Lt(number, end));
    hn::StoreU(hn::Compress(number, here), words, next);
    number = hn::Add(number, lanes);
    next += hn::CountTrue(words, here);
  }
  return static_cast<int>(next - out);
}

void ExtremeOfBytes(Block& block, const ExtremeValue& op) {
  const ByteTag d;
  const SignedTag s;
  const int rows = block.padded();
  const auto missing = hn::Set(d, flag_missing), unusable_bits = hn::Set(d, unusable_flags);
  const auto none = hn::Set(s, op.highest ? std::int8_t{-128} : std::int8_t{127});
  const auto operands = hn::Set(d, static_cast<std::uint8_t>(op.of.size()));
  const auto at_most =
      hn::Set(d, static_cast<std::uint8_t>(std::min<std::size_t>(static_cast<std::size_t>(op.at_most), op.of.size())));
  auto* out = block.values<std::int8_t>(op.out);
  std::uint8_t* all_flags = block.flags(op.out);
  const std::int8_t* values[most_operands];
  const std::uint8_t* flags_of[most_operands];
  for (std::size_t k = 0; k < op.of.size(); ++k) {
    values[k] = block.values<std::int8_t>(op.of[k]);
    flags_of[k] = block.flags(op.of[k]);
  }
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    auto extreme = none;
    auto flags = hn::Zero(d), left = hn::Zero(d);
    for (std::size_t k = 0; k < op.of.size(); ++k) {
      auto own = hn::LoadU(d, flags_of[k] + row);
      const auto usable = hn::RebindMask(s, is_usable(own));
      const auto x = hn::IfThenElse(usable, hn::LoadU(s, values[k] + row), none);
      extreme = op.highest ? hn::Max(extreme, x) : hn::Min(extreme, x);
      if (op.may_omit[k] != 0) {
        const auto omitted = hn::Eq(hn::And(own, unusable_bits), missing);
        left = hn::Sub(left, hn::VecFromMask(d, omitted));
        own = hn::IfThenZeroElse(omitted, own);
      }
      flags = hn::Or(flags, own);
    }
    const auto within = hn::Eq(left, hn::Min(left, at_most));
    auto mark = hn::IfThenElse(within, hn::Set(d, flag_omitted), missing);
    mark = hn::IfThenElse(hn::Eq(left, operands), missing, mark);
    flags = hn::Or(flags, hn::IfThenZeroElse(hn::Eq(left, hn::Zero(d)), mark));
    hn::StoreU(flags, d, all_flags + row);
    hn::StoreU(hn::IfThenElseZero(hn::RebindMask(s, is_usable(flags)), extreme), s, out + row);
  }
}

void PassGateOfBytes(Block& block, const PassGate& op) {
  const ByteTag d;
  const int rows = block.padded();
  const std::uint8_t *gate = block.flags(op.gate), *own = block.flags(op.of), *x = block.values<std::uint8_t>(op.of);
  auto* out = block.values<std::uint8_t>(op.out);
  std::uint8_t* flags = block.flags(op.out);
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    const auto joined = hn::Or(hn::LoadU(d, gate + row), hn::LoadU(d, own + row));
    hn::StoreU(joined, d, flags + row);
    hn::StoreU(hn::IfThenElseZero(is_usable(joined), hn::LoadU(d, x + row)), d, out + row);
  }
}

void JudgeAnswers(const Block& block, const ApplyItem& op, const std::uint8_t* differs, bool substitutes,
                  const JudgedAnswers& out) {
  const ByteTag d;
  const int rows = block.padded();
  const std::uint8_t *conditions = block.flags(op.applies), *cells = block.flags(op.given_points);
  const auto* truths = block.values<std::uint8_t>(op.applies);
  const auto zero = hn::Zero(d), missing = hn::Set(d, flag_missing), invalid = hn::Set(d, flag_invalid);
  const auto unusable_bits = hn::Set(d, unusable_flags), omitted = hn::Set(d, flag_omitted);
  const auto substituting = hn::Set(d, substitutes ? flag_missing : std::uint8_t{0xFF});
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    const auto condition = hn::LoadU(d, conditions + row), cell = hn::LoadU(d, cells + row);
    const auto decided = is_usable(condition), applies = hn::Ne(hn::LoadU(d, truths + row), zero);
    // The condition is unknown.
    const auto lost = hn::Or(missing, hn::And(cell, invalid));
    const auto joined = hn::Or(hn::And(condition, unusable_bits), lost);
    // It is false: no answer, or one with the points of no answer.
    const auto answered = hn::And(hn::Eq(cell, zero), hn::Ne(hn::LoadU(d, differs + row), zero));
    const auto wrong = hn::Or(answered, hn::Ne(hn::And(cell, invalid), zero));
    const auto absent = hn::IfThenElse(wrong, invalid, missing);
    const auto absent_fault = hn::IfThenElse(answered, hn::Set(d, flag_inapplicable), absent);
    // It is true.
    const auto replaced = hn::Eq(cell, substituting);
    const auto own = hn::IfThenElse(replaced, omitted, cell);
    const auto put = [&](auto if_applies, auto if_not, auto if_unknown, std::uint8_t* to) HWY_ATTR {
      hn::StoreU(hn::IfThenElse(decided, hn::IfThenElse(applies, if_applies, if_not), if_unknown), d, to + row);
    };
    put(own, absent, joined, out.response_flags);
    put(own, hn::IfThenElseZero(wrong, invalid), joined, out.points_flags);
    put(own, absent_fault, lost, out.fault);
    const auto none = hn::Set(d, static_cast<std::uint8_t>(answer_none));
    const auto otherwise = hn::Set(d, static_cast<std::uint8_t>(answer_otherwise));
    put(hn::IfThenElseZero(replaced, hn::Set(d, static_cast<std::uint8_t>(answer_substitute))),
        hn::IfThenElse(wrong, none, otherwise), none, out.answer);
  }
}

void JoinUnknown(Block& block, const Compare& op) {
  const ByteTag d;
  const int rows = block.padded();
  const std::uint8_t *of = block.flags(op.of), *with = block.flags(op.with);
  std::uint8_t* flags = block.flags(op.out);
  for (int row = 0; row < rows; row += static_cast<int>(hn::Lanes(d))) {
    hn::StoreU(hn::Or(hn::LoadU(d, of + row), hn::LoadU(d, with + row)), d, flags + row);
  }
  std::fill_n(block.values<std::int8_t>(op.out), rows, std::int8_t{0});
}

namespace {

/// What the rules say that are the same in every row: all but those of the step.
std::uint8_t JudgeFixedRules(const Block& block, const Gate& op, const Step& step) {
  std::uint8_t all = 0;
  auto varying = step.parts.begin();
  for (std::size_t i = 0; i < op.rules.size(); ++i) {
    if (varying != step.parts.end() && *varying == static_cast<std::int32_t>(i)) {
      ++varying;
      continue;
    }
    const Gate::Rule& rule = op.rules[i];
    const std::uint8_t own = block.flags(rule.condition)[0];
    const bool undecided = rule.applicability && !rule.applies_if_unknown;
    if (!block.usable(rule.condition, 0)) {
      all |= undecided ? static_cast<std::uint8_t>((own & unusable_flags) | flag_missing)
                       : static_cast<std::uint8_t>(own & flag_invalid);
    } else if (!block.is_true(rule.condition, 0)) {
      all |= rule.applicability ? flag_inapplicable : flag_invalid;
    }
  }
  return all;
}

}  // namespace

void JudgeGate(Block& block, const Gate& op, const Step& step) {
  const ByteTag d;
  std::uint8_t* const out = block.flags(op.out);
  const auto fixed = hn::Set(d, JudgeFixedRules(block, op, step));
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<ByteTag> all[count.value];
    for (auto& one : all) one = fixed;
    for (const std::int32_t number : step.parts) {
      const Gate::Rule& rule = op.rules[static_cast<std::size_t>(number)];
      const bool undecided = rule.applicability && !rule.applies_if_unknown;
      const auto joined = hn::Set(d, undecided ? unusable_flags : flag_invalid);
      const auto added = hn::Set(d, undecided ? flag_missing : std::uint8_t{0});
      const auto failed = hn::Set(d, rule.applicability ? flag_inapplicable : flag_invalid);
      const std::uint8_t *flags = block.flags(rule.condition) + row,
                         *truths = block.values<std::uint8_t>(rule.condition) + row;
      for (int i = 0; i < count.value; ++i) {
        const auto own = hn::LoadU(d, flags + i * lanes_of(d)), truth = hn::LoadU(d, truths + i * lanes_of(d));
        const auto known = hn::IfThenElseZero(hn::Eq(truth, hn::Zero(d)), failed);
        all[i] = hn::Or(all[i], hn::IfThenElse(is_usable(own), known, hn::Or(hn::And(own, joined), added)));
      }
    }
    for (int i = 0; i < count.value; ++i) hn::StoreU(all[i], d, out + row + i * lanes_of(d));
  });
}

namespace {

template <class Operation>
const Operation& operation_of(const Step& step) {
  return *std::get_if<Operation>(step.operation);
}

void run_extreme(const Rows& rows, const Step& step) { ExtremeOfBytes(rows.block, operation_of<ExtremeValue>(step)); }
void run_gate(const Rows& rows, const Step& step) { PassGateOfBytes(rows.block, operation_of<PassGate>(step)); }
void judge(const Rows& rows, const Step& step) { JudgeGate(rows.block, operation_of<Gate>(step), step); }
void run_unknown(const Rows& rows, const Step& step) { JoinUnknown(rows.block, operation_of<Compare>(step)); }

}  // namespace

Kernel ExtremeKernel() { return run_extreme; }
Kernel GateKernel() { return run_gate; }
Kernel JudgeKernel() { return judge; }
Kernel UnknownKernel() { return run_unknown; }

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(JoinFlags);
HWY_EXPORT(FindUncertain);
HWY_EXPORT(ListMarked);
HWY_EXPORT(ExtremeKernel);
HWY_EXPORT(GateKernel);
HWY_EXPORT(JudgeAnswers);
HWY_EXPORT(UnknownKernel);
HWY_EXPORT(JudgeKernel);

void join_flags(const Block& block, const std::vector<Register>& of, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(JoinFlags)(block, of, out);
}

int list_marked(const std::uint8_t* marks, int count, std::int32_t* out) {
  return HWY_DYNAMIC_DISPATCH(ListMarked)(marks, count, out);
}

bool find_uncertain(const Block& block, const std::vector<ReportedEnds>& reported, const std::vector<Register>& watched,
                    std::uint8_t* out) {
  return HWY_DYNAMIC_DISPATCH(FindUncertain)(block, reported, watched, out);
}

Kernel extreme_kernel() { return HWY_DYNAMIC_DISPATCH(ExtremeKernel)(); }
Kernel gate_kernel() { return HWY_DYNAMIC_DISPATCH(GateKernel)(); }
Kernel judge_kernel() { return HWY_DYNAMIC_DISPATCH(JudgeKernel)(); }
Kernel unknown_kernel() { return HWY_DYNAMIC_DISPATCH(UnknownKernel)(); }

void judge_answers(const Block& block, const ApplyItem& op, const std::uint8_t* differs, bool substitutes,
                   const JudgedAnswers& out) {
  HWY_DYNAMIC_DISPATCH(JudgeAnswers)(block, op, differs, substitutes, out);
}

}  // namespace appraise::detail
#endif
