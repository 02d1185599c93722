// Rescores a large caseload slice by slice, by two instruments in one pass, with the memory of one slice.
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "appraise/appraise.hpp"

namespace {

constexpr std::int64_t slice_rows = 100'000;
constexpr std::int64_t slices = 20;

/// The answers of one slice, as a database or a file would hand them over. Here: invented.
struct Slice {
  std::map<std::string, std::vector<std::int8_t>> answers;

  [[nodiscard]] appraise::Caseload caseload() const {
    std::vector<appraise::Column> columns;
    for (const auto& [item, values] : answers) {
      appraise::Column column;
      column.name = item;
      column.type = appraise::ColumnType::int8;
      column.values = values.data();
      column.length = static_cast<std::int64_t>(values.size());
      columns.push_back(column);
    }
    return appraise::Caseload(columns);
  }
};

Slice next_slice(const std::vector<appraise::ScoringPlan>& plans, std::int64_t number) {
  Slice slice;
  for (const appraise::ScoringPlan& plan : plans) {
    for (const appraise::Item& item : plan.instrument().items) {
      if (item.optional) continue;
      std::vector<std::int8_t>& values = slice.answers[item.code];
      for (std::int64_t row = 0; row < slice_rows; ++row) {
        const std::int64_t turn = row * 7 + number * 13 + static_cast<std::int64_t>(slice.answers.size());
        const auto options = static_cast<std::int64_t>(item.options.size());
        const auto option = static_cast<std::size_t>(options == 0 ? 0 : turn % options);
        values.push_back(static_cast<std::int8_t>(options == 0 ? 18 + turn % 60 : item.options[option].value));
      }
      values.resize(static_cast<std::size_t>(slice_rows));
    }
  }
  return slice;
}

}  // namespace

int main() {
  // Some figures of these editions are not confirmed in a public source: using them is a decision, written down here.
  appraise::CompileOptions unverified;
  unverified.accept_unverified = true;
  const std::vector<appraise::ScoringPlan> plans{appraise::compile(appraise::load("stable-2007", "2007"), unverified),
                                                 appraise::compile(appraise::load("acute-2007", "2007"), unverified)};
  appraise::ScoreOptions options;
  options.threads = 2;
  appraise::Scorer scorer(plans, options);

  std::vector<std::int64_t> scored(plans.size());
  for (std::int64_t number = 0; number < slices; ++number) {
    const Slice slice = next_slice(plans, number);
    const std::vector<appraise::Scores>& results = scorer.score(slice.caseload());  // stands until the next call
    for (std::size_t i = 0; i < plans.size(); ++i) {
      for (const std::uint8_t status : results[i].columns[1].bytes) {
        if (static_cast<appraise::Status>(status) == appraise::Status::scored) ++scored[i];
      }
    }
  }
  for (std::size_t i = 0; i < plans.size(); ++i) {
    std::cout << plans[i].instrument().id << ": " << scored[i] << " of " << slices * slice_rows << " scored\n";
  }
}
