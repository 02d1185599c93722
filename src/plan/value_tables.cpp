// Tables of the operations that depend on one byte or whole number alone. They are made by running the operations once
// for every state that this number can be in.
#include <algorithm>
#include <cmath>
#include <utility>

#include "plan/inputs.hpp"
#include "score/one_row.hpp"
#include "score/values.hpp"

namespace appraise::detail {

namespace {

/// Operations that a table never stands for, and that none which has one is made of: they read what is no number alone,
/// pass over flags, or belong to a sum.
using NeverTabulated =
    Kind<LoadItem, ApplyItem, Constant, IsMissing, TakeFirst, WeighTerm, MeasureTime, MoveTime, PassGate, Gate>;
/// Operations on bytes that cost no more than a look-up; what reads them may be looked up all the same.
using AsFastAsTables = Kind<Join, CountTrue, SumValues, ExtremeValue, Subtract, ApplyWhen>;

/// Beyond its lowest and highest edge, one and the same is made of all values; null: of an operation without edges.
/// Bands without an end are all alike: any number will do.
template <class Bands>
std::optional<Range> edges_of(const Bands& bands) {
  Range edges{unbounded, -unbounded};
  for (const auto& band : bands) {
    for (const std::optional<double>& end : {band.interval.from, band.interval.to}) {
      if (end) edges = hull(edges, exactly(*end));
    }
  }
  return edges.low <= edges.high ? edges : exactly(0);
}
std::optional<Range> edges_of(const PlannedOperation& operation) {
  if (const auto* bands = std::get_if<LookUpBand>(&operation)) return edges_of(bands->bands);
  if (const auto* level = std::get_if<FindLevel>(&operation)) return edges_of(level->scheme->bands);
  if (const auto* compare = std::get_if<Compare>(&operation); compare != nullptr && compare->with == no_register) {
    const auto [least, most] = std::minmax_element(compare->constants.begin(), compare->constants.end());
    return Range{*least, *most};
  }
  if (const auto* clamp = std::get_if<ClampValue>(&operation); clamp != nullptr && clamp->from && clamp->to) {
    return Range{*clamp->from, *clamp->to};
  }
  return std::nullopt;
}

/// A register as a function of another one, the root, whose flags it has beside those that it raises itself.
struct Function {
  Register root = no_register;
  Range roots;                   ///< values of the root; beyond them it is as it is at the ends
  std::vector<RowValue> values;  ///< by value of the root, where that has no flags

  [[nodiscard]] RowValue at(double root_value, std::uint64_t root_flags) const {
    if ((root_flags & unusable_flags) != 0) return {0, root_flags};
    RowValue found = values[static_cast<std::size_t>(std::clamp(root_value, roots.low, roots.high) - roots.low)];
    found.flags |= root_flags;
    return found;
  }
};

[[nodiscard]] bool is_same(const RowValue& a, const RowValue& b) { return a.value == b.value && a.flags == b.flags; }

/// Makes the tables of a plan, operation by operation.
class Tabulator {
 public:
  explicit Tabulator(Plan& plan) : plan_(plan), row_(plan), functions_(plan.registers.size()) {}

  void run() {
    for (const PlannedOperation& operation : plan_.operations) {
      plan_.tables.emplace_back();
      if (std::holds_alternative<Constant>(operation)) row_step(operation).run(row_);
      if (!is_of<NeverTabulated>(operation)) tabulate(operation);
    }
  }

 private:
  /// Places in a table are bytes, one of which stands for no value.
  static constexpr double most_values = 255;

  [[nodiscard]] RegisterType type(Register of) const { return plan_.registers[static_cast<std::size_t>(of)]; }
  [[nodiscard]] const std::optional<Function>& function(Register of) const {
    return functions_[static_cast<std::size_t>(of)];
  }
  [[nodiscard]] Register root_of(Register of) const { return function(of) ? function(of)->root : of; }

  /// What an operation reads that is not the same in every row. A sum reads what its terms read.
  [[nodiscard]] std::vector<Register> reads_of(const PlannedOperation& operation) const {
    std::vector<Register> reads;
    const auto add = [&](Register of) {
      const bool known = std::find(reads.begin(), reads.end(), of) != reads.end();
      if (!known && !std::holds_alternative<Constant>(maker_of(plan_, of))) reads.push_back(of);
    };
    const auto* sum = std::get_if<AddTerms>(&operation);
    if (sum == nullptr) {
      each_input(operation, add);
    } else {
      for (const Register term : sum->of) each_input(maker_of(plan_, term), add);
    }
    return reads;
  }

  void tabulate(const PlannedOperation& operation) {
    const std::vector<Register> reads = reads_of(operation);
    if (reads.empty()) return;
    const Register root = root_of(reads.front());
    const bool of_one = std::all_of(reads.begin(), reads.end(), [&](Register one) { return root_of(one) == root; });
    std::optional<Function> of_root;
    if (of_one && type(root) != RegisterType::real) of_root = make(operation, reads, root);
    const bool narrow = reads.size() == 1 && type(reads.front()) == RegisterType::byte;
    // Of one byte the table is the smaller one.
    const std::optional<Function> of_byte =
        narrow && reads.front() != root ? make(operation, reads, reads.front()) : std::nullopt;
    each_output(operation, [&](Register out) {
      const bool pays = type(out) == RegisterType::real || !is_of<AsFastAsTables>(operation);
      const std::optional<Function>& shown = of_byte ? of_byte : of_root;
      if (shown && pays) plan_.tables.back() = table_of(*shown, out);
      functions_[static_cast<std::size_t>(out)] = std::move(of_root);
    });
  }

  /// Values of the root that tell apart what an operation makes.
  [[nodiscard]] Range roots_of(const PlannedOperation& operation, const std::vector<Register>& reads,
                               Register root) const {
    const Range span = plan_.spans[static_cast<std::size_t>(root)];
    Range roots{unbounded, -unbounded};
    for (const Register one : reads) {
      if (one != root) roots = hull(roots, function(one)->roots);
    }
    if (std::find(reads.begin(), reads.end(), root) == reads.end()) return roots;
    // 0 stands where there is no value.
    if (type(root) == RegisterType::byte) return hull(span, exactly(0));
    const std::optional<Range> edges = reads.size() == 1 ? edges_of(operation) : std::nullopt;
    if (!edges) return span;
    const auto within = [&](double x) { return std::clamp(x, span.low, span.high); };
    return {within(std::floor(edges->low) - 1), within(std::ceil(edges->high) + 1)};
  }

  /// What an operation makes of a root; nothing if that has too many values, or if flags are not just joined in one of
  /// its states.
  std::optional<Function> make(const PlannedOperation& operation, const std::vector<Register>& reads, Register root) {
    Function made;
    made.root = root;
    made.roots = roots_of(operation, reads, root);
    if (!(made.roots.high - made.roots.low < most_values)) return std::nullopt;
    const auto* sum = std::get_if<AddTerms>(&operation);
    const std::optional<RowTerms> terms = sum == nullptr ? std::nullopt : std::optional(terms_of(*sum));
    const RowStep step = terms ? row_step(*terms) : row_step(operation);
    Register out = no_register;
    each_output(operation, [&](Register one) { out = one; });
    const auto run = [&](double x, std::uint64_t flags) {
      for (const Register one : reads) row_[one] = one == root ? RowValue{x, flags} : function(one)->at(x, flags);
      step.run(row_);
      return row_[out];
    };
    const Range span = plan_.spans[static_cast<std::size_t>(root)];
    for (double x = made.roots.low; x <= made.roots.high; ++x) {
      // The operation itself may not know a 0 that stands for no value.
      const bool known = span.low <= x && x <= span.high;
      made.values.push_back(known ? run(x, 0) : RowValue{});
      if (known && !is_same(run(x, flag_omitted), made.at(x, flag_omitted))) return std::nullopt;
    }
    for (std::uint64_t flags = 0; flags < 16; ++flags) {
      if ((flags & unusable_flags) != 0 && !is_same(run(0, flags), made.at(0, flags))) return std::nullopt;
    }
    return made;
  }

  [[nodiscard]] RowTerms terms_of(const AddTerms& sum) {
    Terms terms;
    for (const Register term : sum.of) terms.add(std::get<WeighTerm>(maker_of(plan_, term)));
    return {row_, std::move(terms), sum.intercept, sum.out};
  }

  [[nodiscard]] ValueTable table_of(const Function& function, Register out) const {
    ValueTable table;
    table.of = function.root;
    table.out = out;
    table.lowest = static_cast<std::int32_t>(function.roots.low);
    table.highest = static_cast<std::int32_t>(function.roots.high);
    bool raises = false;
    for (const RowValue& made : function.values) {
      switch (type(out)) {
        case RegisterType::byte:
          table.bytes.push_back(static_cast<std::uint8_t>(static_cast<std::int8_t>(made.value)));
          break;
        case RegisterType::whole:
          table.wholes.push_back(static_cast<std::int32_t>(made.value));
          break;
        case RegisterType::real:
          table.reals.push_back(made.value);
          break;
      }
      table.flags.push_back(static_cast<std::uint8_t>(made.flags));
      raises = raises || made.flags != 0;
    }
    table.bytes.resize((table.bytes.size() + 15) / 16 * 16);
    if (!table.wholes.empty()) table.wholes.push_back(0);
    if (!table.reals.empty()) table.reals.push_back(0);
    table.flags.resize((table.flags.size() + 15) / 16 * 16);
    if (!raises) table.flags.clear();
    return table;
  }

  Plan& plan_;
  Row row_;
  std::vector<std::optional<Function>> functions_;
};

}  // namespace

void tabulate(Plan& plan) { Tabulator(plan).run(); }

}  // namespace appraise::detail
