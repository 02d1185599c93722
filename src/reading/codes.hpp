/// The forms that codes, labels and references may have.
#pragma once

#include <algorithm>
#include <string_view>

namespace appraise::detail::reading {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

inline constexpr std::string_view code_form = "a code: letters, digits and _, starting with a letter";

/// Letters, digits and `_`, starting with a letter: items, scales, levels, tables, aliases.
[[nodiscard]] constexpr bool is_code(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

/// Letters, digits and `_-.()`, starting with a letter or digit: options, level codes, category labels.
[[nodiscard]] constexpr bool is_label(std::string_view text) noexcept {
  constexpr std::string_view others = "_-.()";
  return !text.empty() && (is_letter(text.front()) || is_digit(text.front())) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || is_digit(c) || others.find(c) != others.npos; });
}

/// Lower-case letters, digits and hyphens, starting with a letter or digit: instruments, norm sets, code lists. Such a
/// name is also that of a file or folder.
[[nodiscard]] constexpr bool is_id(std::string_view text) noexcept {
  return !text.empty() && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

/// `code`, `code.level`, `alias.code` or `alias.code.level`.
[[nodiscard]] constexpr bool is_reference(std::string_view text) noexcept {
  constexpr std::size_t most_parts = 3;
  for (std::size_t parts = 1; parts <= most_parts; ++parts) {
    const std::size_t dot = text.find('.');
    if (!is_code(text.substr(0, dot))) return false;
    if (dot == text.npos) return parts < most_parts || text == "level";
    text.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace appraise::detail::reading
