// In which order steps run, and where what they make lies in a block.
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "score/step_registers.hpp"

namespace appraise::detail {

namespace {

/// What has a place in a block, by number: the values of every register, then the flags of each, then each of its
/// forms.
class Parts {
 public:
  explicit Parts(Layout& layout) : layout_(layout), registers_(layout.plan.registers.size()) {}

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

  /// Calls `use` with the values and flags of a register, if it has any.
  template <class Use>
  void each_of(Register of, Use use) const {
    if (!layout_.live(of)) return;
    use(static_cast<std::size_t>(of));
    use(registers_ + static_cast<std::size_t>(layout_.flagged_as(of)));
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

  Layout& layout_;
  std::size_t registers_;
};

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// Puts each step behind those that it reads from, which come as late as they can.
void order(const Parts& parts, std::vector<Step>& steps) {
  std::vector<std::size_t> maker(parts.count(), none);
  std::vector<std::vector<std::size_t>> before(steps.size());
  std::vector<std::uint8_t> is_read(steps.size(), 0), is_visited(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    parts.each_of(steps[i], [&](std::size_t part) {
      std::size_t& made_by = maker[part];
      if (made_by == none) made_by = i;
      if (made_by == i) return;
      before[i].push_back(made_by);
      is_read[made_by] = 1;
    });
    std::reverse(before[i].begin(), before[i].end());  // they are taken from the end
  }
  std::vector<Step> ordered;
  ordered.reserve(steps.size());
  std::vector<std::size_t> path;
  for (std::size_t last = 0; last < steps.size(); ++last) {
    if (is_read[last] == 0) path.push_back(last);
    while (!path.empty()) {
      const std::size_t i = path.back();
      if (!before[i].empty()) {
        const std::size_t next = before[i].back();
        before[i].pop_back();
        if (is_visited[next] == 0) path.push_back(next);
        continue;
      }
      path.pop_back();
      if (std::exchange(is_visited[i], std::uint8_t{1}) == 0) ordered.push_back(std::move(steps[i]));
    }
  }
  steps = std::move(ordered);
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
  order(parts, steps.varying);

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
  for (std::size_t i = 0; i < steps.varying.size(); ++i) {
    parts.each_of(steps.varying[i], [&](std::size_t part) {
      if (place_of[part] == none) last_step[part] = i;
    });
  }
  for (std::size_t i = 0; i < steps.varying.size(); ++i) {
    parts.each_of(steps.varying[i], take);
    parts.each_of(steps.varying[i], [&](std::size_t part) {
      if (std::exchange(last_step[part], last_step[part] == i ? none : last_step[part]) != i) return;
      places.give_back(parts.width(part), place_of[part]);
    });
  }
  for (Register of = 0; of < static_cast<Register>(layout.places.size()); ++of) {
    Place& own = layout.places[static_cast<std::size_t>(of)];
    own.flags = layout.places[static_cast<std::size_t>(layout.flagged_as(of))].flags;
  }
  layout.bytes = places.bytes();
}

}  // namespace appraise::detail
