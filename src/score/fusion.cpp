// Fewer steps: those that nothing follows from, and those that another works out in passing.
#include <algorithm>
#include <optional>
#include <utility>

#include "score/holding.hpp"
#include "score/step_registers.hpp"

namespace appraise::detail {

namespace {

/// Drops the steps that nothing follows from, since what lies between is looked up.
void drop_between(const Layout& layout, const OtherReaders& readers, std::vector<Step>& steps) {
  const Plan& plan = layout.plan;
  std::vector<std::uint8_t> needed(plan.registers.size(), 0);
  const auto need = [&](Register of) {
    if (layout.live(of)) needed[static_cast<std::size_t>(of)] = 1;
  };
  each_read_after(layout, readers, need);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    bool is_needed = false;
    each_filled(plan, *step,
                [&](Register out) { is_needed = is_needed || needed[static_cast<std::size_t>(out)] != 0; });
    if (is_needed) {
      each_read(plan, *step, need);
    } else {
      step->operation = nullptr;
    }
  }
  std::erase_if(steps, [](const Step& step) { return step.operation == nullptr; });
}

/// The bytes for which a comparison holds, as a test; none: they are not those between two numbers, or the comparison
/// is of another kind.
std::optional<Test> test_of(const Plan& plan, const Compare& op) {
  if (!becomes_test(plan, op)) return std::nullopt;
  std::vector<Holding<std::int8_t>> holding;
  for (const double constant : op.constants) holding.emplace_back(op.kind, constant);
  std::sort(holding.begin(), holding.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
  for (std::size_t i = 0; i < holding.size(); ++i) {
    if (holding[i].low > holding[i].high || (i > 0 && holding[i].low > holding[i - 1].high + 1)) return std::nullopt;
    if (i > 0) holding[i].high = std::max(holding[i].high, holding[i - 1].high);
  }
  const std::int8_t low = holding.front().low, high = holding.back().high;
  return Test{op.of, low, static_cast<std::uint8_t>(high - low)};
}

/// Makes fewer steps of many.
class Fusion {
 public:
  Fusion(const Layout& layout, const std::vector<Decoder>& decoders, std::vector<Step>& steps)
      : plan_(layout.plan), layout_(layout), decoders_(decoders), steps_(steps), dropped_(plan_.operations.size(), 0) {}

  /// Comparisons of bytes with constants that are asked for by tests only are made there.
  void fuse_tests() {
    const std::vector<int> readers = count_readers();
    std::vector<int> asked(plan_.registers.size(), 0);
    for (const Step& step : steps_) {
      for (const Test& test : step.tests) ++asked[static_cast<std::size_t>(test.of)];
    }
    if ((layout_.purposes & for_contributions) != 0) {
      for (const PlannedContribution& one : plan_.contributions) asked[static_cast<std::size_t>(one.of)] = -1;
    }
    std::vector<std::optional<Test>> tests(plan_.registers.size());
    for (const Step& step : steps_) {
      const auto* compare = std::get_if<Compare>(&operation(step));
      // Where a table stands for it, what it compares may not be worked out.
      if (compare == nullptr || (step.table != nullptr && step.table->of != compare->of)) continue;
      const auto out = static_cast<std::size_t>(compare->out);
      if (readers[out] != asked[out]) continue;
      tests[out] = test_of(plan_, *compare);
      if (tests[out]) dropped_[static_cast<std::size_t>(step.number)] = 1;
    }
    for (Step& step : steps_) {
      for (Test& test : step.tests) test = tests[static_cast<std::size_t>(test.of)].value_or(test);
    }
    drop();
  }

  /// Comparisons of items with constants are read from the items' pieces.
  void fuse_comparisons() {
    std::vector<std::uint8_t> is_step(plan_.operations.size(), 0);
    for (const Step& step : steps_) is_step[static_cast<std::size_t>(step.number)] = 1;
    for (Step& step : steps_) {
      const auto* load = std::get_if<LoadItem>(&operation(step));
      if (load == nullptr) continue;
      const auto number = static_cast<std::size_t>(load->item);
      const std::vector<std::int32_t>& compares = plan_.items[number].compares;
      for (std::size_t k = 0; k < decoders_[number].truths.size(); ++k) {
        const auto compare = static_cast<std::size_t>(compares[k]);
        if (is_step[compare] == 0) continue;
        step.parts.push_back(static_cast<std::int32_t>(k));
        dropped_[compare] = 1;
      }
    }
    drop();
  }

  /// Comparisons with what is never there are not made.
  void skip_comparisons() {
    for (Step& step : steps_) {
      const auto* compare = std::get_if<Compare>(&operation(step));
      step.flags_only = compare != nullptr && compare->with != no_register &&
                        (is_never_there(compare->of) || is_never_there(compare->with));
    }
  }

  /// Responses that no step reads are not written.
  void skip_responses() {
    std::vector<int> readers(plan_.registers.size(), 0);
    for (const Step& step : steps_) {
      if (step.flags_only || std::holds_alternative<IsMissing>(operation(step))) continue;
      count(step, readers);
    }
    for (Step& step : steps_) {
      const auto* load = std::get_if<LoadItem>(&operation(step));
      if (load != nullptr) step.flags_only = readers[static_cast<std::size_t>(load->response)] == 0;
    }
  }

  /// Sums of bytes read items that nothing else reads.
  void fuse_sums() {
    const std::vector<int> readers = count_readers();
    for (Step& step : steps_) {
      const auto* sum = std::get_if<SumValues>(&operation(step));
      if (sum == nullptr || !adds_bytes(plan_, *sum)) continue;
      for (const Register operand : sum->of) {
        const bool alone = readers[static_cast<std::size_t>(operand)] == 1;
        step.parts.push_back(alone ? item_of(operand) : -1);
      }
    }
    drop();
  }

 private:
  [[nodiscard]] std::vector<int> count_readers() const {
    std::vector<int> readers(plan_.registers.size(), 0);
    for (const Step& step : steps_) count(step, readers);
    return readers;
  }
  void count(const Step& step, std::vector<int>& readers) const {
    each_read(plan_, step, [&](Register in) {
      if (in != no_register) ++readers[static_cast<std::size_t>(in)];
    });
  }
  [[nodiscard]] const PlannedOperation& operation(const Step& step) const { return *step.operation; }
  [[nodiscard]] const LoadItem* loader_of(Register of) const { return std::get_if<LoadItem>(&maker_of(plan_, of)); }
  [[nodiscard]] bool is_never_there(Register of) const {
    const LoadItem* load = loader_of(of);
    if (load == nullptr) return false;
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load->item)];
    return decoder.way == Decoder::Way::absent && (decoder.flags.front() & unusable_flags) != 0;
  }
  /// The item whose points these are, if it can be read as bytes; it is then not loaded any more.
  [[nodiscard]] std::int32_t item_of(Register points) {
    const LoadItem* load = loader_of(points);
    if (load == nullptr || load->points != points || layout_.live(load->response)) return -1;
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load->item)];
    if (decoder.way != Decoder::Way::few || !decoder.neighbours || decoder.coded || is_boolean(decoder.type)) return -1;
    dropped_[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(points)])] = 1;
    return load->item;
  }
  void drop() {
    std::erase_if(steps_, [&](const Step& step) { return dropped_[static_cast<std::size_t>(step.number)] != 0; });
  }

  const Plan& plan_;
  const Layout& layout_;
  const std::vector<Decoder>& decoders_;
  std::vector<Step>& steps_;
  std::vector<std::uint8_t> dropped_;
};

}  // namespace

void fuse(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
          std::vector<Step>& steps) {
  if (!readers.all) drop_between(layout, readers, steps);
  Fusion fusion(layout, decoders, steps);
  if (!readers.all) fusion.fuse_tests();
  fusion.fuse_comparisons();
  fusion.skip_comparisons();
  if (readers.items) return;
  fusion.skip_responses();
  fusion.fuse_sums();
}

}  // namespace appraise::detail
