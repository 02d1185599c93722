/// What holds of every scoring, whatever the instrument.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "reference/compare.hpp"
#include "reference/random_instrument.hpp"

namespace appraise::testing {
namespace {

constexpr std::int64_t many_rows = 1030;  // five blocks, the last one not full

std::vector<std::string> texts_of(const TextLists& lists, std::int64_t row) {
  std::vector<std::string> texts;
  const auto at = static_cast<std::size_t>(row);
  for (std::int64_t i = lists.offsets[at]; i < lists.offsets[at + 1]; ++i)
    texts.push_back(lists.texts[static_cast<std::size_t>(lists.numbers[static_cast<std::size_t>(i)])]);
  return texts;
}

/// Whether a row of one scoring is a row of another to the last bit.
::testing::AssertionResult rows_equal(const Scores& a, std::int64_t row, const Scores& b, std::int64_t other) {
  if (a.columns.size() != b.columns.size()) return ::testing::AssertionFailure() << "other columns";
  for (std::size_t i = 0; i < a.columns.size(); ++i)
    if (!same(cell_of(a.columns[i], row), cell_of(b.columns[i], other)))
      return ::testing::AssertionFailure() << a.columns[i].name << " of row " << row << " differs";
  if (texts_of(a.reasons, row) != texts_of(b.reasons, other) ||
      texts_of(a.cautions, row) != texts_of(b.cautions, other))
    return ::testing::AssertionFailure() << "reasons or cautions of row " << row << " differ";
  return ::testing::AssertionSuccess();
}

/// A random instrument with a caseload and its scores.
struct Scored {
  explicit Scored(std::uint64_t seed, std::int64_t rows = many_rows)
      : random(seed),
        instrument(random_instrument(random).instrument),
        choices(random_choices(random, *instrument)),
        caseload(random, *instrument, rows),
        scores(score_all(instrument, choices, caseload.caseload())) {}

  Random random;
  std::shared_ptr<const Instrument> instrument;
  reference::Choices choices;
  RandomCaseload caseload;
  Scores scores;
};

class OfRandomInstruments : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, OfRandomInstruments, ::testing::Range<std::uint64_t>(1, 13));

TEST_P(OfRandomInstruments, ARowAloneScoresAsInItsBatch) {
  const Scored of(GetParam());
  for (const std::int64_t row : {0, 1, 254, 255, 256, 257, 510, 511, 512, 513, 999, 1000, 1023, 1024, 1029}) {
    const Scores alone = score_all(of.instrument, of.choices, of.caseload.caseload().slice(row, 1));
    EXPECT_TRUE(rows_equal(of.scores, row, alone, 0));
  }
}

TEST_P(OfRandomInstruments, RowsScoredOneByOneScoreAsInTheirBatch) {
  const Scored of(GetParam());
  EXPECT_EQ(difference_alone(of.instrument, of.choices, of.caseload.caseload(), of.scores), "");
}

TEST_P(OfRandomInstruments, RowsScoreTheSameInAnySlice) {
  Scored of(GetParam());
  for (int i = 0; i < 6; ++i) {
    const auto first = static_cast<std::int64_t>(of.random.below(many_rows));
    const auto count = static_cast<std::int64_t>(of.random.below(static_cast<std::size_t>(many_rows - first) + 1));
    const Scores part = score_all(of.instrument, of.choices, of.caseload.caseload().slice(first, count));
    ASSERT_EQ(part.rows, count);
    for (std::int64_t row = 0; row < count; ++row) ASSERT_TRUE(rows_equal(of.scores, first + row, part, row));
  }
}

/// The same responses, in another order and in columns of other types.
std::vector<std::unique_ptr<OwnedColumn>> written_anew(Scored& of, const std::vector<std::size_t>& order) {
  std::vector<std::unique_ptr<OwnedColumn>> columns;
  const std::vector<NamedItem> items = items_of(*of.instrument);
  for (const auto& owned : of.caseload.columns()) {
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.column == owned->column.name; });
    if (item == items.end()) continue;
    for (int attempt = 0;; ++attempt) {
      const Form form = attempt < 50 ? of.random.pick(forms_of(*item->item)) : Form{ColumnType::int32, true};
      std::vector<Response> responses;
      for (const std::size_t row : order)
        if (const auto response = held(form, *item->item, owned->responses[row])) responses.push_back(*response);
      if (responses.size() != order.size()) continue;
      columns.push_back(column_of(of.random, item->column, form, std::move(responses)));
      break;
    }
  }
  return columns;
}

TEST_P(OfRandomInstruments, RowsScoreTheSameInAnyOrderAndInOtherColumnTypes) {
  Scored of(GetParam());
  std::vector<std::size_t> order(static_cast<std::size_t>(many_rows));
  std::iota(order.begin(), order.end(), 0);
  order = of.random.some(order, order.size());
  const auto owned = written_anew(of, order);
  ASSERT_FALSE(owned.empty()) << "every item of this seed is optional and without a column: choose another seed";
  std::vector<Column> columns;
  for (const auto& one : owned) columns.push_back(one->column);
  const Scores other = score_all(of.instrument, of.choices, Caseload(columns));
  for (std::int64_t row = 0; row < many_rows; ++row)
    ASSERT_TRUE(rows_equal(of.scores, static_cast<std::int64_t>(order[static_cast<std::size_t>(row)]), other, row));
}

/// A caseload of one set of responses for each row, missing where a row has none.
struct Written {
  Written(Random& random, const Instrument& instrument, const std::vector<reference::Row>& rows) {
    std::vector<Column> columns;
    for (const auto& [name, item, owner] : items_of(instrument)) {
      std::vector<Response> responses;
      for (const reference::Row& row : rows) responses.push_back(row.contains(name) ? row.at(name) : Response{});
      const Form text{ColumnType::int32, true};
      for (Response& response : responses) response = *held(text, *item, response);
      owned.push_back(column_of(random, name, text, std::move(responses)));
      columns.push_back(owned.back()->column);
    }
    caseload = Caseload(columns);
  }

  std::vector<std::unique_ptr<OwnedColumn>> owned;
  Caseload caseload;
};

double number(const Scores& scores, const std::string& column, std::int64_t row) {
  return std::get<double>(cell_of(*scores.find(column), row));
}

/// Two to four choices whose points are summed.
std::shared_ptr<const Instrument> additive_instrument(Random& random) {
  std::string items, sum;
  for (int i = 0; i < random.between(2, 4); ++i) {
    const std::string code = "i" + std::to_string(i);
    items += std::string(i == 0 ? "" : ",") + R"({"code": ")" + code +
             R"(", "label": "item", "kind": "choice", "options": [)";
    for (int option = 0; option < random.between(2, 4); ++option)
      items += std::string(option == 0 ? "" : ",") + R"({"code": ")" + static_cast<char>('a' + option) +
               R"(", "value": )" + std::to_string(option) + R"(, "label": "option", "points": )" +
               std::to_string(random.between(-3, 6)) + "}";
    items += "]}";
    sum += (i == 0 ? "\"" : ", \"") + code + "\"";
  }
  const std::string text = R"({"format": 1, "id": "additive", "edition": "1", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t",
    "sources": {}, "evidence": {"mark": "derived", "note": "random"}, "items": [)" +
                           items + R"(], "scales": [{"code": "total", "label": "total", "sum": [)" + sum + "]}]}";
  return read({{"additive/1/instrument.json", text}}, "additive", "1");
}

/// All rows in which what is missing is answered, in every way.
std::vector<reference::Row> completions(const Instrument& instrument, const reference::Row& row) {
  std::vector<reference::Row> all{row};
  for (const Item& item : instrument.items) {
    if (row.contains(item.code)) continue;
    std::vector<reference::Row> longer;
    for (const reference::Row& one : all)
      for (const Option& option : item.options) {
        longer.push_back(one);
        longer.back()[item.code] = {Response::Kind::text, 0, option.code};
      }
    all = longer;
  }
  return all;
}

TEST(Bounds, OfSumsAreTheLeastAndGreatestOfAllCompletions) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const auto instrument = additive_instrument(random);
    reference::Row row;
    for (const Item& item : instrument->items)
      if (random.chance(40)) row[item.code] = {Response::Kind::text, 0, random.pick(item.options).code};
    const Scores scores = score_all(instrument, {}, Written(random, *instrument, {row}).caseload);
    const std::vector<reference::Row> complete = completions(*instrument, row);
    const Scores of_complete = score_all(instrument, {}, Written(random, *instrument, complete).caseload);
    const Values<std::int32_t>& totals = of_complete.find("total")->wholes;
    const auto [least, greatest] = std::minmax_element(totals.begin(), totals.end());
    EXPECT_EQ(number(scores, "total_lowest", 0), *least) << "seed " << seed;
    EXPECT_EQ(number(scores, "total_highest", 0), *greatest) << "seed " << seed;
  }
}

/// The row with every missing response answered at random.
reference::Row completed(Random& random, const Instrument& instrument, const Edges& edges, reference::Row row) {
  for (const NamedItem& of : items_of(instrument))
    if (row[of.column].kind == Response::Kind::none)
      row[of.column] = random_response(random, of, edges, Mood::complete);
  return row;
}

TEST_P(OfRandomInstruments, BoundsEncloseCompletions) {
  Scored of(GetParam() + 1000, 60);
  const Edges edges = edges_of(*of.instrument);
  for (std::int64_t row = 0; row < of.scores.rows; ++row) {
    std::vector<reference::Row> complete;
    for (int i = 0; i < 20; ++i) complete.push_back(completed(of.random, *of.instrument, edges, of.caseload.row(row)));
    const Scores scores = score_all(of.instrument, of.choices, Written(of.random, *of.instrument, complete).caseload);
    for (const Scale& scale : of.instrument->scales) {
      const ScoreColumn* const value = scores.find(scale.code);
      if (value == nullptr || scale.type == ValueType::category) continue;
      const auto status = std::get<std::string>(cell_of(*of.scores.find(scale.code + "_status"), row));
      if (status == "invalid" || status == "not_applicable") continue;
      const auto lowest = cell_of(*of.scores.find(scale.code + "_lowest"), row);
      const auto highest = cell_of(*of.scores.find(scale.code + "_highest"), row);
      for (std::int64_t i = 0; i < scores.rows; ++i) {
        if (std::get<std::string>(cell_of(*scores.find(scale.code + "_status"), i)) != "scored") continue;
        const double x = number(scores, scale.code, i);
        if (std::holds_alternative<double>(lowest)) {
          EXPECT_LE(std::get<double>(lowest), x) << scale.code;
        }
        if (std::holds_alternative<double>(highest)) {
          EXPECT_GE(std::get<double>(highest), x) << scale.code;
        }
      }
    }
  }
}

}  // namespace
}  // namespace appraise::testing
