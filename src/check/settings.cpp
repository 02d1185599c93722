// Exponents, digits, ends, missing rules.

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "check/checks.hpp"

namespace appraise::detail {
namespace {

constexpr int most_digits = 15;
constexpr int most_power = 4;

class Settings {
 public:
  Settings(const Ground& ground, const Scale& scale, Report& report)
      : ground_(ground), scale_(scale), report_(report) {}

  void run() {
    if (const auto* sum = std::get_if<Sum>(&scale_.operation)) check_missing(sum->missing, sum->of);
    if (const auto* extreme = std::get_if<Extreme>(&scale_.operation)) check_missing(extreme->missing, extreme->of);
    if (const auto* sum = std::get_if<WeightedSum>(&scale_.operation)) check_powers(*sum);
    if (const auto* round = std::get_if<Round>(&scale_.operation)) check_digits(*round);
    if (const auto* clamp = std::get_if<Clamp>(&scale_.operation)) check_ends(*clamp);
    if (const auto* time = std::get_if<AddTime>(&scale_.operation)) check_amount(*time);
    if (const auto* rules = std::get_if<Rules>(&scale_.operation)) check_results(*rules);
  }

 private:
  void add(Code code, const Place& place, const std::string& part, std::string found, std::string expected) {
    report_.add(code, place, "scales/" + scale_.code + "/" + part, std::move(found), std::move(expected));
  }

  void check_missing(const std::optional<MissingRule>& missing, const std::vector<Reference>& of) {
    if (!missing) return;
    const std::unordered_set<std::string_view> read(of.begin(), of.end());
    for (const Reference& each : missing->may_omit)
      if (!read.contains(each))
        add("missing.may-omit", scale_.place, "missing/may_omit",
            quoted(each) + " may be missing, and the scale does not read it", "only references that the scale reads");
    if (missing->at_most < 1 || static_cast<std::size_t>(missing->at_most) > missing->may_omit.size())
      add("missing.at-most", scale_.place, "missing/at_most",
          "up to " + std::to_string(missing->at_most) + " of " + std::to_string(missing->may_omit.size()) +
              " references under `may_omit` may be missing",
          "a whole number from 1 to " + std::to_string(missing->may_omit.size()));
    const Value value = ground_.types.value(scale_.code);
    if (missing->prorate && (!std::holds_alternative<Sum>(scale_.operation) || value.kind == Value::Kind::real))
      add("missing.prorate", scale_.place, "missing/prorate",
          quoted(scale_.code) + " is " + to_text(value) + ", and is prorated",
          "`prorate` only on sums of whole numbers; null otherwise");
  }

  void check_powers(const WeightedSum& sum) {
    for (std::size_t i = 0; i < sum.terms.size(); ++i)
      if (sum.terms[i].power < 1 || sum.terms[i].power > most_power)
        add("term.power", sum.terms[i].place, "weighted_sum/terms/" + std::to_string(i) + "/power",
            "the power is " + std::to_string(sum.terms[i].power), "a whole number from 1 to 4");
  }

  void check_digits(const Round& round) {
    if (round.digits < 0 || round.digits > most_digits)
      add("scale.digits", scale_.place, "round/digits", "rounding to " + std::to_string(round.digits) + " digits",
          "a whole number from 0 to 15");
  }

  void check_ends(const Clamp& clamp) {
    if (clamp.from && clamp.to && *clamp.from > *clamp.to)
      add("clamp.order", scale_.place, "clamp",
          "the lower end " + number_text(*clamp.from) + " lies above the upper end " + number_text(*clamp.to),
          "`from` below `to`");
  }

  void check_amount(const AddTime& time) {
    if (time.amount.number && std::trunc(*time.amount.number) != *time.amount.number)
      add("type.whole", scale_.place, "add_time", number_text(*time.amount.number) + " is not a whole number",
          "a whole number of years, months or days");
  }

  void check_results(const Rules& rules) {
    if (rules.values.empty()) return;
    std::unordered_set<std::string_view> unused(rules.values.begin(), rules.values.end());
    const std::unordered_set<std::string_view> known = unused;
    bool all_known = true;
    const auto check = [&](const DecisionRow& row, const std::string& part) {
      unused.erase(row.label);
      if (known.contains(row.label)) return;
      all_known = false;
      add("rules.value", row.place, part, quoted(row.label) + " is not among the labels of the table",
          "one of " + list_text(rules.values));
    };
    for (std::size_t i = 0; i < rules.rows.size(); ++i)
      check(rules.rows[i], "rules/rows/" + std::to_string(i) + "/then");
    if (rules.otherwise) check(*rules.otherwise, "rules/otherwise");
    if (!all_known) return;
    for (const std::string& value : rules.values)
      if (unused.erase(value) != 0)
        add("rules.value-unused", scale_.place, "rules/values", "no row gives " + quoted(value),
            "labels that some row gives");
  }

  const Ground& ground_;
  const Scale& scale_;
  Report& report_;
};

}  // namespace

void check_settings(const Ground& ground, Report& report) {
  for (const Scale& scale : ground.instrument().scales) Settings(ground, scale, report).run();
}

}  // namespace appraise::detail
