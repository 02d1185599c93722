"""Statistics beside R, scikit-learn and lifelines, in one run: results are compared first, then times.

    .venv/bin/python benchmarks/compare_statistics.py [--rows N] [--rounds K] [--tasks ...] [--json FILE]

In each round everybody does the task once, on the same numbers and one thread; a round before the first warms up.
Times are processor time of that thread, user and system. A ratio is that of the least times; the worst round's stands
beside it. R needs the Debian packages r-base-core, r-cran-proc and r-cran-survival. pROC's bootstrap is run with 1,000
of the 10,000 replicates, in one round, and its time multiplied by 10; everybody else runs what is said.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from appraise import statistics as st

Figures = tuple[float, ...]
Work = Callable[[], Figures]
Columns = dict[str, NDArray[Any]]
Timed = Callable[[], tuple[float, Figures]]

BARS = {"R": 10.0, "scikit-learn": 5.0, "lifelines": 5.0}
BOOTSTRAP_BAR = 20.0


def people(rows: int) -> Columns:
    """Invented people: a total of whole points with a small part of continuous ones, outcomes and times."""
    random = np.random.default_rng(1)
    score = random.integers(-3, 13, rows) + np.round(random.normal(0, 0.5, rows), 6)
    outcome = random.random(rows) < 1 / (1 + np.exp(-(-2.5 + 0.25 * score)))
    event_time = random.exponential(1 / (0.03 * np.exp(0.2 * score)))
    censored = random.uniform(0.5, 10, rows)
    days = np.ceil(np.minimum(event_time, censored) * 365.25) / 365.25
    event = event_time <= censored
    return {"score": score, "outcome": outcome, "time": days, "event": event}


def ours(data: Columns) -> dict[str, Work]:
    """The tasks in this library: value and standard error, or value and lower end."""
    score, outcome, days, event = (data[name] for name in ("score", "outcome", "time", "event"))

    def auc() -> Figures:
        found = st.auc(score, outcome).auc
        return found.value, found.low

    def c_index() -> Figures:
        found = st.harrells_c(score, days, event).c
        return found.value, found.standard_error

    def logistic() -> Figures:
        found = st.logistic_regression(score, outcome).coefficients["x1"]
        return found.value, found.standard_error

    def cox() -> Figures:
        found = st.cox_regression(score, days, event).coefficients["x1"]
        return found.value, found.standard_error

    def kaplan_meier() -> Figures:
        curve = st.kaplan_meier(days, event)
        middle = len(curve) // 2 - 1
        value = curve["estimate"][middle]
        return value, curve["estimate_error"][middle] / value

    def bootstrap() -> Figures:
        found = st.bootstrap_auc(score[:10000], outcome[:10000], replicates=10000, bca=False).estimate
        return found.value, found.low

    return {
        "auc": auc,
        "c_index": c_index,
        "logistic": logistic,
        "cox": cox,
        "kaplan_meier": kaplan_meier,
        "bootstrap": bootstrap,
    }


def python_peers(data: Columns) -> dict[str, tuple[str, Work]]:
    """The same tasks in scikit-learn and lifelines, as their documents say; without what they do not offer."""
    import pandas as pd
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.utils import concordance_index
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    score, outcome, days, event = (data[name] for name in ("score", "outcome", "time", "event"))
    frame = pd.DataFrame({"score": score, "time": days, "event": event})

    def logistic() -> Figures:
        fit = LogisticRegression(penalty=None, tol=1e-8).fit(score[:, None], outcome)
        return (float(fit.coef_[0, 0]),)

    def cox() -> Figures:
        fit = CoxPHFitter().fit(frame, "time", "event")
        return float(fit.params_["score"]), float(fit.standard_errors_["score"])

    def kaplan_meier() -> Figures:
        curve = KaplanMeierFitter().fit(days, event).survival_function_
        return (float(curve.iloc[len(np.unique(days)) // 2, 0]),)

    return {
        "auc": ("scikit-learn", lambda: (float(roc_auc_score(outcome, score)),)),
        "c_index": ("lifelines", lambda: (float(concordance_index(days, -score, event)),)),
        "logistic": ("scikit-learn", logistic),
        "cox": ("lifelines", cox),
        "kaplan_meier": ("lifelines", kaplan_meier),
    }


def timed(work: Work) -> Timed:
    """The work with its processor time."""

    def run() -> tuple[float, Figures]:
        before = time.thread_time()
        value = work()
        return time.thread_time() - before, value

    return run


class R:
    """An R session that has the data and does tasks by name."""

    def __init__(self, folder: Path) -> None:
        script = Path(__file__).with_name("statistics_peers.R")
        self.session = subprocess.Popen(
            ["Rscript", str(script), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def timed(self, task: str) -> Timed:
        def run() -> tuple[float, Figures]:
            assert self.session.stdin is not None
            assert self.session.stdout is not None
            self.session.stdin.write(f"{task}\n")
            self.session.stdin.flush()
            seconds, *value = map(float, self.session.stdout.readline().split())
            return seconds * (10 if task == "bootstrap" else 1), tuple(value)

        return run


def check(task: str, peer: str, mine: Figures, theirs: Figures) -> None:
    """Ends the run if a peer has another result."""
    fitted = 1e-4 if peer == "scikit-learn" else 1e-6  # peers' own stopping rules
    tolerance = {"bootstrap": 0.005, "logistic": fitted, "cox": fitted}.get(task, 1e-9)
    for a, b in zip(mine, theirs, strict=False):
        if not np.isclose(a, b, rtol=tolerance, atol=0):
            sys.exit(f"{task}: {a} here, {b} in {peer}")


def compare(task: str, mine: Timed, peers: dict[str, Timed], rounds: int) -> dict[str, Any]:
    """Everybody once a round. The first round warms up and compares results."""
    _, expected = mine()
    for name, peer in peers.items():
        if task != "bootstrap":
            check(task, name, expected, peer()[1])
    seconds: dict[str, list[float]] = {name: [] for name in ("appraise", *peers)}
    for _ in range(1 if task == "bootstrap" else rounds):
        seconds["appraise"].append(mine()[0])
        for name, peer in peers.items():
            spent, value = peer()
            check(task, name, expected, value)
            seconds[name].append(spent)
    least = {name: min(times) for name, times in seconds.items()}
    result: dict[str, Any] = {"task": task, "seconds": seconds, "ratios": {}}
    for name in peers:
        bar = BOOTSTRAP_BAR if task == "bootstrap" else BARS[name]
        ratio = least[name] / least["appraise"]
        worst = min(b / a for a, b in zip(seconds["appraise"], seconds[name], strict=True))
        result["ratios"][name] = {"ratio": ratio, "worst_round": worst, "bar": bar, "met": ratio >= bar}
    return result


def line_of(result: dict[str, Any]) -> str:
    """A row of the printed table."""
    line = f"{result['task']:13} {min(result['seconds']['appraise']):8.4f}"
    for name, found in result["ratios"].items():
        seconds = min(result["seconds"][name])
        word = "" if found["met"] else ", NOT MET"
        line += f"   {name} {seconds:8.3f}: {found['ratio']:6.1f} x"
        line += f" (worst {found['worst_round']:.1f}, bar {found['bar']:g}{word})"
    return line


def main() -> None:
    """Prints a table: task, seconds here, seconds and ratio of each peer; writes the same as JSON."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--tasks", nargs="*")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    warnings.simplefilter("ignore")
    data = people(given.rows)
    peers = python_peers(data)
    print(f"{given.rows:,} rows, one thread; processor seconds, least of {given.rounds} rounds; ratio: times as long")
    results = []
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        for name, column in data.items():
            column.astype(np.float64).tofile(Path(folder) / name)
        r = R(Path(folder))
        for task, work in ours(data).items():
            if given.tasks and task not in given.tasks:
                continue
            others = {"R": r.timed(task)}
            if task in peers:
                name, peer = peers[task]
                others[name] = timed(peer)
            results.append(compare(task, timed(work), others, given.rounds))
            print(line_of(results[-1]), flush=True)
        r.session.communicate()
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        facts = {"rows": given.rows, "rounds": given.rounds, "machine": platform.processor() or platform.machine()}
        given.json.write_text(json.dumps(facts | {"tasks": results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
