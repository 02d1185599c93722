#include "check/report.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace appraise::detail {

std::string number_text(double x) {
  if (std::isinf(x)) return x < 0 ? "no lower end" : "no upper end";
  std::array<char, 32> text{};
  const auto format =
      std::fabs(x) >= 1e-5 && std::fabs(x) < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  auto result = x == 0 ? std::to_chars(text.data(), text.data() + text.size(), 0)
                       : std::to_chars(text.data(), text.data() + text.size(), x, format);
  if (result.ec != std::errc{}) result = std::to_chars(text.data(), text.data() + text.size(), x);
  return {text.data(), result.ptr};
}

std::string list_text(const std::vector<std::string>& names, std::size_t at_most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < at_most; ++i) {
    if (i != 0) text += ", ";
    text += quoted(names[i]);
  }
  if (names.size() > at_most) text += " and " + std::to_string(names.size() - at_most) + " more";
  return text;
}

}  // namespace appraise::detail
