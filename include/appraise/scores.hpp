/// Scores: the result columns of one scoring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appraise/scale.hpp"

namespace appraise {

/// Whether a value was worked out, and if not, why. In order of precedence from weakest to strongest.
enum class Status : std::uint8_t { scored, scored_with_omissions, incomplete, invalid, not_applicable };

[[nodiscard]] std::string_view to_string(Status status) noexcept;

namespace detail {
/// Of large result columns that are gone, kept for the next ones; what is more goes back to the system.
inline constexpr std::size_t most_kept_bytes = std::size_t{256} << 20;

/// Memory for result columns, at a whole cache line.
///
/// Errors:  std::bad_alloc
/// Cost:    memory of one MiB or more is that of columns that are gone, if there was one of about that size
/// Threads: safe to call concurrently
[[nodiscard]] void* allocate_values(std::size_t bytes);
void free_values(void* at, std::size_t bytes) noexcept;
/// All that is kept goes back to the system.
void give_kept_values_back() noexcept;
}  // namespace detail

/// Memory of result columns: it begins at a whole cache line, and new numbers are left as they are, since what fills a
/// column writes each of them once.
template <class T>
struct Unfilled {
  using value_type = T;

  Unfilled() noexcept = default;
  template <class Other>
  Unfilled(const Unfilled<Other>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(detail::allocate_values(n * sizeof(T))); }
  void deallocate(T* at, std::size_t n) noexcept { detail::free_values(at, n * sizeof(T)); }
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
  friend bool operator==(Unfilled, Unfilled) noexcept { return true; }
};
template <class T>
using Values = std::vector<T, Unfilled<T>>;

/// One result column. Exactly one of the value vectors is filled, by `kind`.
struct ScoreColumn {
  enum class Kind : std::uint8_t {
    whole,   ///< int32 numbers
    real,    ///< doubles
    date,    ///< int32 days since 1970-01-01
    label,   ///< bytes, numbers into `labels`
    status,  ///< bytes, Status, also numbers into `labels`
  };
  std::string name;
  Kind kind = Kind::whole;
  Values<std::int32_t> wholes;      ///< whole, date
  Values<double> reals;             ///< real
  Values<std::uint8_t> bytes;       ///< label, status
  Values<std::uint8_t> validity;    ///< one bit a row, least significant first; empty: all valid
  std::vector<std::string> labels;  ///< label, status: in order
  std::vector<std::pair<std::string, std::string>>
      metadata;  ///< scale, unit, sample, outcome, follow_up_years, evidence ...

  [[nodiscard]] bool valid(std::int64_t row) const noexcept {
    return validity.empty() || ((validity[static_cast<std::size_t>(row) >> 3] >> (row & 7)) & 1) != 0;
  }
};

/// Texts for rows, kept for the rows that have any: row i has texts[offsets[i]] .. texts[offsets[i + 1] - 1].
struct TextLists {
  std::vector<std::int64_t> offsets;  ///< rows + 1
  std::vector<std::int32_t> numbers;  ///< into `texts`
  std::vector<std::string> texts;
};

/// Result columns of n rows.
struct Scores {
  std::int64_t rows = 0;
  std::vector<ScoreColumn> columns;
  TextLists reasons;   ///< why a scale has no value, what was substituted or omitted; empty offsets if not asked for
  TextLists cautions;  ///< codes of cautions that hold; empty offsets if not asked for
  std::vector<std::pair<std::string, std::string>>
      metadata;  ///< instrument, edition, evidence, digests, engine version

  /// The column of that name, or null.
  [[nodiscard]] const ScoreColumn* find(std::string_view name) const noexcept;
};

}  // namespace appraise
