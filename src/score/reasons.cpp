// Why a row has the flags it has: reasons are read back from the registers along the operations that joined them.
#include "score/run.hpp"

namespace appraise::detail {

namespace {

/// Walks one row from a register back to where its flags were raised.
class Trace {
 public:
  Trace(const Block& block, int row, std::set<std::string>& reasons) : block_(block), row_(row), reasons_(reasons) {}

  void follow(Register of, std::uint8_t mask) {
    if (of == no_register) return;
    mask &= flags(of);
    if (mask == 0 || !seen_.insert({of, mask}).second) return;
    const auto& operations = block_.plan().operations;
    const auto& operation = operations[static_cast<std::size_t>(block_.plan().made_by[static_cast<std::size_t>(of)])];
    std::visit([&](const auto& op) { explain(op, of, mask); }, operation);
  }

 private:
  [[nodiscard]] std::uint8_t flags(Register of) const {
    return of == no_register ? std::uint8_t{0} : block_.flags(of)[row_];
  }
  [[nodiscard]] bool is_unusable(Register of) const { return (flags(of) & unusable_flags) != 0; }
  [[nodiscard]] const std::string& owner(Register of) const {
    return block_.plan().owner[static_cast<std::size_t>(of)];
  }

  void follow_all(const std::vector<Register>& of, std::uint8_t mask) {
    for (const Register one : of) follow(one, mask);
  }

  /// Flags that none of what was read had were raised by the operation itself.
  void raised(Register of, std::uint8_t mask, std::uint8_t read) {
    if ((mask & flag_invalid & ~read) != 0) reasons_.insert("undefined: " + owner(of));
  }

  [[nodiscard]] std::uint8_t joined(const std::vector<Register>& of) const {
    std::uint8_t all = 0;
    for (const Register one : of) all |= flags(one);
    return all;
  }

  void explain(const LoadItem& op, Register of, std::uint8_t mask) {
    const std::string& item = block_.plan().items[static_cast<std::size_t>(op.item)].column;
    const std::uint8_t fault = block_.faults(op.item)[row_];
    if ((fault & fault_missing) != 0 && (mask & flag_missing) != 0) reasons_.insert("missing: " + item);
    if ((fault & fault_invalid) != 0 && (mask & flag_invalid) != 0) reasons_.insert("invalid: " + item);
    if ((fault & fault_inapplicable) != 0) reasons_.insert("answered though not applicable: " + item);
    if ((fault & fault_substituted) != 0) reasons_.insert("substituted: " + item);
    if (is_unusable(op.applies) && is_unusable(of)) follow(op.applies, mask & unusable_flags);
  }
  void explain(const Constant&, Register, std::uint8_t) {}
  void explain(const Compare& op, Register, std::uint8_t mask) {
    follow(op.of, mask);
    follow(op.with, mask);
  }
  void explain(const IsMissing& op, Register, std::uint8_t mask) { follow(op.of, mask); }
  void explain(const Join& op, Register, std::uint8_t mask) { follow_all(op.of, mask); }

  template <class Operation>
  void explain_omission(const Operation& op, Register of, std::uint8_t mask) {
    std::uint8_t read = 0;
    std::vector<std::size_t> left_out;
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      if (op.may_omit[i] != 0 && (flags(op.of[i]) & unusable_flags) == flag_missing) {
        left_out.push_back(i);
      } else {
        read |= flags(op.of[i]);
        follow(op.of[i], mask);
      }
    }
    const bool refused = static_cast<int>(left_out.size()) > op.at_most || left_out.size() == op.of.size();
    for (const std::size_t i : left_out) {
      if (refused) {
        follow(op.of[i], mask & flag_missing);
      } else if ((mask & flag_omitted) != 0) {
        reasons_.insert("omitted: " + op.names[i]);
      }
    }
    raised(of, mask, read);
  }
  void explain(const SumValues& op, Register of, std::uint8_t mask) { explain_omission(op, of, mask); }
  void explain(const ExtremeValue& op, Register of, std::uint8_t mask) { explain_omission(op, of, mask); }

  void explain(const WeighTerm& op, Register of, std::uint8_t mask) {
    follow(op.when, mask);
    std::uint8_t read = flags(op.when);
    const bool counts = op.when == no_register || (!is_unusable(op.when) && block_.wholes(op.when)[row_] != 0);
    if (counts) {
      follow_all(op.of, mask);
      read |= joined(op.of);
    }
    raised(of, mask, read);
  }
  void explain(const AddTerms& op, Register of, std::uint8_t mask) {
    follow_all(op.of, mask);
    raised(of, mask, joined(op.of));
  }
  void explain_pair(Register a, Register b, Register of, std::uint8_t mask) {
    follow(a, mask);
    follow(b, mask);
    raised(of, mask, flags(a) | flags(b));
  }
  void explain(const Subtract& op, Register of, std::uint8_t mask) { explain_pair(op.of, op.minus, of, mask); }
  void explain(const CountTrue& op, Register, std::uint8_t mask) { follow_all(op.of, mask); }
  void explain(const Multiply& op, Register of, std::uint8_t mask) {
    follow_all(op.of, mask);
    raised(of, mask, joined(op.of));
  }
  void explain(const Divide& op, Register of, std::uint8_t mask) { explain_pair(op.of, op.over, of, mask); }
  void explain(const Logarithm& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const LogisticFunction& op, Register of, std::uint8_t mask) {
    explain_pair(op.of, no_register, of, mask);
  }
  void explain(const LookUpBand& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const LookUpTable& op, Register of, std::uint8_t mask) {
    explain_pair(op.row, op.column, of, mask);
    const bool supplied = is_unusable(op.row) || is_unusable(op.column) || !is_unusable(of);
    if (!supplied && (mask & flag_missing) != 0) reasons_.insert("not supplied: " + op.table);
  }
  void explain(const Decide& op, Register of, std::uint8_t mask) {
    std::uint8_t read = 0;
    Register chosen = op.otherwise;
    for (std::size_t i = 0; i < op.when.size(); ++i) {
      follow(op.when[i], mask);
      read |= flags(op.when[i]);
      if (is_unusable(op.when[i])) return;
      if (block_.wholes(op.when[i])[row_] != 0) {
        chosen = op.take[i];
        break;
      }
    }
    follow(chosen, mask);
    raised(of, mask, read | flags(chosen));
  }
  void explain(const TakeFirst& op, Register of, std::uint8_t mask) {
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      const Register one = op.of[i];
      if ((flags(one) & flag_invalid) != 0) return follow(one, mask);
      if (!is_unusable(one)) {
        follow(one, mask);
        if (i == 0 || !op.flag || (mask & flag_omitted) == 0) return;
        reasons_.insert("fallback: " + owner(of));
        for (std::size_t passed = 0; passed < i; ++passed) follow(op.of[passed], flags(op.of[passed]));
        return;
      }
    }
    follow_all(op.of, mask & unusable_flags);
  }
  void explain(const ClampValue& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const RoundValue& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const MeasureTime& op, Register of, std::uint8_t mask) { explain_pair(op.from, op.to, of, mask); }
  void explain(const MoveTime& op, Register of, std::uint8_t mask) { explain_pair(op.to, op.amount, of, mask); }
  void explain(const ReadAttribute& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const FindLevel& op, Register of, std::uint8_t mask) { explain_pair(op.of, no_register, of, mask); }
  void explain(const ApplyWhen& op, Register of, std::uint8_t mask) {
    follow(op.when, mask);
    if (is_unusable(op.when)) return;
    if (block_.wholes(op.when)[row_] != 0) return follow(op.of, mask);
    if ((mask & flag_inapplicable) != 0) reasons_.insert("does not apply: " + owner(of));
  }
  void explain(const PassGate& op, Register, std::uint8_t mask) {
    follow(op.of, mask);
    follow(op.gate, mask);
  }
  void explain(const Gate& op, Register, std::uint8_t mask) {
    for (const Gate::Rule& rule : op.rules) {
      if (is_unusable(rule.condition)) {
        const bool undecided = rule.applicability && !rule.applies_if_unknown;
        if (undecided && (mask & flag_missing) != 0) reasons_.insert("undecided: " + rule.code);
        follow(rule.condition, mask & (undecided ? unusable_flags : flag_invalid));
      } else if (block_.wholes(rule.condition)[row_] == 0) {
        const std::uint8_t flag = rule.applicability ? flag_inapplicable : flag_invalid;
        if ((mask & flag) != 0)
          reasons_.insert((rule.applicability ? "does not apply: " : "contradiction: ") + rule.code);
      }
    }
  }

  const Block& block_;
  int row_;
  std::set<std::string>& reasons_;
  std::set<std::pair<Register, std::uint8_t>> seen_;
};

}  // namespace

void add_reasons(const Block& block, Register of, int row, std::uint8_t mask, std::set<std::string>& reasons) {
  Trace(block, row, reasons).follow(of, mask);
}

}  // namespace appraise::detail
