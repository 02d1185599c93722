/// In which order items and scales can be worked out.
#pragma once

#include <cstddef>
#include <vector>

#include "check/names.hpp"
#include "check/report.hpp"

namespace appraise::detail {

/// Nodes (Referent::node) so that each comes after all that it reads. Those that cannot be worked out, being part of a
/// circle or reading one, are left out.
struct Order {
  std::vector<std::size_t> nodes;
};

/// Works out the order; adds a diagnostic for each circle to `report`, if there is one.
///
/// Cost: linear in the number of references
[[nodiscard]] Order order_of(const Names& names, Report* report);

}  // namespace appraise::detail
