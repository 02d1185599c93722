/// A caseload together with what keeps its columns alive.
#pragma once

#include <pybind11/pybind11.h>

#include <vector>

#include "appraise/arrow.hpp"
#include "capsules.hpp"

namespace appraise::python {

struct HeldCaseload {
  Held<ArrowArray> batch;                          ///< columns from Arrow
  std::vector<pybind11::buffer_info> buffers;      ///< columns from NumPy
  std::vector<std::shared_ptr<void>> converted{};  ///< columns that could not be viewed
  Caseload caseload{};
};

}  // namespace appraise::python
