// Joins the folds of a sweep, so that a column is gone through once for all that comes of it.
#include <algorithm>
#include <utility>

#include "score/sweep.hpp"

namespace appraise::detail {

namespace {

template <class Use>
void each_slot(const TileByte& of, Use use) {
  if (of.slot != no_slot) use(of.slot);
}
template <class Use>
void each_slot(const std::vector<TileByte>& all, Use use) {
  for (const TileByte& of : all) each_slot(of, use);
}
template <class Use>
void each_slot(const Fold& op, Use use) {
  for (const FoldTerm& term : op.terms) use(term.slot);
  for (const Slot slot : op.values) use(slot);
  for (const Slot slot : op.flags) use(slot);
}
template <class Use>
void each_slot(const AddWide& op, Use use) {
  each_slot(op.terms, use);
}
template <class Use>
void each_slot(const CountOmitted& op, Use use) {
  each_slot(op.flags, use);
  each_slot(op.may_omit, use);
}
template <class Use>
void each_slot(const LookUpTile& op, Use use) {
  each_slot(op.index, use);
}
template <class Use>
void each_slot(const RaiseFlags& op, Use use) {
  each_slot(op.own, use);
  each_slot(op.raised, use);
}
template <class Use>
void each_slot(const KeepTile& op, Use use) {
  each_slot(op.of, use);
  each_slot(op.mask, use);
}
template <class Use>
void each_slot(const FindWideLevel& op, Use use) {
  use(op.of);
}
template <class Use>
void each_slot(const WriteTileBytes& write, Use use) {
  each_slot(write.of, use);
  each_slot(write.mask, use);
}
template <class Use>
void each_slot(const WriteTileWholes& write, Use use) {
  each_slot(write.of, use);
  each_slot(write.mask, use);
}
template <class Use>
void each_slot(const WriteTileFigures& write, Use use) {
  each_slot(write.index, use);
}
template <class Use>
void each_slot(const WriteTileBits& write, Use use) {
  each_slot(write.of, use);
}

/// How often something reads a slot.
template <class... Kinds>
int uses(const std::variant<Kinds...>& of, Slot slot) {
  int found = 0;
  std::visit([&](const auto& one) { each_slot(one, [&](Slot own) { found += own == slot ? 1 : 0; }); }, of);
  return found;
}

FoldTerm* term_of(Fold& fold, Slot slot) {
  const auto found =
      std::find_if(fold.terms.begin(), fold.terms.end(), [&](const auto& one) { return one.slot == slot; });
  return found == fold.terms.end() ? nullptr : &*found;
}

bool is_within(const ByteMap& some, const ByteMap& all) {
  for (std::size_t i = 0; i < some.size(); ++i) {
    if ((some[i] & ~all[i]) != 0) return false;
  }
  return true;
}

/// Of flags only: takes what an earlier fold has joined already from there.
void share_flags(const TileStep& earlier, Fold& later) {
  const auto& from = std::get<Fold>(earlier.operation);
  if (from.terms.size() < 2 || (from.flag & ~later.flag) != 0) return;
  const bool holds = std::all_of(from.terms.begin(), from.terms.end(),
                                 [&](const FoldTerm& term) {
                                   const FoldTerm* own = term_of(later, term.slot);
                                   return own != nullptr && is_within(term.flags, own->flags);
                                 }) &&
                     std::all_of(from.flags.begin(), from.flags.end(), [&](Slot slot) {
                       return std::find(later.flags.begin(), later.flags.end(), slot) != later.flags.end();
                     });
  if (!holds) return;
  for (const FoldTerm& term : from.terms) {
    FoldTerm* own = term_of(later, term.slot);
    for (std::size_t i = 0; i < own->flags.size(); ++i) own->flags[i] &= static_cast<std::uint8_t>(~term.flags[i]);
  }
  std::erase_if(later.terms, [](const FoldTerm& term) { return term.flags == ByteMap{}; });
  std::erase_if(later.flags,
                [&](Slot slot) { return std::find(from.flags.begin(), from.flags.end(), slot) != from.flags.end(); });
  later.flags.push_back(earlier.flags);
}

bool is_fold_of_values(const TileStep& step) {
  return step.out != no_slot && std::holds_alternative<Fold>(step.operation);
}
bool is_fold_of_flags(const TileStep& step) { return step.flags != no_slot && step.out == no_slot; }

std::size_t common_slots(const Fold& values, Fold& flags) {
  return static_cast<std::size_t>(std::count_if(values.terms.begin(), values.terms.end(), [&](const FoldTerm& term) {
    return term_of(flags, term.slot) != nullptr;
  }));
}

/// What changes nothing when it is joined to a value.
std::uint8_t neutral(Fold::Kind kind) {
  return kind == Fold::Kind::sum ? 0 : kind == Fold::Kind::highest ? 0x80 : 0x7F;
}

/// Adds a fold of flags to one of values.
void add_flags(Fold& values, Fold& flags) {
  for (FoldTerm& term : values.terms) {
    FoldTerm* own = term_of(flags, term.slot);
    if (own == nullptr) continue;
    term.flags = own->flags;
    own->slot = no_slot;  // taken over
  }
  for (FoldTerm& term : flags.terms) {
    if (term.slot == no_slot) continue;
    term.value.fill(neutral(values.kind));
    values.terms.push_back(term);
  }
  values.flags = std::move(flags.flags);
  values.flag = flags.flag;
}

/// Whether nothing between two steps, nor the last of them, reads what the first of them makes.
bool can_wait(const std::vector<TileStep>& steps, std::size_t first, std::size_t last) {
  const Slot made = steps[first].out != no_slot ? steps[first].out : steps[first].flags;
  for (std::size_t i = first + 1; i <= last; ++i) {
    if (uses(steps[i].operation, made) > 0) return false;
  }
  return true;
}

/// Joins the fold of values at a place to the fold of flags that shares most slots with it.
void join_flags_to(std::vector<TileStep>& steps, std::size_t place) {
  auto& values = std::get<Fold>(steps[place].operation);
  std::size_t found = place, most = 1;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!is_fold_of_flags(steps[i])) continue;
    auto& flags = std::get<Fold>(steps[i].operation);
    const std::size_t common = common_slots(values, flags);
    if (common <= most || 2 * common < std::max(values.terms.size(), flags.terms.size())) continue;
    if (!can_wait(steps, std::min(i, place), std::max(i, place))) continue;
    found = i;
    most = common;
  }
  if (found == place) return;
  add_flags(values, std::get<Fold>(steps[found].operation));
  steps[place].flags = steps[found].flags;
  if (found > place) std::swap(steps[found], steps[place]);
  steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(std::min(found, place)));
}

/// The first fold that reads the pieces of an item, unless something else reads them before.
Fold* first_fold(std::vector<TileStep>& steps, Slot slot) {
  for (TileStep& step : steps) {
    if (uses(step.operation, slot) == 0) continue;
    auto* fold = std::get_if<Fold>(&step.operation);
    return fold != nullptr && term_of(*fold, slot) != nullptr ? fold : nullptr;
  }
  return nullptr;
}

}  // namespace

void join_folds(Sweep& sweep) {
  std::vector<TileStep>& steps = sweep.steps;
  for (std::size_t later = 0; later < steps.size(); ++later) {
    for (std::size_t i = 0; i < later; ++i) {
      if (is_fold_of_flags(steps[i]) && is_fold_of_flags(steps[later])) {
        share_flags(steps[i], std::get<Fold>(steps[later].operation));
      }
    }
  }
  // From behind: what reads a fold of flags has been moved back then.
  for (std::size_t place = steps.size(); place-- > 0;) {
    place = std::min(place, steps.size() - 1);
    if (is_fold_of_values(steps[place]) && steps[place].flags == no_slot) join_flags_to(steps, place);
  }
  for (std::size_t i = 0; i < sweep.reads.size(); ++i) {
    ReadPieces& read = sweep.reads[i];
    Fold* fold = first_fold(steps, read.out);
    if (fold == nullptr) continue;
    int all = 0;
    for (const TileStep& step : steps) all += uses(step.operation, read.out);
    for (const TileWrite& write : sweep.writes) all += uses(write, read.out);
    FoldTerm& term = *term_of(*fold, read.out);
    term.read = static_cast<std::int32_t>(i);
    term.kept = all > 1;
    read.folded = true;
  }
}

}  // namespace appraise::detail
