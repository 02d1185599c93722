/// A caseload together with what keeps its columns alive.
#pragma once

#include <pybind11/pybind11.h>

#include <map>
#include <string>
#include <vector>

#include "appraise/arrow.hpp"
#include "capsules.hpp"
#include "recode.hpp"

namespace appraise::python {

/// By item: the column that answers it. One column may answer several.
using Wanted = std::map<std::string, std::string>;
/// By item: what the caller's codes stand for.
using CodesByItem = std::map<std::string, Codes>;

struct HeldCaseload {
  Held<ArrowArray> batch;                          ///< columns from Arrow
  std::vector<pybind11::buffer_info> buffers;      ///< columns from NumPy
  std::vector<std::shared_ptr<void>> converted{};  ///< columns that could not be viewed
  Caseload caseload{};
};

}  // namespace appraise::python
