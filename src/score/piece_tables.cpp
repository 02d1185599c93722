#include "score/piece_tables.hpp"

#include <algorithm>

#include "plan/inputs.hpp"

namespace appraise::detail {

namespace {

bool has_pieces(const Decoder& decoder) {
  if (decoder.way == Decoder::Way::entries) return decoder.count() < PieceTables::rows;
  return decoder.way == Decoder::Way::few && (decoder.coded || decoder.narrow || decoder.byte_cuts);
}

/// A response of the piece; where the response is the number itself, one of them, which every comparison with constants
/// takes for any.
double response_of(const Decoder& decoder, std::size_t piece) {
  const bool is_number =
      decoder.copies && (decoder.flags[piece] & unusable_flags) == 0 && static_cast<int>(piece) != decoder.missing();
  if (!is_number) return decoder.responses[piece];
  if (decoder.cuts == 0) return 0;
  return piece == 0 ? decoder.cut[0] - 1 : decoder.cut[piece - 1];
}

}  // namespace

void Origin::join(const Origin& other) {
  opaque = opaque || other.opaque;
  if (other.count == many) count = many;
  for (int i = 0; i < other.count && count != many; ++i) {
    const std::int32_t item = other.items[static_cast<std::size_t>(i)];
    if (std::find(items.begin(), items.begin() + count, item) != items.begin() + count) continue;
    if (count < most) items[static_cast<std::size_t>(count)] = item;
    ++count;
  }
}

bool Origin::within(const Origin& other) const {
  if (count == many || other.count == many) return false;
  return std::all_of(items.begin(), items.begin() + count, [&](std::int32_t item) {
    return std::find(other.items.begin(), other.items.begin() + other.count, item) != other.items.begin() + other.count;
  });
}

PieceTables::PieceTables(const Layout& layout, const std::vector<Decoder>& decoders, bool bounds)
    : layout_(layout),
      decoders_(decoders),
      steps_(steps_of(layout, decoders)),
      origins_(layout.plan.registers.size()),
      block_(layout) {
  if (bounds) bounded_.emplace(layout, BoundedRows::Places::own);
  trace_origins();
  block_.set_rows(rows);
  run_values({block_, decoders_, 0}, steps_.fixed);
}

void PieceTables::trace_origins() {
  for (const Step& step : steps_.varying) {
    if (step.made_of != no_register) continue;
    const PlannedOperation& operation = *step.operation;
    const auto put = [&](Register out, const Origin& origin) {
      if (out != no_register) origins_[static_cast<std::size_t>(out)] = origin;
    };
    Origin origin;
    if (const auto* load = std::get_if<LoadItem>(&operation)) {
      const Decoder& decoder = decoders_[static_cast<std::size_t>(load->item)];
      origin.items[0] = load->item;
      origin.count = has_pieces(decoder) ? 1 : Origin::many;
      put(load->points, origin);
      for (const std::int32_t part : step.parts) {
        const auto compare = layout_.plan.items[static_cast<std::size_t>(load->item)].compares;
        const auto number = static_cast<std::size_t>(compare[static_cast<std::size_t>(part)]);
        put(std::get<Compare>(layout_.plan.operations[number]).out, origin);
      }
      origin.opaque = decoder.copies;
      put(load->response, origin);
      continue;
    }
    const auto join = [&](Register in) {
      if (in != no_register) origin.join(origins_[static_cast<std::size_t>(in)]);
    };
    if (step.terms == nullptr) {
      each_input(operation, join);
    } else {  // a sum works its terms out, whose registers have no values
      for (const Register of : step.terms->factors) join(of);
      for (const Terms::Term& term : step.terms->terms) join(term.when);
      Origin of_terms = origin;
      of_terms.opaque = true;
      for (const Register of : std::get<AddTerms>(operation).of) put(of, of_terms);
    }
    if (const auto* apply = std::get_if<ApplyItem>(&operation)) {
      origin.opaque = origins_[static_cast<std::size_t>(apply->applies)].opaque;
      put(apply->points, origin);
      put(apply->fault, origin);
      origin.opaque = origin.opaque || origins_[static_cast<std::size_t>(apply->given_response)].opaque;
      put(apply->response, origin);
      continue;
    }
    if (step.flags_only || std::holds_alternative<IsMissing>(operation)) origin.opaque = false;
    each_output(operation, [&](Register out) { put(out, origin); });
  }
}

void PieceTables::load(const LoadItem& load, const Step& step, int shift) {
  const Decoder& decoder = decoders_[static_cast<std::size_t>(load.item)];
  const auto fill = [&](Register of, auto* values, auto value_of) {
    for (int row = 0; row < rows; ++row) {
      const auto piece = static_cast<std::size_t>((row >> shift) % decoder.count());
      values[row] = static_cast<std::decay_t<decltype(*values)>>(value_of(piece));
      block_.flags(of)[row] = decoder.flags[piece];
    }
  };
  const auto fill_any = [&](Register of, auto value_of) {
    if (!layout_.live(of)) return;
    switch (block_.type(of)) {
      case RegisterType::byte:
        return fill(of, block_.values<std::int8_t>(of), value_of);
      case RegisterType::whole:
        return fill(of, block_.values<std::int32_t>(of), value_of);
      case RegisterType::real:
        return fill(of, block_.values<double>(of), value_of);
    }
  };
  fill_any(load.response, [&](std::size_t piece) { return response_of(decoder, piece); });
  fill_any(load.points, [&](std::size_t piece) { return decoder.points[piece]; });
  const PlannedItem& item = layout_.plan.items[static_cast<std::size_t>(load.item)];
  for (const std::int32_t part : step.parts) {
    const auto k = static_cast<std::size_t>(part);
    const auto& compare = std::get<Compare>(layout_.plan.operations[static_cast<std::size_t>(item.compares[k])]);
    fill_any(compare.out, [&](std::size_t piece) { return decoder.truths[k][piece]; });
  }
}

int PieceTables::count(const Origin& of) const {
  if (of.count != 1) return of.count == 0 ? 1 : rows;
  return decoders_[static_cast<std::size_t>(of.items[0])].count();
}

bool PieceTables::holds(const Origin& of) const {
  if (of.count == Origin::many || of.opaque) return false;
  return of.count < 2 || std::all_of(of.items.begin(), of.items.end(), [&](std::int32_t item) {
           return decoders_[static_cast<std::size_t>(item)].count() == Decoder::pieces;
         });
}

const Block& PieceTables::block(const Origin& of) {
  if (of.count == 0 || (is_filled_ && filled_.count == of.count && filled_.items == of.items)) return block_;
  filled_ = of;
  is_filled_ = true;
  std::vector<Step> steps;
  for (const Step& step : steps_.varying) {
    if (step.made_of != no_register) {
      if (origin(step.made_of).within(of)) steps.push_back(step);
      continue;
    }
    const PlannedOperation& operation = *step.operation;
    if (const auto* load_item = std::get_if<LoadItem>(&operation)) {
      const bool first = of.count == 2 && load_item->item == of.items[0];
      const auto* const end = of.items.begin() + of.count;
      if (std::find(of.items.begin(), end, load_item->item) != end) load(*load_item, step, first ? 4 : 0);
      continue;
    }
    bool within = true;
    each_output(operation, [&](Register out) { within = within && origin(out).within(of); });
    if (within) steps.push_back(step);
  }
  run_values({block_, decoders_, 0}, steps);
  return block_;
}

std::vector<Range> PieceTables::ranges(Register of) {
  if (!bounded_ || !bounded_->read(of)) return {};
  block(origin(of));
  std::vector<Range> found;
  const int all = count(origin(of));
  bounded_->bound(block_);
  for (int row = 0; row < all; ++row) found.push_back(bounded_->range(of, row));
  return found;
}

}  // namespace appraise::detail
