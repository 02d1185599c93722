// Values that are taken from one register or another.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_choices.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "score/bytes.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Which rows of some vectors of numbers have a byte with any of these bits.
template <class Tag, int count>
class Marked {
 public:
  static constexpr bool of_lot = HWY_TARGET <= HWY_AVX3 && count * hn::MaxLanes(Tag()) == lane_rows;
  using Lot = std::conditional_t<of_lot, LotMask<Tag>, std::pair<const std::uint8_t*, std::uint8_t>>;

  HWY_INLINE Marked(const std::uint8_t* bytes, std::uint8_t bits) : lot_(bytes, bits) {}
  HWY_INLINE hn::Mask<Tag> at(int number) const {
    const Tag d;
    const int row = number * lanes_of(d);
    if constexpr (of_lot) {
      return lot_.at(row);
    } else if constexpr (sizeof(hn::TFromD<Tag>) == 1) {
      return hn::Ne(hn::And(hn::LoadU(d, lot_.first + row), hn::Set(d, lot_.second)), hn::Zero(d));
    } else {
      return any_bits(d, lot_.first + row, lot_.second);
    }
  }

 private:
  Lot lot_;
};

/// What is chosen from, registers that are all of one type, and what is chosen, whose flags are there already.
template <class Value>
class Alike {
 public:
  using Tag = hn::ScalableTag<Value>;

  Alike(Block& block, Register out) : block_(block), flags_(block.flags(out)), out_(block.values<Value>(out)) {}

  HWY_INLINE auto reader(Register of) const {
    return [x = block_.values<Value>(of)](int row) HWY_ATTR { return hn::LoadU(Tag(), x + row); };
  }
  template <int count>
  HWY_INLINE void put(int row, const hn::Vec<Tag> (&x)[count]) const {
    const Tag d;
    const Marked<Tag, count> none(flags_ + row, unusable_flags);
    for (int i = 0; i < count; ++i) hn::StoreU(hn::IfThenZeroElse(none.at(i), x[i]), d, out_ + row + i * lanes_of(d));
  }

 private:
  const Block& block_;
  const std::uint8_t* flags_;
  Value* out_;
};

/// The same of several types.
class Mixed {
 public:
  using Tag = RealTag;

  Mixed(Block& block, Register out) : block_(block), results_(block, out) {}

  HWY_INLINE auto reader(Register of) const {
    return [x = Numbers(block_, of)](int row) HWY_ATTR { return x.at(row); };
  }
  template <int count>
  HWY_INLINE void put(int row, const Real (&x)[count]) const {
    for (int i = 0; i < count; ++i) results_.put(row + i * lanes_of(Tag()), x[i]);
  }

 private:
  const Block& block_;
  Results results_;
};

/// Of what is chosen, the kernel for the types of all registers that values are read from and put to.
struct KernelsByType {
  std::array<Kernel, 3> alike;  ///< by RegisterType
  Kernel mixed;

  [[nodiscard]] Kernel of(const Plan& plan, const std::vector<Register>& from, Register otherwise, Register out) const {
    const auto type_of = [&](Register one) { return plan.registers[static_cast<std::size_t>(one)]; };
    const auto is_alike = [&](Register one) { return one == no_register || type_of(one) == type_of(out); };
    if (!is_alike(otherwise) || !std::all_of(from.begin(), from.end(), is_alike)) return mixed;
    return alike[static_cast<std::size_t>(type_of(out))];
  }
};

/// Rows that are marked by bits of a byte, or those that are not.
struct Marks {
  const std::uint8_t* bytes;
  std::uint8_t bits;
  bool marked;
};

/// Puts the value of the first register that is taken, where `marks` say of each; of none that of another, or 0. What
/// is found out for the first decides, so they are gone through from the last.
template <class From, class MarksOf>
HWY_INLINE void put_first(Block& block, Register out, const std::vector<Register>& of, Register otherwise,
                          MarksOf marks_of) {
  using Tag = typename From::Tag;
  const Tag d;
  const From from(block, out);
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<Tag> x[count.value];
    const auto read = [&](Register one, auto put) HWY_ATTR {
      const auto values = from.reader(one);
      for (int i = 0; i < count.value; ++i) put(i, values(row + i * lanes_of(d)));
    };
    if (otherwise != no_register) {
      read(otherwise, [&](int i, hn::Vec<Tag> value) HWY_ATTR { x[i] = value; });
    } else {
      for (auto& one : x) one = hn::Zero(d);
    }
    for (std::size_t k = of.size(); k-- > 0;) {
      const Marks marks = marks_of(k);
      const Marked<Tag, count.value> marked(marks.bytes + row, marks.bits);
      if (marks.marked) {
        read(of[k], [&](int i, hn::Vec<Tag> value) HWY_ATTR { x[i] = hn::IfThenElse(marked.at(i), value, x[i]); });
      } else {
        read(of[k], [&](int i, hn::Vec<Tag> value) HWY_ATTR { x[i] = hn::IfThenElse(marked.at(i), x[i], value); });
      }
    }
    from.put(row, x);
  });
}

template <class From>
void decide(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  const auto& op = *std::get_if<Decide>(step.operation);
  Block& block = rows.block;
  std::uint8_t* const out = block.flags(op.out);
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<ByteTag> flags[count.value];
    for (int i = 0; i < count.value; ++i) {
      const int at = row + i * lanes_of(d);
      flags[i] = op.otherwise == no_register ? hn::Set(d, flag_invalid) : hn::LoadU(d, block.flags(op.otherwise) + at);
    }
    for (std::size_t k = op.when.size(); k-- > 0;) {
      const std::uint8_t *own_flags = block.flags(op.when[k]), *taken_flags = block.flags(op.take[k]);
      const auto* truths = block.values<std::uint8_t>(op.when[k]);
      for (int i = 0; i < count.value; ++i) {
        const int at = row + i * lanes_of(d);
        const auto own = hn::LoadU(d, own_flags + at);
        const auto rest = hn::IfThenElseZero(is_usable(own), flags[i]);
        const auto holds = hn::Ne(hn::LoadU(d, truths + at), zero);
        flags[i] = hn::Or(own, hn::IfThenElse(holds, hn::LoadU(d, taken_flags + at), rest));
      }
    }
    for (int i = 0; i < count.value; ++i) hn::StoreU(flags[i], d, out + row + i * lanes_of(d));
  });
  put_first<From>(block, op.out, op.take, op.otherwise, [&](std::size_t k) {
    return Marks{block.values<std::uint8_t>(op.when[k]), 0xFF, true};
  });
}

/// The same where what is taken is the same in every row, and a byte: rules give labels mostly.
void decide_constants(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  const auto& op = *std::get_if<Decide>(step.operation);
  Block& block = rows.block;
  std::uint8_t *const out_flags = block.flags(op.out), *const out = block.values<std::uint8_t>(op.out);
  const auto constant = [&](Register of) HWY_ATTR { return hn::Set(d, *block.values<std::uint8_t>(of)); };
  const bool always = op.otherwise != no_register;
  const auto otherwise = always ? constant(op.otherwise) : zero;
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<ByteTag> flags[count.value], x[count.value];
    for (int i = 0; i < count.value; ++i) {
      flags[i] = hn::Set(d, always ? std::uint8_t{0} : flag_invalid);
      x[i] = otherwise;
    }
    for (std::size_t k = step.tests.size(); k-- > 0;) {
      const Asked asked(block, step.tests[k]);
      const auto taken = constant(op.take[k]);
      for (int i = 0; i < count.value; ++i) {
        const Answered answered(asked, row + i * lanes_of(d));
        flags[i] = hn::Or(answered.flags, hn::IfThenElseZero(answered.fails, flags[i]));
        x[i] = hn::IfThenElse(answered.holds(), taken, x[i]);
      }
    }
    for (int i = 0; i < count.value; ++i) {
      hn::StoreU(flags[i], d, out_flags + row + i * lanes_of(d));
      hn::StoreU(hn::IfThenElseZero(is_usable(flags[i]), x[i]), d, out + row + i * lanes_of(d));
    }
  });
}

/// What is passed over is missing, or does not apply; what is invalid is not passed over.
template <class From>
void take_first(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto zero = hn::Zero(d);
  const auto& op = *std::get_if<TakeFirst>(step.operation);
  Block& block = rows.block;
  std::uint8_t* const out = block.flags(op.out);
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<ByteTag> flags[count.value];
    for (auto& one : flags) one = zero;
    const auto each_of = [&](std::size_t k, auto use) HWY_ATTR {
      const std::uint8_t* own = block.flags(op.of[k]) + row;
      for (int i = 0; i < count.value; ++i) use(hn::LoadU(d, own + i * lanes_of(d)), flags[i]);
    };
    for (std::size_t k = 0; k < op.of.size(); ++k) {
      each_of(k, [&](auto own, auto& all) HWY_ATTR { all = hn::Or(all, hn::And(own, hn::Set(d, unusable_flags))); });
    }
    for (std::size_t k = op.of.size(); k-- > 0;) {
      const auto stands_in = hn::Set(d, k > 0 && op.flag ? flag_omitted : std::uint8_t{0});
      each_of(k, [&](auto own, auto& all) HWY_ATTR {
        const auto usable = is_usable(own);
        const auto taken = hn::Or(usable, hn::Ne(hn::And(own, hn::Set(d, flag_invalid)), zero));
        all = hn::IfThenElse(taken, hn::Or(own, hn::IfThenElseZero(usable, stands_in)), all);
      });
    }
    for (int i = 0; i < count.value; ++i) hn::StoreU(flags[i], d, out + row + i * lanes_of(d));
  });
  put_first<From>(block, op.out, op.of, no_register, [&](std::size_t k) {
    return Marks{block.flags(op.of[k]), unusable_flags, false};
  });
}

/// Copies values; flags are there already.
template <class From>
HWY_INLINE void copy(Block& block, Register of, Register out) {
  using Tag = typename From::Tag;
  const Tag d;
  const From from(block, out);
  const auto values = from.reader(of);
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    hn::Vec<Tag> x[count.value];
    for (int i = 0; i < count.value; ++i) x[i] = values(row + i * lanes_of(d));
    from.put(row, x);
  });
}

template <class From>
void apply_when(const Rows& rows, const Step& step) {
  const ByteTag d;
  const auto& op = *std::get_if<ApplyWhen>(step.operation);
  Block& block = rows.block;
  const std::uint8_t *own = block.flags(op.of), *when_flags = block.flags(op.when);
  const auto* when = block.values<std::uint8_t>(op.when);
  std::uint8_t* flags = block.flags(op.out);
  each_bytes(block, [&](int row) HWY_ATTR {
    const auto of_when = hn::LoadU(d, when_flags + row);
    const auto applies = hn::Ne(hn::LoadU(d, when + row), hn::Zero(d));
    const auto decided = hn::IfThenElse(applies, hn::LoadU(d, own + row), hn::Set(d, flag_inapplicable));
    hn::StoreU(hn::Or(of_when, hn::IfThenElseZero(is_usable(of_when), decided)), d, flags + row);
  });
  copy<From>(block, op.of, op.out);
}

template <class From>
void pass_gate(const Rows& rows, const Step& step) {
  const auto& op = *std::get_if<PassGate>(step.operation);
  join(rows.block, {op.of, op.gate}, rows.block.flags(op.out));
  copy<From>(rows.block, op.of, op.out);
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

}  // namespace

Kernel ChoiceKernel(const Plan& plan, const PlannedOperation& operation) {
  using Bytes = Alike<std::uint8_t>;
  using Wholes = Alike<std::int32_t>;
  using Reals = Alike<double>;
  if (const auto* op = std::get_if<Decide>(&operation)) {
    if (gives_constants(plan, *op)) return decide_constants;
    const KernelsByType kernels{{decide<Bytes>, decide<Wholes>, decide<Reals>}, decide<Mixed>};
    return kernels.of(plan, op->take, op->otherwise, op->out);
  }
  if (const auto* op = std::get_if<TakeFirst>(&operation)) {
    const KernelsByType kernels{{take_first<Bytes>, take_first<Wholes>, take_first<Reals>}, take_first<Mixed>};
    return kernels.of(plan, op->of, no_register, op->out);
  }
  if (const auto* op = std::get_if<ApplyWhen>(&operation)) {
    const KernelsByType kernels{{apply_when<Bytes>, apply_when<Wholes>, apply_when<Reals>}, apply_when<Mixed>};
    return kernels.of(plan, {}, op->of, op->out);
  }
  if (const auto* op = std::get_if<PassGate>(&operation)) {
    const KernelsByType kernels{{pass_gate<Bytes>, pass_gate<Wholes>, pass_gate<Reals>}, pass_gate<Mixed>};
    return kernels.of(plan, {}, op->of, op->out);
  }
  return kernel_among<Kind<ApplyItem>>(operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
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
