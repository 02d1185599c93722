// Norms: what a score meant in a reference sample.
#include "appraise/norms.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using appraise::look_up;
using appraise::Norms;

Norms of_rows() {
  Norms norms;
  for (const double score : {-3.0, -1.0, 2.0}) {
    appraise::NormRow row;
    row.score = score;
    row.rate = score + 10;
    norms.rows.push_back(row);
  }
  return norms;
}

TEST(Norms, AreThoseOfTheRowOfTheScore) {
  const Norms norms = of_rows();
  for (const double score : {-3.0, -1.0, 2.0}) {
    const auto row = look_up(norms, score);
    ASSERT_TRUE(row) << score;
    EXPECT_EQ(row->rate, score + 10);
    EXPECT_FALSE(row->percentile);
  }
}

TEST(Norms, OfAScoreWithoutARowAreNothing) {
  const Norms norms = of_rows();
  for (const double score : {-4.0, -2.0, -1.5, 0.0, 3.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(look_up(norms, score)) << score;
  }
  EXPECT_FALSE(look_up(Norms{}, 0));
}

TEST(Norms, OfAFormulaGiveARateAtEveryScore) {
  Norms norms;
  norms.logistic = Norms::Logistic{2, -2.5, 0.5};
  norms.evidence.mark = appraise::Mark::verified;
  const auto centre = look_up(norms, 2), three_up = look_up(norms, 5);
  ASSERT_TRUE(centre && three_up);
  EXPECT_EQ(centre->rate, 1 / (1 + 12.182493960703473));
  EXPECT_EQ(three_up->rate, 1 / (1 + 2.718281828459045));
  EXPECT_EQ(centre->evidence.mark, appraise::Mark::verified);
  EXPECT_FALSE(centre->rate_low || centre->percentile || centre->risk_ratio);
  EXPECT_FALSE(look_up(norms, std::nan("")));
}

}  // namespace
