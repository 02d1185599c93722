/// The finitely many cases that conditions tell apart.
///
/// What a condition reads is split where its comparisons split it: numbers and dates at the constants, categories at
/// the labels, two values compared with each other into less, equal and more. Within a cell no condition changes, so
/// one sample of each cell stands for all of it. Values of different variables are taken to be independent, so the
/// cases include all that can happen, and perhaps some that cannot.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/checks.hpp"

namespace appraise::detail {

enum class Truth : std::uint8_t { no, yes, unknown };

class CasesOfConditions {
 public:
  /// Whether the conditions could be split: their comparisons are of sound types, and few enough.
  enum class State : std::uint8_t { ready, faulty, too_large };

  CasesOfConditions(const Ground& ground, const std::vector<const Condition*>& conditions, Budget& budget);

  [[nodiscard]] State state() const noexcept { return state_; }
  /// The truth of each condition in the present case.
  [[nodiscard]] Truth truth(std::size_t condition) const;
  /// Goes to the next case; false after the last one.
  bool next();
  /// The present case in words: "age is 18, sex is male".
  [[nodiscard]] std::string text() const;

 private:
  struct Break {
    double at = 0;
    bool after = false;  ///< the split lies just above `at`

    friend auto operator<=>(const Break&, const Break&) = default;
  };
  struct Variable {
    std::string name;
    Value value;
    const Domain* domain = nullptr;  ///< null: two values compared with each other
    std::string other;               ///< then the second of them
    bool may_be_missing = false;     ///< some condition asks whether it is missing
    std::vector<Break> breaks;
    std::vector<double> samples;  ///< one a cell
    std::size_t cell = 0;
    [[nodiscard]] std::size_t cells() const noexcept { return samples.size() + (may_be_missing ? 1 : 0); }
    [[nodiscard]] bool missing() const noexcept { return cell == samples.size(); }
  };
  struct Node {
    Condition::Kind kind = Condition::Kind::all;
    std::size_t variable = 0;
    std::vector<Truth> truths;         ///< of a comparison, by cell
    std::vector<std::size_t> missing;  ///< variables without which it is unknown
    std::vector<Node> parts;
  };
  /// One comparison of one value with one other.
  struct Comparison {
    std::size_t variable = 0;
    const LevelScheme* scheme = nullptr;  ///< compares the level of the variable
    Condition::Kind kind = Condition::Kind::equals;
    double with = 0;
  };

  std::size_t variable(const Reference& reference, const Referent& referent);
  std::optional<Comparison> comparison(const Condition& condition, const Operand& operand);
  std::optional<double> number(const Value& value, const Operand& operand) const;
  void collect(const Condition& condition);
  void add_breaks(const Comparison& comparison);
  void split(Variable& variable);
  bool affordable(Budget& budget) const;
  Node compile(const Condition& condition);
  Node compile_comparison(const Condition& condition, const Operand& operand);
  [[nodiscard]] Truth truth(const Node& node) const;

  const Ground& ground_;
  State state_ = State::ready;
  std::vector<Variable> variables_;
  std::map<std::string, std::size_t> numbers_;  ///< of variables, by name
  std::vector<Node> conditions_;
  std::set<std::pair<std::size_t, const LevelScheme*>> levels_split_;
  std::size_t size_ = 0;  ///< of all conditions
};

}  // namespace appraise::detail
