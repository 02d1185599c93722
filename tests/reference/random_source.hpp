/// Random numbers that are the same on every platform: only the generator comes from the standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace appraise::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}

  /// 0 <= x < count
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(generator_() % count); }
  /// low <= x <= high
  int between(int low, int high) {
    const std::int64_t from = low;  // the whole range of int may not fit an int
    return static_cast<int>(from + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - from) + 1)));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  /// 0 <= x < 1
  double unit() { return static_cast<double>(generator_() >> 11) * 0x1p-53; }

  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  /// Up to `count` of them, each once, in random order.
  template <typename T>
  std::vector<T> some(std::vector<T> from, std::size_t count) {
    for (std::size_t i = 0; i + 1 < from.size(); ++i) std::swap(from[i], from[i + below(from.size() - i)]);
    if (from.size() > count) from.resize(count);
    return from;
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace appraise::testing
