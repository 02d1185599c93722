#include <new>

#include "appraise/scores.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace appraise::detail {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;

/// Large columns begin at a huge page: the system then hands out 2 MiB at a time instead of 4 KiB, each of which costs
/// an interruption when it is first written.
std::align_val_t alignment_of(std::size_t bytes) noexcept {
  return std::align_val_t{bytes >= 2 * huge_page ? huge_page : cache_line};
}

}  // namespace

void* allocate_values(std::size_t bytes) {
  void* at = ::operator new(bytes, alignment_of(bytes));
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (bytes >= 2 * huge_page) static_cast<void>(madvise(at, bytes / huge_page * huge_page, MADV_HUGEPAGE));
#endif
  return at;
}

void free_values(void* at, std::size_t bytes) noexcept { ::operator delete(at, alignment_of(bytes)); }

}  // namespace appraise::detail
