#include "statistics/order.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "appraise/diagnostic.hpp"

namespace appraise::statistics::detail {
namespace {

constexpr int digit_bits = 11;
constexpr int digits = 6;
constexpr std::size_t buckets = std::size_t{1} << digit_bits;
constexpr std::size_t few = 256;

using Histograms = std::array<std::array<std::uint32_t, buckets>, digits>;

std::size_t digit(std::uint64_t key, int d) { return (key >> (d * digit_bits)) & (buckets - 1); }

/// Sorts `entries` by `key(entry)`, stably, with `spare` as the second copy.
template <class Entry, class Key>
void radix_sort(std::vector<Entry>& entries, Key key) {
  if (entries.size() < few) {
    std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    return;
  }
  std::vector<Histograms> counted(1);  // on the heap: 48 KiB
  Histograms& counts = counted.front();
  for (const Entry& entry : entries) {
    for (int d = 0; d < digits; ++d) ++counts[static_cast<std::size_t>(d)][digit(key(entry), d)];
  }
  const auto held = std::make_unique_for_overwrite<Entry[]>(entries.size());
  std::span<Entry> from(entries), spare(held.get(), entries.size());
  for (int d = 0; d < digits; ++d) {
    auto& count = counts[static_cast<std::size_t>(d)];
    if (count[digit(key(from.front()), d)] == from.size()) continue;
    std::uint32_t first = 0;
    for (std::uint32_t& c : count) first += std::exchange(c, first);
    for (const Entry& entry : from) spare[count[digit(key(entry), d)]++] = entry;
    std::swap(from, spare);
  }
  if (from.data() != entries.data()) std::copy(from.begin(), from.end(), entries.begin());
}

struct Keyed {
  std::uint64_t key;
  std::uint32_t row;
};

std::vector<Keyed> keyed_order(std::span<const double> numbers) {
  if (numbers.size() > 0xffffffff) throw UsageError("more than 4,294,967,295 rows: take a sample");
  std::vector<Keyed> entries(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) entries[i] = {key_of(numbers[i]), static_cast<std::uint32_t>(i)};
  radix_sort(entries, [](const Keyed& entry) { return entry.key; });
  return entries;
}

/// Ranks by counting, if the distinct numbers are few.
std::optional<Ranks> counted_ranks(std::span<const double> numbers) {
  if (numbers.size() < few) return {};
  FewNumbers distinct(numbers.size());
  Ranks result;
  result.rank.resize(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    result.rank[i] = distinct.place(numbers[i]);
    if (result.rank[i] == FewNumbers::none) return {};
  }
  const std::vector<std::uint32_t> ranks = distinct.ranks();
  for (std::uint32_t& rank : result.rank) rank = ranks[rank];
  result.count = static_cast<std::uint32_t>(ranks.size());
  return result;
}

}  // namespace

FewNumbers::FewNumbers(std::size_t rows)
    : most_(static_cast<std::uint32_t>(std::clamp<std::size_t>(rows, 4, 4096))),
      shift_(64 - static_cast<int>(std::bit_width(4 * most_ - 1))),  // four slots for each number
      slots_(std::size_t{1} << (64 - shift_)) {}

std::uint32_t FewNumbers::enter(std::size_t slot, std::uint64_t key, double number) {
  if (values_.size() == most_) return none;
  const auto place = static_cast<std::uint32_t>(values_.size());
  slots_[slot] = {key, place};
  values_.push_back(number + 0.0);  // one zero
  return place;
}

std::vector<std::uint32_t> FewNumbers::ranks() const {
  const std::vector<Keyed> entries = keyed_order(values_);
  std::vector<std::uint32_t> ranks(entries.size());
  for (std::uint32_t i = 0; i < entries.size(); ++i) ranks[entries[i].row] = i;
  return ranks;
}

void sort_keys(std::vector<std::uint64_t>& keys) {
  radix_sort(keys, [](std::uint64_t key) { return key; });
}

std::vector<std::uint32_t> order_of(const Ranks& ranks) {
  std::vector<std::uint32_t> first(ranks.count + 1), rows(ranks.rank.size());
  for (const std::uint32_t rank : ranks.rank) ++first[rank + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[first[ranks.rank[i]]++] = i;
  return rows;
}

std::vector<std::uint32_t> order_of(std::span<const double> numbers) {
  if (const std::optional<Ranks> counted = counted_ranks(numbers)) return order_of(*counted);
  const std::vector<Keyed> entries = keyed_order(numbers);
  std::vector<std::uint32_t> rows(entries.size());
  std::transform(entries.begin(), entries.end(), rows.begin(), [](const Keyed& entry) { return entry.row; });
  return rows;
}

Ranks ranks_of(std::span<const double> numbers) {
  if (std::optional<Ranks> counted = counted_ranks(numbers)) return *std::move(counted);
  const std::vector<Keyed> entries = keyed_order(numbers);
  Ranks result;
  result.rank.resize(numbers.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 0 || entries[i].key != entries[i - 1].key) ++result.count;
    result.rank[entries[i].row] = result.count - 1;
  }
  return result;
}

}  // namespace appraise::statistics::detail
