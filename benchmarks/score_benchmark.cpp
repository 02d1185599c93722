// Scoring, beside what the machine can stream of the same bytes. docs/performance.md tells what is measured.
//
//   score_benchmark --megabytes=500 [options of Google Benchmark]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "beside_limit.hpp"
#include "native.hpp"

namespace {

/// Takes --megabytes=N out of the arguments.
void take_megabytes(int& count, char** arguments) {
  constexpr const char* name = "--megabytes=";
  int kept = 1;
  for (int i = 1; i < count; ++i) {
    if (std::strncmp(arguments[i], name, std::strlen(name)) == 0) {
      appraise::benchmarks::wanted_bytes() = std::strtol(arguments[i] + std::strlen(name), nullptr, 10) * 1'000'000;
    } else {
      arguments[kept++] = arguments[i];
    }
  }
  count = kept;
}

}  // namespace

int main(int count, char** arguments) {
  take_megabytes(count, arguments);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  if (appraise::benchmarks::wanted_bytes() < 1'000'000) {
    std::fprintf(stderr, "--megabytes needs a number of at least 1\n");
    return 2;
  }
  benchmark::AddCustomContext("limit_target", appraise::benchmarks::native_target());
  benchmark::AddCustomContext("bytes_wanted", std::to_string(appraise::benchmarks::wanted_bytes()));
  appraise::benchmarks::register_instruments();
  appraise::benchmarks::register_growth();
  appraise::benchmarks::register_latency();
  appraise::benchmarks::register_memory();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
