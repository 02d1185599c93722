"""What one assessment costs in Python, and reading and compiling the built-in instruments: medians, as JSON.

python benchmarks/latency.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import appraise

REPEATS = 201


def median_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median over repeated calls, the first of which is left out."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def one_person(plan: appraise.ScoringPlan) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """A valid answer to every item that is needed, the first option of each: as arrays of one, and as it is said."""
    needed = [item for item in plan.instrument.items if not item.optional]
    arrays = {item.code: np.array([item.options[0].value if item.options else 30], np.int8) for item in needed}
    words: dict[str, object] = {item.code: item.options[0].code if item.options else 30 for item in needed}
    return arrays, words


def measure() -> dict[str, float]:
    """Seconds by what was done."""
    plan = appraise.compile("static-99r", accept_unverified=True)
    person, words = one_person(plan)
    scorer = appraise.Scorer([plan], bounds=False, distance=False, reasons=False)
    return {
        "one assessment, value and levels, scorer kept": median_seconds(lambda: scorer.score(person)),
        "the same in words": median_seconds(lambda: scorer.score(words)),
        "one assessment, value and levels": median_seconds(
            lambda: appraise.score(plan, person, bounds=False, distance=False, reasons=False)
        ),
        "one assessment, all columns": median_seconds(lambda: appraise.score(plan, person)),
        "one explanation": median_seconds(lambda: appraise.explain(plan, person)),
        "all built-in instruments read, checked and compiled": median_seconds(
            lambda: [
                appraise.compile(appraise.load(each.id, each.edition), accept_unverified=True)
                for each in appraise.instruments()
            ],
            repeats=11,
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="a file to write")
    arguments = parser.parse_args()
    seconds = measure()
    for name, taken in seconds.items():
        print(f"   {name:55} {taken * 1e6:10.1f} microseconds")
    if arguments.json:
        arguments.json.write_text(json.dumps(seconds, indent=2) + "\n")


if __name__ == "__main__":
    main()
