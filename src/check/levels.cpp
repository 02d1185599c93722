// Every score in exactly one level.

#include <array>
#include <cmath>

#include "check/bands.hpp"
#include "check/checks.hpp"

namespace appraise::detail {
namespace {

/// The rank of a standard level; IVa and IVb divide IV.
int rank(std::string_view standard) {
  constexpr std::array<std::string_view, 7> rising = {"I", "II", "III", "IV", "IVa", "IVb", "V"};
  for (std::size_t i = 0; i < rising.size(); ++i)
    if (rising[i] == standard) return static_cast<int>(i);
  return -1;
}

class Levels {
 public:
  Levels(const LevelScheme& scheme, const Domain& domain, Report& report)
      : scheme_(scheme), domain_(domain), report_(report) {}

  void run() {
    Bands bands{{}, "levels/" + scheme_.name + "/bands", quoted(scheme_.of)};
    for (const LevelBand& band : scheme_.bands) bands.all.push_back({&band.interval, &band.place});
    if (check_bands(bands, domain_, {"levels.empty", "levels.gap", "levels.overlap"}, report_)) {
      if (domain_.known()) check_ends();
      check_reach();
    }
    check_standard();
  }

 private:
  void add(Code code, std::size_t number, std::string found, std::string expected) {
    report_.add(code, scheme_.bands[number].place, "levels/" + scheme_.name + "/bands/" + std::to_string(number),
                std::move(found), std::move(expected));
  }

  void check_ends() {
    const Interval &first = scheme_.bands.front().interval, &last = scheme_.bands.back().interval;
    const double begins = span_of(first, true).lowest, ends = span_of(last, true).highest;
    if (first.from && begins < domain_.span.lowest)
      add("levels.beyond-range", 0,
          "the levels begin at " + number_text(begins) + ", and the lowest score is " +
              number_text(domain_.span.lowest),
          "levels that begin at the lowest score, or with an open end (null)");
    if (last.to && ends > domain_.span.highest)
      add("levels.beyond-range", scheme_.bands.size() - 1,
          "the levels end at " + number_text(ends) + ", and the highest score is " + number_text(domain_.span.highest),
          "levels that end at the highest score, or with an open end (null)");
  }

  void check_reach() {
    for (std::size_t i = 0; i < scheme_.bands.size(); ++i) {
      const Span span = span_of(scheme_.bands[i].interval, domain_.whole);
      const auto score = domain_.next(span.lowest);
      const bool reached =
          score && (domain_.whole ? *score <= span.highest : *score < span.highest || *score == span.lowest);
      if (!reached)
        add("levels.unreachable", i,
            "no value of " + quoted(scheme_.of) + " reaches the level " + quoted(scheme_.bands[i].code),
            "levels that some answers lead to");
    }
  }

  void check_standard() {
    int highest = -1;
    for (std::size_t i = 0; i < scheme_.bands.size(); ++i) {
      const int next = rank(scheme_.bands[i].standard);
      if (next >= 0 && next < highest)
        add("levels.standard-order", i, "the standard level falls to " + quoted(scheme_.bands[i].standard),
            "standard levels that never fall while the levels rise");
      highest = std::max(highest, next);
    }
  }

  const LevelScheme& scheme_;
  const Domain& domain_;
  Report& report_;
};

}  // namespace

void check_levels(const Ground& ground, Report& report) {
  for (const LevelScheme& scheme : ground.instrument().levels) {
    const Referent of = ground.names.find(scheme.of);
    const Value value = ground.types.value(of);
    if (value.kind == Value::Kind::unknown || of.kind != Referent::Kind::scale) continue;
    if (!value.number()) {
      report.add("levels.not-number", scheme.place, "levels/" + scheme.name + "/of",
                 quoted(scheme.of) + " is " + to_text(value), "a scale whose value is a number");
      continue;
    }
    Levels(scheme, ground.domains.value(of), report).run();
  }
}

}  // namespace appraise::detail
