/// What this machine can stream: the time in which bytes are read and others written with no work between.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Rows of a block: what suits the processors known is tried in turn, and the fastest counts. Some read many columns
/// side by side much faster in short stretches (AMD Zen 5: 64 to 256), others in longer ones (Intel Sapphire Rapids:
/// 1024).
inline constexpr std::array<std::int64_t, 4> blocks_of_rows = {64, 128, 256, 1024};

/// Memory at a cache line's boundary, not filled.
class Bytes {
 public:
  explicit Bytes(std::size_t size);
  [[nodiscard]] std::uint8_t* data() const noexcept { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept;
  };
  std::size_t size_;
  std::unique_ptr<std::uint8_t[], Free> bytes_;
};

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
  std::vector<Bytes> out_;
  std::int64_t rows_;
};

/// All bytes of result columns and of texts for rows.
[[nodiscard]] std::vector<std::size_t> sizes_of(const Scores& scores);

}  // namespace appraise::benchmarks
