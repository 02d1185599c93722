// Norm sets: rates, intervals, percentiles in order; scores that can be reached.

#include <cmath>

#include "check/checks.hpp"

namespace appraise::detail {
namespace {

class NormsCheck {
 public:
  NormsCheck(const Ground& ground, const Norms& norms, Report& report)
      : ground_(ground), norms_(norms), report_(report) {}

  void run() {
    if (norms_.instrument != ground_.instrument().id)
      add("norms.instrument", norms_.place, "for/instrument", "the norms are for " + quoted(norms_.instrument),
          "norms for " + quoted(ground_.instrument().id));
    check_scale();
    check_rows();
    const bool rates = norms_.logistic || has_rates_;
    if (rates && !norms_.follow_up_years)
      add("norms.follow-up", norms_.place, "follow_up_years", "rates without the years of follow-up",
          "the follow-up time of the sample, since a rate says nothing without it");
  }

 private:
  void add(Code code, const Place& place, const std::string& part, std::string found, std::string expected) {
    report_.add(code, place, "norms/" + norms_.id + "/" + part, std::move(found), std::move(expected));
  }

  void check_scale() {
    const Referent found = ground_.names.find(norms_.scale);
    if (found.kind != Referent::Kind::scale || !found.scale->reported)
      return add("norms.scale", norms_.place, "for/scale", "there is no reported scale " + quoted(norms_.scale),
                 "a scale that the instrument reports");
    const Value value = ground_.types.value(found);
    if (value.kind == Value::Kind::unknown) return;
    if (!value.number())
      return add("norms.scale", norms_.place, "for/scale", quoted(norms_.scale) + " is " + to_text(value),
                 "a scale whose value is a number");
    domain_ = &ground_.domains.value(found);
  }

  void check_rows() {
    const NormRow* before = nullptr;
    const NormRow* percentile_before = nullptr;
    for (const NormRow& row : norms_.rows) {
      const std::string part = "rows/" + number_text(row.score);
      if (before != nullptr && row.score <= before->score)
        add("norms.order", row.place, part,
            "the score " + number_text(row.score) + " comes after " + number_text(before->score),
            "scores in ascending order, each once");
      before = &row;
      check_score(row, part);
      check_rates(row, part);
      if (!row.percentile) continue;
      check_percentile(row, part, percentile_before);
      percentile_before = &row;
    }
  }

  void check_score(const NormRow& row, const std::string& part) {
    if (domain_ == nullptr || domain_->next(row.score) == row.score) return;
    add("norms.score", row.place, part,
        "no one can reach the score " + number_text(row.score) + " of " + quoted(norms_.scale),
        "scores that the scale can reach, " + number_text(domain_->span.lowest) + " to " +
            number_text(domain_->span.highest));
  }

  void check_rates(const NormRow& row, const std::string& part) {
    has_rates_ = has_rates_ || row.rate;
    for (const auto& rate : {row.rate, row.rate_low, row.rate_high})
      if (rate && !(*rate >= 0 && *rate <= 1))
        return add("norms.rate", row.place, part, "the rate " + number_text(*rate) + ", as a proportion",
                   "a rate from 0 to 1, or 0 to 100 percent; see `rate_unit`");
    if (row.rate_low && row.rate_high &&
        (*row.rate_low > *row.rate_high || (row.rate && (*row.rate < *row.rate_low || *row.rate > *row.rate_high))))
      add("norms.interval", row.place, part,
          "the interval " + number_text(*row.rate_low) + " to " + number_text(*row.rate_high) +
              (row.rate ? " does not contain the rate " + number_text(*row.rate) : " ends below its beginning"),
          "an interval from a lower to an upper end, with the rate between them");
    if (row.risk_ratio && !(*row.risk_ratio > 0))
      add("norms.risk-ratio", row.place, part, "the risk ratio " + number_text(*row.risk_ratio),
          "a ratio above zero; 1 is the risk of the reference");
  }

  void check_percentile(const NormRow& row, const std::string& part, const NormRow* before) {
    if (!(*row.percentile >= 0 && *row.percentile <= 100)) {
      add("norms.percentile", row.place, part, "the percentile " + number_text(*row.percentile),
          "a percentile from 0 to 100");
    } else if (before != nullptr && *row.percentile < *before->percentile) {
      add("norms.percentile-order", row.place, part,
          "the percentile falls from " + number_text(*before->percentile) + " to " + number_text(*row.percentile),
          "percentiles that never fall while scores rise");
    }
  }

  const Ground& ground_;
  const Norms& norms_;
  Report& report_;
  const Domain* domain_ = nullptr;
  bool has_rates_ = false;
};

}  // namespace

void check_norms(const Ground& ground, Report& report) {
  for (const Norms& norms : ground.instrument().norms) NormsCheck(ground, norms, report).run();
}

}  // namespace appraise::detail
