/// The values that an operation can give.
#pragma once

#include "check/domains.hpp"

namespace appraise::detail {

/// The domain of a scale, from the domains of what it reads. docs/semantics.md, "Lowest and highest", gives the ends.
[[nodiscard]] Domain reach(const Scale& scale, const Names& names, const Domains& domains, Budget& budget);

/// What a sum, or the highest or lowest of several values, can be; some of them may be left out.
struct Operands {
  std::vector<const Domain*> of;
  std::vector<bool> may_omit;  ///< empty: none
  std::size_t at_most = 0;
  std::optional<RoundingMode> prorate;

  [[nodiscard]] bool independent() const;  ///< no item is read by two of them
};
[[nodiscard]] Domain reach_of_sum(const Operands& operands, Budget& budget);
[[nodiscard]] Domain reach_of_extreme(const Operands& operands, bool highest, Budget& budget);

}  // namespace appraise::detail
