/// Reasons that were found before for a row like this one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "score/block.hpp"

namespace appraise::detail {

/// Bits that tell rows apart, in words: flags of registers and truths of conditions, in the order in which they were
/// added, the first in the lowest bits.
class RowKeys {
 public:
  /// The flags of a register.
  void add_flags(Register of) { add({of, no_register}); }
  /// The truth of a condition; where a register is named, only in rows in which it has flags.
  void add_truth(Register of, Register flagged = no_register) { add({flagged, of}); }

  [[nodiscard]] std::size_t words() const noexcept { return (bytes_ + 7) / 8; }
  /// Reads the keys of lane_rows rows of a block, from one on.
  void read(const Block& block, int first);
  /// A word of the key of one of these rows.
  [[nodiscard]] std::uint64_t at(std::size_t word, int row) const noexcept {
    return keys_[word * lane_rows + static_cast<std::size_t>(row)];
  }

  struct Part {
    Register flags = no_register, truth = no_register;
    bool begins = false;  ///< a byte
    [[nodiscard]] int bits() const noexcept { return truth == no_register ? 4 : 1; }
  };

 private:
  void add(Part part);

  std::vector<Part> parts_;
  std::size_t bytes_ = 0;
  int room_ = 0;                      ///< bits of the last byte
  std::vector<std::uint8_t> planes_;  ///< the first byte of every row, then the second ...
  std::vector<std::uint64_t> keys_;   ///< the first word of every row, then the second ...
};

/// All that the reasons of a row can depend on: flags that an answer has or an operation raises, and truths that decide
/// which of these are followed, where there is something to follow.
[[nodiscard]] RowKeys reason_keys(const Layout& layout);

/// Lists of texts by key. Memory is taken once, when it is made ready: a list that finds its place taken replaces what
/// is there.
class ReasonMemo {
 public:
  /// `words` of a key; `bytes` that it may take.
  ReasonMemo(std::size_t words, std::size_t bytes) : words_(words), bytes_(bytes) {}

  /// Before the first list is looked for.
  void make_ready();

  /// The list of a key, if it is known.
  [[nodiscard]] std::optional<std::span<const std::uint16_t>> find(const std::uint64_t* key) noexcept;
  /// Keeps the list of the key that was looked for last.
  void keep(const std::uint64_t* key, std::span<const std::int32_t> texts) noexcept;

 private:
  static constexpr std::size_t longest = 15;  ///< list that is kept

  struct List {
    std::int16_t length = -1;  ///< below 0: none
    std::uint16_t texts[longest];
  };
  std::size_t words_, bytes_;
  std::size_t place_ = 0;  ///< of the key that was looked for last
  std::vector<std::uint64_t> keys_;
  std::vector<List> lists_;
};

}  // namespace appraise::detail
