"""Local norms as a norms file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import Norms, UsageError
from appraise.statistics._inputs import Values, kinds, numbers
from appraise.statistics._results import Estimate, Sample, TableResult, with_estimates

PRIOR = ("centre", "intercept", "intercept_error", "slope", "slope_error", "correlation")


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
