// The steps of a plan for the columns that its items are bound to.
#include <algorithm>

#include "plan/inputs.hpp"
#include "score/run.hpp"

namespace appraise::detail {

namespace {

/// A term that is held in a register.
WeighTerm held(Register term) { return {.of = {term}, .power = 1, .weight = 1}; }

/// Of a term, or of a sum of terms that are held in registers; else null.
std::shared_ptr<Terms> terms_of(const PlannedOperation& operation) {
  const auto* term = std::get_if<WeighTerm>(&operation);
  const auto* sum = std::get_if<AddTerms>(&operation);
  if (term == nullptr && sum == nullptr) return nullptr;
  auto terms = std::make_shared<Terms>();
  if (term != nullptr) {
    terms->add(*term);
  } else {
    for (const Register one : sum->of) terms->add(held(one));
  }
  return terms;
}

/// Makes fewer steps of many.
class Fusion {
 public:
  Fusion(const Layout& layout, const std::vector<Decoder>& decoders, std::vector<Step>& steps)
      : plan_(layout.plan), layout_(layout), decoders_(decoders), steps_(steps), dropped_(plan_.operations.size(), 0) {}

  /// Comparisons of items with constants are read from the items' pieces.
  void fuse_comparisons() {
    for (Step& step : steps_) {
      const auto* load = std::get_if<LoadItem>(&operation(step));
      if (load == nullptr) continue;
      const auto number = static_cast<std::size_t>(load->item);
      const std::vector<std::int32_t>& compares = plan_.items[number].compares;
      for (std::size_t k = 0; k < decoders_[number].truths.size(); ++k) {
        const auto compare = static_cast<std::size_t>(compares[k]);
        if (!layout_.live(std::get<Compare>(plan_.operations[compare]).out)) continue;
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
      each_input(operation(step), [&](Register in) { ++readers[static_cast<std::size_t>(in)]; });
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

  /// Sums of terms work out those that nothing else reads.
  void fuse_terms() {
    const std::vector<int> readers = count_readers();
    for (Step& step : steps_) {
      const auto* sum = std::get_if<AddTerms>(&operation(step));
      if (sum == nullptr) continue;
      step.terms = std::make_shared<Terms>();
      for (const Register term : sum->of) {
        const std::int32_t maker = plan_.made_by[static_cast<std::size_t>(term)];
        const auto* weigh = std::get_if<WeighTerm>(&plan_.operations[static_cast<std::size_t>(maker)]);
        const bool alone = readers[static_cast<std::size_t>(term)] == 1 && weigh != nullptr;
        step.terms->add(alone ? *weigh : held(term));
        if (alone) dropped_[static_cast<std::size_t>(maker)] = 1;
      }
    }
    drop();
  }

 private:
  [[nodiscard]] std::vector<int> count_readers() const {
    std::vector<int> readers(plan_.registers.size(), 0);
    for (const Step& step : steps_) {
      each_input(operation(step), [&](Register in) { ++readers[static_cast<std::size_t>(in)]; });
    }
    return readers;
  }
  [[nodiscard]] const PlannedOperation& operation(const Step& step) const { return *step.operation; }
  [[nodiscard]] const LoadItem* loader_of(Register of) const {
    return std::get_if<LoadItem>(
        &plan_.operations[static_cast<std::size_t>(plan_.made_by[static_cast<std::size_t>(of)])]);
  }
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
    add_flags(compare.out);
    look_up(compare.out, decoder.truths[k]);
  }
  outputs.substitutes = load.substitute;
  return outputs;
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
    }
  }
}

bool adds_bytes(const Plan& plan, const SumValues& op) { return is_byte(plan, op.out) && are_few_bytes(plan, op.of); }

bool compares_bytes(const Plan& plan, const ExtremeValue& op) { return are_few_bytes(plan, op.of); }

Steps steps_of(const Layout& layout, const std::vector<Decoder>& decoders, bool fuse) {
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
    Step& added = (varying ? steps.varying : steps.fixed).emplace_back();
    added.number = step;
    added.operation = &operation;
    if (const auto* gate = std::get_if<Gate>(&operation)) {
      for (std::size_t i = 0; i < gate->rules.size(); ++i) {
        if (varies[static_cast<std::size_t>(gate->rules[i].condition)] != 0)
          added.parts.push_back(static_cast<std::int32_t>(i));
      }
    }
    if (varying) each_output(operation, [&](Register out) { varies[static_cast<std::size_t>(out)] = 1; });
  }
  Fusion fusion(layout, decoders, steps.varying);
  fusion.fuse_comparisons();
  fusion.skip_comparisons();
  if (fuse) {
    fusion.skip_responses();
    fusion.fuse_sums();
    fusion.fuse_terms();
  }
  for (std::vector<Step>* some : {&steps.fixed, &steps.varying}) {
    for (Step& step : *some) {
      if (const auto* load = std::get_if<LoadItem>(step.operation)) {
        step.cells = std::make_shared<CellOutputs>(
            outputs_of(layout, *load, step, decoders[static_cast<std::size_t>(load->item)]));
      }
      if (step.terms == nullptr) step.terms = terms_of(*step.operation);
      step.kernel = kernel_of(layout.plan, step);
    }
  }
  return steps;
}

}  // namespace appraise::detail
