#include "appraise/instrument.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace appraise {
namespace {

template <class List, class Name>
auto* find_by(const List& list, Name name, std::string_view wanted) noexcept {
  const auto at = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.*name == wanted; });
  return at == list.end() ? nullptr : &*at;
}

}  // namespace

struct CaseList::Inside {
  Read read;
  std::vector<Case> cases;
  std::once_flag once;
};

CaseList::CaseList(std::vector<Case> cases) : inside_(std::make_shared<Inside>()) { inside_->cases = std::move(cases); }

CaseList::CaseList(Read read) : inside_(std::make_shared<Inside>()), deferred_(true) {
  inside_->read = std::move(read);
}

const std::vector<Case>& CaseList::all() const {
  static const std::vector<Case> none;
  if (inside_ == nullptr) return none;
  if (deferred_) std::call_once(inside_->once, [this] { inside_->cases = std::exchange(inside_->read, nullptr)(); });
  return inside_->cases;
}

bool Item::has_points() const noexcept {
  return !bands.empty() || (!options.empty() && options.front().points.has_value());
}

const Item* Instrument::find_item(std::string_view code) const noexcept { return find_by(items, &Item::code, code); }
const Scale* Instrument::find_scale(std::string_view code) const noexcept {
  return find_by(scales, &Scale::code, code);
}
const LevelScheme* Instrument::find_levels(std::string_view name) const noexcept {
  return find_by(levels, &LevelScheme::name, name);
}
const Table* Instrument::find_table(std::string_view name) const noexcept {
  return find_by(tables, &Table::name, name);
}
const Norms* Instrument::find_norms(std::string_view norms_id) const noexcept {
  return find_by(norms, &Norms::id, norms_id);
}
const Use* Instrument::find_use(std::string_view alias) const noexcept { return find_by(uses, &Use::alias, alias); }

}  // namespace appraise
