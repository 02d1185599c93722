#include "reference/elementary.hpp"

#include <mpfr.h>

namespace appraise::reference {
namespace {

/// With the precision and the exponents of a double; the exponents are those of the calling thread.
double rounded(int (*function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), double x) {
  mpfr_set_emin(-1073);
  mpfr_set_emax(1024);
  mpfr_t number;
  mpfr_init2(number, 53);
  mpfr_set_d(number, x, MPFR_RNDN);
  const int direction = function(number, number, MPFR_RNDN);
  mpfr_subnormalize(number, direction, MPFR_RNDN);
  const double result = mpfr_get_d(number, MPFR_RNDN);
  mpfr_clear(number);
  return result;
}

}  // namespace

double exponential(double x) { return rounded(mpfr_exp, x); }

double logarithm(double x) { return rounded(mpfr_log, x); }

double logistic(double x) { return 1 / (1 + exponential(-x)); }

}  // namespace appraise::reference
