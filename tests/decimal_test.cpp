#include "appraise/detail/decimal.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace appraise::detail {
namespace {

TEST(RoundDecimal, RoundsTheExactBinaryValueNotThePrintedOne) {
  EXPECT_EQ(round_decimal(0.125, 2, RoundingMode::half_up), 0.13);    // a true tie
  EXPECT_EQ(round_decimal(1.005, 2, RoundingMode::half_up), 1.0);     // the double lies below 1.005
  EXPECT_EQ(round_decimal(2.675, 2, RoundingMode::half_up), 2.67);    // likewise
  EXPECT_EQ(round_decimal(0.285, 2, RoundingMode::half_up), 0.28);    // 0.284999...
  EXPECT_EQ(round_decimal(1.115, 2, RoundingMode::half_up), 1.11);    // 1.1149999...
  EXPECT_EQ(round_decimal(-0.125, 2, RoundingMode::half_up), -0.13);  // ties go away from zero
}

TEST(RoundDecimal, KeepsEveryModeApart) {
  EXPECT_EQ(round_decimal(2.5, 0, RoundingMode::half_up), 3);
  EXPECT_EQ(round_decimal(2.5, 0, RoundingMode::half_even), 2);
  EXPECT_EQ(round_decimal(3.5, 0, RoundingMode::half_even), 4);
  EXPECT_EQ(round_decimal(-2.7, 0, RoundingMode::down), -2);
  EXPECT_EQ(round_decimal(-2.2, 0, RoundingMode::floor), -3);
  EXPECT_EQ(round_decimal(2.2, 0, RoundingMode::floor), 2);
  EXPECT_EQ(round_decimal(2.2, 0, RoundingMode::ceiling), 3);
  EXPECT_EQ(round_decimal(-2.2, 0, RoundingMode::ceiling), -2);
}

TEST(RoundDecimal, HoldsAtTheEndsOfTheDoubles) {
  const double tiny = std::numeric_limits<double>::denorm_min(), huge = std::numeric_limits<double>::max();
  EXPECT_EQ(round_decimal(tiny, 15, RoundingMode::half_up), 0);
  EXPECT_EQ(round_decimal(tiny, 2, RoundingMode::ceiling), 0.01);
  EXPECT_EQ(round_decimal(-tiny, 2, RoundingMode::floor), -0.01);
  EXPECT_EQ(round_decimal(huge, 2, RoundingMode::half_up), huge);
  EXPECT_EQ(round_decimal(4503599627370495.5, 0, RoundingMode::half_even), 4503599627370496.0);
  EXPECT_EQ(round_decimal(1234567890123.4567, 10, RoundingMode::half_up),
            1234567890123.4567);  // decimals beyond the double
}

TEST(RoundQuotient, IsExactForProration) {
  EXPECT_EQ(round_quotient(7 * 10, 9, RoundingMode::half_up), 8);   // 7.78
  EXPECT_EQ(round_quotient(5 * 10, 4, RoundingMode::half_up), 13);  // 12.5
  EXPECT_EQ(round_quotient(5 * 10, 4, RoundingMode::half_even), 12);
  EXPECT_EQ(round_quotient(-5 * 10, 4, RoundingMode::half_up), -13);
  EXPECT_EQ(round_quotient(-7, 2, RoundingMode::floor), -4);
  EXPECT_EQ(round_quotient(-7, 2, RoundingMode::ceiling), -3);
  EXPECT_EQ(round_quotient(-7, 2, RoundingMode::down), -3);
}

}  // namespace
}  // namespace appraise::detail
