"""Resampling, and local norms as a norms file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import Norms, UsageError
from appraise.statistics._inputs import Values, kinds, labels_of, numbers
from appraise.statistics._results import Estimate, Result, Sample, TableResult, with_estimates

Progress = Callable[[int, int], object]
PRIOR = ("centre", "intercept", "intercept_error", "slope", "slope_error", "correlation")


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
    progress: Progress | None = None,
) -> Bootstrap:
    """Bootstrap interval of any figure.

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
    progress : function of (done, replicates), optional
        What it raises ends the run.

    Examples
    --------
    >>> values = np.arange(20.0)
    >>> found = bootstrap(20, lambda rows: values[rows].mean(), replicates=200)
    >>> found.estimate.value, bool(found.estimate.low < 9.5 < found.estimate.high)
    (9.5, True)
    """
    return _bootstrap(_statistics.bootstrap(n, statistic, replicates, seed, level, bca, _strata(strata), progress))


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
    progress: Progress | None = None,
) -> Bootstrap:
    """Bootstrap interval of the AUC; people with and without the outcome are drawn apart.

    The result is the same for any number of `threads`.
    """
    found = _statistics.bootstrap_auc(
        numbers(scores, "scores"), kinds(outcomes), replicates, seed, threads, level, bca, _strata(strata), progress
    )
    return _bootstrap(found)


@dataclass(frozen=True)
class NormsFile:
    """A file of the definition format: its path below the instruments folder, its text and its digest."""

    path: str
    text: str
    digest: str

    def write(self, folder: str | os.PathLike[str]) -> Path:
        """Writes the file below an instruments folder.

        Raises
        ------
        FileExistsError
            If there is a file already: a published norm set is never edited.
        """
        place = Path(folder) / self.path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(self.text)
        return place


@dataclass(frozen=True, repr=False)
class LocalNorms(TableResult):
    """Local norms: rate with interval, percentile and risk ratio of each score."""

    columns: dict[str, NDArray[Any]]
    median: float
    intercept: Estimate
    slope: Estimate
    sample: Sample
    status: str
    _held: Any = field(repr=False, compare=False)

    def _rows(self) -> Any:
        for name in ("median", "intercept", "slope", "sample", "status"):
            yield name, str(getattr(self, name))

    def file(
        self,
        *,
        id: str,
        edition: str,
        title: str,
        instrument: str,
        editions: Sequence[str],
        scale: str,
        sample: str,
        outcome: str,
        country: str = "",
        follow_up_years: float | None = None,
        citation: str = "",
    ) -> NormsFile:
        """The norms as a file that ``score`` uses, marked `unverified` and digested.

        Raises
        ------
        UsageError
            If sample or outcome is not named: a rate without them is not a norm.
        """
        return NormsFile(
            *self._held.file(
                id,
                edition,
                title,
                instrument,
                list(editions),
                scale,
                sample,
                country,
                outcome,
                follow_up_years,
                citation,
            )
        )


def local_norms(
    scores: Values,
    outcomes: Values,
    *,
    updating: Literal["refit", "intercept", "intercept_and_slope", "pooled"] = "refit",
    published: Norms | None = None,
    prior: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> LocalNorms:
    """Local norms of people who were all followed for one time.

    Parameters
    ----------
    updating : {"refit", "intercept", "intercept_and_slope", "pooled"}
        Logistic regression centred on the median score; published rates moved, or moved and stretched; or a refit with
        the published curve as prior.
    published : Norms, optional
        The norm set to update, from ``instrument.norms``.
    prior : mapping, optional
        The published curve: ``centre``, ``intercept``, ``intercept_error``, ``slope``, ``slope_error`` and, if known,
        ``correlation`` of the two estimates.
    """
    curve = None
    if prior is not None:
        known = {"correlation": 0.0} | dict(prior)
        if set(known) != set(PRIOR):
            raise UsageError(f"local_norms: prior: {sorted(prior)}; expected {', '.join(PRIOR)}")
        curve = [float(known[name]) for name in PRIOR]
    held = _statistics.local_norms(numbers(scores, "scores"), kinds(outcomes), updating, published, curve, level)
    found = held.columns()
    return LocalNorms(
        with_estimates(found),
        found["median"],
        Estimate(*found["intercept"]),
        Estimate(*found["slope"]),
        Sample(*found["sample"]),
        found["status"],
        held,
    )
