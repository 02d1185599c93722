"""Pairs score/X with limit/X in a Google Benchmark result and writes the summary: ratios.py RESULT SUMMARY."""

import json
import sys
from pathlib import Path

result, summary = (Path(argument) for argument in sys.argv[1:])
speed = {run["name"]: run["cases_per_second"] for run in json.loads(result.read_text())["benchmarks"]}
rows = []
for name, cases_per_second in speed.items():
    kind, _, workload = name.partition("/")
    if kind != "score" or f"limit/{workload}" not in speed:
        continue
    ratio = cases_per_second / speed[f"limit/{workload}"]
    rows.append({"name": workload, "cases_per_second": cases_per_second, "ratio_to_limit": ratio})
    print(f"   {workload:45} {cases_per_second / 1e6:10.2f} million cases/s {ratio:8.2%} of the streaming limit")
summary.write_text(json.dumps(rows, indent=2) + "\n")
print(f"   written: {summary}")
