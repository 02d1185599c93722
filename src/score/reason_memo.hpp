/// Reasons that were found before for a row like this one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "score/block.hpp"

namespace appraise::detail {

/// Tells rows apart by all that their reasons can depend on: flags that an answer has or an operation raises, and
/// truths that decide which of these are followed, where there is something to follow.
class ReasonKeys {
 public:
  explicit ReasonKeys(const Layout& layout);

  /// Bytes of a key, a multiple of eight.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Writes the keys of some rows of a block, one after the other.
  void write(const Block& block, std::span<const std::int32_t> rows, std::uint8_t* keys) const;

 private:
  /// Flags of a register; or the truth of a condition, where a register has flags.
  struct Part {
    Register flags = no_register, truth = no_register;
    friend bool operator==(const Part&, const Part&) = default;
  };
  void add(Register flags, Register truth = no_register);

  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

/// Lists of texts by key. Memory is taken once, when it is made ready: a list that finds its place taken replaces what
/// is there.
class ReasonMemo {
 public:
  /// `bytes`: that it may take.
  ReasonMemo(std::size_t key_size, std::size_t bytes) : key_size_(key_size), bytes_(bytes) {}

  /// Before the first list is looked for.
  void make_ready();

  /// The list of a key, if it is known.
  [[nodiscard]] std::optional<std::span<const std::int32_t>> find(const std::uint8_t* key) noexcept;
  /// Keeps the list of the key that was looked for last.
  void keep(const std::uint8_t* key, std::span<const std::int32_t> texts) noexcept;

 private:
  static constexpr std::size_t longest = 15;  ///< list that is kept

  struct List {
    std::int32_t length = -1;  ///< below 0: none
    std::int32_t texts[longest];
  };
  std::size_t key_size_, bytes_;
  std::size_t place_ = 0;
  std::vector<std::uint8_t> keys_;
  std::vector<List> lists_;
};

}  // namespace appraise::detail
