// Why a row has the flags it has: reasons are read back from the registers along the operations that joined them.
#include "score/reasons.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

/// Walks one row from a register back to where its flags were raised.
class Trace {
 public:
  Trace(const Block& block, int row, ReasonList& reasons) : block_(block), row_(row), reasons_(reasons) {}

  void follow(Register of, std::uint8_t mask) {
    if (of == no_register) return;
    mask &= flags(of);
    if (mask == 0 || !reasons_.first_visit(of, mask)) return;
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
    if ((mask & flag_invalid & ~read) != 0) reasons_.insert("undefined: ", owner(of));
  }

  [[nodiscard]] std::uint8_t joined(const std::vector<Register>& of) const {
    std::uint8_t all = 0;
    for (const Register one : of) all |= flags(one);
    return all;
  }

  void explain(const LoadItem& op, Register of, std::uint8_t mask) { explain_fault(op.item, flags(of), mask); }
  void explain(const ApplyItem& op, Register of, std::uint8_t mask) {
    explain_fault(op.item, flags(op.fault), mask);
    if (is_unusable(op.applies) && is_unusable(of)) follow(op.applies, mask & unusable_flags);
  }
  void explain_fault(std::int32_t number, std::uint8_t fault, std::uint8_t mask) {
    const std::string& item = block_.plan().items[static_cast<std::size_t>(number)].column;
    if ((fault & flag_missing) != 0 && (mask & flag_missing) != 0) reasons_.insert("missing: ", item);
    if ((fault & flag_invalid) != 0 && (mask & flag_invalid) != 0) reasons_.insert("invalid: ", item);
    if ((fault & flag_inapplicable) != 0) reasons_.insert("answered though not applicable: ", item);
    if ((fault & flag_omitted) != 0) reasons_.insert("substituted: ", item);
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
    std::size_t left_out = 0;
    const auto is_left_out = [&](std::size_t i) {
      return op.may_omit[i] != 0 && (flags(op.of[i]) & unusable_flags) == flag_missing;
    };
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      if (is_left_out(i)) {
        ++left_out;
      } else {
        read |= flags(op.of[i]);
        follow(op.of[i], mask);
      }
    }
    const bool refused = static_cast<int>(left_out) > op.at_most || left_out == op.of.size();
    for (std::size_t i = 0; i < op.of.size(); ++i) {
      if (!is_left_out(i)) continue;
      if (refused) {
        follow(op.of[i], mask & flag_missing);
      } else if ((mask & flag_omitted) != 0) {
        reasons_.insert("omitted: ", op.names[i]);
      }
    }
    raised(of, mask, read);
  }
  void explain(const SumValues& op, Register of, std::uint8_t mask) { explain_omission(op, of, mask); }
  void explain(const ExtremeValue& op, Register of, std::uint8_t mask) { explain_omission(op, of, mask); }

  void explain(const WeighTerm& op, Register of, std::uint8_t mask) {
    follow(op.when, mask);
    std::uint8_t read = flags(op.when);
    const bool counts = op.when == no_register || (!is_unusable(op.when) && block_.is_true(op.when, row_));
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
    if (!supplied && (mask & flag_missing) != 0) reasons_.insert("not supplied: ", op.table);
  }
  void explain(const Decide& op, Register of, std::uint8_t mask) {
    std::uint8_t read = 0;
    Register chosen = op.otherwise;
    for (std::size_t i = 0; i < op.when.size(); ++i) {
      follow(op.when[i], mask);
      read |= flags(op.when[i]);
      if (is_unusable(op.when[i])) return;
      if (block_.is_true(op.when[i], row_)) {
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
        reasons_.insert("fallback: ", owner(of));
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
    if (block_.is_true(op.when, row_)) return follow(op.of, mask);
    if ((mask & flag_inapplicable) != 0) reasons_.insert("does not apply: ", owner(of));
  }
  void explain(const PassGate& op, Register, std::uint8_t mask) {
    follow(op.of, mask);
    follow(op.gate, mask);
  }
  void explain(const Gate& op, Register, std::uint8_t mask) {
    for (const Gate::Rule& rule : op.rules) {
      if (is_unusable(rule.condition)) {
        const bool undecided = rule.applicability && !rule.applies_if_unknown;
        if (undecided && (mask & flag_missing) != 0) reasons_.insert("undecided: ", rule.code);
        follow(rule.condition, mask & (undecided ? unusable_flags : flag_invalid));
      } else if (!block_.is_true(rule.condition, row_)) {
        const std::uint8_t flag = rule.applicability ? flag_inapplicable : flag_invalid;
        if ((mask & flag) != 0) reasons_.insert(rule.applicability ? "does not apply: " : "contradiction: ", rule.code);
      }
    }
  }

  const Block& block_;
  int row_;
  ReasonList& reasons_;
};

}  // namespace

std::int32_t TextWriter::intern(const std::string& text) {
  const auto [position, added] = known_.emplace(text, static_cast<std::int32_t>(texts_.size()));
  if (added) {
    texts_.push_back(text);
    numbers_.push_back(-1);
  }
  return position->second;
}

void TextWriter::begin(std::int64_t rows) {
  lists_.offsets.clear();
  lists_.numbers.clear();
  lists_.texts.clear();
  std::fill(numbers_.begin(), numbers_.end(), -1);
  lists_.offsets.reserve(static_cast<std::size_t>(rows) + 1);
  lists_.offsets.push_back(0);
}

void TextWriter::add(std::int32_t text) {
  std::int32_t& number = numbers_[static_cast<std::size_t>(text)];
  if (number < 0) {
    number = static_cast<std::int32_t>(lists_.texts.size());
    lists_.texts.push_back(texts_[static_cast<std::size_t>(text)]);
  }
  lists_.numbers.push_back(number);
}

void append(const TextLists& later, TextLists& lists) {
  std::vector<std::int32_t> numbers;
  for (const std::string& text : later.texts) {
    const auto found = std::find(lists.texts.begin(), lists.texts.end(), text);
    numbers.push_back(static_cast<std::int32_t>(found - lists.texts.begin()));
    if (found == lists.texts.end()) lists.texts.push_back(text);
  }
  const auto before = static_cast<std::int64_t>(lists.numbers.size());
  for (std::size_t row = 1; row < later.offsets.size(); ++row) lists.offsets.push_back(before + later.offsets[row]);
  for (const std::int32_t number : later.numbers) lists.numbers.push_back(numbers[static_cast<std::size_t>(number)]);
}

void ReasonList::clear() {
  found_.clear();
  for (const Register one : visited_) visits_[static_cast<std::size_t>(one)] = 0;
  visited_.clear();
}

bool ReasonList::first_visit(Register of, std::uint8_t mask) {
  std::uint16_t& visits = visits_[static_cast<std::size_t>(of)];
  const auto visit = static_cast<std::uint16_t>(1U << mask);
  if ((visits & visit) != 0) return false;
  if (visits == 0) visited_.push_back(of);
  visits |= visit;
  return true;
}

void ReasonList::insert(const char* kind, const std::string& subject) {
  auto known = known_.find({kind, &subject});
  if (known == known_.end()) known = known_.emplace(Reason{kind, &subject}, texts_.intern(kind + subject)).first;
  const std::int32_t text = known->second;
  if (std::find(found_.begin(), found_.end(), text) == found_.end()) found_.push_back(text);
}

const std::vector<std::int32_t>& ReasonList::sorted() {
  std::sort(found_.begin(), found_.end(),
            [&](std::int32_t a, std::int32_t b) { return texts_.text(a) < texts_.text(b); });
  return found_;
}

namespace {

/// Bytes for the reasons that were found before. Every plan needs some memory beside what is shared out, so that one
/// has more to spare than several have together.
std::size_t memo_bytes(std::size_t spare) {
  constexpr std::size_t beside = 128 * 1024;
  return std::max(spare / 4 * 3, 3 * spare - std::min(3 * spare, beside));
}

}  // namespace

ReasonWriter::ReasonWriter(const Layout& layout)
    : reasons_(layout, texts_),
      keys_(reason_keys(layout)),
      memo_(keys_.words(), memo_bytes(layout.spare)),
      key_(keys_.words()),
      any_(static_cast<std::size_t>(layout.rows)),
      flagged_(static_cast<std::size_t>(layout.rows + lane_rows)) {
  for (const PlannedScale& scale : layout.plan.scales) reported_.push_back(scale.value);
}

void ReasonWriter::write(const Block& block) {
  join_flags(block, reported_, any_.data());
  const int count = list_marked(any_.data(), block.rows(), flagged_.data());
  int written = 0, read = 0;  // rows, and rows whose keys have been read
  for (int i = 0; i < count; ++i) {
    const int row = flagged_[static_cast<std::size_t>(i)];
    if (row >= read) {
      keys_.read(block, row / lane_rows * lane_rows);
      read = (row / lane_rows + 1) * lane_rows;
    }
    texts_.end_rows(row - written);
    write_row(block, row);
    written = row + 1;
  }
  texts_.end_rows(block.rows() - written);
}

void ReasonWriter::write_row(const Block& block, int row) {
  for (std::size_t word = 0; word < key_.size(); ++word) key_[word] = keys_.at(word, row % lane_rows);
  if (const auto known = memo_.find(key_.data())) {
    for (const std::uint16_t text : *known) texts_.add(text);
  } else {
    reasons_.clear();
    for (const Register reported : reported_) Trace(block, row, reasons_).follow(reported, 0xFF);
    const std::vector<std::int32_t>& found = reasons_.sorted();
    for (const std::int32_t text : found) texts_.add(text);
    memo_.keep(key_.data(), found);
  }
  texts_.end_row();
}

CautionWriter::CautionWriter(const Layout& layout) {
  std::vector<PlannedCaution> sorted = layout.plan.cautions;
  std::sort(sorted.begin(), sorted.end(),
            [](const PlannedCaution& a, const PlannedCaution& b) { return a.code < b.code; });
  for (const PlannedCaution& caution : sorted) {
    holding_.add_truth(caution.condition);  // an unknown condition is 0
    cautions_.push_back(texts_.intern(caution.code));
  }
}

void CautionWriter::write(const Block& block) {
  int written = 0;
  for (int first = 0; first < block.rows() && !cautions_.empty(); first += lane_rows) {
    holding_.read(block, first);
    for (int row = first; row < std::min(first + lane_rows, block.rows()); ++row) {
      bool any = false;
      for (std::size_t word = 0; word < holding_.words(); ++word) {
        for (std::uint64_t bits = holding_.at(word, row - first); bits != 0; bits &= bits - 1) {
          if (!std::exchange(any, true)) texts_.end_rows(row - written);
          texts_.add(cautions_[64 * word + static_cast<std::size_t>(std::countr_zero(bits))]);
        }
      }
      if (!any) continue;
      texts_.end_row();
      written = row + 1;
    }
  }
  texts_.end_rows(block.rows() - written);
}

}  // namespace appraise::detail
