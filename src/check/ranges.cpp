// Declared ranges, probabilities, whole numbers within bounds.

#include <cmath>

#include "check/bands.hpp"
#include "check/checks.hpp"

namespace appraise::detail {
namespace {

constexpr double largest_whole = 2147483647;

std::string span_text(const Span& span) {
  return (std::isinf(span.lowest) ? number_text(span.lowest) : "from " + number_text(span.lowest)) +
         (std::isinf(span.highest) ? ", " : " to ") + number_text(span.highest);
}

void check_declared(const Scale& scale, const Value& value, const Domain& domain, Report& report) {
  const std::string address = "scales/" + scale.code + "/range";
  if (value.kind == Value::Kind::category) {
    report.add("scale.range-type", scale.place, address, quoted(scale.code) + " is " + to_text(value),
               "no range, since its values are labels");
    return;
  }
  const Span declared = span_of(*scale.range, domain.whole);
  const std::string found = "the range declared is " + span_text(declared) + ", and " + quoted(scale.code) + " ";
  if (domain.known()) {
    if (!(declared == domain.span))
      report.add("scale.range", scale.place, address, found + "can reach " + span_text(domain.span),
                 "just the values that it can reach");
  } else if (domain.span.lowest < declared.lowest || domain.span.highest > declared.highest ||
             (!domain.whole && scale.range->to && !scale.range->closed && domain.span.highest == declared.highest)) {
    report.add("scale.range", scale.place, address, found + "may reach " + span_text(domain.span),
               "a range that holds all values it may reach; a clamp can make sure of it");
  }
}

void check_overflow(const Scale& scale, const Span& span, Report& report) {
  const auto beyond = [](double end) { return std::isfinite(end) && std::fabs(end) > largest_whole; };
  if (beyond(span.lowest) || beyond(span.highest))
    report.add("scale.overflow", scale.place, "scales/" + scale.code, quoted(scale.code) + " can be " + span_text(span),
               "whole numbers from -2147483647 to 2147483647; bound the ranges of its items, or add a clamp");
}

}  // namespace

void check_ranges(const Ground& ground, Report& report) {
  ground.for_each_sound_scale([&](const Scale& scale) {
    const Value value = ground.types.value(scale.code);
    const Domain& domain = ground.domains.value(ground.names.find(scale.code));
    if (scale.range) check_declared(scale, value, domain, report);
    if (value.kind == Value::Kind::whole) check_overflow(scale, domain.span, report);
    if (scale.unit == "probability" && value.number() && !(domain.span.lowest >= 0 && domain.span.highest <= 1))
      report.add("scale.probability", scale.place, "scales/" + scale.code + "/unit",
                 quoted(scale.code) + " may be " + span_text(domain.span),
                 "a probability between 0 and 1; a logistic scale or a clamp can make sure of it");
  });
}

}  // namespace appraise::detail
