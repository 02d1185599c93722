#include "score/reason_memo.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

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

ReasonKeys::ReasonKeys(const Layout& layout) {
  const Plan& plan = layout.plan;
  for (const std::int32_t step : layout.steps) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(step)];
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      add(layout.live(load->response) ? load->response : load->points);  // both have the same
    } else if (const auto* apply = std::get_if<ApplyItem>(&operation)) {
      for (const Register of : {apply->response, apply->points, apply->fault}) {
        if (layout.live(of)) add(of);
      }
    } else if (const auto* term = std::get_if<WeighTerm>(&operation)) {
      if (!is_always_held(plan, *term)) add(term->out);
      for (const Register of : term->of) {
        if (term->when != no_register) add(of, term->when);
      }
    } else if (const auto* decide = std::get_if<Decide>(&operation)) {
      add(decide->out);
      for (const Register when : decide->when) add(decide->out, when);
    } else if (const auto* apply_when = std::get_if<ApplyWhen>(&operation)) {
      add(apply_when->out);
      add(apply_when->out, apply_when->when);
    } else if (const auto* gate = std::get_if<Gate>(&operation)) {
      add(gate->out);
      for (const Gate::Rule& rule : gate->rules) add(gate->out, rule.condition);
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
            if constexpr (!follows && requires { op.out; }) add(op.out);
          },
          operation);
    }
  }
  size_ = (parts_.size() + 7) / 8 * 8;
}

void ReasonKeys::add(Register flags, Register truth) {
  const Part part{flags, truth};
  if (std::find(parts_.begin(), parts_.end(), part) == parts_.end()) parts_.push_back(part);
}

void ReasonKeys::write(const Block& block, std::span<const std::int32_t> rows, std::uint8_t* keys) const {
  for (std::size_t part = 0; part < size_; ++part) {
    std::uint8_t* key = keys + part;
    if (part >= parts_.size()) {
      for (std::size_t i = 0; i < rows.size(); ++i, key += size_) *key = 0;
      continue;
    }
    const std::uint8_t* flags = block.flags(parts_[part].flags);
    if (parts_[part].truth == no_register) {
      for (const std::int32_t row : rows) {
        *key = flags[row];
        key += size_;
      }
    } else {
      const auto* truth = block.values<std::uint8_t>(parts_[part].truth);
      for (const std::int32_t row : rows) {
        *key = flags[row] != 0 ? truth[row] : std::uint8_t{0};
        key += size_;
      }
    }
  }
}

void ReasonMemo::make_ready() {
  if (!lists_.empty()) return;
  constexpr std::size_t fewest = 64;
  const std::size_t places = std::max(std::bit_floor(bytes_ / (key_size_ + sizeof(List))), fewest);
  keys_.resize(places * key_size_);
  lists_.resize(places);
}

std::optional<std::span<const std::int32_t>> ReasonMemo::find(const std::uint8_t* key) noexcept {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < key_size_; i += sizeof hash) {
    std::uint64_t word;
    std::memcpy(&word, key + i, sizeof word);
    hash = (std::rotl(hash, 29) ^ word) * 0x9E3779B97F4A7C15;
  }
  place_ = static_cast<std::size_t>(hash >> 32) & (lists_.size() - 1);
  const List& list = lists_[place_];
  if (list.length < 0 || std::memcmp(&keys_[place_ * key_size_], key, key_size_) != 0) return std::nullopt;
  return std::span(list.texts, static_cast<std::size_t>(list.length));
}

void ReasonMemo::keep(const std::uint8_t* key, std::span<const std::int32_t> texts) noexcept {
  if (texts.size() > longest) return;
  List& list = lists_[place_];
  list.length = static_cast<std::int32_t>(texts.size());
  std::copy(texts.begin(), texts.end(), list.texts);
  std::memcpy(&keys_[place_ * key_size_], key, key_size_);
}

}  // namespace appraise::detail
