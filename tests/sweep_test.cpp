/// Additive instruments are scored in one pass from columns to result columns, with the bits of the step-by-step way.
#include "score/sweep.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <set>

#include "appraise/library.hpp"
#include "reference/bits.hpp"
#include "reference/compare.hpp"
#include "reference/random_instrument.hpp"
#include "reference/same_scores.hpp"
#include "score/results.hpp"

namespace appraise::testing {
namespace {

/// What is asked for here: all that a sweep can write, and the columns that every caller wants.
ScoreOptions all_but_reasons() { return {.contributions = true, .reasons = false}; }
ScoreOptions levels_only() {
  return {.levels = true, .bounds = false, .distance = false, .contributions = false, .norms = false, .reasons = false};
}

/// Whether a caseload of these columns is scored by a sweep.
bool sweeps(const ScoringPlan& plan, const Caseload& caseload, const ScoreOptions& options) {
  std::vector<detail::Decoder> decoders;
  detail::bind(plan.detail(), caseload, decoders);
  const auto purposes = static_cast<std::uint8_t>(detail::for_value | detail::for_level |
                                                  (options.contributions ? detail::for_contributions : 0));
  const detail::Layout layout(plan.detail(), purposes);
  detail::ResultWriter results(layout, options);
  Scores scores;
  results.begin(caseload.rows(), scores);
  return results.make_sweep(decoders).has_value();
}

ScoringPlan plan_of(const std::shared_ptr<const Instrument>& instrument) {
  CompileOptions options{.accept_unverified = true, .levels = {}, .norms = {}};
  for (const Norms& norms : instrument->norms) options.norms.push_back(norms.id);
  return compile(instrument, options);
}

/// Columns of every item in one type, answered by the whole numbers 0, 1, 2 in turn.
class Numbers {
 public:
  Numbers(const Instrument& instrument, ColumnType type, std::size_t bytes, bool optional) {
    for (const NamedItem& item : items_of(instrument)) {
      if (item.item->optional && !optional) continue;
      cells_.emplace_back(rows * bytes);
      Column column;
      column.name = item.column;
      column.type = type;
      column.values = cells_.back().data();
      column.length = rows;
      columns_.push_back(column);
    }
  }
  [[nodiscard]] Caseload caseload() const { return Caseload(columns_); }

 private:
  static constexpr std::int64_t rows = 4;
  std::vector<std::vector<std::uint8_t>> cells_;
  std::vector<Column> columns_;
};

TEST(Sweep, IsMadeOfAdditiveInstrumentsInEveryColumnTypeOfNumbers) {
  const std::vector<std::pair<ColumnType, std::size_t>> types{
      {ColumnType::int8, 1},    {ColumnType::int16, 2},  {ColumnType::int32, 4},  {ColumnType::int64, 8},
      {ColumnType::uint8, 1},   {ColumnType::uint16, 2}, {ColumnType::uint32, 4}, {ColumnType::uint64, 8},
      {ColumnType::float32, 4}, {ColumnType::float64, 8}};
  for (const char* id : {"static-99r", "stable-2007", "acute-2007", "static-99r-stable-2007"}) {
    const auto instrument = load(id);
    const ScoringPlan plan = plan_of(instrument);
    for (const auto& [type, bytes] : types) {
      const Numbers numbers(*instrument, type, bytes, false);
      EXPECT_TRUE(sweeps(plan, numbers.caseload(), levels_only())) << id << ", " << static_cast<int>(type);
      EXPECT_TRUE(sweeps(plan, numbers.caseload(), all_but_reasons())) << id << ", " << static_cast<int>(type);
    }
  }
}

TEST(Sweep, IsNotMadeWhereRowsAreTracedOrValuesAreReal) {
  const auto additive = load("acute-2007");
  const Numbers numbers(*additive, ColumnType::int8, 1, false);
  EXPECT_FALSE(sweeps(plan_of(additive), numbers.caseload(), {}));
  Random random(1);
  const auto real = load("oasys-arp");
  const RandomCaseload caseload(random, *real, 10);
  EXPECT_FALSE(sweeps(plan_of(real), caseload.caseload(), levels_only()));
}

constexpr std::uint64_t instruments = 40;
constexpr std::int64_t rows = 1300;  // some tiles, and a part of one

TEST(Sweep, IsMadeOfMostRandomAdditiveInstruments) {
  std::uint64_t made = 0, made_with_all = 0;
  for (std::uint64_t seed = 1; seed <= instruments; ++seed) {
    Random random(seed);
    const RandomInstrument one = random_additive_instrument(random);
    const Numbers numbers(*one.instrument, ColumnType::int8, 1, random.chance(50));
    const ScoringPlan plan = plan_of(one.instrument);
    if (sweeps(plan, numbers.caseload(), levels_only())) ++made;
    if (sweeps(plan, numbers.caseload(), all_but_reasons())) ++made_with_all;
  }
  EXPECT_GE(made, instruments / 2);
  EXPECT_GE(made_with_all, instruments / 4);
}

TEST(Sweep, GivesTheBitsOfEveryOtherWay) {
  for (std::uint64_t seed = 1; seed <= instruments; ++seed) {
    Random random(seed);
    const RandomInstrument made = random_additive_instrument(random);
    const RandomCaseload caseload(random, *made.instrument, moods_in_stretches(random, rows));
    const reference::Choices choices = random_choices(random, *made.instrument);
    EXPECT_EQ(Bits(random, made.instrument, choices, caseload).difference_found(50), "") << "seed " << seed;
  }
}

TEST(Sweep, ReadsSlicesThatBeginAndEndAnywhere) {
  for (const char* id : {"static-99r", "stable-2007"}) {
    Random random(7);
    const auto instrument = load(id);
    const ScoringPlan plan = plan_of(instrument);
    const RandomCaseload caseload(random, *instrument, moods_in_stretches(random, 3000));
    for (const Target& target : targets()) {
      choose(target);
      const Scores whole = score(plan, caseload.caseload(), all_but_reasons());
      for (const std::int64_t first : {0, 1, 7, 8, 63, 64, 65, 255, 256, 257, 511}) {
        for (const std::int64_t count : {512, 513, 575, 767, 768, 769, 1025, 2047, 2049}) {
          const Scores part = score(plan, caseload.caseload().slice(first, count), all_but_reasons());
          EXPECT_EQ(difference(whole, first, part, Numbering::own), "")
              << id << ", " << target.name << ", rows " << first << " to " << first + count;
        }
      }
    }
    choose_best();
  }
}

/// A number at which one of its bits is reached, or its neighbour; or the negative of that.
template <class Number>
Number unruly(Random& random) {
  using Bits = std::make_unsigned_t<Number>;
  const auto bit = static_cast<Bits>(Bits{1} << random.below(8 * sizeof(Number)));
  const auto near = static_cast<Bits>(bit + random.below(3) - 1);
  return static_cast<Number>(random.chance(50) ? near : static_cast<Bits>(0 - near));
}

/// No number, numbers that are rounded, and some that no integer holds.
template <>
double unruly<double>(Random& random) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const double some[] = {-0.0,  0.5,          1.75,         -0.25,        126.5,         -128.5,   infinite,
                         1e300, 2147483647.0, 2147483647.5, 2147483648.0, -2147483649.0, -infinite};
  return random.chance(60) ? std::numeric_limits<double>::quiet_NaN() : some[random.below(std::size(some))];
}

/// How the columns of a caseload lie.
struct Lying {
  bool aligned = true;
  bool coded = false;  ///< entries of a dictionary
};

/// Columns of one type of numbers, with some that no byte holds here and there.
template <class Number>
class Unruly {
 public:
  Unruly(Random& random, const Instrument& instrument, ColumnType type, std::int64_t count, Lying lying) {
    for (const NamedItem& item : items_of(instrument)) {
      if (item.item->optional) continue;
      std::vector<std::uint8_t>& bytes = cells_.emplace_back((static_cast<std::size_t>(count) + 1) * sizeof(Number));
      const std::size_t shift = lying.aligned ? 0 : 1;
      for (std::int64_t row = 0; row < count; ++row) {
        auto number = static_cast<Number>(random.below(4));
        if (row / 2000 % 2 == 1 && random.chance(2)) {  // some tiles have none
          number = unruly<Number>(random);
        } else if (random.chance(2)) {
          number = static_cast<Number>(random.chance(50) ? 127 : -128);
        }
        std::memcpy(bytes.data() + shift + static_cast<std::size_t>(row) * sizeof(Number), &number, sizeof(Number));
      }
      Column column;
      column.name = item.column;
      column.type = type;
      column.values = bytes.data() + shift;
      column.length = count;
      column.coded = lying.coded;
      if (lying.coded) column.dictionary = {"0", "1", "2", "3"};
      columns_.push_back(column);
    }
  }
  [[nodiscard]] Caseload caseload() const { return Caseload(columns_); }
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }

 private:
  std::vector<std::vector<std::uint8_t>> cells_;
  std::vector<Column> columns_;
};

TEST(Sweep, ReadsNumbersOfEverySizeForManyTilesAtOnce) {
  constexpr std::int64_t many = 40'000;  // more than wide columns are read for at once
  const auto instrument = load("static-99r");
  const ScoringPlan plan = plan_of(instrument);
  Random random(11);
  const auto expect_same = [&](const Caseload& caseload, const std::string& what) {
    choose(targets().back());
    const Scores plainly = score(plan, caseload, levels_only());
    choose_best();
    EXPECT_EQ(difference(plainly, 0, score(plan, caseload, levels_only()), Numbering::own), "") << what;
    for (const std::int64_t first : {0, 8'000, 17'000, 39'900}) {  // fewer rows than a sweep is made for
      const Scores part = score(plan, caseload.slice(first, 100), levels_only());
      EXPECT_EQ(difference(plainly, first, part, Numbering::own), "") << what << ", row " << first;
    }
  };
  for (const Lying lying : {Lying{}, Lying{.aligned = false}, Lying{.coded = true}}) {
    const std::string how = std::string(lying.aligned ? "" : ", not aligned") + (lying.coded ? ", coded" : "");
    const auto expect_same_of = [&](auto number, ColumnType type, const std::string& what) {
      const Unruly<decltype(number)> columns(random, *instrument, type, many, lying);
      expect_same(columns.caseload(), what + how);
    };
    expect_same_of(std::int8_t{}, ColumnType::int8, "int8");
    expect_same_of(std::int16_t{}, ColumnType::int16, "int16");
    expect_same_of(std::int32_t{}, ColumnType::int32, "int32");
    expect_same_of(std::int64_t{}, ColumnType::int64, "int64");
    expect_same_of(std::uint8_t{}, ColumnType::uint8, "uint8");
    expect_same_of(std::uint16_t{}, ColumnType::uint16, "uint16");
    expect_same_of(std::uint32_t{}, ColumnType::uint32, "uint32");
    expect_same_of(std::uint64_t{}, ColumnType::uint64, "uint64");
    if (!lying.coded) expect_same_of(double{}, ColumnType::float64, "float64");
  }
}

TEST(Sweep, ReadsWideColumnsForManyTilesBesideNarrowOnes) {
  constexpr std::int64_t many = 40'000;
  const auto instrument = load("static-99r");
  const ScoringPlan plan = plan_of(instrument);
  Random random(12);
  const Unruly<std::int8_t> bytes(random, *instrument, ColumnType::int8, many, {});
  const Unruly<std::int64_t> wholes(random, *instrument, ColumnType::int64, many, {});
  const Unruly<double> reals(random, *instrument, ColumnType::float64, many, {});
  std::vector<std::uint8_t> validity(many / 8);
  for (std::uint8_t& byte : validity) byte = static_cast<std::uint8_t>(random.below(256));
  Scorer scorer(plan, levels_only());
  for (int i = 0; i < 10; ++i) {  // all narrow, all wide, and mixed, each after the other
    std::vector<Column> columns = bytes.columns();
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::uint64_t which = i == 0 ? 0 : i == 1 ? 1 : random.below(4);
      if (which == 1) columns[k] = wholes.columns()[k];
      if (which == 2) columns[k] = reals.columns()[k];
      if (random.chance(30)) columns[k].validity = validity.data();
    }
    const Caseload caseload(columns);
    const Scores& whole = scorer.score(caseload).front();
    for (std::int64_t first = 0; first + 100 <= many; first += 390) {  // fewer rows than a sweep is made for
      const Scores part = score(plan, caseload.slice(first, 100), levels_only());
      ASSERT_EQ(difference(whole, first, part, Numbering::own), "") << i << ", row " << first;
    }
    ScoreOptions threaded = levels_only();
    threaded.threads = 3;
    EXPECT_EQ(difference(whole, 0, score(plan, caseload, threaded), Numbering::own), "") << i;
  }
}

TEST(Sweep, FollowsColumnsFromCaseloadToCaseload) {
  const auto instrument = load("acute-2007");
  Random random(3);
  const ScoringPlan plan = plan_of(instrument);
  Scorer scorer(plan, levels_only());
  for (int i = 0; i < 12; ++i) {  // other types, other dictionaries, other columns that are absent
    const RandomCaseload caseload(random, *instrument, moods_in_stretches(random, i % 3 == 2 ? 100 : 700));
    const Scores alone = score(plan, caseload.caseload(), levels_only());
    EXPECT_EQ(difference(alone, 0, scorer.score(caseload.caseload()).front(), Numbering::own), "") << i;
  }
}

}  // namespace
}  // namespace appraise::testing
