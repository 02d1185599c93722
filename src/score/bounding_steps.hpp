/// What lowest and highest possible values are worked out by, and where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "score/run.hpp"

namespace appraise::detail {

class BoundedRows;
struct BoundingStep;
/// Works out the ranges that a step fills, of the rows in hand.
using BoundingKernel = void (*)(const BoundedRows&, const BoundingStep&);

/// An operation over ranges.
struct BoundingStep {
  const PlannedOperation* operation = nullptr;
  BoundingKernel kernel = nullptr;
  std::shared_ptr<Terms> terms = nullptr;  ///< of a term or a sum of terms
};

/// Where the lowest and highest values of a register lie: one of several places of the same type. Registers share one
/// where nothing reads the range of the one when that of the other is worked out.
struct EndsPlace {
  std::int32_t number = -1;  ///< or none: they are not worked out
  bool bytes = false;        ///< else doubles
};

/// A register whose lowest and highest values are reported, in rows where the flags of another do not hide them.
struct ReportedEnds {
  Register of = no_register, status = no_register;
};

struct BoundingSteps {
  enum class Places : std::uint8_t { shared, own };
  /// `own`: every register keeps its place to itself.
  BoundingSteps(const Layout& layout, Places places);

  std::vector<BoundingStep> steps;  ///< in order
  std::vector<EndsPlace> places;    ///< of each register; the same where one hands on the range of another
  std::int32_t byte_places = 0, real_places = 0;
  std::vector<ReportedEnds> reported;
  /// Registers that what is read of them may have no flags although they have some: a row in which none of them has any
  /// has every value without flags as its own lowest and highest.
  std::vector<Register> watched;
  /// What steps, and reports, read of the rows themselves: answers, where they have no flags, and flags.
  std::vector<Register> answers, flags;
};

}  // namespace appraise::detail
