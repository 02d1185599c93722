/// exp and log, correctly rounded: the double nearest to the true value, ties to even, and so the same bits on every
/// machine, C library and instruction set. docs/decisions/0007-floating-point.md.
#pragma once

namespace appraise::detail {

/// e to the power x. Above the largest double: infinity.
[[nodiscard]] double exponential(double x) noexcept;

/// Natural logarithm. Of a zero: minus infinity. Of a negative number: NaN.
[[nodiscard]] double logarithm(double x) noexcept;

/// Of `n` numbers, each as if alone; `out` may be `x`, and may not overlap it otherwise.
void exponential(const double* x, double* out, int n) noexcept;
void logarithm(const double* x, double* out, int n) noexcept;

}  // namespace appraise::detail
