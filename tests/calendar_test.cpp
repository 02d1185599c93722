#include "appraise/detail/calendar.hpp"

#include <gtest/gtest.h>

namespace appraise::detail {
namespace {

Days day(const char* text) { return parse_date(text).value(); }

TEST(ParseDate, TakesOnlyRealIsoDates) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(parse_date("2000-02-29"), 11016);
  for (const char* text :
       {"2001-02-29", "1900-02-29", "2000-13-01", "2000-00-10", "2000-01-32", "00-01-01", "2000/01/01", "2000-1-01",
        "0000-01-01", " 2000-01-01", "2000-01-01T00:00", "", "20000101"}) {
    EXPECT_FALSE(parse_date(text).has_value()) << text;
  }
  EXPECT_EQ(parse_date("0001-01-01"), first_day);
  EXPECT_EQ(parse_date("9999-12-31"), last_day_of_years);
  EXPECT_EQ(format_date(day("2024-02-29")), "2024-02-29");
}

TEST(YearsBetween, ABirthdayOn29FebruaryIsReachedOn1MarchOrOnTheLastDayOfFebruary) {
  const Days birth = day("2004-02-29");
  EXPECT_EQ(time_between(birth, day("2005-02-28"), TimeUnit::years, NoSuchDay::next_day), 0);
  EXPECT_EQ(time_between(birth, day("2005-03-01"), TimeUnit::years, NoSuchDay::next_day), 1);
  EXPECT_EQ(time_between(birth, day("2005-02-28"), TimeUnit::years, NoSuchDay::last_day), 1);
  EXPECT_EQ(time_between(birth, day("2008-02-28"), TimeUnit::years, NoSuchDay::last_day), 3);
  EXPECT_EQ(time_between(birth, day("2008-02-29"), TimeUnit::years, NoSuchDay::next_day), 4);
}

TEST(MonthsBetween, CountsWholeCalendarMonths) {
  // Source: the rules of whole calendar months in the OASys predictors: 31 Jan to 28 Feb is 0 months, to 1 Mar 1 month.
  EXPECT_EQ(months_between(day("2023-01-31"), day("2023-02-28"), NoSuchDay::next_day), 0);
  EXPECT_EQ(months_between(day("2023-01-31"), day("2023-03-01"), NoSuchDay::next_day), 1);
  EXPECT_EQ(months_between(day("2023-01-31"), day("2023-02-28"), NoSuchDay::last_day), 1);
  EXPECT_EQ(months_between(day("2023-03-15"), day("2023-01-16"), NoSuchDay::next_day), -1);
  EXPECT_EQ(months_between(day("2023-03-15"), day("2023-01-15"), NoSuchDay::next_day), -2);
  EXPECT_EQ(time_between(day("2023-03-15"), day("2022-01-15"), TimeUnit::years, NoSuchDay::next_day), -1);
  EXPECT_EQ(time_between(day("2023-03-15"), day("2023-03-10"), TimeUnit::days, NoSuchDay::next_day), -5);
}

TEST(AddTime, RollsADayThatDoesNotExistToTheStatedSide) {
  EXPECT_EQ(add_time(day("2008-02-29"), 15, TimeUnit::years, NoSuchDay::next_day), day("2023-03-01"));
  EXPECT_EQ(add_time(day("2008-02-29"), 15, TimeUnit::years, NoSuchDay::last_day), day("2023-02-28"));
  EXPECT_EQ(add_time(day("2023-11-30"), 3, TimeUnit::months, NoSuchDay::last_day), day("2024-02-29"));
  EXPECT_EQ(add_time(day("2023-03-31"), -1, TimeUnit::months, NoSuchDay::next_day), day("2023-03-01"));
  EXPECT_EQ(add_time(day("2023-03-31"), 200, TimeUnit::days, NoSuchDay::next_day), day("2023-10-17"));
}

TEST(AddTime, LeavesTheCalendarAtTheYears1And9999) {
  EXPECT_FALSE(add_time(day("9999-12-31"), 1, TimeUnit::days, NoSuchDay::next_day).has_value());
  EXPECT_FALSE(add_time(day("0001-01-01"), -1, TimeUnit::months, NoSuchDay::next_day).has_value());
  EXPECT_FALSE(
      add_time(day("2000-01-01"), std::numeric_limits<std::int32_t>::max(), TimeUnit::years, NoSuchDay::next_day)
          .has_value());
  EXPECT_EQ(add_time(day("9998-12-31"), 1, TimeUnit::years, NoSuchDay::next_day), day("9999-12-31"));
}

}  // namespace
}  // namespace appraise::detail
