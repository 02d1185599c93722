/// Reasons and cautions of rows.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "appraise/scores.hpp"
#include "score/block.hpp"
#include "score/reason_memo.hpp"

namespace appraise::detail {

/// Writes lists of texts row by row; a text is numbered when it is first met.
class TextWriter {
 public:
  /// The number by which this writer knows a text, for good.
  [[nodiscard]] std::int32_t intern(const std::string& text);
  [[nodiscard]] const std::string& text(std::int32_t known) const { return texts_[static_cast<std::size_t>(known)]; }
  void begin(std::int64_t rows);
  void add(std::int32_t text);
  void end_row() { lists_.offsets.push_back(static_cast<std::int64_t>(lists_.numbers.size())); }
  /// Ends rows that have no text.
  void end_rows(int count) {
    if (count <= 0) return;
    lists_.offsets.insert(lists_.offsets.end(), static_cast<std::size_t>(count),
                          static_cast<std::int64_t>(lists_.numbers.size()));
  }
  [[nodiscard]] TextLists& lists() noexcept { return lists_; }

 private:
  TextLists lists_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::int32_t> known_;
  std::vector<std::int32_t> numbers_;  ///< in lists_.texts of each known text, or -1
};

/// Joins what was written of later rows to that of earlier ones.
void append(const TextLists& later, TextLists& lists);

/// The reasons of one row, each once.
class ReasonList {
 public:
  ReasonList(const Layout& layout, TextWriter& texts) : texts_(texts), visits_(layout.plan.registers.size()) {}

  void clear();
  /// Whether a register's flags are followed for the first time.
  [[nodiscard]] bool first_visit(Register of, std::uint8_t mask);
  void insert(const char* kind, const std::string& subject);
  /// In alphabetical order.
  [[nodiscard]] const std::vector<std::int32_t>& sorted();

 private:
  /// Both live as long as the plan.
  struct Reason {
    const char* kind;
    const std::string* subject;
    friend bool operator==(const Reason&, const Reason&) = default;
  };
  struct Hash {
    std::size_t operator()(const Reason& reason) const noexcept {
      return std::hash<const void*>()(reason.kind) * 31 + std::hash<const void*>()(reason.subject);
    }
  };

  TextWriter& texts_;
  std::vector<std::int32_t> found_;
  std::vector<std::uint16_t> visits_;  ///< of each register, by mask
  std::vector<Register> visited_;
  std::unordered_map<Reason, std::int32_t, Hash> known_;
};

/// Why the values of reported scales have the flags they have.
class ReasonWriter {
 public:
  explicit ReasonWriter(const Layout& layout);

  void begin(std::int64_t rows) {
    texts_.begin(rows);
    memo_.make_ready();
  }
  void write(const Block& block);
  [[nodiscard]] TextLists& lists() noexcept { return texts_.lists(); }

 private:
  /// Of a row with flags, whose key has been read.
  void write_row(const Block& block, int row);

  TextWriter texts_;
  ReasonList reasons_;
  std::vector<Register> reported_;
  RowKeys keys_;
  ReasonMemo memo_;
  std::vector<std::uint64_t> key_;
  std::vector<std::uint8_t> any_;
  std::vector<std::int32_t> flagged_;  ///< rows
};

/// Codes of the cautions that hold, in alphabetical order.
class CautionWriter {
 public:
  explicit CautionWriter(const Layout& layout);

  void begin(std::int64_t rows) { texts_.begin(rows); }
  void write(const Block& block);
  [[nodiscard]] TextLists& lists() noexcept { return texts_.lists(); }

 private:
  TextWriter texts_;
  RowKeys holding_;                     ///< a bit of each caution
  std::vector<std::int32_t> cautions_;  ///< texts
};

}  // namespace appraise::detail
