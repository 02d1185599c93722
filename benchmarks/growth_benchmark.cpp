// What a case costs as the caseload grows, and as the instrument does.
#include <string>

#include "beside_limit.hpp"

namespace appraise::benchmarks {
namespace {

constexpr std::int64_t most_rows = 100'000'000;

/// A sum of that many questions of three answers each, with two levels.
std::shared_ptr<const Instrument> additive_instrument(int questions) {
  std::string items, sum;
  for (int i = 0; i < questions; ++i) {
    const std::string code = "q" + std::to_string(i);
    items += std::string(i == 0 ? "" : ",") + R"({"code": ")" + code +
             R"(", "label": "question", "kind": "choice", "options": [
      {"code": "a", "value": 0, "label": "none", "points": 0}, {"code": "b", "value": 1, "label": "some", "points": 1},
      {"code": "c", "value": 2, "label": "much", "points": 2}]})";
    sum += (i == 0 ? "\"" : ", \"") + code + "\"";
  }
  const std::string evidence = R"("evidence": {"mark": "derived", "note": "made up, to be measured"})";
  const std::string text = R"({"format": 1, "id": "additive", "edition": "1", "title": "t", "family": "f",
    "authors": ["a"], "language": "en", "population": "p", "outcome": "o", "licence": "l", "training": "t",
    "sources": {}, )" + evidence +
                           R"(, "items": [)" + items + R"(], "scales": [{"code": "total", "label": "total", "sum": [)" +
                           sum + R"(], "levels": "halves"}], "levels": {"halves": {"edition": "1", "of": "total",
    "status": "current", )" +
                           evidence +
                           R"(, "bands": [
      {"from": 0, "to": )" +
                           std::to_string(questions) + R"(, "code": "low", "label": "low"},
      {"from": )" + std::to_string(questions + 1) +
                           R"(, "to": )" + std::to_string(2 * questions) + R"(, "code": "high", "label": "high"}]}}})";
  return read({{"additive/1/instrument.json", text}}, "additive", "1");
}

void add_items(int questions) {
  const auto instrument = additive_instrument(questions);
  const std::string name = "items/" + std::to_string(questions);
  for (const bool missing : {false, true}) {
    const Population population{.name = name,
                                .make =
                                    [=] {
                                      const std::int64_t rows = wanted_bytes() / questions;
                                      return std::make_unique<RandomCaseload>(items_of(*instrument), Width::int8, rows);
                                    },
                                .missing = missing};
    register_beside_limit(
        name + "/" + (missing ? "2 % missing" : "complete"), population,
        [=] {
          return Measured{{compile(instrument)}, levels_only()};
        },
        most_rows);
  }
}

}  // namespace

void register_growth() {
  const Population population{.name = "growth", .make = [] {
                                return std::make_unique<RandomCaseload>(subject("static-99r"), Width::int8, most_rows);
                              }};
  for (std::int64_t rows = 1; rows <= most_rows; rows *= 10) {
    register_beside_limit(
        "rows/" + std::to_string(rows), population,
        [] {
          return Measured{{plan_of("static-99r", false)}, levels_only()};
        },
        rows, RowsAre::exact);
  }
  for (const int questions : {5, 10, 20, 50, 100, 200}) add_items(questions);
}

}  // namespace appraise::benchmarks
