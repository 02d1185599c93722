// Explains one person's STABLE-2007 total: what each item added, and what would change the level.
#include <appraise/appraise.hpp>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

int main() {
  appraise::CompileOptions options;
  options.accept_unverified = true;
  const appraise::ScoringPlan plan = appraise::compile(appraise::load("stable-2007"), options);

  // Yes to a child victim; two problems "definite" (2), three "no problem" (0), the others "some" (1).
  const std::map<std::string, std::int8_t> others = {{"impulsive_acts", 2},
                                                     {"poor_problem_solving", 2},
                                                     {"hostility_toward_women", 0},
                                                     {"negative_emotionality", 0},
                                                     {"sex_as_coping", 0}};
  std::vector<std::int8_t> answers(plan.instrument().items.size(), 1);
  std::vector<appraise::Column> columns;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const appraise::Item& item = plan.instrument().items[i];
    if (const auto found = others.find(item.code); found != others.end()) answers[i] = found->second;
    appraise::Column column;
    column.name = item.code;
    column.type = appraise::ColumnType::int8;
    column.values = &answers[i];
    column.length = 1;
    columns.push_back(column);
  }

  const appraise::Explanation explanation = appraise::explain(plan, appraise::Caseload(columns), 0, "total");
  std::cout << explanation.paragraph << "\n\n";
  for (const std::size_t i : explanation.ranked) {
    const appraise::Contribution& contribution = explanation.contributions[i];
    std::cout << contribution.value << "  " << contribution.label << " (" << contribution.response << ")\n";
  }
  for (const appraise::Change& change : explanation.changes) {
    std::cout << "level " << change.level << " if " << change.item << " were " << change.to << '\n';
  }
}
