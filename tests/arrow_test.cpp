// The Arrow C data interface: what is viewed, what is converted, what is refused, and that what goes out can come in.
#include "appraise/arrow.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "appraise/diagnostic.hpp"

namespace appraise {
namespace {

/// A record batch built by hand. Its storage lives as long as it does.
class Batch {
 public:
  explicit Batch(std::int64_t rows, std::int64_t offset = 0) {
    schema.format = "+s";
    array.length = rows;
    array.offset = offset;
    array.n_buffers = 1;
    array.buffers = no_validity_.data();
  }

  ArrowArray& add(const char* name, const char* format, std::int64_t length, std::vector<const void*> buffers) {
    auto& column = columns_.emplace_back();
    column.buffers = std::move(buffers);
    column.schema.format = format;
    column.schema.name = name;
    column.array.length = length;
    column.array.null_count = column.buffers.empty() || !column.buffers[0] ? 0 : -1;
    column.array.n_buffers = static_cast<std::int64_t>(column.buffers.size());
    column.array.buffers = column.buffers.data();
    schemas_.push_back(&column.schema);
    arrays_.push_back(&column.array);
    schema.n_children = array.n_children = static_cast<std::int64_t>(schemas_.size());
    schema.children = schemas_.data();
    array.children = arrays_.data();
    return column.array;
  }

  /// Makes the last column one of indices into `words`, which must outlive the batch.
  void code_last_by(ArrowArray& words, const char* format) {
    dictionary_schema_.format = format;
    schemas_.back()->dictionary = &dictionary_schema_;
    arrays_.back()->dictionary = &words;
  }

  void miss_rows(const std::uint8_t* validity) {
    no_validity_[0] = validity;
    array.null_count = -1;
  }

  ArrowSchema schema{};
  ArrowArray array{};

 private:
  struct Stored {
    ArrowSchema schema{};
    ArrowArray array{};
    std::vector<const void*> buffers;
  };
  std::vector<const void*> no_validity_{nullptr};
  std::deque<Stored> columns_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  ArrowSchema dictionary_schema_{};
};

bool valid(const Column& column, std::int64_t row) {
  const std::int64_t at = column.offset + row;
  return !column.validity || ((column.validity[at >> 3] >> (at & 7)) & 1) != 0;
}

template <class T>
T value(const Column& column, std::int64_t row) {
  return static_cast<const T*>(column.values)[column.offset + row];
}

std::string text(const Column& column, std::int64_t row) {
  return column.dictionary.at(static_cast<std::size_t>(value<std::int32_t>(column, row)));
}

TEST(ArrowImport, ViewsPrimitiveColumnsInPlace) {
  const std::vector<std::int16_t> ages{21, 22, 23, 24};
  const std::uint8_t validity = 0b1011;
  Batch batch(2, 1);
  batch.add("age", "s", 3, {&validity, ages.data()}).offset = 1;
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  const Column& age = imported.caseload.columns().at(0);
  EXPECT_EQ(age.values, ages.data());
  EXPECT_EQ(age.validity, &validity);
  EXPECT_EQ(age.type, ColumnType::int16);
  EXPECT_TRUE(imported.owned.empty());
  EXPECT_FALSE(valid(age, 0));
  EXPECT_TRUE(valid(age, 1));
  EXPECT_EQ(value<std::int16_t>(age, 1), 24);
}

TEST(ArrowImport, RowsMissingAsAWholeAreMissingInEveryColumn) {
  std::vector<std::int32_t> numbers(20);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int32_t>(i);
  const std::uint8_t rows[] = {0b10101010, 0b11111110};
  Batch batch(6, 3);
  batch.miss_rows(rows);
  batch.add("number", "i", 18, {nullptr, numbers.data()}).offset = 9;
  const Column number = import_caseload(batch.schema, batch.array).caseload.columns().at(0);
  for (std::int64_t row = 0; row < 6; ++row) {
    EXPECT_EQ(value<std::int32_t>(number, row), 12 + row);
  }
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  const std::vector<bool> expected{true, false, true, false, true, false};
  for (std::int64_t row = 0; row < 6; ++row) {
    EXPECT_EQ(valid(imported.caseload.columns().at(0), row), expected[static_cast<std::size_t>(row)]) << row;
  }
}

TEST(ArrowImport, KeepsBooleansAsBits) {
  const std::uint8_t bits = 0b0110;
  Batch batch(3);
  batch.add("yes", "b", 3, {nullptr, &bits}).offset = 1;
  const Column yes = import_caseload(batch.schema, batch.array).caseload.columns().at(0);
  EXPECT_EQ(yes.type, ColumnType::boolean_bits);
  EXPECT_EQ(yes.values, &bits);
  EXPECT_EQ(yes.offset, 1);
}

TEST(ArrowImport, CodesTextOfEveryLayout) {
  const std::int32_t offsets[] = {0, 3, 3, 20, 23};
  const std::int64_t large_offsets[] = {0, 3, 3, 20, 23};
  const char bytes[] = "yesseventeen lettersyes";
  const std::int32_t sizes[] = {3, 0, 17, 3};
  char views[64] = {};
  for (int i = 0; i < 4; ++i) {
    std::memcpy(views + 16 * i, &sizes[i], 4);
    if (sizes[i] <= 12) {
      std::memcpy(views + 16 * i + 4, bytes + offsets[i], static_cast<std::size_t>(sizes[i]));
    } else {
      std::memcpy(views + 16 * i + 12, &offsets[i], 4);
    }
  }
  Batch batch(4);
  batch.add("utf8", "u", 4, {nullptr, offsets, bytes});
  batch.add("large", "U", 4, {nullptr, large_offsets, bytes});
  batch.add("view", "vu", 4, {nullptr, views, bytes, nullptr});
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  for (const Column& column : imported.caseload.columns()) {
    EXPECT_TRUE(column.coded);
    EXPECT_EQ(column.dictionary.size(), 3U) << column.name;
    EXPECT_EQ(text(column, 0), "yes") << column.name;
    EXPECT_EQ(text(column, 1), "") << column.name;
    EXPECT_EQ(text(column, 2), "seventeen letters") << column.name;
    EXPECT_EQ(value<std::int32_t>(column, 3), value<std::int32_t>(column, 0)) << column.name;
  }
}

TEST(ArrowImport, CodesEveryTextOfAColumnOnceHoweverManyThereAre) {
  // Lengths on both sides of eight bytes, texts that differ only in length, zero bytes, and each of them twice.
  std::vector<std::string> texts = {"", std::string(1, '\0'), std::string(8, '\0'), "12345678", "123456789"};
  for (int number = 0; number < 3000; ++number) {
    texts.push_back(std::to_string(number));
    texts.push_back("a longer text " + std::to_string(number));
  }
  const std::size_t different = texts.size();
  texts.insert(texts.end(), texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(different));
  std::string bytes;
  std::vector<std::int32_t> offsets = {0};
  for (const std::string& each : texts) {
    bytes += each;
    offsets.push_back(static_cast<std::int32_t>(bytes.size()));
  }
  const auto rows = static_cast<std::int64_t>(texts.size());
  Batch batch(rows);
  batch.add("text", "u", rows, {nullptr, offsets.data(), bytes.data()});
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  const Column& column = imported.caseload.columns().front();
  EXPECT_EQ(column.dictionary.size(), different);
  for (std::int64_t row = 0; row < rows; ++row) {
    ASSERT_EQ(text(column, row), texts[static_cast<std::size_t>(row)]) << row;
  }
}

TEST(ArrowImport, ViewsIndicesOfDictionaryCodedText) {
  const std::int8_t indices[] = {1, 0, 2};
  const std::int32_t offsets[] = {0, 2, 5, 5};
  const std::uint8_t words_validity = 0b011;
  Batch words(3);
  ArrowArray& dictionary = words.add("", "u", 3, {&words_validity, offsets, "noyes"});
  Batch batch(3);
  batch.add("answer", "c", 3, {nullptr, indices});
  batch.code_last_by(dictionary, "u");
  const Column answer = import_caseload(batch.schema, batch.array).caseload.columns().at(0);
  EXPECT_EQ(answer.values, indices);
  EXPECT_TRUE(answer.coded);
  EXPECT_EQ(answer.dictionary, (std::vector<std::string>{"no", "yes", ""}));
}

TEST(ArrowImport, TurnsWholeDaysIntoDates) {
  const std::int64_t day = 86400;
  const std::int64_t milliseconds[] = {-day * 1000, 7, day * 2000};
  const std::int64_t seconds[] = {-day, 0, day * 2};
  const std::uint8_t validity = 0b101;
  Batch batch(3);
  batch.add("date64", "tdm", 3, {&validity, milliseconds});
  batch.add("seconds", "tss:", 3, {&validity, seconds});
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  for (const Column& column : imported.caseload.columns()) {
    EXPECT_EQ(column.type, ColumnType::date32);
    EXPECT_EQ(value<std::int32_t>(column, 0), -1);
    EXPECT_FALSE(valid(column, 1));
    EXPECT_EQ(value<std::int32_t>(column, 2), 2);
  }
}

TEST(ArrowImport, RefusesTimesOfDay) {
  const std::int64_t noon[] = {43200};
  Batch batch(1);
  batch.add("assessed", "tss:", 1, {nullptr, noon});
  EXPECT_THROW((void)import_caseload(batch.schema, batch.array), UsageError);
}

TEST(ArrowImport, ANullColumnIsMissingInEveryRow) {
  Batch batch(3);
  batch.add("nothing", "n", 3, {});
  const ImportedCaseload imported = import_caseload(batch.schema, batch.array);
  const Column& nothing = imported.caseload.columns().at(0);
  EXPECT_EQ(imported.caseload.rows(), 3);
  EXPECT_TRUE(nothing.coded);
  for (int row = 0; row < 3; ++row) {
    EXPECT_EQ(nothing.dictionary.at(static_cast<std::size_t>(value<std::int8_t>(nothing, row))), "");
  }
}

TEST(ArrowImport, RefusesWantedColumnsOfOtherTypesOnly) {
  for (const char* format : {"tsn:UTC", "d:10,2", "e", "z", "vz", "+l", "+r", "ttm", "tDs", "w:4", "?"}) {
    const std::int64_t zeros[] = {0, 0, 0};
    Batch batch(1);
    batch.add("strange", format, 1, {nullptr, zeros, zeros});
    batch.add("age", "l", 1, {nullptr, zeros});
    EXPECT_THROW((void)import_caseload(batch.schema, batch.array), UsageError) << format;
    EXPECT_EQ(import_caseload(batch.schema, batch.array, {"age"}).caseload.columns().size(), 1U);
  }
}

TEST(ArrowImport, RefusesWhatIsNotARecordBatch) {
  Batch batch(1);
  batch.schema.format = "i";
  EXPECT_THROW((void)import_caseload(batch.schema, batch.array), UsageError);
}

std::map<std::string, std::string> metadata(const char* encoded) {
  std::map<std::string, std::string> pairs;
  if (!encoded) return pairs;
  const auto number = [&] {
    std::int32_t n = 0;
    std::memcpy(&n, encoded, sizeof n);
    encoded += sizeof n;
    return n;
  };
  const auto words = [&] {
    const std::int32_t n = number();
    std::string out(encoded, static_cast<std::size_t>(n));
    encoded += n;
    return out;
  };
  for (std::int32_t count = number(); count > 0; --count) {
    std::string key = words();
    pairs[std::move(key)] = words();
  }
  return pairs;
}

ScoreColumn column(std::string name, ScoreColumn::Kind kind) {
  ScoreColumn made;
  made.name = std::move(name);
  made.kind = kind;
  return made;
}

Scores sample_scores() {
  using Kind = ScoreColumn::Kind;
  ScoreColumn total = column("total", Kind::whole), status = column("total_status", Kind::status),
              level = column("total_level", Kind::label), rate = column("rate", Kind::real),
              until = column("until", Kind::date);
  total.wholes = {0, 7, -2};
  total.validity = level.validity = {0b101};
  total.metadata = {{"unit", "points"}};
  status.bytes = {0, 2, 0};
  status.labels = {"scored", "scored_with_omissions", "incomplete", "invalid", "not_applicable"};
  level.bytes = {1, 0, 0};
  level.labels = {"low", "high"};
  rate.reals = {0.5, 0, 0.25};
  until.wholes = {0, 1, -1};
  Scores scores;
  scores.rows = 3;
  scores.metadata = {{"instrument", "sample"}, {"edition", ""}};
  scores.columns = {total, status, level, rate, until};
  scores.reasons = {{0, 0, 2, 2}, {1, 0}, {"missing: age", "invalid: sex"}};
  return scores;
}

/// An exported record batch, released at the end.
struct Exported {
  ArrowSchema schema{};
  ArrowArray array{};
  Exported() = default;
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;
  ~Exported() {
    if (schema.release) schema.release(&schema);
    if (array.release) array.release(&array);
  }
};

TEST(ArrowExport, ColumnsKeepTheirTypesNamesAndMetadata) {
  Exported batch;
  export_scores(sample_scores(), &batch.schema, &batch.array);
  ASSERT_EQ(batch.schema.n_children, 6);
  const std::vector<std::string> names{"total", "total_status", "total_level", "rate", "until", "reasons"};
  const std::vector<std::string> formats{"i", "c", "c", "g", "tdD", "+L"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(batch.schema.children[i]->name, names[i]);
    EXPECT_EQ(batch.schema.children[i]->format, formats[i]);
    EXPECT_EQ(batch.array.children[i]->length, 3);
  }
  EXPECT_EQ(metadata(batch.schema.metadata).at("instrument"), "sample");
  EXPECT_EQ(metadata(batch.schema.metadata).at("edition"), "");
  EXPECT_EQ(metadata(batch.schema.children[0]->metadata).at("unit"), "points");
  EXPECT_EQ(batch.schema.children[3]->metadata, nullptr);
  EXPECT_NE(batch.schema.children[2]->flags & ARROW_FLAG_DICTIONARY_ORDERED, 0);
  EXPECT_EQ(batch.schema.children[1]->flags & ARROW_FLAG_NULLABLE, 0);
}

TEST(ArrowExport, WhatGoesOutComesBackIn) {
  Exported batch;
  export_scores(sample_scores(), &batch.schema, &batch.array);
  const ImportedCaseload imported =
      import_caseload(batch.schema, batch.array, {"total", "total_status", "total_level", "rate", "until"});
  const auto& columns = imported.caseload.columns();
  EXPECT_EQ(value<std::int32_t>(columns[0], 0), 0);
  EXPECT_FALSE(valid(columns[0], 1));
  EXPECT_EQ(value<std::int32_t>(columns[0], 2), -2);
  EXPECT_EQ(columns[1].dictionary.at(static_cast<std::size_t>(value<std::int8_t>(columns[1], 1))), "incomplete");
  EXPECT_EQ(columns[2].dictionary.at(static_cast<std::size_t>(value<std::int8_t>(columns[2], 0))), "high");
  EXPECT_EQ(value<double>(columns[3], 2), 0.25);
  EXPECT_EQ(columns[4].type, ColumnType::date32);
  EXPECT_EQ(value<std::int32_t>(columns[4], 2), -1);
}

TEST(ArrowExport, ReasonsAreListsOfText) {
  Exported batch;
  export_scores(sample_scores(), &batch.schema, &batch.array);
  const ArrowArray& lists = *batch.array.children[5];
  const auto* offsets = static_cast<const std::int64_t*>(lists.buffers[1]);
  EXPECT_EQ((std::vector<std::int64_t>(offsets, offsets + 4)), (std::vector<std::int64_t>{0, 0, 2, 2}));
  const ArrowArray& texts = *lists.children[0];
  const auto* ends = static_cast<const std::int64_t*>(texts.buffers[1]);
  const std::string all(static_cast<const char*>(texts.buffers[2]), static_cast<std::size_t>(ends[2]));
  EXPECT_EQ(texts.length, 2);
  EXPECT_EQ(all, "invalid: sexmissing: age");
  EXPECT_EQ(ends[1], 12);
}

TEST(ArrowExport, AChildThatWasMovedOutOutlivesItsBatch) {
  ArrowArray rate{};
  {
    Exported batch;
    export_scores(sample_scores(), &batch.schema, &batch.array);
    rate = *batch.array.children[3];
    batch.array.children[3]->release = nullptr;
  }
  EXPECT_EQ(static_cast<const double*>(rate.buffers[1])[2], 0.25);
  rate.release(&rate);
  EXPECT_EQ(rate.release, nullptr);
}

TEST(ArrowExport, SharedScoresAreViewedAndMayBeExportedAgain) {
  const auto scores = std::make_shared<const Scores>(sample_scores());
  {
    Exported first, second;
    export_scores(scores, &first.schema, &first.array);
    export_scores(scores, &second.schema, &second.array);
    EXPECT_EQ(first.array.children[0]->buffers[1], scores->columns[0].wholes.data());
    EXPECT_EQ(second.array.children[0]->buffers[1], scores->columns[0].wholes.data());
    EXPECT_GT(scores.use_count(), 1);
  }
  EXPECT_EQ(scores.use_count(), 1);
}

TEST(ArrowExport, ScoresOfNoRowsKeepTheirColumns) {
  Scores scores = sample_scores();
  scores.rows = 0;
  for (ScoreColumn& emptied : scores.columns) {
    emptied.wholes.clear();
    emptied.reals.clear();
    emptied.bytes.clear();
    emptied.validity.clear();
  }
  scores.reasons = {{0}, {}, {}};
  Exported batch;
  export_scores(std::move(scores), &batch.schema, &batch.array);
  EXPECT_EQ(batch.array.length, 0);
  EXPECT_EQ(batch.array.n_children, 6);
}

}  // namespace
}  // namespace appraise
