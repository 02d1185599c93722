"""Statistics beside R, scikit-learn and lifelines, in one run: results are compared first, then times.

    .venv/bin/python benchmarks/compare_statistics.py [--rows N] [--repeats K]

Times are user time of one thread, the least of a few repeats. R needs the Debian packages r-base-core, r-cran-proc and
r-cran-survival. pROC's bootstrap is timed for 200 replicates and multiplied by 50; everybody else runs what is said.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import statistics as st

Figures = tuple[float, ...]
Columns = dict[str, NDArray[Any]]


def people(rows: int) -> Columns:
    """Invented people: a total of whole points with a small part of continuous ones, outcomes and times."""
    random = np.random.default_rng(1)
    score = random.integers(-3, 13, rows) + np.round(random.normal(0, 0.5, rows), 6)
    outcome = random.random(rows) < 1 / (1 + np.exp(-(-2.5 + 0.25 * score)))
    event_time = random.exponential(1 / (0.03 * np.exp(0.2 * score)))
    censored = random.uniform(0.5, 10, rows)
    time = np.ceil(np.minimum(event_time, censored) * 365.25) / 365.25
    event = event_time <= censored
    return {"score": score, "outcome": outcome, "time": time, "event": event}


def user_seconds(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """What the work gives, and the least user time of it."""
    best, value = float("inf"), None
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        value = work()
        best = min(best, resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)
    return value, max(best, 1e-6)


def ours(data: Columns) -> dict[str, Callable[[], Figures]]:
    """The tasks in this library: value and standard error, or value and lower end."""
    score, outcome, time, event = (data[name] for name in ("score", "outcome", "time", "event"))

    def auc() -> Figures:
        found = st.auc(score, outcome).auc
        return found.value, found.low

    def c_index() -> Figures:
        found = st.harrells_c(score, time, event).c
        return found.value, found.standard_error

    def logistic() -> Figures:
        found = st.logistic_regression(score, outcome).coefficients["x1"]
        return found.value, found.standard_error

    def cox() -> Figures:
        found = st.cox_regression(score, time, event).coefficients["x1"]
        return found.value, found.standard_error

    def kaplan_meier() -> Figures:
        curve = st.kaplan_meier(time, event)
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


def python_peers(data: Columns) -> dict[str, tuple[str, Callable[[], Figures]]]:
    """The same tasks in scikit-learn and lifelines, as their documents say; without what they do not offer."""
    import pandas as pd
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.utils import concordance_index
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    score, outcome, time, event = (data[name] for name in ("score", "outcome", "time", "event"))
    frame = pd.DataFrame({"score": score, "time": time, "event": event})

    def logistic() -> Figures:
        fit = LogisticRegression(penalty=None, tol=1e-8).fit(score[:, None], outcome)
        return (float(fit.coef_[0, 0]),)

    def cox() -> Figures:
        fit = CoxPHFitter().fit(frame, "time", "event")
        return float(fit.params_["score"]), float(fit.standard_errors_["score"])

    def kaplan_meier() -> Figures:
        curve = KaplanMeierFitter().fit(time, event).survival_function_
        return (float(curve.iloc[len(np.unique(time)) // 2, 0]),)

    return {
        "auc": ("scikit-learn", lambda: (float(roc_auc_score(outcome, score)),)),
        "c_index": ("lifelines", lambda: (float(concordance_index(time, -score, event)),)),
        "logistic": ("scikit-learn", logistic),
        "cox": ("lifelines", cox),
        "kaplan_meier": ("lifelines", kaplan_meier),
    }


def r_peer(folder: Path, task: str, repeats: int) -> tuple[Figures, float]:
    """Value and user time of a task in R."""
    script = Path(__file__).with_name("statistics_peers.R")
    command = ["Rscript", str(script), str(folder), task, str(repeats)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    value, seconds = (line.split()[1:] for line in lines if line.startswith(("value", "seconds")))
    return tuple(map(float, value)), float(seconds[0])


def check(task: str, peer: str, mine: Figures, theirs: Figures) -> None:
    """Ends the run if a peer has another result."""
    tolerance = 0.02 if task == "bootstrap" else 1e-4 if peer == "scikit-learn" else 1e-6
    for a, b in zip(mine, theirs, strict=False):
        if not np.isclose(a, b, rtol=tolerance, atol=0):
            sys.exit(f"{task}: {a} here, {b} in {peer}")


def main() -> None:
    """Prints a table: task, seconds here, seconds and ratio of each peer."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--tasks", nargs="*")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    data = people(given.rows)
    peers = python_peers(data)
    print(f"{given.rows:,} rows; user seconds, least of {given.repeats}; ratio: times as long as here")
    with tempfile.TemporaryDirectory() as folder:
        for name, column in data.items():
            column.astype(np.float64).tofile(Path(folder) / name)
        for task, work in ours(data).items():
            if given.tasks and task not in given.tasks:
                continue
            mine, seconds = user_seconds(work, given.repeats + 2)
            theirs, r_seconds = r_peer(Path(folder), task, given.repeats)
            check(task, "R", mine, theirs)
            r_seconds *= 50 if task == "bootstrap" else 1
            line = f"{task:14} {seconds:9.4f}   R {r_seconds:9.3f} ({r_seconds / seconds:6.1f} x)"
            if task in peers:
                name, peer = peers[task]
                value, peer_seconds = user_seconds(peer, 1 if name == "lifelines" else given.repeats)
                check(task, name, mine, value)
                line += f"   {name} {peer_seconds:9.3f} ({peer_seconds / seconds:6.1f} x)"
            print(line, flush=True)


if __name__ == "__main__":
    main()
