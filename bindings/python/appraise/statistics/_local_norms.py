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
from appraise.statistics._inputs import Values, kinds, named, numbers
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
    """Local norms: rate with interval, percentile and risk ratio of each score; at a horizon if people were followed
    for different times.
    """

    columns: dict[str, NDArray[Any]]
    median: float
    intercept: Estimate
    slope: Estimate
    horizon: float | None
    sample: Sample
    status: str
    _held: Any = field(repr=False, compare=False)

    def _rows(self) -> Any:
        for name in ("median", "intercept", "slope", "horizon", "sample", "status"):
            if getattr(self, name) is not None:
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
            If sample or outcome is not named, or, of rates at a horizon, `follow_up_years`: a rate without them is
            not a norm.
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


@named(events="outcomes")
def local_norms(
    scores: Values,
    outcomes: Values,
    *,
    times: Values | None = None,
    horizon: float | None = None,
    updating: Literal["refit", "intercept", "intercept_and_slope", "pooled"] = "refit",
    published: Norms | None = None,
    prior: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> LocalNorms:
    """Local norms: the rates of one's own people.

    Parameters
    ----------
    outcomes : column of 0, 1
        Of people who were all followed for one time. With ``times``: 0 followed without, 1 event.
    times, horizon : optional
        For people followed for different times: Cox regression, and rates at the horizon.
    updating : {"refit", "intercept", "intercept_and_slope", "pooled"}
        Regression on the score, centred on its median; published rates moved, or moved and stretched; or a refit with
        the published curve as prior. Rates are linked by log(rate / (1 - rate)), with ``times`` by
        log(-log(1 - rate)), whose slope is a log hazard ratio.
    published : Norms, optional
        The norm set to update, from ``instrument.norms``.
    prior : mapping, optional
        The published curve: ``centre``, ``intercept``, ``intercept_error``, ``slope``, ``slope_error`` and, if known,
        ``correlation`` of the two estimates.

    Notes
    -----
    In R ``glm(binomial)``, and ``survfit(coxph, newdata, conf.type = "log-log")``. Competing events that are counted
    as censoring make rates at a horizon too high.
    """
    if (times is None) != (horizon is None):
        raise UsageError("local_norms: times: without horizon, or the other way; expected both or neither")
    curve = None
    if prior is not None:
        known = {"correlation": 0.0} | dict(prior)
        if set(known) != set(PRIOR):
            raise UsageError(f"local_norms: prior: {sorted(prior)}; expected {', '.join(PRIOR)}")
        curve = [float(known[name]) for name in PRIOR]
    s, y = numbers(scores, "scores"), kinds(outcomes)
    if times is None or horizon is None:
        held = _statistics.local_norms(s, y, updating, published, curve, level)
    else:
        held = _statistics.local_norms_followed(
            s, numbers(times, "times"), y, horizon, updating, published, curve, level
        )
    found = held.columns()
    return LocalNorms(
        with_estimates(found),
        found["median"],
        Estimate(*found["intercept"]),
        Estimate(*found["slope"]),
        horizon,
        Sample(*found["sample"]),
        found["status"],
        held,
    )
