#include "appraise/norms.hpp"

#include <algorithm>
#include <cmath>

#include "appraise/detail/elementary.hpp"

namespace appraise {

std::optional<NormRow> look_up(const Norms& norms, double score) {
  if (!std::isfinite(score)) return std::nullopt;
  if (norms.logistic) {
    NormRow row;
    row.score = score;
    row.rate = 1 / (1 + detail::exponential(
                            -(norms.logistic->intercept + norms.logistic->slope * (score - norms.logistic->centre))));
    row.evidence = norms.evidence;
    row.place = norms.place;
    return row;
  }
  const auto row = std::lower_bound(norms.rows.begin(), norms.rows.end(), score,
                                    [](const NormRow& r, double s) { return r.score < s; });
  if (row == norms.rows.end() || row->score != score) return std::nullopt;
  return *row;
}

}  // namespace appraise
