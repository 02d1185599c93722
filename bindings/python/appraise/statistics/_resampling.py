"""Resampling: an interval for any figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, columns_of, kinds, labels_of, named, numbers
from appraise.statistics._results import Estimate, Result

Progress = Callable[[int, int], object]

FIGURES = tuple(_statistics.FIGURES)
"""The names that ``bootstrap_figure`` knows."""


@dataclass(frozen=True, repr=False)
class Bootstrap(Result):
    """A figure with the interval of its replicates; ``failed`` replicates had no figure."""

    estimate: Estimate
    replicates: NDArray[np.float64]
    failed: int
    bias_correction: float
    acceleration: float


def _bootstrap(found: dict[str, Any]) -> Bootstrap:
    return Bootstrap(
        Estimate(*found["estimate"]),
        found["replicates"],
        found["failed"],
        found["bias_correction"],
        found["acceleration"],
    )


def _strata(strata: Values | None) -> NDArray[np.int32]:
    return np.empty(0, np.int32) if strata is None else labels_of(strata, "strata")


def bootstrap(
    n: int,
    statistic: Callable[[NDArray[np.uint32]], float],
    *,
    replicates: int = 2000,
    seed: int = 1,
    level: float = 0.95,
    bca: bool = True,
    strata: Values | None = None,
    progress: Progress | bool | None = None,
) -> Bootstrap:
    """Bootstrap interval of any figure, on one thread; ``bootstrap_figure`` has those with a name on many.

    Parameters
    ----------
    n : int
        Rows.
    statistic : function of an array of row numbers
        Returns the figure of those rows, NaN if there is none.
    replicates, seed : int
        The result depends on the seed and on nothing else.
    bca : bool
        Corrected for bias and acceleration, at the cost of `n` more calls; otherwise percentiles.
    strata : column, optional
        Rows are drawn within their stratum.
    progress : bool or function of (calls done, calls in all)
        True shows a bar (with rich). What a function raises ends the run.

    Examples
    --------
    >>> values = np.arange(20.0)
    >>> found = bootstrap(20, lambda rows: values[rows].mean(), replicates=200)
    >>> found.estimate.value, bool(found.estimate.low < 9.5 < found.estimate.high)
    (9.5, True)
    """
    with _shown(progress) as report:
        return _bootstrap(_statistics.bootstrap(n, statistic, replicates, seed, level, bca, _strata(strata), report))


def bootstrap_auc(
    scores: Values,
    outcomes: Values,
    *,
    replicates: int = 2000,
    seed: int = 1,
    threads: int = 1,
    level: float = 0.95,
    bca: bool = True,
    strata: Values | None = None,
    progress: Progress | bool | None = None,
) -> Bootstrap:
    """Bootstrap interval of the AUC; people with and without the outcome are drawn apart.

    The result is the same for any number of `threads`.
    """
    s, y, held = numbers(scores, "scores"), kinds(outcomes), _strata(strata)
    with _shown(progress) as report:
        return _bootstrap(_statistics.bootstrap_auc(s, y, replicates, seed, threads, level, bca, held, report))


@named(numbers="columns")
def bootstrap_figure(
    figure: str,
    *columns: Values,
    against: Values | None = None,
    horizon: float | None = None,
    replicates: int = 2000,
    seed: int = 1,
    threads: int = 1,
    level: float = 0.95,
    bca: bool = True,
    strata: Values | None = None,
    progress: Progress | bool | None = None,
) -> Bootstrap:
    """Bootstrap interval of a figure with a name, or of its difference between two scores of the same people.

    Parameters
    ----------
    figure : str
        One of ``FIGURES``: "auc", "harrells_c", "expected_observed", "calibration_slope", "ici", "brier", "kappa",
        "icc_2_1", "cohens_d" ...
    *columns : columns
        What the verb of the figure takes, in its order: scores and outcomes; scores, times and events; predicted and
        outcomes; first and second; ratings.
    against : column, optional
        Instead of the first column, for the difference: the figure with the first column less that with this one.
    horizon : float, optional
        For figures at a horizon.
    replicates, seed : int
        The result depends on the seed and on nothing else.
    threads : int
        The interpreter's lock is not held.
    bca : bool
        Corrected for bias and acceleration, at the cost of one more call for each row; otherwise percentiles.
    strata : column, optional
        Rows are drawn within their stratum, so that each keeps its size.
    progress : bool or function of (calls done, calls in all)
        True shows a bar (with rich). What a function raises ends the run.

    Raises
    ------
    UsageError
        If the figure has no name or takes other columns, and as its verb does.

    Examples
    --------
    >>> found = bootstrap_figure("auc", [1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], replicates=100)
    >>> round(found.estimate.value, 4)
    0.8889
    """
    if figure not in FIGURES:
        raise UsageError(f"bootstrap_figure: figure: {figure!r}; expected one of {', '.join(FIGURES)}")
    arguments, _ = _statistics.FIGURES[figure]
    if len(columns) != len(arguments):
        expected = ", ".join(name for name, _ in arguments)
        raise UsageError(f"bootstrap_figure: columns: {len(columns)} of them; expected {expected} for {figure}")
    held: list[NDArray[np.float64]] = []
    other: list[NDArray[np.float64]] = []
    outcomes = np.empty(0, np.uint8)
    for place, ((name, kind), column) in enumerate(zip(arguments, columns, strict=True)):
        if kind in ("outcomes", "events"):
            outcomes = kinds(column, name, 1 if kind == "outcomes" else 2)
            continue
        held += _numbers(column, name, kind)
        other += _numbers(column, name, kind) if against is None or place > 0 else _numbers(against, "against", kind)
    options = (replicates, seed, threads, level, bca, _strata(strata))
    with _shown(progress) as report:
        return _bootstrap(
            _statistics.bootstrap_figure(
                figure, held, outcomes, horizon, [] if against is None else other, *options, report
            )
        )


def _numbers(column: Values, name: str, kind: str) -> list[NDArray[np.float64]]:
    return columns_of(column, name)[1] if kind == "raters" else [numbers(column, name)]


@contextmanager
def _shown(progress: Progress | bool | None) -> Iterator[Progress | None]:
    """What is told of progress: nothing, the caller's function, or a bar."""
    if not isinstance(progress, bool):
        yield progress
        return
    if not progress:
        yield None
        return
    from rich.progress import Progress as Bars  # one of the extras

    with Bars(transient=True) as bars:
        bar = bars.add_task("bootstrap", total=None)
        yield lambda done, calls: bars.update(bar, completed=done, total=calls)
