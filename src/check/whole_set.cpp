#include "check/whole_set.hpp"

#include <algorithm>
#include <bit>

namespace appraise::detail {
namespace {

constexpr std::int64_t word = 64;
/// What holding one word of bits costs, in steps of work: memory is the scarcer of the two.
constexpr std::uint64_t cost_of_word = 16;

}  // namespace

WholeSet::WholeSet(std::int64_t lowest, std::int64_t highest)
    : lowest_(lowest), highest_(highest), bits_(static_cast<std::size_t>((highest - lowest) / word + 1)) {}

std::optional<WholeSet> WholeSet::room(std::int64_t lowest, std::int64_t highest, Budget& budget) {
  constexpr auto limit = static_cast<std::int64_t>(largest);
  if (lowest < -limit || highest > limit || highest - lowest >= most_values) return std::nullopt;
  if (!budget.spend(static_cast<std::uint64_t>((highest - lowest) / word + 1) * cost_of_word)) return std::nullopt;
  return WholeSet(lowest, highest);
}

std::optional<WholeSet> WholeSet::of(const std::vector<std::int64_t>& members, Budget& budget) {
  if (members.empty() || !budget.spend(members.size())) return std::nullopt;
  const auto [low, high] = std::minmax_element(members.begin(), members.end());
  auto set = room(*low, *high, budget);
  if (set)
    for (const std::int64_t member : members) set->insert(member);
  return set;
}

std::optional<WholeSet> WholeSet::between(std::int64_t lowest, std::int64_t highest, Budget& budget) {
  auto set = room(lowest, highest, budget);
  if (set)
    for (std::int64_t x = lowest; x <= highest; ++x) set->insert(x);
  return set;
}

std::optional<WholeSet> WholeSet::sum(const WholeSet& a, const WholeSet& b, Budget& budget) {
  const bool few_in_a = a.count() < b.count();
  const WholeSet &few = few_in_a ? a : b, &many = few_in_a ? b : a;
  auto set = room(a.lowest_ + b.lowest_, a.highest_ + b.highest_, budget);
  if (!set || !budget.spend(few.count() * many.bits_.size())) return std::nullopt;
  for (const std::int64_t member : few.members()) set->insert_shifted(many, member);
  return set;
}

std::optional<WholeSet> WholeSet::united(const WholeSet& a, const WholeSet& b, Budget& budget) {
  auto set = room(std::min(a.lowest_, b.lowest_), std::max(a.highest_, b.highest_), budget);
  if (!set) return std::nullopt;
  set->insert_shifted(a, 0);
  set->insert_shifted(b, 0);
  return set;
}

bool WholeSet::holds(std::int64_t x) const noexcept {
  if (x < lowest_ || x > highest_) return false;
  const std::int64_t bit = x - lowest_;
  return (bits_[static_cast<std::size_t>(bit / word)] >> (bit % word) & 1) != 0;
}

std::optional<std::int64_t> WholeSet::next(std::int64_t x) const noexcept {
  if (x > highest_) return std::nullopt;
  const std::int64_t bit = std::max(x, lowest_) - lowest_;
  auto at = static_cast<std::size_t>(bit / word);
  std::uint64_t rest = bits_[at] >> (bit % word) << (bit % word);
  while (rest == 0) rest = bits_[++at];
  return lowest_ + static_cast<std::int64_t>(at) * word + std::countr_zero(rest);
}

std::vector<std::int64_t> WholeSet::members() const {
  std::vector<std::int64_t> result;
  for (auto x = next(lowest_); x; x = next(*x + 1)) result.push_back(*x);
  return result;
}

void WholeSet::insert(std::int64_t x) noexcept {
  const std::int64_t bit = x - lowest_;
  bits_[static_cast<std::size_t>(bit / word)] |= std::uint64_t{1} << (bit % word);
}

void WholeSet::insert_shifted(const WholeSet& other, std::int64_t by) noexcept {
  const std::int64_t shift = other.lowest_ + by - lowest_;
  const auto words = static_cast<std::size_t>(shift / word);
  const auto bits = static_cast<unsigned>(shift % word);
  for (std::size_t i = 0; i < other.bits_.size(); ++i) {
    bits_[i + words] |= other.bits_[i] << bits;
    const std::uint64_t carried = bits == 0 ? 0 : other.bits_[i] >> (64 - bits);
    if (carried != 0) bits_[i + words + 1] |= carried;
  }
}

std::size_t WholeSet::count() const noexcept {
  std::size_t count = 0;
  for (const std::uint64_t each : bits_) count += static_cast<std::size_t>(std::popcount(each));
  return count;
}

}  // namespace appraise::detail
