#include "check/bands.hpp"

#include <cmath>

namespace appraise::detail {
namespace {

/// "3", "3 to 5", "3 up to 5"
std::string values_text(double from, double to, bool whole) {
  if (std::isinf(from)) return "everything up to " + number_text(to);
  if (std::isinf(to)) return "everything from " + number_text(from);
  if (from == to) return number_text(from);
  return number_text(from) + (whole ? " to " : " up to ") + number_text(to);
}

/// Where a band begins, and where the next one must begin.
struct Ends {
  double from, next;
};

Ends ends_of(const Interval& interval, bool whole) {
  const Span span = span_of(interval, whole);
  return {span.lowest, whole ? span.highest + 1 : span.highest};
}

}  // namespace

bool check_interval(const Interval& interval, bool whole, Code empty, const Place& place, const std::string& address,
                    Report& report) {
  const Span span = span_of(interval, whole);
  const bool holds_nothing =
      span.lowest > span.highest || (!whole && !interval.closed && interval.to && span.lowest == span.highest);
  if (holds_nothing) {
    report.add(empty, place, address,
               "no " + std::string(whole ? "whole number" : "value") + " lies between " +
                   number_text(interval.from.value_or(0)) + " and " + number_text(interval.to.value_or(0)),
               "a lower end below the upper end; `to` belongs to the interval, `below` does not");
  } else if (!whole && interval.closed && interval.to) {
    report.add("interval.closed", place, address,
               "the upper end " + number_text(*interval.to) + " is written with `to` among real numbers",
               "`below`, since between " + number_text(*interval.to) + " and any next lower cut other values lie");
  }
  return !holds_nothing;
}

bool check_bands(const Bands& bands, const Domain& domain, const BandsCodes& codes, Report& report) {
  const std::size_t before = report.errors();
  const bool whole = domain.whole;
  for (std::size_t i = 0; i < bands.all.size(); ++i)
    check_interval(*bands.all[i].interval, whole, codes.empty, *bands.all[i].place,
                   bands.address + "/" + std::to_string(i), report);
  if (report.errors() != before || bands.all.empty()) return false;
  const auto gap = [&](std::size_t at, double from, double to) {
    report.add(codes.gap, *bands.all[at].place, bands.address + "/" + std::to_string(at),
               "no band holds " + values_text(from, to, whole) + " of " + bands.of,
               "bands that hold every value " + bands.of + " can have, each beginning where the one before ends");
  };
  double next = ends_of(*bands.all[0].interval, whole).next;
  for (std::size_t i = 1; i < bands.all.size(); ++i) {
    const Ends ends = ends_of(*bands.all[i].interval, whole);
    if (ends.from > next) {
      gap(i, next, whole ? ends.from - 1 : ends.from);
    } else if (ends.from < next) {
      report.add(
          codes.overlap, *bands.all[i].place, bands.address + "/" + std::to_string(i),
          "the band begins at " + number_text(ends.from) + ", before the band above it ends",
          "a band that begins at " + number_text(next) + ", where the one before ends; bands stand in ascending order");
    }
    next = ends.next;
  }
  const Ends first = ends_of(*bands.all[0].interval, whole);
  if (domain.span.lowest < first.from) gap(0, domain.span.lowest, whole ? first.from - 1 : first.from);
  if (const auto above = domain.next(next); above && report.errors() == before)
    gap(bands.all.size() - 1, next, domain.span.highest);
  return report.errors() == before;
}

}  // namespace appraise::detail
