#include "reference/bits.hpp"

#include <hwy/highway.h>

#include <algorithm>
#include <utility>

#include "reference/compare.hpp"

namespace appraise::testing {
namespace {

ScoreOptions everything(int threads) { return {.contributions = true, .threads = threads}; }

ScoreOptions levels_only(int threads) {
  return {.levels = true,
          .bounds = false,
          .distance = false,
          .contributions = false,
          .norms = false,
          .reasons = false,
          .threads = threads};
}

ScoreOptions any(Random& random) {
  return {.levels = random.chance(50),
          .bounds = random.chance(50),
          .distance = random.chance(50),
          .contributions = random.chance(50),
          .norms = random.chance(50),
          .reasons = random.chance(50),
          .threads = random.between(1, 3)};
}

}  // namespace

std::vector<Target> targets() {
  hwy::SetSupportedTargetsForTest(0);
  std::vector<Target> all;
  const std::int64_t plain = HWY_EMU128 | HWY_SCALAR;  // two names of the baseline
  for (std::int64_t left = (hwy::SupportedTargets() & ~plain) | HWY_STATIC_TARGET; left != 0; left &= left - 1) {
    const std::int64_t number = left & -left;
    all.push_back({number, hwy::TargetName(number)});
  }
  return all;
}

void choose(const Target& target) {
  // And the plainer ones, since kernels need not be there for every instruction set. The better, the lower the bit.
  hwy::SetSupportedTargetsForTest(-target.number);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

void choose_best() {
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::vector<Mood> moods_in_stretches(Random& random, std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  const int way = random.between(1, 4);
  if (way == 1) return std::vector<Mood>(count, Mood::complete);
  std::vector<Mood> moods;
  while (moods.size() < count) {
    const int kind = random.between(1, 100);
    const Mood mood = kind <= 55 ? Mood::complete : kind <= 80 ? Mood::gaps : kind <= 93 ? Mood::faults : Mood::wild;
    moods.insert(moods.end(), way == 2 ? random.below(3000) : 1, mood);
  }
  moods.resize(count);
  return moods;
}

Bits::Bits(Random& random, std::shared_ptr<const Instrument> instrument, reference::Choices choices,
           const RandomCaseload& caseload)
    : random_(random),
      instrument_(std::move(instrument)),
      choices_(std::move(choices)),
      caseload_(caseload),
      plan_(compile(instrument_, {.accept_unverified = true, .levels = choices_.levels, .norms = choices_.norms})),
      targets_(targets()) {
  choose(targets_.back());
  plainly_ = score(plan_, caseload_.caseload(), everything(1));
}

std::string Bits::difference_found(std::int64_t step) {
  by_reference(step);
  for (const Target& target : targets_) by_target(target);
  for (int threads = 2; threads <= 8; ++threads) by_threads(threads);
  in_slices(everything(1));
  in_slices(any(random_));
  in_slices(levels_only(random_.between(1, 3)));
  row_by_row();
  beside_others();
  choose_best();
  return found_;
}

void Bits::by_reference(std::int64_t step) {
  const auto differences = compare(plainly_, *instrument_, choices_, caseload_, 1, step);
  if (!differences.empty()) found_ = "the reference scorer: " + describe(differences.front(), caseload_);
}

void Bits::by_target(const Target& target) {
  choose(target);
  expect_same(target.name, 0, score(plan_, caseload_.caseload(), everything(1)), Numbering::alike);
  expect_same(target.name + ", levels only", 0, score(plan_, caseload_.caseload(), levels_only(1)), Numbering::own);
  expect_same(target.name + ", some columns", 0, score(plan_, caseload_.caseload(), any(random_)), Numbering::own);
}

void Bits::by_threads(int threads) {
  const std::string how = choose_any() + ", " + std::to_string(threads) + " threads";
  expect_same(how, 0, score(plan_, caseload_.caseload(), everything(threads)), Numbering::alike);
  expect_same(how + ", levels only", 0, score(plan_, caseload_.caseload(), levels_only(threads)), Numbering::own);
}

void Bits::in_slices(const ScoreOptions& options) {
  const std::string how = choose_any() + ", slice of ";
  Scorer scorer(plan_, options);
  const std::int64_t rows = plainly_.rows;
  for (std::int64_t first = 0; first < rows;) {
    const auto wanted = static_cast<std::int64_t>(random_.below(random_.chance(30) ? 70 : 20'000));
    const std::int64_t count = std::min(wanted, rows - first);
    const std::vector<Scores>& part = scorer.score(caseload_.caseload().slice(first, count));
    expect_same(how + std::to_string(count) + " from " + std::to_string(first), first, part.front(), Numbering::own);
    first += count;
  }
}

void Bits::row_by_row() {
  const std::string how = choose_any() + ", one row";
  ScoreOptions alone = any(random_);  // not in blocks
  alone.bounds = alone.reasons = false;
  Scorer scorer(plan_, any(random_)), of_one(plan_, alone);
  for (int i = 0; i < 50; ++i) {
    const auto row = static_cast<std::int64_t>(random_.below(static_cast<std::size_t>(plainly_.rows)));
    const Caseload one = caseload_.caseload().slice(row, 1);
    expect_same(how, row, scorer.score(one).front(), Numbering::own);
    expect_same(how + " alone", row, of_one.score(one).front(), Numbering::own);
  }
}

void Bits::beside_others() {
  const std::string how = choose_any() + ", beside other plans";
  const ScoringPlan other = compile(instrument_, {.accept_unverified = true, .levels = {}, .norms = {}});
  Scorer scorer({other, plan_}, everything(random_.between(1, 3)));
  static_cast<void>(scorer.score(caseload_.caseload().slice(0, plainly_.rows / 2)));
  static_cast<void>(scorer.score(caseload_.caseload()));
  expect_same(how, 0, scorer.take().back(), Numbering::own);
}

void Bits::expect_same(const std::string& how, std::int64_t first, const Scores& part, Numbering numbering) {
  if (!found_.empty()) return;
  if (const std::string found = difference(plainly_, first, part, numbering); !found.empty())
    found_ = how + ": " + found;
}

std::string Bits::choose_any() {
  const Target& target = random_.pick(targets_);
  choose(target);
  return target.name;
}

}  // namespace appraise::testing
