/// The plan equals the reference scorer: every result column, every bit.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "appraise/detail/calendar.hpp"
#include "appraise/detail/decimal.hpp"
#include "appraise/library.hpp"
#include "reference/calendar.hpp"
#include "reference/compare.hpp"
#include "reference/decimal.hpp"
#include "reference/random_instrument.hpp"
#include "reference/types.hpp"

namespace appraise::testing {
namespace {

constexpr int instruments = 60;
constexpr int rows = 60;

std::string all_texts(const RandomInstrument& made) {
  std::string all;
  for (const auto& [path, text] : made.files) all += "--- " + path + "\n" + text + "\n";
  return all;
}

/// What random instruments are made of: operations by number, and features by name.
struct Coverage {
  std::map<std::size_t, int> operations;
  std::map<std::string, int> features;
  int attempts = 0;

  void add(const Instrument& instrument) {
    for (const Scale& scale : instrument.scales) {
      ++operations[scale.operation.index()];
      features["scale applies_when"] += scale.applies_when ? 1 : 0;
      features["levels"] += scale.levels.empty() ? 0 : 1;
      features["not reported"] += scale.reported ? 0 : 1;
      if (const auto* const sum = std::get_if<Sum>(&scale.operation)) {
        features["missing"] += sum->missing ? 1 : 0;
        features["prorate"] += sum->missing && sum->missing->prorate ? 1 : 0;
      }
      if (const auto* const sum = std::get_if<WeightedSum>(&scale.operation))
        for (const Term& term : sum->terms) {
          features["when"] += term.when ? 1 : 0;
          features["power"] += term.power > 1 ? 1 : 0;
          features["term of several"] += term.of.size() > 1 ? 1 : 0;
          features["weight alone"] += term.of.empty() ? 1 : 0;
        }
      if (const auto* const lookup = std::get_if<Lookup>(&scale.operation)) {
        features["look-up in bands"] += lookup->table.empty() ? 1 : 0;
        features["look-up by one"] += !lookup->table.empty() && lookup->of.size() == 1 ? 1 : 0;
        features["look-up by two"] += lookup->of.size() == 2 ? 1 : 0;
      }
      if (const auto* const decision = std::get_if<Rules>(&scale.operation)) {
        features["rules without otherwise"] += decision->otherwise ? 0 : 1;
        features["rules with otherwise"] += decision->otherwise ? 1 : 0;
        features["unique"] += decision->unique ? 1 : 0;
      }
    }
    for (const Item& item : instrument.items) {
      ++features["item kind " + std::to_string(static_cast<int>(item.kind))];
      features["item applies_when"] += item.applies_when ? 1 : 0;
      features["if_missing"] += item.if_missing.kind == Response::Kind::none ? 0 : 1;
      features["optional"] += item.optional ? 1 : 0;
      features["bands"] += item.bands.empty() ? 0 : 1;
    }
    for (const Table& table : instrument.tables)
      features["structure_only"] += table.evidence.mark == Mark::structure_only ? 1 : 0;
    for (const Norms& norms : instrument.norms) ++features[norms.logistic ? "logistic norms" : "norm rows"];
    features["uses"] += instrument.uses.empty() ? 0 : 1;
    features["applies_when"] += instrument.applies_when.empty() ? 0 : 1;
    features["valid_when"] += instrument.valid_when.empty() ? 0 : 1;
    features["cautions"] += instrument.cautions.empty() ? 0 : 1;
  }
};

TEST(Differential, PlanEqualsReferenceOnRandomInstruments) {
  for (std::uint64_t seed = 1; seed <= instruments; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    const reference::Choices choices = random_choices(random, *made.instrument);
    const RandomCaseload caseload(random, *made.instrument, rows);
    for (const Difference& difference : compare(made.instrument, choices, caseload))
      ADD_FAILURE() << "seed " << seed << ", " << describe(difference, caseload) << all_texts(made);
  }
}

TEST(Differential, TypesEqualThoseOfTheDefinition) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    for (const Scale& scale : made.instrument->scales)
      EXPECT_EQ((reference::Type{scale.type, scale.labels}), reference::type_of(*made.instrument, scale))
          << "seed " << seed << ", " << scale.code;
  }
}

TEST(Differential, PlanEqualsReferenceOnBuiltInInstruments) {
  ASSERT_FALSE(built_in_instruments().empty());
  for (const Edition& edition : built_in_instruments()) {
    const auto instrument = load(edition.id, edition.edition);
    Random random(1);
    reference::Choices choices;
    for (const Norms& norms : instrument->norms) choices.norms.push_back(norms.id);
    const RandomCaseload caseload(random, *instrument, 500);
    for (const Difference& difference : compare(instrument, choices, caseload))
      ADD_FAILURE() << edition.id << " " << edition.edition << ", " << describe(difference, caseload);
    const Scores scores = score_all(instrument, choices, caseload.caseload());
    EXPECT_EQ(difference_alone(instrument, choices, caseload.caseload(), scores), "")
        << edition.id << " " << edition.edition;
  }
}

constexpr RoundingMode modes[] = {RoundingMode::half_up, RoundingMode::half_even, RoundingMode::down,
                                  RoundingMode::floor, RoundingMode::ceiling};

/// Numbers of all sizes, ties and near ties among them.
double random_double(Random& random) {
  const double share = random.between(-100000, 100000) / std::ldexp(1.0, random.between(0, 12));
  const int way = random.between(0, 3);
  if (way == 0) return share;
  if (way == 1) return random.between(-99999, 99999) / 1000.0;
  const double edge = (2 * random.between(-5000, 5000) + 1) / 2.0 / std::pow(10, random.between(0, 5));
  return way == 2 ? edge : std::ldexp(random.unit() - 0.5, random.between(-60, 60));
}

TEST(Differential, DecimalRoundingEqualsDigitArithmetic) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const double x = random_double(random);
    const int digits = random.between(0, 15);
    for (const RoundingMode mode : modes)
      ASSERT_EQ(detail::round_decimal(x, digits, mode), reference::round_decimal(x, digits, mode))
          << x << " to " << digits << " digits, mode " << static_cast<int>(mode);
  }
}

TEST(Differential, QuotientsRoundAlike) {
  for (std::int64_t of = -60; of <= 60; ++of)
    for (std::int64_t over = 1; over <= 12; ++over)
      for (const RoundingMode mode : modes)
        ASSERT_EQ(detail::round_quotient(of, over, mode), reference::round_quotient(of, over, mode))
            << of << "/" << over;
}

TEST(Differential, CalendarsAgree) {
  Random random(1);
  for (int i = 0; i < 50000; ++i) {
    const int from = random.between(-20000, 30000);
    const int to = random.chance(50) ? from + random.between(-1200, 1200) : random.between(-20000, 30000);
    const int amount = random.between(-400, 400);
    for (const TimeUnit unit : {TimeUnit::years, TimeUnit::months, TimeUnit::days})
      for (const NoSuchDay rule : {NoSuchDay::next_day, NoSuchDay::last_day}) {
        ASSERT_EQ(detail::time_between(from, to, unit, rule), reference::time_between(from, to, unit, rule))
            << detail::format_date(from) << " to " << detail::format_date(to);
        const auto moved = detail::add_time(from, amount, unit, rule);
        const auto expected = reference::add_time(from, amount, unit, rule);
        ASSERT_EQ(moved.has_value(), expected.has_value());
        if (moved) {
          ASSERT_EQ(*moved, *expected) << detail::format_date(from) << " moved by " << amount;
        }
      }
  }
}

TEST(RandomInstruments, AreNearlyAlwaysValidAndUseEveryOperationAndFeature) {
  Coverage coverage;
  constexpr int made = 200;
  for (std::uint64_t seed = 1; seed <= made; ++seed) {
    Random random(seed);
    const RandomInstrument one = random_instrument(random);
    coverage.attempts += one.attempts;
    coverage.add(*one.instrument);
  }
  EXPECT_LT(coverage.attempts, made * 3 / 2) << "definitions made for " << made << " valid ones";
  for (std::size_t operation = 0; operation < std::variant_size_v<Operation>; ++operation)
    EXPECT_GE(coverage.operations[operation], 10) << "operation " << operation;
  for (const auto& [feature, times] : coverage.features) EXPECT_GE(times, 8) << feature;
}

/// Which share of all statuses each status has, and how often each kind of reason is given.
TEST(RandomCaseloads, GiveEveryStatusAndEveryKindOfReason) {
  std::map<std::string, int> statuses, reasons;
  int cells = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_instrument(random);
    const RandomCaseload caseload(random, *made.instrument, rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      const reference::Result result = reference::score(*made.instrument, {}, caseload.row(row));
      for (const auto& [name, cell] : result.columns) {
        if (!name.ends_with("_status")) continue;
        ++statuses[std::get<std::string>(cell)];
        ++cells;
      }
      for (const std::string& reason : result.reasons) ++reasons[reason.substr(0, reason.find(':'))];
    }
  }
  for (const char* const status : {"scored", "scored_with_omissions", "incomplete", "invalid", "not_applicable"})
    EXPECT_GE(statuses[status], cells / 40) << status;
  EXPECT_GE(statuses["scored"], cells / 5);
  for (const char* const reason :
       {"missing", "invalid", "substituted", "answered though not applicable", "omitted", "fallback", "does not apply",
        "undecided", "contradiction", "undefined", "not supplied"})
    EXPECT_GE(reasons[reason], 20) << reason;
}

}  // namespace
}  // namespace appraise::testing
