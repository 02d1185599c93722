/// How faults are collected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "appraise/diagnostic.hpp"
#include "diagnostic_codes.hpp"
#include "reading/faults.hpp"

namespace appraise::detail {

using reading::counted;

/// Collects diagnostics. `found` and `expected` are what comes before and after "expected".
class Report {
 public:
  explicit Report(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  void add(Code code, const Place& place, std::string address, std::string found, std::string expected) {
    if (code.severity() == Severity::error) ++errors_;
    diagnostics_.push_back(
        {code.severity(), std::string(code.text()), place, std::move(address), std::move(found), std::move(expected)});
  }
  [[nodiscard]] std::size_t errors() const noexcept { return errors_; }

 private:
  std::vector<Diagnostic>& diagnostics_;
  std::size_t errors_ = 0;
};

/// Text in quotation marks, shortened.
[[nodiscard]] inline std::string quoted(std::string_view text) { return reading::in_quotes(text); }

/// The shortest decimal that reads back as `x`.
[[nodiscard]] std::string number_text(double x);

/// "a", "b" and 3 more
[[nodiscard]] std::string list_text(const std::vector<std::string>& names, std::size_t at_most = 8);

}  // namespace appraise::detail
