#include "memory_traffic.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

#include "native.hpp"
#include "score/cells.hpp"

namespace appraise::benchmarks {
namespace {

constexpr std::size_t line = 64;

}  // namespace

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

Traffic::Traffic(const Caseload& caseload, const std::vector<Scores>& results) : rows_(caseload.rows()) {
  std::set<const void*> seen;
  const auto add = [&](const void* from, std::size_t first, std::size_t size) {
    if (from != nullptr && seen.insert(from).second)
      in_.push_back({static_cast<const std::uint8_t*>(from) + first, size});
  };
  for (const Column& column : caseload.columns()) {
    const auto first = static_cast<std::size_t>(column.offset);
    const auto rows = static_cast<std::size_t>(column.length);
    const bool bits = column.type == ColumnType::boolean_bits;
    const std::size_t width = detail::width_of(column.type);
    add(column.values, bits ? first / 8 : first * width, bits ? (rows + 7) / 8 : rows * width);
    add(column.validity, first / 8, (rows + 7) / 8);
  }
  for (const Scores& scores : results) {
    const std::vector<std::size_t> sizes = sizes_of(scores);
    sizes_out_.insert(sizes_out_.end(), sizes.begin(), sizes.end());
  }
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
  out_.reserve(sizes_out_.size());
  for (const std::size_t size : sizes_out_) out_.emplace_back(size);
}

void Traffic::stream(Stores stores, int threads, std::int64_t block_rows) {
  if (out_.empty()) allocate();
  const std::int64_t blocks = std::max<std::int64_t>(1, rows_ / block_rows);
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([=, this] { stream_part(stores, blocks, i, threads); });
  stream_part(stores, blocks, 0, threads);
  for (std::thread& other : others) other.join();
}

void Traffic::stream_part(Stores stores, std::int64_t blocks, std::int64_t part, std::int64_t parts) {
  // Where a block begins: at a whole cache line, though its share may be half of one. Nothing here is to take time.
  constexpr unsigned fraction = 16;
  const auto share_of = [&](std::size_t size) { return (size << fraction) / static_cast<std::size_t>(blocks); };
  std::vector<std::size_t> shares_in, shares_out;
  for (const auto& [bytes, size] : in_) shares_in.push_back(share_of(size));
  for (const auto& out : out_) shares_out.push_back(share_of(out.size()));
  const auto begin = [&](std::size_t share, std::size_t size, std::int64_t block) {
    return block == blocks ? size : (share * static_cast<std::size_t>(block) >> fraction) & ~(line - 1);
  };
  for (std::int64_t block = blocks * part / parts; block < blocks * (part + 1) / parts; ++block) {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const std::size_t first = begin(shares_in[i], in_[i].size, block);
      read_bytes(in_[i].bytes + first, begin(shares_in[i], in_[i].size, block + 1) - first);
    }
    for (std::size_t i = 0; i < out_.size(); ++i) {
      const std::size_t first = begin(shares_out[i], out_[i].size(), block);
      const std::size_t last = begin(shares_out[i], out_[i].size(), block + 1);
      write_bytes(out_[i].data() + first, last - first, stores == Stores::streaming);
    }
  }
  if (stores == Stores::streaming) finish_streaming();
}

}  // namespace appraise::benchmarks
