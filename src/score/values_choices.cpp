// Values that are looked up, or taken from one register or another.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score/values_choices.cpp"
#include <hwy/foreach_target.h>
// After foreach_target
#include <hwy/highway.h>

#include <algorithm>

#include "score/bytes.hpp"
#include "score/values-inl.hpp"
#include "score/values.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// The value of the first interval that holds x; nothing holds it: invalid.
template <class Intervals, class IntervalOf, class ValueOf>
void look_up_bands(Block& block, Register of, const Intervals& bands, Register out, IntervalOf interval_of,
                   ValueOf value_of) {
  const int rows = block.padded();
  Reals value, copy;
  Bytes found;
  std::fill_n(found.begin(), rows, std::uint8_t{0});
  std::fill_n(value.begin(), rows, 0.0);
  const double* x = reals(block, of, copy);
  for (std::size_t band = bands.size(); band-- > 0;) {
    const Interval& interval = interval_of(bands[band]);
    const double from = interval.from.value_or(-unbounded), to = interval.to.value_or(unbounded);
    const bool closed = interval.closed || !interval.to;
    const double given = value_of(band);
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const double one = x[row], before = value[i];
      const std::uint8_t was_found = found[i];
      const bool holds = (one >= from) & ((one < to) | (closed & (one == to)));
      value[i] = holds ? given : before;
      found[i] = holds ? std::uint8_t{1} : was_found;
    }
  }
  std::uint8_t* flags = block.flags(out);
  join(block, {of}, flags);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t own = flags[row], was_found = found[static_cast<std::size_t>(row)];
    const bool lost = !unusable(own) & (was_found == 0);
    flags[row] = static_cast<std::uint8_t>(own | flag_if(lost, flag_invalid));
  }
  store(block, out, value.data());
}

void run(Block& block, const LookUpBand& op) {
  look_up_bands(
      block, op.of, op.bands, op.out, [](const Band& band) -> const Interval& { return band.interval; },
      [&](std::size_t band) { return op.bands[band].value; });
}

void run(Block& block, const FindLevel& op) {
  look_up_bands(
      block, op.of, op.scheme->bands, op.out, [](const LevelBand& band) -> const Interval& { return band.interval; },
      [](std::size_t band) { return static_cast<double>(band); });
}

void run(Block& block, const LookUpTable& op) {
  const int rows = block.padded();
  Reals result;
  std::uint8_t* flags = block.flags(op.out);
  join(block, {op.row, op.column}, flags);
  const auto look = [&](auto row_at, auto column_at) {
    for (int row = 0; row < rows; ++row) {
      result[static_cast<std::size_t>(row)] =
          op.cells[static_cast<std::size_t>(row_at(row) * op.columns + column_at(row))];
    }
  };
  with_values(block, op.row, [&](const auto* position) {
    const auto row_at = [position](int row) { return static_cast<std::int32_t>(position[row]); };
    if (op.column == no_register) return look(row_at, [](int) { return 0; });
    with_values(block, op.column, [&](const auto* columns) {
      look(row_at, [columns](int row) { return static_cast<std::int32_t>(columns[row]); });
    });
  });
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const double cell = result[static_cast<std::size_t>(row)];
    const std::uint8_t own = flags[row];
    flags[row] = static_cast<std::uint8_t>(own | flag_if(!unusable(own) & (cell != cell), flag_missing));
  }
  store(block, op.out, result.data());
}

/// Takes the values of a register in the rows selected, and joins its flags there.
template <class Value>
void take(const Block& block, Register from, const Bytes& selected, Value* out, std::uint8_t* flags) {
  const int rows = block.padded();
  const std::uint8_t* own = block.flags(from);
  with_values(block, from, [&](const auto* x) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto value = static_cast<Value>(x[row]);
      const Value before = out[row];
      const bool taken = selected[static_cast<std::size_t>(row)] != 0;
      out[row] = taken ? value : before;
    }
  });
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t one = own[row], before = flags[row];
    flags[row] = static_cast<std::uint8_t>(before | flag_if(selected[static_cast<std::size_t>(row)] != 0, one));
  }
}

void run(Block& block, const Decide& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  std::fill_n(flags, rows, std::uint8_t{0});
  Bytes open, selected;  // rows that no condition has decided yet, and those that one decides
  std::fill_n(open.begin(), rows, std::uint8_t{1});
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    std::fill_n(out, rows, Value{0});
    for (std::size_t k = 0; k < op.when.size(); ++k) {
      const std::uint8_t* when_flags = block.flags(op.when[k]);
      const auto* when = block.values<std::uint8_t>(op.when[k]);
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        const std::uint8_t one = when_flags[row], is_true = when[row], is_open = open[i], before = flags[row];
        const auto decided = static_cast<std::uint8_t>(is_true | (unusable(one) ? 1 : 0));
        flags[row] = static_cast<std::uint8_t>(before | flag_if(is_open != 0, one));
        selected[i] = static_cast<std::uint8_t>(is_open & is_true);
        open[i] = static_cast<std::uint8_t>(is_open & (decided ^ 1));
      }
      take(block, op.take[k], selected, out, flags);
    }
    if (op.otherwise != no_register) {
      take(block, op.otherwise, open, out, flags);
    } else {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const std::uint8_t before = flags[row];
        flags[row] =
            static_cast<std::uint8_t>(before | flag_if(open[static_cast<std::size_t>(row)] != 0, flag_invalid));
      }
    }
    clear_unusable(block, flags, out);
  });
}

void run(Block& block, const TakeFirst& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  std::fill_n(flags, rows, std::uint8_t{0});
  Bytes open, selected, passed;
  std::fill_n(passed.begin(), rows, std::uint8_t{0});
  std::fill_n(open.begin(), rows, std::uint8_t{1});
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    std::fill_n(out, rows, Value{0});
    for (std::size_t k = 0; k < op.of.size(); ++k) {
      const std::uint8_t* from = block.flags(op.of[k]);
      const std::uint8_t fallback = k > 0 && op.flag ? flag_omitted : std::uint8_t{0};
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        const std::uint8_t own = from[row], is_open = open[i], skipped = passed[i], before = flags[row];
        const bool usable = !unusable(own), invalid = (own & flag_invalid) != 0;
        const std::uint8_t taken = (usable | invalid) ? is_open : std::uint8_t{0};
        selected[i] = taken;
        open[i] = static_cast<std::uint8_t>(is_open ^ taken);
        passed[i] = static_cast<std::uint8_t>(skipped | flag_if(taken == 0, own & unusable_flags));
        flags[row] = static_cast<std::uint8_t>(before | flag_if((taken != 0) & usable, fallback));
      }
      take(block, op.of[k], selected, out, flags);
    }
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const std::uint8_t before = flags[row], skipped = passed[i];
      flags[row] = static_cast<std::uint8_t>(before | flag_if(open[i] != 0, skipped));
    }
    clear_unusable(block, flags, out);
  });
}

void run(Block& block, const ReadAttribute& op) {
  const int rows = block.padded();
  join(block, {op.of}, block.flags(op.out));
  with_out(block, op.out, [&](auto* out) {
    using Value = std::decay_t<decltype(*out)>;
    with_values(block, op.of, [&](const auto* code) {
      for (int row = 0; row < rows; ++row) {
        out[row] = static_cast<Value>(op.labels[static_cast<std::size_t>(code[row])]);
      }
    });
    clear_unusable(block, block.flags(op.out), out);
  });
}

/// Copies values; flags are there already.
void copy(Block& block, Register of, Register out) {
  const int rows = block.padded();
  with_out(block, out, [&](auto* values) {
    with_values(block, of, [&](const auto* x) { keep_usable(x, block.flags(out), rows, values); });
  });
}

void run(Block& block, const ApplyWhen& op) {
  const int rows = block.padded();
  std::uint8_t* flags = block.flags(op.out);
  const std::uint8_t* own = block.flags(op.of);
  const std::uint8_t* when_flags = block.flags(op.when);
  const auto* when = block.values<std::int8_t>(op.when);
  APPRAISE_ROWS
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t one = own[row], of_when = when_flags[row];
    const std::uint8_t decided = when[row] != 0 ? one : flag_inapplicable;
    flags[row] = static_cast<std::uint8_t>(of_when | flag_if(!unusable(of_when), decided));
  }
  copy(block, op.of, op.out);
}

void run(Block& block, const PassGate& op) {
  join(block, {op.of, op.gate}, block.flags(op.out));
  copy(block, op.of, op.out);
}

/// The values that the answers stand for.
void take_answers(Block& block, Register given, Register out, const std::uint8_t* answer, double otherwise,
                  double substitute) {
  if (!block.layout().live(out)) return;
  const int rows = block.padded();
  with_out(block, out, [&](auto* values) {
    using Value = std::decay_t<decltype(*values)>;
    const auto other = static_cast<Value>(otherwise), prescribed = static_cast<Value>(substitute);
    with_values(block, given, [&](const auto* x) {
      APPRAISE_ROWS
      for (int row = 0; row < rows; ++row) {
        const auto value = static_cast<Value>(x[row]);
        const std::uint8_t which = answer[row];
        const Value not_given = which == answer_otherwise ? other : which == answer_substitute ? prescribed : Value{0};
        values[row] = which == answer_given ? value : not_given;
      }
    });
  });
}

void run(Block& block, const ApplyItem& op) {
  const int rows = block.padded();
  const PlannedItem& item = block.plan().items[static_cast<std::size_t>(op.item)];
  const double otherwise = item.item->points_if_not_applicable;
  Bytes differs, response_flags, points_flags, fault, answer;
  with_values(block, op.given_points, [&](const auto* points) {
    APPRAISE_ROWS
    for (int row = 0; row < rows; ++row) {
      differs[static_cast<std::size_t>(row)] = static_cast<double>(points[row]) != otherwise ? 1 : 0;
    }
  });
  judge_answers(block, op, differs.data(), item.substitute.has_value(),
                {response_flags.data(), points_flags.data(), fault.data(), answer.data()});
  const auto put_flags = [&](Register out, const Bytes& flags) {
    if (block.layout().live(out)) std::copy_n(flags.begin(), rows, block.flags(out));
  };
  take_answers(block, op.given_points, op.points, answer.data(), otherwise, item.substitute_points);
  take_answers(block, op.given_response, op.response, answer.data(), 0, item.substitute.value_or(0));
  put_flags(op.points, points_flags);
  put_flags(op.response, response_flags);
  put_flags(op.fault, fault);
}

}  // namespace

void RunChoice(Block& block, const PlannedOperation& operation) {
  std::visit(
      [&](const auto& op) {
        if constexpr (is_choice<std::decay_t<decltype(op)>>) run(block, op);
      },
      operation);
}

}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace appraise::detail {

HWY_EXPORT(RunChoice);

void run_choice(Block& block, const PlannedOperation& operation) { HWY_DYNAMIC_DISPATCH(RunChoice)(block, operation); }

}  // namespace appraise::detail
#endif
