/// exp and log of the reference scorer, by MPFR: correctly rounded. docs/semantics.md, "Operations".
#pragma once

namespace appraise::reference {

[[nodiscard]] double exponential(double x);
[[nodiscard]] double logarithm(double x);

/// 1 / (1 + exp(-x)), each step rounded.
[[nodiscard]] double logistic(double x);

}  // namespace appraise::reference
