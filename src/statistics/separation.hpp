/// Proof that the covariates tell the outcomes apart: comparisons along a direction are made in exact arithmetic.
#pragma once

#include <cstdint>
#include <span>

#include "statistics/rows.hpp"

namespace appraise::statistics::detail {

/// Whether near `direction` (of the covariates as given) there is one along which nobody with the outcome lies below
/// anybody without it, and somebody lies apart; without intercept, nobody with it below zero and nobody without above.
///
/// Accuracy: true is proved, in rational arithmetic; false says that no such direction was found
/// Source:   Albert & Anderson (1984), Biometrika 71, 1-10
[[nodiscard]] bool proved_apart(Covariates covariates, const Rows& rows, const Eigen::VectorXd& direction,
                                bool intercept);

/// Whether near `direction` there is one along which at every event the person lies furthest of all who are at risk,
/// and at one of them somebody lies apart. `rows` are in descending order of time.
///
/// Accuracy: as proved_apart
[[nodiscard]] bool proved_first(Covariates covariates, const Rows& rows, const Eigen::VectorXd& direction);

/// A direction in standard units as one of the covariates as given.
[[nodiscard]] Eigen::VectorXd as_given(const Rows& rows, const Eigen::VectorXd& standard);

}  // namespace appraise::statistics::detail
