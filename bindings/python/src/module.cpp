#include "appraise/version.hpp"
#include "bind.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace appraise::python;
  module.doc() = "The C++ library behind appraise.";
  module.attr("__version__") = pybind11::str(appraise::version().data(), appraise::version().size());
  bind_errors(module);
  bind_definition(module);
  bind_caseloads(module);
  bind_records(module);
  bind_scores(module);
  bind_verbs(module);
}
