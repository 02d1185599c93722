/// The names of result columns, and what they hold.
#pragma once

#include <functional>
#include <string>

#include "appraise/instrument.hpp"

namespace appraise::detail {

/// What a result column holds.
struct ColumnContent {
  enum class Kind : std::uint8_t { value, number, status, level, standard_level, text };
  Kind kind = Kind::value;
  const Scale* scale = nullptr;
  const Norms* norms = nullptr;  ///< the norm set that must have been selected
};

/// Calls `f` with name and content of each result column that scoring can give.
void for_each_column(const Instrument& instrument,
                     const std::function<void(const std::string&, const ColumnContent&)>& f);

}  // namespace appraise::detail
