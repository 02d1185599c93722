/// The four things that can be done with an operation on a block: values, bounds, reasons; and the loading of items.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/detail/block.hpp"

namespace appraise::detail {

/// An item's column, and what each entry of its dictionary stands for.
struct BoundColumn {
  const Column* column = nullptr;   ///< null: the optional column is absent
  std::vector<double> responses;    ///< by dictionary entry
  std::vector<std::uint8_t> flags;  ///< by dictionary entry: 0, flag_missing (empty text) or flag_invalid
};

/// Errors: UsageError if a column is absent that is not optional, or has a type its item cannot be given in
[[nodiscard]] std::vector<BoundColumn> bind(const Plan& plan, const Caseload& caseload);

/// Fills the registers of an item for rows [first, first + block.rows()).
void load_item(Block& block, const LoadItem& load, const BoundColumn& column, std::int64_t first);

/// Values and flags of every operation.
void run_values(Block& block, const std::vector<BoundColumn>& columns, std::int64_t first);

/// Lowest and highest possible value of every register. Needs the values.
void run_bounds(Block& block);

/// Adds the reasons of the flags in `mask` that a register has in a row.
void add_reasons(const Block& block, Register of, int row, std::uint8_t mask, std::set<std::string>& reasons);

}  // namespace appraise::detail
