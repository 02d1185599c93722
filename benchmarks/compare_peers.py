"""The same caseloads and the same results, by appraise and by what analysts otherwise write.

Every peer's result is compared with appraise's, whole columns, before anything is timed; a difference ends the program
with exit code 1. Speeds are the fastest of some runs, of one thread unless more are asked for. appraise takes turns
with each peer, and a ratio is of both in these turns: what a shared machine gives changes from minute to minute.

    python benchmarks/compare_peers.py --rows 10000000 --plot
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

if TYPE_CHECKING:
    from peers.caseload import Caseload
    from peers.result import Peer, Result
    from peers.workloads import Workload

ROOT = Path(__file__).parents[1]
PACKAGES = ("appraise", "numpy", "pandas", "polars", "duckdb", "scikit-learn", "pyarrow")
Measured = dict[str, Any]


class DifferenceError(Exception):
    """A peer's result is not appraise's."""


def seconds_of(run: Callable[[], Any]) -> float:
    """Seconds of a run; its results are given back to the system after it."""
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    del result
    return seconds


def fastest_in_turn(first: Callable[[], Any], second: Callable[[], Any], repeat: int) -> tuple[float, float]:
    """Seconds of the fastest run of each of two, which take turns."""
    turns = [(seconds_of(first), seconds_of(second)) for _ in range(repeat)]
    return min(turn[0] for turn in turns), min(turn[1] for turn in turns)


def measure(peer: Peer, library: Peer, expected: Result, workload: Workload, repeat: int) -> Measured:
    """Checks one peer, then times it beside the library."""
    from peers.result import first_difference

    difference = first_difference(expected, peer.read(peer.run()), workload.tolerance)
    if difference:
        raise DifferenceError(f"{workload.name}: {peer.name}: {difference}")
    own, seconds = fastest_in_turn(library.run, peer.run, repeat)
    return {"name": peer.name, "threads": peer.threads, "seconds": seconds, "appraise": own, "ratio": seconds / own}


def peers_of(workload: Workload, caseload: Caseload, threads: int) -> Iterator[Peer]:
    """Made one after the other, so that only one holds its copy of the caseload at a time."""
    for program in workload.programs:
        if program.installed:
            yield program.load(caseload, threads)
        else:
            print(f"{workload.name}: {program.package} is not installed; left out", file=sys.stderr)


def compare(workload: Workload, asked: argparse.Namespace, say: Callable[[str], None]) -> Measured:
    """All peers of one workload, appraise first, with the ratio of each one's time to appraise's."""
    rows = max(1, int(asked.rows * workload.share))
    say(f"{workload.name}: {rows:,} cases")
    caseload = workload.caseload(rows)
    library = workload.library(caseload, asked.threads)
    expected = library.read(library.run())
    peers: list[Measured] = []
    for peer in peers_of(workload, caseload, asked.threads):
        say(f"{workload.name}: {peer.name}")
        peers.append(measure(peer, library, expected, workload, asked.repeat))
    seconds = min((each["appraise"] for each in peers), default=None) or seconds_of(library.run)
    measured = [{"name": library.name, "threads": library.threads, "seconds": seconds, "ratio": 1.0}, *peers]
    for each in measured:
        each["cases_per_second"] = rows / each["seconds"]
    return {"name": workload.name, "title": workload.title, "rows": rows, "peers": measured}


def cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def table(workload: Measured) -> Table:
    made = Table(title=f"{workload['title']}: {workload['rows']:,} cases", title_justify="left")
    made.add_column("peer")
    for heading in ("threads", "seconds", "million/s", "appraise is"):
        made.add_column(heading, justify="right")
    for peer in workload["peers"]:
        speed = f"{peer['cases_per_second'] / 1e6:.2f}"
        ratio = "" if peer["name"] == "appraise" else f"{peer['ratio']:.2f} \u00d7 as fast"
        made.add_row(peer["name"], str(peer["threads"]), f"{peer['seconds']:.4f}", speed, ratio)
    return made


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="cases of Static-99R; others get a share of it")
    parser.add_argument("--repeat", type=int, default=5, help="runs, of which the fastest counts")
    parser.add_argument("--threads", type=int, default=1, help="of appraise, polars and DuckDB")
    parser.add_argument("--only", default="", help="workloads whose name contains this text")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "peers.json")
    parser.add_argument("--plot", action="store_true", help="draw docs/figures/peers.svg")
    parser.add_argument("--redraw", action="store_true", help="draw it from the file of an earlier run")
    return parser.parse_args()


def run(asked: argparse.Namespace, console: Console) -> Measured:
    from peers.workloads import WORKLOADS

    chosen = [workload for workload in WORKLOADS if asked.only in workload.name]
    if not chosen:
        raise SystemExit(f"no workload has '{asked.only}' in its name: {', '.join(each.name for each in WORKLOADS)}")
    compared = []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("", total=len(chosen))
        for workload in chosen:

            def say(text: str) -> None:
                progress.update(task, description=text)

            compared.append(compare(workload, asked, say))
            progress.advance(task)
            progress.console.print(table(compared[-1]))
    return {
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "threads": asked.threads,
        "repeat": asked.repeat,
        "versions": versions(),
        "workloads": compared,
    }


def main() -> int:
    asked = arguments()
    os.environ["POLARS_MAX_THREADS"] = str(asked.threads)  # read by polars when it is imported
    console = Console()
    if asked.redraw:
        measured = json.loads(asked.out.read_text(encoding="utf-8"))
    else:
        try:
            measured = run(asked, console)
        except DifferenceError as difference:
            print(difference, file=sys.stderr)
            return 1
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        console.print(f"written: {asked.out}")
    if asked.plot or asked.redraw:
        from peers.figure import draw

        figure = ROOT / "docs" / "figures" / "peers.svg"
        draw(measured, figure)
        console.print(f"written: {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
