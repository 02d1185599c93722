// Reference vectors of the sexual recidivism scales: facts gathered apart from the definitions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "appraise/appraise.hpp"

namespace {

using Json = nlohmann::json;

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// One assessment, every response as text.
class OneRow {
 public:
  OneRow(const std::vector<std::string>& items, const Json& responses) {
    std::vector<appraise::Column> columns;
    for (const std::string& item : items) {
      appraise::Column column;
      column.name = item;
      column.values = &first_;
      column.length = 1;
      column.coded = true;
      column.dictionary = {responses.contains(item) ? text_of(responses[item]) : ""};
      columns.push_back(column);
    }
    caseload_ = appraise::Caseload(std::move(columns));
  }
  [[nodiscard]] const appraise::Caseload& caseload() const { return caseload_; }

 private:
  std::int32_t first_ = 0;
  appraise::Caseload caseload_;
};

/// What a result column says of the only row; null if it has no value.
Json found_in(const appraise::Scores& scores, const std::string& name) {
  const appraise::ScoreColumn* column = scores.find(name);
  if (column == nullptr) return "no such column";
  if (!column->valid(0)) return nullptr;
  switch (column->kind) {
    case appraise::ScoreColumn::Kind::whole:
    case appraise::ScoreColumn::Kind::date:
      return column->wholes[0];
    case appraise::ScoreColumn::Kind::real:
      return column->reals[0];
    case appraise::ScoreColumn::Kind::label:
      return column->labels[column->bytes[0]];
    case appraise::ScoreColumn::Kind::status:
      return column->labels[column->bytes[0]];
  }
  return nullptr;
}

void expect_vectors(const std::string& file) {
  std::ifstream stream(std::string(APPRAISE_SOURCE_DIR) + "/tests/vectors/" + file);
  const Json document = Json::parse(stream);
  const auto instrument =
      appraise::load(document["instrument"].get<std::string>(), document["edition"].get<std::string>());
  ASSERT_FALSE(document["vectors"].empty());
  for (const Json& vector : document["vectors"]) {
    SCOPED_TRACE(file + ": " + vector["id"].get<std::string>());
    appraise::CompileOptions options;
    options.accept_unverified = true;
    options.levels = vector.value("levels", std::map<std::string, std::string>{});
    options.norms = vector.value("norms", std::vector<std::string>{});
    const appraise::ScoringPlan plan = appraise::compile(instrument, options);
    for (const auto& [item, response] : vector["responses"].items()) {
      EXPECT_NE(std::find(plan.items().begin(), plan.items().end(), item), plan.items().end()) << item;
    }
    const OneRow row(plan.items(), vector["responses"]);
    const appraise::Scores scores = appraise::score(plan, row.caseload());
    for (const auto& [column, expected] : vector["expect"].items()) {
      const Json found = found_in(scores, column);
      if (expected.is_number_float() && found.is_number()) {
        EXPECT_NEAR(found.get<double>(), expected.get<double>(), 1e-12) << column;
      } else {
        EXPECT_EQ(found, expected) << column;
      }
    }
  }
}

}  // namespace

TEST(SexualRecidivismVectors, Static99R) { expect_vectors("static-99r.json"); }
TEST(SexualRecidivismVectors, Stable2007) { expect_vectors("stable-2007.json"); }
TEST(SexualRecidivismVectors, Acute2007) { expect_vectors("acute-2007.json"); }
TEST(SexualRecidivismVectors, MatrixOf2007) { expect_vectors("static-99-stable-2007.json"); }

class RecordedVectors : public testing::TestWithParam<const char*> {};

TEST_P(RecordedVectors, Hold) { expect_vectors(GetParam() + std::string(".json")); }

INSTANTIATE_TEST_SUITE_P(Instruments, RecordedVectors,
                         testing::Values("static-99", "static-2002r", "rrasor", "vrag", "sorag", "rm2000-s", "mnsost-r",
                                         "cport", "casic", "sotips", "vrs-so", "j-soap-ii"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(SexualRecidivismVectors, FiguresThatWereNotSeenNeedTheOptIn) {
  for (const char* id : {"static-99r", "stable-2007", "acute-2007", "static-99-stable-2007"}) {
    EXPECT_THROW((void)appraise::compile(appraise::load(id)), appraise::DefinitionError) << id;
  }
}

TEST(SexualRecidivismVectors, TheMatrixOf2017HasNoCells) {
  const auto instrument = appraise::load("static-99r-stable-2007");
  const appraise::Table* matrix = instrument->find_table("matrix_2017");
  ASSERT_NE(matrix, nullptr);
  EXPECT_EQ(matrix->evidence.mark, appraise::Mark::structure_only);
  ASSERT_EQ(matrix->cells.size(), 15U);
  for (const double cell : matrix->cells) EXPECT_TRUE(std::isnan(cell));
}
