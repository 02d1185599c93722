// Decision tables: rows that cannot be reached, gaps, overlaps; conditions that never change.

#include <set>

#include "check/cases_of_conditions.hpp"

namespace appraise::detail {
namespace {

constexpr std::uint64_t work_in_all = 100'000'000;
constexpr std::size_t most_overlaps_told = 20;

/// A decision table of either operation.
struct DecisionTable {
  struct Row {
    const Condition* when;
    const Place* place;
    std::string result;
  };
  const Scale& scale;
  std::string address;
  std::vector<Row> rows;
  bool unique = false;
  bool has_otherwise = false;
};

std::string text_of(const Taken& taken) { return taken.number ? number_text(*taken.number) : taken.of; }

std::optional<DecisionTable> table_of(const Scale& scale) {
  if (const auto* rules = std::get_if<Rules>(&scale.operation)) {
    DecisionTable table{scale, "scales/" + scale.code + "/rules", {}, rules->unique, rules->otherwise.has_value()};
    for (const DecisionRow& row : rules->rows)
      table.rows.push_back({&row.when, &row.place, rules->values.empty() ? number_text(row.number) : row.label});
    return table;
  }
  if (const auto* choose = std::get_if<Choose>(&scale.operation)) {
    DecisionTable table{scale,
                        "scales/" + scale.code + "/choose",
                        {},
                        false,
                        choose->otherwise.number.has_value() || !choose->otherwise.of.empty()};
    for (const Choose::Row& row : choose->rows) table.rows.push_back({&row.when, &row.place, text_of(row.take)});
    return table;
  }
  return std::nullopt;
}

/// What going through all cases of a table finds.
class TableProof {
 public:
  TableProof(const DecisionTable& table, Report& report)
      : table_(table), report_(report), holds_(table.rows.size()), decides_(table.rows.size()) {}

  void run(const Ground& ground, Budget& budget) {
    std::vector<const Condition*> conditions;
    for (const auto& row : table_.rows) conditions.push_back(row.when);
    CasesOfConditions cases(ground, conditions, budget);
    if (cases.state() == CasesOfConditions::State::too_large)
      report_.add("rules.too-large", table_.scale.place, table_.address,
                  "the table has too many combinations to go through all of them",
                  "a table proved without gap and overlap; several smaller tables could be");
    if (cases.state() != CasesOfConditions::State::ready) return;
    do {
      look_at(cases);
    } while (cases.next());
    tell_rows();
    tell_rest();
  }

 private:
  void look_at(const CasesOfConditions& cases) {
    bool open = true;
    std::size_t first = table_.rows.size();
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      const Truth truth = cases.truth(i);
      if (truth == Truth::unknown) open = false;
      if (truth != Truth::yes) continue;
      holds_[i] = true;
      if (open) decides_[i] = true;
      open = false;
      if (first == table_.rows.size()) {
        first = i;
      } else {
        tell_overlap(first, i, cases);
      }
    }
    if (!open) return;
    if (gap_.empty()) gap_ = cases.text();
    has_gap_ = true;
  }

  void tell_overlap(std::size_t first, std::size_t second, const CasesOfConditions& cases) {
    const bool differ = table_.rows[first].result != table_.rows[second].result;
    if (overlaps_.size() >= (table_.unique ? most_overlaps_told : 1) || (!table_.unique && !differ)) return;
    if (!overlaps_.emplace(first, second).second) return;
    const std::string rows = "rows " + std::to_string(first + 1) + " and " + std::to_string(second + 1);
    const std::string both = " both hold when " + cases.text();
    if (table_.unique) {
      report_.add("rules.overlap", *table_.rows[second].place, row_address(second), rows + both,
                  "rows of which at most one holds, or `hit`: \"first\"");
    } else {
      report_.add("rules.many-rows", *table_.rows[second].place, row_address(second),
                  rows + both + ", and the first decides", "an order of rows that is meant so");
    }
  }

  void tell_rows() {
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      if (decides_[i] || (table_.unique && holds_[i])) continue;
      report_.add("rules.unreachable-row", *table_.rows[i].place, row_address(i),
                  "row " + std::to_string(i + 1) +
                      (holds_[i] ? " never decides: rows above it hold whenever it does"
                                 : " never decides: its condition can never hold"),
                  "rows each of which decides some case");
    }
  }

  void tell_rest() {
    if (has_gap_ && !table_.has_otherwise)
      report_.add("rules.gap", table_.scale.place, table_.address,
                  "no row holds" + (gap_.empty() ? std::string() : " when " + gap_),
                  "rows that decide every case, or `otherwise`");
    if (!has_gap_ && table_.has_otherwise)
      report_.add("rules.otherwise-unreachable", table_.scale.place, table_.address + "/otherwise",
                  "the rows decide every case, and nothing is left for `otherwise`",
                  table_.address.ends_with("choose") ? "one row fewer, so that `otherwise` decides its case"
                                                     : "a table without `otherwise`");
  }

  [[nodiscard]] std::string row_address(std::size_t row) const {
    return table_.address + "/rows/" + std::to_string(row);
  }

  const DecisionTable& table_;
  Report& report_;
  std::vector<bool> holds_;    ///< rows whose condition holds in some case
  std::vector<bool> decides_;  ///< rows that decide some case
  std::set<std::pair<std::size_t, std::size_t>> overlaps_;
  bool has_gap_ = false;
  std::string gap_;
};

/// Reports a condition that is the same in all cases.
void check_condition(const Condition& condition, const Site& site, const Ground& ground, Budget& budget,
                     Report& report) {
  CasesOfConditions cases(ground, {&condition}, budget);
  if (cases.state() != CasesOfConditions::State::ready) return;
  bool always = true, never = true;
  do {
    const Truth truth = cases.truth(0);
    always = always && truth == Truth::yes;
    never = never && truth != Truth::yes;
  } while ((always || never) && cases.next());
  if (always || never)
    report.add("condition.constant", *site.place, site.address(),
               std::string("the condition ") + (always ? "always" : "never") + " holds",
               "a condition that holds for some answers and not for others");
}

}  // namespace

void check_decisions(const Ground& ground, Report& report) {
  Budget budget{work_in_all};
  ground.for_each_sound_scale([&](const Scale& scale) {
    if (const auto table = table_of(scale)) TableProof(*table, report).run(ground, budget);
  });
  const HasCondition check = [&](const Condition& condition, const Site& site) {
    check_condition(condition, site, ground, budget, report);
  };
  for (const Item& item : ground.instrument().items) for_each_condition(item, check);
  for_each_rule_condition(ground.instrument(), check);
  for (const Scale& scale : ground.instrument().scales)
    if (!table_of(scale)) for_each_condition(scale, check);
}

}  // namespace appraise::detail
