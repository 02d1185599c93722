/// Reading text arrays of the Arrow C data interface: utf8, large utf8 and utf8 views.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "appraise/arrow.hpp"

namespace appraise::detail {

[[nodiscard]] inline bool is_text(std::string_view format) noexcept {
  return format == "u" || format == "U" || format == "vu";
}

/// Elements of a text array, counted from the start of its buffers.
class Texts {
 public:
  Texts(std::string_view format, const ArrowArray& array) noexcept : format_(format), array_(array) {}

  [[nodiscard]] std::string_view at(std::int64_t i) const noexcept {
    if (format_ == "vu") return view(i);
    return format_ == "u" ? between<std::int32_t>(i) : between<std::int64_t>(i);
  }

 private:
  template <class Offset>
  [[nodiscard]] std::string_view between(std::int64_t i) const noexcept {
    const auto* offsets = static_cast<const Offset*>(array_.buffers[1]) + i;
    const auto* bytes = static_cast<const char*>(array_.buffers[2]);
    if (offsets[0] == offsets[1]) return {};
    return {bytes + offsets[0], static_cast<std::size_t>(offsets[1] - offsets[0])};
  }

  // A view is 16 bytes: the length, then the text itself (up to 12 bytes) or its prefix, buffer and offset.
  [[nodiscard]] std::string_view view(std::int64_t i) const noexcept {
    const auto* bytes = static_cast<const char*>(array_.buffers[1]) + 16 * i;
    std::int32_t length = 0, buffer = 0, offset = 0;
    std::memcpy(&length, bytes, sizeof length);
    if (length <= 12) return {bytes + 4, static_cast<std::size_t>(length)};
    std::memcpy(&buffer, bytes + 8, sizeof buffer);
    std::memcpy(&offset, bytes + 12, sizeof offset);
    return {static_cast<const char*>(array_.buffers[2 + buffer]) + offset, static_cast<std::size_t>(length)};
  }

  std::string_view format_;
  const ArrowArray& array_;
};

}  // namespace appraise::detail
