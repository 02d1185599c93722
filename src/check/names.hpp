/// What references stand for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "appraise/instrument.hpp"

namespace appraise::detail {

/// What a reference stands for. Nodes number the items and then the scales of the instrument itself.
struct Referent {
  enum class Kind : std::uint8_t {
    nothing,      ///< there is none of that name
    unavailable,  ///< of an instrument that could not be read
    item,
    scale,
    level,
    no_levels,     ///< the level of a scale that has none
    not_reported,  ///< an intermediate scale of another instrument
  };
  static constexpr std::size_t no_node = static_cast<std::size_t>(-1);

  Kind kind = Kind::nothing;
  const Instrument* owner = nullptr;
  const Item* item = nullptr;
  const Scale* scale = nullptr;
  const LevelScheme* scheme = nullptr;  ///< of a level
  std::size_t node = no_node;

  [[nodiscard]] bool usable() const noexcept {
    return kind == Kind::item || kind == Kind::scale || kind == Kind::level;
  }
};

/// The names of one instrument, and of those it uses.
class Names {
 public:
  explicit Names(const Instrument& instrument);

  [[nodiscard]] Referent find(std::string_view reference) const;
  /// "; did you mean ..." for the nearest name, or nothing. Costs a look at every name.
  [[nodiscard]] std::string suggestion(std::string_view reference) const;

  [[nodiscard]] const LevelScheme* levels(std::string_view name) const;
  [[nodiscard]] const Table* table(std::string_view name) const;
  [[nodiscard]] const Instrument& instrument() const noexcept { return *instrument_; }
  [[nodiscard]] std::size_t nodes() const noexcept { return instrument_->items.size() + instrument_->scales.size(); }
  [[nodiscard]] const std::string& node_code(std::size_t node) const;

 private:
  [[nodiscard]] Referent local(std::string_view reference) const;

  const Instrument* instrument_;
  std::unordered_map<std::string_view, std::size_t> nodes_;
  std::unordered_map<std::string_view, const LevelScheme*> levels_;
  std::unordered_map<std::string_view, const Table*> tables_;
  std::unordered_map<std::string_view, std::shared_ptr<const Names>> uses_;  ///< empty: could not be read
};

}  // namespace appraise::detail
