/// Bands in a row: items' points, look-ups, levels.
#pragma once

#include <string>
#include <vector>

#include "check/domains.hpp"
#include "check/report.hpp"

namespace appraise::detail {

struct BandsCodes {
  Code empty, gap, overlap;
};

/// Bands that shall hold every value of `domain` once.
struct Bands {
  struct One {
    const Interval* interval;
    const Place* place;
  };
  std::vector<One> all;
  std::string address;  ///< of the list
  std::string of;       ///< whose values they hold, in quotation marks
};

/// Reports bands that are empty, leave gaps or overlap, and values of the domain that lie in none. Gives whether the
/// bands are in order.
bool check_bands(const Bands& bands, const Domain& domain, const BandsCodes& codes, Report& report);

/// Reports an interval that holds nothing, or that ends with `to` among real numbers.
bool check_interval(const Interval& interval, bool whole, Code empty, const Place& place, const std::string& address,
                    Report& report);

}  // namespace appraise::detail
