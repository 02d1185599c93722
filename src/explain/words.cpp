#include "explain/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "score/responses.hpp"

namespace appraise::detail {

namespace {

std::string fixed(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

std::string percent(double proportion) { return fixed(100 * proportion, 1) + " %"; }

std::string with_sign(double number) { return (number > 0 ? "+" : "") + to_text(std::round(number * 1e4) / 1e4); }

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string semicolons(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::optional<double> cell(const Scores& scores, const std::string& name) {
  const ScoreColumn* column = scores.find(name);
  return column != nullptr && column->valid(0) ? std::optional(column->reals[0]) : std::nullopt;
}

std::string opening(const Explanation& explanation, const Instrument& instrument) {
  const std::string subject = instrument.title + " (edition " + instrument.edition + "), " + explanation.label;
  if (explanation.value.empty()) {
    std::string text = subject + ": no value (" + explanation.status + ").";
    if (!explanation.reasons.empty()) text += " Reasons: " + semicolons(explanation.reasons) + ".";
    if (!explanation.lowest.empty() && !explanation.highest.empty()) {
      text += " Depending on the missing answers it lies between " + explanation.lowest + " and " + explanation.highest;
      if (!explanation.lowest_level.empty()) {
        text += explanation.lowest_level == explanation.highest_level
                    ? ", in level " + explanation.lowest_level + " in any case"
                    : ", in a level from " + explanation.lowest_level + " to " + explanation.highest_level;
      }
      text += ".";
    }
    return text;
  }
  std::string text = subject + ": " + explanation.value;
  if (!explanation.level.empty()) {
    text += ", level " + explanation.level;
    if (!explanation.level_label.empty() && explanation.level_label != explanation.level)
      text += " (" + explanation.level_label + ")";
  }
  text += ".";
  if (explanation.status != "scored") text += " Scored with omissions: " + semicolons(explanation.reasons) + ".";
  if (explanation.lowest != explanation.highest && !explanation.lowest.empty() && !explanation.highest.empty()) {
    text += " With full answers it could lie between " + explanation.lowest + " and " + explanation.highest + ".";
  }
  return text;
}

}  // namespace

std::vector<std::string> norm_sentences(const Instrument& instrument, const Scores& scores, const std::string& scale) {
  std::vector<std::string> sentences;
  for (const Norms& norms : instrument.norms) {
    const std::string name = scale + "_" + norms.id + "_";
    std::vector<std::string> figures;
    if (const auto rate = cell(scores, name + "rate")) {
      std::string text = percent(*rate) + " " + norms.outcome;
      const auto low = cell(scores, name + "rate_low"), high = cell(scores, name + "rate_high");
      if (low && high) text += " (interval " + percent(*low) + " to " + percent(*high) + ")";
      if (norms.follow_up_years) text += " within " + to_text(*norms.follow_up_years) + " years";
      figures.push_back(text);
    }
    if (const auto percentile = cell(scores, name + "percentile"))
      figures.push_back("percentile " + to_text(*percentile));
    if (const auto ratio = cell(scores, name + "risk_ratio")) figures.push_back("risk ratio " + to_text(*ratio));
    if (figures.empty()) continue;
    std::string sentence = "Among people with this value in the sample '" + norms.sample + "'";
    if (norms.n) sentence += " (n = " + std::to_string(*norms.n) + ")";
    sentences.push_back(sentence + ": " + listed(figures) + " [norms " + norms.id + ", edition " + norms.edition +
                        ", " + std::string(to_string(norms.evidence.mark)) + "].");
  }
  return sentences;
}

std::string paragraph_of(const Explanation& explanation, const Instrument& instrument) {
  std::string text = opening(explanation, instrument);
  constexpr std::size_t most = 4;
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < std::min(most, explanation.ranked.size()); ++i) {
    const Contribution& one = explanation.contributions[explanation.ranked[i]];
    reasons.push_back(one.label + " (" + with_sign(one.value - one.baseline) + ")");
  }
  if (!explanation.value.empty() && !reasons.empty())
    text += " What most sets it apart from the baseline: " + listed(reasons) + ".";
  if (!explanation.changes.empty()) {
    const Change& first = explanation.changes.front();
    text += " The smallest single change that moves the level: " + first.item + " " + first.to + " instead of " +
            first.from + " would give " + first.level + ".";
  }
  for (const std::string& sentence : explanation.norms) text += " " + sentence;
  if (!explanation.cautions.empty()) text += " Cautions: " + semicolons(explanation.cautions) + ".";
  if (explanation.evidence != "verified" && explanation.evidence != "derived") {
    text += " Some figures behind this result are " + explanation.evidence + ".";
  }
  if (!instrument.notice.empty()) text += " " + instrument.notice;
  return text;
}

}  // namespace appraise::detail
