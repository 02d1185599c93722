#include "appraise/diagnostic.hpp"
#include "bind.hpp"

PYBIND11_MODULE(_statistics, module) {
  using namespace appraise::python;
  module.doc() = "The statistics of the C++ library.";
  // The class itself belongs to appraise._core, which is loaded first.
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const appraise::UsageError& error) {
      py::set_error(py::module_::import("appraise._core").attr("UsageError"), error.what());
    }
  });
  py::list statuses;
  for (auto k = 0; k <= static_cast<int>(appraise::statistics::Status::certain); ++k) {
    statuses.append(name_of(static_cast<appraise::statistics::Status>(k)));
  }
  module.attr("STATUSES") = py::tuple(statuses);
  bind_discrimination(module);
  bind_calibration(module);
  bind_survival(module);
  bind_agreement(module);
  bind_local_norms(module);
  bind_resampling(module);
  bind_value(module);
  bind_fairness(module);
}
