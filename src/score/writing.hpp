/// Copies registers to result columns, in vectors of any processor. `first` is a multiple of lane_rows.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "score/block.hpp"

namespace appraise::detail {

/// By the flags of a row, or another number below 16.
using ByteMap = std::array<std::uint8_t, 16>;

/// How result columns are written.
enum class Stores : std::uint8_t {
  cached,
  streaming,  ///< past the caches: more than these hold
};

/// Where a result column lies.
struct ColumnMemory {
  void* values = nullptr;
  std::uint8_t* validity = nullptr;
};

/// Where all of them lie, by their numbers.
struct ResultMemory {
  const ColumnMemory* columns = nullptr;
  Stores stores = Stores::cached;
};

/// A result column that is a register, row by row, and perhaps the column of its status.
struct CopiedColumn {
  enum class As : std::uint8_t {
    wholes,  ///< of a register of bytes or whole numbers
    reals,   ///< of any; 0, never -0
    labels,  ///< of bytes
  };
  int column = 0;
  As as = As::wholes;
  Register of = no_register;
  const ByteMap* valid = nullptr;  ///< by flags: whether a row is valid
  int status = -1;                 ///< the column that has what flags mean, or none
  /// What passes a gate while it is written: `of` is no register of a block then, but this one behind this gate.
  Register before = no_register, gate = no_register;
};
/// Writes columns, which lie in `memory` by their numbers, and their validity; status by `statuses`.
void write_columns(const Block& block, const std::vector<CopiedColumn>& columns, const ByteMap& statuses,
                   const ColumnMemory* memory, std::int64_t first, Stores stores);

/// Values that are not those of a register.
void write_wholes(const std::int8_t* x, int rows, std::int64_t first, Stores stores, std::int32_t* out);
void write_labels(const std::uint8_t* x, int rows, std::int64_t first, Stores stores, std::uint8_t* out);
/// One bit a row: map[flags] is not 0. Bits behind the last row are 0.
void write_validity(const Block& block, Register of, const ByteMap& map, std::int64_t first, std::uint8_t* out);

/// The columns of a whole value of a byte whose level has the same flags.
struct LevelledColumns {
  std::int32_t* value;
  std::uint8_t* status;
  std::uint8_t* level;
  std::uint8_t* standard;  ///< or null
};
/// All of them in one pass: status by `statuses`, standard level by `standards`, both of sixteen.
void write_levelled(const Block& block, Register value, Register level, const ByteMap& statuses,
                    const std::uint8_t* standards, std::int64_t first, Stores stores, const LevelledColumns& out);

/// Where each row's value stands in tables that begin with `lowest`; a row that is not usable stands at `none`.
void index_values(const Block& block, Register of, int lowest, int none, std::uint8_t* index);
/// table[index] of each row; tables of bytes are filled up to sixteens.
void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<double>& table,
                     std::int64_t first, Stores stores, double* out);
void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<std::int32_t>& table,
                     std::int64_t first, Stores stores, std::int32_t* out);
void write_looked_up(const Block& block, const std::uint8_t* index, const std::vector<std::uint8_t>& table,
                     std::int64_t first, Stores stores, std::uint8_t* out);
/// One bit a row, as write_validity, of bytes 0 and 1 of whole vectors of rows.
void write_bits(const std::uint8_t* bytes, int rows, std::int64_t first, std::uint8_t* out);
/// One bit a row, as write_validity: held[index] is not 0.
void write_held(const Block& block, const std::uint8_t* index, const std::vector<std::uint8_t>& held,
                std::int64_t first, std::uint8_t* out);

/// After the last streaming store of a thread.
void finish_stores();

}  // namespace appraise::detail
