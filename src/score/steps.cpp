// The steps of a plan for the columns that its items are bound to.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "plan/inputs.hpp"
#include "score/holding.hpp"
#include "score/run.hpp"
#include "score/values.hpp"

namespace appraise::detail {

namespace {

const PlannedOperation& maker_of(const Plan& plan, Register of) {
  return plan.operations[static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(of)])];
}

const WeighTerm& term_of(const Plan& plan, Register of) { return std::get<WeighTerm>(maker_of(plan, of)); }

/// Calls `use` with every register that a step reads: a table its root, a weighted sum what its terms read, and what is
/// asked is asked of the registers of tests.
template <class Use>
void each_read(const Plan& plan, const Step& step, Use use) {
  if (step.table != nullptr) return use(step.table->of);
  for (const Test& test : step.tests) use(test.of);
  if (const auto* rules = std::get_if<Decide>(step.operation); rules != nullptr && !step.tests.empty()) {
    for (const Register one : rules->take) use(one);
    return use(rules->otherwise);
  }
  if (!step.tests.empty()) return;
  const auto* sum = std::get_if<AddTerms>(step.operation);
  if (sum == nullptr) return each_input(*step.operation, use);
  for (const Register one : sum->of) inputs::each(term_of(plan, one), use);
}

bool is_wanted(const std::vector<std::int32_t>& columns, Register term) {
  return !columns.empty() && columns[static_cast<std::size_t>(term)] != Terms::no_column;
}

bool shows_terms(const AddTerms& sum, const std::vector<std::int32_t>& columns) {
  return std::any_of(sum.of.begin(), sum.of.end(), [&](Register one) { return is_wanted(columns, one); });
}

/// The table that an operation's result is looked up in, or null. A sum that shows its terms has to work them out.
const ValueTable* table_of(const Plan& plan, std::int32_t number, const OtherReaders& readers,
                           const std::vector<std::int32_t>& columns) {
  const std::optional<ValueTable>& table = plan.tables[static_cast<std::size_t>(number)];
  const auto* sum = std::get_if<AddTerms>(&plan.operations[static_cast<std::size_t>(number)]);
  const bool works_out = sum != nullptr && (readers.terms || shows_terms(*sum, columns));
  return table && !works_out ? &*table : nullptr;
}

/// Calls `use` with every register that a step fills: a sum fills its terms too.
template <class Use>
void each_filled(const Step& step, Use use) {
  each_output(*step.operation, use);
  if (const auto* sum = std::get_if<AddTerms>(step.operation)) std::for_each(sum->of.begin(), sum->of.end(), use);
}

/// Operations that ranges are not worked out from ranges alone by: from answers, or flags of rows.
using ReadRows = Kind<LoadItem, ApplyItem, IsMissing, TakeFirst, ReadAttribute>;

/// Drops the steps that nothing follows from, since what lies between is looked up.
void drop_between(const Layout& layout, const OtherReaders& readers, std::vector<Step>& steps) {
  const Plan& plan = layout.plan;
  std::vector<std::uint8_t> needed(plan.registers.size(), 0);
  const auto need = [&](Register of) {
    if (layout.live(of)) needed[static_cast<std::size_t>(of)] = 1;
  };
  for (const PlannedScale& scale : plan.scales) {
    need(scale.value);
    need(scale.level);
  }
  for (const Register one : readers.passing) each_input(maker_of(plan, one), need);
  if ((layout.purposes & for_contributions) != 0) {
    for (const PlannedContribution& one : plan.contributions) need(one.of);
  }
  for (const std::int32_t step : layout.steps) {
    const PlannedOperation& operation = plan.operations[static_cast<std::size_t>(step)];
    if (!readers.ranges || !is_of<ReadRows>(operation)) continue;
    each_input(operation, need);
    each_output(operation, need);
  }
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    bool is_needed = false;
    each_filled(*step, [&](Register out) { is_needed = is_needed || needed[static_cast<std::size_t>(out)] != 0; });
    if (is_needed) {
      each_read(plan, *step, need);
    } else {
      step->operation = nullptr;
    }
  }
  std::erase_if(steps, [](const Step& step) { return step.operation == nullptr; });
}

std::shared_ptr<Terms> terms_of(const Plan& plan, const AddTerms& sum, bool flags,
                                const std::vector<std::int32_t>& columns) {
  auto terms = std::make_shared<Terms>();
  const bool shown = flags || shows_terms(sum, columns);
  for (const Register one : sum.of) {
    const WeighTerm& term = term_of(plan, one);
    terms->add(term);
    if (!shown) continue;
    const std::int32_t column = columns.empty() ? Terms::no_column : columns[static_cast<std::size_t>(one)];
    terms->show_last(term, column, flags);
  }
  return terms;
}

/// Conditions that a step asks for by tests.
std::vector<Test> tests_of(const Plan& plan, const PlannedOperation& operation) {
  std::vector<Test> tests;
  const auto add = [&](const std::vector<Register>& conditions) {
    for (const Register one : conditions) tests.push_back({.of = one});
  };
  if (const auto* join = std::get_if<Join>(&operation)) add(join->of);
  if (const auto* rules = std::get_if<Decide>(&operation); rules != nullptr && gives_constants(plan, *rules)) {
    add(rules->when);
  }
  return tests;
}

/// The bytes for which a comparison holds, as a test; none: they are not those between two numbers, or the comparison
/// is of another kind.
std::optional<Test> test_of(const Plan& plan, const Compare& op) {
  if (!becomes_test(plan, op)) return std::nullopt;
  std::vector<Holding<std::int8_t>> holding;
  for (const double constant : op.constants) holding.emplace_back(op.kind, constant);
  std::sort(holding.begin(), holding.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
  for (std::size_t i = 0; i < holding.size(); ++i) {
    if (holding[i].low > holding[i].high || (i > 0 && holding[i].low > holding[i - 1].high + 1)) return std::nullopt;
    if (i > 0) holding[i].high = std::max(holding[i].high, holding[i - 1].high);
  }
  const std::int8_t low = holding.front().low, high = holding.back().high;
  return Test{op.of, low, static_cast<std::uint8_t>(high - low)};
}

/// Makes fewer steps of many.
class Fusion {
 public:
  Fusion(const Layout& layout, const std::vector<Decoder>& decoders, std::vector<Step>& steps)
      : plan_(layout.plan), layout_(layout), decoders_(decoders), steps_(steps), dropped_(plan_.operations.size(), 0) {}

  /// Comparisons of bytes with constants that are asked for by tests only are made there.
  void fuse_tests() {
    const std::vector<int> readers = count_readers();
    std::vector<int> asked(plan_.registers.size(), 0);
    for (const Step& step : steps_) {
      for (const Test& test : step.tests) ++asked[static_cast<std::size_t>(test.of)];
    }
    if ((layout_.purposes & for_contributions) != 0) {
      for (const PlannedContribution& one : plan_.contributions) asked[static_cast<std::size_t>(one.of)] = -1;
    }
    std::vector<std::optional<Test>> tests(plan_.registers.size());
    for (const Step& step : steps_) {
      const auto* compare = std::get_if<Compare>(&operation(step));
      // Where a table stands for it, what it compares may not be worked out.
      if (compare == nullptr || (step.table != nullptr && step.table->of != compare->of)) continue;
      const auto out = static_cast<std::size_t>(compare->out);
      if (readers[out] != asked[out]) continue;
      tests[out] = test_of(plan_, *compare);
      if (tests[out]) dropped_[static_cast<std::size_t>(step.number)] = 1;
    }
    for (Step& step : steps_) {
      for (Test& test : step.tests) test = tests[static_cast<std::size_t>(test.of)].value_or(test);
    }
    drop();
  }

  /// Comparisons of items with constants are read from the items' pieces.
  void fuse_comparisons() {
    std::vector<std::uint8_t> is_step(plan_.operations.size(), 0);
    for (const Step& step : steps_) is_step[static_cast<std::size_t>(step.number)] = 1;
    for (Step& step : steps_) {
      const auto* load = std::get_if<LoadItem>(&operation(step));
      if (load == nullptr) continue;
      const auto number = static_cast<std::size_t>(load->item);
      const std::vector<std::int32_t>& compares = plan_.items[number].compares;
      for (std::size_t k = 0; k < decoders_[number].truths.size(); ++k) {
        const auto compare = static_cast<std::size_t>(compares[k]);
        if (is_step[compare] == 0) continue;
        step.parts.push_back(static_cast<std::int32_t>(k));
        dropped_[compare] = 1;
      }
    }
    drop();
  }

  /// Comparisons with what is never there are not made.
  void skip_comparisons() {
    for (Step& step : steps_) {
      const auto* compare = std::get_if<Compare>(&operation(step));
      step.flags_only = compare != nullptr && compare->with != no_register &&
                        (is_never_there(compare->of) || is_never_there(compare->with));
    }
  }

  /// Responses that no step reads are not written.
  void skip_responses() {
    std::vector<int> readers(plan_.registers.size(), 0);
    for (const Step& step : steps_) {
      if (step.flags_only || std::holds_alternative<IsMissing>(operation(step))) continue;
      count(step, readers);
    }
    for (Step& step : steps_) {
      const auto* load = std::get_if<LoadItem>(&operation(step));
      if (load != nullptr) step.flags_only = readers[static_cast<std::size_t>(load->response)] == 0;
    }
  }

  /// Sums of bytes read items that nothing else reads.
  void fuse_sums() {
    const std::vector<int> readers = count_readers();
    for (Step& step : steps_) {
      const auto* sum = std::get_if<SumValues>(&operation(step));
      if (sum == nullptr || !adds_bytes(plan_, *sum)) continue;
      for (const Register operand : sum->of) {
        const bool alone = readers[static_cast<std::size_t>(operand)] == 1;
        step.parts.push_back(alone ? item_of(operand) : -1);
      }
    }
    drop();
  }

 private:
  [[nodiscard]] std::vector<int> count_readers() const {
    std::vector<int> readers(plan_.registers.size(), 0);
    for (const Step& step : steps_) count(step, readers);
    return readers;
  }
  void count(const Step& step, std::vector<int>& readers) const {
    each_read(plan_, step, [&](Register in) {
      if (in != no_register) ++readers[static_cast<std::size_t>(in)];
    });
  }
  [[nodiscard]] const PlannedOperation& operation(const Step& step) const { return *step.operation; }
  [[nodiscard]] const LoadItem* loader_of(Register of) const { return std::get_if<LoadItem>(&maker_of(plan_, of)); }
  [[nodiscard]] bool is_never_there(Register of) const {
    const LoadItem* load = loader_of(of);
    if (load == nullptr) return false;
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load->item)];
    return decoder.way == Decoder::Way::absent && (decoder.flags.front() & unusable_flags) != 0;
  }
  /// The item whose points these are, if it can be read as bytes; it is then not loaded any more.
  [[nodiscard]] std::int32_t item_of(Register points) {
    const LoadItem* load = loader_of(points);
    if (load == nullptr || load->points != points || layout_.live(load->response)) return -1;
    const Decoder& decoder = decoders_[static_cast<std::size_t>(load->item)];
    if (decoder.way != Decoder::Way::few || !decoder.neighbours || decoder.coded || is_boolean(decoder.type)) return -1;
    dropped_[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(points)])] = 1;
    return load->item;
  }
  void drop() {
    std::erase_if(steps_, [&](const Step& step) { return dropped_[static_cast<std::size_t>(step.number)] != 0; });
  }

  const Plan& plan_;
  const Layout& layout_;
  const std::vector<Decoder>& decoders_;
  std::vector<Step>& steps_;
  std::vector<std::uint8_t> dropped_;
};

bool is_byte(const Plan& plan, Register of) {
  return plan.registers[static_cast<std::size_t>(of)] == RegisterType::byte;
}

bool are_few_bytes(const Plan& plan, const std::vector<Register>& of) {
  return of.size() < most_operands &&
         std::all_of(of.begin(), of.end(), [&](Register one) { return is_byte(plan, one); });
}

/// Where what is made of an item's cells goes, if these are bytes or 32 bits wide and all of it can be made at once.
CellOutputs outputs_of(const Layout& layout, const LoadItem& load, const Step& step, const Decoder& decoder) {
  const Plan& plan = layout.plan;
  const bool words = decoder.type == ColumnType::int32 || decoder.type == ColumnType::date32;
  const bool bytes = decoder.type == ColumnType::int8 && decoder.narrow;
  if (decoder.way != Decoder::Way::few || decoder.coded || !(bytes || words)) return {};
  CellOutputs outputs{.width = bytes ? sizeof(std::int8_t) : sizeof(std::int32_t)};
  const auto add_flags = [&](Register of) {
    outputs.flags.push_back(layout.places[static_cast<std::size_t>(of)].flags);
  };
  const auto look_up = [&](Register of, const auto& table) {
    if (!is_byte(plan, of)) outputs.width = 0;
    outputs.looked_up.push_back(
        {reinterpret_cast<const std::uint8_t*>(table.data()), layout.places[static_cast<std::size_t>(of)].values});
  };
  if (layout.live(load.response)) {
    add_flags(load.response);
    if (!step.flags_only && !decoder.copies) look_up(load.response, decoder.response_bytes);
    if (!step.flags_only && decoder.copies) outputs.copied = load.response;
  }
  if (layout.live(load.points)) {
    add_flags(load.points);
    look_up(load.points, decoder.point_bytes);
  }
  const PlannedItem& item = plan.items[static_cast<std::size_t>(load.item)];
  for (const std::int32_t part : step.parts) {
    const auto k = static_cast<std::size_t>(part);
    const auto& compare = std::get<Compare>(plan.operations[static_cast<std::size_t>(item.compares[k])]);
    look_up(compare.out, decoder.truths[k]);
  }
  outputs.substitutes = load.substitute;
  return outputs;
}

/// Calls `use` with the forms of registers that a step reads.
template <class Use>
void each_form(const Plan& plan, const Step& step, Use use) {
  if (step.table != nullptr) {
    if (reads_narrow(plan, *step.table)) use(Form::narrow, step.table->of);
    return;
  }
  for (const Test& test : step.tests) {
    if (!is_byte(plan, test.of)) use(Form::narrow, test.of);
  }
  each_split_date(*step.operation, [&](Register date) { use(Form::split, date); });
}

/// Adds steps that make the forms that others read, each before the first of these.
void make_forms(const Plan& plan, Steps& steps, const std::vector<std::uint8_t>& varies) {
  std::array<std::vector<std::uint8_t>, form_count> made;
  for (auto& of_form : made) of_form.resize(plan.registers.size(), 0);
  for (std::vector<Step>* some : {&steps.fixed, &steps.varying}) {
    std::vector<Step> all;
    for (Step& step : *some) {
      each_form(plan, step, [&](Form form, Register of) {
        const auto one = static_cast<std::size_t>(of);
        if (std::exchange(made[static_cast<std::size_t>(form)][one], std::uint8_t{1}) != 0) return;
        const bool same = some != &steps.fixed && varies[one] == 0;  // in every row
        Step& added = (same ? steps.fixed : all).emplace_back();
        added.operation = step.operation;
        added.made_of = of;
        added.form = form;
      });
      all.push_back(std::move(step));
    }
    *some = std::move(all);
  }
}

}  // namespace

void Terms::add(const WeighTerm& term) {
  const auto of_last = [&] {
    return std::equal(factors.end() - static_cast<std::ptrdiff_t>(groups.back().factors), factors.end(),
                      term.of.begin(), term.of.end());
  };
  if (groups.empty() || !of_last()) {
    groups.push_back({term.of.size(), 0});
    factors.insert(factors.end(), term.of.begin(), term.of.end());
  }
  ++groups.back().terms;
  terms.push_back({term.power, term.weight, term.when});
  const auto add_once = [](auto& list, const auto& one) {
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
  };
  if (term.when != no_register) add_once(always, term.when);
  for (const Register of : term.of) {
    if (term.when == no_register) {
      add_once(always, of);
    } else {
      add_once(conditional, Conditional{term.when, of});
      add_once(sometimes, of);
    }
  }
}

void Terms::show_last(const WeighTerm& term, std::int32_t column, bool flags) {
  const auto as_last = [&] {
    const Flagged& last = flagged.back();
    return last.when == term.when && std::equal(flagged_factors.end() - static_cast<std::ptrdiff_t>(last.factors),
                                                flagged_factors.end(), term.of.begin(), term.of.end());
  };
  if (flagged.empty() || !as_last()) {
    flagged.push_back({term.when, term.of.size(), 0});
    flagged_factors.insert(flagged_factors.end(), term.of.begin(), term.of.end());
  }
  ++flagged.back().terms;
  if (flags) outs.push_back(term.out);
  terms.back().column = column;
}

bool adds_bytes(const Plan& plan, const SumValues& op) { return is_byte(plan, op.out) && are_few_bytes(plan, op.of); }

bool compares_bytes(const Plan& plan, const ExtremeValue& op) { return are_few_bytes(plan, op.of); }

bool gives_constants(const Plan& plan, const Decide& op) {
  const auto is_constant = [&](Register one) {
    const auto maker = static_cast<std::size_t>(plan.made_by[static_cast<std::size_t>(one)]);
    return is_byte(plan, one) && std::holds_alternative<Constant>(plan.operations[maker]);
  };
  return is_byte(plan, op.out) && (op.otherwise == no_register || is_constant(op.otherwise)) &&
         std::all_of(op.take.begin(), op.take.end(), is_constant);
}

Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
               const std::vector<std::int32_t>& columns) {
  Steps steps;
  std::vector<std::uint8_t> varies(layout.plan.registers.size(), 0);
  for (const std::int32_t step : layout.steps) {
    const PlannedOperation& operation = layout.plan.operations[static_cast<std::size_t>(step)];
    bool varying = false;
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      varying = decoders[static_cast<std::size_t>(load->item)].way != Decoder::Way::absent;
    } else {
      each_input(operation, [&](Register in) { varying = varying || varies[static_cast<std::size_t>(in)] != 0; });
    }
    if (const auto* sum = std::get_if<AddTerms>(&operation)) {
      varying = varying || shows_terms(*sum, columns);  // a column is written in every row
    }
    if (varying) each_output(operation, [&](Register out) { varies[static_cast<std::size_t>(out)] = 1; });
    if (std::holds_alternative<WeighTerm>(operation)) continue;  // its sum works it out
    if (const auto* gated = std::get_if<PassGate>(&operation);
        gated != nullptr &&
        std::find(readers.passing.begin(), readers.passing.end(), gated->out) != readers.passing.end()) {
      continue;
    }
    Step& added = (varying ? steps.varying : steps.fixed).emplace_back();
    added.number = step;
    added.operation = &operation;
    added.table = table_of(layout.plan, step, readers, columns);
    if (added.table == nullptr) added.tests = tests_of(layout.plan, operation);
    if (const auto* gate = std::get_if<Gate>(&operation)) {
      for (std::size_t i = 0; i < gate->rules.size(); ++i) {
        if (varies[static_cast<std::size_t>(gate->rules[i].condition)] != 0)
          added.parts.push_back(static_cast<std::int32_t>(i));
      }
    }
  }
  if (!readers.all) drop_between(layout, readers, steps.varying);
  Fusion fusion(layout, decoders, steps.varying);
  if (!readers.all) fusion.fuse_tests();
  fusion.fuse_comparisons();
  fusion.skip_comparisons();
  if (!readers.items) {
    fusion.skip_responses();
    fusion.fuse_sums();
  }
  make_forms(layout.plan, steps, varies);
  for (std::vector<Step>* some : {&steps.fixed, &steps.varying}) {
    for (Step& step : *some) {
      if (const auto* load = std::get_if<LoadItem>(step.operation)) {
        step.cells = std::make_shared<CellOutputs>(
            outputs_of(layout, *load, step, decoders[static_cast<std::size_t>(load->item)]));
      }
      if (const auto* sum = std::get_if<AddTerms>(step.operation); sum != nullptr && step.table == nullptr)
        step.terms = terms_of(layout.plan, *sum, readers.terms, columns);
      step.kernel = kernel_of(layout.plan, step);
    }
  }
  return steps;
}

}  // namespace appraise::detail
