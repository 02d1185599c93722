#include <algorithm>
#include <stdexcept>

#include "appraise/detail/calendar.hpp"
#include "workload.hpp"

namespace appraise::benchmarks {
namespace {

/// Days since 1970-01-01 from the first of January of one year to the last of December of another.
std::pair<double, double> years(int first, int last) {
  return {*detail::parse_date(std::to_string(first) + "-01-01"), *detail::parse_date(std::to_string(last) + "-12-31")};
}

std::vector<NamedItem> asked_items(const Subject& subject) {
  std::vector<NamedItem> items;
  for (const std::string& id : subject.instruments) {
    for (const NamedItem& item : items_of(*load(id))) {
      const bool left_out = std::count(subject.without.begin(), subject.without.end(), item.column) > 0;
      if (!item.item->optional || (subject.optional_columns && !left_out)) items.push_back(item);
    }
  }
  return items;
}

}  // namespace

const char* to_string(Width width) noexcept {
  constexpr const char* names[] = {"int8",          "int16",        "int32",       "int64",       "float64",
                                   "boolean bytes", "boolean bits", "dictionary8", "dictionary32"};
  return names[static_cast<std::size_t>(width)];
}

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{
      {.name = "static-99r", .instruments = {"static-99r"}},
      {.name = "static-99r with optional columns",
       .instruments = {"static-99r"},
       .optional_columns = true,
       .int8_only = true},
      {.name = "stable-2007", .instruments = {"stable-2007"}},
      {.name = "acute-2007", .instruments = {"acute-2007"}},
      {.name = "static-99r-stable-2007", .instruments = {"static-99r-stable-2007"}},
      {.name = "oasys-arp",
       .instruments = {"oasys-arp"},
       .optional_columns = true,
       .windows = {{"date_of_birth", years(1960, 1995)},
                   {"date_of_current_conviction", years(2015, 2020)},
                   {"date_at_start_of_followup", years(2019, 2021)},
                   {"assessment_date", years(2021, 2023)},
                   {"age_at_first_sanction", {10, 19}},
                   {"total_number_of_sanctions_for_all_offences", {1, 60}}}},
      {.name = "oasys-osp-dc",
       .instruments = {"oasys-osp-dc"},
       .optional_columns = true,
       .windows = {{"date_of_birth", years(1960, 1995)},
                   {"date_of_most_recent_sexual_offence", years(2012, 2018)},
                   {"most_recent_offence_date", years(2014, 2020)},
                   {"date_at_start_of_followup", years(2019, 2021)},
                   {"assessment_date", years(2021, 2023)},
                   {"gender", {0, 0}},
                   {"has_ever_committed_sexual_offence", {1, 1}},
                   {"total_indecent_image_sanctions", {0, 4}},
                   {"total_contact_adult_sexual_sanctions", {0, 4}},
                   {"total_contact_child_sexual_sanctions", {0, 4}},
                   {"total_non_contact_sexual_offences", {1, 4}},
                   {"total_number_of_sanctions_for_all_offences", {16, 60}}}},
      {.name = "sorna",
       .instruments = {"sorna"},
       .optional_columns = true,
       .without = {"victim_age", "offender_age"},  // which the dates would contradict
       .windows = {{"offender_birth_date", years(1950, 1980)},
                   {"victim_birth_date", years(1985, 2000)},
                   {"offense_date", years(2001, 2010)},
                   {"sentencing_date", years(2011, 2013)},
                   {"release_date", years(2014, 2018)},
                   {"last_in_person_verification", years(2019, 2023)},
                   {"excluded_days", {0, 90}},
                   {"clean_record_years", {0, 30}},
                   {"offense_max_years", {0, 30}}}},
      {.name = "static-99r, stable-2007, acute-2007 and static-99r-stable-2007",
       .instruments = {"static-99r", "stable-2007", "acute-2007", "static-99r-stable-2007"},
       .int8_only = true},
  };
  return all;
}

const Subject& subject(const std::string& name) {
  const auto found =
      std::find_if(subjects().begin(), subjects().end(), [&](const Subject& one) { return one.name == name; });
  if (found == subjects().end()) throw std::logic_error("no subject " + name);
  return *found;
}

ScoringPlan plan_of(const std::string& instrument, bool all_norms) {
  const auto definition = load(instrument);
  CompileOptions options{.accept_unverified = true, .levels = {}, .norms = {}};
  if (all_norms)
    for (const Norms& norms : definition->norms) options.norms.push_back(norms.id);
  return compile(definition, options);
}

std::vector<ScoringPlan> plans_of(const Subject& subject, bool all_norms) {
  std::vector<ScoringPlan> plans;
  for (const std::string& instrument : subject.instruments) plans.push_back(plan_of(instrument, all_norms));
  return plans;
}

ScoreOptions levels_only() {
  return {.levels = true, .bounds = false, .distance = false, .contributions = false, .norms = false, .reasons = false};
}

ScoreOptions everything(bool reasons) { return {.contributions = true, .reasons = reasons}; }

RandomCaseload::RandomCaseload(const Subject& subject, Width width, std::int64_t rows)
    : RandomCaseload(asked_items(subject), width, rows, subject.windows) {}

}  // namespace appraise::benchmarks
