/// Operations on registers of bytes, whole vectors of rows at a time.
#pragma once

#include <cstdint>

#include "score/block.hpp"
#include "score/bounding_steps.hpp"
#include "score/run.hpp"

namespace appraise::detail {

/// Flags of all registers named, joined, of every row in use and those that pad them.
void join_flags(const Block& block, const std::vector<Register>& of, std::uint8_t* out);
/// Lists the numbers of the rows whose mark is not 0, and gives how many there are. Marks are read, and `out` has room,
/// for whole vectors.
int list_marked(const std::uint8_t* marks, int count, std::int32_t* out);
/// Marks rows with 1 in which lowest and highest of something that is reported, and that flags do not hide, may differ
/// from its value, with 0 the others: it has flags itself, or a register that is watched has. False: none is marked, of
/// these rows and those that pad them.
[[nodiscard]] bool find_uncertain(const Block& block, const std::vector<ReportedEnds>& reported,
                                  const std::vector<Register>& watched, std::uint8_t* out);
/// table[index], of a table filled up to sixteens; an index beyond it gives 0.
void look_up_bytes(const std::uint8_t* index, const std::vector<std::uint8_t>& table, int n, std::uint8_t* out);
/// Of an operation whose result is looked up.
Kernel table_kernel();
/// Of an extreme all of whose operands are bytes.
Kernel extreme_kernel();
/// Of a gate; the rules that vary are the `parts` of its step.
Kernel judge_kernel();
/// Of what passes a gate, in bytes.
Kernel gate_kernel();
/// Of a comparison that is unknown in every row: only the flags are joined.
Kernel unknown_kernel();
/// What stands for the answer to an item that does not always apply.
enum Answer : std::uint8_t { answer_given, answer_none, answer_otherwise, answer_substitute };
/// Of each row.
struct JudgedAnswers {
  std::uint8_t *response_flags, *points_flags, *fault, *answer;
};
/// `differs`: the points given are not those of an item that does not apply.
void judge_answers(const Block& block, const ApplyItem& op, const std::uint8_t* differs, bool substitutes,
                   const JudgedAnswers& out);

}  // namespace appraise::detail
