#include "appraise/statistics/agreement.hpp"

#include "appraise/diagnostic.hpp"
#include "appraise/statistics/reliability.hpp"
#include "statistics/oracle.hpp"

namespace appraise::statistics {
namespace {

using test::exact;
using test::expect_value;
using test::has;
using test::iterated;
using test::Json;

struct Columns {
  std::vector<std::vector<double>> held;
  std::vector<std::span<const double>> views;

  explicit Columns(const Json& columns) {
    for (const Json& column : columns) {
      auto& values = held.emplace_back();
      for (const Json& value : column) values.push_back(value.is_number() ? value.get<double>() : not_available);
    }
    for (const auto& column : held) views.emplace_back(column);
  }
};

template <class Body>
void each_of(const char* kind, Body body) {
  const Json all = test::oracle("agreement");
  for (const auto& [name, values] : all[kind].items()) {
    SCOPED_TRACE(name);
    body(name, Columns(values["columns"]), values);
  }
}

TEST(Icc, AgreesWithPsych) {
  int compared = 0;
  each_of("ratings", [&](const std::string& name, const Columns& ratings, const Json& r) {
    const IccTable found = icc(ratings.views);
    if (name == "constant") {
      EXPECT_EQ(found.two.value.status, Status::constant);
      return;
    }
    if (name == "perfect") {
      EXPECT_EQ(found.two.value.value, 1);
      EXPECT_EQ(found.two.value.interval, Status::no_variance);
      return;
    }
    if (name == "shifted") {  // raters agree on the order and never on the value
      EXPECT_EQ(found.three.value.value, 1);
      EXPECT_LT(found.two.value.value, 1);
      return;
    }
    if (name == "opposite") {  // every person has the same mean
      expect_value(r["icc"]["value"][0], found.one.value.value, exact, "one");
      expect_value(r["icc"]["value"][1], found.two.value.value, exact, "two");
      EXPECT_EQ(found.one_mean.value.status, Status::constant);
      return;
    }
    ++compared;
    const Icc* forms[] = {&found.one, &found.two, &found.three, &found.one_mean, &found.two_mean, &found.three_mean};
    for (std::size_t k = 0; k < 6; ++k) {
      const std::string what = "form " + std::to_string(k);
      expect_value(r["icc"]["value"][k], forms[k]->value.value, exact, what);
      expect_value(r["icc"]["f"][k], forms[k]->test.statistic, exact, what);
      expect_value(r["icc"]["p"][k], forms[k]->test.p_value, exact, what);
      expect_value(r["icc"]["df1"][k], forms[k]->test.degrees_of_freedom, exact, what);
      expect_value(r["icc"]["df2"][k], forms[k]->denominator_degrees, exact, what);
      expect_value(r["icc"]["low"][k], forms[k]->value.low, exact, what);
      expect_value(r["icc"]["high"][k], forms[k]->value.high, exact, what);
    }
  });
  EXPECT_GE(compared, 9);
}

TEST(Icc, OfShroutAndFleiss) {
  each_of("ratings", [&](const std::string& name, const Columns& ratings, const Json&) {
    if (name != "shrout_fleiss") return;
    const IccTable found = icc(ratings.views);  // table 4 of the paper
    EXPECT_NEAR(found.one.value.value, 0.17, 0.005);
    EXPECT_NEAR(found.two.value.value, 0.29, 0.005);
    EXPECT_NEAR(found.three.value.value, 0.71, 0.005);
    EXPECT_NEAR(found.one_mean.value.value, 0.44, 0.005);
    EXPECT_NEAR(found.two_mean.value.value, 0.62, 0.005);
    EXPECT_NEAR(found.three_mean.value.value, 0.91, 0.005);
  });
}

TEST(Icc, OfOneRaterOrOnePersonIsTooFew) {
  const std::vector<double> one = {1, 2, 3}, single = {1};
  EXPECT_EQ(icc(std::vector<std::span<const double>>{one}).two.value.status, Status::too_few);
  EXPECT_EQ(icc(std::vector<std::span<const double>>{single, single}).two.value.status, Status::too_few);
  EXPECT_EQ(icc({}).two.value.status, Status::no_data);
  EXPECT_THROW((void)icc(std::vector<std::span<const double>>{one, single}), UsageError);
}

TEST(Kappa, AgreesWithPsych) {
  each_of("ratings", [&](const std::string& name, const Columns& ratings, const Json& r) {
    const std::pair<const char*, KappaWeights> kinds[] = {
        {"none", KappaWeights::none}, {"linear", KappaWeights::linear}, {"quadratic", KappaWeights::quadratic}};
    for (const auto& [key, weights] : kinds) {
      const Kappa found = kappa(ratings.held[0], ratings.held[1], weights);
      if (name == "constant") {
        EXPECT_EQ(found.kappa.status, Status::constant);
        continue;
      }
      expect_value(r["kappa"][key]["value"], found.kappa.value, exact, key);
      if (found.kappa.interval == Status::estimated) {
        expect_value(r["kappa"][key]["variance"], std::pow(found.kappa.standard_error, 2), exact, key);
      } else {
        EXPECT_LT(r["kappa"][key]["variance"].get<double>(), 1e-12);
      }
    }
  });
}

TEST(KrippendorffsAlpha, AgreesWithItsDefinition) {
  each_of("ratings", [&](const std::string& name, const Columns& ratings, const Json& r) {
    const std::pair<const char*, Measurement> kinds[] = {{"nominal", Measurement::nominal},
                                                         {"ordinal", Measurement::ordinal},
                                                         {"interval", Measurement::interval},
                                                         {"ratio", Measurement::ratio}};
    for (const auto& [key, measurement] : kinds) {
      const Krippendorff found = krippendorffs_alpha(ratings.views, measurement);
      if (!has(r["alpha"], key) || !r["alpha"][key].is_number()) {
        EXPECT_EQ(found.alpha.status, Status::constant) << name;
        continue;
      }
      expect_value(r["alpha"][key], found.alpha.value, exact, key);
    }
  });
}

TEST(KrippendorffsAlpha, OfThePublishedExample) {
  // Krippendorff (2011), section B: nominal 0.743, ordinal 0.815, interval 0.849, ratio 0.797.
  const double x = not_available;
  const std::vector<std::vector<double>> columns = {{1, 2, 3, 3, 2, 1, 4, 1, 2, x, x, x},
                                                    {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, x, 3},
                                                    {x, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, x},
                                                    {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, x}};
  const std::vector<std::span<const double>> ratings(columns.begin(), columns.end());
  EXPECT_NEAR(krippendorffs_alpha(ratings, Measurement::nominal).alpha.value, 0.743, 0.0006);
  EXPECT_NEAR(krippendorffs_alpha(ratings, Measurement::ordinal).alpha.value, 0.815, 0.0006);
  EXPECT_NEAR(krippendorffs_alpha(ratings, Measurement::interval).alpha.value, 0.849, 0.0006);
  EXPECT_NEAR(krippendorffs_alpha(ratings, Measurement::ratio).alpha.value, 0.797, 0.0006);
  EXPECT_EQ(krippendorffs_alpha(ratings, Measurement::nominal).left_out, 1);
}

TEST(Agreement, AgreesWithR) {
  each_of("ratings", [&](const std::string&, const Columns& ratings, const Json& r) {
    const Agreement found = agreement(ratings.held[0], ratings.held[1]);
    const Json& expected = r["agreement"];
    const double n = expected["n"].get<double>();
    EXPECT_EQ(found.n, expected["n"]);
    EXPECT_NEAR(found.exact.value, expected["exact"].get<double>() / n, 1e-12);
    EXPECT_NEAR(found.within_one.value, expected["near"].get<double>() / n, 1e-12);
    expect_value(expected["mean"], found.difference.value, exact, "difference");
    if (found.difference.interval != Status::estimated) return;
    expect_value(expected["interval"][0], found.difference.low, exact, "low");
    expect_value(expected["interval"][1], found.difference.high, exact, "high");
  });
}

TEST(Disagreements, AreListedByRowAndItem) {
  const double x = not_available;
  const std::vector<double> a = {1, 2, 3, x}, b = {0, 0, 1, x}, c = {1, 1, 3, x}, d = {0, 0, x, x};
  const std::vector<std::span<const double>> first = {a, b}, second = {c, d};
  const auto found = disagreements(first, second);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].row, 1u);
  EXPECT_EQ(found[0].item, 0u);
  EXPECT_EQ(found[0].second, 1);
  EXPECT_EQ(found[1].row, 2u);
  EXPECT_EQ(found[1].item, 1u);
  EXPECT_TRUE(std::isnan(found[1].second));
}

TEST(Reliability, AgreesWithPsychAndItsFormulas) {
  each_of("scales", [&](const std::string& name, const Columns& items, const Json& all) {
    const Json& r = all["values"];
    const Reliability found = reliability(items.views);
    expect_value(r["alpha"], found.alpha.value, exact, "alpha");
    expect_value(r["low"], found.alpha.low, exact, "low");
    expect_value(r["high"], found.alpha.high, exact, "high");
    if (name != "constant_item" && has(r, "package")) {  // psych takes the constant item out
      expect_value(r["package"], found.alpha.value, exact, "alpha");
    }
    for (std::size_t j = 0; j < found.items.size(); ++j) {
      if (r["item_total"][j].is_number()) {
        expect_value(r["item_total"][j], found.items[j].item_total.value, exact, "item_total");
      } else {
        EXPECT_EQ(found.items[j].item_total.status, Status::constant);
      }
    }
    if (name == "constant_item") {
      EXPECT_EQ(found.omega.status, Status::constant);
      return;
    }
    expect_value(r["standardised"], found.standardised.value, exact, "standardised");
    if (!has(r, "omega") || !has(r["omega"], "value")) {
      EXPECT_NE(found.omega.status, Status::estimated);
      return;
    }
    expect_value(r["omega"]["value"], found.omega.value, iterated, "omega");
    for (std::size_t j = 0; j < found.loadings.size(); ++j) {
      expect_value(r["omega"]["loadings"][j], found.loadings[j], iterated, "loadings");
    }
  });
}

TEST(ReliableChange, FollowsJacobsonAndTruax) {
  const MeasurementError error = measurement_error(7.5, 0.8);
  EXPECT_NEAR(error.sem, 7.5 * std::sqrt(0.2), 1e-12);
  EXPECT_NEAR(error.sdc, 1.959963984540054 * std::sqrt(2.0) * error.sem, 1e-9);
  const std::vector<double> before = {47.5, 10, 10, not_available}, after = {32.5, 12, 25, 3};
  const ReliableChange change = reliable_change(before, after, error.sem);
  EXPECT_NEAR(change.index[0], -15 / (std::sqrt(2.0) * error.sem), 1e-12);
  EXPECT_EQ(change.direction[0], Direction::decreased);
  EXPECT_EQ(change.direction[1], Direction::unchanged);
  EXPECT_EQ(change.direction[2], Direction::increased);
  EXPECT_EQ(change.left_out, 1);
  EXPECT_THROW((void)measurement_error(1, 1.2), UsageError);
  EXPECT_THROW((void)reliable_change(before, after, 0), UsageError);
}

}  // namespace
}  // namespace appraise::statistics
