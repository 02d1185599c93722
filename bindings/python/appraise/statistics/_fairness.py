"""Fairness: whether an instrument works alike for groups of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appraise import _statistics
from appraise._core import UsageError
from appraise.statistics._inputs import Values, groups, kinds, named, numbers, optional
from appraise.statistics._results import Difference, Estimate, Result, TableResult, Test, rows_of


@dataclass(frozen=True, repr=False)
class FairnessDifferences(TableResult):
    """How each other group differs from the reference group: a row for each group and figure.

    Figures of the group less those of the reference group; ``expected_observed`` and ``same_score`` (the odds of the
    outcome at the same score) are the group's over the reference group's. ``groups`` holds them by group and figure.
    """

    columns: dict[str, NDArray[Any]]
    groups: dict[str, dict[str, Difference]]


@dataclass(frozen=True, repr=False)
class Fairness(TableResult):
    """Figures by group, how they differ from those of the reference group, and tests that all groups are alike.

    ``intercepts`` and ``slopes`` are Cleary's: the same score means another rate in another group; the score predicts
    more or less well in it. ``note`` says which criteria cannot all hold at once, in the words of these figures.
    """

    columns: dict[str, NDArray[Any]]
    reference: str | None
    differences: FairnessDifferences
    base_rate: Test
    auc: Test
    intercepts: Test
    slopes: Test
    expected_observed: Test
    calibration_intercept: Test
    calibration_slope: Test
    flagged: Test
    false_positive_rate: Test
    false_negative_rate: Test
    positive_predictive_value: Test
    negative_predictive_value: Test
    note: str
    left_out: int
    level: float


@dataclass(frozen=True, repr=False)
class _Group(Result):
    n: int
    events: int
    suppressed: bool
    base_rate: Estimate
    auc: Estimate
    slope: Estimate
    expected_observed: Estimate
    calibration_intercept: Estimate
    calibration_slope: Estimate
    flagged: Estimate
    false_positive_rate: Estimate
    false_negative_rate: Estimate
    positive_predictive_value: Estimate
    negative_predictive_value: Estimate
    implied_false_positive_rate: Estimate


@dataclass(frozen=True, repr=False)
class _Difference(Result):
    figure: str
    difference: Estimate
    p_value: float
    p_value_status: str


def _differences(names: list[str], found: list[dict[str, Any]]) -> FairnessDifferences:
    figures = {
        names[each["group"]]: {name: Difference.of(value) for name, value in each.items() if name != "group"}
        for each in found
    }
    rows: list[tuple[str, Result]] = [
        (group, _Difference(name, each.value, each.test.p_value, each.test.status))
        for group, differences in figures.items()
        for name, each in differences.items()
        if each.value.status != "no_data"  # what was not asked for has no row
    ]
    return FairnessDifferences(rows_of(rows), figures)


@dataclass(frozen=True, repr=False)
class FiguresByGroup(TableResult):
    """A figure of each group, its difference from that of the reference group, and the test that all are one.

    ``differences`` holds the differences with their tests.
    """

    columns: dict[str, NDArray[Any]]
    differences: dict[str, Difference]
    reference: str | None
    equal: Test
    left_out: int
    level: float


@dataclass(frozen=True, repr=False)
class _Figure(Result):
    n: int
    suppressed: bool
    figure: Estimate
    difference: Estimate
    p_value: float
    p_value_status: str


def _chosen(function: str, reference: object, names: list[str]) -> int | None:
    if reference is None:
        return None
    if str(reference) not in names:
        raise UsageError(f"{function}: reference: {str(reference)!r}; expected one of {', '.join(names)}")
    return names.index(str(reference))


@named()
def by_group(
    figure: Callable[[NDArray[np.uint32]], Estimate],
    by: Values,
    *,
    ratio: bool = False,
    reference: object = None,
    smallest: int = 10,
    level: float = 0.95,
) -> FiguresByGroup:
    """Any figure by group, and whether the groups differ in it.

    Parameters
    ----------
    figure : function of an array of row numbers
        The estimate of those rows.
    by : column
        The group of each row.
    ratio : bool
        For E/O, odds and hazard ratios, whose standard errors are of their logarithms: differences are ratios.
    reference : label, optional
        The group that the others are compared with; else the largest.
    smallest : int
        Groups of fewer rows are suppressed, with their counts.

    Notes
    -----
    Differences have Wald's interval and test; ``equal`` is Cochran's Q. `fairness` has exact ones for its own figures.

    Examples
    --------
    >>> from appraise.statistics import cohens_d
    >>> scores, outcomes = np.arange(40) % 7, np.arange(40) % 3 == 0
    >>> by_group(lambda rows: cohens_d(scores[rows], outcomes[rows]).value, ["A", "B"] * 20).equal.degrees_of_freedom
    1.0
    """
    names, codes = groups(by, len(by))
    chosen = _chosen("by_group", reference, names)
    found = _statistics.by_group(codes, figure, ratio, chosen, smallest, level)
    rows: list[tuple[str, Result]] = []
    differences = {}
    for code, suppressed, n, value, difference in found["groups"]:
        apart = Difference.of(difference)
        differences[names[code]] = apart
        row = _Figure(n, suppressed, Estimate(*value), apart.value, apart.test.p_value, apart.test.status)
        rows.append((names[code], row))
    used = found["reference"]
    return FiguresByGroup(
        rows_of(rows),
        differences,
        None if used is None else names[used],
        Test(*found["equal"]),
        found["left_out"],
        level,
    )


@named()
def fairness(
    scores: Values,
    outcomes: Values,
    by: Values,
    *,
    predicted: Values | None = None,
    cut: float | None = None,
    reference: object = None,
    smallest: int = 10,
    level: float = 0.95,
) -> Fairness:
    """Discrimination, calibration, error rates and differential prediction by group, with tests of their differences.

    Parameters
    ----------
    by : column
        The group of each person.
    predicted : column of proportions, optional
        Rates of the norms, for E/O and calibration within groups.
    cut : float, optional
        For error rates: flagged is a score at or above it.
    reference : label, optional
        The group that the others are compared with; else the largest.
    smallest : int
        Groups and denominators of fewer people are suppressed, with their counts.

    Notes
    -----
    Differences of shares have Newcombe's interval and Pearson's chi-square, AUCs DeLong's variances, E/O the exact
    test of two Poisson counts, coefficients Wald's interval. Nothing is corrected for the number of tests.
    """
    s = numbers(scores, "scores")
    names, codes = groups(by, len(s))
    chosen = _chosen("fairness", reference, names)
    found = _statistics.fairness(
        s, kinds(outcomes), codes, optional(predicted, "predicted"), cut, chosen, smallest, level
    )
    rows: list[tuple[str, Result]] = []
    for group in found["groups"]:
        n, events, _ = group["sample"]
        figures = {each.name: Estimate(*group[each.name]) for each in fields(_Group) if each.type == "Estimate"}
        rows.append((names[group["group"]], _Group(n, events, group["suppressed"], **figures)))
    used = found["reference"]
    return Fairness(
        rows_of(rows),
        None if used is None else names[used],
        _differences(names, found["differences"]),
        **{name: Test(*value) for name, value in found["tests"].items()},
        note=found["note"],
        left_out=found["left_out"],
        level=level,
    )
