"""Calibration: whether as many people reoffended as the rates said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, groups, kinds, named, numbers, optional
from appraise.statistics._results import (
    Difference,
    Estimate,
    Result,
    Sample,
    TableResult,
    Test,
    rows_of,
    with_estimates,
)


@dataclass(frozen=True, repr=False)
class ExpectedObserved(Result):
    """The E/O index: expected over observed. Below 1, more people reoffended than the rates said.

    ``ratio`` has the exact Poisson interval, ``by_logarithm`` that of Hanson's primer.
    """

    expected: float
    observed: float
    ratio: Estimate
    by_logarithm: Estimate
    sample: Sample


@dataclass(frozen=True, repr=False)
class ExpectedObservedTable(TableResult):
    """The E/O index in total and of each group, and the test that the groups have one.

    Where a group is suppressed the total is of those shown: else it could be worked out. ``horizon`` is that of people
    followed for different times.
    """

    columns: dict[str, NDArray[Any]]
    total: ExpectedObserved
    equal: Test
    horizon: float | None
    level: float


@dataclass(frozen=True, repr=False)
class CalibrationLine(Result):
    """Calibration in the large (0 is right), slope (1 is right) and the test of both together."""

    intercept: Estimate
    slope: Estimate
    test: Test
    sample: Sample


@dataclass(frozen=True, repr=False)
class CalibrationCurve(TableResult):
    """What was observed, smoothed over what was predicted, and how far the two lie apart."""

    columns: dict[str, NDArray[Any]]
    ici: float
    e50: float
    e90: float
    emax: float
    sample: Sample
    status: str


@dataclass(frozen=True, repr=False)
class Brier(Result):
    """Mean squared distance of rate and outcome; ``scaled`` is 1 for perfect, 0 for the base rate."""

    score: Estimate
    scaled: Estimate
    sample: Sample


@dataclass(frozen=True, repr=False)
class HosmerLemeshow(TableResult):
    """Hosmer and Lemeshow's groups and test, with its warning."""

    columns: dict[str, NDArray[Any]]
    test: Test
    warning: str
    sample: Sample


def _index(found: dict[str, Any]) -> ExpectedObserved:
    return ExpectedObserved(
        found["expected"],
        found["observed"],
        Estimate(*found["ratio"]),
        Estimate(*found["by_logarithm"]),
        Sample(*found["sample"]),
    )


@named()
def expected_observed_counts(expected: float, observed: float, *, level: float = 0.95) -> ExpectedObserved:
    """The E/O index from its two numbers.

    Examples
    --------
    >>> expected_observed_counts(30, 20).ratio.value
    1.5
    """
    return _index(_statistics.expected_observed_counts(expected, observed, level))


@named(events="outcomes")
def expected_observed(
    predicted: Values,
    outcomes: Values,
    *,
    times: Values | None = None,
    horizon: float | None = None,
    shares: Values | None = None,
    by: Values | None = None,
    smallest: int = 1,
    level: float = 0.95,
) -> ExpectedObserved | ExpectedObservedTable:
    """The E/O index with its exact Poisson interval.

    Parameters
    ----------
    predicted : column of proportions
        The rate that the norms give each person, for the horizon.
    outcomes : column of 0, 1
        With ``times``: 0 followed without, 1 event, 2 competing event.
    times, horizon : optional
        For people followed for different times: each is expected to have had as many events as their own follow-up
        holds, so that everybody counts.
    shares : column, optional
        Share of the horizon's cumulative hazard that each person's follow-up covers. Without it the hazard is taken
        as constant over the horizon.
    by : column, optional
        Groups, such as levels or scores: a table with the total, each group, and the test that they have one E/O.
    smallest : int
        Groups of fewer people are suppressed, with their counts; 1 suppresses nothing.

    Returns
    -------
    ExpectedObserved or, with `by`, ExpectedObservedTable

    Notes
    -----
    Hanson (2017), doi 10.1177/0093854816683956. Nobody observed: the ratio has status "no_events", its lower end
    stands and its upper end is infinite.
    """
    p = numbers(predicted, "predicted")
    y = kinds(outcomes, "outcomes", 1 if times is None else 2)
    if (times is None) != (horizon is None):
        alone = "times" if horizon is None else "horizon"
        other = "horizon" if horizon is None else "times"
        raise UsageError(f"expected_observed: {other}: none beside {alone}; expected both or neither")
    t, s = optional(times, "times"), optional(shares, "shares")
    if by is None:
        if horizon is None:
            return _index(_statistics.expected_observed(p, y, level))
        return _index(_statistics.expected_observed_followed(p, t, y, horizon, s, level))
    names, codes = groups(by, len(p))
    group = np.where(codes < 0, np.nan, codes)
    found = _statistics.expected_observed_by(group, p, y, t, np.nan if horizon is None else horizon, s, smallest, level)
    nobody = _index(_statistics.expected_observed(np.empty(0), np.empty(0, np.uint8), level))
    rows = dict.fromkeys(names, nobody)  # a level that nobody has keeps its place
    for code, _, index in found["groups"]:
        rows[names[int(code)]] = _index(index)
    total = _index(found["total"])
    return ExpectedObservedTable(rows_of(list(rows.items())), total, Test(*found["equal"]), horizon, level)


def expected_observed_ratio(first: ExpectedObserved, second: ExpectedObserved, *, level: float = 0.95) -> Difference:
    """The first E/O index over the second, of other people: exact interval and test.

    In R ``poisson.test`` of two counts, whose ratio is the inverse.

    Examples
    --------
    >>> expected_observed_ratio(expected_observed_counts(30, 20), expected_observed_counts(30, 30)).value.value
    1.5
    """
    return Difference.of(
        _statistics.expected_observed_ratio(first.expected, first.observed, second.expected, second.observed, level)
    )


@named()
def expected_observed_at(
    predicted: Values, times: Values, events: Values, horizon: float, *, level: float = 0.95
) -> ExpectedObserved:
    """The E/O index at a horizon: the sum of the rates over n times the cumulative incidence there.

    The incidence is Kaplan-Meier's, or with competing events (2) Aalen-Johansen's.
    """
    return _index(
        _statistics.expected_observed_at(
            numbers(predicted, "predicted"), numbers(times, "times"), kinds(events, "events", 2), horizon, level
        )
    )


@named()
def calibration_line(predicted: Values, outcomes: Values, *, level: float = 0.95) -> CalibrationLine:
    """Calibration intercept and slope. Rates of exactly 0 or 1 are refused: one person would refute them."""
    found = _statistics.calibration_line(numbers(predicted, "predicted"), kinds(outcomes), level)
    return CalibrationLine(
        Estimate(*found["intercept"]), Estimate(*found["slope"]), Test(*found["test"]), Sample(*found["sample"])
    )


@named()
def calibration_slope_followed(predicted: Values, times: Values, events: Values, *, level: float = 0.95) -> Estimate:
    """Calibration slope for people followed for different times, by Cox regression on log(-log(1 - rate))."""
    return Estimate(
        *_statistics.calibration_slope_followed(
            numbers(predicted, "predicted"), numbers(times, "times"), kinds(events, "events"), level
        )
    )


def calibration_curve(predicted: Values, outcomes: Values, *, span: float = 0.75) -> CalibrationCurve:
    """Flexible calibration curve (loess) with ICI, E50, E90 and Emax.

    In R ``loess(outcome ~ predicted, control = loess.control(surface = "direct"))``; Austin & Steyerberg (2019).
    """
    found = _statistics.calibration_curve(numbers(predicted, "predicted"), kinds(outcomes), span)
    return CalibrationCurve(
        with_estimates(found),
        found["ici"],
        found["e50"],
        found["e90"],
        found["emax"],
        Sample(*found["sample"]),
        found["status"],
    )


def brier(predicted: Values, outcomes: Values, *, level: float = 0.95) -> Brier:
    """Brier score and scaled Brier score (IPA)."""
    found = _statistics.brier(numbers(predicted, "predicted"), kinds(outcomes), level)
    return Brier(Estimate(*found["score"]), Estimate(*found["scaled"]), Sample(*found["sample"]))


def hosmer_lemeshow(predicted: Values, outcomes: Values, *, groups: int = 10, fitted: bool = False) -> HosmerLemeshow:
    """Hosmer and Lemeshow's test, which says little in small samples and too much in large ones.

    ``fitted``: the rates were fitted to these very people (two degrees of freedom fewer).
    """
    found = _statistics.hosmer_lemeshow(numbers(predicted, "predicted"), kinds(outcomes), groups, fitted)
    return HosmerLemeshow(with_estimates(found), Test(*found["test"]), found["warning"], Sample(*found["sample"]))
