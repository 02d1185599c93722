// Scores four people with Static-99R from columns that the program already holds, without copying them.
#include <appraise/appraise.hpp>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

int main() {
  // One column an item, one entry a person. Yes and no are 1 and 0 in numeric columns; -1 is no valid count.
  const std::map<std::string, std::vector<std::int8_t>> answers = {
      {"age_at_release", {24, 39, 63, 45}},       {"ever_lived_with_partner", {0, 1, 1, 0}},
      {"index_nonsexual_violence", {0, 0, 0, 1}}, {"prior_nonsexual_violence", {1, 0, 0, 0}},
      {"prior_sex_charges", {3, 0, 0, -1}},       {"prior_sex_convictions", {1, 0, 0, 2}},
      {"prior_sentencing_dates", {5, 1, 0, 2}},   {"noncontact_sex_conviction", {0, 0, 0, 0}},
      {"any_unrelated_victim", {1, 1, 0, 1}},     {"any_stranger_victim", {1, 0, 0, 0}},
      {"any_male_victim", {0, 0, 0, 0}},
  };
  const std::uint8_t second_is_missing = 0b1101;  // one bit a person, the first person lowest

  std::vector<appraise::Column> columns;
  for (const auto& [item, values] : answers) {
    appraise::Column column;
    column.name = item;
    column.type = appraise::ColumnType::int8;
    column.values = values.data();
    column.length = static_cast<std::int64_t>(values.size());
    if (item == "ever_lived_with_partner") column.validity = &second_is_missing;
    columns.push_back(column);
  }

  // Some figures of this edition are not confirmed in a public source: using them is a decision, written down here.
  appraise::CompileOptions options;
  options.accept_unverified = true;
  const appraise::ScoringPlan plan = appraise::compile(appraise::load("static-99r", "2016"), options);
  const appraise::Scores scores = appraise::score(plan, appraise::Caseload(columns));

  const appraise::ScoreColumn& total = *scores.find("total");
  const appraise::ScoreColumn& status = *scores.find("total_status");
  const appraise::ScoreColumn& level = *scores.find("total_level");
  for (std::int64_t row = 0; row < scores.rows; ++row) {
    const auto i = static_cast<std::size_t>(row);
    std::cout << "person " << row + 1 << ": " << to_string(static_cast<appraise::Status>(status.bytes[i]));
    if (total.valid(row)) std::cout << ", total " << total.wholes[i];
    if (level.valid(row)) std::cout << ", level " << level.labels[level.bytes[i]];
    for (std::int64_t k = scores.reasons.offsets[i]; k < scores.reasons.offsets[i + 1]; ++k) {
      const auto text = static_cast<std::size_t>(scores.reasons.numbers[static_cast<std::size_t>(k)]);
      std::cout << "; " << scores.reasons.texts[text];
    }
    std::cout << '\n';
  }
}
