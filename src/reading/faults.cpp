#include "reading/faults.hpp"

#include <algorithm>

namespace appraise::detail::reading {
namespace {

constexpr std::size_t most_faults = 1000;
constexpr std::size_t longest_quote = 60;

/// Letters replaced, left out, put in, or exchanged with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        steps[i][j] = i + j;
        continue;
      }
      const std::size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
      steps[i][j] = std::min({steps[i - 1][j - 1] + same, steps[i - 1][j] + 1, steps[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
      }
    }
  }
  return steps[a.size()][b.size()];
}

}  // namespace

void Faults::add(Diagnostic diagnostic) {
  if (list_.size() > most_faults) return;
  if (list_.size() == most_faults) {
    diagnostic = {Severity::error,
                  "file.too-many-faults",
                  diagnostic.place,
                  "",
                  "more than " + std::to_string(most_faults) + " faults",
                  "a definition; the rest is not listed"};
  }
  list_.push_back(std::move(diagnostic));
}

void Reading::fault(ShapeCode code, Position position, std::string address, std::string found, std::string expected) {
  faults.add({Severity::error, std::string(code.text()), place(position), std::move(address), std::move(found),
              std::move(expected)});
}

std::string in_quotes(std::string_view text) {
  if (text.size() <= longest_quote) return '"' + std::string(text) + '"';
  std::size_t end = longest_quote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return '"' + std::string(text.substr(0, end)) + "...\"";
}

std::string joined(std::string_view parent, std::string_view step) {
  std::string result(parent);
  if (!result.empty()) result += '/';
  return result += step;
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t longest = 40;
  std::string_view best;
  if (text.size() > longest) return best;
  std::size_t least = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t distance = edit_distance(text, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace appraise::detail::reading
