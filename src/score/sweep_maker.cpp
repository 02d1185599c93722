#include "score/sweep_maker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "score/result_maps.hpp"

namespace appraise::detail {

namespace {

/// A sweep with more slots would not stay in the nearest caches.
constexpr Slot most_slots = 1024;

/// Adds flags to those that a fold joins: one table for all that comes of the same slot.
void join_flags(Fold& fold, const TileByte& term) {
  if (term.slot == no_slot) {
    fold.flag |= term.table[0];
  } else if (!term.looked_up) {
    if (std::find(fold.flags.begin(), fold.flags.end(), term.slot) == fold.flags.end()) fold.flags.push_back(term.slot);
  } else {
    auto own =
        std::find_if(fold.terms.begin(), fold.terms.end(), [&](const auto& one) { return one.slot == term.slot; });
    if (own == fold.terms.end()) own = fold.terms.insert(own, FoldTerm{term.slot});
    for (std::size_t i = 0; i < term.table.size(); ++i) own->flags[i] |= term.table[i];
  }
}

}  // namespace

bool is_zero(const TileByte& of) {
  return (of.slot == no_slot && of.table[0] == 0) || (of.looked_up && of.table == ByteMap{});
}

SweepMaker::SweepMaker(const Layout& layout, const std::vector<Decoder>& decoders, bool bounds)
    : plan_(layout.plan), pieces_(layout, decoders, bounds) {}

bool SweepMaker::is_byte(Register of) const {
  return plan_.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
}
const PlannedOperation& SweepMaker::maker(Register of) const {
  return plan_.operations[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])];
}
const std::optional<ValueTable>& SweepMaker::table(Register of) const {
  static const std::optional<ValueTable> none;
  const auto& made = plan_.tables[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])];
  return made && is_byte(made->of) && is_byte(of) ? made : none;
}

TileByte SweepMaker::refused() noexcept {
  fits_ = false;
  return {};
}

TileByte SweepMaker::constant(std::uint8_t byte) const {
  TileByte made;
  made.table[0] = byte;
  return made;
}

Slot SweepMaker::add(TileOperation operation, int slots) {
  for (const TileStep& step : sweep_.steps) {
    if (step.out != no_slot && step.operation == operation) return step.out;
  }
  const Slot out = sweep_.slots;
  sweep_.slots += slots;
  fits_ = fits_ && sweep_.slots <= most_slots;
  sweep_.steps.push_back({std::move(operation), out});
  return out;
}

TileByte SweepMaker::add_flags(Fold fold) {
  if (fold.terms.empty() && fold.flags.empty()) return constant(fold.flag);
  if (fold.flag == 0 && fold.terms.size() + fold.flags.size() == 1) {
    return fold.terms.empty() ? plain(fold.flags.front())
                              : TileByte{fold.terms.front().slot, true, fold.terms.front().flags};
  }
  for (const TileStep& step : sweep_.steps) {
    if (step.flags != no_slot && step.operation == TileOperation(fold)) return plain(step.flags);
  }
  fits_ = fits_ && sweep_.slots < most_slots;
  sweep_.steps.push_back({std::move(fold), no_slot, sweep_.slots});
  return plain(sweep_.slots++);
}

Slot SweepMaker::pieces_of(std::int32_t item) {
  for (const ReadPieces& read : sweep_.reads) {
    if (read.item == item) return read.out;
  }
  fits_ = fits_ && sweep_.slots < most_slots;
  sweep_.reads.push_back({item, sweep_.slots});
  return sweep_.slots++;
}

TileByte SweepMaker::map(const TileByte& of, const ByteMap& map) {
  if (of.slot == no_slot) return constant(map[of.table[0] & 15]);
  if (!of.looked_up) return {of.slot, true, map};
  TileByte made = of;
  for (std::uint8_t& byte : made.table) byte = map[byte & 15];
  const bool same = std::all_of(made.table.begin(), made.table.end(), [&](auto byte) { return byte == made.table[0]; });
  return same ? constant(made.table[0]) : made;
}

TileByte SweepMaker::mask(Register of, const ByteMap& kept) {
  ByteMap bits{};
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = kept[i] != 0 ? 0xFF : 0;
  return map(flags(of), bits);
}

TileByte SweepMaker::look_up(const TileByte& index, int lowest, const std::vector<std::uint8_t>& given) {
  const auto at = [&](std::uint8_t byte) {
    const auto i = static_cast<std::size_t>(static_cast<std::uint8_t>(byte - lowest));
    return i < given.size() ? given[i] : std::uint8_t{0};
  };
  if (index.slot == no_slot) return constant(at(index.table[0]));
  if (index.looked_up) {
    TileByte made = index;
    for (std::uint8_t& byte : made.table) byte = at(byte);
    return made;
  }
  LookUpTile made{index, static_cast<std::uint8_t>(lowest), given};
  made.table.resize((given.size() + 15) / 16 * 16);
  if (lowest == 0 && made.table.size() == 16) {
    TileByte simple{index.slot, true, {}};
    std::copy(made.table.begin(), made.table.end(), simple.table.begin());
    return simple;
  }
  return plain(add(std::move(made)));
}

TileByte SweepMaker::keep(const TileByte& of, const TileByte& mask, int lowest, int otherwise) {
  return plain(add(KeepTile{of, mask, static_cast<std::uint8_t>(lowest), static_cast<std::uint8_t>(otherwise)}));
}

TileByte SweepMaker::sum(const std::vector<TileByte>& terms) {
  Fold fold;
  for (const TileByte& term : terms) {
    if (term.slot == no_slot) {
      fold.value = static_cast<std::uint8_t>(fold.value + term.table[0]);
    } else if (!term.looked_up) {
      fold.values.push_back(term.slot);
    } else if (!is_zero(term)) {
      fold.terms.push_back({term.slot, term.table});
    }
  }
  if (fold.terms.empty() && fold.values.empty()) return constant(fold.value);
  if (fold.value == 0 && fold.terms.size() + fold.values.size() == 1) {
    return fold.terms.empty() ? plain(fold.values.front())
                              : TileByte{fold.terms.front().slot, true, fold.terms.front().value};
  }
  return plain(add(std::move(fold)));
}

TileByte SweepMaker::extreme(const std::vector<TileByte>& terms, bool highest) {
  std::int8_t value = highest ? std::int8_t{-128} : std::int8_t{127};
  Fold fold;
  fold.kind = highest ? Fold::Kind::highest : Fold::Kind::lowest;
  for (const TileByte& term : terms) {
    if (term.slot == no_slot) {
      const auto one = static_cast<std::int8_t>(term.table[0]);
      value = highest ? std::max(value, one) : std::min(value, one);
    } else if (!term.looked_up) {
      fold.values.push_back(term.slot);
    } else {
      fold.terms.push_back({term.slot, term.table});
    }
  }
  fold.value = static_cast<std::uint8_t>(value);
  if (fold.terms.empty() && fold.values.empty()) return constant(fold.value);
  return plain(add(std::move(fold)));
}

TileByte SweepMaker::join(const std::vector<TileByte>& terms) {
  Fold fold;
  for (const TileByte& term : terms) {
    if (!is_zero(term)) join_flags(fold, term);
  }
  return add_flags(std::move(fold));
}

TileByte SweepMaker::raise(const TileByte& own, const TileByte& raised) {
  if (is_zero(raised)) return own;
  if (is_zero(own)) return raised;
  return plain(add(RaiseFlags{own, raised}));
}

TileByte SweepMaker::pair_index(const Origin& origin, const std::vector<std::uint32_t>& held,
                                std::vector<std::size_t>& rows) {
  constexpr std::size_t n = Decoder::pieces;
  // Pieces that hold the same beside every piece of the other item are of one class.
  const auto classes = [&](auto at) {
    std::vector<std::size_t> first;  // piece of each class
    ByteMap of{};
    for (std::size_t piece = 0; piece < n; ++piece) {
      const auto same = std::find_if(first.begin(), first.end(), [&](std::size_t other) {
        for (std::size_t i = 0; i < n; ++i) {
          if (held[at(piece, i)] != held[at(other, i)]) return false;
        }
        return true;
      });
      of[piece] = static_cast<std::uint8_t>(same - first.begin());
      if (same == first.end()) first.push_back(piece);
    }
    return std::pair(of, first);
  };
  auto [of_first, firsts] = classes([](std::size_t piece, std::size_t other) { return piece * n + other; });
  const auto [of_second, seconds] = classes([](std::size_t piece, std::size_t other) { return other * n + piece; });
  for (std::uint8_t& one : of_first) one = static_cast<std::uint8_t>(one * seconds.size());
  for (const std::size_t a : firsts) {
    for (const std::size_t b : seconds) rows.push_back(a * n + b);
  }
  const Slot first = pieces_of(origin.items[0]), second = pieces_of(origin.items[1]);
  return sum({TileByte{first, true, of_first}, TileByte{second, true, of_second}});
}

SweepMaker::Form SweepMaker::make_form(Register of) {
  const Origin& origin = pieces_.origin(of);
  const Block& block = pieces_.block(origin);
  std::vector<Range> ranges;
  if (is_byte(of)) ranges = pieces_.ranges(of);
  const auto fits = [](double x) { return std::fabs(x) <= byte_limit; };
  // Ends that are no bytes are refused where they are read.
  if (!std::all_of(ranges.begin(), ranges.end(), [&](Range one) { return fits(one.low) && fits(one.high); }))
    ranges.clear();
  const auto value_at = [&](std::size_t row) {
    return is_byte(of) ? block.values<std::uint8_t>(of)[row] : std::uint8_t{0};
  };
  const auto byte = [](double x) { return static_cast<std::uint8_t>(static_cast<std::int8_t>(x)); };
  Form form;
  std::vector<std::size_t> rows;
  if (origin.count == 2) {
    std::vector<std::uint32_t> held;
    for (std::size_t row = 0; row < PieceTables::rows; ++row) {
      std::uint32_t all = value_at(row) | static_cast<std::uint32_t>(block.flags(of)[row]) << 8;
      if (!ranges.empty()) {
        all |= static_cast<std::uint32_t>(byte(ranges[row].low)) << 16;
        all |= static_cast<std::uint32_t>(byte(ranges[row].high)) << 24;
      }
      held.push_back(all);
    }
    form.index = pair_index(origin, held, rows);
  } else {
    form.index = origin.count == 0 ? constant(0) : plain(pieces_of(origin.items[0]));
    for (int row = 0; row < pieces_.count(origin); ++row) rows.push_back(static_cast<std::size_t>(row));
  }
  for (const std::size_t row : rows) {
    form.values.push_back(value_at(row));
    form.flags.push_back(block.flags(of)[row]);
    if (ranges.empty()) continue;
    form.lows.push_back(byte(ranges[row].low));
    form.highs.push_back(byte(ranges[row].high));
  }
  return form;
}

const SweepMaker::Form* SweepMaker::form(Register of) {
  const Origin& origin = pieces_.origin(of);
  if (!pieces_.holds(origin)) return nullptr;
  const auto found = forms_.find(of);
  return found != forms_.end() ? &found->second : &forms_.emplace(of, make_form(of)).first->second;
}

void SweepMaker::write_bytes(int column, const TileByte& of, const TileByte& mask) {
  const bool nothing = is_zero(mask);
  sweep_.writes.emplace_back(WriteTileBytes{column, nothing ? constant(0) : of, nothing ? always : mask});
}

void SweepMaker::write_wholes(int column, const TileByte& of, const TileByte& mask) {
  const bool nothing = is_zero(mask);
  sweep_.writes.emplace_back(WriteTileWholes{column, nothing ? constant(0) : of, nothing ? always : mask, false});
}

void SweepMaker::write_wide(int column, Register of, const TileByte& mask) {
  if (const Slot sums = wide(of); fits_) sweep_.writes.emplace_back(WriteTileWholes{column, plain(sums), mask, true});
}

void SweepMaker::write_reals(int column, const TileByte& index, const std::vector<double>& table) {
  sweep_.writes.emplace_back(WriteTileFigures{column, index, &table, nullptr});
}

void SweepMaker::write_wholes(int column, const TileByte& index, const std::vector<std::int32_t>& table) {
  sweep_.writes.emplace_back(WriteTileFigures{column, index, nullptr, &table});
}

void SweepMaker::write_validity(int column, const TileByte& of) {
  for (TileWrite& write : sweep_.writes) {
    auto* bits = std::get_if<WriteTileBits>(&write);
    if (bits != nullptr && bits->of == of) return bits->columns.push_back(column);
  }
  sweep_.writes.emplace_back(WriteTileBits{{column}, of});
}

std::optional<Sweep> SweepMaker::sweep() && {
  if (!fits_) return std::nullopt;
  join_folds(sweep_);
  return std::move(sweep_);
}

}  // namespace appraise::detail
