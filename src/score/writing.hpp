/// Copies registers to result columns, in vectors of any processor. `first` is a multiple of lane_rows.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "score/block.hpp"

namespace appraise::detail {

/// By the flags of a row.
using FlagTable = std::array<std::uint8_t, 16>;

/// A whole register, or one of bytes, as int32.
void write_wholes(const Block& block, Register of, std::int64_t first, std::int32_t* out);
/// Any register as doubles; 0, never -0.
void write_reals(const Block& block, Register of, std::int64_t first, double* out);
/// The bytes of a register of labels.
void write_labels(const Block& block, Register of, std::int64_t first, std::uint8_t* out);
/// table[label] where the register is usable, else 0.
void write_mapped(const Block& block, Register of, const std::vector<std::uint8_t>& table, std::int64_t first,
                  std::uint8_t* out);
/// table[flags].
void write_flags(const Block& block, Register of, const FlagTable& table, std::int64_t first, std::uint8_t* out);
/// One bit a row: table[flags] is not 0. Bits behind the last row are 0.
void write_validity(const Block& block, Register of, const FlagTable& table, std::int64_t first, std::uint8_t* out);
/// table[value - lowest] of a byte register where the row is usable, else 0. The table covers 0.
void write_looked_up(const Block& block, Register of, const std::vector<double>& table, int lowest, std::int64_t first,
                     double* out);
void write_looked_up(const Block& block, Register of, const std::vector<std::int32_t>& table, int lowest,
                     std::int64_t first, std::int32_t* out);
/// One bit a row, as write_validity: the row is usable and held[value - lowest] is not 0.
void write_held(const Block& block, Register of, const std::vector<std::uint8_t>& held, int lowest, std::int64_t first,
                std::uint8_t* out);

}  // namespace appraise::detail
