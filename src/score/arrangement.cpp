// In which order steps run, and where what they make lies in a block.
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "score/step_registers.hpp"

namespace appraise::detail {

namespace {

/// What has a place in a block, by number: the values of every register, then the flags of each, then each of its
/// forms.
class Parts {
 public:
  explicit Parts(Layout& layout) : layout_(layout), registers_(layout.plan.registers.size()) {
    for (Register of = 0; of < static_cast<Register>(registers_); ++of) flagged_as_.push_back(layout.flagged_as(of));
  }

  [[nodiscard]] std::size_t count() const { return (2 + form_count) * registers_; }
  /// Bytes of a row.
  [[nodiscard]] std::size_t width(std::size_t part) const {
    const std::size_t kind = part / registers_;
    if (kind == 0) return layout_.width(static_cast<Register>(part));
    return kind == 1 ? sizeof(std::uint8_t) : width_of(static_cast<Form>(kind - 2));
  }
  void set_place(std::size_t part, std::size_t offset) {
    const std::size_t kind = part / registers_, of = part % registers_;
    (kind == 0   ? layout_.places[of].values
     : kind == 1 ? layout_.places[of].flags
                 : layout_.forms[kind - 2][of]) = static_cast<std::uint32_t>(offset);
  }

  /// Registers that keep no flags of their own have them where the others have theirs.
  void share_flags() {
    for (std::size_t of = 0; of < registers_; ++of) layout_.places[of].flags = layout_.places[flagged_as(of)].flags;
  }

  /// Calls `use` with the values and flags of a register, if it has any.
  template <class Use>
  void each_of(Register of, Use use) const {
    if (!layout_.live(of)) return;
    use(static_cast<std::size_t>(of));
    use(registers_ + flagged_as(static_cast<std::size_t>(of)));
  }
  /// Calls `use` with what a step reads or makes.
  template <class Use>
  void each_of(const Step& step, Use use) const {
    const Plan& plan = layout_.plan;
    const auto use_register = [&](Register of) { each_of(of, use); };
    each_read(plan, step, use_register);
    each_filled(plan, step, use_register);
    each_form_read(plan, step, [&](Form form, Register of) { use(of_form(form, of)); });
    if (step.made_of != no_register) use(of_form(step.form, step.made_of));
  }

 private:
  [[nodiscard]] std::size_t of_form(Form form, Register of) const {
    return (2 + static_cast<std::size_t>(form)) * registers_ + static_cast<std::size_t>(of);
  }

  [[nodiscard]] std::size_t flagged_as(std::size_t of) const { return static_cast<std::size_t>(flagged_as_[of]); }

  Layout& layout_;
  std::size_t registers_;
  std::vector<Register> flagged_as_;
};

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// The parts that each step reads or makes.
class PartsOfSteps {
 public:
  PartsOfSteps(const Parts& parts, const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      parts.each_of(step, [&](std::size_t part) { all_.push_back(part); });
      ends_.push_back(all_.size());
    }
  }
  [[nodiscard]] std::span<const std::size_t> of(std::size_t step) const {
    const std::size_t begin = step == 0 ? 0 : ends_[step - 1];
    return std::span(all_).subspan(begin, ends_[step] - begin);
  }
  [[nodiscard]] std::size_t steps() const { return ends_.size(); }

 private:
  std::vector<std::size_t> all_, ends_;
};

/// Numbers of steps, each behind those that it reads from, which come as late as they can. `count`: of parts.
std::vector<std::size_t> order(const PartsOfSteps& parts, std::size_t count) {
  // The first step that has a part makes it.
  std::vector<std::size_t> maker(count, none), read(parts.steps(), 0), path, ordered;
  std::vector<std::uint8_t> is_read(parts.steps(), 0), is_visited(parts.steps(), 0);
  for (std::size_t i = 0; i < parts.steps(); ++i) {
    for (const std::size_t part : parts.of(i)) {
      if (maker[part] == none) maker[part] = i;
      if (maker[part] != i) is_read[maker[part]] = 1;
    }
  }
  ordered.reserve(parts.steps());
  for (std::size_t last = 0; last < parts.steps(); ++last) {
    if (is_read[last] == 0) path.push_back(last);
    while (!path.empty()) {
      const std::size_t i = path.back();
      if (const auto of = parts.of(i); read[i] < of.size()) {
        const std::size_t next = maker[of[read[i]++]];
        if (next != i && is_visited[next] == 0) path.push_back(next);
        continue;
      }
      path.pop_back();
      if (std::exchange(is_visited[i], std::uint8_t{1}) == 0) ordered.push_back(i);
    }
  }
  return ordered;
}

/// Places by the bytes of a row, which are given out again.
class Places {
 public:
  explicit Places(int rows) : rows_(static_cast<std::size_t>(rows)) {}

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  std::size_t take(std::size_t width) {
    std::vector<std::size_t>& free = free_[width];
    if (free.empty()) return std::exchange(bytes_, bytes_ + width * rows_);
    const std::size_t place = free.back();  // used last
    free.pop_back();
    return place;
  }
  void give_back(std::size_t width, std::size_t place) { free_[width].push_back(place); }

 private:
  std::size_t rows_, bytes_ = 0;
  std::array<std::vector<std::size_t>, sizeof(double) + 1> free_;
};

}  // namespace

void arrange(Layout& layout, const OtherReaders& readers, Steps& steps) {
  Parts parts(layout);
  const PartsOfSteps parts_of(parts, steps.varying);
  const std::vector<std::size_t> ordered = order(parts_of, parts.count());

  Places places(layout.rows);
  std::vector<std::size_t> place_of(parts.count(), none), last_step(parts.count(), none);
  const auto take = [&](std::size_t part) {
    if (place_of[part] != none) return;
    place_of[part] = places.take(parts.width(part));
    parts.set_place(part, place_of[part]);
  };
  const auto keep = [&](Register of) { parts.each_of(of, take); };
  for (const Step& step : steps.fixed) parts.each_of(step, take);
  each_read_after(layout, readers, keep);
  for (const Step& step : steps.varying) {
    if (step.flags_only) each_filled(layout.plan, step, keep);  // values that no step writes are 0
  }
  for (const std::size_t step : ordered) {
    for (const std::size_t part : parts_of.of(step)) {
      if (place_of[part] == none) last_step[part] = step;
    }
  }
  std::vector<Step> arranged;
  arranged.reserve(ordered.size());
  for (const std::size_t step : ordered) {
    for (const std::size_t part : parts_of.of(step)) take(part);
    for (const std::size_t part : parts_of.of(step)) {
      if (last_step[part] != step) continue;
      last_step[part] = none;
      places.give_back(parts.width(part), place_of[part]);
    }
    arranged.push_back(std::move(steps.varying[step]));
  }
  steps.varying = std::move(arranged);
  parts.share_flags();
  layout.bytes = places.bytes();
}

}  // namespace appraise::detail
