// Times between dates, and dates moved by times.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_time.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include "score/dates-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// Stores dates or whole numbers as the values of a register, whose flags are there already.
class Wholes {
 public:
  Wholes(Block& block, Register out) : values_(block.values<std::int32_t>(out)), flags_(block.flags(out)) {}

  HWY_INLINE void put(int row, Whole x) const {
    const WholeTag d;
    hn::StoreU(hn::IfThenZeroElse(any_bits(d, flags_ + row, unusable_flags), x), d, values_ + row);
  }
  /// Results that do not exist are invalid.
  void mark(int row, hn::Mask<WholeTag> rows) const {
    const WholeTag d;
    std::int32_t marks[HWY_MAX_BYTES / sizeof(std::int32_t)];
    hn::StoreU(hn::VecFromMask(d, rows), d, marks);
    for (int i = 0; i < lanes_of(d); ++i) {
      std::uint8_t& flags = flags_[row + i];
      if (marks[i] != 0 && !unusable(flags)) flags = static_cast<std::uint8_t>(flags | flag_invalid);
    }
  }

 private:
  std::int32_t* values_;
  std::uint8_t* flags_;
};

template <class Use>
HWY_INLINE void each_wholes(const Block& block, Use use) {
  each_vector(block, use, WholeTag());
}

/// Splits the dates of a register.
void split_dates(const Rows& rows, const Step& step) {
  const WholeTag d;
  const hn::RebindToUnsigned<WholeTag> positive;
  Block& block = rows.block;
  const auto* dates = block.values<std::int32_t>(step.made_of);
  std::int32_t* out = block.split(step.made_of);
  const auto last = hn::Set(positive, near_days - 1);
  each_few(block, d, [&](int row, auto count) HWY_ATTR {
    Whole since[count.value];
    auto latest = hn::Zero(positive);
    for (int i = 0; i < count.value; ++i) {
      since[i] = hn::Sub(hn::LoadU(d, dates + row + i * lanes_of(d)), whole(near_first));
      latest = hn::Max(latest, hn::BitCast(positive, since[i]));
    }
    const bool near = hn::AllFalse(positive, hn::Gt(latest, last));
    for (int i = 0; i < count.value; ++i) {
      const Whole made = HWY_LIKELY(near) ? split_near(since[i]) : split(hn::Add(since[i], whole(near_first)));
      hn::StoreU(made, d, out + row + i * lanes_of(d));
    }
  });
}

void run(Block& block, const MeasureTime& op) {
  const WholeTag d;
  const Wholes results(block, op.out);
  const auto* from = block.values<std::int32_t>(op.from);
  const auto* to = block.values<std::int32_t>(op.to);
  join(block, {op.from, op.to}, block.flags(op.out));
  if (op.in == TimeUnit::days) {
    return each_wholes(
        block, [&](int row) HWY_ATTR { results.put(row, hn::Sub(hn::LoadU(d, to + row), hn::LoadU(d, from + row))); });
  }
  if (op.no_such_day == NoSuchDay::next_day) {
    const std::int32_t *split_from = block.split(op.from), *split_to = block.split(op.to);
    return each_wholes(block, [&](int row) HWY_ATTR {
      results.put(row, time_from(hn::LoadU(d, split_from + row), hn::LoadU(d, split_to + row), op.in));
    });
  }
  auto* out = block.values<std::int32_t>(op.out);
  for (int row = 0; row < block.rows(); ++row) out[row] = time_between(from[row], to[row], op.in, op.no_such_day);
  each_wholes(block, [&](int row) HWY_ATTR { results.put(row, hn::LoadU(d, out + row)); });
}

/// Moves dates by times: `amount` gives those of a vector of rows.
template <class Amount>
HWY_INLINE void move(Block& block, const MoveTime& op, Amount amount) {
  const WholeTag d;
  const Wholes results(block, op.out);
  const auto* to = op.in == TimeUnit::days ? block.values<std::int32_t>(op.to) : block.split(op.to);
  const auto move_far = [&](int row) HWY_ATTR {
    const MovedDates moved(hn::LoadU(d, to + row), amount(row), op.in, op.no_such_day);
    if (HWY_UNLIKELY(!hn::AllFalse(d, moved.outside))) results.mark(row, moved.outside);
    results.put(row, moved.days);
  };
  if (op.in == TimeUnit::days) return each_wholes(block, move_far);
  with_rule(op, [&](auto unit, auto rule) HWY_ATTR {
    each_wholes(block, [&](int row) HWY_ATTR {
      const NearDates moved(hn::LoadU(d, to + row), amount(row), unit, rule);
      if (HWY_UNLIKELY(!hn::AllFalse(d, moved.far))) return move_far(row);
      results.put(row, moved.days);
    });
  });
}

void run(Block& block, const MoveTime& op) {
  const WholeTag d;
  join(block, {op.to, op.amount}, block.flags(op.out));
  if (block.type(op.amount) == RegisterType::byte) {
    const auto* x = block.values<std::int8_t>(op.amount);
    return move(block, op, [&](int row) HWY_ATTR {
      const hn::Rebind<std::int8_t, WholeTag> bytes;
      return hn::PromoteTo(d, hn::LoadU(bytes, x + row));
    });
  }
  if (block.type(op.amount) == RegisterType::whole) {
    const auto* x = block.values<std::int32_t>(op.amount);
    const Whole farthest = whole(static_cast<std::int32_t>(farthest_move));
    return move(block, op,
                [&](int row) HWY_ATTR { return hn::Min(hn::Max(hn::LoadU(d, x + row), hn::Neg(farthest)), farthest); });
  }
  const Numbers amounts(block, op.amount);
  auto* out = block.values<std::int32_t>(op.out);
  each_vector(block, [&](int row) HWY_ATTR {
    const RealTag reals;
    const hn::Rebind<std::int32_t, RealTag> words;
    const Real near = hn::Min(hn::Max(amounts.at(row), hn::Set(reals, -farthest_move)), hn::Set(reals, farthest_move));
    hn::StoreU(hn::DemoteTo(words, near), words, out + row);
  });
  move(block, op, [&](int row) HWY_ATTR { return hn::LoadU(d, out + row); });
}

}  // namespace

Kernel TimeKernel(const PlannedOperation& operation) {
  return kernel_among<Times>(operation, [](const Rows& rows, const auto& op) { run(rows.block, op); });
}

Kernel SplitKernel() { return split_dates; }

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(TimeKernel);
HWY_EXPORT(SplitKernel);

Kernel time_kernel(const PlannedOperation& operation) { return HWY_DYNAMIC_DISPATCH(TimeKernel)(operation); }
Kernel split_kernel() { return HWY_DYNAMIC_DISPATCH(SplitKernel)(); }

}  // namespace appraise::detail
#endif
