#include "memory_traffic.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

#include "native.hpp"

namespace appraise::benchmarks {
namespace {

constexpr std::size_t line = 64;

/// Rows of a block: of 256, 512 ... 262144 the fastest on the machine of docs/performance.md.
constexpr std::int64_t block_rows = 1024;

std::size_t width_of(ColumnType type) {
  switch (type) {
    case ColumnType::int16:
    case ColumnType::uint16:
      return 2;
    case ColumnType::int32:
    case ColumnType::uint32:
    case ColumnType::float32:
    case ColumnType::date32:
      return 4;
    case ColumnType::int64:
    case ColumnType::uint64:
    case ColumnType::float64:
      return 8;
    default:
      return 1;
  }
}

}  // namespace

void Bytes::Free::operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }

Bytes::Bytes(std::size_t size)
    : size_(size), bytes_(static_cast<std::uint8_t*>(std::aligned_alloc(line, (size + line) / line * line))) {
  if (bytes_ == nullptr) throw std::bad_alloc();
}

std::vector<std::size_t> sizes_of(const Scores& scores) {
  std::vector<std::size_t> sizes;
  for (const ScoreColumn& column : scores.columns) {
    sizes.insert(sizes.end(), {column.wholes.size() * sizeof(std::int32_t), column.reals.size() * sizeof(double),
                               column.bytes.size(), column.validity.size()});
  }
  for (const TextLists* lists : {&scores.reasons, &scores.cautions}) {
    sizes.push_back(lists->offsets.size() * sizeof(std::int64_t));
    sizes.push_back(lists->numbers.size() * sizeof(std::int32_t));
  }
  std::erase(sizes, std::size_t{0});
  return sizes;
}

Traffic::Traffic(const Caseload& caseload, const std::vector<Scores>& results)
    : blocks_(std::max<std::int64_t>(1, caseload.rows() / block_rows)) {
  std::set<const void*> seen;
  const auto add = [&](const void* from, std::size_t first, std::size_t size) {
    if (from != nullptr && seen.insert(from).second)
      in_.push_back({static_cast<const std::uint8_t*>(from) + first, size});
  };
  for (const Column& column : caseload.columns()) {
    const auto first = static_cast<std::size_t>(column.offset);
    const auto rows = static_cast<std::size_t>(column.length);
    const bool bits = column.type == ColumnType::boolean_bits;
    const std::size_t width = width_of(column.type);
    add(column.values, bits ? first / 8 : first * width, bits ? (rows + 7) / 8 : rows * width);
    add(column.validity, first / 8, (rows + 7) / 8);
  }
  for (const Scores& scores : results) {
    const std::vector<std::size_t> sizes = sizes_of(scores);
    sizes_out_.insert(sizes_out_.end(), sizes.begin(), sizes.end());
  }
  const auto share = [this](std::size_t size) { return size / static_cast<std::size_t>(blocks_) / line * line; };
  for (const auto& [bytes, size] : in_) shares_in_.push_back(share(size));
  for (const std::size_t size : sizes_out_) shares_out_.push_back(share(size));
  allocate();
}

std::size_t Traffic::bytes_in() const noexcept {
  return std::accumulate(in_.begin(), in_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& stretch) { return sum + stretch.size; });
}
std::size_t Traffic::bytes_out() const noexcept {
  return std::accumulate(sizes_out_.begin(), sizes_out_.end(), std::size_t{0});
}

void Traffic::renew() { out_.clear(); }

void Traffic::allocate() {
  for (const std::size_t size : sizes_out_) out_.emplace_back(size);
}

void Traffic::stream(Stores stores, int threads) {
  if (out_.empty()) allocate();
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([=, this] { stream_part(stores, i, threads); });
  stream_part(stores, 0, threads);
  for (std::thread& other : others) other.join();
}

void Traffic::stream_part(Stores stores, std::int64_t part, std::int64_t parts) {
  for (std::int64_t block = blocks_ * part / parts; block < blocks_ * (part + 1) / parts; ++block) {
    const auto before = static_cast<std::size_t>(block);
    const bool last = block + 1 == blocks_;
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const std::size_t first = before * shares_in_[i];
      read_bytes(in_[i].bytes + first, last ? in_[i].size - first : shares_in_[i]);
    }
    for (std::size_t i = 0; i < out_.size(); ++i) {
      const std::size_t first = before * shares_out_[i];
      write_bytes(out_[i].data() + first, last ? out_[i].size() - first : shares_out_[i], stores == Stores::streaming);
    }
  }
  if (stores == Stores::streaming) finish_streaming();
}

}  // namespace appraise::benchmarks
