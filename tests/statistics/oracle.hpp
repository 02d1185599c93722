/// Values that R gave, and the data sets they are of.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "appraise/statistics/estimate.hpp"

namespace appraise::statistics::test {

using Json = nlohmann::json;

inline constexpr double exact = 1e-8;     ///< of statistics in closed form
inline constexpr double iterated = 1e-6;  ///< of fits by iteration

[[nodiscard]] inline Json oracle(const std::string& name) {
  std::ifstream file(std::string(APPRAISE_SOURCE_DIR) + "/tests/oracles/" + name + ".json");
  EXPECT_TRUE(file) << name;
  return Json::parse(file);
}

/// One data set, in the types of the library.
struct Data {
  std::vector<double> score, second, predicted, time, weight;
  std::vector<std::uint8_t> outcome, event, event_only;  ///< event_only: competing events count as censored
};

[[nodiscard]] inline std::map<std::string, Data> data_sets() {
  std::map<std::string, Data> sets;
  const Json all = oracle("datasets");
  for (const auto& [name, columns] : all.items()) {
    Data& data = sets[name];
    data.score = columns["score"].get<std::vector<double>>();
    data.second = columns["second"].get<std::vector<double>>();
    data.predicted = columns["predicted"].get<std::vector<double>>();
    data.time = columns["time"].get<std::vector<double>>();
    data.weight = columns["weight"].get<std::vector<double>>();
    data.outcome = columns["outcome"].get<std::vector<std::uint8_t>>();
    data.event = columns["event"].get<std::vector<std::uint8_t>>();
    for (const std::uint8_t event : data.event) data.event_only.push_back(event == 1 ? 1 : 0);
  }
  return sets;
}

/// Whether R has a value there.
[[nodiscard]] inline bool has(const Json& values, const std::string& key) {
  return values.is_object() && values.contains(key) && !values[key].is_null();
}

/// The i-th of a list; R writes a list of one as the value itself.
[[nodiscard]] inline const Json& at(const Json& list, std::size_t i) { return list.is_array() ? list[i] : list; }

/// `found` agrees with R's value to `tolerance`, relative. `floor` is what may be missing in any case: only for figures
/// that are what is left of larger ones, so that one near zero has no digits of its own.
inline void expect_value(const Json& expected, double found, double tolerance, const std::string& what,
                         double floor = 0) {
  ASSERT_TRUE(expected.is_number()) << what;
  const double value = expected.get<double>();
  EXPECT_NEAR(found, value, std::max(floor, tolerance * std::abs(value))) << what;
}

/// Calls body(name, data, values) for every data set.
template <class Body>
void for_each_set(const std::string& oracle_name, Body body) {
  const Json values = oracle(oracle_name);
  const auto sets = data_sets();
  ASSERT_GE(sets.size(), 12u);
  for (const auto& [name, data] : sets) {
    SCOPED_TRACE(name);
    body(name, data, values.at(name));
  }
}

}  // namespace appraise::statistics::test
