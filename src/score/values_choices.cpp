// Values that are looked up, or taken from one register or another.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_choices.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>

#include "score/bytes.hpp"
#include "score/levels-inl.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// The value of the first interval that holds x; nothing holds it: invalid.
template <class Bands, class IntervalOf, class ValueOf>
HWY_INLINE void look_up_bands(Block& block, Register of, const Bands& bands, Register out, IntervalOf interval_of,
                              ValueOf value_of) {
  const RealTag d;
  const Numbers numbers(block, of);
  const Results results(block, out);
  join(block, {of}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    const Real x = numbers.at(row);
    Real value = hn::Zero(d);
    RealMask found = hn::Lt(value, value);
    for (std::size_t band = bands.size(); band-- > 0;) {
      const Interval& interval = interval_of(bands[band]);
      const Real from = hn::Set(d, interval.from.value_or(-unbounded)),
                 to = hn::Set(d, interval.to.value_or(unbounded));
      const RealMask before = interval.closed || !interval.to ? hn::Le(x, to) : hn::Lt(x, to);
      const RealMask holds = hn::And(hn::Ge(x, from), before);
      value = hn::IfThenElse(holds, hn::Set(d, value_of(band)), value);
      found = hn::Or(found, holds);
    }
    results.put_valid(row, value, found);
  });
}

void run(Block& block, const LookUpBand& op) {
  look_up_bands(
      block, op.of, op.bands, op.out, [](const Band& band) -> const Interval& { return band.interval; },
      [&](std::size_t band) { return op.bands[band].value; });
}

void run(Block& block, const FindLevel& op) {
  if (const JoinedBands bands(op.scheme->bands); bands.are_joined()) {
    const Numbers numbers(block, op.of);
    const Results results(block, op.out);
    join(block, {op.of}, results.flags());
    return each_vector(block, [&](int row) HWY_ATTR {
      const Real x = numbers.at(row);
      results.put_valid(row, bands.at(x), bands.hold(x));
    });
  }
  look_up_bands(
      block, op.of, op.scheme->bands, op.out, [](const LevelBand& band) -> const Interval& { return band.interval; },
      [](std::size_t band) { return static_cast<double>(band); });
}

/// table[index] of each row. One by one: a processor gathers no faster, and most tables are in the nearest cache.
template <class Cell, class Value>
void take_cells(const std::vector<Cell>& table, const std::int32_t* index, int rows, Value* out) {
  const Cell* cells = table.data();
  for (int row = 0; row < rows; ++row) out[row] = static_cast<Value>(cells[index[row]]);
}

/// A cell that is not supplied is missing.
void run(Block& block, const LookUpTable& op) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Numbers rows(block, op.row), columns(block, op.column == no_register ? op.row : op.column);
  const Real width = hn::Set(d, op.columns);
  const Results results(block, op.out);
  std::array<std::int32_t, largest_block> index;
  std::array<double, largest_block> cells;
  join(block, {op.row, op.column}, results.flags());
  each_vector(block, [&](int row) HWY_ATTR {
    Real at = hn::Mul(rows.at(row), width);
    if (op.column != no_register) at = hn::Add(at, columns.at(row));
    hn::StoreU(hn::DemoteTo(words, at), words, index.data() + row);
  });
  take_cells(op.cells, index.data(), block.rows(), cells.data());
  each_vector(block, [&](int row) HWY_ATTR {
    const Real cell = hn::LoadU(d, cells.data() + row);
    const RealMask supplied = hn::Eq(cell, cell), absent = hn::Not(hn::Or(supplied, results.unusable_at(row)));
    if (HWY_UNLIKELY(!hn::AllFalse(d, absent))) results.mark(row, absent, flag_missing);
    results.put_held(row, cell);
  });
}

/// What is chosen from several registers, for a vector of bytes of rows at a time; `bytes`: all of them are bytes.
template <bool bytes>
class Choice {
 public:
  using Bytes = hn::Vec<ByteTag>;
  using Selected = hn::Mask<ByteTag>;

  Choice(Block& block, Register out) : block_(block), results_(block, out), out_(out) {}

  HWY_INLINE void begin(int row) {
    const ByteTag d;
    row_ = row;
    values_ = flags_ = hn::Zero(d);
    if constexpr (bytes) return;
    hn::StoreU(flags_, d, results_.flags() + row);
    each_number([&](int at) HWY_ATTR { results_.put(at, hn::Zero(RealTag())); });
  }

  HWY_INLINE void join(Bytes flags) { flags_ = hn::Or(flags_, flags); }

  /// The values and flags of a register, in the rows selected.
  HWY_INLINE void take(Register from, Selected selected) {
    const ByteTag d;
    if (hn::AllFalse(d, selected)) return;
    join(hn::IfThenElseZero(selected, hn::LoadU(d, block_.flags(from) + row_)));
    if constexpr (bytes) {
      values_ = hn::IfThenElse(selected, hn::LoadU(d, block_.values<std::uint8_t>(from) + row_), values_);
    } else {
      std::uint8_t rows[HWY_MAX_BYTES];
      hn::StoreU(hn::VecFromMask(d, selected), d, rows);
      const Numbers taken(block_, from), before(block_, out_);
      each_number([&](int at) HWY_ATTR {
        const RealMask here = any_bits(RealTag(), rows + (at - row_), 0xFF);
        results_.put(at, hn::IfThenElse(here, taken.at(at), before.at(at)));
      });
    }
  }

  HWY_INLINE void end() {
    const ByteTag d;
    hn::StoreU(flags_, d, results_.flags() + row_);
    if constexpr (bytes) {
      hn::StoreU(hn::IfThenElseZero(is_usable(flags_), values_), d, block_.values<std::uint8_t>(out_) + row_);
    } else {
      const Numbers chosen(block_, out_);
      each_number([&](int at) HWY_ATTR { results_.put(at, chosen.at(at)); });
    }
  }

 private:
  /// Calls `use` with the first row of every vector of numbers among those of the bytes.
  template <class Use>
  HWY_INLINE void each_number(Use use) {
    const int end = std::min(row_ + lanes_of(ByteTag()), block_.rows());
    for (int at = row_; at < end; at += lanes_of(RealTag())) use(at);
  }

  Block& block_;
  Results results_;
  Register out_;
  int row_ = 0;
  Bytes values_, flags_;  // while the rows are those of a vector, the flags in the register are none
};

template <bool bytes>
void decide(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  const auto& op = *std::get_if<Decide>(step.operation);
  const Block& block = rows.block;
  Choice<bytes> choice(rows.block, op.out);
  each_bytes(block, [&](int row) HWY_ATTR {
    choice.begin(row);
    auto open = hn::Eq(zero, zero);  // rows that no condition has decided yet
    for (std::size_t k = 0; k < op.when.size() && !hn::AllFalse(d, open); ++k) {
      const auto own = hn::LoadU(d, block.flags(op.when[k]) + row);
      const auto holds = hn::Ne(hn::LoadU(d, block.values<std::uint8_t>(op.when[k]) + row), zero);
      choice.join(hn::IfThenElseZero(open, own));
      choice.take(op.take[k], hn::And(open, holds));
      open = hn::And(open, hn::AndNot(holds, is_usable(own)));
    }
    if (op.otherwise != no_register) {
      choice.take(op.otherwise, open);
    } else {
      choice.join(hn::IfThenElseZero(open, hn::Set(d, flag_invalid)));
    }
    choice.end();
  });
}

template <bool bytes>
void take_first(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  const auto& op = *std::get_if<TakeFirst>(step.operation);
  const Block& block = rows.block;
  Choice<bytes> choice(rows.block, op.out);
  each_bytes(block, [&](int row) HWY_ATTR {
    choice.begin(row);
    auto open = hn::Eq(zero, zero);
    auto passed = zero;
    for (std::size_t k = 0; k < op.of.size() && !hn::AllFalse(d, open); ++k) {
      const auto own = hn::LoadU(d, block.flags(op.of[k]) + row);
      const auto usable = is_usable(own);
      const auto taken = hn::And(open, hn::Or(usable, hn::Ne(hn::And(own, hn::Set(d, flag_invalid)), zero)));
      passed = hn::Or(passed, hn::IfThenZeroElse(taken, hn::And(own, hn::Set(d, unusable_flags))));
      open = hn::AndNot(taken, open);
      if (k > 0 && op.flag) choice.join(hn::IfThenElseZero(hn::And(taken, usable), hn::Set(d, flag_omitted)));
      choice.take(op.of[k], taken);
    }
    choice.join(hn::IfThenElseZero(open, passed));
    choice.end();
  });
}

/// Whether a choice is made of bytes, from bytes.
bool chooses_bytes(const Plan& plan, const std::vector<Register>& from, Register otherwise, Register out) {
  const auto is_byte = [&](Register of) {
    return of == no_register || plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
  };
  return is_byte(out) && is_byte(otherwise) && std::all_of(from.begin(), from.end(), is_byte);
}

void run(Block& block, const ReadAttribute& op) {
  const RealTag d;
  const hn::Rebind<std::int32_t, RealTag> words;
  const Numbers codes(block, op.of);
  const Results results(block, op.out);
  join(block, {op.of}, results.flags());
  if (block.type(op.of) == RegisterType::whole && block.type(op.out) == RegisterType::byte) {
    const ByteTag bytes;
    auto* out = block.values<std::uint8_t>(op.out);
    take_cells(op.labels, block.values<std::int32_t>(op.of), block.rows(), out);
    return each_bytes(block, [&](int row) HWY_ATTR {
      const auto usable = is_usable(hn::LoadU(bytes, results.flags() + row));
      hn::StoreU(hn::IfThenElseZero(usable, hn::LoadU(bytes, out + row)), bytes, out + row);
    });
  }
  each_vector(block, [&](int row) HWY_ATTR {
    const auto code = hn::DemoteTo(words, codes.at(row));
    results.put(row, hn::PromoteTo(d, hn::GatherIndex(words, op.labels.data(), code)));
  });
}

/// Copies values; flags are there already.
void copy(Block& block, Register of, Register out) {
  const Numbers numbers(block, of);
  const Results results(block, out);
  each_vector(block, [&](int row) HWY_ATTR { results.put(row, numbers.at(row)); });
}

void run(Block& block, const ApplyWhen& op) {
  const ByteTag d;
  const std::uint8_t *own = block.flags(op.of), *when_flags = block.flags(op.when);
  const auto* when = block.values<std::uint8_t>(op.when);
  std::uint8_t* flags = block.flags(op.out);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto of_when = hn::LoadU(d, when_flags + row);
    const auto applies = hn::Ne(hn::LoadU(d, when + row), hn::Zero(d));
    const auto decided = hn::IfThenElse(applies, hn::LoadU(d, own + row), hn::Set(d, flag_inapplicable));
    hn::StoreU(hn::Or(of_when, hn::IfThenElseZero(is_usable(of_when), decided)), d, flags + row);
  });
  copy(block, op.of, op.out);
}

void run(Block& block, const PassGate& op) {
  join(block, {op.of, op.gate}, block.flags(op.out));
  copy(block, op.of, op.out);
}

/// The values that the answers stand for; flags are there already.
void take_answers(Block& block, Register given, Register out, const std::uint8_t* answer, double otherwise,
                  double substitute) {
  if (!block.layout().live(out)) return;
  const RealTag d;
  const Numbers numbers(block, given);
  const Results results(block, out);
  const Real other = hn::Set(d, otherwise), prescribed = hn::Set(d, substitute);
  each_vector(block, [&](int row) HWY_ATTR {
    const hn::Rebind<std::uint8_t, RealTag> narrow;
    const hn::Rebind<std::int32_t, RealTag> words;
    const Real which = hn::PromoteTo(d, hn::PromoteTo(words, hn::LoadU(narrow, answer + row)));
    const auto is = [&](Answer one) HWY_ATTR { return hn::Eq(which, hn::Set(d, static_cast<double>(one))); };
    const Real not_given =
        hn::IfThenElse(is(answer_otherwise), other, hn::IfThenElseZero(is(answer_substitute), prescribed));
    results.put(row, hn::IfThenElse(is(answer_given), numbers.at(row), not_given));
  });
}

void run(Block& block, const ApplyItem& op) {
  const RealTag d;
  const PlannedItem& item = block.plan().items[static_cast<std::size_t>(op.item)];
  const double otherwise = item.item->points_if_not_applicable;
  std::array<std::uint8_t, largest_block> differs, response_flags, points_flags, fault, answer;
  const Numbers points(block, op.given_points);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto differing = [&](int number) HWY_ATTR {
      return hn::Ne(points.at(row + number * lanes_of(d)), hn::Set(d, otherwise));
    };
    hn::StoreU(truths_of(d, block.rows() - row, differing), ByteTag(), differs.data() + row);
  });
  judge_answers(block, op, differs.data(), item.substitute.has_value(),
                {response_flags.data(), points_flags.data(), fault.data(), answer.data()});
  const auto put_flags = [&](Register out, const std::uint8_t* flags) {
    if (block.layout().live(out)) std::copy_n(flags, block.padded(), block.flags(out));
  };
  put_flags(op.points, points_flags.data());
  put_flags(op.response, response_flags.data());
  put_flags(op.fault, fault.data());
  take_answers(block, op.given_points, op.points, answer.data(), otherwise, item.substitute_points);
  take_answers(block, op.given_response, op.response, answer.data(), 0, item.substitute.value_or(0));
}

template <class Operation>
void run_one(const Rows& rows, const Step& step) {
  run(rows.block, std::get<Operation>(*step.operation));
}

}  // namespace

Kernel ChoiceKernel(const Plan& plan, const PlannedOperation& operation) {
  if (const auto* op = std::get_if<Decide>(&operation)) {
    return chooses_bytes(plan, op->take, op->otherwise, op->out) ? decide<true> : decide<false>;
  }
  if (const auto* op = std::get_if<TakeFirst>(&operation)) {
    return chooses_bytes(plan, op->of, no_register, op->out) ? take_first<true> : take_first<false>;
  }
  return std::visit(
      [](const auto& op) -> Kernel {
        using Operation = std::decay_t<decltype(op)>;
        if constexpr (is_choice<Operation> && !is_one_of<Operation, Decide, TakeFirst>) return run_one<Operation>;
        return nullptr;
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(ChoiceKernel);

Kernel choice_kernel(const Plan& plan, const PlannedOperation& operation) {
  return HWY_DYNAMIC_DISPATCH(ChoiceKernel)(plan, operation);
}

}  // namespace appraise::detail
#endif
