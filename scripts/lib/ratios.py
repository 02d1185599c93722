"""Medians of a Google Benchmark result, as tables and as a summary: ratios.py RESULT SUMMARY."""

import json
import sys
from pathlib import Path

NOT_COUNTERS = {
    "name",
    "family_index",
    "per_family_instance_index",
    "run_name",
    "run_type",
    "repetitions",
    "repetition_index",
    "threads",
    "iterations",
    "aggregate_name",
    "aggregate_unit",
    "real_time",
    "cpu_time",
    "time_unit",
}
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def medians(runs):
    """One row a benchmark: the median of its repetitions, or its only run."""
    once = {run["run_name"]: run for run in runs if run["run_type"] == "iteration"}
    medians = {run["run_name"]: run for run in runs if run.get("aggregate_name") == "median"}
    rows = []
    for name, run in {**once, **medians}.items():
        row = {"name": name.split("/iterations:")[0].split("/min_time:")[0]}
        row["seconds"] = run["real_time"] * SECONDS[run["time_unit"]]
        row.update({counter: value for counter, value in run.items() if counter not in NOT_COUNTERS})
        rows.append(row)
    return rows


def time(seconds):
    for unit, size in SECONDS.items():
        if seconds < 1000 * size or unit == "s":
            return f"{seconds / size:.3g} {unit}"
    raise AssertionError


def print_table(rows, head, line):
    if not rows:
        return
    width = max(len(row["name"]) for row in rows)
    print(f"\n   {'':{width}} {head}")
    for row in rows:
        print(f"   {row['name']:{width}} {line(row)}")


def beside_limit(row):
    return (
        f"{row['rows']:>11.0f} {row['cases_per_second'] / 1e6:>10.2f} {row['bytes_in']:>7.2f} "
        f"{row['bytes_out']:>8.2f} {row['bytes_per_second'] / 1e9:>7.2f} "
        f"{row['limit_ordinary'] / 1e9:>8.2f} {row['limit_streaming'] / 1e9:>9.2f} "
        f"{row['ratio']:>7.3f}"
    )


def other(row):
    counters = (f"{name} {value:.6g}" for name, value in row.items() if name not in ("name", "seconds"))
    return f"{time(row['seconds']):>10}   {'  '.join(counters)}"


result, summary = (Path(argument) for argument in sys.argv[1:])
rows = medians(json.loads(result.read_text())["benchmarks"])
print_table(
    [row for row in rows if "ratio" in row],
    f"{'rows':>11} {'M cases/s':>10} {'B in':>7} {'B out':>8} {'GB/s':>7} "
    f"{'ordinary':>8} {'streaming':>9} {'ratio':>7}",
    beside_limit,
)
print_table([row for row in rows if "ratio" not in row], f"{'time':>10}", other)
summary.write_text(json.dumps(rows, indent=2) + "\n")
print(f"\n   written: {summary}")
