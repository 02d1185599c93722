/// Operations on registers of bytes, whole vectors of rows at a time.
#pragma once

#include <cstdint>

#include "score/block.hpp"
#include "score/run.hpp"

namespace appraise::detail {

/// Flags of all registers named, joined, of every row in use and those that pad them.
void join_flags(const Block& block, const std::vector<Register>& of, std::uint8_t* out);
/// table[index], of a table filled up to sixteens; an index beyond it gives 0.
void look_up_bytes(const std::uint8_t* index, const std::vector<std::uint8_t>& table, int n, std::uint8_t* out);
void map_bytes(Block& block, const ByteTable& table);
/// All operands are bytes.
void extreme_of_bytes(Block& block, const ExtremeValue& op);
void pass_gate(Block& block, const PassGate& op);
/// Unknown in every row: only the flags are joined.
void join_unknown(Block& block, const Compare& op);
/// `parts` of the step: the rules that vary.
void judge_gate(Block& block, const Gate& op, const Step& step);

}  // namespace appraise::detail
