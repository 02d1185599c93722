/// Works out one scale in one row: one small function for each operation.
#pragma once

#include <vector>

#include "reference/row_scorer.hpp"

namespace appraise::reference {

class Worker {
 public:
  Worker(RowScorer& row, const Scale& scale) : row_(row), scale_(scale) {}

  Value operator()(const Sum& sum);
  Value operator()(const WeightedSum& sum);
  Value operator()(const Difference& difference);
  Value operator()(const Count& count);
  Value operator()(const Extreme& extreme);
  Value operator()(const Product& product);
  Value operator()(const Ratio& ratio);
  Value operator()(const Log& log);
  Value operator()(const Logistic& of);
  Value operator()(const Lookup& lookup);
  Value operator()(const Rules& rules);
  Value operator()(const Choose& choose);
  Value operator()(const FirstAvailable& first);
  Value operator()(const Clamp& clamp);
  Value operator()(const Round& round);
  Value operator()(const TimeBetween& between);
  Value operator()(const AddTime& add);
  Value operator()(const Attribute& attribute);

 private:
  /// A row of a decision; without a condition, what is taken otherwise.
  struct Possibility {
    const Condition* when;
    Value value;
  };

  const Value& read(const Reference& of);
  Value undefined();
  void keep_as_omitted(const Flags& passed);
  Value taken(const Taken& taken);
  template <typename Function>
  Value at_ends(const Reference& of, Function f);
  /// The values that are there after the missing rule; joins its flags.
  std::vector<double> answered(const std::vector<Reference>& all, const std::optional<MissingRule>& rule);
  /// The first row whose condition holds; nothing is read beyond it, or beyond one that cannot be decided.
  Value decide(const std::vector<Possibility>& rows);
  Span span_of(const std::vector<Possibility>& rows);
  Value in_bands(const Lookup& lookup);
  Value in_table(const Lookup& lookup);
  /// The cell for positions of the categories read; NaN where it is null.
  double cell(const Table& table, const Lookup& lookup, double row, double column);

  RowScorer& row_;
  const Scale& scale_;
  Value result_{0, {}, {}};
};

}  // namespace appraise::reference
