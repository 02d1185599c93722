/// Random caseloads: every item in a column of a type it can be given in, with missing and invalid responses.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/instrument.hpp"
#include "reference/column_form.hpp"
#include "reference/random_source.hpp"
#include "reference/reference_scorer.hpp"

namespace appraise::testing {

/// An item of an instrument, or of one that it uses.
struct NamedItem {
  std::string column;
  const Item* item;
  const Instrument* owner;
};
[[nodiscard]] std::vector<NamedItem> items_of(const Instrument& instrument, const std::string& prefix = "");

/// The numbers and dates at which something changes in an instrument.
struct Edges {
  std::vector<double> numbers;
  std::vector<double> dates;
};
[[nodiscard]] Edges edges_of(const Instrument& instrument);

/// How well a row is answered.
enum class Mood : std::uint8_t { complete, gaps, faults, wild };

/// A random response to an item; `complete` gives only valid ones.
[[nodiscard]] Response random_response(Random& random, const NamedItem& of, const Edges& edges, Mood mood);

class RandomCaseload {
 public:
  RandomCaseload(Random& random, const Instrument& instrument, std::int64_t rows);
  /// One row for each mood.
  RandomCaseload(Random& random, const Instrument& instrument, const std::vector<Mood>& moods);

  [[nodiscard]] const Caseload& caseload() const { return caseload_; }
  [[nodiscard]] const std::vector<std::unique_ptr<OwnedColumn>>& columns() const { return columns_; }
  /// The row's responses, as the reference scorer takes them.
  [[nodiscard]] reference::Row row(std::int64_t number) const;

 private:
  std::vector<std::unique_ptr<OwnedColumn>> columns_;
  Caseload caseload_;
};

}  // namespace appraise::testing
