"""Survival: how long people stay without an event; logistic and Cox regression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise.statistics._inputs import Values, columns_of, kinds, numbers, optional
from appraise.statistics._results import Estimate, Sample, TableResult, with_estimates

Interval = Literal["log", "log_log", "plain"]
Kind = Literal["kaplan_meier", "nelson_aalen", "aalen_johansen"]


@dataclass(frozen=True, repr=False)
class Curve(TableResult):
    """A step function with one row for each time at which anybody's follow-up ends."""

    columns: dict[str, NDArray[Any]]
    kind: Kind
    start: float
    sample: Sample
    level: float
    _held: Any = field(repr=False, compare=False)

    def at(self, time: float) -> Estimate:
        """The curve at a time; "not_reached" beyond the longest follow-up."""
        return Estimate(*self._held.at(time))

    def time_until(self, share: float = 0.5) -> Estimate:
        """The time by which a share of people had the event, of a Kaplan-Meier curve: with 0.5 the median."""
        return Estimate(*self._held.time_until(share))

    def _rows(self) -> Any:
        yield "sample", str(self.sample)


@dataclass(frozen=True, repr=False)
class FreePeriods(TableResult):
    """Hazard and conditional probability of an event by time already offence-free."""

    columns: dict[str, NDArray[Any]]


@dataclass(frozen=True, repr=False)
class Regression(TableResult):
    """What was fitted; one row for each coefficient. Ratios are exp(coefficient)."""

    columns: dict[str, NDArray[Any]]
    coefficients: dict[str, Estimate]
    covariance: NDArray[np.float64]
    log_likelihood: float
    null_log_likelihood: float
    iterations: int
    sample: Sample
    status: str
    level: float


def _curve(
    kind: Kind, times: Values, events: Values, interval: Interval, level: float, weights: Values | None
) -> Curve:
    held = _statistics.curve(
        kind,
        numbers(times, "times"),
        kinds(events, "events", 2 if kind == "aalen_johansen" else 1),
        interval,
        level,
        optional(weights, "weights"),
    )
    found = held.columns()
    return Curve(with_estimates(found), kind, found["start"], Sample(*found["sample"]), level, held)


def kaplan_meier(
    times: Values, events: Values, *, interval: Interval = "log", level: float = 0.95, weights: Values | None = None
) -> Curve:
    """Kaplan-Meier curve of staying without an event, with Greenwood's variance. In R ``survival::survfit``.

    Examples
    --------
    >>> round(kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).at(3).value, 4)
    0.375
    """
    return _curve("kaplan_meier", times, events, interval, level, weights)


def nelson_aalen(
    times: Values, events: Values, *, interval: Interval = "log", level: float = 0.95, weights: Values | None = None
) -> Curve:
    """Nelson-Aalen estimate of the cumulative hazard."""
    return _curve("nelson_aalen", times, events, interval, level, weights)


def aalen_johansen(
    times: Values, events: Values, *, interval: Interval = "log", level: float = 0.95, weights: Values | None = None
) -> Curve:
    """Cumulative incidence of event 1 where another event (2) can come first.

    In R ``survfit(Surv(time, factor(event)) ~ 1)``.
    """
    return _curve("aalen_johansen", times, events, interval, level, weights)


def hazard_by_time_free(times: Values, events: Values, cuts: Values, *, level: float = 0.95) -> FreePeriods:
    """Hazard, and chance of an event in each period, of those who came that far without one.

    Parameters
    ----------
    cuts : ascending times
        Ends of the periods: [0, 1, 2, 5] gives 0 to 1, 1 to 2 and 2 to 5.
    """
    found = _statistics.hazard_by_time_free(
        numbers(times, "times"), kinds(events, "events"), numbers(cuts, "cuts"), level
    )
    return FreePeriods(with_estimates(found))


def regression_of(names: list[str], found: dict[str, Any], level: float) -> Regression:
    """A fit that the library hands over, its coefficients named."""
    coefficients = [Estimate(*each) for each in found["coefficients"]]
    columns = {
        "term": np.array(names, object),
        "coefficient": np.array([each.value for each in coefficients]),
        "coefficient_error": np.array([each.standard_error for each in coefficients]),
        "coefficient_low": np.array([each.low for each in coefficients]),
        "coefficient_high": np.array([each.high for each in coefficients]),
        "coefficient_status": np.array([each.status for each in coefficients], object),
        "coefficient_interval": np.array([each.interval for each in coefficients], object),
    }
    with np.errstate(over="ignore"):  # an end too large for a number is infinite
        for end in ("", "_low", "_high"):
            columns[f"ratio{end}"] = np.exp(columns[f"coefficient{end}"])
    return Regression(
        columns,
        dict(zip(names, coefficients, strict=True)),
        found["covariance"],
        found["log_likelihood"],
        found["null_log_likelihood"],
        found["iterations"],
        Sample(*found["sample"]),
        found["status"],
        level,
    )


def logistic_regression(
    covariates: Values,
    outcomes: Values,
    *,
    weights: Values | None = None,
    offset: Values | None = None,
    level: float = 0.95,
) -> Regression:
    """Logistic regression; the first coefficient is the intercept.

    Parameters
    ----------
    covariates : column, mapping of columns, data frame or matrix
    weights : column, optional
        How many people a row stands for.
    offset : column, optional
        Added to the linear predictor.

    Notes
    -----
    Status "separated": the covariates tell the outcomes apart without error, and no finite estimate is most likely.
    In R ``glm(family = binomial)``, which then reports large numbers instead.
    """
    names, columns = columns_of(covariates, "covariates")
    found = _statistics.logistic_regression(
        columns, kinds(outcomes), optional(weights, "weights"), optional(offset, "offset"), level
    )
    return regression_of(["intercept", *names], found, level)


def cox_regression(
    covariates: Values,
    times: Values,
    events: Values,
    *,
    weights: Values | None = None,
    offset: Values | None = None,
    level: float = 0.95,
) -> Regression:
    """Cox regression with Efron's ties. In R ``survival::coxph``."""
    names, columns = columns_of(covariates, "covariates")
    found = _statistics.cox_regression(
        columns,
        numbers(times, "times"),
        kinds(events, "events"),
        optional(weights, "weights"),
        optional(offset, "offset"),
        level,
    )
    return regression_of(names, found, level)
