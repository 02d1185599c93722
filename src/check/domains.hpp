/// The values that items and scales can have.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "check/names.hpp"
#include "check/order.hpp"
#include "check/whole_set.hpp"

namespace appraise::detail {

/// Ends of a real interval.
struct Span {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  friend bool operator==(const Span&, const Span&) = default;
};

/// The values that something can have: none lies outside. Categories are positions of labels.
struct Domain {
  Span span;
  bool whole = false;              ///< only whole numbers (or dates, or positions)
  bool below_highest = false;      ///< the highest end itself is not reached
  std::optional<WholeSet> wholes;  ///< the whole numbers in question, where they are known one by one
  bool exact = false;              ///< every value in it can be reached
  std::vector<std::size_t> items;  ///< the items it depends on, in order
  bool many_items = false;         ///< too many to list

  [[nodiscard]] bool known() const noexcept { return exact && wholes.has_value(); }
  /// The least value in it that is not below `x`.
  [[nodiscard]] std::optional<double> next(double x) const noexcept;
};

/// Adds the items that `other` depends on.
void join_items(Domain& domain, const Domain& other, Budget& budget);
/// The whole numbers of a domain one by one, if there are not too many.
[[nodiscard]] std::optional<WholeSet> wholes_of(const Domain& domain, Budget& budget);
/// The domain of positions of `labels` labels.
[[nodiscard]] Domain positions(std::size_t labels);

/// The domain of an interval as written: whole numbers, or real ones.
[[nodiscard]] Span span_of(const Interval& interval, bool whole);

/// Domains of all values of an instrument whose types have been worked out.
class Domains {
 public:
  Domains(const Names& names, const Order& order);

  /// The domain of what is read where a number is meant: points of an item that has them, else its response.
  [[nodiscard]] const Domain& value(const Referent& referent) const;
  /// The domain of an item's response.
  [[nodiscard]] const Domain& response(const Referent& referent) const;

 private:
  struct Used;
  using Cache = std::map<const Instrument*, std::unique_ptr<Used>>;

  Domains(const Names& names, const Order& order, std::shared_ptr<Cache> used, std::shared_ptr<Budget> budget);
  void work_out(const Order& order);
  [[nodiscard]] Domain points_of(std::size_t node) const;
  [[nodiscard]] const Domain& used(const Referent& referent) const;

  const Names& names_;
  std::shared_ptr<Cache> used_;
  std::shared_ptr<Budget> budget_;
  std::vector<Domain> responses_;  ///< by item
  std::vector<Domain> points_;     ///< by item, where it has points
  std::vector<Domain> scales_;
  std::unordered_map<const LevelScheme*, Domain> levels_;
  Domain unknown_;
};

}  // namespace appraise::detail
