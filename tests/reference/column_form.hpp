/// The physical types a column can have, and how responses lie in them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/instrument.hpp"
#include "reference/random_source.hpp"

namespace appraise::testing {

struct Form {
  ColumnType type = ColumnType::int32;
  bool coded = false;  ///< text; the type is that of the indices
};

/// A column that owns what it views, and what its cells mean.
struct OwnedColumn {
  Column column;
  std::vector<std::uint64_t> values;  ///< words, so that every type is aligned
  std::vector<std::uint8_t> validity;
  std::vector<Response> responses;
};

/// The forms an item can be given in.
[[nodiscard]] std::vector<Form> forms_of(const Item& item);

/// The response as a column of that form would hold it; nothing if it cannot hold it.
[[nodiscard]] std::optional<Response> held(const Form& form, const Item& item, const Response& response);

/// A column of held responses, with a random offset, with values under its nulls, and with missing responses told in
/// every way that the form knows.
[[nodiscard]] std::unique_ptr<OwnedColumn> column_of(Random& random, const std::string& name, const Form& form,
                                                     std::vector<Response> responses);

}  // namespace appraise::testing
