/// What this machine can stream: the time in which bytes are read and others written with no work between.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/scores.hpp"

namespace appraise::benchmarks {

/// Bytes in memory.
template <class Byte>
struct Stretch {
  Byte* bytes;
  std::size_t size;
};

/// Ordinary stores first read what they overwrite; streaming stores do not, and leave nothing in the caches.
enum class Stores : std::uint8_t { ordinary, streaming };

/// Rows of a block: short stretches of all columns side by side, long ones, and whole columns one after the other are
/// tried in turn, and the fastest counts: processors differ in how many columns they can follow at once.
inline constexpr std::array<std::int64_t, 6> blocks_of_rows = {64,    256,    1024,
                                                               8'192, 65'536, std::numeric_limits<std::int64_t>::max()};

/// The bytes that scoring must read and write: every column and validity bit of a caseload, every result column.
class Traffic {
 public:
  Traffic(const Caseload& caseload, const std::vector<Scores>& results);

  [[nodiscard]] std::size_t bytes_in() const noexcept;
  [[nodiscard]] std::size_t bytes_out() const noexcept;

  /// Reads and writes them all, a block of rows after the other. Memory given once is read once, whatever the number of
  /// columns that view it.
  void stream(Stores stores, int threads, std::int64_t block_rows);
  /// Lets go of what is written to: the next run writes to memory that it is given anew.
  void renew();

 private:
  void allocate();
  void stream_part(Stores stores, std::int64_t blocks, std::int64_t part, std::int64_t parts);

  std::vector<Stretch<const std::uint8_t>> in_;
  std::vector<std::size_t> sizes_out_;
  std::vector<Values<std::uint8_t>> out_;  ///< memory of the same kind as results have
  std::int64_t rows_;
};

/// All bytes of result columns and of texts for rows.
[[nodiscard]] std::vector<std::size_t> sizes_of(const Scores& scores);

}  // namespace appraise::benchmarks
