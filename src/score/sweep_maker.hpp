/// Makes a sweep of a plan whose wanted columns are bytes that come of pieces by few kinds of operations.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "score/piece_tables.hpp"
#include "score/sweep.hpp"

namespace appraise::detail {

/// Whether it is 0 in every row.
[[nodiscard]] bool is_zero(const TileByte& of);

/// Each function gives the byte of a register in every row and adds the steps that it takes; what cannot be had makes
/// sweep() give nothing. A value that is not usable may be any byte: results are written under a mask.
class SweepMaker {
 public:
  /// `layout` has blocks of PieceTables::rows.
  SweepMaker(const Layout& layout, const std::vector<Decoder>& decoders, bool bounds);

  [[nodiscard]] TileByte value(Register of);
  [[nodiscard]] TileByte flags(Register of);
  [[nodiscard]] TileByte end(Register of, End which);
  /// 0xFF where map[flags] is not 0.
  [[nodiscard]] TileByte mask(Register of, const ByteMap& map);
  [[nodiscard]] TileByte map(const TileByte& of, const ByteMap& map);
  [[nodiscard]] TileByte look_up(const TileByte& index, int lowest, const std::vector<std::uint8_t>& table);
  /// of - lowest where the mask is set, else another byte.
  [[nodiscard]] TileByte keep(const TileByte& of, const TileByte& mask, int lowest, int otherwise);

  void write_bytes(int column, const TileByte& of, const TileByte& mask);
  void write_wholes(int column, const TileByte& of, const TileByte& mask);
  /// The whole numbers of a register that is not one of bytes.
  void write_wide(int column, Register of, const TileByte& mask);
  void write_reals(int column, const TileByte& index, const std::vector<double>& table);
  void write_wholes(int column, const TileByte& index, const std::vector<std::int32_t>& table);
  void write_validity(int column, const TileByte& of);

  /// What cannot be written in a sweep.
  void refuse() noexcept { fits_ = false; }
  [[nodiscard]] std::optional<Sweep> sweep() &&;

 private:
  /// What a register holds by an index: the piece of an item, or the classes of a pair of pieces.
  struct Form {
    TileByte index;
    std::vector<std::uint8_t> values, flags, lows, highs;
  };

  [[nodiscard]] bool is_byte(Register of) const;
  [[nodiscard]] const PlannedOperation& maker(Register of) const;
  [[nodiscard]] const std::optional<ValueTable>& table(Register of) const;
  TileByte refused() noexcept;
  TileByte constant(std::uint8_t byte) const;
  Slot add(TileOperation operation, int slots = 1);
  TileByte add_flags(Fold fold);
  Slot pieces_of(std::int32_t item);
  TileByte plain(Slot slot) const { return {slot, false, {}}; }

  /// Of registers that come of two items at most.
  [[nodiscard]] const Form* form(Register of);
  [[nodiscard]] Form make_form(Register of);
  [[nodiscard]] TileByte pair_index(const Origin& origin, const std::vector<std::uint32_t>& held,
                                    std::vector<std::size_t>& rows);
  TileByte sum(const std::vector<TileByte>& terms);
  TileByte extreme(const std::vector<TileByte>& terms, bool highest);
  TileByte pass(const PassGate& op);
  template <class Operation>
  TileByte join(const Operation& op, std::vector<TileByte> terms);
  TileByte join(const std::vector<TileByte>& terms);
  TileByte raise(const TileByte& own, const TileByte& raised);
  TileByte operand(Register of, std::int8_t none);
  TileByte position(const LookUpTable& op);

  TileByte make_value(Register of);
  TileByte make_flags(Register of);
  TileByte make_end(Register of, End which);
  TileByte gate_flags(const Gate& op);
  TileByte rule_flags(const Gate::Rule& rule);
  TileByte wide_level(const FindLevel& op);
  Slot wide(Register of);

  const Plan& plan_;
  PieceTables pieces_;
  Sweep sweep_;
  bool fits_ = true;
  std::map<Register, Form> forms_;
  std::map<Register, TileByte> values_, flags_, lows_, highs_;
};

}  // namespace appraise::detail
