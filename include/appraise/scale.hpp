/// Scales: named values, each worked out by exactly one operation. docs/definition-format.md gives the meaning of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "appraise/condition.hpp"
#include "appraise/evidence.hpp"

namespace appraise {

/// An interval with explicit ends: [from, to] if `closed`, else [from, to). An absent end is open.
struct Interval {
  std::optional<double> from;
  std::optional<double> to;
  bool closed = false;  ///< `to` belongs to the interval

  [[nodiscard]] bool holds(double x) const noexcept {
    return (!from || x >= *from) && (!to || x < *to || (closed && x == *to));
  }
};

/// A value for an interval: points of an item's band, or a value looked up.
struct Band {
  Interval interval;
  double value = 0;
  Place place;
};

enum class RoundingMode : std::uint8_t { half_up, half_even, down, floor, ceiling };
enum class TimeUnit : std::uint8_t { years, months, days };
/// Where a day of the month does not exist: counted as reached on the first of the next month, or on the month's last
/// day.
enum class NoSuchDay : std::uint8_t { next_day, last_day };

/// Which references may be missing, and what is done then.
struct MissingRule {
  std::vector<Reference> may_omit;
  int at_most = 0;
  std::optional<RoundingMode> prorate;  ///< Sum only
};

/// A value written as a reference or a number.
struct Taken {
  std::optional<double> number;
  Reference of;  ///< used if `number` is empty
};

struct Sum {
  std::vector<Reference> of;
  std::optional<MissingRule> missing;
};
struct Term {
  std::string name;
  std::vector<Reference> of;  ///< multiplied; empty: the weight alone
  int power = 1;
  double weight = 0;
  std::optional<Condition> when;
  std::string group;
  Place place;
};
struct WeightedSum {
  double intercept = 0;
  std::vector<Term> terms;
};
struct Difference {
  Reference of, minus;
};
struct Count {
  std::vector<Condition> of;
};
struct Extreme {
  bool highest = true;  ///< maximum, else minimum
  std::vector<Reference> of;
  std::optional<MissingRule> missing;
};
struct Product {
  std::vector<Reference> of;
};
struct Ratio {
  Reference of, over;
};
struct Log {
  Reference of;
};
struct Logistic {
  Reference of;
};
/// Bands of a number, or a table read by one or two categories.
struct Lookup {
  std::vector<Reference> of;
  std::vector<Band> bands;
  std::string table;
};
struct DecisionRow {
  Condition when;
  double number = 0;  ///< the result, if Rules::values is empty
  std::string label;  ///< the result, otherwise
  std::string source;
  Place place;
};
struct Rules {
  std::vector<std::string> values;
  bool unique = false;  ///< hit policy: at most one row may hold; else the first
  std::vector<DecisionRow> rows;
  std::optional<DecisionRow> otherwise;
};
struct Choose {
  struct Row {
    Condition when;
    Taken take;
    Place place;
  };
  std::vector<Row> rows;
  Taken otherwise;
};
struct FirstAvailable {
  std::vector<Reference> of;
  bool flag = true;
};
struct Clamp {
  Reference of;
  std::optional<double> from, to;
};
struct Round {
  Reference of;
  int digits = 0;
  RoundingMode mode = RoundingMode::half_up;
};
struct TimeBetween {
  Reference from, to;
  TimeUnit in = TimeUnit::years;
  NoSuchDay no_such_day = NoSuchDay::next_day;
};
struct AddTime {
  Reference to;
  Taken amount;
  TimeUnit in = TimeUnit::years;
  NoSuchDay no_such_day = NoSuchDay::next_day;
};
struct Attribute {
  Reference of;
  std::string name;
};

using Operation = std::variant<Sum, WeightedSum, Difference, Count, Extreme, Product, Ratio, Log, Logistic, Lookup,
                               Rules, Choose, FirstAvailable, Clamp, Round, TimeBetween, AddTime, Attribute>;

/// What a value is. A category is a number into an ordered list of labels; a date is days since 1970-01-01.
enum class ValueType : std::uint8_t { whole, real, date, category };

struct Scale {
  std::string code;
  std::string label;
  std::string unit;
  bool reported = true;
  Operation operation;
  ValueType type = ValueType::real;  ///< worked out on reading
  std::vector<std::string> labels;   ///< of a category, in order; worked out on reading
  std::optional<Interval> range;     ///< declared
  std::optional<Condition> applies_when;
  std::string levels;  ///< name of the level scheme, or empty
  std::vector<std::string> explained_by;
  std::optional<Evidence> evidence;
  Place place;
};

struct LevelBand {
  Interval interval;
  std::string code;
  std::string label;
  std::string standard;  ///< standard five-level equivalent, or empty
  Place place;
};

enum class LevelStatus : std::uint8_t { current, superseded, overlay };

/// Ordered bands of a scale.
struct LevelScheme {
  std::string name;
  std::string edition;
  std::string of;
  LevelStatus status = LevelStatus::current;
  std::vector<LevelBand> bands;
  Evidence evidence;
  Place place;
};

/// A table read by one or two categories. `cells` is row-major; NaN in a structure_only table, unless the agency has
/// supplied its own figures.
struct Table {
  std::string name;
  std::string edition;
  std::vector<std::vector<std::string>> keys;
  std::vector<std::string> values;  ///< labels, if the cells are labels; a cell is then a number into them
  std::vector<double> cells;
  Evidence evidence;
  bool supplied = false;  ///< by the agency, for figures that are not public
  Place place;
};

}  // namespace appraise
