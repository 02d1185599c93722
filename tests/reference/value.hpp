/// What docs/semantics.md calls a value: a number, its flags with their reasons, and the interval it could lie in.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

namespace appraise::reference {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double largest_whole = 2147483647;

using Reasons = std::set<std::string>;

/// A flag is raised if and only if it has a reason.
struct Flags {
  Reasons missing, invalid, not_applicable, omitted;

  [[nodiscard]] bool usable() const { return missing.empty() && invalid.empty() && not_applicable.empty(); }
  [[nodiscard]] bool none() const { return usable() && omitted.empty(); }

  void join_obstacles(const Flags& other) {
    missing.insert(other.missing.begin(), other.missing.end());
    invalid.insert(other.invalid.begin(), other.invalid.end());
    not_applicable.insert(other.not_applicable.begin(), other.not_applicable.end());
  }
  void join_omitted(const Flags& other) { omitted.insert(other.omitted.begin(), other.omitted.end()); }
  void join(const Flags& other) {
    join_obstacles(other);
    join_omitted(other);
  }
};

/// An interval [low, high]; infinite ends are open.
struct Span {
  double low = -infinity;
  double high = infinity;

  [[nodiscard]] bool operator==(const Span&) const = default;
};

[[nodiscard]] inline Span only(double x) { return {x, x}; }

/// A NaN becomes the open end.
[[nodiscard]] inline Span opened(double low, double high) {
  return {std::isnan(low) ? -infinity : low, std::isnan(high) ? infinity : high};
}

/// The hull of the spans added; unbounded if there is none.
class Hull {
 public:
  void add(const Span& span) {
    span_ = empty_ ? span : Span{std::min(span_.low, span.low), std::max(span_.high, span.high)};
    empty_ = false;
  }
  [[nodiscard]] Span span() const { return empty_ ? Span{} : span_; }

 private:
  bool empty_ = true;
  Span span_;
};

/// Categories are positions in their list of labels, dates days since 1970-01-01.
struct Value {
  double number = 0;  ///< meant only if the flags are usable
  Flags flags;
  Span span;
};

enum class Verdict { no, yes, unknown };

/// The truth of a condition. The span is over 0 (false) and 1 (true).
struct Truth {
  Verdict verdict = Verdict::unknown;
  Flags flags;
  Span span;
};

inline constexpr Span certainly_not{0, 0};
inline constexpr Span certainly{1, 1};
inline constexpr Span perhaps{0, 1};

}  // namespace appraise::reference
