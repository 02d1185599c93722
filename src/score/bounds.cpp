// Lowest and highest possible values: which rows they are worked out for.
#include "score/bounds.hpp"

#include <algorithm>
#include <new>

#include "score/bounds_kernels.hpp"
#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

constexpr std::align_val_t alignment{64};

std::size_t bytes_of_a_row(const BoundingSteps& steps) {
  return 2 *
         (static_cast<std::size_t>(steps.byte_places) + sizeof(double) * static_cast<std::size_t>(steps.real_places));
}

std::vector<Register> registers_of(const std::vector<ReportedEnds>& reported) {
  std::vector<Register> registers;
  for (const ReportedEnds& one : reported) registers.push_back(one.of);
  return registers;
}

}  // namespace

void BoundedRows::Free::operator()(std::byte* bytes) const noexcept { ::operator delete(bytes, alignment); }

BoundedRows::BoundedRows(const Layout& layout, Places places)
    : steps_(layout, places), kept_(layout, registers_of(steps_.reported)), lowest_(kept_), highest_(kept_) {
  const std::size_t of_a_row = std::max<std::size_t>(bytes_of_a_row(steps_), 1);
  const int fitting = static_cast<int>(std::min<std::size_t>(layout.spare / of_a_row, most_bounded_rows));
  most_ = std::clamp(fitting / lane_rows * lane_rows, lane_rows, layout.rows);
  const auto most = static_cast<std::size_t>(most_);
  first_byte_ = 2 * sizeof(double) * static_cast<std::size_t>(steps_.real_places) * most;
  ends_.reset(static_cast<std::byte*>(::operator new(of_a_row* most, alignment)));
  std::fill_n(ends_.get(), of_a_row * most, std::byte{0});
  gathered_.resize(sizeof(double) * most);
  uncertain_.resize(static_cast<std::size_t>(layout.rows));
  selected_.resize(static_cast<std::size_t>(layout.rows));
}

Range BoundedRows::range(Register of, int at) const noexcept {
  if (are_bytes(of)) {
    const auto end = [&](End which) { return static_cast<double>(ends<std::int8_t>(of, which)[at]); };
    return {end(End::lowest), end(End::highest)};
  }
  return {ends<double>(of, End::lowest)[at], ends<double>(of, End::highest)[at]};
}

int BoundedRows::select(const Block& block) {
  find_uncertain(block, steps_.reported, steps_.watched, uncertain_.data());
  int count = 0;
  const int rows = block.rows();
  for (int row = 0; row < rows; row += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, uncertain_.data() + row, sizeof eight);
    if (eight == 0) continue;
    for (int i = row; i < std::min(row + 8, rows); ++i) {
      selected_[static_cast<std::size_t>(count)] = i;  // overwritten if it is not one
      count += uncertain_[static_cast<std::size_t>(i)];
    }
  }
  return count;
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

void BoundedRows::bound_rows() {
  for (const BoundingStep& step : steps_.steps) step.kernel(*this, step);
}

void BoundedRows::bound(const Block& block, int first, int count) {
  block_ = &block;
  rows_ = nullptr;
  first_ = first;
  count_ = count;
  bound_rows();
}

bool BoundedRows::run(const Block& block) {
  const int selected = select(block);
  if (selected == 0) return false;
  // From about half of the rows on it costs less to work out all, whole vectors as they lie, than to gather some.
  const bool all = 2 * selected >= block.rows() || steps_.real_places == 0;
  const int rows = all ? block.rows() : selected;
  begin_reports(block, all);
  for (int i = 0; i < rows; i += most_) {
    const int count = std::min(most_, rows - i);
    if (all) {
      bound(block, i, count);
    } else {
      block_ = &block;
      rows_ = &selected_[static_cast<std::size_t>(i)];
      count_ = count;
      bound_rows();
    }
    for (const ReportedEnds& one : steps_.reported) report(*this, one, lowest_, highest_);
  }
  return true;
}

}  // namespace appraise::detail
