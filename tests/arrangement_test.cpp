/// Steps are arranged so that registers share places in a block, and every step finds what others made for it.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "appraise/library.hpp"
#include "reference/compare.hpp"
#include "reference/random_caseload.hpp"
#include "score/results.hpp"
#include "score/step_registers.hpp"

namespace appraise::testing {
namespace {

using detail::Form;
using detail::Register;

/// Whose values, flags or forms lie in the bytes of a block.
class Owners {
 public:
  explicit Owners(const detail::Layout& layout) : layout_(layout), owners_(layout.bytes) {}

  /// What lies in a place, which is looked for or put there.
  struct Part {
    std::size_t offset, bytes, owner;
  };
  template <class Use>
  void each_of(Register of, Use use) const {
    if (!layout_.live(of)) return;
    const detail::Place& place = layout_.places[static_cast<std::size_t>(of)];
    const auto one = static_cast<std::size_t>(of);
    use(Part{place.values, layout_.width(of), 1 + 4 * one});
    use(Part{place.flags, 1, 2 + 4 * static_cast<std::size_t>(layout_.flagged_as(of))});
  }
  template <class Use>
  void each_of(Form form, Register of, Use use) const {
    const std::size_t offset = layout_.forms[static_cast<std::size_t>(form)][static_cast<std::size_t>(of)];
    use(Part{offset, detail::width_of(form), 3 + static_cast<std::size_t>(form) + 4 * static_cast<std::size_t>(of)});
  }
  void put(const Part& part) {
    for (std::size_t i = 0; i < bytes_of(part); ++i) owners_.at(part.offset + i) = part.owner;
  }
  [[nodiscard]] bool has(const Part& part) const {
    for (std::size_t i = 0; i < bytes_of(part); ++i) {
      if (owners_.at(part.offset + i) != part.owner) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] std::size_t bytes_of(const Part& part) const {
    return part.bytes * static_cast<std::size_t>(layout_.rows);
  }

  const detail::Layout& layout_;
  std::vector<std::size_t> owners_;  ///< of each byte; 0: nobody
};

/// Runs steps as far as places go: how many parts were not where a step, or what comes after all, looks for them.
int lost_parts(const detail::Layout& layout, const detail::Steps& steps, const detail::OtherReaders& readers) {
  const detail::Plan& plan = layout.plan;
  Owners owners(layout);
  int lost = 0;
  const auto look = [&](const Owners::Part& part) { lost += owners.has(part) ? 0 : 1; };
  const auto put = [&](const Owners::Part& part) { owners.put(part); };
  for (const auto* some : {&steps.fixed, &steps.varying}) {
    for (const detail::Step& step : *some) {
      detail::each_read(plan, step, [&](Register of) { owners.each_of(of, look); });
      detail::each_form_read(plan, step, [&](Form form, Register of) { owners.each_of(form, of, look); });
      // Flags that are those of another register are not made again.
      detail::each_filled(plan, step, [&](Register of) {
        owners.each_of(of, [&](const Owners::Part& part) {
          if (part.owner % 4 == 2 && layout.flagged_as(of) != of) return look(part);
          put(part);
        });
      });
      if (step.made_of != detail::no_register) owners.each_of(step.form, step.made_of, put);
    }
  }
  detail::each_read_after(layout, readers, [&](Register of) {
    const bool is_made = of != detail::no_register && layout.live(of);
    if (is_made) owners.each_of(of, look);
  });
  return lost;
}

/// A plan's steps for the columns of a caseload, and the layout that they are arranged in.
class Arranged {
 public:
  Arranged(const ScoringPlan& plan, const Caseload& caseload, bool bounds)
      : options_{.bounds = bounds, .reasons = false},
        layout_(plan.detail(), detail::for_value | detail::for_level | detail::for_contributions),
        results_(layout_, options_),
        readers_{.items = true, .terms = false, .ranges = bounds, .all = false, .passing = results_.passing()},
        bytes_before_(layout_.bytes) {
    detail::bind(plan.detail(), caseload, decoders_);
    steps_ = detail::arranged_steps_of(layout_, decoders_, readers_, results_.term_columns());
  }

  [[nodiscard]] int lost_parts() const { return testing::lost_parts(layout_, steps_, readers_); }
  [[nodiscard]] double share_of_bytes() const {
    return static_cast<double>(layout_.bytes) / static_cast<double>(bytes_before_);
  }

 private:
  ScoreOptions options_;
  detail::Layout layout_;
  detail::ResultWriter results_;
  detail::OtherReaders readers_;
  std::size_t bytes_before_;
  std::vector<detail::Decoder> decoders_;
  detail::Steps steps_;
};

TEST(Arrangement, LosesNothingThatIsReadLater) {
  Random random(5);
  for (const Edition& edition : built_in_instruments()) {
    const auto instrument = load(edition.id, edition.edition);
    const ScoringPlan plan = compile(instrument, {.accept_unverified = true, .levels = {}, .norms = {}});
    const RandomCaseload caseload(random, *instrument, 4);
    for (const bool bounds : {false, true}) {
      const Arranged arranged(plan, caseload.caseload(), bounds);
      EXPECT_EQ(arranged.lost_parts(), 0) << edition.id << ", bounds: " << bounds;
      EXPECT_LE(arranged.share_of_bytes(), 1) << edition.id << ", bounds: " << bounds;
    }
  }
}

}  // namespace
}  // namespace appraise::testing
