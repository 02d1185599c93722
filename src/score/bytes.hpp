/// Operations on registers of bytes, whole vectors of rows at a time.
#pragma once

#include <cstdint>

#include "score/block.hpp"
#include "score/run.hpp"

namespace appraise::detail {

void map_bytes(Block& block, const ByteTable& table);
/// All operands are bytes.
void extreme_of_bytes(Block& block, const ExtremeValue& op);
void pass_gate(Block& block, const PassGate& op);
/// Unknown in every row: only the flags are joined.
void join_unknown(Block& block, const Compare& op);
/// `parts` of the step: the rules that vary.
void judge_gate(Block& block, const Gate& op, const Step& step);

}  // namespace appraise::detail
