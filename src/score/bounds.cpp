// Lowest and highest possible values: which rows they are worked out for.
#include "score/bounds.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "score/bounds_kernels.hpp"
#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

constexpr std::align_val_t alignment{64};

std::vector<Register> registers_of(const std::vector<ReportedEnds>& reported) {
  std::vector<Register> registers;
  for (const ReportedEnds& one : reported) registers.push_back(one.of);
  return registers;
}

/// Steps run for no more of some rows than one of two.
int rows_of_some(const BoundingSteps& steps, int rows) {
  const bool any =
      std::any_of(steps.steps.begin(), steps.steps.end(), [](const BoundingStep& step) { return step.for_some; });
  return any ? (rows / 2 + lane_rows - 1) / lane_rows * lane_rows : 0;
}

/// Rows that ranges are worked out for at a time, where these may take some memory.
int most_rows(const Layout& layout, const BoundingSteps& steps) {
  const std::size_t of_a_row = std::max<std::size_t>(EndsMemory::bytes_of(steps), 1);
  const int fitting = static_cast<int>(std::min<std::size_t>(layout.spare / of_a_row, most_bounded_rows));
  return std::clamp(fitting / lane_rows * lane_rows, lane_rows, layout.rows);
}

}  // namespace

void EndsMemory::Free::operator()(std::byte* bytes) const noexcept { ::operator delete(bytes, alignment); }

std::size_t EndsMemory::bytes_of(const BoundingSteps& steps) noexcept {
  return 2 *
         (static_cast<std::size_t>(steps.byte_places) + sizeof(double) * static_cast<std::size_t>(steps.real_places));
}

EndsMemory::EndsMemory(const BoundingSteps& steps, int rows)
    : rows_(static_cast<std::size_t>(rows)),
      first_byte_(2 * sizeof(double) * static_cast<std::size_t>(steps.real_places) * rows_),
      bytes_(static_cast<std::byte*>(::operator new(bytes_of(steps) * rows_, alignment))) {
  std::fill_n(bytes_.get(), bytes_of(steps) * rows_, std::byte{0});
}

BoundedRows::BoundedRows(const Layout& layout, Places places)
    : steps_(layout, places),
      kept_(layout, registers_of(steps_.reported)),
      lowest_(kept_),
      highest_(kept_),
      most_(most_rows(layout, steps_)),
      ends_(steps_, most_),
      ends_of_some_(steps_, rows_of_some(steps_, most_)) {
  const auto most = static_cast<std::size_t>(most_);
  gathered_.resize(sizeof(double) * most);
  gathered_flags_.resize(most);
  uncertain_.resize(static_cast<std::size_t>(layout.rows));
  selected_.resize(static_cast<std::size_t>(layout.rows + lane_rows));
  gathered_for_.resize(layout.plan.registers.size());
}

Range BoundedRows::range(Register of, int at) const noexcept {
  if (are_bytes(of)) {
    const auto end = [&](End which) { return static_cast<double>(ends<std::int8_t>(of, which)[at]); };
    return {end(End::lowest), end(End::highest)};
  }
  return {ends<double>(of, End::lowest)[at], ends<double>(of, End::highest)[at]};
}

bool BoundedRows::find_rows(const Block& block) {
  find_uncertain(block, steps_.reported, steps_.watched, uncertain_.data());
  selected_rows_ = list_marked(uncertain_.data(), block.rows(), selected_.data());
  // Of many rows it costs less to keep the ranges of all, as they lie, than to gather what every step reads.
  all_ = 3 * selected_rows_ >= block.rows() || steps_.real_places == 0;
  return selected_rows_ != 0;
}

/// Every value is its own lowest and highest, but for those that are worked out, which may be all.
void BoundedRows::begin_reports(const Block& block, bool all) {
  const auto rows = static_cast<std::size_t>(block.padded());
  for (Block* out : {&lowest_, &highest_}) {
    out->set_rows(block.rows());
    for (const ReportedEnds& one : steps_.reported) {
      std::memcpy(out->flags(one.of), block.flags(one.status), rows);
      if (all) continue;
      const std::size_t width = width_of(block.type(one.of));
      std::memcpy(out->values<std::byte>(one.of), block.values<std::byte>(one.of), rows * width);
    }
  }
}

void BoundedRows::take_rows(const Block& block, int first, int count, const std::int32_t* rows) {
  block_ = &block;
  rows_ = rows;
  first_ = first;
  count_ = count;
}

void BoundedRows::bound_rows() {
  for (const BoundingStep& step : steps_.steps) step.kernel(*this, step);
}

void BoundedRows::bound(const Block& block, int first, int count) {
  take_rows(block, first, count, nullptr);
  bound_rows();
}

void BoundedRows::bound_some(const BoundingStep& step) {
  const int all = count_;
  if (find_flagged(*block_, step.flagged, first_, all, some_)) ++some_number_;
  if (step.most_of * some_.count > all) return step.kernel(*this, step);
  for (const Register one : step.makes) take_values(*this, one);
  if (some_.count == 0) return;
  const auto is_gathered = [&](Register one) -> std::int64_t& { return gathered_for_[static_cast<std::size_t>(one)]; };
  for (const Register one : step.reads) {
    if (std::exchange(is_gathered(one), some_number_) != some_number_) gather_ends(*this, one, some_);
  }
  in_hand_ = &ends_of_some_;
  rows_ = some_.rows.data();
  count_ = some_.count;
  step.kernel(*this, step);
  in_hand_ = &ends_;
  rows_ = nullptr;
  count_ = all;
  for (const Register one : step.makes) {
    scatter_ends(*this, one, some_);
    is_gathered(one) = some_number_;
  }
}

void BoundedRows::bound_by_step() {
  some_.known = false;
  for (const BoundingStep& step : steps_.steps) {
    if (step.for_some) {
      bound_some(step);
    } else {
      step.kernel(*this, step);
    }
  }
}

void BoundedRows::run(const Block& block) {
  const int rows = all_ ? block.rows() : selected_rows_;
  begin_reports(block, all_);
  for (int i = 0; i < rows; i += most_) {
    const int count = std::min(most_, rows - i);
    if (all_) {
      take_rows(block, i, count, nullptr);
      bound_by_step();
    } else {
      take_rows(block, 0, count, &selected_[static_cast<std::size_t>(i)]);
      bound_rows();
    }
    for (const ReportedEnds& one : steps_.reported) report(*this, one, lowest_, highest_);
  }
}

}  // namespace appraise::detail
