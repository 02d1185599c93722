#include "score/reason_memo.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace appraise::detail {

namespace {

/// Whether no value of its operands makes a term too large to be held.
bool is_always_held(const Plan& plan, const WeighTerm& term) {
  double largest = std::fabs(term.weight);
  for (const Register of : term.of) {
    const auto i = static_cast<std::size_t>(of);
    const Range span = plan.spans[i];
    const double size =
        plan.registers[i] == RegisterType::real ? std::max(std::fabs(span.low), std::fabs(span.high)) : whole_limit + 1;
    for (int k = 0; k < term.power; ++k) largest *= std::max(size, 1.0);
  }
  return largest < std::numeric_limits<double>::max() / 2;
}

bool is_byte(const Plan& plan, Register of) {
  return plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
}

}  // namespace

void RowKeys::add(Part part) {
  part.begins = room_ < part.bits();
  if (part.begins) {
    ++bytes_;
    room_ = 8;
  }
  room_ -= part.bits();
  parts_.push_back(part);
  planes_.resize(bytes_ * lane_rows);
  keys_.resize(words() * lane_rows);
}

RowKeys reason_keys(const Layout& layout) {
  RowKeys keys;
  std::set<std::pair<Register, Register>> known;
  const auto add_truth = [&](Register of, Register flagged) {
    if (known.emplace(of, flagged).second) keys.add_truth(of, flagged);
  };
  const auto add_flags = [&](Register of) {
    if (known.emplace(no_register, of).second) keys.add_flags(of);
  };
  const Plan& plan = layout.plan;
  for (const std::int32_t step : layout.steps) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(step)];
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      add_flags(layout.live(load->response) ? load->response : load->points);  // both have the same
    } else if (const auto* apply = std::get_if<ApplyItem>(&operation)) {
      for (const Register of : {apply->response, apply->points, apply->fault}) {
        if (layout.live(of)) add_flags(of);
      }
    } else if (const auto* term = std::get_if<WeighTerm>(&operation)) {
      if (!is_always_held(plan, *term)) add_flags(term->out);
      for (const Register of : term->of) {
        if (term->when != no_register) add_truth(term->when, of);
      }
    } else if (const auto* decide = std::get_if<Decide>(&operation)) {
      add_flags(decide->out);
      for (const Register when : decide->when) add_truth(when, decide->out);
    } else if (const auto* apply_when = std::get_if<ApplyWhen>(&operation)) {
      add_flags(apply_when->out);
      add_truth(apply_when->when, apply_when->out);
    } else if (const auto* gate = std::get_if<Gate>(&operation)) {
      add_flags(gate->out);
      for (const Gate::Rule& rule : gate->rules) add_truth(rule.condition, gate->out);
    } else if (const auto* sum = std::get_if<SumValues>(&operation); sum != nullptr && is_byte(plan, sum->out)) {
      continue;
    } else {
      std::visit(
          [&](const auto& op) {
            using Operation = std::decay_t<decltype(op)>;
            // The flags of these follow from those of what they read.
            constexpr bool follows = std::is_same_v<Operation, Constant> || std::is_same_v<Operation, Compare> ||
                                     std::is_same_v<Operation, IsMissing> || std::is_same_v<Operation, CountTrue> ||
                                     std::is_same_v<Operation, ExtremeValue> ||
                                     std::is_same_v<Operation, LogisticFunction> ||
                                     std::is_same_v<Operation, TakeFirst> || std::is_same_v<Operation, MeasureTime> ||
                                     std::is_same_v<Operation, ReadAttribute> || std::is_same_v<Operation, PassGate>;
            if constexpr (!follows && requires { op.out; }) add_flags(op.out);
          },
          operation);
    }
  }
  return keys;
}

void ReasonMemo::make_ready() {
  if (!lists_.empty()) return;
  constexpr std::size_t fewest = 64;
  lists_.resize(std::max(bytes_ / (words_ * sizeof(std::uint64_t) + sizeof(List)), fewest));
  keys_.resize(lists_.size() * words_);
}

std::optional<std::span<const std::uint16_t>> ReasonMemo::find(const std::uint64_t* key) noexcept {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < words_; ++i) hash = (std::rotl(hash, 29) ^ key[i]) * 0x9E3779B97F4A7C15;
  place_ = static_cast<std::size_t>(((hash >> 32) * lists_.size()) >> 32);
  const List& list = lists_[place_];
  const std::uint64_t* own = keys_.data() + place_ * words_;
  std::uint64_t differs = list.length < 0 ? 1 : 0;
  for (std::size_t i = 0; i < words_; ++i) differs |= own[i] ^ key[i];
  if (differs != 0) return std::nullopt;
  return std::span(list.texts, static_cast<std::size_t>(list.length));
}

void ReasonMemo::keep(const std::uint64_t* key, std::span<const std::int32_t> texts) noexcept {
  constexpr std::int32_t last = std::numeric_limits<std::uint16_t>::max();
  const auto fits = [](std::int32_t text) { return text <= last; };
  if (texts.size() > longest || !std::all_of(texts.begin(), texts.end(), fits)) return;
  List& list = lists_[place_];
  list.length = static_cast<std::int16_t>(texts.size());
  std::transform(texts.begin(), texts.end(), list.texts,
                 [](std::int32_t text) { return static_cast<std::uint16_t>(text); });
  std::copy(key, key + words_, keys_.data() + place_ * words_);
}

}  // namespace appraise::detail
