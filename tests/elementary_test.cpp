// exp and log against MPFR, which rounds correctly by its own means.
#include "appraise/detail/elementary.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace {

using appraise::detail::exponential;
using appraise::detail::logarithm;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr double largest = std::numeric_limits<double>::max();

/// MPFR with the precision and the exponents of a double.
class Oracle {
 public:
  Oracle() {
    mpfr_set_emin(-1073);
    mpfr_set_emax(1024);
    mpfr_init2(number_, 53);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle() { mpfr_clear(number_); }

  double exp(double x) { return apply(mpfr_exp, x); }
  double log(double x) { return apply(mpfr_log, x); }

 private:
  double apply(int (*function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), double x) {
    mpfr_set_d(number_, x, MPFR_RNDN);
    const int direction = function(number_, number_, MPFR_RNDN);
    mpfr_subnormalize(number_, direction, MPFR_RNDN);
    return mpfr_get_d(number_, MPFR_RNDN);
  }

  mpfr_t number_;
};

/// The same bits, or both NaN.
testing::AssertionResult same(double result, double expected) {
  if (std::bit_cast<std::uint64_t>(result) == std::bit_cast<std::uint64_t>(expected) ||
      (std::isnan(result) && std::isnan(expected)))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << std::hexfloat << result << ", expected " << expected;
}

class Elementary : public testing::Test {
 protected:
  void check_exp(const std::vector<double>& xs) {
    std::vector<double> results(xs.size());
    exponential(xs.data(), results.data(), static_cast<int>(xs.size()));
    for (std::size_t i = 0; i < xs.size() && !HasFailure(); ++i) {
      EXPECT_TRUE(same(results[i], oracle_.exp(xs[i]))) << std::hexfloat << "exp of " << xs[i];
      EXPECT_TRUE(same(exponential(xs[i]), results[i])) << std::hexfloat << "exp of " << xs[i] << " alone";
    }
  }

  void check_log(const std::vector<double>& xs) {
    std::vector<double> results(xs.size());
    logarithm(xs.data(), results.data(), static_cast<int>(xs.size()));
    for (std::size_t i = 0; i < xs.size() && !HasFailure(); ++i) {
      EXPECT_TRUE(same(results[i], oracle_.log(xs[i]))) << std::hexfloat << "log of " << xs[i];
      EXPECT_TRUE(same(logarithm(xs[i]), results[i])) << std::hexfloat << "log of " << xs[i] << " alone";
    }
  }

  std::vector<double> random(int n, const std::function<double(std::uint64_t bits, double part)>& number) {
    std::vector<double> xs(static_cast<std::size_t>(n));
    for (double& x : xs) {
      const std::uint64_t bits = generator_();
      x = number(bits, static_cast<double>(generator_() >> 11) * 0x1p-53);
    }
    return xs;
  }

  /// x and the doubles around it.
  static std::vector<double> around(const std::vector<double>& xs) {
    std::vector<double> all;
    for (const double x : xs) {
      double below = x;
      double above = x;
      all.push_back(x);
      for (int i = 0; i < 20; ++i) {
        all.push_back(below = std::nextafter(below, -infinity));
        all.push_back(above = std::nextafter(above, infinity));
      }
    }
    return all;
  }

 private:
  Oracle oracle_;
  std::mt19937_64 generator_{20221};
};

TEST_F(Elementary, ExactAndSpecialValues) {
  EXPECT_TRUE(same(exponential(0.0), 1.0));
  EXPECT_TRUE(same(exponential(-0.0), 1.0));
  EXPECT_TRUE(same(exponential(infinity), infinity));
  EXPECT_TRUE(same(exponential(-infinity), 0.0));
  EXPECT_TRUE(std::isnan(exponential(nan)));
  EXPECT_TRUE(same(logarithm(1.0), 0.0));
  EXPECT_TRUE(same(logarithm(0.0), -infinity));
  EXPECT_TRUE(same(logarithm(-0.0), -infinity));
  EXPECT_TRUE(same(logarithm(infinity), infinity));
  for (const double x : {-smallest, -1.0, -largest, -infinity, nan}) EXPECT_TRUE(std::isnan(logarithm(x))) << x;

  const std::vector<double> specials = {0.0,     -0.0,     1,        -1,        smallest, -smallest,
                                        largest, -largest, infinity, -infinity, nan};
  check_exp(specials);
  check_log(specials);
}

// Where exp leaves the normal numbers, the subnormal ones and the finite ones; where it stops being 1.
TEST_F(Elementary, EdgesOfExp) {
  check_exp(around({0x1.62e42fefa39efp+9, -0x1.6232bdd7abcd2p+9, -0x1.74385446d71c3p+9, -0x1.74910d52d3051p+9, 708,
                    -708, 709, 710, -746, 1000, -1000, 0x1p-53, -0x1p-53, 0x1p-54, -0x1p-54, 0x1p-1022}));
}

TEST_F(Elementary, EdgesOfLog) {
  check_log(around({smallest, 0x1p-1022, 1, 0.5, 2, 0x1.ffp-1, 0x1.008p0, largest}));
  std::vector<double> powers;
  for (int i = -1074; i < 1024; ++i) powers.push_back(std::ldexp(1, i));
  check_log(powers);
}

// The farthest of these need 65 bits beyond the double. V. Lefevre, J.-M. Muller, "Worst cases for correct rounding of
// the elementary functions in double precision", ARITH-15 (2001), and tests/exp.testdata and log.testdata of CRlibm.
TEST_F(Elementary, HardCasesOfExp) {
  check_exp({-0x1.ed318efb627eap-27,
             0x1.9e9cbbfd6080bp-31,
             0x1.413f33fe6ce07p-31,
             0x1.00091a4a0dae5p+2,
             0x1.005ae04256babp-1,
             0x1.00687179e3f66p-2,
             0x1.00bf0dafe8156p-27,
             0x1.02d3fffffefa5p-39,
             0x1.03bc3bc34a568p-14,
             0x1.226c7ffff5b43p-36,
             0x1.37ffffffffff4p-48,
             0x1.0b3fffffffee9p-43,
             0x1.062315cbd184bp+9,
             0x1.068a70204c4f3p+9,
             0x1.2f52f0bd42853p+9,
             0x1.4364e608321b1p+9,
             0x1.0076d13ab9d18p+4,
             0x1.011dd7222b8d2p+1,
             0x1.01e5ceb2c761ep+5,
             0x1.0000000000001p-53,
             -0x1p-54,
             -0x1.fffffffffffffp-55,
             0x1p-53,
             -0x1p-53});
}

TEST_F(Elementary, HardCasesOfLog) {
  check_log({0x1.62a88613629b6p+678, 0x1.ac50b409c8aeep+8,   0x1.2b67eff65dce8p+709, 0x1.be87838f1a47cp+774,
             0x1.db9797d3d32e8p+415, 0x1.a8c02e974c315p+25,  0x1.758247d0be2e1p+534, 0x1.31143c7c0b1e6p+962,
             0x1.04517520386e5p+137, 0x1.0bd73b73fc74cp+207, 0x1.382c35530591fp+521, 0x1.5b46700fda328p+678,
             0x1.49f24f35d3f37p+344, 0x1.c76131364e7ebp+58,  0x1.9b83394eee5e3p+81,  0x1.6de110c79fac5p+2,
             0x1.2062bf45679f6p-1,   0x1.edeffbdb1a6e6p-1,   0x1.1538ea18a4585p+0,   0x1.b9f1fa4587967p+0,
             0x1.0000000000002p+0,   0x1.0000000000001p+0,   0x1.fffffffffffffp-1});
}

// The published results of the same cases, so that the oracle is not taken on trust.
TEST(ElementaryTable, PublishedResults) {
  EXPECT_TRUE(same(exponential(0x1.00091a4a0dae5p+2), 0x1.b50726fd1ccb3p+5));
  EXPECT_TRUE(same(exponential(0x1.02d3fffffefa5p-39), 0x1.000000000205ap+0));
  EXPECT_TRUE(same(exponential(0x1.413f33fe6ce07p-31), 0x1.00000002827e7p+0));
  EXPECT_TRUE(same(logarithm(0x1.05eb7625384e6p+2), 0x1.68be647615f30p+0));
  EXPECT_TRUE(same(logarithm(0x1.0bb1a825d53dp+30), 0x1.4d6ce1abf2cccp+4));
  EXPECT_TRUE(same(logarithm(0x1.49f24f35d3f37p+344), 0x1.dd648c587cb4fp+7));
}

TEST_F(Elementary, RandomExp) {
  check_exp(random(200000, [](std::uint64_t, double part) { return part * 80 - 40; }));
  check_exp(random(100000, [](std::uint64_t bits, double) { return std::bit_cast<double>(bits); }));
  check_exp(random(50000, [](std::uint64_t, double part) { return part * 1460 - 748; }));
  check_exp(random(100000, [](std::uint64_t bits, double part) {
    return (part - 0.5) * std::ldexp(1, -static_cast<int>(bits % 64));
  }));
}

TEST_F(Elementary, RandomLog) {
  check_log(random(200000, [](std::uint64_t bits, double) { return std::bit_cast<double>(bits >> 1); }));
  check_log(random(50000, [](std::uint64_t bits, double) { return std::bit_cast<double>(bits >> 12); }));
  check_log(random(100000, [](std::uint64_t, double part) { return part * 4; }));
  check_log(random(100000, [](std::uint64_t bits, double part) {
    return 1 + (part - 0.5) * std::ldexp(1, -static_cast<int>(bits % 52));
  }));
}

// Every element as if alone: at every length, at every place, and in place; with elements that take the long way.
TEST_F(Elementary, ArraysAreTheirElements) {
  std::vector<double> xs = random(70, [](std::uint64_t, double part) { return part * 4; });
  for (const std::size_t i : {3U, 31U, 32U, 33U, 64U, 69U}) xs[i] = i % 2 == 0 ? -infinity : 0x1.0000000000001p0;
  for (std::size_t n = 0; n <= xs.size(); ++n) {
    std::vector<double> exps(xs.end() - static_cast<std::ptrdiff_t>(n), xs.end());
    std::vector<double> logs = exps;
    const std::vector<double> before = exps;
    exps.push_back(-7);
    logs.push_back(-7);
    exponential(exps.data(), exps.data(), static_cast<int>(n));
    logarithm(logs.data(), logs.data(), static_cast<int>(n));
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_TRUE(same(exps[i], exponential(before[i]))) << i << " of " << n;
      EXPECT_TRUE(same(logs[i], logarithm(before[i]))) << i << " of " << n;
    }
    EXPECT_EQ(exps.back(), -7);
    EXPECT_EQ(logs.back(), -7);
  }
}

}  // namespace
