/// Reading and writing memory with the widest vectors of the machine that the benchmarks are built on.
#pragma once

#include <cstddef>
#include <cstdint>

namespace appraise::benchmarks {

/// Reads every byte.
void read_bytes(const std::uint8_t* bytes, std::size_t size) noexcept;

/// Writes every byte; `bytes` at a cache line's boundary if `streaming`.
void write_bytes(std::uint8_t* bytes, std::size_t size, bool streaming) noexcept;

/// After streaming stores: what was written can be seen by all.
void finish_streaming() noexcept;

/// The instruction set in use.
[[nodiscard]] const char* native_target() noexcept;

}  // namespace appraise::benchmarks
