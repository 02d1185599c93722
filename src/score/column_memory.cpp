#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <new>

#include "appraise/scores.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace appraise::detail {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t least_kept = std::size_t{1} << 20;

/// Sizes that are handed out: eight between one power of two and the next, so that columns of about as many rows fit
/// where others were.
std::size_t rounded(std::size_t bytes) noexcept {
  const std::size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

/// Large columns begin at a huge page: the system then hands out 2 MiB at a time instead of 4 KiB, each of which costs
/// an interruption when it is first written.
std::align_val_t alignment_of(std::size_t bytes) noexcept {
  return std::align_val_t{bytes >= 2 * huge_page ? huge_page : cache_line};
}

void* from_system(std::size_t bytes) {
  void* at = ::operator new(bytes, alignment_of(bytes));
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (bytes >= 2 * huge_page) static_cast<void>(madvise(at, bytes / huge_page * huge_page, MADV_HUGEPAGE));
#endif
  return at;
}

void to_system(void* at, std::size_t bytes) noexcept { ::operator delete(at, alignment_of(bytes)); }

/// Memory of large columns that are gone, for the next ones: pages that were written before cost nothing when they are
/// written again. The oldest goes back to the system where there is more than may be kept.
class Kept {
 public:
  /// Memory of just that size, or null.
  [[nodiscard]] void* take(std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = count_; i-- > 0;) {
      if (stretches_[i].bytes == bytes) return remove(i);
    }
    return nullptr;
  }

  void put(void* at, std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    while (count_ > 0 && (count_ == stretches_.size() || bytes_ + bytes > most_kept_bytes)) give_back();
    if (bytes_ + bytes > most_kept_bytes) return to_system(at, bytes);
    stretches_[count_++] = {at, bytes};
    bytes_ += bytes;
  }

  void give_all_back() noexcept {
    const std::lock_guard lock(mutex_);
    while (count_ > 0) give_back();
  }

 private:
  struct Stretch {
    void* at = nullptr;
    std::size_t bytes = 0;
  };

  void* remove(std::size_t i) noexcept {
    void* at = stretches_[i].at;
    bytes_ -= stretches_[i].bytes;
    std::move(stretches_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
              stretches_.begin() + static_cast<std::ptrdiff_t>(count_),
              stretches_.begin() + static_cast<std::ptrdiff_t>(i));
    --count_;
    return at;
  }
  void give_back() noexcept {
    const std::size_t bytes = stretches_.front().bytes;
    to_system(remove(0), bytes);
  }

  std::mutex mutex_;
  std::array<Stretch, 64> stretches_;  ///< oldest first
  std::size_t count_ = 0, bytes_ = 0;
};

/// Never destroyed: results may outlive everything else.
Kept& kept() {
  static Kept& all = *new Kept;
  return all;
}

}  // namespace

void* allocate_values(std::size_t bytes) {
  if (bytes < least_kept) return from_system(bytes);
  void* at = kept().take(rounded(bytes));
  return at != nullptr ? at : from_system(rounded(bytes));
}

void free_values(void* at, std::size_t bytes) noexcept {
  if (bytes < least_kept) return to_system(at, bytes);
  kept().put(at, rounded(bytes));
}

void give_kept_values_back() noexcept { kept().give_all_back(); }

}  // namespace appraise::detail
