/// The inside of a scoring plan: registers and the flat list of operations that fill them, a block of rows at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "appraise/detail/range.hpp"
#include "appraise/instrument.hpp"

namespace appraise::detail {

/// Why a row has no value (the first three), or that something was left out of one. docs/semantics.md defines them.
inline constexpr std::uint8_t flag_missing = 1;
inline constexpr std::uint8_t flag_invalid = 2;
inline constexpr std::uint8_t flag_inapplicable = 4;
inline constexpr std::uint8_t flag_omitted = 8;
inline constexpr std::uint8_t unusable_flags = flag_missing | flag_invalid | flag_inapplicable;
/// Any of these hides lowest and highest values too.
inline constexpr std::uint8_t hiding_flags = flag_invalid | flag_inapplicable;

/// A register holds one value a row: a double (real), or else an int32 (whole, date, category, truth), which is kept in
/// a byte where every value fits.
using Register = std::int32_t;
inline constexpr Register no_register = -1;

enum class RegisterType : std::uint8_t { byte, whole, real };

inline constexpr double byte_limit = std::numeric_limits<std::int8_t>::max();  ///< and its negative
inline constexpr double whole_limit = std::numeric_limits<std::int32_t>::max();

/// An item as a row's response is decoded from its column.
struct PlannedItem {
  std::string column;  ///< name of the column, with the alias
  const Item* item = nullptr;
  std::unordered_map<std::string, std::int32_t> texts;  ///< choice, yes_no, code: text -> position
  std::int32_t lowest_value = 0;                        ///< choice, yes_no: of the options
  std::vector<std::int32_t> positions;                  ///< choice, yes_no: value - lowest_value -> position, or -1
  std::optional<double> substitute;                     ///< decoded `if_missing`
  double substitute_points = 0;
  std::vector<double> option_points;           ///< by position; empty if the item has no points
  std::vector<std::int32_t> compares;          ///< operations that compare the response with constants
  double response_low = 0, response_high = 0;  ///< what a missing response could be
  double points_low = 0, points_high = 0;
};

/// Response and points as the column gives them; the prescribed response where it is missing and always applies.
struct LoadItem {
  std::int32_t item = 0;  ///< of Plan::items
  bool substitute = false;
  Register response = no_register;
  Register points = no_register;
};
/// Response and points of an item that does not always apply, from those given.
struct ApplyItem {
  std::int32_t item = 0;
  Register applies = no_register;
  Register given_response = no_register, given_points = no_register;
  Register response = no_register, points = no_register;
  Register fault = no_register;  ///< flags only: what is wrong with the answer
};
/// A constant in every row.
struct Constant {
  double value = 0;
  Register out = no_register;
};
struct Compare {
  Condition::Kind kind = Condition::Kind::equals;
  Register of = no_register;
  std::vector<double> constants;  ///< or
  Register with = no_register;
  Register out = no_register;
};
struct IsMissing {
  Register of = no_register;
  bool missing = true;
  Register out = no_register;
};
struct Join {
  Condition::Kind kind = Condition::Kind::all;  ///< all, any, negation
  std::vector<Register> of;
  Register out = no_register;
};
struct SumValues {
  std::vector<Register> of;
  std::vector<std::uint8_t> may_omit;  ///< by operand
  std::vector<std::string> names;      ///< of the operands, with the alias
  int at_most = 0;
  std::optional<RoundingMode> prorate;
  Register out = no_register;
};
struct ExtremeValue {
  bool highest = true;
  std::vector<Register> of;
  std::vector<std::uint8_t> may_omit;
  std::vector<std::string> names;
  int at_most = 0;
  Register out = no_register;
};
struct WeighTerm {
  std::vector<Register> of;
  int power = 1;
  double weight = 0;
  Register when = no_register;
  Register out = no_register;
};
struct AddTerms {
  double intercept = 0;
  std::vector<Register> of;
  Register out = no_register;
};
struct Subtract {
  Register of = no_register, minus = no_register, out = no_register;
};
struct CountTrue {
  std::vector<Register> of;
  Register out = no_register;
};
struct Multiply {
  std::vector<Register> of;
  Register out = no_register;
};
struct Divide {
  Register of = no_register, over = no_register, out = no_register;
};
struct Logarithm {
  Register of = no_register, out = no_register;
};
struct LogisticFunction {
  Register of = no_register, out = no_register;
};
struct LookUpBand {
  Register of = no_register;
  std::vector<Band> bands;
  Register out = no_register;
};
struct LookUpTable {
  Register row = no_register;
  Register column = no_register;  ///< or none
  std::int32_t columns = 1;
  std::vector<double> cells;  ///< row-major by label positions; NaN: not supplied
  std::string table;
  Register out = no_register;
};
/// Rules and choose: the first row whose condition is true gives the value.
struct Decide {
  std::vector<Register> when;
  std::vector<Register> take;
  Register otherwise = no_register;
  Register out = no_register;
};
struct TakeFirst {
  std::vector<Register> of;
  bool flag = true;
  Register out = no_register;
};
struct ClampValue {
  Register of = no_register;
  std::optional<double> from, to;
  Register out = no_register;
};
struct RoundValue {
  Register of = no_register;
  int digits = 0;
  RoundingMode mode = RoundingMode::half_up;
  Register out = no_register;
};
struct MeasureTime {
  Register from = no_register, to = no_register;
  TimeUnit in = TimeUnit::years;
  NoSuchDay no_such_day = NoSuchDay::next_day;
  Register out = no_register;
};
struct MoveTime {
  Register to = no_register, amount = no_register;
  TimeUnit in = TimeUnit::years;
  NoSuchDay no_such_day = NoSuchDay::next_day;
  Register out = no_register;
};
struct ReadAttribute {
  Register of = no_register;
  std::vector<std::int32_t> labels;  ///< by code position
  std::int32_t label_count = 0;
  Register out = no_register;
};
struct FindLevel {
  Register of = no_register;
  const LevelScheme* scheme = nullptr;
  Register out = no_register;
};
/// A scale that declares when it applies.
struct ApplyWhen {
  Register when = no_register, of = no_register, out = no_register;
};
/// Joins the gate of an instrument to a value.
struct PassGate {
  Register gate = no_register, of = no_register, out = no_register;
};
/// The gate of an instrument: flags only.
struct Gate {
  struct Rule {
    std::string code;
    Register condition = no_register;
    bool applicability = true;  ///< applies_when, else valid_when
    bool applies_if_unknown = false;
  };
  std::vector<Rule> rules;
  Register out = no_register;
};

using PlannedOperation =
    std::variant<LoadItem, ApplyItem, Constant, Compare, IsMissing, Join, SumValues, ExtremeValue, WeighTerm, AddTerms,
                 Subtract, CountTrue, Multiply, Divide, Logarithm, LogisticFunction, LookUpBand, LookUpTable, Decide,
                 TakeFirst, ClampValue, RoundValue, MeasureTime, MoveTime, ReadAttribute, FindLevel, ApplyWhen,
                 PassGate, Gate>;

/// A reported scale: the registers that its result columns are written from.
struct PlannedScale {
  std::string name;  ///< with the alias
  const Scale* scale = nullptr;
  Register value = no_register;  ///< gated
  Register level = no_register;  ///< gated
  const LevelScheme* scheme = nullptr;
  std::vector<const Norms*> norms;
};

/// What a term of a sum added.
struct PlannedContribution {
  std::string name;  ///< result column: "<scale>_from_<term>"
  std::string scale;
  std::string term;
  Register of = no_register;
  bool left_out_is_zero = false;
};

struct PlannedCaution {
  std::string code;
  Register condition = no_register;
};

/// An operation whose result depends on one byte or whole number and on nothing else, through however many operations
/// before it, and joins that number's flags: a table says what it makes of each value.
struct ValueTable {
  Register of = no_register, out = no_register;
  std::int32_t lowest = 0, highest = 0;  ///< values of `of` in the tables; what is beyond them is as they are
  /// By value of `of`, in the type of `out`: bytes filled up to sixteens, or numbers and a 0 for where there is none.
  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> wholes;
  std::vector<double> reals;
  std::vector<std::uint8_t> flags;  ///< that the operation, or one before it, raises, filled up; empty: none
};

/// What a register is worked out for; a register can serve several.
enum Purpose : std::uint8_t { for_value = 1, for_level = 2, for_contributions = 4, for_cautions = 8 };

struct Plan {
  std::shared_ptr<const Instrument> instrument;
  Mark mark = Mark::verified;
  std::vector<PlannedItem> items;
  std::vector<std::string> item_names;
  std::vector<PlannedOperation> operations;
  std::vector<std::optional<ValueTable>> tables;  ///< of the operations that have one
  std::vector<RegisterType> registers;
  std::vector<Range> spans;           ///< that every usable value of each register lies in
  std::vector<std::uint8_t> serves;   ///< purposes of each register
  std::vector<std::int32_t> made_by;  ///< operation that fills each register
  std::vector<std::string> owner;     ///< scale that each register belongs to, for reasons ("undefined: <owner>")
  std::vector<PlannedScale> scales;
  std::vector<PlannedContribution> contributions;  ///< of sums that are reported or explain a reported scale
  std::vector<std::string> scale_names;
  std::vector<PlannedCaution> cautions;
  std::vector<std::pair<std::string, std::string>> metadata;
};

}  // namespace appraise::detail
