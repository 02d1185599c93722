// The steps of a plan for the columns that its items are bound to.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "score/step_registers.hpp"

namespace appraise::detail {

namespace {

const WeighTerm& term_of(const Plan& plan, Register of) { return std::get<WeighTerm>(maker_of(plan, of)); }

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

/// Adds steps that make the forms that others read, each before the first of these.
void make_forms(const Plan& plan, Steps& steps, const std::vector<std::uint8_t>& varies) {
  std::array<std::vector<std::uint8_t>, form_count> made;
  for (auto& of_form : made) of_form.resize(plan.registers.size(), 0);
  for (std::vector<Step>* some : {&steps.fixed, &steps.varying}) {
    std::vector<Step> all;
    for (Step& step : *some) {
      each_form_read(plan, step, [&](Form form, Register of) {
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
    return is_byte(plan, one) && std::holds_alternative<Constant>(maker_of(plan, one));
  };
  return is_byte(plan, op.out) && (op.otherwise == no_register || is_constant(op.otherwise)) &&
         std::all_of(op.take.begin(), op.take.end(), is_constant);
}

namespace {

/// Steps without kernels.
Steps make_steps(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
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
  fuse(layout, decoders, readers, steps.varying);
  make_forms(layout.plan, steps, varies);
  return steps;
}

/// When registers have their places.
void set_kernels(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
                 const std::vector<std::int32_t>& columns, Steps& steps) {
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
}

}  // namespace

Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
               const std::vector<std::int32_t>& columns) {
  Steps steps = make_steps(layout, decoders, readers, columns);
  set_kernels(layout, decoders, readers, columns, steps);
  return steps;
}

Steps arranged_steps_of(Layout& layout, const std::vector<Decoder>& decoders, const OtherReaders& readers,
                        const std::vector<std::int32_t>& columns) {
  Steps steps = make_steps(layout, decoders, readers, columns);
  if (!readers.all) arrange(layout, readers, steps);
  set_kernels(layout, decoders, readers, columns, steps);
  return steps;
}

}  // namespace appraise::detail
