// Lowest and highest possible values: which rows they are worked out for.
#include "score/bounds.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "score/bounds_kernels.hpp"
#include "score/bytes.hpp"

namespace appraise::detail {

namespace {

constexpr std::align_val_t alignment{64};

std::vector<Register> reported_by(const BoundingSteps& steps) {
  std::vector<Register> registers;
  for (const ReportedEnds& one : steps.reported) registers.push_back(one.of);
  return registers;
}

/// Bytes of a row of a block that holds values and flags of some registers only.
std::size_t bytes_of(const Plan& plan, const std::vector<Register>& values, const std::vector<Register>& flags) {
  std::size_t bytes = flags.size();
  for (const Register one : values) bytes += width_of(plan.registers[static_cast<std::size_t>(one)]);
  return bytes;
}

int whole_lots(int rows) { return rows / lane_rows * lane_rows; }

/// Rows that ranges are worked out for at a time, where these may take some memory.
int most_rows(const Layout& layout, const BoundingSteps& steps) {
  const std::size_t of_a_row = EndsMemory::bytes_of(steps) + bytes_of(layout.plan, steps.answers, steps.flags) + 1;
  const int fitting = static_cast<int>(std::min<std::size_t>(layout.spare / 8 * 5 / of_a_row, most_bounded_rows));
  return std::max(whole_lots(fitting), lane_rows);
}

/// Rows of a stretch, no fewer than those of a block.
int most_of_a_stretch(const Layout& layout, const BoundingSteps& steps) {
  const std::vector<Register> reported = reported_by(steps);
  const std::size_t of_a_row = bytes_of(layout.plan, reported, reported) + 1;
  const int fitting = static_cast<int>(std::min<std::size_t>(layout.spare / 8 * 3 / of_a_row, largest_block));
  return std::max(whole_lots(fitting), layout.rows);
}

}  // namespace

PickedRows::PickedRows(int rows_of_a_block)
    : marks(static_cast<std::size_t>(rows_of_a_block)),
      rows(static_cast<std::size_t>(rows_of_a_block + lane_rows)),
      begins(static_cast<std::size_t>(rows_of_a_block / group_rows + 1)),
      orders(static_cast<std::size_t>(rows_of_a_block)) {}

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
      most_(places == Places::own ? layout.rows : most_rows(layout, steps_)),
      waiting_layout_(layout, steps_.answers, steps_.flags, most_ + lane_rows),
      stretch_layout_(layout, reported_by(steps_), reported_by(steps_), most_of_a_stretch(layout, steps_)),
      waiting_(waiting_layout_),
      stretch_(stretch_layout_),
      ends_(steps_, most_),
      picked_(layout.rows),
      stretch_rows_(static_cast<std::size_t>(most_)) {}

Range BoundedRows::range(Register of, int at) const noexcept {
  if (are_bytes(of)) {
    const auto end = [&](End which) { return static_cast<double>(ends<std::int8_t>(of, which)[at]); };
    return {end(End::lowest), end(End::highest)};
  }
  return {ends<double>(of, End::lowest)[at], ends<double>(of, End::highest)[at]};
}

void BoundedRows::clear() noexcept {
  stretch_.set_rows(0);
  count_ = 0;
}

bool BoundedRows::find(const Block& block) {
  if (!find_uncertain(block, steps_.reported, steps_.watched, picked_.marks.data()) && rows() == 0) return false;
  pick_rows(block.rows(), picked_);
  return picked_.count > 0;
}

void BoundedRows::keep(const Block& block, int from, int to) {
  const auto first = static_cast<std::size_t>(from), count = static_cast<std::size_t>(to - from),
             at = static_cast<std::size_t>(rows());
  for (const ReportedEnds& one : steps_.reported) {
    const std::size_t width = width_of(block.type(one.of));
    std::memcpy(stretch_.flags(one.of) + at, block.flags(one.status) + first, count);
    std::memcpy(stretch_.values<std::byte>(one.of) + width * at, block.values<std::byte>(one.of) + width * first,
                width * count);
  }
}

int BoundedRows::add(const Block& block, int from) {
  constexpr int lot = lane_rows / PickedRows::group_rows;
  const auto before = [&](int group) { return picked_.begins[static_cast<std::size_t>(group)]; };
  const int first = from / PickedRows::group_rows;
  const int groups = std::min(block.padded() - from, stretch_layout_.rows - rows()) / PickedRows::group_rows + first;
  int end = first;
  while (end < groups && count_ + before(end + lot) - before(first) <= most_) end += lot;
  const int to = end * PickedRows::group_rows;
  keep(block, from, to);
  copy_picked(block, picked_, first, end, steps_, waiting_, count_);
  for (int i = before(first); i < before(end); ++i) {
    stretch_rows_[static_cast<std::size_t>(count_++)] = rows() - from + picked_.rows[static_cast<std::size_t>(i)];
  }
  const int added = std::min(to, block.rows()) - from;
  stretch_.set_rows(rows() + added);
  return from + added;
}

bool BoundedRows::is_full() const noexcept {
  // Another block of the kind of the last would make steps run twice, and once for a few rows.
  const auto block_rows = static_cast<int>(picked_.marks.size());
  return rows() + block_rows > stretch_layout_.rows || count_ + picked_.count + picked_.count / 4 > most_;
}

void BoundedRows::bound(const Block& block) {
  clear();
  std::fill_n(picked_.marks.begin(), block.rows(), std::uint8_t{1});
  pick_rows(block.rows(), picked_);
  static_cast<void>(add(block, 0));
  run_steps();
}

void BoundedRows::run_steps() {
  for (const BoundingStep& step : steps_.steps) step.kernel(*this, step);
}

void BoundedRows::finish() {
  if (count_ > 0) run_steps();
}

const Block& BoundedRows::report(End end) {
  for (const ReportedEnds& one : steps_.reported) detail::report(*this, one, end, stretch_rows_.data(), stretch_);
  return stretch_;
}

}  // namespace appraise::detail
