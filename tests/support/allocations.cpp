#include "support/allocations.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace appraise::testing {
namespace {

std::atomic<std::int64_t> count{0}, bytes{0}, held{0}, peak{0};

void* handed_out(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const auto size = static_cast<std::int64_t>(malloc_usable_size(memory));
  count.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  const std::int64_t now = held.fetch_add(size, std::memory_order_relaxed) + size;
  std::int64_t most = peak.load(std::memory_order_relaxed);
  while (now > most && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
  }
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  held.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

Allocations allocations() noexcept { return {count, bytes, held, peak}; }
void forget_peak() noexcept { peak = held.load(); }

}  // namespace appraise::testing

// All other forms of new and delete call these.
void* operator new(std::size_t size) { return appraise::testing::handed_out(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  return appraise::testing::handed_out(std::aligned_alloc(to, (size + to - 1) / to * to));
}
void operator delete(void* memory) noexcept { appraise::testing::give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { appraise::testing::give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { appraise::testing::give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { appraise::testing::give_back(memory); }
